package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/standard"
)

// figureWatch is a rule on figures of calendar periods at one station.
type figureWatch struct {
	rule  *rule.Rule
	state alert.State
}

// watchFigures gives a feed the rules on figures that choose its station.
func (e *Engine) watchFigures(f *feed) {
	area := strings.HasPrefix(f.station.name, reading.AreaPrefix)
	for _, r := range e.figures {
		if area && len(r.Stations.IDs) == 0 {
			continue // its stations and cities are watched already
		}
		if r.Stations.Chooses(f.station.register) {
			f.watches = append(f.watches, &figureWatch{rule: r, state: e.alerts.state(r, f.station.name)})
		}
	}
}

// watchesFigure says whether a rule watches a figure of that name.
func (f *feed) watchesFigure(name string) bool {
	return slices.ContainsFunc(f.watches, func(w *figureWatch) bool { return w.rule.Parameter == name })
}

// judged is a figure that rules may watch.
type judged struct {
	parameter, period string
	start, end        int64
	value             mean.Ratio
	count, expected   int
	valid             bool
	note              string           // what else is told of it
	newest            bool             // none of the same kind ends later
	proven            bool             // value is the least it can be, whatever is missing, and
	verdict           standard.Verdict // its standard has judged it
}

// judge holds a figure against the rules that watch it. What the newest period says fires and resolves alerts; where
// late or corrected readings change what was said of an older one, a single correction is told.
func (e *Engine) judge(f *feed, j *judged) error {
	for _, w := range f.watches {
		if w.rule.Parameter != j.parameter || w.rule.Average != j.period {
			continue
		}
		l, ok := e.limitOf(w.rule, f, j.start, j.end)
		if !ok {
			continue
		}
		evaluation := alert.Evaluation{At: j.end, Begin: j.start, Verdict: l.judge(j.value, j.valid)}
		switch {
		case w.rule.Standard && j.proven:
			evaluation.Verdict = j.verdict
		case j.proven && !l.below && !l.keeps(j.value):
			evaluation.Verdict = standard.Exceeds
		}
		evaluation.Clears = w.rule.Clear == nil || l.side(j.value, *w.rule.Clear) < 0
		if err := e.say(f, w, j, &l, evaluation); err != nil {
			return err
		}
	}
	return nil
}

// remade are the periods that are made anew with each day in them.
var remade = map[string]bool{"month": true, "quarter": true, "year": true}

// say tells what a verdict changes.
func (e *Engine) say(f *feed, w *figureWatch, j *judged, l *limit, evaluation alert.Evaluation) error {
	if e.muted && j.start < e.verdictsFrom() {
		return nil
	}
	key := verdictKey(w.rule.ID, f.station.name, j.start)
	exceeds := evaluation.Verdict == standard.Exceeds
	var said bool
	if !j.newest || f.revising || exceeds || remade[j.period] || e.muted {
		var err error
		if said, err = e.said(key); err != nil {
			return err
		}
	}
	if exceeds != said {
		if err := e.keepSaid(key, exceeds); err != nil {
			return err
		}
	}
	if e.muted {
		return nil
	}
	figure := alert.Figure{
		Station: f.station.name, Unit: e.unit(j.parameter), Start: j.start, End: j.end, Value: j.value.Fixed(), Compared: l.compared(j.value).Fixed(),
		Count: j.count, Expected: j.expected, Limit: l.value, Below: l.below, Beyond: l.beyond(), Verdict: evaluation.Verdict, Source: l.cited(), Note: j.note,
	}
	if j.newest {
		state, transition := w.state.Next(evaluation, w.rule.For)
		if transition == alert.None {
			return nil
		}
		since := state.Since
		if state.Phase == alert.Inactive {
			since = w.state.Since
		}
		w.state = state
		return e.tell(transition, func(told string) alert.Alert { return alert.OfFigure(w.rule, &figure, e.zone, told, since) })
	}
	if exceeds == said || w.rule.For > 0 {
		return nil // nobody was told of a single period where several are waited for
	}
	a := alert.OfFigure(w.rule, &figure, e.zone, alert.StateCorrected, j.start)
	return e.tellCorrected(&a)
}

func (e *Engine) unit(parameter string) string {
	if p := e.config.Parameters[parameter]; p != nil {
		return p.Unit
	}
	return ""
}

// verdictPrefix begins the keys under which it is kept that a period exceeds its limit; they are in the order of time.
const verdictPrefix = 'v'

func verdictKey(rule, station string, start int64) string {
	key := append(verdictTime(start), rule...)
	return string(append(append(key, 0), station...))
}

func verdictTime(start int64) []byte {
	return binary.BigEndian.AppendUint64([]byte{verdictPrefix}, uint64(max(0, start)))
}

// forgetVerdicts deletes what was said of periods in hours that are no longer kept.
func (e *Engine) forgetVerdicts(before int64) error {
	if e.clock-e.heard < steadyBeforeTrim {
		return nil
	}
	return e.step.batch.DeleteRange(verdictTime(0), verdictTime(e.startOf(before-keptHours)), nil)
}

// verdictsFrom returns before which instant nothing is kept of what was said: [Engine.sweep] has deleted it, or will.
func (e *Engine) verdictsFrom() int64 { return e.startOf(e.swept/sweepsOfDay*24 - keptHours) }

// said returns whether a period was said to exceed its limit.
func (e *Engine) said(key string) (bool, error) {
	if said, ok := e.step.said[key]; ok {
		return said, nil
	}
	_, closer, err := e.db.Get([]byte(key))
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err == nil {
		err = closer.Close()
	}
	if err != nil {
		return false, fmt.Errorf("read an earlier verdict: %w", err)
	}
	return true, nil
}

func (e *Engine) keepSaid(key string, exceeds bool) error {
	if e.step.said == nil {
		e.step.said = map[string]bool{}
	}
	e.step.said[key] = exceeds
	if exceeds {
		return e.step.batch.Set([]byte(key), nil, nil)
	}
	return e.step.batch.Delete([]byte(key), nil)
}
