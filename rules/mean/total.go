// Package mean holds sums that are exact, and the means made of them: what a mean is compared with, and how it is
// rounded, is decided on the exact fraction.
package mean

import (
	"cmp"

	"egret/ingest/reading"
)

// Total is a running sum of numbers, by the parameter's law of averaging.
type Total struct {
	Law   reading.Law
	Count int
	sum   Sum
}

func (t *Total) term(number reading.Fixed) Sum {
	if t.Law == reading.Energy {
		return energyOf(number)
	}
	return SumOf(int64(number))
}

// Add adds a number.
func (t *Total) Add(number reading.Fixed) {
	t.sum = t.sum.Add(t.term(number))
	t.Count++
}

// Remove takes a number out that was added before.
func (t *Total) Remove(number reading.Fixed) {
	t.sum = t.sum.Sub(t.term(number))
	t.Count--
}

// Mean returns the mean, rounded half-even to the ninth decimal; 0 without readings.
func (t *Total) Mean() reading.Fixed {
	switch {
	case t.Count == 0:
		return 0
	case t.Law == reading.Energy:
		return levelOf(t.sum, t.Count)
	default:
		return t.Ratio().Fixed()
	}
}

// Compare returns -1, 0 or 1 as the mean lies below, on or above the limit. The arithmetic mean is not rounded for it;
// an energy mean is compared as Mean returns it.
func (t *Total) Compare(limit reading.Fixed) int {
	if t.Law == reading.Energy {
		return cmp.Compare(t.Mean(), limit)
	}
	return t.Ratio().Compare(limit)
}

// Ratio returns the exact mean where the law is [reading.Arithmetic]; an energy mean is that of Mean.
func (t *Total) Ratio() Ratio {
	if t.Law == reading.Energy && t.Count > 0 {
		return Whole(t.Mean())
	}
	return Ratio{Sum: t.sum, Count: uint64(t.Count)}
}
