package air

import (
	"slices"

	"egret/rules/standard"
)

// Completeness is where an edition says how many valid values a statistic needs. How many they are is the same in all
// editions, and stands with the courses of egret/rules/average.
type Completeness struct {
	Parameters []string
	Statistic  string
	Source     standard.Source
}

// Completeness returns where it stands what a parameter's statistic needs, nil where no rule is known.
func (e *LimitEdition) Completeness(parameter, statistic string) *Completeness {
	for i := range e.completeness {
		c := &e.completeness[i]
		if c.Statistic == statistic && slices.Contains(c.Parameters, parameter) {
			return c
		}
	}
	return nil
}

// validity is table 4 of GB 3095 (clause 6.4), with the rules of HJ 663 for ozone.
func validity(edition, assessment string, table standard.Certainty, day standard.Certainty) []Completeness {
	table4 := standard.Source{Standard: edition, Clause: "6.4, table 4", Certainty: table}
	table4Day := standard.Source{Standard: edition, Clause: "6.4, table 4", Certainty: day}
	ozone := standard.Source{Standard: assessment, Clause: "6.1.2", Certainty: standard.Reported}
	ours := standard.Source{Standard: edition, Clause: "as table 4, which has no such row", Certainty: standard.Assumed}
	return []Completeness{
		{[]string{"so2", "no2", "pm10", "pm25", "nox"}, Year, table4Day},
		{[]string{"so2", "no2", "co", "pm10", "pm25", "nox"}, Day, table4Day},
		{[]string{"o3"}, Eight, table4Day},
		{[]string{"so2", "no2", "co", "o3", "nox"}, Hour, table4},
		{[]string{"tsp", "bap", "pb"}, Year, table4},
		{[]string{"pb"}, Quarter, table4},
		{[]string{"tsp", "bap", "pb"}, Day, table4},

		{[]string{"o3_8h"}, Day, ozone},
		{[]string{"o3_8h"}, Year, ozone},

		{[]string{"pm10", "pm25", "tsp"}, Hour, ours},
		{[]string{"co"}, Year, ours},
		{[]string{"so2", "no2", "co", "pm10", "pm25", "nox", "o3_8h"}, Month, ours},
		{[]string{"tsp", "bap", "pb"}, Month, ours},
	}
}

var (
	completeness2012 = validity("GB 3095-2012", "HJ 663-2013", standard.Remembered, standard.Reported)
	completeness2026 = validity("GB 3095-2026", "HJ 663-2026", standard.Seen, standard.Seen)
)
