// Package standard holds the words in which a figure is judged: the three verdicts, the standard and clause a number
// comes from, and how sure we are of it.
package standard

// Verdict is what a figure says of a limit.
type Verdict uint8

// The three verdicts. Without enough valid data nothing is known: no data is never "recovered".
const (
	NotEnough Verdict = iota
	Meets
	Exceeds
)

var verdictNames = [...]string{"not enough valid data", "meets", "exceeds"}

// String returns the verdict in words.
func (v Verdict) String() string { return verdictNames[v] }

// Of returns Meets or Exceeds.
func Of(meets bool) Verdict {
	if meets {
		return Meets
	}
	return Exceeds
}

// Known returns whether the limit is met, nil where there is not enough valid data: how a verdict stands in JSON.
func (v Verdict) Known() *bool {
	if v == NotEnough {
		return nil
	}
	meets := v == Meets
	return &meets
}
