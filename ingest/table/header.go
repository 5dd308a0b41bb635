package table

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"egret/ingest/reading"
)

// header says what the columns of a file hold; -1 where it has no such column.
type header struct {
	time, station, period, received int
	parameter, value, flag          int // of the long form
	columns                         []column
	width                           int
}

// column is a parameter's column of the wide form, with that of its flags.
type column struct {
	key         string
	name        uint32
	value, flag int
}

const headerExample = "the first row names the columns: time,station,parameter,value or time,station,pm25,pm10,…"

// readHeader reads the first row. An error means that no row can be read; else report is called with the number of each
// column that is no use.
func (t *Table) readHeader(cells []string, report func(column int, format string, arguments ...any)) (*header, error) {
	h := &header{time: -1, station: -1, period: -1, received: -1, parameter: -1, value: -1, flag: -1, width: len(cells)}
	fixed := map[string]*int{
		"time": &h.time, "station": &h.station, "period": &h.period, "received": &h.received,
		"parameter": &h.parameter, "value": &h.value, "flag": &h.flag,
	}
	flags, seen := map[string]int{}, map[string]bool{}
	var twice, unknown []int
	for i, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(cell))
		key, isFlag := strings.CutSuffix(name, reading.FlagSuffix)
		switch {
		case name == "": // of a comma at the end
		case seen[name]:
			twice = append(twice, i)
		case fixed[name] != nil:
			*fixed[name] = i
		case isFlag:
			flags[key] = i
		case t.parameters[name] != nil:
			h.columns = append(h.columns, column{key: name, name: t.names.number(name), value: i, flag: -1})
		default:
			unknown = append(unknown, i)
		}
		seen[name] = true
	}
	if err := h.check(cells); err != nil {
		return nil, err
	}
	for i := range h.columns {
		c := &h.columns[i]
		if place, ok := flags[c.key]; ok {
			c.flag = place
			delete(flags, c.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		report(flags[key], "column %q has no column %q beside it, and is left out", reading.Shorten(key+reading.FlagSuffix), reading.Shorten(key))
	}
	for _, i := range twice {
		report(i, "column %q stands there twice; the first one is taken", reading.Shorten(cells[i]))
	}
	for _, i := range unknown {
		report(i, "column %q is not known, and left out: declare it under `parameters` with a unit and a range, or remove it", reading.Shorten(cells[i]))
	}
	return h, nil
}

// check says whether the columns make a table of readings.
func (h *header) check(cells []string) error {
	missing := ""
	switch long := h.parameter >= 0 || h.value >= 0; {
	case h.time < 0:
		missing = "time"
	case h.station < 0:
		missing = "station"
	case long && h.parameter < 0:
		missing = "parameter"
	case long && h.value < 0:
		missing = "value"
	case long && len(h.columns) > 0:
		return fmt.Errorf("it has the columns parameter and value, and %s besides: a table is long or wide, not both", h.columns[0].key)
	case !long && len(h.columns) == 0:
		return errors.New("it has no column of a parameter; " + headerExample)
	case !long && h.flag >= 0:
		return errors.New("it has a column flag without parameter and value: in the wide form write pm25_flag beside pm25")
	default:
		return nil
	}
	if len(cells) == 1 && strings.ContainsAny(cells[0], ";\t") {
		return errors.New("its columns are not separated by commas: save it as CSV with commas")
	}
	return fmt.Errorf("it has no column %q; %s", missing, headerExample)
}

func (h *header) long() bool { return h.parameter >= 0 }
