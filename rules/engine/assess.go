package engine

import (
	"slices"
	"strconv"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/sheet"
	"egret/rules/water"
)

// assessHour makes the index or the class of an hour that is over.
func (e *Engine) assessHour(f *feed, number int64) error {
	if f.indexed() {
		if err := e.hourIndex(f, number, false); err != nil {
			return err
		}
	}
	if f.domains[reading.Water] && f.step < 24 {
		return e.sampleClass(f, number)
	}
	return nil
}

// indexed says whether the feed has hours of which an air quality index may be made.
func (f *feed) indexed() bool { return f.domains[reading.Air] && f.step == 1 }

// indexReach returns how many hours after its own a value may enter the index.
func (e *Engine) indexReach() int64 {
	switch {
	case e.config.Practice.US:
		return air.NowCastHours - 1
	case e.config.Practice.Air.Hour == air.NineByTheStandard:
		return longestSliding - 1
	default:
		return 0
	}
}

// hourIndex makes the air quality index of an hour and hands it on.
func (e *Engine) hourIndex(f *feed, number int64, again bool) error {
	if err := e.fillHourIndex(f, number); err != nil {
		return err
	}
	if !e.derived.air.Known && !again {
		return nil
	}
	i := figure.Index{Station: f.station.name, Period: "1h", Start: e.startOf(number), Again: again, Index: &e.derived.air}
	return e.index(f, &i, e.startOf(number+1), f.newest(number))
}

// fillHourIndex fills the derived index with that of an hour.
func (e *Engine) fillHourIndex(f *feed, number int64) error {
	values := e.derived.measured[:0]
	for _, r := range f.rows {
		if r.parameter.Domain != reading.Air {
			continue
		}
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		values = append(values, air.Measured{Parameter: r.parameter.Key, Value: hours[0].Mean, Valid: hours[0].Valid})
		if values, err = e.slidingValues(values, f, r, number); err != nil {
			return err
		}
	}
	e.derived.measured = values
	day := e.zone.DayOf(e.startOf(number))
	if e.config.Practice.US {
		return e.usIndex(f, day, number)
	}
	e.practice(f).HourIndex(&e.derived.air, day, values)
	return nil
}

// slidingValues adds the row's sliding means, which enter the hourly index where HJ 633-2012 is read by its letter.
func (e *Engine) slidingValues(values []air.Measured, f *feed, r *row, number int64) ([]air.Measured, error) {
	if e.config.Practice.Air.Hour != air.NineByTheStandard {
		return values, nil
	}
	for i := range r.course.Sliding {
		s := &r.course.Sliding[i]
		hours, err := e.hours(f, r, number-int64(s.Hours)+1, number+1)
		if err != nil {
			return values, err
		}
		slid := s.Slide(r.parameter.Law, hours, f.step)
		values = append(values, air.Measured{Parameter: r.parameter.Key + "_" + slidingName(s.Hours), Value: slid.Value.Fixed(), Valid: slid.Valid})
	}
	return values, nil
}

// usIndex makes the US EPA's index of particles from the NowCast of the latest hours.
func (e *Engine) usIndex(f *feed, day calendar.Day, number int64) error {
	values := e.derived.measured[:0]
	var latest [air.NowCastHours]air.Measured
	for _, r := range f.rows {
		places, ok := air.NowCastPlaces(r.parameter.Key)
		if !ok {
			continue
		}
		hours, err := e.hours(f, r, number-air.NowCastHours+1, number+1)
		if err != nil {
			return err
		}
		for i, h := range hours {
			latest[len(hours)-1-i] = air.Measured{Parameter: r.parameter.Key, Value: h.Mean, Valid: h.Valid}
		}
		value, valid := air.NowCast(latest[:], places)
		values = append(values, air.Measured{Parameter: r.parameter.Key, Value: value, Valid: valid})
	}
	e.derived.measured = values
	air.USDayIndex(&e.derived.air, day, values)
	return nil
}

// practice returns how the station's index is made.
func (e *Engine) practice(f *feed) *air.Practice {
	if e.derived.stationPractice = e.config.Practice.Air; len(f.station.register.Unmonitored) > 0 {
		e.derived.stationPractice.Unmonitored = f.station.register.Unmonitored
	}
	return &e.derived.stationPractice
}

// assessDays makes what the figures of days of one year say together: the index, and the class of a section for the
// day, and for the months, quarters and the year that hold them.
func (e *Engine) assessDays(f *feed, page *sheet.Page, days []calendar.Day) error {
	for _, day := range days {
		e.touchPlans(f, day)
	}
	if f.domains[reading.Air] {
		if err := e.dayIndices(f, page, days); err != nil {
			return err
		}
	}
	if f.domains[reading.Water] {
		return e.periodClasses(f, page, days)
	}
	return nil
}

// dayIndices makes the indices of days of one year, and keeps them among the figures of the days.
func (e *Engine) dayIndices(f *feed, page *sheet.Page, days []calendar.Day) error {
	newest := e.newestDay(f)
	changes := e.derived.changes[:0]
	for _, day := range days {
		if err := e.fillDayIndex(f, page, day); err != nil {
			return err
		}
		if !e.derived.air.Known && !f.revising {
			continue
		}
		i := figure.Index{Station: f.station.name, Period: "day", Start: e.zone.Start(day), Again: f.revising, Index: &e.derived.air}
		if err := e.index(f, &i, e.zone.End(day), day >= newest); err != nil {
			return err
		}
		c := sheet.Change{Parameter: rule.IndexFigure}
		if _, c.Index = sheet.YearOf(day); e.derived.air.Known {
			c.Cell = sheet.Cell{Number: reading.Fixed(e.derived.air.Partial) * reading.FixedOne, Divisor: 1, Valid: e.derived.air.Published, Count: 1}
		}
		page.Set(c.Parameter, c.Index, c.Cell)
		changes = append(changes, c)
		e.derived.warned = append(e.derived.warned, day)
	}
	e.derived.changes = changes
	if len(days) == 0 {
		return nil
	}
	number, _ := sheet.YearOf(days[0])
	return e.put(f, sheet.YearPrefix, number, changes)
}

// fillDayIndex fills the derived index with that of a day; page is that of its year.
func (e *Engine) fillDayIndex(f *feed, page *sheet.Page, day calendar.Day) error {
	_, index := sheet.YearOf(day)
	values := e.derived.measured[:0]
	for i := range page.Rows {
		c := page.Rows[i].At(index)
		if page.Rows[i].Parameter == rule.IndexFigure {
			continue
		}
		values = append(values, air.Measured{Parameter: page.Rows[i].Parameter, Value: c.Value().Fixed(), Valid: c.Valid})
	}
	values, err := e.dayHighest(values, f, day)
	if err != nil {
		return err
	}
	e.derived.measured = values
	if e.config.Practice.US {
		values = slices.DeleteFunc(values, func(m air.Measured) bool { _, ok := air.NowCastPlaces(m.Parameter); return !ok })
		air.USDayIndex(&e.derived.air, day, values)
		return nil
	}
	e.practice(f).DayIndex(&e.derived.air, day, values)
	return nil
}

// longestWarned is how many days back a run of polluted days is followed: no scheme asks for more than five.
const longestWarned = 10

// warnDays holds the runs of polluted days that may hold one of the days against the scheme of heavy-pollution warnings,
// for rules that watch it. The schemes speak of forecasts; this is what was measured. loaded is the year whose page is.
func (e *Engine) warnDays(f *feed, days []calendar.Day, loaded int32) error {
	if len(days) == 0 || !f.watchesFigure(rule.WarningFigure) {
		return nil
	}
	last, newest := e.lastDay(f), e.newestDay(f)
	fresh := false // a day among the newest was made
	for i, made := range days {
		fresh = fresh || made >= newest
		through := min(last, made+longestWarned-1)
		if i+1 < len(days) {
			through = min(through, days[i+1]-1)
		}
		for day := made; day <= through; day++ {
			if number, _ := sheet.YearOf(day); number != loaded {
				if err := e.loadYear(f, &e.derived.year, number); err != nil {
					return err
				}
				loaded = number
			}
			if err := e.warn(f, &e.derived.year, day, fresh || day == last); err != nil {
				return err
			}
		}
	}
	return nil
}

// warn holds the run of polluted days that ends with a day against the scheme; page is that of the day's year.
func (e *Engine) warn(f *feed, page *sheet.Page, day calendar.Day, newest bool) error {
	scheme := air.WarningSchemeAt(day)
	if scheme == nil {
		return nil
	}
	var memory [longestWarned]int
	run := memory[:0]
	for d := day; d > day-longestWarned; d-- {
		c, err := e.dayCell(f, page, day, d, rule.IndexFigure)
		if err != nil {
			return err
		}
		index := int(c.Number / reading.FixedOne)
		if !c.Valid || index <= air.WarnedAbove {
			break
		}
		run = append(run, index)
	}
	slices.Reverse(run)
	_, index := sheet.YearOf(day)
	level := max(0, int(air.WarningLevel(scheme, run))-int(air.Blue)) // blue has not been used since 2018
	return e.judge(f, &judged{
		parameter: rule.WarningFigure, period: "day", start: e.zone.Start(day), end: e.zone.End(day),
		value: mean.Whole(reading.Fixed(level) * reading.FixedOne), valid: page.Find(rule.IndexFigure).At(index).Valid, newest: newest,
	})
}

// dayCell returns a figure of a day; page is that of the day that is being made.
func (e *Engine) dayCell(f *feed, page *sheet.Page, made, day calendar.Day, key string) (sheet.Cell, error) {
	number, index := sheet.YearOf(day)
	if number != int32(made.Year()) {
		page = &e.derived.otherYear
		if err := e.loadYear(f, page, number); err != nil {
			return sheet.Cell{}, err
		}
	}
	return page.Find(key).At(index), nil
}

// highestHours is how many hours the largest hour of a day needs: as many as a day mean (an assumption; no clause was
// found).
const highestHours = 20

// dayHighest adds the largest hour of the parameters of which the day's index takes that: ozone under HJ 633-2012.
func (e *Engine) dayHighest(values []air.Measured, f *feed, day calendar.Day) ([]air.Measured, error) {
	for _, r := range f.rows {
		if r.course.DayKey == "" || f.step > 1 {
			continue
		}
		first := e.hourOf(e.zone.Start(day))
		hours, err := e.hours(f, r, first, first+int64(e.zone.Hours(day)))
		if err != nil {
			return values, err
		}
		highest, valid := air.Measured{Parameter: r.parameter.Key}, 0
		for _, h := range hours {
			if !h.Valid {
				continue
			}
			if valid++; valid == 1 || h.Mean > highest.Value {
				highest.Value = h.Mean
			}
		}
		highest.Valid = valid >= highestHours
		values = append(values, highest)
	}
	return values, nil
}

// sampleClass makes the class of a section for one sample.
func (e *Engine) sampleClass(f *feed, number int64) error {
	if err := e.takeSample(f, number); err != nil {
		return err
	}
	period := strconv.Itoa(f.step) + "h"
	return e.judgeSection(f, period, e.startOf(number), e.startOf(number+int64(f.step)), f.newest(number+int64(f.step)-1) || number >= f.last)
}

// takeSample collects the values of one sample of a section.
func (e *Engine) takeSample(f *feed, number int64) error {
	values := e.derived.sampled[:0]
	for _, r := range f.rows {
		if r.parameter.Domain != reading.Water || r.since > number || f.unmonitored(r.parameter.Key) {
			continue
		}
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		values = append(values, water.Measured{Parameter: r.parameter.Key, Value: hours[0].Mean, Valid: hours[0].Valid})
	}
	e.derived.sampled = values
	return nil
}

// judgeSection classes the section by the values that were collected.
func (e *Engine) judgeSection(f *feed, period string, start, end int64, newest bool) error {
	kind, target := f.station.section()
	water.Judge(&e.derived.section, &e.config.Practice.Water, kind, target, e.derived.sampled)
	if len(e.derived.section.ByParameter) == 0 {
		return nil
	}
	c := figure.Class{Station: f.station.name, Period: period, Start: start, Type: kind, Again: f.revising, Section: &e.derived.section}
	return e.class(f, &c, end, newest)
}

// periodClasses makes the section's class for days of one year and the months, quarters and the year that hold them,
// each from the means of the period, never from the classes in it.
func (e *Engine) periodClasses(f *feed, page *sheet.Page, days []calendar.Day) error {
	last, newest := e.lastDay(f), e.newestDay(f)
	for _, p := range [...]struct {
		name string
		of   func(calendar.Day) calendar.Span
	}{{"day", func(d calendar.Day) calendar.Span { return calendar.Span{First: d, Last: d} }}, {"month", calendar.Day.Month}, {"quarter", calendar.Day.Quarter}, {"year", calendar.Day.WholeYear}} {
		for i, day := range days {
			span := p.of(day)
			if i+1 < len(days) && days[i+1] <= span.Last {
				continue // it is made once, after its last day
			}
			e.takeMeans(f, page, p.name, span)
			if err := e.judgeSection(f, p.name, e.zone.Start(span.First), e.zone.End(min(span.Last, last)), day >= newest); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeMeans collects the means of a section over a day, or over a longer period as far as it has passed.
func (e *Engine) takeMeans(f *feed, page *sheet.Page, period string, span calendar.Span) {
	values := e.derived.sampled[:0]
	last := min(span.Last, e.lastDay(f))
	for _, r := range f.rows {
		if r.parameter.Domain != reading.Water || e.startOf(r.since) >= e.zone.End(last) || f.unmonitored(r.parameter.Key) {
			continue
		}
		row := page.Find(r.parameter.Key)
		e.derived.span.Begin(false)
		e.addDays(row, calendar.Span{First: span.First, Last: last})
		mean := e.derived.span.Month(r.course, span)
		if span.First == span.Last {
			c := row.At(int(span.First - span.First.WholeYear().First))
			mean.Value, mean.Valid = c.Value(), c.Valid
		} else if period == "year" {
			mean = e.derived.span.Year(r.course, span)
		}
		values = append(values, water.Measured{Parameter: r.parameter.Key, Value: mean.Value.Fixed(), Valid: mean.Valid})
	}
	if period != "day" {
		byHand := e.manual(page, calendar.Span{First: span.First, Last: last}, byHandNeeded[period])
		e.derived.chosen = water.Choose(e.derived.chosen[:0], values, byHand)
		values = append(values[:0], e.derived.chosen...)
	}
	e.derived.sampled = values
}

// makeNoise makes the levels of a noise point for a day and the night that belongs to it.
func (e *Engine) makeNoise(f *feed, day calendar.Day) error {
	a, err := e.judgeNoise(f, day)
	if err != nil || a.DayHours+a.NightHours == 0 {
		return err
	}
	return e.keepNoise(f, day, &a)
}

// judgeNoise judges the levels of a day and the night that belongs to it, without hours where there were none.
func (e *Engine) judgeNoise(f *feed, day calendar.Day) (noise.Assessment, error) {
	leq, lmax := f.find(noise.Leq), f.find(noise.Lmax)
	if leq == nil || f.step > 1 {
		return noise.Assessment{}, nil
	}
	e.derived.dayLevels, e.derived.nightLevels = e.derived.dayLevels[:0], e.derived.nightLevels[:0]
	highest := noise.Level{}
	from, to := e.hourOf(e.noiseStart(day)), e.hourOf(e.noiseEnd(day))
	for number := from; number < to; number++ {
		isDay := e.config.Practice.Noise.IsDay(e.zone.Clock(e.startOf(number)))
		hours, err := e.hours(f, leq, number, number+1)
		if err != nil {
			return noise.Assessment{}, err
		}
		if level := (noise.Level{Value: hours[0].Mean, Valid: hours[0].Valid}); isDay {
			e.derived.dayLevels = append(e.derived.dayLevels, level)
		} else {
			e.derived.nightLevels = append(e.derived.nightLevels, level)
		}
		if lmax == nil || isDay {
			continue
		}
		if hours, err = e.hours(f, lmax, number, number+1); err != nil {
			return noise.Assessment{}, err
		}
		if hours[0].Count > 0 && (!highest.Valid || hours[0].Mean > highest.Value) {
			highest = noise.Known(hours[0].Mean)
		}
	}
	s := &e.config.Practice.Noise
	var ld, ln noise.Level
	var dayHours, nightHours int
	ld.Value, dayHours, ld.Valid = s.DayLevel(e.derived.dayLevels)
	ln.Value, nightHours, ln.Valid = s.NightLevel(e.derived.nightLevels)
	a := noise.JudgeLevels(s, f.station.register.Zone, day, ld, ln, highest)
	a.DayHours, a.NightHours = dayHours, nightHours
	return a, nil
}

// keepNoise hands the levels of a day on, and keeps them among the figures of the day.
func (e *Engine) keepNoise(f *feed, day calendar.Day, a *noise.Assessment) error {
	number, index := sheet.YearOf(day)
	if fuller, err := e.fullerNoise(f, day, a); err != nil || fuller {
		return err
	}
	e.touchPlans(f, day)
	night := e.nightStart(day)
	changes := e.derived.changes[:0]
	for _, l := range [...]struct {
		key, period     string
		level           noise.Level
		start           int64
		count, expected int
	}{
		{noise.Ld, "day", a.Ld, e.noiseStart(day), a.DayHours, len(e.derived.dayLevels)},
		{noise.Ln, "night", a.Ln, night, a.NightHours, len(e.derived.nightLevels)},
		{noise.Lmax, "night", a.Lmax, night, a.NightHours, len(e.derived.nightLevels)},
		{noise.Ldn, "day", a.Ldn, e.noiseStart(day), a.DayHours + a.NightHours, len(e.derived.dayLevels) + len(e.derived.nightLevels)},
	} {
		average := figure.Average{Station: f.station.name, Parameter: l.key, Period: l.period, Start: l.start}
		if average.Count, average.Expected, average.Valid = l.count, l.expected, l.level.Valid; l.count > 0 {
			average.Value = mean.Whole(l.level.Value)
		}
		if l.key == noise.Ldn && !l.level.Valid {
			average.Value = mean.Ratio{}
		}
		if l.key != noise.Lmax { // under that name stands the highest of the whole day
			changes = append(changes, sheet.Change{Parameter: l.key, Index: index, Cell: sheet.CellOf(average.Value, l.count, l.level.Valid)})
		}
		if err := e.average(f, &average, e.noiseEnd(day), e.startOf(f.closed) < e.noiseEnd(day+1)); err != nil {
			return err
		}
	}
	e.derived.changes = changes
	if err := e.put(f, sheet.YearPrefix, number, changes); err != nil {
		return err
	}
	n := figure.Noise{Station: f.station.name, Start: e.zone.Start(day), Assessment: a}
	e.noise(&n)
	return nil
}
