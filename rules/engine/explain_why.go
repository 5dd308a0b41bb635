package engine

import (
	"cmp"
	"slices"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// Why is what a figure was made of. Values that are there but not valid have not entered it.
type Why struct {
	Of      string // readings, hours, values, means of 8 hours, days, stations or figures
	Values  []Part
	Missing []Part // without a value
	Note    string // where not all can be listed
}

// Part is a value that a figure is made of.
type Part struct {
	Station   string // in the figure of a city
	Parameter string // in an index or a class
	Start     int64  // of its period, Unix nanoseconds
	Value     mean.Ratio
	Count     int // of the values that it is made of itself; 0 for a reading
	Valid     bool
	Flag      reading.Flag // of a reading
	Reason    string       // why it has no index of its own
}

// notKept stands where hours are older than the store keeps them.
const notKept = "hours are kept for two years: what this was made of is no longer here"

// noteKept says so where the hours are no longer kept.
func (w *Why) noteKept(kept bool) {
	if !kept {
		w.Values, w.Missing, w.Note = nil, nil, notKept
	}
}

// addHour lists an hour, or that it is missing.
func (w *Why) addHour(start int64, h average.Hour) {
	if h.Count == 0 {
		w.Missing = append(w.Missing, Part{Start: start})
		return
	}
	w.Values = append(w.Values, Part{Start: start, Value: mean.Whole(h.Mean), Count: int(h.Count), Valid: h.Valid})
}

// hoursWhy lists the hours from one up to and without another, or the readings that stand for several.
func (e *Engine) hoursWhy(f *feed, r *row, from, to int64) (*Why, error) {
	w := &Why{Of: f.valueWord()}
	for number := from; number < to; number += int64(f.step) {
		hours, err := e.hours(f, r, number, min(number+int64(f.step), to))
		if err != nil {
			return nil, err
		}
		at := max(0, slices.IndexFunc(hours, func(h average.Hour) bool { return h.Count > 0 }))
		w.addHour(e.startOf(number+int64(at)), hours[at])
	}
	w.noteKept(f.hoursKept(from))
	return w, nil
}

// hourWhy lists the readings of an hour, or the stations of a city.
func (e *Engine) hourWhy(f *feed, r *row, number int64) (*Why, error) {
	if f.city != nil {
		return e.stationsWhy(f, e.startOf(number), func(m *feed) (Part, error) {
			own := m.find(r.parameter.Key)
			if own == nil {
				return Part{}, nil
			}
			hours, err := e.hours(m, own, number, number+1)
			if err != nil || hours[0].Count == 0 {
				return Part{}, err
			}
			return Part{Value: mean.Whole(hours[0].Mean), Count: int(hours[0].Count), Valid: hours[0].Valid}, nil
		})
	}
	w := &Why{Of: "readings"}
	from, to := e.startOf(number), e.startOf(number+1)
	if from/hour < e.kept {
		w.Note = "readings are kept for the horizon of late ones: what this was made of is no longer here"
		return w, nil
	}
	for block := from / hour; block*hour < to; block++ {
		if err := e.load(f.stream, block); err != nil {
			return nil, err
		}
		for one := range e.step.block.Rows() {
			if one.Time >= from && one.Time < to && string(one.Parameter) == r.parameter.Key {
				w.Values = append(w.Values, Part{Start: one.Time, Value: mean.Whole(one.Number), Valid: one.Flag.Usable(), Flag: one.Flag})
			}
		}
	}
	slot := (to - from) / int64(f.expected)
	for start := from; start < to; start += slot {
		if !slices.ContainsFunc(w.Values, func(p Part) bool { return p.Start >= start && p.Start < start+slot }) {
			w.Missing = append(w.Missing, Part{Start: start})
		}
	}
	return w, nil
}

// dayWhy lists what the figure of a day is made of.
func (e *Engine) dayWhy(f *feed, r *row, day calendar.Day, first, after int64) (*Why, error) {
	switch {
	case f.city != nil:
		number, index := sheet.YearOf(day)
		return e.stationsWhy(f, e.zone.Start(day), func(m *feed) (Part, error) {
			if err := e.loadYear(m, &e.derived.otherYear, number); err != nil {
				return Part{}, err
			}
			c := e.derived.otherYear.Find(cmp.Or(r.course.DayKey, r.parameter.Key)).At(index)
			return partOf(c), nil
		})
	case r.course.Day == average.DayMaximum && f.step == 1:
		return e.maximumWhy(f, r, first, after)
	default:
		return e.hoursWhy(f, r, first, after)
	}
}

// maximumWhy lists the means of 8 hours that lie in a day.
func (e *Engine) maximumWhy(f *feed, r *row, first, after int64) (*Why, error) {
	w := &Why{Of: "means of 8 hours"}
	window := &r.course.Sliding[0]
	length := int64(window.Hours)
	for from := first; from+length <= after; from++ {
		hours, err := e.hours(f, r, from, from+length)
		if err != nil {
			return nil, err
		}
		slid := window.Slide(r.parameter.Law, hours, f.step)
		if slid.Count == 0 {
			w.Missing = append(w.Missing, Part{Start: e.startOf(from)})
			continue
		}
		w.Values = append(w.Values, Part{Start: e.startOf(from), Value: slid.Value, Count: slid.Count, Valid: slid.Valid})
	}
	w.noteKept(f.hoursKept(first))
	return w, nil
}

// stationsWhy lists what the stations of a city have measured.
func (e *Engine) stationsWhy(f *feed, start int64, of func(member *feed) (Part, error)) (*Why, error) {
	w := &Why{Of: "stations"}
	for _, m := range f.city.members {
		var p Part
		if m.feed != nil {
			var err error
			if p, err = of(m.feed); err != nil {
				return nil, err
			}
		}
		if p.Station, p.Start = m.name, start; p.Value.Known() {
			w.Values = append(w.Values, p)
		} else {
			w.Missing = append(w.Missing, p)
		}
	}
	return w, nil
}

// spanWhy lists the days of a month, quarter or year.
func (e *Engine) spanWhy(row *sheet.Row, span calendar.Span) *Why {
	_, index := sheet.YearOf(span.First)
	var cells []sheet.Cell
	for i := range span.Days() {
		cells = append(cells, row.At(index+i))
	}
	return e.daysWhy(cells, span.First)
}

// daysWhy lists days from the first one on.
func (e *Engine) daysWhy(cells []sheet.Cell, first calendar.Day) *Why {
	w := &Why{Of: "days"}
	for i, c := range cells {
		p := partOf(c)
		if p.Start = e.zone.Start(first + calendar.Day(i)); p.Value.Known() {
			w.Values = append(w.Values, p)
		} else {
			w.Missing = append(w.Missing, p)
		}
	}
	return w
}

// partOf returns the figure of a day, without a value where nothing was measured.
func partOf(c sheet.Cell) Part {
	if c.Empty() {
		return Part{}
	}
	return Part{Value: c.Value(), Count: int(c.Count), Valid: c.Valid}
}
