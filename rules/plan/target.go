package plan

import (
	"egret/ingest/reading"
	"egret/rules/rule"
	"egret/rules/water"
)

// Metric is what a target counts or averages.
type Metric string

// The metrics. Those of stations are made of the days of the plan's area; an indicator is reported by a department.
const (
	Mean       Metric = "mean"        // of the days of a parameter; of dust-fall of its months
	Maximum    Metric = "max"         // the highest day
	Minimum    Metric = "min"         // the lowest day
	Percentile Metric = "percentile"  // of the days: HJ 663 annex A
	GoodDays   Metric = "good_days"   // share of the valid days with an AQI up to 100, in %
	LevelDays  Metric = "level_days"  // number of days whose AQI has one of the Levels
	NoiseDay   Metric = "noise_day"   // share of the valid station-days whose Ld keeps the limit of the zone, in %
	NoiseNight Metric = "noise_night" // the same of Ln by night
	Sections   Metric = "sections"    // share of the assessed sections at Class or better, in %
	Worse      Metric = "worse"       // number of sections worse than Class
	Section    Metric = "section"     // class (1 to 6) of one section
	OdourShare Metric = "odour_share" // share of the assessed waters that are black-odorous, in %
	OdourCount Metric = "odour_count" // number of them
	Sites      Metric = "sites"       // share of the judged site-days that meet the dust standard Standard, in %
	Reporting  Metric = "reporting"   // share of the station-days on which a station sent anything, in %
	Indicator  Metric = "indicator"   // the last value reported in the period
)

// Metrics lists all metrics.
var Metrics = []Metric{
	Mean, Maximum, Minimum, Percentile, GoodDays, LevelDays, NoiseDay, NoiseNight, Sections, Worse, Section, OdourShare, OdourCount, Sites, Reporting, Indicator,
}

// Comparison is how a figure is held against a target's value.
type Comparison string

// The comparisons. Tracked is that of a target without a value: the figure is shown and never judged.
const (
	AtMost  Comparison = "<="
	Below   Comparison = "<"
	AtLeast Comparison = ">="
	Above   Comparison = ">"
	Equal   Comparison = "="
	Tracked Comparison = ""
)

// Weight is how stations make a figure of a city.
type Weight string

// The weights.
const (
	ByCity    Weight = "city"    // the concentrations of a day are averaged over the stations first (HJ 663-2013, 4.5 from memory)
	ByStation Weight = "station" // one station, one vote: each has a figure of its own, and these are averaged or counted together
)

// Rounding says what is compared.
type Rounding string

// The roundings.
const (
	Exact      Rounding = "none"     // the exact figure
	AsStandard Rounding = "standard" // rounded once, half to even, as the standard of the metric orders: see [Target.Places]
)

// Target is one promise of a plan.
type Target struct {
	ID         string
	Name       string // in the plan's own language
	Metric     Metric
	Parameter  string // of Mean, Maximum, Minimum, Percentile and Indicator
	Percentile int    // 1 to 99
	Class      water.Class
	Levels     []int  // 1 to 6
	Station    string // of Section
	Standard   string // of Sites: the number of a standard of package dust
	Comparison Comparison
	Value      reading.Fixed
	Unit       string
	Rounding   Rounding
	Steps      map[int]reading.Fixed // value by year; years without one are not due. nil: Value every year
	Weight     Weight
	Stations   rule.Selector // chooses among the stations of the plan's area
}

// OfArea says whether the target's figure is made of the concentrations, or the index, of its air stations together.
func (t *Target) OfArea(parameters reading.Parameters) bool {
	switch t.Metric {
	case GoodDays, LevelDays:
		return t.Weight == ByCity
	case Mean, Maximum, Minimum, Percentile:
		p := parameters[t.Parameter]
		return t.Weight == ByCity && p != nil && p.Domain == reading.Air && p.Key != "dustfall"
	default:
		return false
	}
}

// Concerns says whether the target's figure is made of what such a station measures or reports.
func (t *Target) Concerns(s *reading.Station, parameters reading.Parameters) bool {
	switch t.Metric {
	case GoodDays, LevelDays, Sites:
		return s.Domain == reading.Air
	case NoiseDay, NoiseNight:
		return s.Domain == reading.Noise
	case Sections, Worse, Section, OdourShare, OdourCount:
		return s.Domain == reading.Water
	case Indicator:
		return s.Domain == reading.Indicator
	case Reporting:
		return s.Domain != reading.Indicator
	default:
		p := parameters[t.Parameter]
		return p != nil && s.Domain == p.Domain
	}
}

// Due returns the value of the target for a year, and whether there is one.
func (t *Target) Due(year int) (reading.Fixed, bool) {
	if t.Comparison == Tracked {
		return 0, false
	}
	if t.Steps == nil {
		return t.Value, true
	}
	value, ok := t.Steps[year]
	return value, ok
}
