package plan

import (
	"time"

	"egret/rules/calendar"
)

// SpanAt returns the year or season of the plan that holds the day, else the last one that was over by then; false before
// the plan begins. Years are those of the calendar, from the first day of the plan to its last.
func (p *Plan) SpanAt(day calendar.Day) (calendar.Span, bool) {
	for year := min(day, p.Period.Until).Year() + 1; year >= p.Period.From.Year(); year-- {
		span := p.Period.spanOf(year)
		if span.First <= span.Last && span.First <= day {
			return span, true
		}
	}
	return calendar.Span{}, false
}

// spanOf returns the part of the period that is counted as a year's, which is empty where none of it is in the period.
func (p *Period) spanOf(year int) calendar.Span {
	span := p.Season.in(year)
	return calendar.Span{First: max(span.First, p.From), Last: min(span.Last, p.Until)}
}

// in returns the season that ends in the year: the whole year where it is not restricted.
func (s Season) in(year int) calendar.Span {
	if s == (Season{}) {
		return calendar.Date(year, time.January, 1).WholeYear()
	}
	first, last := dateIn(year, s.FromMonth, s.FromDay), dateIn(year, s.UntilMonth, s.UntilDay)
	if first > last {
		first = dateIn(year-1, s.FromMonth, s.FromDay)
	}
	return calendar.Span{First: first, Last: last}
}

// dateIn returns a date of a year; where its month is shorter, such as 29 February, the month's last day.
func dateIn(year, month, day int) calendar.Day {
	first := calendar.Date(year, time.Month(month), 1)
	return min(first+calendar.Day(day-1), first.Month().Last)
}

// dueYear returns the year whose value a span is held against. A season that goes over new year belongs to the year in
// which it ends (an assumption: no plan with such a season was found).
func dueYear(span calendar.Span) int { return span.Last.Year() }

// yearBefore returns the same date of the year before: of 29 February the 28th.
func yearBefore(day calendar.Day) calendar.Day {
	year, month, date := day.Date()
	return dateIn(year-1, int(month), date)
}

// lastYears returns the span of the same dates a year before.
func lastYears(span calendar.Span) calendar.Span {
	return calendar.Span{First: yearBefore(span.First), Last: yearBefore(span.Last)}
}
