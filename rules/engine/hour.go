package engine

import (
	"slices"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// closeHour keeps an hour that is over and makes what ends with it.
func (e *Engine) closeHour(f *feed, number int64) error {
	start := e.startOf(number)
	day := e.zone.DayOf(start)
	measured := number <= f.open && slices.ContainsFunc(f.rows, func(r *row) bool { return r.cells[place(number)].Count > 0 })
	if measured {
		if err := e.keepHour(f, number); err != nil {
			return err
		}
		if err := e.forgetHour(f, number-keptHours); err != nil {
			return err
		}
	}
	for _, r := range f.rows {
		if err := e.hourAverages(f, r, number, number, false); err != nil {
			return err
		}
	}
	switch {
	case measured:
		e.touchCity(f, number)
		if err := e.assessHour(f, number, false); err != nil {
			return err
		}
	case f.indexed() && e.indexReach() > 0: // the hours before this one may give it an index
		if err := e.hourIndex(f, number, false); err != nil {
			return err
		}
	}
	return e.closeDays(f, day, start+hour)
}

// keptHours is how long hours are kept: two years, so that a new rule or plan has its history at once.
const keptHours = 2 * 366 * 24

// forgetHour deletes an hour that is older than those that are kept.
func (e *Engine) forgetHour(f *feed, number int64) error {
	if !slices.ContainsFunc(f.rows, func(r *row) bool { return r.since <= number }) {
		return nil
	}
	var key [1 + reading.MaxStationID + 5]byte
	return e.step.batch.Delete(sheet.AppendKey(key[:0], sheet.HourPrefix, f.station.id, int32(number)), nil)
}

// changeOf returns the change that keeps an hour on the page of its day.
func changeOf(r *row, index int, h average.Hour) sheet.Change {
	c := sheet.Change{Parameter: r.parameter.Key, Index: index}
	if h.Count > 0 {
		c.Cell = sheet.Cell{Number: h.Mean, Divisor: 1, Valid: h.Valid, Count: h.Count}
	}
	return c
}

// closeDays closes the day, or the noise day with its night, that ends at an instant.
func (e *Engine) closeDays(f *feed, day calendar.Day, end int64) error {
	if end >= e.zone.End(day) {
		if err := e.makeDay(f, day, nil); err != nil {
			return err
		}
	}
	if !f.domains[reading.Noise] {
		return nil
	}
	for _, d := range [...]calendar.Day{day - 1, day} {
		if e.noiseEnd(d) == end {
			return e.makeNoise(f, d)
		}
	}
	return nil
}

// hourAverages makes the average of an hour and of the sliding windows that hold it and end by the hour through.
// again says that they were made before.
func (e *Engine) hourAverages(f *feed, r *row, number, through int64, again bool) error {
	a := &e.derived.hourly
	*a = figure.Average{Station: f.station.name, Parameter: r.parameter.Key}
	if f.step == 1 {
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		if h := hours[0]; h.Count > 0 || again {
			a.Period, a.Start, a.Figure = "1h", e.startOf(number), hourFigure(h, f.expected)
			if err := e.average(f, a, e.startOf(number+1), f.newest(number)); err != nil {
				return err
			}
		}
	}
	for i := range r.course.Sliding {
		s := &r.course.Sliding[i]
		length := int64(s.Hours)
		a.Period = slidingName(s.Hours)
		for last := number; last <= min(through, number+length-1); last++ {
			hours, err := e.hours(f, r, e.slidesFrom(r, last-length+1, last), last+1)
			if err != nil {
				return err
			}
			a.Figure = s.Slide(r.parameter.Law, hours, f.step)
			if a.Count == 0 && !again {
				continue
			}
			a.Start = e.startOf(last - length + 1)
			if err := e.average(f, a, e.startOf(last+1), f.newest(last)); err != nil {
				return err
			}
		}
	}
	return nil
}

// newest says whether what ends with an hour is the latest there is: the hour is the last that is over, or nothing was
// measured since. Else a station whose values are always late would never have a newest figure: the clock closes the
// hours after them as empty ones.
func (f *feed) newest(number int64) bool { return number >= min(f.closed-1, f.last) }

// slidesFrom returns the first hour of a window that ends with the hour last. That of ozone may begin anew at midnight.
func (e *Engine) slidesFrom(r *row, first, last int64) int64 {
	if !e.config.Practice.OzoneRestart || r.course.Day != average.DayMaximum {
		return first
	}
	return max(first, e.hourOf(e.zone.Start(e.zone.DayOf(e.startOf(last)))))
}

// hourFigure returns an hour as a figure of the readings in it.
func hourFigure(h average.Hour, expected int) average.Figure {
	f := average.Figure{Count: int(h.Count), Expected: expected, Valid: h.Valid}
	if h.Count > 0 {
		f.Value = mean.Whole(h.Mean)
	}
	return f
}

// remakeHour makes an hour anew from the readings that are there. If it was closed, all that it belongs to is made
// anew as well.
func (e *Engine) remakeHour(f *feed, number int64) error {
	fresh, err := e.readHour(f, number)
	if err != nil {
		return err
	}
	if number >= f.closed {
		if number == f.open {
			for i, r := range f.rows {
				r.total, r.peak = fresh[i].total, fresh[i].peak
			}
			return nil
		}
		for i, r := range f.rows {
			r.cells[place(number)] = fresh[i].hour(f.expected)
		}
		f.last = max(f.last, number)
		return nil
	}
	return e.reviseWith(f, number, func(i int) average.Hour { return fresh[i].hour(f.expected) })
}

// reviseWith makes anew what belongs to a closed hour, as far as its rows are no longer what they were.
func (e *Engine) reviseWith(f *feed, number int64, fresh func(row int) average.Hour) error {
	changed := e.derived.changed[:0]
	page, err := e.pastPage(f, number)
	if err != nil {
		return err
	}
	day, index := e.zone.Hour(e.startOf(number))
	for i, r := range f.rows {
		was, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		h := fresh(i)
		if h == was[0] {
			continue
		}
		changed = append(changed, r)
		if page == nil {
			r.cells[place(number)] = h
		} else {
			c := changeOf(r, index, h)
			page.Set(c.Parameter, c.Index, c.Cell)
		}
	}
	e.derived.changed = changed
	if len(changed) == 0 {
		return nil
	}
	if err := e.keepHour(f, number); err != nil {
		return err
	}
	return e.revise(f, number, day, changed)
}

// pastPage returns the page of an hour that is older than the ring, nil for one in it.
func (e *Engine) pastPage(f *feed, number int64) (*sheet.Page, error) {
	if number > f.open-ring {
		return nil, nil
	}
	return e.dayPage(f, e.zone.DayOf(e.startOf(number)))
}

// revise makes anew what a closed hour belongs to of which rows were changed.
func (e *Engine) revise(f *feed, number int64, day calendar.Day, changed []*row) error {
	f.revising = true
	defer func() { f.revising = false }()
	f.last = max(f.last, number)
	for _, r := range changed {
		if err := e.hourAverages(f, r, number, f.closed-1, true); err != nil {
			return err
		}
	}
	e.touchCity(f, number)
	if err := e.assessHour(f, number, true); err != nil {
		return err
	}
	start := e.startOf(number)
	if e.startOf(f.closed) >= e.zone.End(day) {
		if err := e.makeDay(f, day, changed); err != nil {
			return err
		}
	}
	for _, d := range [...]calendar.Day{day - 1, day} {
		if f.domains[reading.Noise] && start >= e.noiseStart(d) && start < e.noiseEnd(d) && e.startOf(f.closed) >= e.noiseEnd(d) {
			return e.makeNoise(f, d)
		}
	}
	return nil
}

// readHour adds up the readings of an hour as the hour store has them, one for each row.
func (e *Engine) readHour(f *feed, number int64) ([]row, error) {
	if len(f.rows) > cap(e.derived.fresh) {
		e.derived.fresh = make([]row, len(f.rows))
	}
	fresh := e.derived.fresh[:len(f.rows)]
	for i, r := range f.rows {
		fresh[i].parameter, fresh[i].course = r.parameter, r.course
		fresh[i].total, fresh[i].peak = mean.Total{Law: r.parameter.Law}, 0
	}
	from, to := e.startOf(number), e.startOf(number+1)
	for block := from / hour; block*hour < to; block++ {
		if err := e.load(f.stream, block); err != nil {
			return nil, err
		}
		for reading := range e.step.block.Rows() {
			if reading.Time < from || reading.Time >= to || !reading.Flag.Usable() {
				continue
			}
			for i, r := range f.rows {
				if r.parameter.Key == string(reading.Parameter) {
					fresh[i].add(reading.Number)
					break
				}
			}
		}
	}
	return fresh, nil
}
