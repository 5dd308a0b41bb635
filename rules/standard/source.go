package standard

import "egret/rules/calendar"

// Certainty says how well a number or rule is known to be what its source orders. What is not seen in a source is a
// default that can be set otherwise and names itself in the output.
type Certainty uint8

// From best to least known.
const (
	Seen       Certainty = iota // read in the standard itself
	Reported                    // read in a second source
	Remembered                  // from memory, not found in any source
	Assumed                     // a choice of this project, no rule
)

var certaintyNames = [...]string{"seen in the standard", "seen in a secondary source", "from memory: verify before relying on it", "assumption of this project"}

// String returns the mark in words.
func (c Certainty) String() string { return certaintyNames[c] }

// Source says where a number or a rule comes from.
type Source struct {
	Standard  string // with its edition, such as GB 3095-2026
	Clause    string // such as table 1, transitional
	Certainty Certainty
}

// Validity is the span of days on which an edition holds for data of those days. A zero Until is open.
type Validity struct {
	From, Until calendar.Day // both included
}

// Covers says whether the edition holds for data of the day.
func (v Validity) Covers(d calendar.Day) bool {
	return d >= v.From && (v.Until == 0 || d <= v.Until)
}
