package journal

import (
	"fmt"
	"time"

	"egret/ingest/reading"
)

// DamagedError says that the journal is not what was acknowledged, and what is lost by it.
type DamagedError struct {
	Directory string
	Good      reading.Position // the last entry that is as it was written
	Lost      reading.Position // the last entry known to have been acknowledged
	Reason    string
}

// Error tells what is lost and what to do.
func (e *DamagedError) Error() string {
	lost := "nothing that is known of is lost"
	if e.Lost.Sequence > e.Good.Sequence {
		lost = fmt.Sprintf("records %d to %d cannot be trusted: %d messages with %d values, received %s to %s",
			e.Good.Sequence+1, e.Lost.Sequence, e.Lost.Messages-e.Good.Messages, e.Lost.Values-e.Good.Values,
			clock(e.Good.Received), clock(e.Lost.Received))
	}
	return fmt.Sprintf(`the journal in %s is damaged: %s.
Lost: %s.
Nothing was changed. What to do: restore %s from a backup and start again; or keep a copy of it, move it away and start with an empty journal (what InfluxDB already holds stays there) and have the stations send that time again.`,
		e.Directory, e.Reason, lost, e.Directory)
}

func clock(instant int64) string {
	if instant == 0 {
		return "the beginning"
	}
	return time.Unix(0, instant).UTC().Format(time.RFC3339)
}
