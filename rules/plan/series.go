package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

// series is a figure that is made of the days of a span, and that the remaining ones may still change.
type series interface {
	// through counts the days up to one. It is called with one day after the other.
	through(day calendar.Day)
	// stand fills in the figure to date, of how much it is made, and that of last year's same days.
	stand(s *Standing)
	// bounds returns between which figures the span may end, with the days that are missing so far or those that remain.
	// They are no numbers where there is nothing to make a figure of.
	bounds(missing, remaining bool) (lowest, highest mean.Ratio)
	// allowance returns what the remaining days may have, or how many of them may fail; false where that cannot be said.
	allowance(held *promise) (reading.Fixed, bool)
	// project returns what the figure comes to at the end of the span.
	project() projection
}

// seriesReckoner reckons a target whose figure is a series.
type seriesReckoner struct{ series }

func (r *seriesReckoner) reckon(s *Standing, held *promise) {
	r.through(s.Day)
	r.stand(s)
	if s.Value.Known() {
		s.Compared = held.compared(s.Value)
	}
	if s.Valid {
		r.project().fill(s)
	}
	if !s.Due {
		s.State = Followed
		return
	}
	if s.Value.Known() {
		s.Verdict, s.State = r.judge(s, held)
	}
	if s.Remaining > 0 {
		s.Allowance, s.AllowanceKnown = r.allowance(held)
	}
}

// judge says whether the value to date, which there is, keeps the promise, and where the target stands. What the remaining
// days may come to is reckoned as if all of them were valid. Where there is not enough data so far, there is a verdict only
// if it is the same whatever the missing days and the remaining ones have.
func (r *seriesReckoner) judge(s *Standing, held *promise) (standard.Verdict, State) {
	fate := held.proven(r.bounds(!s.Valid, true))
	verdict := fate
	if s.Valid {
		verdict = standard.Of(held.keptBy(s.Value))
	}
	switch {
	case s.over():
		return verdict, endState(verdict)
	case fate == standard.Exceeds:
		return verdict, Impossible
	case fate == standard.Meets:
		return verdict, Safe
	case !s.Valid:
		return verdict, NotEnough
	case s.foreseen() && !held.keptBy(s.Projection):
		return verdict, AtRisk
	default:
		return verdict, Open
	}
}
