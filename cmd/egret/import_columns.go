package main

import (
	"fmt"
	"strings"

	"egret/ingest/reading"
	"egret/ingest/table"

	"github.com/spf13/pflag"
)

// tableOptions are the flags that say how tables are read, of `egret replay` and `egret import`.
type tableOptions struct {
	marks              string
	maps, stations     []string
	time, ignored      []string
	timeFormat, timeIs string
	stationColumn      string
	station, period    string
	ignoreOthers       bool
}

// tableHelp explains what a table of readings is.
const tableHelp = `A table is long (time,station,parameter,value, and period, flag, unit, received if wanted) or wide
(time,station,pm25,pm10,… and period, received, pm25_flag …): CSV in UTF-8, the columns in any order,
packed with gzip or not; - is standard input. time is the START of the period: RFC 3339, 2026-03-01 10:00
in the zone of the configuration, or epoch seconds or milliseconds. Without period a row has the period that
its station declares, else rt. Empty cells and NA NaN null - -- -; — / * -999 mean that there is no value.`

// columnsHelp explains the flags of foreign tables.
const columnsHelp = `Other tables are read with options: --map says which parameter a column means, and its unit where that is
another one (CO=co:ug/m3); --time which columns together are the time (year,month,day,hour or date,hour),
--time-format how it is written, --time-is end that it is the end of the period; --station-column,
--station-map or --station whose readings they are; --period how long one lasts. Headers are compared
without regard to case; a column that is named like a parameter is taken for that, unless --ignore names it.`

func (o *tableOptions) flags(set *pflag.FlagSet) {
	set.StringVar(&o.marks, "flags", reading.HJ212Flags.Name, "what the marks beside values mean: hj212, national or surface-water")
	set.StringArrayVar(&o.maps, "map", nil, "HEADER=PARAMETER[:UNIT], as often as needed")
	set.StringSliceVar(&o.time, "time", nil, "the columns that together say the time")
	set.StringVar(&o.timeFormat, "time-format", "", "how they write 15:04 on 2 January 2006, such as 2006010215")
	set.StringVar(&o.timeIs, "time-is", "start", "start or end of the period")
	set.StringVar(&o.stationColumn, "station-column", "", "the column that names the station")
	set.StringVar(&o.station, "station", "", "the station of all rows")
	set.StringArrayVar(&o.stations, "station-map", nil, "NAME=STATION, as often as needed")
	set.StringVar(&o.period, "period", "", "how long a value lasts where a row does not say: rt 1m 5m 10m 15m 30m 1h 4h 1d")
	set.StringSliceVar(&o.ignored, "ignore", nil, "columns to be left out")
	set.BoolVar(&o.ignoreOthers, "ignore-others", false, "leave out all columns that are not known")
}

// columns returns what the flags say. The error is one of the command line.
func (o *tableOptions) columns() (columns table.Columns, err error) {
	columns = table.Columns{
		Time: o.time, TimeFormat: o.timeFormat, Station: o.stationColumn, StationIs: o.station,
		Ignored: o.ignored, IgnoreOthers: o.ignoreOthers, StationNames: make(map[string]string, len(o.stations)),
	}
	switch o.timeIs {
	case "start":
	case "end":
		columns.TimeIsEnd = true
	default:
		return columns, usageError{fmt.Errorf("--time-is %s is not known: use start or end", o.timeIs)}
	}
	if o.period != "" {
		period, err := reading.ParsePeriod(o.period)
		if err != nil {
			return columns, usageError{fmt.Errorf("--period: %w", err)}
		}
		columns.Period = &period
	}
	for _, text := range o.stations {
		name, id, ok := cutLast(text)
		if !ok {
			return columns, usageError{fmt.Errorf("--station-map %s: write NAME=STATION", text)}
		}
		columns.StationNames[name] = id
	}
	for _, text := range o.maps {
		name, meaning, ok := cutLast(text)
		if !ok {
			return columns, usageError{fmt.Errorf("--map %s: write HEADER=PARAMETER or HEADER=PARAMETER:UNIT, such as CO=co:ug/m3", text)}
		}
		key, unit, _ := strings.Cut(meaning, ":")
		columns.Values = append(columns.Values, table.ValueColumn{Header: name, Parameter: key, Unit: unit})
	}
	return columns, nil
}

// cutLast cuts a text at its last equals sign, since headers may hold others; ok is false where a side is empty.
func cutLast(text string) (name, meaning string, ok bool) {
	at := strings.LastIndexByte(text, '=')
	if at < 0 {
		return "", "", false
	}
	name, meaning = strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+1:])
	return name, meaning, name != "" && meaning != ""
}
