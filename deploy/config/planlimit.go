package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/plan"
	"egret/rules/rule"
)

// limitSource is where the limit of a rule comes from that has no number of its own.
type limitSource struct {
	standard bool
	plan     rule.PlanLimit
}

// isPlanLimit says whether the limit of a rule is meant to be that of a plan.
func isPlanLimit(text string) bool {
	words := strings.Fields(text)
	return len(words) > 0 && words[0] == "plan"
}

func parseLimit(text string) (limitSource, error) {
	if _, err := reading.ParseFixed([]byte(text)); err == nil {
		return limitSource{}, errors.New("is a number; write it under above or below")
	}
	if !isPlanLimit(text) {
		if text == "standard" {
			return limitSource{standard: true}, nil
		}
		return limitSource{}, errors.New("is not known; use standard, or plan with a plan's id and a target's, such as plan wuxi-2018 pm25")
	}
	words := strings.Fields(text)
	if len(words) != 3 {
		return limitSource{}, errors.New("does not name a target; write plan, the plan's id and the target's, such as plan wuxi-2018 pm25")
	}
	return limitSource{plan: rule.PlanLimit{Plan: words[1], Target: words[2]}}, nil
}

// checkPlanLimit reports a rule whose limit is that of no target, or of one that its figure cannot be held against.
func (c *Config) checkPlanLimit(s *section, r *rule.Rule) {
	if r.Plan == (rule.PlanLimit{}) || r.Missing != 0 || s.faulty["limit"] {
		return
	}
	var ids []string
	for i := range c.Plans {
		ids = append(ids, c.Plans[i].ID)
	}
	at := slices.Index(ids, r.Plan.Plan)
	if at < 0 {
		s.problem("limit", "no plan %s stands under plans; %s", r.Plan.Plan, nameAdvice(r.Plan.Plan, ids, "name it there"))
		return
	}
	p := &c.Plans[at]
	if len(p.Targets) == 0 && len(p.Duties) == 0 { // it could not be read, which is said already
		return
	}
	t := p.Target(r.Plan.Target)
	if t == nil {
		var targets []string
		for i := range p.Targets {
			targets = append(targets, p.Targets[i].ID)
		}
		s.problem("limit", "the plan %s has no target %s; %s", p.ID, r.Plan.Target, nameAdvice(r.Plan.Target, targets, "use one of "+strings.Join(targets, " ")))
		return
	}
	if problem := unfitLimit(t, r); problem != "" && !s.faulty["parameter"] {
		s.problem("limit", "%s", problem)
	}
}

func nameAdvice(name string, known []string, otherwise string) string {
	if near := nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return otherwise
}

// unfitLimit says why the figure of the rule cannot be held against the target, "" where it can.
func unfitLimit(t *plan.Target, r *rule.Rule) string {
	ofDays := slices.Contains([]plan.Metric{plan.Mean, plan.Maximum, plan.Minimum, plan.Percentile}, t.Metric)
	switch {
	case t.Metric == "" || (ofDays && t.Parameter == ""): // a mistake of the plan
		return ""
	case r.Parameter == rule.ClassFigure && t.Metric != plan.Section:
		return fmt.Sprintf("the target %s is no class of a section but the metric %s; use one of the metric %s", t.ID, t.Metric, plan.Section)
	case r.Parameter != rule.ClassFigure && !ofDays:
		return fmt.Sprintf("the target %s is of the metric %s, which no average is; use one of the metric mean, max, min or percentile", t.ID, t.Metric)
	case ofDays && t.Parameter != r.Parameter:
		return fmt.Sprintf("the target %s is of %s, the rule of %s; make them one", t.ID, t.Parameter, r.Parameter)
	case t.Comparison == plan.Tracked:
		return fmt.Sprintf("the target %s has no value; write above or below with a number of your own", t.ID)
	case t.Comparison == plan.Equal:
		return fmt.Sprintf("the target %s asks for one value exactly, from which an average always differs; write above or below", t.ID)
	}
	return ""
}
