package engine

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/sheet"
	"egret/rules/water"
)

// manualPrefix begins the names under which the page of a year keeps what was measured by hand: values of a section's
// other periods than the one that feeds its averages, such as a laboratory's of a day.
const manualPrefix = "manual:"

// byHandNeeded is how many values by hand a period needs; one will do for a month.
var byHandNeeded = map[string]int{"month": 1, "quarter": water.DefaultCompleteness.SeasonValues, "year": water.DefaultCompleteness.YearMonths}

// takeManual keeps a value of a water section that does not feed its averages. Of several on a day the last one counts.
func (e *Engine) takeManual(s *station, field *reading.Field, instant int64) error {
	p := e.config.Parameters[string(field.Parameter)]
	if p == nil || p.Domain != reading.Water {
		return nil
	}
	if s.feed == nil {
		s.feed = e.newFeed(s.stream(s.period()))
		s.feed.restored, s.renewed = true, true
	}
	f := s.feed
	if err := e.restoreFeed(f); err != nil {
		return err
	}
	day := e.zone.DayOf(instant)
	number, index := sheet.YearOf(day)
	c := sheet.Cell{}
	if field.Flag.Usable() {
		c = sheet.Cell{Number: field.Number, Divisor: 1, Valid: true, Count: 1}
	}
	if err := e.put(f, sheet.YearPrefix, number, []sheet.Change{{Parameter: manualPrefix + p.Key, Index: index, Cell: c}}); err != nil {
		return err
	}
	from := e.hourOf(e.zone.Start(day))
	f.unsettle(from, from+1)
	if !f.touched {
		f.touched = true
		e.step.touched = append(e.step.touched, f)
	}
	return nil
}

// manual returns the means of what was measured by hand in a span of days, of the page of its year.
func (e *Engine) manual(page *sheet.Page, days calendar.Span, needed int) []water.Measured {
	values := e.derived.byHand[:0]
	for i := range page.Rows {
		row := &page.Rows[i]
		if len(row.Parameter) <= len(manualPrefix) || row.Parameter[:len(manualPrefix)] != manualPrefix {
			continue
		}
		e.derived.span.Begin(false)
		e.addDays(row, days)
		if figure := e.derived.span.Sum(days); figure.Count > 0 {
			values = append(values, water.Measured{Parameter: row.Parameter[len(manualPrefix):], Value: figure.Value.Fixed(), Valid: figure.Count >= needed})
		}
	}
	e.derived.byHand = values
	return values
}
