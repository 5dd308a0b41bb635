package engine

import (
	"bytes"
	"cmp"
	"container/heap"
	"slices"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/rule"
)

// watch is a rule for missing readings at one station.
type watch struct {
	rule     *rule.Rule
	station  *station
	firing   bool
	deadline int64 // not before this instant can the rule fire
}

// watches is a heap of those that do not fire, by deadline. Deadlines are set late: a reading does not touch them, and
// one that has passed is reckoned anew from the last receipt. So a record costs one comparison.
type watches []*watch

func (w watches) Len() int           { return len(w) }
func (w watches) Less(i, j int) bool { return w[i].deadline < w[j].deadline }
func (w watches) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }

// Push is for container/heap.
func (w *watches) Push(x any) { *w = append(*w, x.(*watch)) }

// Pop is for container/heap.
func (w *watches) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}

func (w *watches) add(one *watch, heard int64) {
	one.reckon(heard)
	heap.Push(w, one)
}

// expects says whether the rule for missing readings waits for the station. Where there is a register it is the list
// of those that must send: anybody else may come and go.
func (e *Engine) expects(r *rule.Rule, s *reading.Station) bool {
	return r.Stations.Chooses(s) && (!s.Unregistered || len(e.registered) == 0)
}

// watch gives the station the rules for missing readings that wait for it. Whoever stands in no register and is known
// from imported history only was never heard, and may no longer be there.
func (e *Engine) watch(s *station) {
	for _, r := range e.silences {
		firing := e.alerts.state(r, string(s.id)).Phase == alert.Firing
		if !e.expects(r, s.register) || (s.register.Unregistered && s.first == 0 && !firing) {
			continue
		}
		if firing {
			s.silent++
		}
		s.watches = append(s.watches, &watch{rule: r, station: s, firing: firing})
	}
}

// covers says whether readings of a parameter and period are signs of life for the rule.
func (w *watch) covers(period reading.Period, parameter string) bool {
	return (w.rule.Period == nil || *w.rule.Period == period) && (w.rule.Parameter == "" || w.rule.Parameter == parameter)
}

// reckon sets the deadline anew: silence counts from the last receipt, or from when Egret came back to listen.
func (w *watch) reckon(heard int64) {
	since, _ := w.since()
	w.deadline = max(since, heard) + int64(w.rule.Missing)
}

// coversHeartbeats says whether the rule waits for any sign of life: a heartbeat holds no parameter and has no period.
func (w *watch) coversHeartbeats() bool { return w.rule.Period == nil && w.rule.Parameter == "" }

// since returns the last receipt of what the rule watches for; where there was none, when the station was first known
// and false.
func (w *watch) since() (int64, bool) {
	since, seen := w.station.known, false
	if w.coversHeartbeats() && w.station.heartbeat != 0 {
		since, seen = w.station.heartbeat, true
	}
	for _, st := range w.station.streams {
		for i := range st.newest {
			if n := &st.newest[i]; n.received != 0 && w.covers(st.period, n.parameter) && (!seen || n.received > since) {
				since, seen = n.received, true
			}
		}
	}
	return since, seen
}

// fireSilences fires the rules whose time has passed by the clock, in an order that does not depend on how the journal
// was cut into steps.
func (e *Engine) fireSilences() error {
	if len(e.watches) == 0 || e.watches[0].deadline >= e.clock {
		return nil
	}
	due := e.step.due[:0]
	for len(e.watches) > 0 && e.watches[0].deadline < e.clock {
		w := e.watches[0]
		if w.reckon(e.heard); w.deadline < e.clock {
			heap.Pop(&e.watches)
			due = append(due, w)
		} else {
			heap.Fix(&e.watches, 0)
		}
	}
	e.step.due = due
	slices.SortFunc(due, func(a, b *watch) int {
		return cmp.Or(cmp.Compare(a.deadline, b.deadline), cmp.Compare(a.rule.ID, b.rule.ID), bytes.Compare(a.station.id, b.station.id))
	})
	for _, w := range due {
		w.firing = true
		w.station.silent++
		since, seen := w.since()
		if err := e.tell(alert.Fired, func(state string) alert.Alert {
			return alert.OfSilence(w.rule, string(w.station.id), seen, state, e.clock, since)
		}); err != nil {
			return err
		}
	}
	return nil
}

// setSilencesRight takes back the receipts and deadlines of a clock that was ahead: else nobody would be missed until it
// is that late.
func (e *Engine) setSilencesRight() {
	for _, s := range e.stations {
		if s.known > e.clock {
			s.known, s.renewed = e.clock, true
			e.change(s)
		}
		if s.received > e.clock {
			s.received = e.clock
			e.change(s)
		}
		s.heartbeat = min(s.heartbeat, e.clock)
		for _, st := range s.streams {
			for i := range st.newest {
				st.newest[i].received = min(st.newest[i].received, e.clock)
			}
		}
	}
	for _, w := range e.watches {
		w.reckon(e.heard)
	}
	heap.Init(&e.watches)
}

// resolveSilences ends the alerts of a station for which one of the readings is a sign of life.
func (e *Engine) resolveSilences(st *stream, taken []reading.Field) error {
	for _, w := range st.station.watches {
		alive := func(f reading.Field) bool { return w.covers(st.period, string(f.Parameter)) }
		if !w.firing || !slices.ContainsFunc(taken, alive) {
			continue
		}
		if err := e.resolveSilence(w); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) resolveSilence(w *watch) error {
	w.firing = false
	w.station.silent--
	e.watches.add(w, e.heard)
	since := e.alerts.state(w.rule, string(w.station.id)).Since
	return e.tell(alert.Resolved, func(state string) alert.Alert {
		return alert.OfSilence(w.rule, string(w.station.id), true, state, e.clock, since)
	})
}
