package engine

import (
	"math"
	"slices"
	"strconv"
	"time"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/window"
)

// slidingAverage writes the mean of a window to the database, at the instants of a grid in event time. A point is made when
// the series has reached its instant, and again whenever a late or corrected reading belongs to it, so the last points
// written follow from the set of readings alone.
type slidingAverage struct {
	window      *window.Window
	step        int64 // of the grid
	next        int64 // first instant of the grid after the series' newest end
	expected    int
	minCoverage float64
	prefix      []byte
	station     string
	parameter   string
	// notHourly leaves the points at whole hours to the calendar averages, which have the same name there.
	notHourly bool
}

// gridStep returns the distance of a window's points: fine enough to show its course, and few enough to keep.
func gridStep(length int64) int64 {
	switch {
	case length <= int64(time.Hour):
		return int64(time.Minute)
	case length <= 8*int64(time.Hour):
		return 5 * int64(time.Minute)
	default:
		return 15 * int64(time.Minute)
	}
}

// from returns the first instant of the grid that is not before the given one.
func (a *slidingAverage) from(instant int64) int64 {
	rest := instant % a.step
	if rest > 0 {
		rest -= a.step
	}
	return instant - rest
}

// addAverage adds the window of a rule to the series' averages, unless it is there. Where rules share a window the
// point is valid if it has the coverage that the strictest of them asks for.
func (e *Engine) addAverage(s *series, st *stream, r *rule.Rule, w *window.Window) {
	for i := range s.averages {
		if a := &s.averages[i]; a.window == w {
			a.minCoverage = max(a.minCoverage, r.MinCoverage)
			return
		}
	}
	if e.averagedPeriod(st, r) != st.period {
		return
	}
	prefix := "averages,station=" + string(st.station.id) + ",parameter=" + r.Parameter + ",period=" + window.Name(r.Window) + " "
	s.averages = append(s.averages, slidingAverage{
		window: w, step: gridStep(int64(r.Window)), next: math.MinInt64,
		expected: expected(r, st.station.register, st.period), minCoverage: r.MinCoverage, prefix: []byte(prefix), station: st.station.name, parameter: r.Parameter,
		notHourly: e.hasHourly(s, st, r.Window),
	})
}

// averagedPeriod returns the period of readings that the averages of a window are made of. Rules may look at readings
// of different periods through windows of one length, but in the database that would be one point: the period that
// feeds the station's averages goes first, else the shortest.
func (e *Engine) averagedPeriod(st *stream, like *rule.Rule) reading.Period {
	register := st.station.register
	chosen := fedBy(like, st.station)
	for _, r := range e.limits[like.Parameter] {
		if r.Statistic != rule.Mean || r.Window != like.Window || !r.Stations.Chooses(register) {
			continue
		}
		if fedBy(r, st.station) == st.station.period() {
			return st.station.period()
		}
		chosen = min(chosen, fedBy(r, st.station))
	}
	return chosen
}

// hasHourly says whether the calendar averages of a station have a sliding window of that length at each hour.
func (e *Engine) hasHourly(s *series, st *stream, length time.Duration) bool {
	course := average.CourseOf(s.parameter)
	if course == nil || st.period != st.station.period() {
		return false
	}
	step, _ := st.stands()
	return (length == time.Hour && step == 1) ||
		slices.ContainsFunc(course.Sliding, func(s average.Sliding) bool { return time.Duration(s.Hours)*time.Hour == length })
}

// finishAverages makes the points that lie before a new end: no newer reading of the series can belong to them.
func (e *Engine) finishAverages(s *series, end int64) {
	_, started := s.data.Newest()
	for i := range s.averages {
		a := &s.averages[i]
		if !started {
			a.next = a.from(end)
		}
		for ; a.next < end; a.next += a.step {
			a.window.Advance(a.next)
			total := a.window.Total()
			if total.Count == 0 {
				a.next = a.from(end)
				break
			}
			// After a long silence the start of the window may be trimmed: a point of half of it would be wrong.
			if a.next-a.window.Length()-s.period >= e.kept*int64(time.Hour) {
				e.appendAverage(a, total, a.next)
			}
		}
	}
}

// reachAverages makes the points at the newest end itself, where it lies on the grid.
func (e *Engine) reachAverages(s *series, end int64) {
	for i := range s.averages {
		a := &s.averages[i]
		if a.next != end {
			continue
		}
		if total := a.window.Total(); total.Count > 0 {
			e.appendAverage(a, total, end)
		}
		a.next += a.step
	}
}

// remakeAverages makes the points anew to which this step's late and corrected readings belong.
func (e *Engine) remakeAverages() error {
	for _, st := range e.step.dirty {
		var wanted wanted
		for _, s := range st.dirty {
			newest, _ := s.data.Newest()
			longest := int64(0)
			for i := range s.averages {
				longest = max(longest, s.averages[i].window.Length())
			}
			if readings, all := s.data.Since(s.from - longest); all {
				s.past = append(s.past[:0], readings...)
			} else {
				wanted.add(s, s.from-longest, min(newest, s.to+longest))
			}
		}
		if err := e.read(st, wanted); err != nil {
			return err
		}
		for _, s := range st.dirty {
			for i := range s.averages {
				e.remakeAverage(s, &s.averages[i])
			}
			s.settle()
		}
		st.dirty = st.dirty[:0]
	}
	e.step.dirty = e.step.dirty[:0]
	return nil
}

func (e *Engine) remakeAverage(s *series, a *slidingAverage) {
	length := a.window.Length()
	from := a.from(s.from)
	through := min(a.next-a.step, s.to+length-1)
	after, _ := slices.BinarySearchFunc(s.past, from-length, func(r window.Reading, end int64) int {
		if r.End <= end {
			return -1
		}
		return 1
	})
	window.Slide(s.parameter.Law, s.past[after:], length, from, through, a.step, func(at int64, total *mean.Total) {
		// A point cannot be taken back from the database: where its last reading was, it is written as one of no
		// values and not valid.
		if total.Count > 0 || s.removed {
			e.appendAverage(a, total, at)
		}
	})
}

// settle forgets what was late in a step.
func (s *series) settle() {
	s.from, s.to, s.removed, s.past = math.MaxInt64, math.MinInt64, false, nil
}

func (e *Engine) appendAverage(a *slidingAverage, total *mean.Total, at int64) {
	if a.notHourly && (at+e.shift)%hour == 0 {
		return
	}
	if e.config.SinkWindows && e.config.Sink != nil {
		e.config.Sink.Average(&figure.Average{Station: a.station, Parameter: a.parameter, Period: window.Name(time.Duration(a.window.Length())), Start: at - a.window.Length(), Figure: average.Figure{
			Value: total.Ratio(), Count: total.Count, Expected: a.expected, Valid: total.Count > 0 && window.Coverage(total.Count, a.expected) >= a.minCoverage,
		}})
	}
	if e.config.DatabaseChannel == "" {
		return
	}
	to := append(e.step.lines, a.prefix...)
	if total.Count > 0 {
		to = append(to, "value="...)
		to = append(total.Mean().Append(to), ',')
	}
	coverage := window.Coverage(total.Count, a.expected)
	to = append(to, "count="...)
	to = strconv.AppendInt(to, int64(total.Count), 10)
	to = append(to, "i,coverage="...)
	to = strconv.AppendFloat(to, coverage, 'f', -1, 64)
	to = append(to, ",valid="...)
	to = strconv.AppendBool(to, total.Count > 0 && coverage >= a.minCoverage)
	to = append(to, ' ')
	to = strconv.AppendInt(to, at-a.window.Length(), 10)
	e.step.lines = append(to, '\n')
}
