package engine

import (
	"slices"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// makeDay makes the figures of a day that is over, and of the months, quarters and years that hold it: of all rows, or
// of those that were changed.
func (e *Engine) makeDay(f *feed, day calendar.Day, changed []*row) error {
	rows, again := changed, changed != nil
	if !again {
		rows = f.rows
	}
	start, end := e.zone.Start(day), e.zone.End(day)
	first, after := e.hourOf(start), e.hourOf(end-1)+1
	number, index := sheet.YearOf(day)
	page := &e.derived.year
	if err := e.loadYear(f, page, number); err != nil {
		return err
	}
	made := e.derived.made[:0]
	changes := e.derived.changes[:0]
	for _, r := range rows {
		hours, err := e.hours(f, r, first, after)
		if err != nil {
			return err
		}
		d, ok := e.dayFigure(f, r, day, hours)
		if f.city != nil {
			if d, err = e.cityDay(f, r, day); err != nil {
				return err
			}
		}
		cell := sheet.CellOf(d.Value, d.Count, d.Valid)
		if was := page.Find(d.key).At(index); !ok || (cell.Empty() && was.Empty()) || (again && cell == was) {
			continue
		}
		page.Set(d.key, index, cell)
		changes = append(changes, sheet.Change{Parameter: d.key, Index: index, Cell: cell})
		made = append(made, d)
	}
	e.derived.made, e.derived.changes = made, changes
	if err := e.put(f, sheet.YearPrefix, number, changes); err != nil {
		return err
	}
	for i := range made {
		d := &made[i]
		a := figure.Average{Station: f.station.name, Parameter: d.key, Period: "day", Start: start, Figure: d.Figure}
		if err := e.average(f, &a, end, day >= e.newestDay(f)); err != nil {
			return err
		}
		if err := e.makeSpans(f, page, d, day); err != nil {
			return err
		}
	}
	// The day's index may take the largest hour of a row whose figure of the day has not changed.
	if len(made) == 0 && !slices.ContainsFunc(changed, func(r *row) bool { return r.course.DayKey != "" }) {
		return nil
	}
	return e.assessDay(f, page, day, again)
}

// dayFigure is the figure of a day as it is made, with the parameter it is stored under.
type dayFigure struct {
	key    string
	course *average.Course
	average.Figure
}

// dayFigure makes the day's figure of a row. It returns false where the row has none.
func (e *Engine) dayFigure(f *feed, r *row, day calendar.Day, hours []average.Hour) (dayFigure, bool) {
	d := dayFigure{key: r.parameter.Key, course: r.course}
	if f.step >= 24 { // the station makes the day's figure itself
		d.Figure = average.Mean(r.parameter.Law, hours)
		d.Expected, d.Valid = 1, d.Count > 0
		return d, true
	}
	if r.course.Day == average.NoDay || (r.course.Day == average.DayMaximum && f.step > 1) {
		return d, false
	}
	limit := reading.Fixed(0)
	if r.course.DayKey != "" {
		d.key = r.course.DayKey
		limit = e.dayLimit(f, d.key, day)
	}
	d.Figure = r.course.DayOf(r.parameter.Law, hours, f.step, limit)
	return d, true
}

// dayLimit returns the limit of a day's figure at the station, 0 where there is none.
func (e *Engine) dayLimit(f *feed, key string, day calendar.Day) reading.Fixed {
	if edition := air.LimitsAt(day); edition != nil {
		if limit, ok := edition.Limit(key, air.Day, f.station.grade()); ok {
			return limit.Value
		}
	}
	return 0
}

// lastDay returns the last day of a feed that is over.
func (e *Engine) lastDay(f *feed) calendar.Day {
	over := e.startOf(f.closed)
	last := e.zone.DayOf(over - 1)
	if e.zone.End(last) > over {
		last--
	}
	return last
}

// newestDay returns the day from which on figures of days are the latest there are, see [feed.newest].
func (e *Engine) newestDay(f *feed) calendar.Day {
	return min(e.lastDay(f), e.zone.DayOf(e.startOf(f.last)))
}

// makeSpans makes the month, quarter and year that hold a day, and what had passed of the year on each day since.
func (e *Engine) makeSpans(f *feed, page *sheet.Page, d *dayFigure, day calendar.Day) error {
	if d.course.Month == (average.Days{}) {
		return nil
	}
	cells := page.Find(d.key)
	whole := day.WholeYear()
	last := min(e.lastDay(f), whole.Last)
	newest := e.newestDay(f)
	a := figure.Average{Station: f.station.name, Parameter: d.key}
	make := func(period string, span calendar.Span, sum func(*average.Span) average.Figure) error {
		e.derived.span.Begin(false)
		e.addDays(cells, calendar.Span{First: span.First, Last: min(span.Last, last)})
		a.Period, a.Start, a.Figure = period, e.zone.Start(span.First), sum(&e.derived.span)
		return e.average(f, &a, e.zone.End(min(span.Last, last)), span.Last >= newest)
	}
	month, quarter := day.Month(), day.Quarter()
	if err := make("month", month, func(s *average.Span) average.Figure { return s.Month(d.course, month) }); err != nil {
		return err
	}
	if err := make("quarter", quarter, func(s *average.Span) average.Figure { return s.Quarter(d.course, quarter) }); err != nil {
		return err
	}
	return e.makeYear(f, cells, d, day, last, newest)
}

// makeYear makes the year that holds a day, as far as it has passed, and what had passed of it on the day and on each
// one since.
func (e *Engine) makeYear(f *feed, cells *sheet.Row, d *dayFigure, day, last, newest calendar.Day) error {
	whole, span := day.WholeYear(), &e.derived.span
	a := figure.Average{Station: f.station.name, Parameter: d.key, Percentile: d.course.Percentile}
	span.Begin(a.Percentile > 0)
	e.addDays(cells, calendar.Span{First: whole.First, Last: day - 1})
	for through := day; through <= last; through++ {
		e.addDays(cells, calendar.Span{First: through, Last: through})
		empty := cells.At(int(through - whole.First)).Empty()
		if empty && through > day {
			continue // nothing is made on that day
		}
		a.Period, a.Start, a.Figure, a.AtPercentile = "ytd", e.zone.Start(through), average.Figure{}, mean.Ratio{}
		if !empty { // else what was made is taken back
			a.Figure, a.AtPercentile = span.ToDate(d.course, through), span.Percentile(a.Percentile)
		}
		if err := e.average(f, &a, e.zone.End(through), through >= newest); err != nil {
			return err
		}
	}
	a.Period, a.Start, a.Figure, a.AtPercentile = "year", e.zone.Start(whole.First), span.Year(d.course, whole), span.Percentile(a.Percentile)
	return e.average(f, &a, e.zone.End(last), whole.Last >= newest)
}

func (e *Engine) addDays(cells *sheet.Row, days calendar.Span) {
	if cells == nil || days.First > days.Last {
		return
	}
	_, index := sheet.YearOf(days.First)
	_, month, _ := days.First.Date()
	end := days.First.Month().Last
	for d := days.First; d <= days.Last; d++ {
		if d > end {
			month, end = month+1, d.Month().Last
		}
		e.derived.span.Add(month, cells.At(index))
		index++
	}
}
