package water

import (
	"slices"

	"egret/rules/standard"
)

// Completeness says how many values a mean of a station or a section needs.
type Completeness struct {
	DayValues    int // of the six four-hourly values of a day
	MonthPercent int // of the days of a month
	SeasonValues int
	YearMonths   int
}

// DefaultCompleteness: what a day and a month of an automatic station need was not found in any source and is assumed;
// two values of a season and eight months of a year are 环办〔2011〕22号, from memory.
var DefaultCompleteness = Completeness{DayValues: 4, MonthPercent: 60, SeasonValues: 2, YearMonths: 8}

// The sources of the two halves of [DefaultCompleteness].
var (
	AutomaticCompletenessSource = standard.Source{Standard: "环办监测函〔2020〕82号", Clause: "minimum of valid values", Certainty: standard.Assumed}
	PeriodCompletenessSource    = standard.Source{Standard: "环办〔2011〕22号", Clause: "season and year", Certainty: standard.Remembered}
)

// Day says whether a day with so many four-hourly values is valid.
func (c *Completeness) Day(values int) bool { return values >= c.DayValues }

// Month says whether a month of so many days is valid with so many valid ones.
func (c *Completeness) Month(valid, days int) bool {
	return valid > 0 && 100*valid >= c.MonthPercent*days
}

// Season says whether a season with so many values is valid.
func (c *Completeness) Season(values int) bool { return values >= c.SeasonValues }

// Year says whether a year with values in so many months is valid.
func (c *Completeness) Year(months int) bool { return months >= c.YearMonths }

// AutomaticSource is the source of which values of a month an automatic station gives (the number is from memory).
var AutomaticSource = standard.Source{Standard: "环办监测函〔2020〕82号", Clause: "automatic and manual values", Certainty: standard.Reported}

// automaticFirst lists the items whose automatic values go before manual ones; all others stay manual.
var automaticFirst = []string{"ph", "do", "codmn", "nh3n", "tp", "tn"}

// Choose appends to into the values of a month, one of each parameter: of the six items that automatic stations are
// trusted with the automatic one, of the others the manual one. What the preferred way has no valid value of is taken
// from the other.
func Choose(into, automatic, manual []Measured) []Measured {
	start := len(into)
	for _, pass := range [...]struct {
		values    []Measured
		preferred bool // by items of automaticFirst
	}{{automatic, true}, {manual, false}, {automatic, false}, {manual, true}} {
		for i := range pass.values {
			m := &pass.values[i]
			if m.Valid && slices.Contains(automaticFirst, m.Parameter) == pass.preferred {
				into = addMissing(into, start, *m)
			}
		}
	}
	for _, values := range [...][]Measured{automatic, manual} {
		for _, m := range values {
			into = addMissing(into, start, m)
		}
	}
	return into
}

// addMissing appends m unless its parameter is there already.
func addMissing(into []Measured, start int, m Measured) []Measured {
	if slices.ContainsFunc(into[start:], func(other Measured) bool { return other.Parameter == m.Parameter }) {
		return into
	}
	return append(into, m)
}
