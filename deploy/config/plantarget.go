package config

import (
	"errors"
	"slices"

	"egret/ingest/reading"
	"egret/rules/plan"
	"egret/rules/water"
)

// longestTarget keeps the rule of a target's alert, which is the target's id with its state, an id itself.
const longestTarget = reading.MaxStationID - len(".impossible")

// readTargets reads the targets of a plan. Selectors are held against the stations, if there are any.
func (c *Config) readTargets(root *section, p *plan.Plan, stations []reading.Station) {
	lines := map[string]int{}
	for _, s := range root.sections("targets", "id") {
		var t plan.Target
		s.id("id", &t.ID, lines)
		if len(t.ID) > longestTarget {
			s.problem("id", "%s: is longer than %d characters; shorten it", t.ID, longestTarget)
		}
		t.Name = t.ID
		take(s, "name", &t.Name, parseTitle)
		take(s, "comparison", &t.Comparison, oneOf(plan.AtMost, plan.Below, plan.AtLeast, plan.Above, plan.Equal))
		if c.readMetric(s, &t, p) {
			c.readUnit(s, &t)
			c.readWeight(s, &t)
			readRounding(s, &t)
			c.readValues(s, &t, p)
		} else {
			s.ignore("unit", "weight", "rounding", "value", "steps")
		}
		places := s.section("stations")
		readSelector(places, &t.Stations, stations)
		if len(places.faulty) == 0 {
			checkTargetStations(s, &t, p, stations)
		}
		s.close()
		p.Targets = append(p.Targets, t)
	}
}

// ignore takes fields for known that cannot be read because of another's mistake.
func (s *section) ignore(keys ...string) { s.known = append(s.known, keys...) }

// metricFields holds the fields that say what a metric counts, each with an example.
var metricFields = []struct {
	key, example string
	of           []plan.Metric
}{
	{"parameter", "pm25", []plan.Metric{plan.Mean, plan.Maximum, plan.Minimum, plan.Percentile, plan.Indicator}},
	{"percentile", "95", []plan.Metric{plan.Percentile}},
	{"class", "III", []plan.Metric{plan.Sections, plan.Worse}},
	{"levels", "[5, 6]", []plan.Metric{plan.LevelDays}},
	{"station", "wx-water-1", []plan.Metric{plan.Section}},
	{"standard", "DB13/2934-2019", []plan.Metric{plan.Sites}},
}

// readMetric reads what a target counts, and returns whether that is known.
func (c *Config) readMetric(s *section, t *plan.Target, p *plan.Plan) bool {
	if !take(s, "metric", &t.Metric, oneOf(plan.Metrics...)) {
		s.require("metric")
		for _, f := range metricFields {
			s.ignore(f.key)
		}
		return false
	}
	for _, f := range metricFields {
		_, given := s.field(f.key)
		switch needed := slices.Contains(f.of, t.Metric); {
		case given && !needed:
			s.problem(f.key, "is nothing that the metric %s counts by; remove it, or write another metric", t.Metric)
		case needed && !given && !s.faulty[f.key]:
			s.problem(f.key, "is missing: the metric %s counts by it; add it, such as %s: %s", t.Metric, f.key, f.example)
		}
	}
	if t.Metric == plan.Indicator {
		c.readIndicator(s, t)
	} else {
		take(s, "parameter", &t.Parameter, c.parseFigureOf(t.Metric))
	}
	take(s, "percentile", &t.Percentile, intWithin(1, 99))
	take(s, "class", &t.Class, parseClass)
	take(s, "station", &t.Station, c.parseSection)
	take(s, "standard", &t.Standard, dustStandardIn(p.Period))
	readLevels(s, t)
	return true
}

// readLevels reads levels of the air quality index, 1 (good) to 6.
func readLevels(s *section, t *plan.Target) {
	items := s.texts("levels")
	for _, item := range items {
		level, err := intWithin(1, 6)(item.text)
		switch {
		case err != nil:
			s.problemAt(item.line, "levels", "%s: %s", shown(item.written), err)
		case slices.Contains(t.Levels, level):
			s.problemAt(item.line, "levels", "%d: stands there twice; remove one of them", level)
		default:
			t.Levels = append(t.Levels, level)
		}
	}
	if _, given := s.field("levels"); given && len(items) == 0 && !s.faulty["levels"] {
		s.problem("levels", "is empty; write levels of the index, such as [5, 6]")
	}
}

func parseClass(text string) (water.Class, error) {
	class, err := water.ParseTarget(text)
	if err != nil {
		return water.Unknown, errors.New("is no class; write I, II, III, IV or V")
	}
	return class, nil
}

// readWeight reads how stations make a figure of a city. Together they are averaged only where the figure is one of the
// concentrations of air or of the index, as HJ 663 orders.
func (c *Config) readWeight(s *section, t *plan.Target) {
	t.Weight = plan.ByCity
	if !t.OfArea(c.Parameters) {
		t.Weight = plan.ByStation
	}
	var weight plan.Weight
	if !take(s, "weight", &weight, oneOf(plan.ByCity, plan.ByStation)) {
		return
	}
	if weight == plan.ByCity && t.Weight != plan.ByCity && !s.faulty["parameter"] {
		s.problem("weight", "city: only concentrations of air and the index are averaged over a city first; write station, or remove it")
	}
	t.Weight = weight
}

func readRounding(s *section, t *plan.Target) {
	t.Rounding = plan.Exact
	take(s, "rounding", &t.Rounding, oneOf(plan.Exact, plan.AsStandard))
	if t.Rounding == plan.AsStandard && (isWhole(t.Metric) || t.Metric == plan.Indicator) {
		s.problem("rounding", "standard: no standard rounds the metric %s; remove it", t.Metric)
	}
}

// checkTargetStations reports stations of a target that are none of the plan's area.
func checkTargetStations(s *section, t *plan.Target, p *plan.Plan, stations []reading.Station) {
	if _, given := s.field("stations"); !given || len(stations) == 0 {
		return
	}
	if t.Metric == plan.Section {
		s.problem("stations", "stands beside station; the metric %s is of one section, so remove it", t.Metric)
		return
	}
	chooses := func(station reading.Station) bool { return t.Stations.Chooses(&station) }
	both := func(station reading.Station) bool { return chooses(station) && p.Area.Chooses(&station) }
	if slices.ContainsFunc(stations, chooses) && !slices.ContainsFunc(stations, both) {
		s.problem("stations", "none of them lies in the plan's area; correct them, or the area")
	}
}
