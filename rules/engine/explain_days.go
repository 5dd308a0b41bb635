package engine

import (
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
)

// explainDays answers for the mean of the latest 30 or 365 days.
func (e *Engine) explainDays(f *feed, q *question) (Figure, error) {
	r := f.dayRow(q.parameter)
	if r == nil || !r.course.HasSlidingDays() {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	day, err := e.askedDay(f, r, q)
	if err != nil {
		return Figure{}, err
	}
	s := &average.Longer[0]
	if q.period != s.Period {
		s = &average.Longer[1]
	}
	days := calendar.Span{First: day - calendar.Day(s.Days) + 1, Last: day}
	if err := e.loadYears(f, days, nil, 0); err != nil {
		return Figure{}, err
	}
	cells := e.derived.years.cells(q.parameter, days)
	var valid mean.Means
	for _, c := range cells {
		addValid(&valid, c)
	}
	one := q.begin(e, f)
	one.Start, one.End, one.Figure = e.zone.Start(day), e.zone.End(day), s.Of(r.course, &valid)
	if !one.Valid {
		one.Reason = lacking(one.Count, one.Expected, "days", s.Needs(r.course), s.Source)
	}
	one.Judgement = e.judgement(f, &one)
	if q.why {
		one.Why = e.daysWhy(cells, days.First)
	}
	return one, nil
}
