package engine

import (
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/plan"
	"egret/rules/water"
)

// classOver returns the class of a section by the means of days that may lie in two years. Of an automatic station the
// means need the share of the days that a year needs, and those of a month at least; what is measured by hand needs the
// share of the months, as a year does.
func (e *Engine) classOver(pages *planAverages, f *feed, days calendar.Span) water.Class {
	values := e.derived.sampled[:0]
	for _, r := range f.rows {
		if r.parameter.Domain != reading.Water || e.startOf(r.since) >= e.zone.End(days.Last) || f.unmonitored(r.parameter.Key) {
			continue
		}
		sum := e.spanMean(pages, f.station.name, r.parameter.Key, days)
		share := r.course.Year.Share()
		needed := max(r.course.Month.Needs(30, false), share.Needs(days.Days()))
		values = append(values, water.Measured{Parameter: r.parameter.Key, Value: sum.Value.Fixed(), Valid: sum.Count >= needed})
	}
	e.derived.sampled = values
	e.derived.chosen = water.Choose(e.derived.chosen[:0], values, e.byHandOver(pages, f, days))
	kind, target := f.station.section()
	water.Judge(&e.derived.section, &e.config.Practice.Water, kind, target, e.derived.chosen)
	return e.derived.section.Class
}

// spanMean returns the mean of the valid days of a parameter, and how many there are.
func (e *Engine) spanMean(pages *planAverages, station, key string, days calendar.Span) average.Figure {
	e.derived.span.Begin(false)
	for first := days.First; first <= days.Last; {
		last := min(days.Last, first.WholeYear().Last)
		e.addDays(pages.Row(station, key, first.Year()), calendar.Span{First: first, Last: last})
		first = last + 1
	}
	return e.derived.span.Sum(days)
}

// byHandOver returns the means of what was measured by hand in the days.
func (e *Engine) byHandOver(pages *planAverages, f *feed, days calendar.Span) []water.Measured {
	values := e.derived.byHand[:0]
	months := 12 * (days.Last.Year() - days.First.Year())
	_, first, _ := days.First.Date()
	_, last, _ := days.Last.Date()
	months += int(last-first) + 1
	needed := max(1, water.DefaultCompleteness.YearMonths*months/12)
	for _, key := range e.keysByHand(pages, f, days) {
		if sum := e.spanMean(pages, f.station.name, plan.ManualPrefix+key, days); sum.Count > 0 {
			values = append(values, water.Measured{Parameter: key, Value: sum.Value.Fixed(), Valid: sum.Count >= needed})
		}
	}
	e.derived.byHand = values
	return values
}

// keysByHand returns what was measured by hand in the years of the days.
func (e *Engine) keysByHand(pages *planAverages, f *feed, days calendar.Span) []string {
	var keys []string
	for year := days.First.Year(); year <= days.Last.Year(); year++ {
		page := pages.page(f.station.name, year)
		if page == nil {
			continue
		}
		for i := range page.Rows {
			if key, ok := strings.CutPrefix(page.Rows[i].Parameter, plan.ManualPrefix); ok && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
