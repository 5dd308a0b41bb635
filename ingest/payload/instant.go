package payload

import (
	"errors"
	"time"
)

// instantsEnd is the end of the year 2200 in Unix nanoseconds, which overflow not long after it. Times begin with 1970.
const instantsEnd = 7_289_654_400 * int64(time.Second)

var errTimeRange = errors.New("lies outside 1970 to 2200")

// instantOf returns a time in Unix nanoseconds.
func instantOf(t time.Time) (int64, error) {
	if second := t.Unix(); second < 0 || second >= instantsEnd/int64(time.Second) {
		return 0, errTimeRange
	}
	return t.UnixNano(), nil
}

// The numbers from which a time since 1970 counts in finer units than seconds: in the coarser one it would lie beyond the
// year 5000.
const (
	millisecondsFrom = 1e11
	microsecondsFrom = millisecondsFrom * 1000
	nanosecondsFrom  = microsecondsFrom * 1000
)
