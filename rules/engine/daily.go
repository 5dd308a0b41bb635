package engine

import (
	"math"
	"slices"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// closeDay makes the figures of a day that is over, and of the months, quarters and years that hold it.
func (e *Engine) closeDay(f *feed, day calendar.Day) error {
	v := &e.derived.revision
	v.reset()
	for _, r := range f.rows {
		row := v.of(r)
		row.days = append(row.days, day)
	}
	return e.makeDaysOf(f, v)
}

// makeDays makes the figures of the days anew that hold changed hours, as far as they are over.
func (e *Engine) makeDays(f *feed, v *revision) error {
	if len(v.days) > 0 {
		for _, r := range f.rows {
			v.of(r)
		}
	}
	over := e.lastDay(f)
	v.days = slices.DeleteFunc(v.days, func(day calendar.Day) bool { return day > over })
	for i := range v.rows {
		r := &v.rows[i]
		r.days = merge(e.daysOf(r.days, f, r.hours), v.days)
	}
	return e.makeDaysOf(f, v)
}

// makeDaysOf makes the figures of days of rows, year by year, and what they say together.
func (e *Engine) makeDaysOf(f *feed, v *revision) error {
	e.derived.warned, e.derived.slid = e.derived.warned[:0], e.derived.slid[:0]
	number, classed := int32(math.MinInt32), v.classed
	for {
		first := calendar.Day(math.MaxInt32)
		for i := range v.rows {
			if r := &v.rows[i]; r.to < len(r.days) {
				first = min(first, r.days[r.to])
			}
		}
		if len(classed) > 0 {
			first = min(first, classed[0])
		}
		if first == math.MaxInt32 {
			break
		}
		last := first.WholeYear().Last
		for i := range v.rows {
			r := &v.rows[i]
			for r.from = r.to; r.to < len(r.days) && r.days[r.to] <= last; r.to++ {
			}
		}
		count := 0
		for count < len(classed) && classed[count] <= last {
			count++
		}
		number, _ = sheet.YearOf(first)
		if err := e.makeYearDays(f, v.rows, number, classed[:count]); err != nil {
			return err
		}
		classed = classed[count:]
	}
	// What looks back over the turn of a year is made when both years are.
	if err := e.slideDays(f, &e.derived.year, number, e.derived.slid); err != nil {
		return err
	}
	if err := e.warnDays(f, e.derived.warned, number); err != nil || len(e.derived.warned) == 0 {
		return err
	}
	return e.warnAhead(f, nil, 0)
}

// makeYearDays makes the figures of days of rows that lie in one year; classed are days of it whose classes are made
// anew although no figure of them was changed.
func (e *Engine) makeYearDays(f *feed, rows []revised, number int32, classed []calendar.Day) error {
	page := &e.derived.year
	if err := e.loadYear(f, page, number); err != nil {
		return err
	}
	if err := e.loadMembers(f, number); err != nil {
		return err
	}
	changes, made, assessed := e.derived.changes[:0], e.derived.made[:0], e.derived.assessed[:0]
	for i := range rows {
		r := rows[i].row
		for _, day := range rows[i].days[rows[i].from:rows[i].to] {
			d, ok, err := e.dayOf(f, r, day)
			if err != nil {
				return err
			}
			_, index := sheet.YearOf(day)
			cell, was := sheet.CellOf(d.Value, d.Count, d.Valid), page.Find(d.key).At(index)
			if f.revising && r.course.DayKey != "" {
				assessed = append(assessed, day) // its index may take the largest hour of a row whose figure has not changed
			}
			if !ok || (cell.Empty() && was.Empty()) || (f.revising && cell == was) {
				continue
			}
			if e.muted && cell.Count < was.Count && f.city == nil {
				if whole, err := e.wholeDay(f, &rows[i], day, was); err != nil {
					return err
				} else if !whole {
					continue
				}
			}
			page.Set(d.key, index, cell)
			changes = append(changes, sheet.Change{Parameter: d.key, Index: index, Cell: cell})
			made, assessed = append(made, d), append(assessed, day)
		}
	}
	e.derived.made, e.derived.changes = made, changes
	if err := e.put(f, sheet.YearPrefix, number, changes); err != nil {
		return err
	}
	if err := e.handOnDays(f, page, made); err != nil {
		return err
	}
	e.derived.assessed = merge(assessed, classed)
	return e.assessDays(f, page, e.derived.assessed)
}

// handOnDays hands the figures of days on, row by row, and makes what holds them.
func (e *Engine) handOnDays(f *feed, page *sheet.Page, made []dayFigure) error {
	newest := e.newestDay(f)
	for len(made) > 0 {
		same := 0
		for same < len(made) && made[same].key == made[0].key {
			d := &made[same]
			a := figure.Average{Station: f.station.name, Parameter: d.key, Period: "day", Start: e.zone.Start(d.day), Figure: d.Figure}
			if err := e.average(f, &a, e.zone.End(d.day), d.day >= newest); err != nil {
				return err
			}
			same++
		}
		if err := e.makeSpans(f, page, made[:same]); err != nil {
			return err
		}
		if made[0].course.HasSlidingDays() {
			e.derived.slid = append(e.derived.slid, made[:same]...)
		}
		made = made[same:]
	}
	return nil
}

// dayOf makes the day's figure of a row, of a city that of its members. It returns false where the row has none.
func (e *Engine) dayOf(f *feed, r *row, day calendar.Day) (dayFigure, bool, error) {
	start, end := e.zone.Start(day), e.zone.End(day)
	hours, err := e.hours(f, r, e.hourOf(start), e.hourOf(end-1)+1)
	if err != nil {
		return dayFigure{}, false, err
	}
	d, ok := e.dayFigure(f, r, day, hours)
	if f.city != nil {
		d = e.cityDay(f, r, day)
	}
	d.day = day
	return d, ok, nil
}

// dayFigure is the figure of a day as it is made, with the parameter it is stored under.
type dayFigure struct {
	key    string
	day    calendar.Day
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

// makeSpans makes the months, quarters and the year that hold days of one row, and what had passed of the year on each
// day since the first of them.
func (e *Engine) makeSpans(f *feed, page *sheet.Page, made []dayFigure) error {
	course := made[0].course
	if course.Month == (average.Days{}) {
		return nil
	}
	cells := page.Find(made[0].key)
	last := min(e.lastDay(f), made[0].day.WholeYear().Last)
	newest := e.newestDay(f)
	a := figure.Average{Station: f.station.name, Parameter: made[0].key}
	make := func(period string, span calendar.Span, sum func(*average.Span) average.Figure) error {
		e.derived.span.Begin(false)
		e.addDays(cells, calendar.Span{First: span.First, Last: min(span.Last, last)})
		a.Period, a.Start, a.Figure = period, e.zone.Start(span.First), sum(&e.derived.span)
		return e.average(f, &a, e.zone.End(min(span.Last, last)), span.Last >= newest)
	}
	through := made[0].day - 1 // the last day of the months that are made
	for i := range made {
		if made[i].day <= through {
			continue
		}
		month := made[i].day.Month()
		through = month.Last
		if err := make("month", month, func(s *average.Span) average.Figure { return s.Month(course, month) }); err != nil {
			return err
		}
	}
	through = made[0].day - 1
	for i := range made {
		if made[i].day <= through {
			continue
		}
		quarter := made[i].day.Quarter()
		through = quarter.Last
		if err := make("quarter", quarter, func(s *average.Span) average.Figure { return s.Quarter(course, quarter) }); err != nil {
			return err
		}
	}
	return e.makeYear(f, cells, made, last, newest)
}

// makeYear makes the year that holds days of one row, as far as it has passed, and what had passed of it on the first of
// them and on each day since.
func (e *Engine) makeYear(f *feed, cells *sheet.Row, made []dayFigure, last, newest calendar.Day) error {
	course, first := made[0].course, made[0].day
	whole, span := first.WholeYear(), &e.derived.span
	a := figure.Average{Station: f.station.name, Parameter: made[0].key, Percentile: course.Percentile}
	span.Begin(a.Percentile > 0)
	e.addDays(cells, calendar.Span{First: whole.First, Last: first - 1})
	for through := first; through <= last; through++ {
		e.addDays(cells, calendar.Span{First: through, Last: through})
		empty := cells.At(int(through - whole.First)).Empty()
		changed := len(made) > 0 && made[0].day == through
		if changed {
			made = made[1:]
		}
		if empty && !changed {
			continue // nothing is made on that day
		}
		a.Period, a.Start, a.Figure, a.AtPercentile = "ytd", e.zone.Start(through), average.Figure{}, mean.Ratio{}
		if !empty { // else what was made is taken back
			a.Figure, a.AtPercentile = span.ToDate(course, through), span.Percentile(a.Percentile)
		}
		if err := e.average(f, &a, e.zone.End(through), through >= newest); err != nil {
			return err
		}
	}
	a.Period, a.Start, a.Figure, a.AtPercentile = "year", e.zone.Start(whole.First), span.Year(course, whole), span.Percentile(a.Percentile)
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
