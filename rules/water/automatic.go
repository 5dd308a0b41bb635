package water

import (
	"slices"

	"egret/rules/standard"
)

// Completeness says how many values by hand a mean of a section needs; what the means of automatic stations need
// stands with the courses of egret/rules/average.
type Completeness struct {
	SeasonValues int
	YearMonths   int
}

// DefaultCompleteness: two values of a season and eight months of a year, from memory.
var DefaultCompleteness = Completeness{SeasonValues: 2, YearMonths: 8}

// CompletenessSource is the source of [DefaultCompleteness].
var CompletenessSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "season and year", Certainty: standard.Remembered}

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
