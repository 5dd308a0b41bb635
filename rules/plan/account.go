package plan

import (
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// common is the denominator that the figures of days share, see [mean.Ratio.Common].
var common = mean.Whole(0).Common().Count

// perDivisor is what a unit of the ninth decimal of a cell of each divisor counts over the common denominator.
var perDivisor = func() (factors [26]uint64) {
	for divisor := uint64(1); divisor < uint64(len(factors)); divisor++ {
		factors[divisor] = common / divisor
	}
	return factors
}()

// figure is a valid figure of a day or month, over the common denominator.
type figure struct {
	mean.Sum
	known bool
}

func figureOf(c sheet.Cell) figure {
	if c.Empty() || !c.Valid {
		return figure{}
	}
	return figure{mean.SumOf(int64(c.Number)).Times(perDivisor[c.Divisor]), true}
}

// commonOf returns a number over the common denominator.
func commonOf(number reading.Fixed) mean.Sum { return mean.SumOf(int64(number)).Times(common) }

// account is what has been counted of a span.
type account struct {
	count  int
	sum    mean.Sum
	sorted []mean.Sum // ascending; empty where the metric is the mean
}

// statistic is what is made of the figures of an account.
type statistic struct {
	metric     Metric // Mean, Maximum, Minimum or Percentile
	percentile int
}

// ranks says whether the statistic asks for the order of the figures.
func (s statistic) ranks() bool { return s.metric != Mean }

func (a *account) add(sum mean.Sum, ranked bool) {
	a.count++
	a.sum = a.sum.Add(sum)
	if ranked {
		a.sorted = slices.Insert(a.sorted, a.rank(sum), sum)
	}
}

func (a *account) remove(sum mean.Sum, ranked bool) {
	a.count--
	a.sum = a.sum.Sub(sum)
	if ranked {
		at := a.rank(sum)
		a.sorted = slices.Delete(a.sorted, at, at+1)
	}
}

func (a *account) rank(sum mean.Sum) int {
	at, _ := slices.BinarySearchFunc(a.sorted, sum, mean.Sum.Compare)
	return at
}

// run is a number of equal figures that come to those of an account.
type run struct {
	sum   mean.Sum
	times int
}

// with returns the statistic of the account's figures and some more, of which low does not lie above nor high below any
// other. A negative number of them takes so many off that end.
func (a *account) with(s statistic, low, high run) mean.Ratio {
	switch n := a.count + low.times + high.times; {
	case n <= 0:
		return mean.Ratio{}
	case s.metric == Mean:
		sum := a.sum.Add(low.sum.Times(uint64(low.times))).Add(high.sum.Times(uint64(high.times)))
		return mean.Ratio{Sum: sum, Count: common * uint64(n)}
	case s.metric == Maximum:
		return a.extreme(low, high, 1)
	case s.metric == Minimum:
		return a.extreme(low, high, -1)
	default:
		// HJ 663, annex A: linear between the neighbours of rank 1+(n-1)·p/100, as in [average.Span.Percentile].
		rank := (n - 1) * s.percentile
		lower := rank / 100
		upper := min(lower+1, n-1)
		return a.ranked(lower, low, high).Between(a.ranked(upper, low, high), uint64(rank%100), 100)
	}
}

// ranked returns the figure that has a place in the order, from 0.
func (a *account) ranked(place int, low, high run) mean.Ratio {
	sum := high.sum
	if place < low.times {
		sum = low.sum
	} else if at := place - low.times; at < len(a.sorted) {
		sum = a.sorted[at]
	}
	return mean.Ratio{Sum: sum, Count: common}
}

// extreme returns the largest (sign 1) or smallest (-1) figure.
func (a *account) extreme(low, high run, sign int) mean.Ratio {
	var most mean.Sum
	known := false
	take := func(sum mean.Sum) {
		if !known || sum.Compare(most)*sign > 0 {
			most, known = sum, true
		}
	}
	if n := len(a.sorted); n > 0 {
		take(a.sorted[0])
		take(a.sorted[n-1])
	}
	for _, r := range [...]run{low, high} {
		if r.times > 0 {
			take(r.sum)
		}
	}
	return mean.Ratio{Sum: most, Count: common}
}
