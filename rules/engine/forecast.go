package engine

import (
	"slices"
	"strconv"
	"strings"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/sheet"
)

// measures says whether anything but forecasts came in the stream.
func (st *stream) measures() bool {
	for i := range st.newest {
		if st.newest[i].parameter != reading.AQIForecast {
			return true
		}
	}
	return false
}

// order puts a stream behind those that measure before it takes its first parameter that is no forecast: which of a
// station's periods was first does not depend on its forecasts.
func (s *station) order(st *stream, parameter string) {
	if parameter == reading.AQIForecast || len(st.newest) == 0 || st.measures() {
		return
	}
	at := slices.Index(s.streams, st)
	s.streams = append(slices.Delete(s.streams, at, at+1), st)
}

// takeForecasts keeps the forecasts of a line, which a station sends for the days of its city, beside the indices of
// that city's days. Of one day the one that came last counts.
func (e *Engine) takeForecasts(s *station, line *reading.Line, taken []reading.Field) error {
	if line.Period != reading.Day || s.register.City == "" {
		return nil
	}
	at := slices.IndexFunc(taken, func(f reading.Field) bool { return string(f.Parameter) == reading.AQIForecast })
	if at < 0 {
		return nil
	}
	name := reading.CityPrefix + s.register.City
	for _, c := range e.cities {
		if c.feed.station.name != name {
			continue
		}
		number, index := sheet.YearOf(e.zone.DayOf(line.Time))
		cell := sheet.Cell{}
		if taken[at].Flag.Usable() { // else the forecast is taken back
			cell = sheet.Cell{Number: taken[at].Number, Divisor: 1, Valid: true, Count: 1}
		}
		if !slices.Contains(e.derived.foretold, c) {
			e.derived.foretold = append(e.derived.foretold, c)
		}
		return e.put(c.feed, sheet.YearPrefix, number, []sheet.Change{{Parameter: reading.AQIForecast, Index: index, Cell: cell}})
	}
	return nil
}

// settleForecasts judges the forecasts that an entry has brought when it is done: a message may hold those of all days.
func (e *Engine) settleForecasts() error {
	for _, c := range e.derived.foretold {
		if err := e.warnAhead(c.feed, nil, 0); err != nil {
			return err
		}
	}
	e.derived.foretold = e.derived.foretold[:0]
	return nil
}

// warnAhead holds the days of a city against the scheme of heavy-pollution warnings, for rules that watch it: those that
// were measured without a gap until now, and from then on the forecasts, as they are known by the clock. A warning is of
// the first day that is forecast, and nothing is said without a forecast for tomorrow. page, nil where it is not at
// hand, is that of a year of the city.
func (e *Engine) warnAhead(f *feed, page *sheet.Page, year int) error {
	if f.city == nil || !f.watchesFigure(rule.ForecastWarningFigure) {
		return nil
	}
	today := e.zone.DayOf(e.clock)
	days := calendar.Span{First: today - longestWarned, Last: today + reading.ForecastDays}
	if err := e.loadYears(f, days, page, year); err != nil {
		return err
	}
	o := outlook{first: today, today: today}
	o.measure(e.derived.years.cells(rule.IndexFigure, days)[:longestWarned])
	forecasts := e.derived.years.cells(reading.AQIForecast, days)
	o.foretell(forecasts[o.first-days.First:])
	scheme := air.WarningSchemeAt(o.first)
	if scheme == nil {
		return nil
	}
	level := max(0, int(air.WarningAhead(scheme, o.daily, o.past()))-int(air.Blue)) // blue has not been used since 2018
	return e.judge(f, &judged{
		parameter: rule.ForecastWarningFigure, period: "day", start: e.zone.Start(o.first), end: e.clock,
		value: mean.Whole(reading.Fixed(level) * reading.FixedOne), valid: !forecasts[longestWarned+1].Empty(), newest: true, note: o.String(),
	})
}

// outlook is a run of days of which the first were measured and the rest are forecast.
type outlook struct {
	daily    []int // indices; negative for days without one
	measured int
	first    calendar.Day // that is forecast
	today    calendar.Day
}

// past returns how many of the days are over.
func (o *outlook) past() int { return o.measured + int(o.today-o.first) }

// measure begins the run with the days that were measured without a gap until the last one of them; cells are those of
// the days before the first forecast.
func (o *outlook) measure(cells []sheet.Cell) {
	last := len(cells)
	for last > 0 && !cells[last-1].Valid {
		last--
	}
	if last == 0 {
		return // nothing was measured: all is forecast from today on
	}
	first := last - 1
	for first > 0 && cells[first-1].Valid {
		first--
	}
	for _, c := range cells[first:last] {
		o.daily = append(o.daily, int(c.Number/reading.FixedOne))
	}
	o.measured = last - first
	o.first -= calendar.Day(len(cells) - last)
}

// foretell goes on with forecasts, as far as there are any.
func (o *outlook) foretell(cells []sheet.Cell) {
	for len(cells) > 0 && cells[len(cells)-1].Empty() {
		cells = cells[:len(cells)-1]
	}
	for _, c := range cells {
		index := -1
		if !c.Empty() { // a part of 1 above a level of the scheme is above it, too
			index = int((c.Number + reading.FixedOne - 1) / reading.FixedOne)
		}
		o.daily = append(o.daily, index)
	}
}

// String lists the forecasts, and the polluted days that they follow.
func (o outlook) String() string {
	from := o.measured
	for from > 0 && o.daily[from-1] > air.WarnedAbove {
		from--
	}
	text := "forecast from that day on:" + list(o.daily[o.measured:])
	if from < o.measured {
		text += ", after measured:" + list(o.daily[from:o.measured])
	}
	return text
}

func list(indices []int) string {
	var text strings.Builder
	for _, index := range indices {
		if text.WriteByte(' '); index < 0 {
			text.WriteByte('-')
		} else {
			text.WriteString(strconv.Itoa(index))
		}
	}
	return text.String()
}
