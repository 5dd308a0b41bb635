package engine

import (
	"egret/rules/calendar"
	"egret/rules/plan"
	"egret/rules/sheet"
	"egret/rules/water"
)

// byHandNeeded is how many values by hand a period needs; one will do for a month.
var byHandNeeded = map[string]int{"month": 1, "quarter": water.DefaultCompleteness.SeasonValues, "year": water.DefaultCompleteness.YearMonths}

// classAgain lets the classes of a section be made again that a value by hand of the day enters.
func (e *Engine) classAgain(f *feed, day calendar.Day) {
	from := e.hourOf(e.zone.Start(day))
	f.unsettle(from, from+1)
	if !f.touched {
		f.touched = true
		e.step.touched = append(e.step.touched, f)
	}
}

// manual returns the means of what was measured by hand in a span of days, of the page of its year.
func (e *Engine) manual(page *sheet.Page, days calendar.Span, needed int) []water.Measured {
	values := e.derived.byHand[:0]
	for i := range page.Rows {
		row := &page.Rows[i]
		if len(row.Parameter) <= len(plan.ManualPrefix) || row.Parameter[:len(plan.ManualPrefix)] != plan.ManualPrefix {
			continue
		}
		e.derived.span.Begin(false)
		e.addDays(row, days)
		if figure := e.derived.span.Sum(days); figure.Count > 0 {
			values = append(values, water.Measured{Parameter: row.Parameter[len(plan.ManualPrefix):], Value: figure.Value.Fixed(), Valid: figure.Count >= needed})
		}
	}
	e.derived.byHand = values
	return values
}
