package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/noise"
)

// Averages lists the periods of figures that a rule may watch: hours, sliding means at each hour, days and nights, and
// what days add up to; ytd is what has passed of the year, 30d and 365d are the latest days.
var Averages = []string{"1h", "2h", "4h", "8h", "24h", "day", "night", "month", "quarter", "year", "ytd", "30d", "365d"}

// Figures that have no parameter: the air quality index, the class of a water section (1 to 6), the level of a
// heavy-pollution warning (0 none, 1 yellow, 2 orange, 3 red) by what was measured, and by what is forecast for a city.
const (
	IndexFigure           = "aqi"
	ClassFigure           = "water_class"
	WarningFigure         = "warning"
	ForecastWarningFigure = "warning_forecast"
)

// Figures lists them.
var Figures = []string{IndexFigure, ClassFigure, WarningFigure, ForecastWarningFigure}

// IsFigure says whether the name is that of a figure without a parameter.
func IsFigure(name string) bool { return slices.Contains(Figures, name) }

// figures are made for these periods, other than averages of a parameter's own readings.
var figures = map[string][]string{
	IndexFigure:           {"1h", "day"},
	ClassFigure:           {"4h", "2h", "1h", "day", "month", "quarter", "year"},
	WarningFigure:         {"day"},
	ForecastWarningFigure: {"day"},
	noise.Ld:              {"day"},
	noise.Ln:              {"night"},
	noise.Ldn:             {"day"},
	noise.Lmax:            {"night"},
}

// limitedLevels are the levels of which the limits of functional zones speak, each in the period in which it is held
// against them: GB 3096-2008 table 1 and, of Lmax at night, 5.4. An hour's Leq is what comes nearest to the 20 minutes
// of GB 12523.
var limitedLevels = map[string][]string{noise.Ld: {"day"}, noise.Ln: {"night"}, noise.Leq: {"1h"}, noise.Lmax: {"1h", "night"}}

// checkAverage checks a rule for figures of calendar periods; parameter is nil for those of [IsFigure].
func (r *Rule) checkAverage(parameter *reading.Parameter, parameters reading.Parameters) error {
	limits := 0
	for _, set := range []bool{r.Above != nil, r.Below != nil, r.Standard, r.Plan != PlanLimit{}} {
		if set {
			limits++
		}
	}
	switch {
	case limits != 1:
		return fmt.Errorf("above, below: set exactly one of them, or limit: standard or plan")
	case r.Window != 0:
		return fmt.Errorf("window: goes with samples; beside average remove it")
	case r.Period != nil:
		return fmt.Errorf("period: the station's profile says which of its periods feed the averages; remove it")
	case r.Statistic != "":
		return fmt.Errorf("statistic: the standards say how averages are made; beside average remove it")
	case r.MinCoverage != 0:
		return fmt.Errorf("min_coverage: the standards say when averages are valid; beside average remove it")
	case r.Standard && r.Clear != nil:
		return fmt.Errorf("limit: an alert by the standard ends when the standard is met; remove the clear limit")
	case r.Plan != PlanLimit{} && r.Clear != nil:
		return fmt.Errorf("limit: an alert by a plan ends when its target is kept; remove the clear limit")
	case r.Plan != PlanLimit{} && (r.Plan.Plan == "" || r.Plan.Target == ""):
		return fmt.Errorf("limit: a plan's limit needs the plan's id and the target's")
	}
	if err := r.checkClear(); err != nil {
		return err
	}
	if !slices.Contains(Averages, r.Average) {
		return fmt.Errorf("average: %q is not known: use one of %s", r.Average, strings.Join(Averages, " "))
	}
	if made := periodsOf(r.Parameter, parameters); !slices.Contains(made, r.Average) {
		return fmt.Errorf("average: %s is not made for %s; %s", r.Parameter, r.Average, averageAdvice(made, parameter))
	}
	if r.Standard && !r.hasStandard(parameter) {
		return fmt.Errorf("limit: no standard known here limits %s of %s; write above or below", r.Parameter, r.Average)
	}
	return nil
}

// HasDays says whether there are figures of days or nights under the name.
func HasDays(name string, parameters reading.Parameters) bool {
	made := periodsOf(name, parameters)
	return slices.Contains(made, "day") || slices.Contains(made, "night")
}

// averageAdvice says what may stand in the place of a period for which there is no figure.
func averageAdvice(made []string, parameter *reading.Parameter) string {
	if len(made) == 0 {
		return "it has no averages: write window and a statistic"
	}
	advice := "use " + strings.Join(made, " ")
	if c := courseOf(parameter); c != nil && c.DayKey != "" {
		advice += ", or the parameter " + c.DayKey + ", which is its figure of the day"
	}
	return advice
}

// periodsOf returns the periods for which there are figures of that name, in the order of [Averages].
func periodsOf(name string, parameters reading.Parameters) []string {
	has := map[string]bool{}
	for _, period := range figures[name] {
		has[period] = true
	}
	for _, p := range parameters { // the figure of a day may be that of another parameter's hours
		course := courseOf(p)
		if course == nil || IsFigure(name) || (p.Key != name && course.DayKey != name) {
			continue
		}
		if p.Key == name {
			has["1h"] = true
			for _, s := range course.Sliding {
				has[fmt.Sprintf("%dh", s.Hours)] = true
			}
		}
		if course.Day == average.NoDay || (p.Key == name && course.DayKey != "") {
			continue
		}
		has["day"] = true
		for _, longer := range []string{"month", "quarter", "year", "ytd"} {
			has[longer] = has[longer] || course.Month != (average.Days{})
		}
		for i := range average.Longer {
			sliding := average.Longer[i].Period
			has[sliding] = has[sliding] || course.HasSlidingDays()
		}
	}
	return slices.DeleteFunc(slices.Clone(Averages), func(period string) bool { return !has[period] })
}

func courseOf(p *reading.Parameter) *average.Course {
	if p == nil {
		return nil
	}
	return average.CourseOf(p)
}

// hasStandard says whether a standard limits the rule's figure: the target class of a section, the functional zone of
// a point, or GB 3095. Of its editions the latest is asked, as none has dropped a row.
func (r *Rule) hasStandard(parameter *reading.Parameter) bool {
	if parameter == nil {
		return r.Parameter == ClassFigure
	}
	if periods, ok := limitedLevels[parameter.Key]; ok {
		return slices.Contains(periods, r.Average)
	}
	unit := "ug/m3"
	if builtin := reading.BuiltinParameters()[parameter.Key]; builtin != nil {
		unit = builtin.Unit
	}
	edition := air.LimitsAt(calendar.Date(9999, time.December, 31))
	_, limited := edition.Limit(parameter.Key, LimitedAs(r.Average), air.Grade2)
	return limited && parameter.Domain == reading.Air && parameter.Unit == unit
}

// LimitedAs returns by which statistic of a standard an average is held against its limits: what has passed of a year,
// and the latest 365 days, by that of a year.
func LimitedAs(average string) string {
	if average == "ytd" || average == "365d" {
		return air.Year
	}
	return average
}
