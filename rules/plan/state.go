package plan

import (
	"cmp"

	"egret/rules/mean"
	"egret/rules/standard"
)

// foreseenAfter is the part of a span, 1/foreseenAfter, that must be over before its own days alone say that a target is
// at risk: an assumption, so that a dusty January is no alert for the year.
const foreseenAfter = 4

// foreseen says whether enough is known for the projection to put a target at risk.
func (s *Standing) foreseen() bool {
	elapsed := int(s.Day-s.Span.First) + 1
	return s.Projection.Known() && (s.ByLastYear || foreseenAfter*elapsed >= s.Span.Days())
}

// endState is where a target stands when its span is over.
func endState(v standard.Verdict) State {
	switch v {
	case standard.Meets:
		return Met
	case standard.Exceeds:
		return Missed
	default:
		return NotEnough
	}
}

// proven judges a figure of which it is known only that it lies between two others.
func (p *promise) proven(lowest, highest mean.Ratio) standard.Verdict {
	if !lowest.Known() || !highest.Known() {
		return standard.NotEnough
	}
	some, all := false, true
	for order := p.order(lowest); order <= p.order(highest); order++ {
		holds := p.comparison.holds(order)
		some, all = some || holds, all && holds
	}
	switch {
	case !some:
		return standard.Exceeds
	case all:
		return standard.Meets
	default:
		return standard.NotEnough
	}
}

// order returns -1, 0 or 1 as a figure lies below, on or above the limit, as it is compared.
func (p *promise) order(figure mean.Ratio) int {
	if p.rounded {
		return cmp.Compare(p.compared(figure), p.limit)
	}
	return figure.Compare(p.limit)
}
