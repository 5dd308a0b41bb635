package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	"egret/ingest/reading"
)

const (
	cursorKey     = 'r'
	cursorVersion = 1
)

// counters lists the counts in the order in which the cursor keeps them.
func (c *Counts) counters() []*uint64 {
	return []*uint64{&c.Entries, &c.Messages, &c.Values, &c.Duplicates, &c.Corrected, &c.Late, &c.BeyondHorizon, &c.Unusable, &c.Unreadable}
}

// appendCursor appends the position, the format's version, the clock, since when it was heard, and the counts.
func (e *Engine) appendCursor(to []byte) []byte {
	to = e.position.Append(to)
	to = append(to, cursorVersion)
	to = binary.BigEndian.AppendUint64(to, uint64(e.clock))
	to = binary.BigEndian.AppendUint64(to, uint64(e.heard))
	for _, c := range e.counts.counters() {
		to = binary.BigEndian.AppendUint64(to, *c)
	}
	return to
}

func (e *Engine) parseCursor(value []byte) error {
	position, rest, err := reading.ParsePosition(value)
	if err != nil {
		return err
	}
	counters := e.counts.counters()
	if len(rest) == 0 || rest[0] != cursorVersion {
		return fmt.Errorf("its version is not %d: it was written by another release of Egret", cursorVersion)
	}
	if rest = rest[1:]; len(rest) != 8*(2+len(counters)) {
		return errors.New("it has the wrong length")
	}
	e.position, e.clock, e.heard = position, int64(binary.BigEndian.Uint64(rest)), int64(binary.BigEndian.Uint64(rest[8:]))
	for i, c := range counters {
		*c = binary.BigEndian.Uint64(rest[8*(i+2):])
	}
	return nil
}
