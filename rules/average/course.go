// Package average says which averages over hours, days, months and years a parameter has, when they are valid, and
// makes them of the hours and days that are there. Figures stay exact fractions until a standard rounds them.
package average

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// DayStatistic is what becomes of the hours of a day.
type DayStatistic uint8

// The statistics of a day.
const (
	NoDay      DayStatistic = iota // hours are all there is
	DayMean                        // mean of the day's valid hours
	DayMaximum                     // largest 8-hour mean that lies in the day: ozone
	DayHighest                     // largest hour: levels that are maxima already
	DayLowest                      // smallest hour
)

// Sliding is a mean over the latest whole hours, made at each hour's end.
type Sliding struct {
	Hours   int
	Minimum int // valid hours
	Source  standard.Source
}

// Course is how a parameter is averaged. Counts are of valid values one step below: hours in a day, days in a month.
type Course struct {
	Parameters []string // keys; empty for the courses that hold for all others of a law
	HourShare  Share    // of the readings expected in an hour
	Sliding    []Sliding
	Day        DayStatistic
	DayKey     string // the parameter that the day's figure is, where it is another one
	DayHours   int    // of 24, fewer in proportion where a station sends every four hours
	Month      Days   // zero: no averages above the day
	Year       Days
	Percentile int // of the days of a year, 0: none
	Hour       standard.Source
	Source     standard.Source
}

// Share is a part of a whole.
type Share struct{ Part, Whole int }

// Of says whether count of expected is enough.
func (s Share) Of(count, expected int) bool { return count >= s.Needs(expected) }

// Needs returns how many of those expected are enough, one at least.
func (s Share) Needs(expected int) int { return max(1, (expected*s.Part+s.Whole-1)/s.Whole) }

// Days says how many valid days a month, quarter or year needs.
type Days struct {
	Minimum    int
	February   int  // in February, where it differs
	Percent    int  // of the days instead of a number of them
	EveryMonth int  // also so many in every month
	InFebruary int  // and in February
	Months     bool // a value stands for its month: the numbers are of months that have one
}

var (
	table4   = standard.Source{Standard: "GB 3095", Clause: "table 4 (6.4)", Certainty: standard.Seen}
	percents = standard.Source{Standard: "HJ 663", Clause: "table 1", Certainty: standard.Reported}
	// Table 4 has no row for the hours of particulates: its 45 minutes are taken for them too.
	particulateHour = standard.Source{Standard: "GB 3095", Clause: "table 4 (6.4), as for gases", Certainty: standard.Assumed}
	slidingDay      = standard.Source{Standard: "GB 3095", Clause: "table 4 (6.4), as for the day", Certainty: standard.Assumed}
	assumed         = standard.Source{Standard: "Egret", Clause: "three quarters of what is expected", Certainty: standard.Assumed}
	fallAssumed     = standard.Source{Standard: "Egret", Clause: "one value a month, 8 of 12 months a year", Certainty: standard.Assumed}
	waterAssumed    = standard.Source{Standard: "Egret", Clause: "4 of 6 values a day, 60 % of the days", Certainty: standard.Assumed}
)

var (
	threeQuarters = Share{3, 4}
	anyNumber     = Share{0, 1} // one is enough
	months27      = Days{Minimum: 27, February: 25}
	year324       = Days{Minimum: 324, EveryMonth: 27, InFebruary: 25}
	sliding24     = []Sliding{{24, 20, slidingDay}}
)

// courses holds the parameters of air that a standard gives an averaging of their own.
var courses = []Course{
	{Parameters: []string{"so2", "no2"}, HourShare: threeQuarters, Sliding: sliding24, Day: DayMean, DayHours: 20, Month: months27, Year: year324, Percentile: 98, Hour: table4, Source: table4},
	{Parameters: []string{"co"}, HourShare: threeQuarters, Sliding: sliding24, Day: DayMean, DayHours: 20, Month: months27, Year: year324, Percentile: 95, Hour: table4, Source: table4},
	{Parameters: []string{"nox"}, HourShare: threeQuarters, Sliding: sliding24, Day: DayMean, DayHours: 20, Month: months27, Year: year324, Hour: table4, Source: table4},
	{Parameters: []string{"pm10", "pm25"}, HourShare: threeQuarters, Sliding: sliding24, Day: DayMean, DayHours: 20, Month: months27, Year: year324, Percentile: 95, Hour: particulateHour, Source: table4},
	{Parameters: []string{"o3"}, HourShare: threeQuarters, Sliding: []Sliding{{8, 6, table4}}, Day: DayMaximum, DayKey: "o3_8h", Month: months27, Year: year324, Percentile: 90, Hour: table4, Source: percents},
	{Parameters: []string{"tsp", "bap"}, HourShare: threeQuarters, Day: DayMean, DayHours: 24, Month: Days{Minimum: 5}, Year: Days{Minimum: 60, EveryMonth: 5, InFebruary: 5}, Hour: particulateHour, Source: table4},
	// A dust jar stands for a month, and what it gives is per 30 days already (HJ 1221-2021).
	{Parameters: []string{"dustfall"}, HourShare: anyNumber, Day: DayMean, DayHours: 1, Month: Days{Minimum: 1, Months: true}, Year: Days{Minimum: 8, Months: true}, Hour: fallAssumed, Source: fallAssumed},
}

// others holds the courses of all other parameters, by what they are.
var (
	ordinary    = Course{HourShare: threeQuarters, Day: DayMean, DayHours: 18, Month: Days{Percent: 75}, Year: Days{Percent: 75}, Hour: assumed, Source: assumed}
	waterMean   = Course{HourShare: threeQuarters, Day: DayMean, DayHours: 16, Month: Days{Percent: 60}, Year: Days{Percent: 60}, Hour: assumed, Source: waterAssumed}
	soundLevel  = Course{HourShare: threeQuarters, Day: DayMean, DayHours: 18, Hour: assumed, Source: assumed}
	soundHigh   = Course{HourShare: threeQuarters, Day: DayHighest, DayHours: 18, Hour: assumed, Source: assumed}
	soundLow    = Course{HourShare: threeQuarters, Day: DayLowest, DayHours: 18, Hour: assumed, Source: assumed}
	measuredDay = Course{HourShare: threeQuarters, Day: NoDay, Month: months27, Year: year324, Percentile: 90, Hour: assumed, Source: percents}
)

// CourseOf returns how the parameter is averaged, nil where an average would say nothing.
func CourseOf(p *reading.Parameter) *Course {
	for i := range courses {
		for _, key := range courses[i].Parameters {
			if key == p.Key && p.Domain == reading.Air {
				return &courses[i]
			}
		}
	}
	for i := range courses {
		if courses[i].DayKey == p.Key {
			return &measuredDay // the day's figure follows from another parameter, unless the station sends days
		}
	}
	switch {
	case p.Law == reading.Energy:
		return &soundLevel
	case p.Law == reading.Highest:
		return &soundHigh
	case p.Law == reading.Lowest:
		return &soundLow
	case p.Law != reading.Arithmetic || p.Domain == reading.Indicator:
		return nil
	case p.Domain == reading.Water:
		return &waterMean
	default:
		return &ordinary
	}
}
