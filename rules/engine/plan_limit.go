package engine

import (
	"strings"

	"egret/rules/plan"
	"egret/rules/rule"
	"egret/rules/standard"
)

// planLimit returns the value that a plan's target has for the year, or the season, in which a period ends; none where
// the plan does not hold for its last day. The figure is rounded as the plan rounds its own.
func (e *Engine) planLimit(r *rule.Rule, end int64) (limit, bool) {
	p := e.planOf(r.Plan.Plan)
	if p == nil {
		return limit{}, false
	}
	t, day := p.Target(r.Plan.Target), e.zone.DayOf(end-1)
	span, ok := p.SpanAt(day)
	if t == nil || !ok || day > span.Last {
		return limit{}, false
	}
	value, due := t.Due(span.Last.Year())
	places, rounded := t.Places(span.Last)
	return limit{
		value: value, places: places, exact: !rounded, source: sourceOf(p),
		below: t.Comparison == plan.AtLeast || t.Comparison == plan.Above, strict: t.Comparison == plan.Below || t.Comparison == plan.Above,
	}, due
}

// planOf returns the plan with the id, nil where there is none.
func (e *Engine) planOf(id string) *plan.Plan {
	for i := range e.config.Plans {
		if e.config.Plans[i].ID == id {
			return &e.config.Plans[i]
		}
	}
	return nil
}

// sourceOf names a plan as the source of a limit.
func sourceOf(p *plan.Plan) standard.Source {
	return standard.Source{Standard: "plan " + p.ID, Clause: strings.TrimSpace(p.Title + " " + p.Document)}
}
