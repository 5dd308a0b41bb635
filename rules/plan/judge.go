package plan

import (
	"egret/rules/calendar"
)

// Judge returns where the target stands after each of the days, which are over and lie in one span of the plan; days
// outside of it are left out. It is a pure function of its arguments, and reads no day that comes after those.
func (p *Plan) Judge(t *Target, members *Members, averages Averages, days calendar.Span) []Standing {
	span, ok := p.SpanAt(days.Last)
	days = calendar.Span{First: max(days.First, span.First), Last: min(days.Last, span.Last)}
	if !ok || days.First > days.Last {
		return nil
	}
	limit, due := t.Due(dueYear(span))
	held := t.promise(limit, span.Last)
	r := t.reckonerOf(members, averages, span, days.Last)
	standings := make([]Standing, days.Days())
	for i := range standings {
		s := &standings[i]
		*s = Standing{Target: t, Day: days.First + calendar.Day(i), Span: span, Limit: limit, Due: due}
		r.reckon(s, &held)
	}
	return standings
}

// reckoner fills in where a target stands. It is asked day after day.
type reckoner interface {
	reckon(s *Standing, held *promise)
}

// reckonerOf returns what reckons the target in a span, of whose days those up to the last are over.
func (t *Target) reckonerOf(members *Members, averages Averages, span calendar.Span, last calendar.Day) reckoner {
	switch t.Metric {
	case Indicator:
		return newReports(t, members, averages, span, last)
	case Sections, Worse, Section, OdourShare, OdourCount:
		return newTallies(t, members, averages, span)
	case Mean, Maximum, Minimum, Percentile:
		return &seriesReckoner{newValues(t, members, averages, span, last)}
	default:
		return &seriesReckoner{newShares(t, members, averages, span, last)}
	}
}

// over says whether the last day of the span is.
func (s *Standing) over() bool { return s.Day >= s.Span.Last }
