package window

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Slide calls f with the window of that length at the instants from, from+step … up to through, over readings in the
// order of their ends. Empty windows are called too.
func Slide(law reading.Law, readings []Reading, length, from, through, step int64, f func(at int64, total *mean.Total)) {
	total := mean.Total{Law: law}
	first, next := 0, 0
	for at := from; at <= through; at += step {
		for ; next < len(readings) && readings[next].End <= at; next++ {
			total.Add(readings[next].Number)
		}
		for ; first < next && readings[first].End <= at-length; first++ {
			total.Remove(readings[first].Number)
		}
		f(at, &total)
	}
}
