package average

import (
	"egret/rules/mean"
	"egret/rules/standard"
)

// SlidingDays is a mean of the latest days, which moves on as each day ends.
type SlidingDays struct {
	Period string // its name in the database and in rules
	Days   int
	Source standard.Source // of how many of them must be valid
}

// Longer are the means of the latest days that a parameter has beside its months and years. No standard has them: they
// are held to the share of valid days of the period that they come nearest to.
var Longer = [...]SlidingDays{
	{"30d", 30, standard.Source{Standard: "Egret", Clause: "as many of 30 days as a month needs", Certainty: standard.Assumed}},
	{"365d", 365, standard.Source{Standard: "Egret", Clause: "the share of a whole year", Certainty: standard.Assumed}},
}

// LongestDays is how many days back the longest of them reaches, its last day included.
const LongestDays = 365

// HasSlidingDays says whether the parameter's days have means of the latest days. Where a value stands for its month
// they have none.
func (c *Course) HasSlidingDays() bool { return c.Month != (Days{}) && !c.Month.Months }

// Needs returns how many of the days must be valid.
func (s *SlidingDays) Needs(c *Course) int {
	if s.Days < LongestDays {
		return c.Month.Needs(s.Days, false)
	}
	share := c.Year.Share()
	return share.Needs(s.Days)
}

// Of returns the mean of the valid days that were added up.
func (s *SlidingDays) Of(c *Course, valid *mean.Means) Figure {
	return Figure{Value: valid.Mean(), Count: valid.Count, Expected: s.Days, Valid: valid.Count >= s.Needs(c)}
}
