package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

// The bounds of how long a limit must be passed, and of the silence that a rule waits for.
const (
	longestFor      = 7 * 24 * time.Hour
	longestMissing  = 31 * 24 * time.Hour
	shortestMissing = time.Minute
)

func (c *Config) readRules(root *section) {
	packed := c.readPacks(root)
	own := c.readRuleList(root, c.Stations)
	c.Rules = append(slices.DeleteFunc(packed, func(r rule.Rule) bool { // the file's rule replaces the pack's
		return slices.ContainsFunc(own, func(o rule.Rule) bool { return o.ID == r.ID })
	}), own...)
}

// readRuleList reads the list of rules of a document. Selectors that choose none of the stations are reported.
func (c *Config) readRuleList(root *section, stations []reading.Station) []rule.Rule {
	var rules []rule.Rule
	lines := map[string]int{}
	for _, s := range root.sections("rules", "id") {
		var r rule.Rule
		s.id("id", &r.ID, lines)
		readRule(s, &r, c.Parameters)
		readSelector(s.section("stations"), &r.Stations, stations)
		s.close()
		checkRule(s, r, c.Parameters)
		c.checkPlanLimit(s, &r)
		rules = append(rules, r)
	}
	return rules
}

func readRule(s *section, r *rule.Rule, parameters reading.Parameters) {
	take(s, "parameter", &r.Parameter, func(key string) (string, error) {
		if _, known := parameters[key]; known || rule.IsFigure(key) {
			return key, nil
		}
		known := append(slices.Sorted(maps.Keys(parameters)), rule.Figures...)
		if near := nearest(key, known); near != "" {
			return "", fmt.Errorf("is not known; did you mean %s?", near)
		}
		return "", errors.New("is not known; declare it under parameters with a domain, a unit and a range")
	})
	r.Severity = rule.Warning
	take(s, "severity", &r.Severity, parseSeverity)
	readKind(s, r)
	take(s, "statistic", &r.Statistic, oneOf(rule.Mean, rule.Max, rule.Min))
	take(s, "for", &r.For, durationWithin(0, longestFor))
	take(s, "min_coverage", &r.MinCoverage, numberWithin(0, 1))
	takePointer(s, "period", &r.Period, parsePeriod)
	var from limitSource
	take(s, "limit", &from, parseLimit)
	r.Standard, r.Plan = from.standard, from.plan
	takePointer(s, "above", &r.Above, parseDecimal)
	takePointer(s, "below", &r.Below, parseDecimal)
	readClear(s, r)
}

// readKind reads what makes a rule one for samples (window), for figures of calendar periods (average) or for missing
// readings.
func readKind(s *section, r *rule.Rule) {
	take(s, "missing", &r.Missing, durationWithin(shortestMissing, longestMissing))
	take(s, "average", &r.Average, oneOf(rule.Averages...))
	take(s, "window", &r.Window, durationWithin(rule.ShortestWindow, rule.LongestWindow))
	_, missing := s.field("missing")
	_, average := s.field("average")
	_, window := s.field("window")
	switch {
	case missing:
		if _, given := s.field("min_coverage"); given {
			s.problem("min_coverage", "a rule for missing readings has no coverage; remove it")
		}
	case average:
		s.require("parameter")
	default:
		r.Statistic, r.MinCoverage = rule.Mean, rule.DefaultMinCoverage
		s.require("parameter")
		if !window && !s.broken {
			s.problem("window", "is missing; add it, or average for a figure of whole hours, days or longer")
		}
	}
}

var parseSeverity = oneOf(rule.Info, rule.Warning, rule.Critical)

// readClear reads the limit at which an alert ends: clear_below goes with above, clear_above with below.
func readClear(s *section, r *rule.Rule) {
	for _, pair := range [...]struct{ clear, limit, other, otherClear string }{
		{"clear_below", "above", "below", "clear_above"},
		{"clear_above", "below", "above", "clear_below"},
	} {
		var number *reading.Fixed
		takePointer(s, pair.clear, &number, parseDecimal)
		if _, given := s.field(pair.clear); !given {
			continue
		}
		if _, right := s.field(pair.limit); right {
			r.Clear = number
		} else if _, text, given := s.scalar("limit"); given && isPlanLimit(text) {
			s.problem(pair.clear, "an alert by a plan ends when its target is kept; remove %s", pair.clear)
		} else if given {
			s.problem(pair.clear, "an alert by the standard ends when the standard is met; remove %s", pair.clear)
		} else if _, wrong := s.field(pair.other); wrong {
			s.problem(pair.clear, "goes with %s; beside %s write %s", pair.limit, pair.other, pair.otherClear)
		} else {
			s.problem(pair.clear, "goes with %s; add it or remove %s", pair.limit, pair.clear)
		}
	}
}

// takePointer is take for a field that is nil when it is not given.
func takePointer[T any](s *section, key string, to **T, parse func(string) (T, error)) {
	var value T
	if take(s, key, &value, parse) {
		*to = &value
	}
}

// checkRule reports all that the rule's own check finds. That check ends at the first mistake, so each field that has
// been reported is given a harmless value and the check goes on.
func checkRule(s *section, r rule.Rule, parameters reading.Parameters) {
	if s.broken || s.faulty["missing"] { // then it is not known which kind of rule it is
		return
	}
	for _, field := range []string{"average", "limit", "above", "below", "clear_below", "clear_above"} {
		if s.faulty[field] { // it is no use to compare the others with it
			soothe(&r, field)
		}
	}
	for range 12 { // at most once for each field
		err := r.Check(parameters)
		if err == nil {
			return
		}
		name, message, _ := strings.Cut(err.Error(), ": ")
		if !s.faulty[name] {
			s.problem(name, "%s", message)
		}
		if !soothe(&r, name) {
			return
		}
	}
}

// soothe gives a field of the rule a value that no check complains of; false if there is none.
func soothe(r *rule.Rule, field string) bool {
	switch field {
	case "id":
		r.ID = "rule"
	case "severity":
		r.Severity = rule.Warning
	case "parameter", "average":
		r.Parameter = "pm25"
		if r.Average != "" || field == "average" {
			r.Average = "day"
		}
	case "window":
		r.Window = rule.ShortestWindow
		if r.Average != "" {
			r.Window = 0
		}
	case "period":
		r.Period = nil
	case "statistic":
		r.Statistic = rule.Max
		if r.Average != "" {
			r.Statistic = ""
		}
	case "min_coverage":
		r.MinCoverage = 0
	case "for":
		r.For = 0
	case "above, below", "limit", "above", "below", "clear_below", "clear_above":
		r.Above, r.Below, r.Clear, r.Standard, r.Plan = new(reading.Fixed), nil, nil, false, rule.PlanLimit{}
	default:
		return false
	}
	return true
}

// readSelector reads which stations a rule is for, and reports names that no station of the register has.
func readSelector(s *section, selector *rule.Selector, stations []reading.Station) {
	for _, part := range []struct {
		key  string
		to   *[]string
		of   func(*reading.Station) []string
		noun string
	}{
		{"ids", &selector.IDs, func(s *reading.Station) []string { return []string{s.ID} }, "id"},
		{"cities", &selector.Cities, func(s *reading.Station) []string { return []string{s.City} }, "city"},
		{"districts", &selector.Districts, func(s *reading.Station) []string { return []string{s.District} }, "district"},
		{"zones", &selector.Zones, func(s *reading.Station) []string { return []string{s.Zone} }, "zone"},
		{"tags", &selector.Tags, func(s *reading.Station) []string { return s.Tags }, "tag"},
	} {
		if _, given := s.field(part.key); !given {
			continue
		}
		var known []string
		for i := range stations {
			known = append(known, part.of(&stations[i])...)
		}
		for _, item := range s.texts(part.key) {
			*part.to = append(*part.to, item.text)
			if len(stations) > 0 && !slices.Contains(known, item.text) {
				s.problemAt(item.line, part.key, "%s: no station of the register has this %s; %s", shown(item.written), part.noun, stationAdvice(item.text, known))
			}
		}
		if len(*part.to) == 0 && !s.faulty[part.key] {
			s.problem(part.key, "is empty; name a station's %s, or remove the field to choose all", part.noun)
		}
	}
	s.close()
	chosen := func(station reading.Station) bool { return selector.Chooses(&station) }
	if len(stations) > 0 && len(s.faulty) == 0 && !slices.ContainsFunc(stations, chosen) {
		s.document.problem(s.line, s.path, "no station of the register has all of these; correct them or add the station under stations")
	}
}

func stationAdvice(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "correct it or add the station under stations"
}
