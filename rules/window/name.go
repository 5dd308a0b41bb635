package window

import (
	"strconv"
	"time"
)

// Name writes a length of time as people and tags do: 5m, 1h, 24h, 90m; what is no whole minute in seconds.
func Name(length time.Duration) string {
	switch {
	case length > 0 && length%time.Hour == 0:
		return strconv.FormatInt(int64(length/time.Hour), 10) + "h"
	case length > 0 && length%time.Minute == 0:
		return strconv.FormatInt(int64(length/time.Minute), 10) + "m"
	default:
		return strconv.FormatFloat(length.Seconds(), 'f', -1, 64) + "s"
	}
}
