package air

import (
	"time"

	"egret/rules/calendar"
	"egret/rules/standard"
)

// Warning is a level of heavy-pollution warnings (重污染天气预警).
type Warning uint8

// The levels, the gravest last. Blue (IV) has not been used since 2018.
const (
	NoWarning Warning = iota
	Blue
	Yellow
	Orange
	Red
)

var warningNames = [...]string{"none", "blue", "yellow", "orange", "red"}

// String returns the level's colour.
func (w Warning) String() string { return warningNames[w] }

// spell is a run of at least so many days, each with an index above a number.
type spell struct{ above, days int }

// warningRule calls for a warning where a run of days satisfies the first spell and the others lie within that run.
type warningRule struct {
	warning Warning
	spells  []spell
}

// WarningScheme says which forecast calls for which warning.
type WarningScheme struct {
	Source standard.Source
	standard.Validity
	rules []warningRule // the gravest first
}

// warningSchemes is in order of time. The texts give hours, of which 24 are a day here; the days on which the schemes
// changed were not found, so each begins with its year (an assumption).
var warningSchemes = []WarningScheme{
	{
		Source:   standard.Source{Standard: "heavy-pollution warning levels of 2017", Clause: "levels", Certainty: standard.Reported},
		Validity: standard.Validity{From: calendar.Date(2017, time.January, 1), Until: calendar.Date(2017, time.December, 31)},
		rules: []warningRule{
			{Red, []spell{{200, 4}, {300, 2}}},
			{Red, []spell{{499, 1}}},
			{Orange, []spell{{200, 3}, {300, 1}}},
			{Yellow, []spell{{200, 2}}},
			{Blue, []spell{{200, 1}}},
		},
	},
	{
		Source:   standard.Source{Standard: "heavy-pollution warning levels of 2018", Clause: "levels", Certainty: standard.Reported},
		Validity: standard.Validity{From: calendar.Date(2018, time.January, 1), Until: calendar.Date(2023, time.December, 31)},
		rules: []warningRule{
			{Red, []spell{{200, 4}, {300, 2}}},
			{Red, []spell{{499, 1}}},
			{Orange, []spell{{200, 3}}},
			{Yellow, []spell{{200, 2}}},
		},
	},
	{
		Source:   standard.Source{Standard: "环大气〔2024〕6号", Clause: "levels", Certainty: standard.Reported},
		Validity: standard.Validity{From: calendar.Date(2024, time.January, 1)},
		rules: []warningRule{
			{Red, []spell{{200, 3}, {300, 1}}},
			{Orange, []spell{{200, 2}}},
			{Orange, []spell{{150, 3}}},
			{Yellow, []spell{{200, 1}}},
			{Yellow, []spell{{150, 2}}},
		},
	},
}

// WarnedAbove is the smallest number that an index must exceed to count towards a warning in any scheme.
const WarnedAbove = 150

// WarningSchemeAt returns the scheme that holds on the day, nil before 2017.
func WarningSchemeAt(day calendar.Day) *WarningScheme {
	for i := range warningSchemes {
		if warningSchemes[i].Covers(day) {
			return &warningSchemes[i]
		}
	}
	return nil
}

// WarningLevel returns the warning that a forecast of daily indices calls for. A day without an index is a negative
// number and ends a run. Dust and ozone episodes are outside these warnings: leave their days out as such.
func WarningLevel(scheme *WarningScheme, daily []int) Warning {
	return WarningAhead(scheme, daily, 0)
}

// WarningAhead returns the warning that days call for of which the first are past and the rest are forecast. Past days
// count towards a run that goes on into the forecast; one that is over calls for nothing.
func WarningAhead(scheme *WarningScheme, daily []int, past int) Warning {
	for _, rule := range scheme.rules {
		if rule.metBy(daily, past) {
			return rule.warning
		}
	}
	return NoWarning
}

// metBy says whether a run of days satisfies the rule that does not end within the past ones.
func (r *warningRule) metBy(daily []int, past int) bool {
	first := r.spells[0]
	for start := 0; start < len(daily); start++ {
		length := first.runAt(daily[start:])
		if length >= first.days && start+length > past && allWithin(r.spells[1:], daily[start:start+length]) {
			return true
		}
		start += length
	}
	return false
}

// runAt returns how many days from the first one on are above the spell's number.
func (s spell) runAt(daily []int) int {
	length := 0
	for length < len(daily) && daily[length] > s.above {
		length++
	}
	return length
}

func allWithin(spells []spell, run []int) bool {
	for _, s := range spells {
		alone := warningRule{spells: []spell{s}}
		if !alone.metBy(run, 0) {
			return false
		}
	}
	return true
}
