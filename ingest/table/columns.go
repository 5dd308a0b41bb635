package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
)

// Columns say what the columns of a foreign table hold. Headers are compared without regard to case and to blanks around
// them. The zero value is Egret's own table: time, station and the keys of parameters.
type Columns struct {
	Time []string // the columns that together say the time; none: time
	// TimeFormat is a layout of package time for them, joined by blanks. Without it they are a time as Egret's own tables
	// have it; 20130301, with the hour in a second column if there is one; or year, month, day, hour and minute.
	TimeFormat string
	TimeIsEnd  bool // the time is the end of the period, not its start

	Station      string            // the column that names the station; "": station
	StationIs    string            // the station of all rows, in place of a column
	StationNames map[string]string // ids by the names that the table gives stations

	Period *reading.Period // of rows that say none; nil: that of their station

	Values       []ValueColumn
	Ignored      []string
	IgnoreOthers bool // leave out every column that is not known
	Strict       bool // a column that is not known is an error, not only reported
}

// ValueColumn says which parameter a column means, and in which unit its numbers are. In a long table it means what
// stands in the column parameter.
type ValueColumn struct {
	Header    string
	Parameter string // its key
	Unit      string // "": the parameter's own
}

// times are the columns of the time.
func (c *Columns) times() []string {
	if len(c.Time) == 0 {
		return []string{"time"}
	}
	return c.Time
}

// station is the column of the station.
func (c *Columns) station() string {
	if c.Station == "" {
		return "station"
	}
	return c.Station
}

// plainName is how headers are compared.
func plainName(header string) string { return strings.ToLower(strings.TrimSpace(header)) }

// holdsName says whether a list of headers holds one.
func holdsName(list []string, name string) bool {
	return slices.ContainsFunc(list, func(header string) bool { return plainName(header) == name })
}

// value returns what the name of a column, or of a parameter in a long table, means; nil where nothing is said of it.
func (c *Columns) value(name string) *ValueColumn {
	for i := range c.Values {
		if plainName(c.Values[i].Header) == name {
			return &c.Values[i]
		}
	}
	return nil
}

// Map says what the columns of the files to be read hold. The error says what in it contradicts itself or the parameters.
func (t *Table) Map(columns Columns) error {
	for i := range columns.Values {
		v := &columns.Values[i]
		parameter := t.parameters[v.Parameter]
		if parameter == nil {
			parameter = t.parameters.Statistic(v.Parameter)
		}
		if parameter == nil {
			return fmt.Errorf("column %q: parameter %q is not known: declare it under `parameters` with a unit and a range", v.Header, v.Parameter)
		}
		if v.Unit != "" {
			if _, err := reading.ConvertUnit(1, v.Unit, parameter, 0); err != nil {
				return fmt.Errorf("column %q: %s: %w", v.Header, v.Parameter, err)
			}
		}
		if columns.value(plainName(v.Header)) != v {
			return fmt.Errorf("column %q is given two parameters", v.Header)
		}
	}
	if columns.Station != "" && columns.StationIs != "" {
		return errors.New("the station is in a column, or the same for all rows, not both")
	}
	if columns.TimeFormat != "" {
		if err := checkFormat(columns.TimeFormat); err != nil {
			return fmt.Errorf("the format of times %q %w", columns.TimeFormat, err)
		}
	}
	t.columns, t.met = columns, make(map[string]bool)
	return nil
}

// Unmet returns the headers of [Columns.Values] that no file had so far: they may be misspelt.
func (t *Table) Unmet() []string {
	var unmet []string
	for i := range t.columns.Values {
		if header := t.columns.Values[i].Header; !t.met[plainName(header)] {
			unmet = append(unmet, header)
		}
	}
	return unmet
}

// checkFormat returns an error unless a layout holds year, month and day, and an hour only of 24.
func checkFormat(layout string) error {
	if strings.Contains(layout, "MST") {
		return errZoneName
	}
	for _, moment := range [...]time.Time{time.Date(2026, 11, 21, 13, 14, 0, 0, time.UTC), time.Date(2034, 3, 9, 20, 41, 0, 0, time.UTC)} {
		text := moment.Format(layout)
		read, err := time.Parse(layout, text)
		switch {
		case err != nil || read.Year() != moment.Year() || read.YearDay() != moment.YearDay():
			return errors.New("holds no whole date: write how 15:04 on 2 January 2006 would stand there, such as 2006-01-02 15:04 or 2006010215")
		case read.Hour() == moment.Hour()-12:
			return errors.New("does not tell the afternoon from the morning; write 15 in place of 03 or 3, or PM where that stands")
		}
	}
	return nil
}
