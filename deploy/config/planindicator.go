package config

import (
	"errors"
	"fmt"
	"strings"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/dust"
	"egret/rules/plan"
	"egret/rules/rule"
)

// The range of indicators that no parameter declares: wide enough for whatever a department reports, and of percentages
// narrow enough that a forgotten decimal point is seen.
const (
	mostIndicator = 1e9
	mostPercent   = 1000
)

// readIndicator reads which figure of a department the target is about. It becomes a parameter, so that it is taken in
// like any reading; where it is one already, its unit is that of the target.
func (c *Config) readIndicator(s *section, t *plan.Target) {
	if !take(s, "parameter", &t.Parameter, c.parseIndicator) {
		s.ignore("unit")
		return
	}
	known := c.Parameters[t.Parameter]
	if known != nil {
		return // readUnit compares
	}
	if !take(s, "unit", &t.Unit, parseUnit) {
		if !s.faulty["unit"] {
			s.problem("unit", "is missing; add that of the figure, 1 for a number without a unit")
		}
		return
	}
	most := mostIndicator
	if reading.SameUnit(t.Unit, "%") {
		most = mostPercent
	}
	c.Parameters[t.Parameter] = &reading.Parameter{Key: t.Parameter, Domain: reading.Indicator, Unit: t.Unit, Low: -most, High: most}
}

func (c *Config) parseIndicator(key string) (string, error) {
	if p := c.Parameters[key]; p != nil && p.Domain != reading.Indicator {
		return "", fmt.Errorf("is a parameter of %s, which stations measure; write another metric, or another key for what is reported", p.Domain)
	}
	if rule.IsFigure(key) {
		return "", errors.New("is a figure that egret makes; write another key for what is reported")
	}
	if reading.CheckKey(key) != nil {
		return "", errors.New("is no key; write 1 to 40 of a-z, 0-9 and _, a letter first, not _flag or _raw at the end")
	}
	return key, nil
}

// parseDayKey reads the key of a parameter that has figures of days.
func (c *Config) parseDayKey(key string) (string, error) {
	switch key {
	case rule.IndexFigure, rule.WarningFigure, rule.ForecastWarningFigure:
		return "", fmt.Errorf("is no concentration; write the metric %s or %s", plan.GoodDays, plan.LevelDays)
	case rule.ClassFigure:
		return "", fmt.Errorf("is no concentration; write the metric %s, %s or %s", plan.Sections, plan.Worse, plan.Section)
	}
	if _, err := c.parseKey(key); err != nil {
		return "", err
	}
	if rule.HasDays(key, c.Parameters) {
		return key, nil
	}
	if p := c.Parameters[key]; p != nil { // nil: a statistic such as pm25_max
		if p.Domain == reading.Indicator {
			return "", fmt.Errorf("is reported by departments; write the metric %s", plan.Indicator)
		}
		if course := average.CourseOf(p); course != nil && course.DayKey != "" {
			return "", fmt.Errorf("has no figures of days; write %s, which is that of its day", course.DayKey)
		}
	}
	return "", errors.New("has no figures of days; write a parameter that has them, such as pm25")
}

// parseFigureOf reads the key of a parameter of whose days the metric makes a figure. Levels and directions of days have a
// highest and a lowest, but no mean.
func (c *Config) parseFigureOf(metric plan.Metric) func(string) (string, error) {
	return func(key string) (string, error) {
		key, err := c.parseDayKey(key)
		p := c.Parameters[key]
		switch {
		case err != nil || metric != plan.Mean || p == nil || p.Law == reading.Arithmetic:
			return key, err
		case p.Domain == reading.Noise:
			return "", fmt.Errorf("levels of days have no mean; write the metric %s, %s or %s", plan.NoiseDay, plan.NoiseNight, plan.Maximum)
		default:
			return "", fmt.Errorf("its days have no mean; write the metric %s or %s", plan.Maximum, plan.Minimum)
		}
	}
}

// readUnit reads the unit in which the value is given, which is that of the figure.
func (c *Config) readUnit(s *section, t *plan.Target) {
	var unit string
	given := take(s, "unit", &unit, parseUnit)
	p := c.Parameters[t.Parameter]
	switch {
	case isWhole(t.Metric):
		if given {
			s.problem("unit", "%s: the metric %s has none; remove it", shown(unit), t.Metric)
		}
	case isShare(t.Metric):
		t.Unit = "%"
		if given && unit != t.Unit {
			s.problem("unit", `%s: the metric %s is a share in %%; write "%%" and the value in it`, shown(unit), t.Metric)
		}
	case p == nil: // the parameter has a mistake
	default:
		t.Unit = p.Unit
		if given && !reading.SameUnit(unit, p.Unit) {
			s.problem("unit", "%s: %s is in %s; give the value in it", shown(unit), p.Key, p.Unit)
		}
	}
}

// parseSection reads the id of a water section.
func (c *Config) parseSection(id string) (string, error) {
	if _, err := parseID(id); err != nil || len(c.Stations) == 0 {
		return id, err
	}
	var ids []string
	for i := range c.Stations {
		s := &c.Stations[i]
		ids = append(ids, s.ID)
		if s.ID == id && s.Domain != reading.Water {
			return "", fmt.Errorf("is a station of %s; name a water section", s.Domain)
		}
		if s.ID == id {
			return id, nil
		}
	}
	return "", fmt.Errorf("no station of the register has this id; %s", stationAdvice(id, ids))
}

// dustStandardIn reads the number of a standard for the dust of construction sites that held in the period.
func dustStandardIn(period plan.Period) func(string) (string, error) {
	return func(number string) (string, error) {
		var known []string
		for _, s := range dust.Standards(calendar.Date(lastYear, 12, 31)) {
			if len(s.Limits) > 0 {
				known = append(known, s.Source.Standard)
			}
		}
		s, found := dust.Find(number, calendar.Date(lastYear, 12, 31))
		switch {
		case !found:
			return "", fmt.Errorf("is no standard for the dust of sites that is known here; write %s", alternatives(known))
		case len(s.Limits) == 0:
			return "", fmt.Errorf("its limits are not known here; write %s, or report the figure: metric %s", strings.Join(known, ", "), plan.Indicator)
		case period.Until != 0 && s.Held.From > period.Until:
			return "", fmt.Errorf("is in force since %s, after the plan's end; write one that held then, or report the figure: metric %s", s.Held.From, plan.Indicator)
		}
		return number, nil
	}
}
