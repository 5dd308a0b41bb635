package config

import (
	"fmt"
	"slices"
	"strconv"

	"egret/ingest/reading"
	"egret/rules/plan"
)

// readValues reads the number or numbers that the figure is held against.
func (c *Config) readValues(s *section, t *plan.Target, p *plan.Plan) {
	_, value := s.field("value")
	_, steps := s.field("steps")
	_, judged := s.field("comparison")
	parse := c.valueOf(t)
	switch {
	case !judged && (value || steps):
		key := map[bool]string{true: "value", false: "steps"}[value]
		s.problem(key, `is held against nothing without comparison; add it, such as comparison: "<=", or remove %s to show the figure only`, key)
	case value && steps:
		s.problem("steps", "stands beside value; write value for every year, or steps for single ones")
	case value:
		take(s, "value", &t.Value, parse)
	case steps:
		readSteps(s, t, p, parse)
	case judged:
		s.problem("value", "is missing; add it, or steps by year, or remove comparison to show the figure only")
	}
}

// readSteps reads values by year.
func readSteps(target *section, t *plan.Target, p *plan.Plan, parse func(string) (reading.Fixed, error)) {
	s := target.section("steps")
	t.Steps = map[int]reading.Fixed{}
	for _, key := range s.order {
		year, err := strconv.Atoi(key)
		if err != nil {
			s.problem(key, "is no year; write values by year, such as {2026: 50, 2027: 80}")
			s.ignore(key)
			continue
		}
		if p.Period.Until != 0 && (year < p.Period.From.Year() || year > p.Period.Until.Year()) {
			s.problem(key, "lies outside the plan, which is for %s to %s; correct one of them", p.Period.From, p.Period.Until)
		}
		var value reading.Fixed
		if take(s, key, &value, parse) {
			t.Steps[year] = value
		}
	}
	if len(s.order) == 0 && !s.broken {
		target.problem("steps", "is empty; write values by year, such as {2026: 50, 2027: 80}")
	}
	s.close()
}

// mostCounted bounds numbers of sections and waters.
const mostCounted = 100_000

// valueOf reads the number that figures of the target's metric are held against.
func (c *Config) valueOf(t *plan.Target) func(string) (reading.Fixed, error) {
	switch {
	case t.Metric == plan.Section:
		return func(text string) (reading.Fixed, error) {
			class, err := parseClass(text)
			return reading.Fixed(class) * reading.FixedOne, err
		}
	case isShare(t.Metric):
		return shareOf(t)
	case isWhole(t.Metric):
		most := mostCounted
		if t.Metric == plan.LevelDays {
			most = 366
		}
		return func(text string) (reading.Fixed, error) {
			number, err := intWithin(0, most)(text)
			return reading.Fixed(number) * reading.FixedOne, err
		}
	}
	if p := c.Parameters[t.Parameter]; p != nil {
		return fixedWithin(p.Low, p.High)
	}
	return parseDecimal
}

// shareOf reads a share in %. One that is to be reached is hardly as small as a part of 1 is.
func shareOf(t *plan.Target) func(string) (reading.Fixed, error) {
	within := fixedWithin(0, 100)
	return func(text string) (reading.Fixed, error) {
		share, err := within(text)
		if (t.Comparison == plan.AtLeast || t.Comparison == plan.Above) && err == nil && share > 0 && share <= reading.FixedOne {
			return 0, fmt.Errorf("is a share of at most 1 %%; shares are in %%, so write %s for %s %%", 100*share, 100*share)
		}
		return share, err
	}
}

// fixedWithin reads an exact decimal within least and most.
func fixedWithin(least, most float64) func(string) (reading.Fixed, error) {
	return func(text string) (reading.Fixed, error) {
		number, err := parseDecimal(text)
		if err != nil {
			return 0, err
		}
		if f := number.Float(); f < least || f > most {
			return 0, fmt.Errorf("is outside %g to %g, between which such figures lie", least, most)
		}
		return number, nil
	}
}

// isShare says whether figures of the metric are a share in %.
func isShare(m plan.Metric) bool {
	return slices.Contains([]plan.Metric{plan.GoodDays, plan.NoiseDay, plan.NoiseNight, plan.Sections, plan.OdourShare, plan.Sites, plan.Reporting}, m)
}

// isWhole says whether figures of the metric are counts, or a class.
func isWhole(m plan.Metric) bool {
	return slices.Contains([]plan.Metric{plan.LevelDays, plan.Worse, plan.Section, plan.OdourCount}, m)
}
