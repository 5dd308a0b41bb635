package figure

import "egret/rules/noise"

// Noise is what is said of a noise point for a day and the night after it. Its levels stand in the database as the
// averages ld, ln and ldn.
type Noise struct {
	Station string
	Start   int64 // midnight at which the day begins, Unix nanoseconds
	*noise.Assessment
}
