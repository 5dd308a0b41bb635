package air

import (
	"slices"

	"egret/rules/standard"
)

// Completeness says how much data a statistic needs to be valid.
type Completeness struct {
	Parameters  []string
	Statistic   string
	Of          string // what is counted: minutes of sampling ("1m") or the means of a shorter statistic
	Least       int    // at least so many in the statistic's own period
	OfMonth     int    // and so many in each month of it, 0: not asked
	OfFebruary  int    // the same in February
	FirstEnd    int    // only means that end at this hour of the day or later count, 0: all
	LastEnd     int    // and none that end after this one
	OrExceeding bool   // with less data still valid where the figure exceeds its limit
	Source      standard.Source
}

// Completeness returns what a parameter's statistic needs to be valid, nil where no rule is known.
func (e *LimitEdition) Completeness(parameter, statistic string) *Completeness {
	for i := range e.completeness {
		c := &e.completeness[i]
		if c.Statistic == statistic && slices.Contains(c.Parameters, parameter) {
			return c
		}
	}
	return nil
}

// validity is table 4 of GB 3095 (clause 6.4), the same numbers in both editions, with the rules of HJ 663 for ozone.
func validity(edition, assessment string, table standard.Certainty, day standard.Certainty) []Completeness {
	table4 := standard.Source{Standard: edition, Clause: "6.4, table 4", Certainty: table}
	table4Day := standard.Source{Standard: edition, Clause: "6.4, table 4", Certainty: day}
	ozone := standard.Source{Standard: assessment, Clause: "6.1.2", Certainty: standard.Reported}
	ours := standard.Source{Standard: edition, Clause: "as table 4, which has no such row", Certainty: standard.Assumed}
	return []Completeness{
		{Parameters: []string{"so2", "no2", "pm10", "pm25", "nox"}, Statistic: Year, Of: Day, Least: 324, OfMonth: 27, OfFebruary: 25, Source: table4Day},
		{Parameters: []string{"so2", "no2", "co", "pm10", "pm25", "nox"}, Statistic: Day, Of: Hour, Least: 20, Source: table4Day},
		{Parameters: []string{"o3"}, Statistic: Eight, Of: Hour, Least: 6, Source: table4Day},
		{Parameters: []string{"so2", "no2", "co", "o3", "nox"}, Statistic: Hour, Of: "1m", Least: 45, Source: table4},
		{Parameters: []string{"tsp", "bap", "pb"}, Statistic: Year, Of: Day, Least: 60, OfMonth: 5, OfFebruary: 5, Source: table4},
		{Parameters: []string{"pb"}, Statistic: Quarter, Of: Day, Least: 15, OfMonth: 5, OfFebruary: 5, Source: table4},
		{Parameters: []string{"tsp", "bap", "pb"}, Statistic: Day, Of: Hour, Least: 24, Source: table4},

		// From 08:00 to 24:00 there are 17 means of 8 hours that lie in the day as a whole.
		{Parameters: []string{"o3_8h"}, Statistic: Day, Of: Eight, Least: 14, FirstEnd: 8, LastEnd: 24, OrExceeding: true, Source: ozone},
		{Parameters: []string{"o3_8h"}, Statistic: Year, Of: Day, Least: 324, OfMonth: 27, OfFebruary: 25, Source: ozone},

		{Parameters: []string{"pm10", "pm25", "tsp"}, Statistic: Hour, Of: "1m", Least: 45, Source: ours},
		{Parameters: []string{"co"}, Statistic: Year, Of: Day, Least: 324, OfMonth: 27, OfFebruary: 25, Source: ours},
		{Parameters: []string{"so2", "no2", "co", "pm10", "pm25", "nox", "o3_8h"}, Statistic: Month, Of: Day, Least: 27, OfMonth: 27, OfFebruary: 25, Source: ours},
		{Parameters: []string{"tsp", "bap", "pb"}, Statistic: Month, Of: Day, Least: 5, OfMonth: 5, OfFebruary: 5, Source: ours},
	}
}

var (
	completeness2012 = validity("GB 3095-2012", "HJ 663-2013", standard.Remembered, standard.Reported)
	completeness2026 = validity("GB 3095-2026", "HJ 663-2026", standard.Seen, standard.Seen)
)
