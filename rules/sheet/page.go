package sheet

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"egret/rules/calendar"
)

// The prefixes of keys, each followed by station, 0 and the number of the hour or year, big-endian. A page of hours is
// kept hour by hour: hours come one after the other, and are seldom read again. The days of a year are one page.
const (
	HourPrefix = 'd'
	YearPrefix = 'y'
)

// AppendKey appends the key of an hour or a page. A station's are one range, in the order of time.
func AppendKey(to []byte, prefix byte, station []byte, number int32) []byte {
	to = append(to, prefix)
	to = append(to, station...)
	to = append(to, 0)
	return binary.BigEndian.AppendUint32(to, uint32(number))
}

// YearOf returns the number of the page that holds a day, and the day's place on it.
func YearOf(d calendar.Day) (number int32, index int) {
	year := d.WholeYear()
	return int32(d.Year()), int(d - year.First)
}

// Row is what a page holds of one parameter.
type Row struct {
	Parameter string
	Cells     []Cell // by hour of the day or day of the year; those behind its end are empty
}

// At returns a cell, the empty one where there is none.
func (r *Row) At(index int) Cell {
	if r == nil || index < 0 || index >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[index]
}

// Page is a page that was read. Its memory is used again by Load.
type Page struct {
	Rows []Row
}

// Find returns the row of a parameter, nil where there is none. It is valid until the page changes.
func (p *Page) Find(parameter string) *Row {
	for i := range p.Rows {
		if p.Rows[i].Parameter == parameter {
			return &p.Rows[i]
		}
	}
	return nil
}

// Set puts a cell on the page.
func (p *Page) Set(parameter string, index int, c Cell) {
	row := p.row([]byte(parameter))
	for len(row.Cells) <= index {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells[index] = c
}

// row returns the parameter's row, a new one where there is none. The memory of rows that Load has cleared is taken.
func (p *Page) row(parameter []byte) *Row {
	for i := range p.Rows {
		if p.Rows[i].Parameter == string(parameter) {
			return &p.Rows[i]
		}
	}
	if len(p.Rows) < cap(p.Rows) {
		p.Rows = p.Rows[:len(p.Rows)+1]
	} else {
		p.Rows = append(p.Rows, Row{})
	}
	row := &p.Rows[len(p.Rows)-1]
	if row.Parameter != string(parameter) {
		row.Parameter = string(parameter)
	}
	row.Cells = row.Cells[:0]
	return row
}

// Load reads a page from the store and lays operands over it that are not committed yet, from oldest to newest.
// A page that does not exist is empty.
func (p *Page) Load(store pebble.Reader, key []byte, uncommitted ...[]byte) error {
	p.Rows = p.Rows[:0]
	stored, closer, err := store.Get(key)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
	case err != nil:
		return fmt.Errorf("read page %q: %w", key, err)
	default:
		err := p.Lay(stored)
		if err = errors.Join(err, closer.Close()); err != nil {
			return fmt.Errorf("read page %q: %w", key, err)
		}
	}
	for _, operand := range uncommitted {
		if err := p.Lay(operand); err != nil {
			return fmt.Errorf("read page %q: %w", key, err)
		}
	}
	return nil
}

// LoadHours reads the hours of a station from one up to and without another. Each was kept with its place on the page.
func (p *Page) LoadHours(store pebble.Reader, station []byte, from, before int32) error {
	p.Rows = p.Rows[:0]
	iterator, err := store.NewIter(&pebble.IterOptions{
		LowerBound: AppendKey(nil, HourPrefix, station, from), UpperBound: AppendKey(nil, HourPrefix, station, before),
	})
	if err != nil {
		return fmt.Errorf("read hours of station %s: %w", station, err)
	}
	for valid := iterator.First(); valid && err == nil; valid = iterator.Next() {
		err = p.Lay(iterator.Value())
	}
	if err = errors.Join(err, iterator.Close()); err != nil {
		return fmt.Errorf("read hours of station %s: %w", station, err)
	}
	return nil
}

// Change is a cell that is put on a page.
type Change struct {
	Parameter string
	Index     int
	Cell
}

// AppendOperand appends the merge operand that puts cells on a page. Changes of one parameter must stand together.
func AppendOperand(to []byte, changes []Change) []byte {
	to = append(to, version)
	for len(changes) > 0 {
		same := 1
		for same < len(changes) && changes[same].Parameter == changes[0].Parameter {
			same++
		}
		to = appendRow(to, changes[0].Parameter, same)
		for i := range changes[:same] {
			to = appendCell(to, changes[i].Index, changes[i].Cell)
		}
		changes = changes[same:]
	}
	return to
}

// append appends the page as one operand. Cells that were emptied are kept only where older operands may lie below.
func (p *Page) append(to []byte, emptied bool) []byte {
	kept := func(c Cell) bool { return !c.Empty() || (emptied && c == cleared) }
	to = append(to, version)
	for i := range p.Rows {
		row := &p.Rows[i]
		cells := 0
		for _, c := range row.Cells {
			if kept(c) {
				cells++
			}
		}
		if cells == 0 {
			continue
		}
		to = appendRow(to, row.Parameter, cells)
		for index, c := range row.Cells {
			if kept(c) {
				to = appendCell(to, index, c)
			}
		}
	}
	return to
}

var errMalformed = errors.New("malformed page of averages")
