package plan

import (
	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
)

// values is the series of a parameter's figures of days: their mean, extreme or percentile.
type values struct {
	statistic
	need      completeness
	low, high reading.Fixed // that a day may have
	all       []*voter
	voters    []*voter // those that are known to measure the parameter
	complete  []*voter // those that have enough days so far, or at the end
	ending    []*voter // those that may have enough when the span is over
}

// voter is an area or a station with a figure of its own.
type voter struct {
	*track        // of the span
	past   *track // of last year's, nil where nothing is known of it
}

func newValues(t *Target, members *Members, averages Averages, span calendar.Span, last calendar.Day) *values {
	v := &values{statistic: statistic{t.Metric, t.Percentile}}
	parameter := parameterOf(t, members)
	if t.Metric == Mean && parameter.Law != reading.Arithmetic {
		return v // the mean of levels or directions of days says nothing
	}
	v.need = completenessOf(parameter)
	v.low, v.high = plausible(t.Parameter)
	now, past := frameOf(span), frameOf(lastYears(span))
	row, read := t.Parameter, readTrack
	if course := average.CourseOf(parameter); course != nil {
		if course.DayKey != "" {
			row = course.DayKey
		}
		if course.Year.Months {
			read = readMonths
		}
	}
	all := t.sources(members, parameter)
	for _, sources := range all {
		o := &voter{track: read(averages, sources, row, now, last), past: read(averages, sources, row, past, past.Last)}
		o.begin(v.ranks(), false)
		if o.past.any {
			o.past.begin(v.ranks(), true)
		} else {
			o.past = nil
		}
		v.all = append(v.all, o)
	}
	return v
}

// parameterOf returns the target's parameter. Of one that is declared in a configuration it is known only that its
// members measure it.
func parameterOf(t *Target, members *Members) *reading.Parameter {
	if p := builtin[t.Parameter]; p != nil {
		return p
	}
	p := &reading.Parameter{Key: t.Parameter}
	if len(members.Stations) > 0 {
		p.Domain = members.Stations[0].Domain
	}
	return p
}

// sources returns whose days make one figure: those of the area; of its stations together where there is no area; or
// those of each station.
func (t *Target) sources(members *Members, parameter *reading.Parameter) [][]string {
	if t.Weight == ByCity && members.Area != "" {
		return [][]string{{members.Area}}
	}
	var ids []string
	for _, s := range members.Stations {
		if s.Domain == parameter.Domain {
			ids = append(ids, s.ID)
		}
	}
	if t.Weight == ByCity {
		return [][]string{ids}
	}
	each := make([][]string, len(ids))
	for i := range ids {
		each[i] = ids[i : i+1]
	}
	return each
}

// through implements series.
func (v *values) through(day calendar.Day) {
	v.voters, v.complete, v.ending = v.voters[:0], v.complete[:0], v.ending[:0]
	for _, o := range v.all {
		o.through(o.index(day))
		if o.past != nil {
			o.past.through(o.past.index(yearBefore(day)))
		}
		if len(v.all) == 1 || o.upTo.count > 0 || o.past != nil {
			v.voters = append(v.voters, o)
		}
	}
	for _, o := range v.voters {
		if v.enough(o) {
			v.complete = append(v.complete, o)
		}
		if v.mayBeEnough(o) {
			v.ending = append(v.ending, o)
		}
	}
}

func (v *values) enough(o *voter) bool {
	so, remaining := o.elapsed()
	if remaining > 0 || o.next < o.Days() {
		return v.need.soFar(o.upTo.count, so)
	}
	return v.need.atEnd(o.frame, o.upTo.count, so, &o.inMonth)
}

func (v *values) mayBeEnough(o *voter) bool {
	if len(v.voters) == 1 {
		return true // it is all there is
	}
	so, remaining := o.elapsed()
	months := o.inMonth
	if !o.monthly {
		for i := o.next; i < o.Days(); i++ {
			months[o.month(i)]++
		}
	}
	return v.need.atEnd(o.frame, o.upTo.count+remaining, so+remaining, &months)
}

// counting returns the stations of which the figure is made: those that have enough days, or all where none has. An
// extreme counts however few days it is of.
func (v *values) counting(enough []*voter) []*voter {
	if len(enough) == 0 || v.metric == Maximum || v.metric == Minimum {
		return v.voters
	}
	return enough
}

// over makes one figure of those of stations: the extreme, or the mean, for which each is rounded to the ninth decimal.
func (v *values) over(voters []*voter, of func(*voter) mean.Ratio) mean.Ratio {
	if len(voters) == 1 {
		return of(voters[0])
	}
	var all mean.Means
	var most mean.Ratio
	for _, o := range voters {
		f := of(o)
		if !f.Known() {
			continue
		}
		all.Add(f)
		if order := f.Common().Sum.Compare(most.Common().Sum); !most.Known() || (v.metric == Maximum && order > 0) || (v.metric == Minimum && order < 0) {
			most = f
		}
	}
	if v.metric == Maximum || v.metric == Minimum {
		return most
	}
	return all.Mean()
}

// stand implements series.
func (v *values) stand(s *Standing) {
	for _, o := range v.voters {
		so, remaining := o.elapsed()
		s.Counted, s.Expected, s.Remaining = s.Counted+o.upTo.count, s.Expected+so, s.Remaining+remaining
	}
	s.Value = v.over(v.counting(v.complete), v.soFar)
	s.Valid = s.Value.Known() && v.enoughStations()
	s.LastYear = v.over(v.voters, func(o *voter) mean.Ratio {
		if o.past == nil {
			return mean.Ratio{}
		}
		return o.past.upTo.with(v.statistic, run{}, run{})
	})
}

func (v *values) soFar(o *voter) mean.Ratio { return o.upTo.with(v.statistic, run{}, run{}) }

// enoughStations says whether so many stations have enough days as HJ 663 asks for the value of an area: see [air.AreaRule].
func (v *values) enoughStations() bool {
	figures := make([]mean.Ratio, len(v.complete))
	for i := range figures {
		figures[i] = mean.Whole(0)
	}
	_, enough := air.AreaValue(figures, len(v.voters))
	return enough
}

// bounds implements series.
func (v *values) bounds(missing, remaining bool) (lowest, highest mean.Ratio) {
	voters := v.counting(v.complete)
	if remaining {
		voters = v.counting(v.ending)
	}
	if missing {
		voters = v.voters
	}
	end := func(low, high int, o *voter) mean.Ratio {
		more := 0
		if missing {
			more += o.missing()
		}
		if _, left := o.elapsed(); remaining {
			more += left
		}
		return o.upTo.with(v.statistic, run{commonOf(v.low), low * more}, run{commonOf(v.high), high * more})
	}
	lowest = v.over(voters, func(o *voter) mean.Ratio { return end(1, 0, o) })
	highest = v.over(voters, func(o *voter) mean.Ratio { return end(0, 1, o) })
	return lowest, highest
}

// allowance implements series: of a mean or an extreme the figure that each remaining day may have; of a percentile how
// many of them may lie beyond the limit, however far.
func (v *values) allowance(held *promise) (reading.Fixed, bool) {
	side := held.side(v.low, v.high)
	if side == 0 {
		return 0, false
	}
	voters := v.counting(v.ending)
	if v.metric == Percentile {
		return v.allowedDays(voters, held, side)
	}
	allowed, ok := largest(-int64(unbounded), int64(unbounded), func(day int64) bool {
		sum := commonOf(reading.Fixed(-int64(side) * day))
		return held.keptBy(v.over(voters, func(o *voter) mean.Ratio {
			_, left := o.elapsed()
			return o.upTo.with(v.statistic, run{sum, left}, run{})
		}))
	})
	return reading.Fixed(-int64(side) * allowed), ok
}

func (v *values) allowedDays(voters []*voter, held *promise, side int) (reading.Fixed, bool) {
	least, most := 0, 0
	for _, o := range voters {
		_, left := o.elapsed()
		least, most = min(least, -o.upTo.count), max(most, left)
	}
	n, ok := largestNumber(least, most, func(n int) bool {
		return held.keptBy(v.over(voters, func(o *voter) mean.Ratio {
			_, left := o.elapsed()
			bad := max(min(n, left), -o.upTo.count)
			if side < 0 {
				return o.upTo.with(v.statistic, run{commonOf(v.low), left - bad}, run{commonOf(unbounded), bad})
			}
			return o.upTo.with(v.statistic, run{commonOf(-unbounded), bad}, run{commonOf(v.high), left - bad})
		}))
	})
	return whole(n), ok
}
