package table

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"egret/ingest/reading"
)

// header says what the columns of a file hold; -1 where it has no such column.
type header struct {
	times                     []int // of [Columns.Time], else the column time alone
	station, period, received int
	parameter, value          int // of the long form, flag and unit beside them
	flag, unit                int
	columns                   []column
	width                     int
}

// column is a parameter's column of the wide form, with that of its flags.
type column struct {
	header      string
	key         string
	quantity    uint32
	value, flag int
}

// notUTF8 is what is said of a text that is not: spreadsheets in Chinese save CSV in GBK.
const notUTF8 = "is not in UTF-8, but perhaps in GBK: save the table as CSV in UTF-8"

const headerExample = "the first row names the columns: time,station,parameter,value or time,station,pm25,pm10,…"

// found are the columns of a file that are no use, and those of flags by the header that they belong to.
type found struct {
	flags          map[string]int
	twice, unknown []int
}

// readHeader reads the first row. An error means that no row can be read; else report is called with the number of each
// column that is no use.
func (t *Table) readHeader(cells []string, report func(column int, format string, arguments ...any)) (*header, error) {
	h := &header{times: make([]int, max(1, len(t.columns.Time))), station: -1, period: -1, received: -1, parameter: -1, value: -1, flag: -1, unit: -1, width: len(cells)}
	for i := range h.times {
		h.times[i] = -1
	}
	found, err := t.sort(h, cells)
	if err == nil {
		err = t.check(h, cells)
	}
	if err == nil && t.columns.Strict && len(found.unknown) > 0 {
		err = t.refuseUnknown(cells, found.unknown)
	}
	if err != nil {
		return nil, err
	}
	for i := range h.columns {
		c := &h.columns[i]
		if place, ok := found.flags[c.header]; ok {
			c.flag = place
			delete(found.flags, c.header)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found.flags)) {
		report(found.flags[name], "column %q has no column %q beside it, and is left out", reading.Shorten(name+reading.FlagSuffix), reading.Shorten(name))
	}
	for _, i := range found.twice {
		report(i, "column %q stands there twice; the first one is taken", reading.Shorten(cells[i]))
	}
	for _, i := range found.unknown {
		report(i, "column %q is not known, and left out: declare it under `parameters` with a unit and a range, or remove it", reading.Shorten(cells[i]))
	}
	return h, nil
}

// sort finds out what each column is.
func (t *Table) sort(h *header, cells []string) (found, error) {
	f := found{flags: map[string]int{}}
	fixed := t.fixed(h)
	seen, meant := map[string]bool{}, map[string]string{}
	for i, cell := range cells {
		name := plainName(cell)
		prefix, isFlag := strings.CutSuffix(name, reading.FlagSuffix)
		target := t.columns.value(name)
		switch {
		case name == "", holdsName(t.columns.Ignored, name): // empty of a comma at the end
		case seen[name]:
			f.twice = append(f.twice, i)
		case target != nil:
			h.columns = append(h.columns, column{header: name, key: target.Parameter, quantity: t.quantities.number(target.Parameter, target.Unit), value: i, flag: -1})
			t.met[name] = true
		case fixed[name] != nil:
			*fixed[name] = i
		case isFlag:
			f.flags[prefix] = i
		case t.parameters[name] != nil:
			h.columns = append(h.columns, column{header: name, key: name, quantity: t.quantities.number(name, ""), value: i, flag: -1})
		case !t.columns.IgnoreOthers:
			f.unknown = append(f.unknown, i)
		}
		seen[name] = true
	}
	for i := range h.columns {
		c := &h.columns[i]
		if other, ok := meant[c.key]; ok {
			return f, fmt.Errorf("its columns %q and %q are both %s: leave one of them out with --ignore", reading.Shorten(other), reading.Shorten(cells[c.value]), c.key)
		}
		meant[c.key] = cells[c.value]
	}
	return f, nil
}

// fixed returns where the number of each column goes that is no parameter.
func (t *Table) fixed(h *header) map[string]*int {
	fixed := map[string]*int{
		"period": &h.period, "received": &h.received, "parameter": &h.parameter, "value": &h.value, "flag": &h.flag, "unit": &h.unit,
	}
	for i, name := range t.columns.times() {
		fixed[plainName(name)] = &h.times[i]
	}
	if t.columns.StationIs == "" {
		fixed[plainName(t.columns.station())] = &h.station
	}
	return fixed
}

func (t *Table) refuseUnknown(cells []string, unknown []int) error {
	names := make([]string, len(unknown))
	for i, column := range unknown {
		if !utf8.ValidString(cells[column]) {
			return errors.New("it " + notUTF8 + ", or leave out its other columns with --ignore-others")
		}
		names[i] = strconv.Quote(reading.Shorten(cells[column]))
	}
	return fmt.Errorf("nobody says what its columns %s are: name their parameters with --map, or leave them out with --ignore, all of them with --ignore-others", strings.Join(names, " "))
}

// check says whether the columns make a table of readings.
func (t *Table) check(h *header, cells []string) error {
	missing := ""
	switch long := h.parameter >= 0 || h.value >= 0; {
	case slices.Contains(h.times, -1):
		missing = t.columns.times()[slices.Index(h.times, -1)]
	case h.station < 0 && t.columns.StationIs == "":
		missing = t.columns.station()
	case long && h.parameter < 0:
		missing = "parameter"
	case long && h.value < 0:
		missing = "value"
	case long && len(h.columns) > 0:
		return fmt.Errorf("it has the columns parameter and value, and %s besides: a table is long or wide, not both", reading.Shorten(cells[h.columns[0].value]))
	case !long && len(h.columns) == 0:
		return errors.New("it has no column of a parameter; " + headerExample)
	case !long && h.flag >= 0:
		return errors.New("it has a column flag without parameter and value: in the wide form write pm25_flag beside pm25")
	case !long && h.unit >= 0:
		return errors.New("it has a column unit without parameter and value: in the wide form say the unit with --map, such as --map CO=co:ug/m3")
	default:
		return nil
	}
	if len(cells) == 1 && strings.ContainsAny(cells[0], ";\t，；") {
		return errors.New("its columns are not separated by commas: save it as CSV with commas")
	}
	if !utf8.ValidString(strings.Join(cells, "")) {
		return errors.New("it " + notUTF8)
	}
	return fmt.Errorf("it has no column %q; %s", missing, headerExample)
}

func (h *header) long() bool { return h.parameter >= 0 }
