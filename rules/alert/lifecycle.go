package alert

import "time"

// Verdict is what an evaluation says.
type Verdict uint8

// The three verdicts. Without enough valid data nothing is known, so nothing changes: no data is never "recovered".
const (
	NotEnough Verdict = iota
	Meets
	Exceeds
)

// Evaluation is a verdict at an instant.
type Evaluation struct {
	At      int64 // Unix nanoseconds of event time
	Verdict Verdict
	// Clears says of a value that meets the limit that it also lies on the good side of the rule's Clear.
	Clears bool
}

// Phase is where an alert stands.
type Phase uint8

// The phases. Pending waits for the rule's For to pass.
const (
	Inactive Phase = iota
	Pending
	Firing
)

// State is the phase of one rule at one station and since when the condition has held.
type State struct {
	Phase Phase
	Since int64 // event time at which the condition began; 0 when inactive
}

// Transition is what an evaluation did to a state.
type Transition uint8

// The transitions. Only Fired and Resolved are told to anyone.
const (
	None Transition = iota
	Began
	Ended // the condition went before For had passed
	Fired
	Resolved
)

// Next returns the state after an evaluation, wait being the rule's For. It depends on nothing else.
func (s State) Next(e Evaluation, wait time.Duration) (State, Transition) {
	switch {
	case e.Verdict == Exceeds && s.Phase == Inactive && wait <= 0:
		return State{Firing, e.At}, Fired
	case e.Verdict == Exceeds && s.Phase == Inactive:
		return State{Pending, e.At}, Began
	case e.Verdict == Exceeds && s.Phase == Pending && e.At-s.Since >= int64(wait):
		return State{Firing, s.Since}, Fired
	case e.Verdict == Meets && s.Phase == Pending:
		return State{}, Ended
	case e.Verdict == Meets && s.Phase == Firing && e.Clears:
		return State{}, Resolved
	default:
		return s, None
	}
}
