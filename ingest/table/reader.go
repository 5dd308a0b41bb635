package table

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"egret/ingest/reading"
)

// reader reads one file into the table.
type reader struct {
	*Table
	csv    *csv.Reader
	header *header
	cells  []string
	file   uint16
}

// Read reads a table to its end; file names it in what is reported. An error means that it is no table of readings, or
// that its text cannot be read; rows before that point stay in the table.
func (t *Table) Read(file string, from io.Reader) error {
	if len(t.files) > math.MaxUint16 {
		return fmt.Errorf("%s: too many files", file)
	}
	t.files = append(t.files, file)
	text, err := unpacked(from)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r := &reader{Table: t, csv: csv.NewReader(text), file: uint16(len(t.files) - 1)}
	r.csv.FieldsPerRecord, r.csv.ReuseRecord = -1, true
	if err := r.readAll(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func (r *reader) readAll() error {
	var err error
	if r.cells, err = r.csv.Read(); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("it is empty")
		}
		return err
	}
	if r.header, err = r.readHeader(r.cells, r.cell); err != nil {
		return err
	}
	for {
		r.cells, err = r.csv.Read()
		var mistake *csv.ParseError
		switch {
		case err == nil:
			r.row()
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &mistake):
			r.problem(mistake.StartLine, 0, "the quotation marks do not match: a cell that starts with \" ends with one, and one inside it is written twice")
		default:
			return err
		}
	}
}

// row takes the cells of a row. Without a time, a station and a period nothing in it can be used.
func (r *reader) row() {
	if !r.widthIsRight() {
		return
	}
	h := r.header
	taken := row{first: len(r.values), file: r.file, line: uint32(r.line())}
	var ok bool
	if taken.time, ok = r.instant(&r.times, "time", h.times, r.columns.Time != nil, r.columns.TimeFormat); !ok {
		return
	}
	station := r.station()
	if station == "" {
		r.cell(h.station, "station is empty: say which station it is")
		return
	}
	if h.station >= 0 && !utf8.ValidString(station) {
		r.cell(h.station, "station "+notUTF8)
		return
	}
	if taken.period, ok = r.period(station); !ok {
		return
	}
	if r.columns.TimeIsEnd {
		if taken.time, ok = r.start(taken.time, taken.period); !ok {
			return
		}
	}
	if year := time.Unix(0, taken.time).UTC().Year(); year < firstYear || year > lastYear { // by the offset, or as the start of a period
		r.cell(h.times[0], "time lies outside %d to %d in UTC", firstYear, lastYear)
		return
	}
	taken.received = taken.time + int64(taken.period.Length())
	if h.received >= 0 && strings.TrimSpace(r.cells[h.received]) != "" {
		if taken.received, ok = r.instant(&r.receipts, "received", []int{h.received}, false, ""); !ok {
			return
		}
	}
	if h.long() {
		r.value(r.quantity(), h.value, h.flag)
	}
	for i := range h.columns {
		c := &h.columns[i]
		r.value(c.quantity, c.value, c.flag)
	}
	count := len(r.values) - taken.first
	if count == 0 {
		return
	}
	taken.station, taken.count = r.names.number(station), uint32(count)
	r.rows = append(r.rows, taken)
	r.counts.Rows++
	r.counts.Values += count
}

// widthIsRight says whether the row can be held against the header. An empty row is passed over.
func (r *reader) widthIsRight() bool {
	empty := true
	for i, cell := range r.cells {
		if cell != "" {
			empty = false
		}
		if cell != "" && i >= r.header.width {
			r.problem(r.line(), 0, fmt.Sprintf("the row has %d cells, the header %d: put a text that holds a comma in quotation marks", len(r.cells), r.header.width))
			return false
		}
	}
	if !empty && len(r.cells) < r.header.width {
		r.problem(r.line(), 0, fmt.Sprintf("the row has %d cells, the header %d: write a comma for each cell, also for empty ones", len(r.cells), r.header.width))
		return false
	}
	return !empty
}

// value takes the value in a column, and the flag in another one if there is one.
func (r *reader) value(quantity uint32, column, flag int) {
	text := strings.TrimSpace(r.cells[column])
	if isMissing(text) {
		r.counts.Empty++
		return
	}
	number, ok := parseNumber(text)
	if !ok {
		r.cell(column, "%s: %q is not a number: write digits with a point, such as 35.2, or leave the cell empty", reading.Shorten(r.quantities.keys[quantity]), reading.Shorten(text))
		return
	}
	v := value{number: number, quantity: quantity, flag: r.names.number("")}
	if flag >= 0 {
		v.flag = r.names.number(strings.TrimSpace(r.cells[flag]))
	}
	r.values = append(r.values, v)
}

// quantity returns what a row of a long table measures.
func (r *reader) quantity() uint32 {
	name := plainName(r.cells[r.header.parameter])
	unit := ""
	if r.header.unit >= 0 {
		unit = strings.TrimSpace(r.cells[r.header.unit])
	}
	if target := r.columns.value(name); target != nil {
		r.met[name] = true
		return r.quantities.number(target.Parameter, cmp.Or(unit, target.Unit))
	}
	return r.quantities.number(name, unit)
}

// station returns the station of a row, empty where none is written.
func (r *reader) station() string {
	if r.columns.StationIs != "" {
		return r.columns.StationIs
	}
	name := strings.TrimSpace(r.cells[r.header.station])
	if id, ok := r.columns.StationNames[name]; ok {
		return id
	}
	return name
}

// instant reads the time in some columns; foreign ones are joined, and written as the format says.
func (r *reader) instant(c *clock, name string, columns []int, foreign bool, format string) (int64, bool) {
	text := strings.TrimSpace(r.cells[columns[0]])
	for _, column := range columns[1:] {
		text += " " + strings.TrimSpace(r.cells[column])
	}
	var instant int64
	var err error
	switch {
	case format != "":
		instant, err = c.parseLayout(format, text)
	case foreign:
		instant, err = c.parse(civilText(text))
	default:
		instant, err = c.parse(text)
	}
	if err != nil {
		r.cell(columns[0], "%s %q %s", name, reading.Shorten(text), err)
	}
	return instant, err == nil
}

// start returns the start of a period that ends at an instant.
func (r *reader) start(end int64, period reading.Period) (int64, bool) {
	switch period {
	case reading.Momentary:
		r.cell(r.header.times[0], "time is the end of a period, and nothing says how long that is: say it with --period, or in a column period")
		return 0, false
	case reading.Day: // which is not always of 24 hours
		return time.Unix(0, end).In(r.times.zone).AddDate(0, 0, -1).UnixNano(), true
	}
	return end - int64(period.Length()), true
}

func (r *reader) period(station string) (reading.Period, bool) {
	text := ""
	if r.header.period >= 0 {
		text = strings.TrimSpace(r.cells[r.header.period])
	}
	if text == "" {
		if r.columns.Period != nil {
			return *r.columns.Period, true
		}
		if s := r.stations[station]; s != nil {
			return s.Period, true
		}
		return reading.Momentary, true
	}
	period, err := reading.ParsePeriod(text)
	if err != nil {
		r.cell(r.header.period, "%s", err)
	}
	return period, err == nil
}

// line returns the line in which the row begins.
func (r *reader) line() int {
	line, _ := r.csv.FieldPos(0)
	return line
}

// cell reports a cell of the present row.
func (r *reader) cell(column int, format string, arguments ...any) {
	line, at := r.csv.FieldPos(column)
	r.problem(line, at, fmt.Sprintf(format, arguments...))
}

func (r *reader) problem(line, column int, reason string) {
	r.counts.Problems++
	r.report(Problem{File: r.files[r.file], Line: line, Column: column, Reason: reason})
}
