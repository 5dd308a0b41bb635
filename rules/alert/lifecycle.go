package alert

import (
	"time"

	"egret/rules/standard"
)

// Evaluation is a verdict at an instant.
type Evaluation struct {
	At      int64 // Unix nanoseconds of event time
	Begin   int64 // since when a condition that begins with it has held; 0: At
	Verdict standard.Verdict
	// Clears says of a value that meets the limit that it also lies on the good side of the rule's Clear.
	Clears bool
}

func (e *Evaluation) begin() int64 {
	if e.Begin != 0 {
		return e.Begin
	}
	return e.At
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
	case e.Verdict == standard.Exceeds && s.Phase == Inactive && e.At-e.begin() >= int64(wait):
		return State{Firing, e.begin()}, Fired
	case e.Verdict == standard.Exceeds && s.Phase == Inactive:
		return State{Pending, e.begin()}, Began
	case e.Verdict == standard.Exceeds && s.Phase == Pending && e.At-s.Since >= int64(wait):
		return State{Firing, s.Since}, Fired
	case e.Verdict == standard.Meets && s.Phase == Pending:
		return State{}, Ended
	case e.Verdict == standard.Meets && s.Phase == Firing && e.Clears:
		return State{}, Resolved
	default:
		return s, None
	}
}
