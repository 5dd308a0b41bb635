package water

import (
	"cmp"
	"math/bits"
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Pollutant is an indicator that is worse than a class (超标指标).
type Pollutant struct {
	Parameter string
	Class     Class
	// Exceeds is by how many times the limit the value lies beyond it, (C-S)/S, rounded half-even to one decimal.
	Exceeds     reading.Fixed
	HasMultiple bool // pH and dissolved oxygen have none

	item         *Item
	value, limit reading.Fixed // of what has a multiple
}

// mainPollutants is how many main pollutants a section or a river has at most.
const mainPollutants = 3

// MainPollutantSource is the source of the order of main pollutants; the form "name(multiple)" is seen in bulletins.
var MainPollutantSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "main pollution indicators", Certainty: standard.Remembered}

// addBeyond adds the item to the list if its class is worse than base.
func (item *Item) addBeyond(list []Pollutant, base, class Class, value reading.Fixed) []Pollutant {
	if base == Unknown || class <= base {
		return list
	}
	p := Pollutant{Parameter: item.Key, Class: class, item: item}
	if item.Bound == AtMost {
		p.HasMultiple = true
		p.value, p.limit = value, item.Limits[base-ClassI]
		p.Exceeds = multiple(p.value, p.limit).Round(1, reading.HalfEven)
	}
	return append(list, p)
}

const beyondMeasure = 9e9 * reading.FixedOne

// multiple returns (value-limit)/limit of a value above the limit.
func multiple(value, limit reading.Fixed) mean.Ratio {
	excess := nano(int64(value - limit))
	if excess.High >= int64(limit)/2 { // the quotient would not fit: no water has that
		return mean.Whole(beyondMeasure)
	}
	return mean.Ratio{Sum: excess, Count: uint64(limit)}
}

// nano returns number·1e9: the sum of a [mean.Ratio] whose numerator is a whole number.
func nano(number int64) mean.Sum {
	high, low := bits.Mul64(uint64(max(number, -number)), uint64(reading.FixedOne))
	sum := mean.Sum{High: int64(high), Low: low}
	if number < 0 {
		return mean.Sum{}.Sub(sum)
	}
	return sum
}

// sortPollutants puts cyanide and heavy metals first, then the worst class, then the largest exact multiple; what has
// no multiple comes after what has one (this project's choice), and the order of table 1 decides the rest.
func sortPollutants(list []Pollutant) { slices.SortFunc(list, comparePollutants) }

func comparePollutants(a, b Pollutant) int {
	if a.item.First != b.item.First {
		return trueFirst(a.item.First)
	}
	if a.Class != b.Class {
		return cmp.Compare(b.Class, a.Class)
	}
	if a.HasMultiple != b.HasMultiple {
		return trueFirst(a.HasMultiple)
	}
	highA, lowA := bits.Mul64(uint64(a.value), uint64(b.limit)) // a/limitA against b/limitB, without dividing
	highB, lowB := bits.Mul64(uint64(b.value), uint64(a.limit))
	return cmp.Or(cmp.Compare(highB, highA), cmp.Compare(lowB, lowA), cmp.Compare(a.item.order, b.item.order))
}

func trueFirst(a bool) int {
	if a {
		return -1
	}
	return 1
}
