// Package air holds the standards for ambient air as data, and small readers of them: the limits of GB 3095, the
// indices of HJ 633 and of the US EPA, the statistics of HJ 663 and the levels of heavy-pollution warnings. Standards
// are chosen by the date of the data. Values are in ug/m3, CO in mg/m3, unless a function says otherwise.
package air

import (
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
)

// Statistics for which GB 3095 sets limits or asks for enough data. For ozone "8h" is any mean of 8 hours; the largest
// one of a day is the "day" statistic of o3_8h.
const (
	Hour    = "1h"
	Eight   = "8h"
	Day     = "day"
	Month   = "month"
	Quarter = "quarter"
	Year    = "year"
)

// Days on which standards changed.
var (
	published2012   = calendar.Date(2012, time.February, 29)
	referenceState  = calendar.Date(2018, time.September, 1)
	inForce2026     = calendar.Date(2026, time.March, 1)
	finalLimits     = calendar.Date(2031, time.January, 1)
	epaPM25Revised  = calendar.Date(2024, time.May, 6)
	epaPM25Previous = calendar.Date(2013, time.January, 1)
)

// Measured is a figure of one parameter, such as the mean of an hour or of a day. A parameter that is absent or not
// Valid is missing. Value may be a mean rounded to the ninth decimal: every bound of the tables has three at most.
type Measured struct {
	Parameter string
	Value     reading.Fixed
	Valid     bool
}

// find returns the value of the parameter, and whether there is a valid one.
func find(values []Measured, parameter string) (reading.Fixed, bool) {
	for i := range values {
		if values[i].Parameter == parameter {
			return values[i].Value, values[i].Valid
		}
	}
	return 0, false
}

// printed reads the numbers of a table's row as they are printed: "0 50 150".
func printed(row string) []reading.Fixed {
	fields := strings.Fields(row)
	numbers := make([]reading.Fixed, len(fields))
	for i, field := range fields {
		number, err := reading.ParseFixed([]byte(field))
		if err != nil {
			panic("air: " + field + " in a table: " + err.Error())
		}
		numbers[i] = number
	}
	return slices.Clip(numbers)
}
