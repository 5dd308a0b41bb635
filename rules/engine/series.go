package engine

import (
	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/hours"
	"egret/rules/rule"
	"egret/rules/window"
)

// series is one parameter of a stream that rules watch.
type series struct {
	station   *station
	parameter *reading.Parameter
	period    int64 // length in nanoseconds
	data      *window.Series
	rules     []watched
	averages  []slidingAverage

	// Ends of the late and corrected readings of this step; from > to when there are none.
	from, to int64
	removed  bool             // one of them took a usable reading away
	past     []window.Reading // readings older than data holds, while averages are made anew
}

// watched is a rule at this series.
type watched struct {
	rule     *rule.Rule
	window   *window.Window
	expected int
	state    alert.State
}

// fedBy returns the period of readings that a rule takes of a station.
func fedBy(r *rule.Rule, s *station) reading.Period {
	if r.Period != nil {
		return *r.Period
	}
	return s.period()
}

// newSeries returns the series of a parameter, still empty, or nil where no rule watches it.
func (e *Engine) newSeries(st *stream, parameter string) *series {
	var s *series
	register := st.station.register
	for _, r := range e.limits[parameter] {
		if fedBy(r, st.station) != st.period || !r.Stations.Chooses(register) {
			continue
		}
		if s == nil {
			p := e.config.Parameters[parameter]
			s = &series{station: st.station, parameter: p, period: int64(st.period.Length()), data: window.NewSeries(p.Law)}
			s.settle()
		}
		w := s.data.Window(int64(r.Window))
		switch r.Statistic {
		case rule.Max:
			w.WatchMax()
		case rule.Min:
			w.WatchMin()
		}
		s.rules = append(s.rules, watched{rule: r, window: w, expected: expected(r, register, st.period), state: e.alerts.state(r, string(st.station.id))})
		if r.Statistic == rule.Mean && (e.config.DatabaseChannel != "" || e.config.SinkWindows) {
			e.addAverage(s, st, r, w)
		}
	}
	return s
}

// expected returns how many readings of the period the station sends in the rule's window.
func expected(r *rule.Rule, register *reading.Station, period reading.Period) int {
	sender := *register
	sender.Period = period
	return window.Expected(int64(r.Window), int64(sender.SendInterval()))
}

// prepare builds the series of a stream when it is first touched after Open, and fills them from the hour store with
// what they held before.
func (e *Engine) prepare(st *stream) error {
	if st.ready {
		return nil
	}
	st.ready = true
	var wanted wanted
	for i := range st.newest {
		n := &st.newest[i]
		if n.series = e.newSeries(st, n.parameter); n.series != nil {
			end := n.time + n.series.period
			wanted.add(n.series, end-n.series.data.Longest(), end)
		}
	}
	if err := e.read(st, wanted); err != nil {
		return err
	}
	for i := range st.newest {
		n := &st.newest[i]
		if n.series != nil {
			n.series.data.Restore(n.time+n.series.period, n.series.past)
			n.series.past = nil
			for j := range n.series.averages {
				a := &n.series.averages[j]
				a.next = a.from(n.time + n.series.period + 1)
			}
		}
	}
	return nil
}

// wanted is the span of starts of readings that some series of a stream need from the store.
type wanted struct {
	series   []*series
	from, to int64
}

// add asks for the series' readings that end in (after, through].
func (w *wanted) add(s *series, after, through int64) {
	from, to := after-s.period+1, through-s.period
	if len(w.series) == 0 {
		w.from, w.to = from, to
	}
	w.series, w.from, w.to = append(w.series, s), min(w.from, from), max(w.to, to)
}

// read fills past of the wanted series with usable readings in the order of their ends. Hours that were
// trimmed before this step are not looked at: no window that is still judged or averaged reaches into them.
func (e *Engine) read(st *stream, w wanted) error {
	if len(w.series) == 0 {
		return nil
	}
	for _, s := range w.series {
		s.past = s.past[:0]
	}
	for hour := max(0, hours.Of(w.from), e.step.kept); hour <= hours.Of(w.to); hour++ {
		if err := e.load(st, hour); err != nil {
			return err
		}
		for row := range e.step.block.Rows() {
			if row.Time < w.from || row.Time > w.to || !row.Flag.Usable() {
				continue
			}
			for _, s := range w.series {
				if s.parameter.Key == string(row.Parameter) {
					s.past = append(s.past, window.Reading{End: row.Time + s.period, Number: row.Number})
				}
			}
		}
	}
	return nil
}

// takeNewest takes a reading newer than all of its series: averages that end before it are complete, then the rules
// are held against the windows that end with it.
func (e *Engine) takeNewest(s *series, f *reading.Field, instant int64) error {
	end := instant + s.period
	if e.muted {
		s.passOver(end)
	} else {
		e.finishAverages(s, end)
	}
	s.data.Advance(end)
	if f.Flag.Usable() {
		s.data.Append(window.Reading{End: end, Number: f.Number})
	}
	if e.muted {
		return nil
	}
	e.reachAverages(s, end)
	return e.evaluate(s)
}

// takeLate takes a reading that is late or corrects another: it changes the windows that are still open, and the
// averages it belongs to are made anew at the end of the step.
func (e *Engine) takeLate(st *stream, s *series, f *reading.Field, instant int64) error {
	end := instant + s.period
	if e.muted {
		s.correct(f, end)
		return nil
	}
	if s.from > s.to && len(s.averages) > 0 {
		if len(st.dirty) == 0 {
			e.step.dirty = append(e.step.dirty, st)
		}
		st.dirty = append(st.dirty, s)
	}
	s.removed = s.removed || !f.Flag.Usable()
	s.correct(f, end)
	s.from, s.to = min(s.from, end), max(s.to, end)
	if newest, _ := s.data.Newest(); end <= newest-s.data.Longest() {
		return nil
	}
	return e.evaluate(s)
}

// correct puts a late reading into the windows that are still open, or takes out the one that it corrects.
func (s *series) correct(f *reading.Field, end int64) {
	if f.Flag.Usable() {
		s.data.Put(window.Reading{End: end, Number: f.Number})
	} else {
		s.data.Remove(end)
	}
}

// passOver leaves out the points up to an end.
func (s *series) passOver(end int64) {
	for i := range s.averages {
		s.averages[i].next = s.averages[i].from(end + 1)
	}
}

// evaluate holds the rules against the windows as they stand.
func (e *Engine) evaluate(s *series) error {
	at, _ := s.data.Newest()
	for i := range s.rules {
		w := &s.rules[i]
		state, transition := w.state.Next(alert.Judge(w.rule, w.window, w.expected, at), w.rule.For)
		if transition == alert.None {
			continue
		}
		since := state.Since
		if state.Phase == alert.Inactive {
			since = w.state.Since
		}
		w.state = state
		if err := e.tell(transition, func(told string) alert.Alert {
			return alert.OfLimit(w.rule, string(s.station.id), s.parameter, w.window, w.expected, told, at, since)
		}); err != nil {
			return err
		}
	}
	return nil
}
