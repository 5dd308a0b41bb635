// Package calendar knows the days, months, quarters, years and nights of stations: which instants belong to them in
// the stations' time zone. All instants are Unix nanoseconds.
package calendar

import (
	"fmt"
	"time"
)

// Day is a civil day, counted from 1970-01-01; it has no zone.
type Day int32

const secondsOfDay = 24 * 60 * 60

// Date returns the day of a date.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// ParseDay reads a date such as 2026-03-01.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date: write year-month-day, such as 2026-03-01", text)
	}
	return Day(t.Unix() / secondsOfDay), nil
}

// Date returns the day's date.
func (d Day) Date() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*secondsOfDay, 0).UTC().Date()
}

// Year returns the year the day lies in.
func (d Day) Year() int {
	year, _, _ := d.Date()
	return year
}

// String writes the date as 2026-03-01.
func (d Day) String() string {
	return time.Unix(int64(d)*secondsOfDay, 0).UTC().Format(time.DateOnly)
}

// Span is a run of days.
type Span struct{ First, Last Day }

// Days returns how many days the span has.
func (s Span) Days() int { return int(s.Last-s.First) + 1 }

// Month returns the month that holds the day.
func (d Day) Month() Span {
	year, month, _ := d.Date()
	return Span{Date(year, month, 1), Date(year, month+1, 1) - 1}
}

// Quarter returns the quarter that holds the day.
func (d Day) Quarter() Span {
	year, month, _ := d.Date()
	first := (month-1)/3*3 + 1
	return Span{Date(year, first, 1), Date(year, first+3, 1) - 1}
}

// WholeYear returns the year that holds the day.
func (d Day) WholeYear() Span {
	year := d.Year()
	return Span{Date(year, time.January, 1), Date(year+1, time.January, 1) - 1}
}
