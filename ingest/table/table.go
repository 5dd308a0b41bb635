// Package table reads tables of readings: CSV files in which a row is one value (long) or all values of a station and
// instant (wide). What a cell says is taken as a message from a station would be; what is plausible and who may send
// is not looked at here.
package table

import (
	"strings"
	"time"

	"egret/ingest/reading"
)

// Table is what was read of one or more files. It holds all rows in memory, since files are merged by the receipt:
// 40 bytes a row and 16 a value, so 63 MB for a year of hours of 20 stations with 6 values, in the long form.
type Table struct {
	parameters reading.Parameters
	stations   map[string]*reading.Station
	report     func(Problem)
	columns    Columns
	met        map[string]bool // names of Columns.Values that a file had
	times      clock
	receipts   clock

	files      []string
	names      names // of stations, and flags as written
	quantities quantities
	rows       []row
	values     []value
	counts     Counts
}

// row is one row of a file, as small as it can be kept.
type row struct {
	received, time int64
	first          int // of its values, which end where those of the row read next begin
	count          uint32
	line           uint32
	station        uint32
	file           uint16
	period         reading.Period
}

type value struct {
	number         float64
	quantity, flag uint32
}

// Counts are what was found in the files.
type Counts struct {
	Rows     int // with at least one value
	Values   int
	Empty    int // cells that say that there is no value
	Problems int // cells and rows that could not be read
}

// New returns an empty table. Wide tables may have columns of the parameters; a row without a period has the one that
// its station declares in the register, which may be empty; times without an offset are in the zone. report is called
// with each cell or row that cannot be read.
func New(parameters reading.Parameters, stations map[string]*reading.Station, zone *time.Location, report func(Problem)) *Table {
	return &Table{
		parameters: parameters, stations: stations, report: report,
		times: clock{zone: zone}, receipts: clock{zone: zone}, names: names{numbers: map[string]uint32{}},
		quantities: quantities{numbers: map[[2]string]uint32{}},
	}
}

// Counts returns what was found so far.
func (t *Table) Counts() Counts { return t.counts }

// LastReceipt returns the latest receipt of all rows, 0 where there are none.
func (t *Table) LastReceipt() int64 {
	var last int64
	for i := range t.rows {
		last = max(last, t.rows[i].received)
	}
	return last
}

// names keeps each text once.
type names struct {
	numbers map[string]uint32
	texts   []string
	bytes   [][]byte
}

func (n *names) number(text string) uint32 {
	if number, ok := n.numbers[text]; ok {
		return number
	}
	text = strings.Clone(text) // it holds on to the whole row
	number := uint32(len(n.texts))
	n.texts, n.bytes = append(n.texts, text), append(n.bytes, []byte(text))
	n.numbers[text] = number
	return number
}

// quantities keeps each parameter, with the unit in which its numbers are written, once.
type quantities struct {
	numbers map[[2]string]uint32
	keys    []string
	all     []quantity
}

// quantity is a parameter's key, and a unit where it is not the parameter's own.
type quantity struct{ key, unit []byte }

func (q *quantities) number(key, unit string) uint32 {
	if number, ok := q.numbers[[2]string{key, unit}]; ok {
		return number
	}
	key, unit = strings.Clone(key), strings.Clone(unit)
	number := uint32(len(q.all))
	q.keys, q.all = append(q.keys, key), append(q.all, quantity{[]byte(key), []byte(unit)})
	q.numbers[[2]string{key, unit}] = number
	return number
}
