package average

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
)

func course(t *testing.T, key string) *Course {
	t.Helper()
	p, err := reading.BuiltinParameters().Find(key)
	if err != nil {
		t.Fatal(err)
	}
	return CourseOf(p)
}

func units(number float64) reading.Fixed { return reading.Fixed(number * 1e9) }

// hours returns valid hours of the numbers; a negative one stands for an hour that is missing.
func hours(numbers ...float64) []Hour {
	all := make([]Hour, len(numbers))
	for i, number := range numbers {
		if number >= 0 {
			all[i] = Hour{Mean: units(number), Count: 60, Valid: true}
		}
	}
	return all
}

func repeat(number float64, times int) []float64 {
	all := make([]float64, times)
	for i := range all {
		all[i] = number
	}
	return all
}

func without(numbers []float64, missing ...int) []float64 {
	all := append([]float64(nil), numbers...)
	for _, hour := range missing { // labelled by their end, 1 to 24, as offices do
		all[hour-1] = -1
	}
	return all
}

// The cases of air.md 8.4; the hours' values are rounded as HJ 663 prints them.
func TestOzoneDailyMaximum(t *testing.T) {
	day := []float64{30, 28, 26, 25, 24, 26, 30, 40, 55, 72, 95, 118, 140, 158, 170, 176, 172, 160, 140, 115, 92, 70, 55, 45}
	f := func(numbers []float64, limit float64, windows int, value string, valid bool) {
		t.Helper()
		got := course(t, "o3").DayOf(reading.Arithmetic, hours(numbers...), 1, units(limit))
		if got.Count != windows || got.Value.Fixed().String() != value || got.Valid != valid || got.Expected != 17 {
			t.Errorf("%d of %d windows, maximum %s, valid %t; want %d, %s, %t", got.Count, got.Expected, got.Value.Fixed(), got.Valid, windows, value, valid)
		}
	}
	f(day, 160, 17, "154.25", true)
	f(without(day, 3, 4, 5), 160, 14, "154.25", true)
	f(without(day, 3, 4, 5, 6), 160, 13, "154.25", false)
	evening := []int{17, 18, 19, 20, 21, 22, 23, 24}
	f(without(day, evening...), 160, 11, "142.833333333", false)
	high := []float64{36, 34, 31, 30, 29, 31, 36, 48, 66, 86, 114, 142, 168, 190, 204, 211, 0, 0, 0, 0, 0, 0, 0, 0}
	f(without(high, evening...), 160, 11, "171.5", true)  // the largest proves it
	f(without(high, evening...), 172, 11, "171.5", false) // rounded to whole ug/m3 it lies on the limit and proves nothing
	f(without(high, evening...), 0, 11, "171.5", false)
	f(without(day, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24), 160, 0, "0", false)
}

func TestDayMean(t *testing.T) {
	f := func(key string, numbers []float64, count, expected int, value string, valid bool) {
		t.Helper()
		got := course(t, key).DayOf(reading.Arithmetic, hours(numbers...), 1, 0)
		if got.Count != count || got.Expected != expected || got.Value.Fixed().String() != value || got.Valid != valid {
			t.Errorf("%s: %d of %d hours, mean %s, valid %t; want %d of %d, %s, %t", key, got.Count, got.Expected, got.Value.Fixed(), got.Valid, count, expected, value, valid)
		}
	}
	all := repeat(35, 24)
	f("pm25", all, 24, 24, "35", true)
	f("pm25", without(all, 1, 2, 3, 4), 20, 24, "35", true) // table 4: 20 hours
	f("pm25", without(all, 1, 2, 3, 4, 5), 19, 24, "35", false)
	f("tsp", all, 24, 24, "35", true) // table 4: 24 hours
	f("tsp", without(all, 24), 23, 24, "35", false)
	f("no2", append(repeat(10, 12), repeat(11, 11)...), 23, 23, "10.47826087", true) // a day of 23 hours
	f("so2", repeat(10, 25), 25, 25, "10", true)
	f("temp", without(all, 1, 2, 3, 4, 5, 6), 18, 24, "35", true)
	f("temp", without(all, 1, 2, 3, 4, 5, 6, 7), 17, 24, "35", false)
}

func TestWaterDayOfSixValues(t *testing.T) {
	f := func(valid bool, values int) {
		t.Helper()
		numbers := repeat(-1, 24)
		for i := range values {
			numbers[4*i] = 5
		}
		got := course(t, "do").DayOf(reading.Arithmetic, hours(numbers...), 4, 0)
		if got.Count != values || got.Expected != 6 || got.Valid != valid {
			t.Errorf("%d values of %d: valid %t", got.Count, got.Expected, got.Valid)
		}
	}
	f(true, 6)
	f(true, 4)
	f(false, 3)
	f(false, 0)
}

func TestExtremesOfADay(t *testing.T) {
	f := func(key, want string) {
		t.Helper()
		got := course(t, key).DayOf(reading.NoMean, hours(61, 48.5, 77.3, -1, 55), 1, 0)
		if got.Value.Fixed().String() != want || got.Count != 4 {
			t.Errorf("%s of the day is %s of %d", key, got.Value.Fixed(), got.Count)
		}
	}
	f("lmax", "77.3")
	f("lmin", "48.5")
}

func TestSlidingWindows(t *testing.T) {
	f := func(key string, numbers []float64, value string, valid bool) {
		t.Helper()
		got := course(t, key).Sliding[0].Slide(reading.Arithmetic, hours(numbers...), 1)
		if got.Value.Fixed().String() != value || got.Valid != valid {
			t.Errorf("%s: %s, valid %t; want %s, %t", key, got.Value.Fixed(), got.Valid, value, valid)
		}
	}
	f("o3", []float64{-1, -1, 60, 60, 60, 60, 60, 61}, "60.166666667", true)
	f("o3", []float64{-1, -1, -1, 60, 60, 60, 60, 61}, "60.2", false)
	f("pm25", append(repeat(-1, 4), repeat(12, 20)...), "12", true)
	f("pm25", append(repeat(-1, 5), repeat(12, 19)...), "12", false)
}

// year adds the days of a year; missing says which have no valid value.
func year(key string, t *testing.T, number int, missing func(calendar.Day) bool) Figure {
	t.Helper()
	span := calendar.Date(number, time.January, 1).WholeYear()
	var s Span
	s.Begin(false)
	for d := span.First; d <= span.Last; d++ {
		_, month, _ := d.Date()
		s.Add(month, sheet.CellOf(mean.Whole(units(30)), 24, !missing(d)))
	}
	return s.Year(course(t, key), span)
}

// between says whether a day lies in a month, from one day of it through another.
func between(month time.Month, from, through int) func(calendar.Day) bool {
	return func(d calendar.Day) bool {
		_, m, day := d.Date()
		return m == month && day >= from && day <= through
	}
}

// Table 4: 324 days a year, 27 in each month, 25 in February.
func TestYearNeedsItsDays(t *testing.T) {
	f := func(what string, got Figure, count int, valid bool) {
		t.Helper()
		if got.Count != count || got.Valid != valid {
			t.Errorf("%s: %d days, valid %t; want %d, %t", what, got.Count, got.Valid, count, valid)
		}
	}
	any := func(list ...func(calendar.Day) bool) func(calendar.Day) bool {
		return func(d calendar.Day) bool {
			for _, missing := range list {
				if missing(d) {
					return true
				}
			}
			return false
		}
	}
	f("all", year("pm25", t, 2025, any()), 365, true)
	f("leap year", year("pm25", t, 2024, any()), 366, true)
	f("February 25", year("pm25", t, 2025, between(time.February, 26, 28)), 362, true)
	f("February 24", year("pm25", t, 2025, between(time.February, 25, 28)), 361, false)
	f("July 27", year("pm25", t, 2025, between(time.July, 28, 31)), 361, true)
	f("July 26", year("pm25", t, 2025, between(time.July, 27, 31)), 360, false)
	long := []func(calendar.Day) bool{between(time.February, 26, 28)}
	for _, month := range []time.Month{1, 3, 5, 7, 8, 10, 12} {
		long = append(long, between(month, 28, 31))
	}
	for _, month := range []time.Month{4, 6, 9} {
		long = append(long, between(month, 28, 30))
	}
	f("325", year("pm25", t, 2025, any(long...)), 365-3-28-9, true)
	f("324", year("pm25", t, 2025, any(append(long, between(time.November, 28, 28))...)), 324, true)
	f("323", year("pm25", t, 2025, any(append(long, between(time.November, 28, 29))...)), 323, false)
	f("TSP, 5 days a month", year("tsp", t, 2025, func(d calendar.Day) bool { _, _, day := d.Date(); return day > 5 }), 60, true)
	f("TSP, 4 days in May", year("tsp", t, 2025, func(d calendar.Day) bool { _, m, day := d.Date(); return day > 5 || (m == time.May && day > 4) }), 59, false)
}

func TestMonthNeedsItsDays(t *testing.T) {
	f := func(key string, month time.Month, count int, valid bool) {
		t.Helper()
		span := calendar.Date(2026, month, 1).Month()
		var s Span
		s.Begin(false)
		for i := range count {
			s.Add(month, sheet.CellOf(mean.Ratio{Sum: mean.SumOf(int64(i)), Count: 3}, 24, true))
		}
		if got := s.Month(course(t, key), span); got.Count != count || got.Valid != valid || got.Expected != span.Days() {
			t.Errorf("%s: %d days of %s: valid %t of %d", key, got.Count, month, got.Valid, got.Expected)
		}
	}
	f("pm25", time.February, 25, true)
	f("pm25", time.February, 24, false)
	f("pm25", time.April, 27, true)
	f("pm25", time.April, 26, false)
	f("codmn", time.April, 18, true) // 60 % of 30
	f("codmn", time.April, 17, false)
	f("codmn", time.May, 19, true) // 60 % of 31 is 18.6
	f("codmn", time.May, 18, false)
}

func TestQuarterIsValidWhereItsMonthsAre(t *testing.T) {
	f := func(march int, valid bool) {
		t.Helper()
		var s Span
		s.Begin(false)
		for month, count := range map[time.Month]int{time.January: 31, time.February: 25, time.March: march} {
			for range count {
				s.Add(month, sheet.CellOf(mean.Whole(units(9)), 24, true))
			}
		}
		if got := s.Quarter(course(t, "co"), calendar.Date(2026, time.March, 3).Quarter()); got.Valid != valid || got.Expected != 90 {
			t.Errorf("%d days in March: valid %t of %d", march, got.Valid, got.Expected)
		}
	}
	f(27, true)
	f(26, false)
}

// HJ 663, annex A; the cases of air.md 8.4.
func TestPercentile(t *testing.T) {
	f := func(days, p int, want string) {
		t.Helper()
		var s Span
		s.Begin(true)
		for i := days; i > 0; i-- {
			s.Add(time.January, sheet.CellOf(mean.Whole(units(float64(i))), 24, true))
		}
		if got := s.Percentile(p).Fixed().String(); got != want {
			t.Errorf("P%d of 1 to %d is %s, want %s", p, days, got, want)
		}
	}
	f(365, 98, "357.72")
	f(365, 95, "346.8")
	f(365, 90, "328.6")
	f(366, 98, "358.7")
	f(366, 95, "347.75")
	f(366, 90, "329.5")
	f(324, 98, "317.54")
	f(324, 95, "307.85")
	f(324, 90, "291.7")
	f(1, 90, "1")
	f(0, 90, "0")
	var s Span
	s.Begin(true)
	for number := 100; number > 0; number -= 10 {
		s.Add(time.May, sheet.CellOf(mean.Whole(units(float64(number))), 24, true))
	}
	tens := func(p int, want string) {
		t.Helper()
		if got := s.Percentile(p).Fixed().String(); got != want {
			t.Errorf("P%d of 10 to 100 is %s, want %s", p, got, want)
		}
	}
	tens(50, "55")
	tens(90, "91")
	tens(95, "95.5")
	tens(98, "98.2")
	tens(100, "100")
	if s.Percentile(0).Known() {
		t.Error("a percentile where none is asked for")
	}
	s.Begin(true)
	if s.Percentile(98).Known() {
		t.Error("a percentile of nothing")
	}
	s.Add(time.May, sheet.CellOf(mean.Whole(units(7.5)), 24, true))
	if got := s.Percentile(98).Fixed().String(); got != "7.5" {
		t.Errorf("P98 of one day is %s", got)
	}
}

func TestPercentileOfMeansIsExact(t *testing.T) {
	var s Span
	s.Begin(true)
	s.Add(time.May, sheet.CellOf(mean.Ratio{Sum: mean.SumOf(25e9), Count: 7}, 7, true)) // 3.571428…
	s.Add(time.May, sheet.CellOf(mean.Ratio{Sum: mean.SumOf(10e9), Count: 3}, 3, true)) // 3.333333…
	got := s.Percentile(98)                                                             // 10/3 + 0.98·(25/7-10/3) = 3.56666… = 107/30
	if want := (mean.Ratio{Sum: mean.SumOf(107e9), Count: 30}); fraction(got).Cmp(fraction(want)) != 0 {
		t.Errorf("P98 is %s, want %s", got.Fixed(), want.Fixed())
	}
}

// The year is the mean of its days, not of its months, and of the exact days.
func TestYearIsTheMeanOfItsDays(t *testing.T) {
	var s Span
	s.Begin(false)
	for range 31 {
		s.Add(time.January, sheet.CellOf(mean.Ratio{Sum: mean.SumOf(100e9), Count: 3}, 24, true))
	}
	for range 28 {
		s.Add(time.February, sheet.CellOf(mean.Ratio{Sum: mean.SumOf(200e9), Count: 3}, 24, true))
	}
	got := s.Year(course(t, "pm25"), calendar.Date(2026, time.May, 1).WholeYear())
	// (31·100/3 + 28·200/3) / 59 = 8700/177
	if got.Value.Compare(0) != 1 || got.Value.Fixed().String() != "49.152542373" || got.Expected != 365 || got.Valid {
		t.Errorf("year to date %s of %d, valid %t", got.Value.Fixed(), got.Expected, got.Valid)
	}
}

// No standard speaks of a year that is not over: it is held to the days of a month, then to the share of a year.
func TestYearToDateNeedsTheDaysOfAMonth(t *testing.T) {
	f := func(valid, passed int, want bool) {
		t.Helper()
		var s Span
		s.Begin(false)
		first := calendar.Date(2026, time.January, 1)
		for i := range passed {
			_, month, _ := (first + calendar.Day(i)).Date()
			s.Add(month, sheet.CellOf(mean.Whole(units(30)), 24, i < valid))
		}
		if got := s.ToDate(course(t, "pm25"), first+calendar.Day(passed-1)); got.Valid != want || got.Count != valid || got.Expected != passed {
			t.Errorf("%d of %d days: %d of %d, valid %t", valid, passed, got.Count, got.Expected, got.Valid)
		}
	}
	f(1, 1, false)
	f(26, 26, false)
	f(27, 27, true)
	f(89, 100, true) // 324 of 365 is 88.8 %
	f(88, 100, false)
}
