package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

// State is where a target stands.
type State uint8

// The states. The first five are those of a period that is not over.
const (
	NotEnough  State = iota // not enough valid data to say anything
	Open                    // nothing is decided
	AtRisk                  // it can be met yet, but as things go it will not be
	Impossible              // it will be missed whatever comes
	Safe                    // it will be met whatever comes
	Met
	Missed
	Followed // it has no value to be held against
)

var stateNames = [...]string{"not enough data", "open", "at_risk", "impossible", "safe", "met", "missed", "tracked"}

// String returns the name of the state.
func (s State) String() string { return stateNames[s] }

// Standing is where a target stands when a day is over. It follows from the averages of days up to that one.
type Standing struct {
	Target *Target
	Day    calendar.Day  // the last day that is counted
	Span   calendar.Span // what the target is held for: the year or season of the plan that holds Day
	Limit  reading.Fixed // the target's value for that year
	Due    bool          // it is held against Limit in that year

	Value    mean.Ratio    // to date, exact; no number where nothing is counted
	Compared reading.Fixed // Value as it is compared with Limit
	// Counted is how many valid days, station-days, months, sections or waters (Unit of the counts) Value is made of,
	// Expected how many there could be so far, Remaining how many more there can be until the end of Span.
	Counted, Expected, Remaining int
	Valid                        bool             // Counted is enough
	Verdict                      standard.Verdict // of the value to date
	State                        State

	// Allowance is what is still allowed: of a mean the mean that the remaining days may have, of a share or number how
	// many may yet fail. It is negative where more would have to be made good than is left.
	Allowance      reading.Fixed
	AllowanceKnown bool

	// Projection is what the figure comes to at the end of Span if what remains is as it was last year, or as it was so far
	// where that is not known; between its bounds lie all ways of reckoning it. No number where it cannot be said.
	// ByLastYear says that last year enters it.
	Projection, ProjectionLow, ProjectionHigh mean.Ratio
	ByLastYear                                bool

	// LastYear is the figure of last year's same days, no number where there are none.
	LastYear mean.Ratio

	// Parts is what the figure is made of where people ask first: days by level, sections by class, sites that fail.
	Parts []Part
}

// Part is one thing that a figure counts.
type Part struct {
	Name  string // a station's id, or what is counted
	Label string // in the public's language where there is a word for it: 良, Ⅲ
	Value int    // days, or a class, or a degree
	Fails bool   // it counts against the target
}

// Change returns by how much the value differs from that of last year's same days, no number where one is not known.
func (s *Standing) Change() (reading.Fixed, bool) {
	if !s.Value.Known() || !s.LastYear.Known() {
		return 0, false
	}
	return s.Value.Fixed() - s.LastYear.Fixed(), true
}

// Coverage returns the share of what could be counted so far, 0 to 1.
func (s *Standing) Coverage() float64 {
	if s.Expected == 0 {
		return 0
	}
	return min(1, float64(s.Counted)/float64(s.Expected))
}
