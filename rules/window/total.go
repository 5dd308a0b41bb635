package window

import (
	"cmp"

	"egret/ingest/reading"
)

// Total is the running sum of the readings in a window, by the parameter's law of averaging.
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

func (t *Total) add(number reading.Fixed) {
	t.sum = t.sum.Add(t.term(number))
	t.Count++
}

func (t *Total) remove(number reading.Fixed) {
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
		return t.sum.quotient(t.Count)
	}
}

// Compare returns -1, 0 or 1 as the mean lies below, on or above the limit. The arithmetic mean is not rounded for it;
// an energy mean is compared as Mean returns it.
func (t *Total) Compare(limit reading.Fixed) int {
	if t.Law == reading.Energy {
		return cmp.Compare(t.Mean(), limit)
	}
	return t.sum.Compare(product(limit, t.Count))
}

// Expected returns how many readings a full window holds: at least one.
func Expected(length, interval int64) int { return max(1, int(length/interval)) }

// Coverage returns the share of expected readings that are there, 1 at most.
func Coverage(count, expected int) float64 { return min(1, float64(count)/float64(expected)) }
