// Package noise judges sound levels: the day, night and day-night levels of a point in its functional zone, the share
// of points that comply, the grades of a city's survey, and what sites and works may emit. All levels are A-weighted
// decibels, dB(A). A level that is compared with a limit or a grade is rounded half-even to 0.1 dB first, as the grade
// tables of HJ 640-2012 have it.
package noise

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Level is a sound level in dB(A). Without Valid nothing is known, whatever Value holds.
type Level struct {
	Value reading.Fixed
	Valid bool
}

// Known returns a level that is valid.
func Known(value reading.Fixed) Level { return Level{value, true} }

// Places is to how many decimals a level is rounded before it is compared.
const Places = 1

// Rounded returns the level as it is compared: to 0.1 dB, half-even.
func Rounded(level reading.Fixed) reading.Fixed { return level.Round(Places, reading.HalfEven) }

// Mean returns the energy mean of the valid levels, rounded half-even to the ninth decimal, and how many there are.
func Mean(levels []Level) (level reading.Fixed, count int) {
	total := mean.Total{Law: reading.Energy}
	for _, l := range levels {
		if l.Valid {
			total.Add(l.Value)
		}
	}
	return total.Mean(), total.Count
}
