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
		if err := e.hourAverages(f, r, number); err != nil {
			return err
		}
	}
	switch {
	case measured:
		e.touchCity(f, number)
		if err := e.assessHour(f, number); err != nil {
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
		if err := e.closeDay(f, day); err != nil {
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

// hourAverages makes the average of an hour that is over and the sliding ones that end with it.
func (e *Engine) hourAverages(f *feed, r *row, number int64) error {
	if f.step == 1 {
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		if hours[0].Count > 0 {
			if err := e.hourAverage(f, r, number, hours[0]); err != nil {
				return err
			}
		}
	}
	for i := range r.course.Sliding {
		s := &r.course.Sliding[i]
		hours, err := e.hours(f, r, e.slidesFrom(r, number-int64(s.Hours)+1, number), number+1)
		if err != nil {
			return err
		}
		if err := e.slidingAverage(f, r, s, number, hours); err != nil {
			return err
		}
	}
	return nil
}

// hourAverage makes the average of an hour.
func (e *Engine) hourAverage(f *feed, r *row, number int64, h average.Hour) error {
	a := &e.derived.hourly
	*a = figure.Average{Station: f.station.name, Parameter: r.parameter.Key, Period: "1h", Start: e.startOf(number), Figure: hourFigure(h, f.expected)}
	return e.average(f, a, e.startOf(number+1), f.newest(number))
}

// slidingAverage makes the mean of the hours of a window that ends with the hour last. One of no values is made only
// where it takes another back.
func (e *Engine) slidingAverage(f *feed, r *row, s *average.Sliding, last int64, hours []average.Hour) error {
	a := &e.derived.hourly
	*a = figure.Average{Station: f.station.name, Parameter: r.parameter.Key, Period: slidingName(s.Hours), Start: e.startOf(last - int64(s.Hours) + 1)}
	if a.Figure = s.Slide(r.parameter.Law, hours, f.step); a.Count == 0 && !f.revising {
		return nil
	}
	return e.average(f, a, e.startOf(last+1), f.newest(last))
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

// readHour adds up the readings of an hour as the hour store has them, one for each row.
func (e *Engine) readHour(f *feed, number int64) ([]row, error) {
	if len(f.rows) > cap(e.derived.fresh) {
		e.derived.fresh = make([]row, len(f.rows))
	}
	fresh := e.derived.fresh[:len(f.rows)]
	e.derived.present = append(e.derived.present[:0], make([]uint32, len(f.rows))...)
	for i, r := range f.rows {
		fresh[i].parameter, fresh[i].course = r.parameter, r.course
		fresh[i].total, fresh[i].peak = mean.Total{Law: r.parameter.Law}, 0
	}
	from, to := e.startOf(number), e.startOf(number+1)
	for block := from / hour; block*hour < to; block++ {
		if err := e.loadNow(f.stream, block); err != nil {
			return nil, err
		}
		for reading := range e.step.block.Rows() {
			if reading.Time < from || reading.Time >= to {
				continue
			}
			for i, r := range f.rows {
				if r.parameter.Key == string(reading.Parameter) {
					if e.derived.present[i]++; reading.Flag.Usable() {
						fresh[i].add(reading.Number)
					}
					break
				}
			}
		}
	}
	return fresh, nil
}
