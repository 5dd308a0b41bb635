package average

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// fallen adds one value of dust-fall for each month that has one, on its first day.
func fallen(rates ...float64) *Span {
	var s Span
	s.Begin(false)
	for i, rate := range rates {
		month := time.Month(i + 1)
		s.Add(month, sheet.CellOf(mean.Whole(units(rate)), 1, rate >= 0))
		s.Add(month, sheet.Cell{}) // the other days have none
	}
	return &s
}

func wantFall(t *testing.T, what string, got Figure, value string, count, expected int, valid bool) {
	t.Helper()
	if got.Value.Fixed().String() != value || got.Count != count || got.Expected != expected || got.Valid != valid {
		t.Errorf("%s: %s of %d of %d, valid %t; want %s of %d of %d, %t", what, got.Value.Fixed(), got.Count, got.Expected, got.Valid, value, count, expected, valid)
	}
}

// One value makes an hour and a day.
func TestDustFallOfADay(t *testing.T) {
	c := course(t, "dustfall")
	if !c.HourShare.Of(1, 60) || c.HourShare.Of(0, 60) || c.Source != fallAssumed || c.Source.Certainty != standard.Assumed {
		t.Errorf("hour %+v, source %+v", c.HourShare, c.Source)
	}
	one := repeat(-1, 24)
	one[9] = 4.8
	wantFall(t, "one hour", c.DayOf(reading.Arithmetic, hours(one...), 1, 0), "4.8", 1, 24, true)
	wantFall(t, "one reading of 4 hours", c.DayOf(reading.Arithmetic, hours(one...), 4, 0), "4.8", 1, 6, true)
	wantFall(t, "none", c.DayOf(reading.Arithmetic, hours(repeat(-1, 24)...), 1, 0), "0", 0, 24, false)
}

// One value makes a month; a quarter needs each of its months, a year 8 of 12 (assumptions).
func TestDustFallCountsMonths(t *testing.T) {
	c := course(t, "dustfall")
	day := calendar.Date(2026, time.March, 1)
	month := func(s *Span) Figure { return s.Month(c, day.Month()) }
	quarter := func(s *Span) Figure { return s.Quarter(c, day.Quarter()) }
	year := func(s *Span) Figure { return s.Year(c, day.WholeYear()) }
	to := func(s *Span, through time.Month) Figure { return s.ToDate(c, calendar.Date(2026, through, 1)) }

	wantFall(t, "month", month(fallen(-1, -1, 6.5)), "6.5", 1, 1, true)
	wantFall(t, "month without a value", month(fallen(-1, -1, -1)), "0", 0, 1, false)
	wantFall(t, "quarter", quarter(fallen(4, 5, 7.5)), "5.5", 3, 3, true)
	wantFall(t, "quarter without February", quarter(fallen(4, -1, 7)), "5.5", 2, 3, false)

	wantFall(t, "8 months", year(fallen(4, 5, 6, 7, -1, -1, -1, -1, 4, 5, 6, 7)), "5.5", 8, 12, true)
	wantFall(t, "7 months", year(fallen(4, 5, 6, -1, -1, -1, -1, -1, 4, 5, 6, 5)), "5", 7, 12, false)
	wantFall(t, "12 months", year(fallen(6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6)), "6", 12, 12, true)
	twice := fallen(4, 5, 6, -1, -1, -1, -1, -1, 4, 5, 6, 5)
	twice.Add(time.December, sheet.CellOf(mean.Whole(units(5)), 1, true))
	wantFall(t, "two values in December", year(twice), "5", 7, 12, false)

	// What has passed of a year is held to 8 of 12 as well.
	wantFall(t, "through January", to(fallen(4), time.January), "4", 1, 1, true)
	wantFall(t, "through March", to(fallen(4, -1, 6), time.March), "5", 2, 3, true)
	wantFall(t, "through April", to(fallen(4, -1, -1, 6), time.April), "5", 2, 4, false)
	wantFall(t, "through April", to(fallen(4, 5, -1, 6), time.April), "5", 3, 4, true)
}
