package plan

import (
	"math/big"
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// projection is what a figure comes to at the end of its span, by several ways of reckoning the remaining days.
type projection struct {
	ways       []mean.Ratio // as the year so far; as last year's same days; as those, as far as this year differs from last
	byLastYear bool         // there is more than the first
}

// fill takes for the projection the remaining days as they were last year, and the other ways for its bounds. From ends of
// months of Beijing's 2016 that came closer to the year than the last way in 7 of 8 trials: with PM2.5 it was off by 1.7
// instead of 8.2 ug/m3, with good days by 2.0 instead of 9.8 points.
func (p projection) fill(s *Standing) {
	if len(p.ways) == 0 {
		return
	}
	s.Projection, s.ByLastYear = p.ways[min(1, len(p.ways)-1)], p.byLastYear
	compare := func(a, b mean.Ratio) int { return a.Common().Sum.Compare(b.Common().Sum) }
	s.ProjectionLow, s.ProjectionHigh = slices.MinFunc(p.ways, compare), slices.MaxFunc(p.ways, compare)
}

// project implements series.
func (v *values) project() projection {
	voters := v.counting(v.complete)
	p := projection{ways: []mean.Ratio{v.over(voters, v.soFar)}}
	if !slices.ContainsFunc(voters, v.compares) {
		return p
	}
	p.byLastYear = true
	for _, scaled := range [...]bool{false, true} {
		p.ways = append(p.ways, v.over(voters, func(o *voter) mean.Ratio { return v.asLastYear(o, scaled) }))
	}
	return p
}

// compares says whether enough is known of the same days of last year, and of those that then remained.
func (v *values) compares(o *voter) bool {
	_, left := o.elapsed()
	if o.past == nil || left == 0 {
		return false
	}
	so, remaining := o.past.elapsed()
	share := v.need.share
	return share.Of(o.past.upTo.count, so) && share.Of(o.past.rest.count, remaining)
}

// asLastYear returns the figure at the end if the remaining days are as last year's, scaled to this year or not; a station
// of which too little is known goes on as it did so far.
func (v *values) asLastYear(o *voter, scaled bool) mean.Ratio {
	if !v.compares(o) {
		return v.soFar(o)
	}
	change := changeOf(v.soFar(o), o.past.upTo.with(v.statistic, run{}, run{}), v.low)
	if !scaled {
		change = sameAs
	}
	if v.metric == Percentile {
		merged := merge(o.upTo.sorted, o.past.rest.sorted, change)
		return merged.with(v.statistic, run{}, run{})
	}
	_, left := o.elapsed()
	then := o.past.rest.with(v.statistic, run{}, run{}).Fixed()
	return o.upTo.with(v.statistic, run{commonOf(change(then)), left}, run{})
}

// merge returns the account of figures and of those of last year as they are carried over, which leaves their order as it is.
func merge(now, past []mean.Sum, change func(reading.Fixed) reading.Fixed) account {
	merged := account{count: len(now) + len(past), sorted: make([]mean.Sum, 0, len(now)+len(past))}
	for _, sum := range past {
		then := commonOf(change(mean.Ratio{Sum: sum, Count: common}.Fixed()))
		for len(now) > 0 && now[0].Compare(then) < 0 {
			merged.sorted, now = append(merged.sorted, now[0]), now[1:]
		}
		merged.sorted = append(merged.sorted, then)
	}
	merged.sorted = append(merged.sorted, now...)
	return merged
}

func sameAs(last reading.Fixed) reading.Fixed { return last }

// changeOf returns how figures of last year are carried over to this one: in the ratio of the two years so far, where both
// are above 0; what may be negative, such as a temperature, by their difference.
func changeOf(now, past mean.Ratio, low reading.Fixed) func(reading.Fixed) reading.Fixed {
	this, last := now.Fixed(), past.Fixed()
	switch {
	case low < 0:
		return func(then reading.Fixed) reading.Fixed { return then + this - last }
	case this <= 0 || last <= 0:
		return sameAs
	default:
		return func(then reading.Fixed) reading.Fixed { return scale(then, this, last) }
	}
}

// scale returns number·part/whole, cut to the ninth decimal and to what a Fixed holds.
func scale(number, part, whole reading.Fixed) reading.Fixed {
	product := new(big.Int).Mul(big.NewInt(int64(number)), big.NewInt(int64(part)))
	product.Quo(product, big.NewInt(int64(whole)))
	if !product.IsInt64() || product.Int64() > int64(unbounded) {
		return unbounded
	}
	return reading.Fixed(product.Int64())
}
