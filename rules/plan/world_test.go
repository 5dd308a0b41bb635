package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/sheet"
	"egret/rules/standard"
	"egret/rules/water"
)

// world is what the hour store of a test holds: days of stations and areas, classes of sections, verdicts of sites.
type world struct {
	rows     map[worldRow]*sheet.Row
	classes  map[string]func(days calendar.Span) water.Class
	sites    map[worldDay]standard.Verdict
	reported map[worldDay]bool
}

type worldRow struct {
	station, parameter string
	year               int
}

type worldDay struct {
	station string
	day     calendar.Day
}

func newWorld() *world {
	return &world{
		rows: map[worldRow]*sheet.Row{}, classes: map[string]func(calendar.Span) water.Class{},
		sites: map[worldDay]standard.Verdict{}, reported: map[worldDay]bool{},
	}
}

// Row implements [Averages].
func (w *world) Row(station, parameter string, year int) *sheet.Row {
	return w.rows[worldRow{station, parameter, year}]
}

// Class implements [Averages].
func (w *world) Class(section string, days calendar.Span) water.Class {
	if of := w.classes[section]; of != nil {
		return of(days)
	}
	return water.Unknown
}

// Site implements [Averages].
func (w *world) Site(station, _ string, day calendar.Day) standard.Verdict {
	return w.sites[worldDay{station, day}]
}

// Reported implements [Averages].
func (w *world) Reported(station string, day calendar.Day) bool {
	return w.reported[worldDay{station, day}]
}

// put puts a cell on a day.
func (w *world) put(station, parameter string, day calendar.Day, c sheet.Cell) {
	key := worldRow{station, parameter, day.Year()}
	row := w.rows[key]
	if row == nil {
		row = &sheet.Row{Parameter: parameter}
		w.rows[key] = row
	}
	_, index := sheet.YearOf(day)
	for len(row.Cells) <= index {
		row.Cells = append(row.Cells, sheet.Cell{})
	}
	row.Cells[index] = c
}

// day puts a valid figure on a day.
func (w *world) day(station, parameter string, day calendar.Day, figure reading.Fixed) {
	w.put(station, parameter, day, sheet.Cell{Number: figure, Divisor: 1, Valid: true, Count: 24})
}

// days puts the same valid figure on each day of a span.
func (w *world) days(station, parameter string, days calendar.Span, figure reading.Fixed) {
	for day := days.First; day <= days.Last; day++ {
		w.day(station, parameter, day, figure)
	}
}

// on reads a date.
func on(date string) calendar.Day {
	day, err := calendar.ParseDay(date)
	if err != nil {
		panic(err)
	}
	return day
}

// from returns the days from a date to another, both included.
func from(first, last string) calendar.Span { return calendar.Span{First: on(first), Last: on(last)} }

// number reads a decimal.
func number(text string) reading.Fixed {
	n, err := reading.ParseFixed([]byte(text))
	if err != nil {
		panic(err)
	}
	return n
}

// stations returns stations of a domain by their ids.
func stations(domain reading.Domain, ids ...string) []*reading.Station {
	var all []*reading.Station
	for _, id := range ids {
		all = append(all, &reading.Station{ID: id, Name: id, Domain: domain})
	}
	return all
}
