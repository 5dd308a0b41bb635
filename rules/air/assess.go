package air

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
)

// Assessment is what `egret assess air` says of given values. Its JSON is an outside interface.
type Assessment struct {
	Standard    string            `json:"standard"`
	Date        string            `json:"date"`
	Period      string            `json:"period"`
	AQI         *int              `json:"aqi"`
	PartialAQI  *int              `json:"partial_aqi"`
	Published   bool              `json:"published"`
	Level       *int              `json:"level"`
	Category    *string           `json:"category"`
	English     *string           `json:"category_english"`
	Colour      *string           `json:"colour"`
	Primary     []string          `json:"primary"`
	IAQI        map[string]int    `json:"iaqi"`
	WithoutIAQI map[string]string `json:"without_iaqi"` // the pollutants that have none, and why
	Limits      []LimitLine       `json:"limits"`
}

// LimitLine is a value held against a limit.
type LimitLine struct {
	Parameter string       `json:"parameter"`
	Statistic string       `json:"statistic"`
	Value     *json.Number `json:"value"`    // null where it is missing
	Compared  *json.Number `json:"compared"` // the value as it was rounded for the comparison
	Rounding  string       `json:"rounding"`
	Limit     json.Number  `json:"limit"`
	Grade     int          `json:"grade"`
	Standard  string       `json:"standard"`
	Clause    string       `json:"clause"`
	Certainty string       `json:"certainty"`
	Phase     string       `json:"phase"`
	Meets     *bool        `json:"meets"`
}

// Periods of an assessment.
const (
	PeriodHour = "hour"
	PeriodDay  = "day"
	PeriodYear = "year"
)

// periodStatistics is the statistic whose limits a period's values are held against.
var periodStatistics = map[string]string{PeriodHour: Hour, PeriodDay: Day, PeriodYear: Year}

// Assess judges values of an hour, a day or a year: the index (not for a year), and each value against the limit of the
// grade that exists for it. Of a year, values are means, and percentiles where the standard has those only.
// An error says what is wrong with the period, the grade, the day or a parameter, and what is allowed.
func Assess(day calendar.Day, period string, grade int, values []Measured, practice *Practice) (Assessment, error) {
	limits := LimitsAt(day)
	switch {
	case periodStatistics[period] == "":
		return Assessment{}, fmt.Errorf("period %q is not known: use hour, day or year", period)
	case grade != Grade1 && grade != Grade2:
		return Assessment{}, fmt.Errorf("grade %d is not known: use 1 (class-1 areas) or 2", grade)
	case limits == nil:
		return Assessment{}, fmt.Errorf("date %s: the oldest standard known here holds from %s", day, limitEditions[0].From)
	}
	var inputs []input
	edition := editionAt(hj633, day)
	switch period {
	case PeriodHour:
		inputs = edition.hourInputs(practice)
	case PeriodDay:
		inputs = edition.day
	}
	if err := checkParameters(values, allowed(inputs, limits, period)); err != nil {
		return Assessment{}, err
	}
	var index Index
	if period == PeriodYear {
		index.Standard = limits.Standard
	} else {
		edition.fill(&index, inputs, values, practice)
	}
	a := assessmentOf(&index, day, period)
	a.Limits = limits.lines(period, grade, values)
	return a, nil
}

// AssessUS judges the values of a day by the US EPA's index; [USDayIndex] says which values.
func AssessUS(day calendar.Day, values []Measured) (Assessment, error) {
	edition := editionAt(epa, day)
	if edition == nil {
		return Assessment{}, fmt.Errorf("date %s: the oldest edition of the US index known here holds from %s", day, epa[0].From)
	}
	if err := checkParameters(values, allowed(edition.day, nil, PeriodDay)); err != nil {
		return Assessment{}, err
	}
	var index Index
	edition.fill(&index, edition.day, values, &Practice{})
	return assessmentOf(&index, day, PeriodDay), nil
}

// allowed returns the parameters that the index of the period takes and those that have a limit for it.
func allowed(inputs []input, limits *LimitEdition, period string) []string {
	var parameters []string
	for i := range inputs {
		parameters = append(parameters, inputs[i].parameter)
		if instead := inputs[i].column.instead; instead != nil {
			parameters = append(parameters, instead.parameter)
		}
	}
	if limits != nil {
		parameters = append(parameters, limits.Parameters(periodStatistics[period])...)
	}
	if period == PeriodYear {
		for i := range YearStatistics {
			parameters = append(parameters, YearStatistics[i].Parameter)
		}
	}
	slices.Sort(parameters)
	return slices.Compact(parameters)
}

func checkParameters(values []Measured, allowed []string) error {
	for i := range values {
		if slices.ContainsFunc(values[:i], func(m Measured) bool { return m.Parameter == values[i].Parameter }) {
			return fmt.Errorf("parameter %q is given twice", values[i].Parameter)
		}
		if !slices.Contains(allowed, values[i].Parameter) {
			return fmt.Errorf("parameter %q is not judged here: use %s", values[i].Parameter, strings.Join(allowed, ", "))
		}
	}
	return nil
}

func assessmentOf(index *Index, day calendar.Day, period string) Assessment {
	a := Assessment{
		Standard: index.Standard, Date: day.String(), Period: period, Published: index.Published,
		Primary: append([]string{}, index.Primary...), IAQI: map[string]int{}, WithoutIAQI: map[string]string{}, Limits: []LimitLine{},
	}
	for i := range index.Sub {
		sub := &index.Sub[i]
		if sub.Known() {
			a.IAQI[sub.Parameter] = sub.IAQI
		} else {
			a.WithoutIAQI[sub.Parameter] = sub.Reason.String()
		}
	}
	if index.Known {
		a.PartialAQI = &index.Partial
	}
	if index.Published {
		c := index.Category
		a.AQI, a.Level, a.Category, a.English, a.Colour = &index.AQI, &c.Level, &c.Name, &c.English, &c.Colour
	}
	return a
}

// lines holds each value against its limit for the period, in the order of the values.
func (e *LimitEdition) lines(period string, grade int, values []Measured) []LimitLine {
	lines := []LimitLine{}
	for _, v := range values {
		limit, found := e.Limit(v.Parameter, periodStatistics[period], grade)
		if !found && period == PeriodYear {
			limit, found = e.percentileLimit(v.Parameter, grade)
		}
		if !found {
			continue
		}
		l := LimitLine{
			Parameter: v.Parameter, Statistic: limit.Statistic,
			Rounding: fmt.Sprintf("%s to %d decimals, %s %s (%s)", reading.HalfEven, limit.Places, limit.Rounding.Standard, limit.Rounding.Clause, limit.Rounding.Certainty),
			Limit:    number(limit.Value), Grade: grade, Standard: limit.Source.Standard, Clause: limit.Source.Clause,
			Certainty: limit.Source.Certainty.String(), Phase: limit.Phase,
		}
		if v.Valid {
			figure := mean.Whole(v.Value)
			value, compared := number(v.Value), number(limit.Compared(figure))
			l.Value, l.Compared, l.Meets = &value, &compared, limit.Judge(figure).Known()
		}
		lines = append(lines, l)
	}
	return lines
}

// percentileLimit returns the limit of the day for a parameter that has no mean of the year.
func (e *LimitEdition) percentileLimit(parameter string, grade int) (Limit, bool) {
	for i := range YearStatistics {
		if s := &YearStatistics[i]; s.Parameter == parameter {
			return e.Limit(parameter, s.LimitStatistic(), grade)
		}
	}
	return Limit{}, false
}

func number(f reading.Fixed) json.Number { return json.Number(f.String()) }
