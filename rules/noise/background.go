package noise

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// Difference says how the difference of a measured level and its background becomes the whole number that the table of
// corrections asks for.
type Difference struct {
	Rounding reading.Rounding
	Source   standard.Source
}

// The two ways: GB 12523 rounds (修约), GB 12348 takes the integer (取整).
var (
	RoundedDifference = Difference{reading.HalfEven, standard.Source{Standard: "GB 12523-2011", Clause: "5.7.2, table 2"}}
	IntegerDifference = Difference{reading.Truncate, standard.Source{Standard: "GB 12348-2008", Clause: "5.7.2, table 4"}}
)

// corrections is the table of both standards: what is taken off a measured level, by the whole difference up to Most.
var corrections = [...]struct{ Most, Off reading.Fixed }{
	{3 * dB, 3 * dB},
	{5 * dB, 2 * dB},
	{10 * dB, 1 * dB},
}

// leastDifference is how far below a measured level its background must lie.
const leastDifference = 3 * dB

// Correct takes the background out of a measured level, both in dB(A). More than 10 dB above its background a level
// stays as it is. Less than 3 dB above, by the difference before it is made whole, the result is not valid: lower the
// background and measure again.
func (d Difference) Correct(measured, background reading.Fixed) Level {
	difference := measured - background
	if difference < leastDifference {
		return Level{}
	}
	if difference > corrections[len(corrections)-1].Most {
		return Known(measured)
	}
	whole := difference.Round(0, d.Rounding)
	i := 0
	for whole > corrections[i].Most {
		i++
	}
	return Known(measured - corrections[i].Off)
}
