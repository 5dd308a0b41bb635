package engine

import (
	"math"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/sheet"
)

// revision is what late readings and corrections of one entry have changed in the closed hours of a feed. All that an
// hour belongs to is made anew once, after all hours are.
type revision struct {
	rows    []revised
	hours   []int64        // in which any row was changed, in their order
	samples []int64        // whose classes are to be made anew
	days    []calendar.Day // of which rows are to be made anew although no hour of them was changed
	classed []calendar.Day // whose classes are to be made anew although no figure of them was changed
}

// revised is a row of which hours were changed.
type revised struct {
	row      *row
	hours    []int64
	gains    []int8         // 1 where an hour has become valid, -1 where it no longer is
	days     []calendar.Day // to be made
	from, to int            // those of the year that is being made
}

func (v *revision) reset() {
	v.rows, v.hours, v.samples, v.days, v.classed = v.rows[:0], v.hours[:0], v.samples[:0], v.days[:0], v.classed[:0]
}

// of returns what is known of a row. The memory of rows that were reset is taken.
func (v *revision) of(r *row) *revised {
	for i := range v.rows {
		if v.rows[i].row == r {
			return &v.rows[i]
		}
	}
	if len(v.rows) < cap(v.rows) {
		v.rows = v.rows[:len(v.rows)+1]
	} else {
		v.rows = append(v.rows, revised{})
	}
	last := &v.rows[len(v.rows)-1]
	*last = revised{row: r, hours: last.hours[:0], gains: last.gains[:0], days: last.days[:0]}
	return last
}

// settle makes anew what late readings and corrections have changed, then closes the hours that are over.
func (e *Engine) settle(f *feed) error {
	f.touched = false
	if len(f.late) > 0 || f.unsettled.from < f.unsettled.before {
		v := &e.derived.revision
		v.reset()
		last, err := e.remakeHours(f, v)
		if err != nil {
			return err
		}
		if err := e.unsettled(f, v); err != nil {
			return err
		}
		if err := e.revise(f, v); err != nil {
			return err
		}
		f.last = max(f.last, last)
	}
	err := e.closeHours(f, e.hourOf(f.frontier))
	e.forgetPages(f)
	return err
}

// remakeHours makes late hours anew from the readings that are there. Those that were closed are noted as changed. It
// returns the last of the others in which anything was measured.
func (e *Engine) remakeHours(f *feed, v *revision) (last int64, err error) {
	slices.Sort(f.late)
	f.late = slices.Compact(f.late)
	last = f.last
	for _, number := range f.late {
		fresh, err := e.readHour(f, number)
		if err != nil {
			return last, err
		}
		switch {
		case number < f.closed:
			hours := e.derived.late[:0]
			for i := range fresh {
				hours = append(hours, fresh[i].hour(f.expected))
			}
			if e.derived.late = hours; e.trimmed(number) {
				if err := e.keepFuller(f, number, hours); err != nil {
					return last, err
				}
			}
			if err := e.reviseHour(f, v, number, hours); err != nil {
				return last, err
			}
		case number == f.open:
			for i, r := range f.rows {
				r.total, r.peak = fresh[i].total, fresh[i].peak
			}
		default:
			for i, r := range f.rows {
				r.cells[place(number)] = fresh[i].hour(f.expected)
			}
			last = max(last, number)
		}
	}
	f.late = f.late[:0]
	return last, nil
}

// reviseHour puts in the place of a closed hour what it is now, one for each row, and notes which rows it changes.
func (e *Engine) reviseHour(f *feed, v *revision, number int64, fresh []average.Hour) error {
	day, index := e.zone.Hour(e.startOf(number))
	var page *sheet.Page // nil for an hour in the ring
	if number <= f.open-ring {
		var err error
		if page, err = e.dayPage(f, day); err != nil {
			return err
		}
	}
	changes, changed := e.derived.changes[:0], false
	for i, r := range f.rows {
		c := changeOf(r, index, fresh[i])
		changes = append(changes, c)
		var was average.Hour
		if page != nil {
			was = hourOf(page.Find(r.parameter.Key).At(index))
		} else {
			was = r.cells[place(number)]
		}
		if fresh[i] == was {
			continue
		}
		if page != nil {
			page.Set(c.Parameter, index, c.Cell)
		} else {
			r.cells[place(number)] = fresh[i]
		}
		row := v.of(r)
		row.hours, row.gains = append(row.hours, number), append(row.gains, gain(was, fresh[i]))
		changed = true
	}
	e.derived.changes = changes
	if !changed {
		return nil
	}
	v.hours = append(v.hours, number)
	e.touchCity(f, number)
	if page != nil {
		return e.put(f, sheet.HourPrefix, int32(number), changes)
	}
	return e.putHour(f, number, day, changes)
}

// revise makes anew what changed hours belong to.
func (e *Engine) revise(f *feed, v *revision) error {
	if len(v.hours)+len(v.days)+len(v.samples)+len(v.classed) == 0 {
		return nil
	}
	f.revising = true
	defer func() { f.revising = false }()
	slices.SortFunc(v.rows, func(a, b revised) int { return strings.Compare(a.row.parameter.Key, b.row.parameter.Key) })
	for i := range v.rows {
		if err := e.reviseAverages(f, v.rows[i].row, v.rows[i].hours); err != nil {
			return err
		}
	}
	if err := e.reassessHours(f, v); err != nil {
		return err
	}
	if err := e.makeDays(f, v); err != nil {
		return err
	}
	if err := e.reviseNoise(f, v.hours); err != nil {
		return err
	}
	if len(v.hours) > 0 {
		f.last = max(f.last, v.hours[len(v.hours)-1])
	}
	return nil
}

// reviseAverages makes the averages of changed hours of a row anew, and the sliding ones that hold one of them.
func (e *Engine) reviseAverages(f *feed, r *row, numbers []int64) error {
	if f.step == 1 {
		if err := reached(numbers, 0, f.closed-1, func(first, last int64) error {
			hours, err := e.hours(f, r, first, last+1)
			if err != nil {
				return err
			}
			for i, h := range hours {
				if err := e.hourAverage(f, r, first+int64(i), h); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	for i := range r.course.Sliding {
		s := &r.course.Sliding[i]
		before := int64(s.Hours) - 1
		if err := reached(numbers, before, f.closed-1, func(first, last int64) error {
			hours, err := e.hours(f, r, first-before, last+1)
			if err != nil {
				return err
			}
			for end := first; end <= last; end++ {
				from := e.slidesFrom(r, end-before, end)
				if err := e.slidingAverage(f, r, s, end, hours[from-(first-before):end+1-(first-before)]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// reached calls with each span of hours, as long as it can be, in which every hour is one of the given ones or lies up
// to reach after one of them, and none after through.
func reached(numbers []int64, reach, through int64, with func(first, last int64) error) error {
	for i := 0; i < len(numbers) && numbers[i] <= through; {
		first, last := numbers[i], numbers[i]+reach
		for i++; i < len(numbers) && numbers[i] <= last+1; i++ {
			last = numbers[i] + reach
		}
		if err := with(first, min(last, through)); err != nil {
			return err
		}
	}
	return nil
}

// reassessHours makes the indices and classes of hours anew.
func (e *Engine) reassessHours(f *feed, v *revision) error {
	if f.indexed() { // later hours may look back to one that was changed
		if err := reached(v.hours, e.indexReach(), f.closed-1, func(first, last int64) error {
			for number := first; number <= last; number++ {
				if err := e.hourIndex(f, number, true); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if !f.domains[reading.Water] || f.step >= 24 {
		return nil
	}
	v.samples = append(v.samples, v.hours...)
	slices.Sort(v.samples)
	v.samples = slices.Compact(v.samples)
	for _, number := range v.samples {
		if err := e.sampleClass(f, number); err != nil {
			return err
		}
	}
	return nil
}

// reviseNoise makes the levels of the days and nights anew that hold changed hours.
func (e *Engine) reviseNoise(f *feed, numbers []int64) error {
	if !f.domains[reading.Noise] {
		return nil
	}
	var made calendar.Day
	for i, number := range numbers {
		start := e.startOf(number)
		day := e.zone.DayOf(start)
		if start < e.noiseStart(day) {
			day--
		}
		if (i > 0 && day == made) || e.startOf(f.closed) < e.noiseEnd(day) {
			continue
		}
		made = day
		if err := e.makeNoise(f, day); err != nil {
			return err
		}
	}
	return nil
}

// unsettled notes the closed hours and days that are classed anew after it became known that a parameter was measured
// in them already, or values by hand have come for them.
func (e *Engine) unsettled(f *feed, v *revision) error {
	from, before := f.unsettled.from, min(f.unsettled.before, f.closed)
	f.unsettled.from, f.unsettled.before = 0, 0
	if from >= before || !f.domains[reading.Water] {
		return nil
	}
	page, year, over := &e.derived.otherYear, int32(math.MinInt32), e.lastDay(f)
	for number := from; number < before; {
		day := e.zone.DayOf(e.startOf(number))
		samples := len(v.samples)
		for after := min(before, e.hourOf(e.zone.End(day)-1)+1); number < after; number++ {
			measured, err := e.measured(f, number)
			if err != nil {
				return err
			}
			if measured && f.step < 24 {
				v.samples = append(v.samples, number)
			}
		}
		if day > over {
			continue
		}
		of, index := sheet.YearOf(day)
		if of != year {
			if err := e.loadYear(f, page, of); err != nil {
				return err
			}
			year = of
		}
		if len(v.samples) > samples || slices.ContainsFunc(page.Rows, func(r sheet.Row) bool { return !r.At(index).Empty() }) {
			v.classed = append(v.classed, day)
		}
	}
	return nil
}

// measured says whether anything was measured in an hour.
func (e *Engine) measured(f *feed, number int64) (bool, error) {
	for _, r := range f.rows {
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return false, err
		}
		if hours[0].Count > 0 {
			return true, nil
		}
	}
	return false, nil
}

// daysOf appends the days of hours that are over in a feed.
func (e *Engine) daysOf(days []calendar.Day, f *feed, numbers []int64) []calendar.Day {
	for _, number := range numbers {
		day := e.zone.DayOf(e.startOf(number))
		if (len(days) == 0 || days[len(days)-1] != day) && e.startOf(f.closed) >= e.zone.End(day) {
			days = append(days, day)
		}
	}
	return days
}

// merge returns days together with others, each once and in their order.
func merge(days, others []calendar.Day) []calendar.Day {
	days = append(days, others...)
	slices.Sort(days)
	return slices.Compact(days)
}
