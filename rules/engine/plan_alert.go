package engine

import (
	"time"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/figure"
	"egret/rules/plan"
	"egret/rules/rule"
)

// toldStates are the states that people are told of.
var toldStates = []plan.State{plan.AtRisk, plan.Impossible, plan.Missed, plan.Safe}

var planSeverities = map[plan.State]rule.Severity{plan.AtRisk: rule.Warning, plan.Impossible: rule.Critical, plan.Missed: rule.Critical, plan.Safe: rule.Info}

// planRule returns what stands in the place of a rule in an alert of a target.
func planRule(t *plan.Target, state plan.State) string { return t.ID + "." + state.String() }

// told is what was known of a span before its days were judged.
type told struct {
	before  plan.State // after the last day that was judged
	ended   bool       // that was the last of the span
	current bool       // no later span has begun
}

// tellPlan tells what the last judged day of a span changes: there is one alert of each state for a target and span.
// Not enough data changes nothing, and what lies far back begins no alert.
func (e *Engine) tellPlan(h *held, f *figure.Plan, was told) error {
	if f.State == plan.NotEnough {
		return nil
	}
	news := e.clock-f.At <= int64(tellDays)
	if f.State == plan.Open && !settled(f) {
		return nil
	}
	switch {
	case was.current:
	case !news:
		return nil
	case was.ended:
		return e.correctPlan(h, f, was.before)
	}
	start := time.Unix(0, e.zone.Start(f.Span.First))
	for _, state := range toldStates {
		open, isOpen := e.alerts.open[subject{rule: planRule(h.target, state), station: reading.PlanPrefix + h.plan.ID}]
		if isOpen && !was.current && open.Start.After(start) {
			continue
		}
		if isOpen && (state != f.State || !open.Start.Equal(start)) {
			if err := e.endPlan(&open, f); err != nil {
				return err
			}
			isOpen = false
		}
		if state == f.State && !isOpen && news {
			if err := e.tell(alert.Fired, func(told string) alert.Alert { return e.planAlert(h, f, state, told) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// settledDays is how many days in a row a target must be out of danger until that is told: a projection near the target
// would else ring every other day (an assumption).
const settledDays = 7

// settled says whether the target has been open for some days, or as long as its span is old.
func settled(f *figure.Plan) bool {
	return f.Day-f.Since >= settledDays-1 || f.Since == f.Span.First
}

// endPlan tells that a state is no longer that of its target, or belongs to a span that is over.
func (e *Engine) endPlan(open *alert.Alert, f *figure.Plan) error {
	return e.tell(alert.Resolved, func(told string) alert.Alert {
		a := *open
		a.State, a.At = told, time.Unix(0, f.At).UTC()
		a.Value, a.Limit, a.Coverage, a.Message = alert.Number(f.Value.Fixed()), alert.Number(f.Limit), f.Coverage(), f.Plan.Reason(f.Standing)
		return a
	})
}

// correctPlan tells once that late or corrected readings have changed how a span ended. Where people still hold that it
// was missed, that ends.
func (e *Engine) correctPlan(h *held, f *figure.Plan, before plan.State) error {
	final := func(s plan.State) bool { return s == plan.Met || s == plan.Missed }
	if f.State == before || !final(f.State) || !final(before) {
		return nil
	}
	a := e.planAlert(h, f, plan.Missed, alert.StateCorrected)
	if open, ok := e.alerts.open[subjectOf(&a)]; ok && open.ID == a.ID && f.State == plan.Met {
		return e.endPlan(&open, f)
	}
	return e.tellCorrected(&a)
}

// planAlert describes an alert of a target. It begins with the span, so that there is one of each state for a span.
func (e *Engine) planAlert(h *held, f *figure.Plan, state plan.State, told string) alert.Alert {
	start := e.zone.Start(f.Span.First)
	a := alert.Alert{
		Rule: planRule(h.target, state), Station: reading.PlanPrefix + h.plan.ID, Severity: planSeverities[state], State: told,
		At: time.Unix(0, f.At).UTC(), Start: time.Unix(0, start).UTC(),
		Value: alert.Number(f.Value.Fixed()), Limit: alert.Number(f.Limit), Window: "plan", Statistic: string(h.target.Metric),
		Coverage: f.Coverage(), Message: h.plan.Reason(f.Standing),
	}
	a.ID = alert.ID(a.Rule, a.Station, "", start)
	return a
}
