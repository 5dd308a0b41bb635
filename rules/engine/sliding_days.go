package engine

import (
	"slices"
	"strings"

	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// slideDays makes the means of the latest 30 and 365 days that hold days of which figures were made: those that end with
// one of them and, where they were made anew, those that end on later days. page is that of a year as it stands.
func (e *Engine) slideDays(f *feed, page *sheet.Page, year int32, made []dayFigure) error {
	if len(made) == 0 {
		return nil
	}
	slices.SortStableFunc(made, func(a, b dayFigure) int { return strings.Compare(a.key, b.key) }) // they came year by year
	first, last := made[0].day, made[0].day
	for i := range made {
		first, last = min(first, made[i].day), max(last, made[i].day)
	}
	days := calendar.Span{First: first - average.LongestDays + 1, Last: max(last, min(e.lastDay(f), last+average.LongestDays-1))}
	if err := e.loadYears(f, days, page, int(year)); err != nil {
		return err
	}
	for len(made) > 0 {
		same := 1
		for same < len(made) && made[same].key == made[0].key {
			same++
		}
		cells := e.derived.years.cells(made[0].key, days)
		for k := range average.Longer {
			if err := e.slide(f, &average.Longer[k], cells, days, made[:same]); err != nil {
				return err
			}
		}
		made = made[same:]
	}
	return nil
}

// slide makes one sliding mean of a parameter for the windows that hold days of which figures were made. cells are the
// figures of days, which begin as early as the first of the windows may.
func (e *Engine) slide(f *feed, s *average.SlidingDays, cells []sheet.Cell, days calendar.Span, made []dayFigure) error {
	back := calendar.Day(s.Days) - 1
	for len(made) > 0 {
		same, through := 1, made[0].day+back
		for same < len(made) && made[same].day <= through+1 {
			through = made[same].day + back
			same++
		}
		first := int(made[0].day - days.First - back)
		if err := e.slideOn(f, s, cells[first:], made[:same], min(through, days.Last)); err != nil {
			return err
		}
		made = made[same:]
	}
	return nil
}

// slideOn makes one sliding mean for the days from the first that was made through another. cells are those of the days
// of which the first is made, and of all that follow.
func (e *Engine) slideOn(f *feed, s *average.SlidingDays, cells []sheet.Cell, made []dayFigure, through calendar.Day) error {
	var valid mean.Means
	for _, c := range cells[:s.Days-1] {
		addValid(&valid, c)
	}
	newest, from, course := e.newestDay(f), made[0].day, made[0].course
	a := figure.Average{Station: f.station.name, Parameter: made[0].key, Period: s.Period}
	for last := from; last <= through; last++ {
		at := int(last-from) + s.Days - 1
		today := cells[at]
		addValid(&valid, today)
		if last > from {
			removeValid(&valid, cells[at-s.Days])
		}
		changed := len(made) > 0 && made[0].day == last
		if changed {
			made = made[1:]
		}
		if today.Empty() && !changed {
			continue // nothing is made on that day
		}
		a.Start, a.Figure = e.zone.Start(last), average.Figure{}
		if !today.Empty() { // else what was made is taken back
			a.Figure = s.Of(course, &valid)
		}
		if err := e.average(f, &a, e.zone.End(last), last >= newest); err != nil {
			return err
		}
	}
	return nil
}

func addValid(to *mean.Means, c sheet.Cell) {
	if !c.Empty() && c.Valid {
		to.Add(c.Value())
	}
}

func removeValid(from *mean.Means, c sheet.Cell) {
	if !c.Empty() && c.Valid {
		from.Remove(c.Value())
	}
}

// years are the pages of some years of a station, one after the other.
type years struct {
	first  int
	pages  []*sheet.Page
	memory []*sheet.Page
	run    []sheet.Cell
}

// loadYears reads the pages of the years that a run of days lies in. own, nil where there is none, is that of a year as
// it stands, and is not read again.
func (e *Engine) loadYears(f *feed, days calendar.Span, own *sheet.Page, ownYear int) error {
	y := &e.derived.years
	y.first, y.pages = days.First.Year(), y.pages[:0]
	for year := y.first; year <= days.Last.Year(); year++ {
		if own != nil && year == ownYear {
			y.pages = append(y.pages, own)
			continue
		}
		for len(y.memory) <= len(y.pages) {
			y.memory = append(y.memory, new(sheet.Page))
		}
		page := y.memory[len(y.pages)]
		if err := e.loadYear(f, page, int32(year)); err != nil {
			return err
		}
		y.pages = append(y.pages, page)
	}
	return nil
}

// cells returns the figures of a parameter on a run of days, those of days without one empty. They are valid until the
// next call.
func (y *years) cells(parameter string, days calendar.Span) []sheet.Cell {
	y.run = y.run[:0]
	day := days.First
	for _, page := range y.pages {
		row, whole := page.Find(parameter), day.WholeYear()
		for ; day <= min(days.Last, whole.Last); day++ {
			y.run = append(y.run, row.At(int(day-whole.First)))
		}
	}
	return y.run
}
