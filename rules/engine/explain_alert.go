package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"egret/rules/alert"
	"egret/rules/noise"
	"egret/rules/rule"
)

// ExplainAlert returns the figure that an alert's last transition was about, as it stands now and with what it is made
// of. The error is ErrNoFigure for alerts of other rules than those on figures of calendar periods, for withdrawn ones
// and where the store no longer has the figure; else as that of [Engine.Explain].
func (e *Engine) ExplainAlert(a *alert.Alert) (Figure, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	watches := slices.ContainsFunc(e.figures, func(r *rule.Rule) bool { return r.ID == a.Rule && r.Average == a.Window && r.Parameter == a.Parameter })
	if !watches || a.State == alert.StateWithdrawn {
		return Figure{}, fmt.Errorf("%w: alert %s is not about a figure", ErrNoFigure, a.ID)
	}
	return e.answer(a.Station, question{a.Parameter, a.Window, e.within(a), true})
}

// within returns an instant that names the period at whose end the alert's last transition was.
func (e *Engine) within(a *alert.Alert) int64 {
	end := a.At.UnixNano()
	if hours, err := strconv.Atoi(strings.TrimSuffix(a.Window, "h")); err == nil {
		return end - int64(hours)*hour
	}
	if a.Parameter == noise.Ld || a.Parameter == noise.Ldn || a.Window == "night" {
		day := e.zone.DayOf(end - 1) // levels are judged when the night is over, on the next day as a rule
		for e.noiseEnd(day) > end {
			day--
		}
		return e.zone.Start(day)
	}
	return end - 1
}
