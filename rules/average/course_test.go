package average

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// airCourses returns the courses of parameters of air, built-in ones or declared.
func airCourses(t *testing.T, keys string) []*Course {
	t.Helper()
	var all []*Course
	for _, key := range strings.Fields(keys) {
		c := CourseOf(&reading.Parameter{Key: key, Domain: reading.Air})
		if c == nil {
			t.Fatalf("%s is not averaged", key)
		}
		all = append(all, c)
	}
	return all
}

// Table 4 of GB 3095-2026 (6.4), as printed; that of GB 3095-2012 has the same numbers.
func TestTable4(t *testing.T) {
	hour := func(keys string, minutes int, certainty standard.Certainty) {
		t.Helper()
		for _, c := range airCourses(t, keys) {
			if c.HourShare.Needs(60) != minutes || c.HourShare.Of(minutes-1, 60) || !c.HourShare.Of(minutes, 60) || c.Hour.Certainty != certainty {
				t.Errorf("%v: %d minutes of an hour (%s), want %d (%s)", c.Parameters, c.HourShare.Needs(60), c.Hour.Certainty, minutes, certainty)
			}
		}
	}
	hour("so2 no2 co o3 nox", 45, standard.Seen)
	hour("pm10 pm25 tsp", 45, standard.Assumed) // the table has no such row

	day := func(keys string, hours int) {
		t.Helper()
		for _, c := range airCourses(t, keys) {
			if got := c.DayNeeds(24, 1); c.Day != DayMean || got != hours {
				t.Errorf("%v: %d hours of a day, want %d", c.Parameters, got, hours)
			}
		}
	}
	day("so2 no2 co pm10 pm25 nox", 20)
	day("tsp bap", 24)

	year := func(keys string, days, month, february int) {
		t.Helper()
		for _, c := range airCourses(t, keys) {
			if got := c.Year; got != (Days{Minimum: days, EveryMonth: month, InFebruary: february}) {
				t.Errorf("%v: the year needs %+v", c.Parameters, got)
			}
			if c.Year.Needs(365, false) != days || c.Year.Share() != (Share{days, 365}) {
				t.Errorf("%v: %d days of a year, as a share %v", c.Parameters, c.Year.Needs(365, false), c.Year.Share())
			}
			if c.Month.Needs(31, false) != month || c.Month.Needs(28, true) != february { // as a month of the year
				t.Errorf("%v: %d days of a month, %d of February", c.Parameters, c.Month.Needs(31, false), c.Month.Needs(28, true))
			}
		}
	}
	year("so2 no2 pm10 pm25 nox", 324, 27, 25)
	year("co o3", 324, 27, 25) // CO: as the others; O3: HJ 663
	year("tsp bap", 60, 5, 5)
}

// Six of the eight hours of ozone (table 4), 14 of the 17 means of 8 hours (HJ 663, 6.1.2).
func TestOzoneNeeds(t *testing.T) {
	c := airCourses(t, "o3")[0]
	if len(c.Sliding) != 1 || c.Sliding[0].Hours != 8 || c.Sliding[0].Minimum != 6 || c.Sliding[0].Source.Certainty != standard.Seen {
		t.Errorf("sliding means %+v", c.Sliding)
	}
	if c.Day != DayMaximum || c.DayKey != "o3_8h" || c.DayNeeds(17, 1) != 14 {
		t.Errorf("a day is %s with %d of 17 means", c.DayKey, c.DayNeeds(17, 1))
	}
}

// The mean of 24 hours is held to the 20 hours of a day.
func TestSlidingDay(t *testing.T) {
	for _, c := range airCourses(t, "so2 no2 co pm10 pm25 nox") {
		if len(c.Sliding) != 1 || c.Sliding[0].Hours != 24 || c.Sliding[0].Minimum != 20 || c.Sliding[0].Source.Certainty != standard.Assumed {
			t.Errorf("%v: sliding means %+v", c.Parameters, c.Sliding)
		}
	}
	for _, c := range airCourses(t, "tsp bap dustfall") {
		if len(c.Sliding) != 0 {
			t.Errorf("%v: sliding means %+v", c.Parameters, c.Sliding)
		}
	}
}

// Temperature is in no table; a parameter of water may have the key that one of air has elsewhere.
func TestOtherCourses(t *testing.T) {
	f := func(key string, domain reading.Domain, want *Course) {
		t.Helper()
		if got := CourseOf(&reading.Parameter{Key: key, Domain: domain}); got != want {
			t.Errorf("%s of %s: %+v", key, domain, got)
		}
	}
	f("temp", reading.Air, &ordinary)
	f("bap", reading.Water, &waterMean)
	f("pb", reading.Water, &waterMean)
	f("o3_8h", reading.Air, &measuredDay)
	f("anything", reading.Indicator, nil)
}

// A quarter of lead, and of what has the same row: 15 days, 5 in each month.
func TestQuarterOfFiveDaysAMonth(t *testing.T) {
	f := func(january, february, march int, valid bool) {
		t.Helper()
		var s Span
		s.Begin(false)
		for i, count := range []int{january, february, march} {
			for range count {
				s.Add(time.Month(i+1), sheet.CellOf(mean.Whole(units(0.4)), 24, true))
			}
		}
		if got := s.Quarter(airCourses(t, "bap")[0], calendar.Date(2026, time.March, 3).Quarter()); got.Valid != valid || got.Count != january+february+march {
			t.Errorf("%d, %d, %d days: %d, valid %t", january, february, march, got.Count, got.Valid)
		}
	}
	f(5, 5, 5, true)
	f(5, 5, 4, false)
	f(6, 4, 6, false)
	f(31, 28, 0, false)
}
