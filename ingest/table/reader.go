package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

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
	station := strings.TrimSpace(r.cells[h.station])
	taken := row{first: len(r.values), file: r.file, line: uint32(r.line())}
	var ok bool
	if taken.time, ok = r.instant(&r.times, h.time); !ok {
		return
	}
	if station == "" {
		r.cell(h.station, "station is empty: say which station it is")
		return
	}
	if taken.period, ok = r.period(station); !ok {
		return
	}
	taken.received = taken.time + int64(taken.period.Length())
	if h.received >= 0 && strings.TrimSpace(r.cells[h.received]) != "" {
		if taken.received, ok = r.instant(&r.receipts, h.received); !ok {
			return
		}
	}
	if h.long() {
		r.value(r.names.number(strings.ToLower(strings.TrimSpace(r.cells[h.parameter]))), h.value, h.flag)
	}
	for i := range h.columns {
		c := &h.columns[i]
		r.value(c.name, c.value, c.flag)
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
func (r *reader) value(parameter uint32, column, flag int) {
	text := strings.TrimSpace(r.cells[column])
	if isMissing(text) {
		r.counts.Empty++
		return
	}
	number, ok := parseNumber(text)
	if !ok {
		r.cell(column, "%s: %q is not a number: write digits with a point, such as 35.2, or leave the cell empty", reading.Shorten(r.names.texts[parameter]), reading.Shorten(text))
		return
	}
	v := value{number: number, parameter: parameter, flag: r.names.number("")}
	if flag >= 0 {
		v.flag = r.names.number(strings.TrimSpace(r.cells[flag]))
	}
	r.values = append(r.values, v)
}

func (r *reader) instant(c *clock, column int) (int64, bool) {
	text := strings.TrimSpace(r.cells[column])
	instant, err := c.parse(text)
	if err != nil {
		name := "time"
		if column == r.header.received {
			name = "received"
		}
		r.cell(column, "%s %q %s", name, reading.Shorten(text), err)
	}
	return instant, err == nil
}

func (r *reader) period(station string) (reading.Period, bool) {
	text := ""
	if r.header.period >= 0 {
		text = strings.TrimSpace(r.cells[r.header.period])
	}
	if text == "" {
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
