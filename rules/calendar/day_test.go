package calendar

import (
	"testing"
	"time"
)

// day reads a date.
func day(t testing.TB, text string) Day {
	t.Helper()
	d, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDaysAreCountedFrom1970(t *testing.T) {
	f := func(text string, want Day) {
		t.Helper()
		d := day(t, text)
		year, month, date := d.Date()
		if d != want || d.String() != text || Date(year, month, date) != d || d.Year() != year {
			t.Errorf("%s is day %d and written %s", text, d, d)
		}
	}
	f("1970-01-01", 0)
	f("1969-12-31", -1)
	f("1970-12-31", 364)
	f("2000-02-29", 11016)
	f("2026-11-21", 20778)
	f("1900-01-01", -25567)

	if Date(2026, time.November, 31) != day(t, "2026-12-01") || Date(2026, 13, 1) != day(t, "2027-01-01") {
		t.Error("a date beyond its month is not that of the next")
	}
	last := day(t, "1899-12-31")
	for d := last + 1; d < 60_000; d++ { // to the year 2134
		year, month, date := d.Date()
		if Date(year, month, date) != d || d.String() <= last.String() {
			t.Fatalf("after %s comes %s", last, d)
		}
		last = d
	}
}

func TestTextsThatAreNoDate(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-11", "2026-11-31", "2025-02-29", "2026-13-01", "2026-11-21T00:00:00Z", "21.11.2026", "2026/11/21", "2026-1-1", " 2026-11-21"} {
		if d, err := ParseDay(text); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
}

func TestMonthsQuartersAndYears(t *testing.T) {
	f := func(text string, span func(Day) Span, first, last string, days int) {
		t.Helper()
		s := span(day(t, text))
		if s != (Span{day(t, first), day(t, last)}) || s.Days() != days {
			t.Errorf("%s lies in %s to %s of %d days", text, s.First, s.Last, s.Days())
		}
		if span(s.First) != s || span(s.Last) != s || span(s.First-1) == s || span(s.Last+1) == s {
			t.Errorf("the span %s to %s does not hold its own days", s.First, s.Last)
		}
	}
	f("2025-02-10", Day.Month, "2025-02-01", "2025-02-28", 28)
	f("2024-02-29", Day.Month, "2024-02-01", "2024-02-29", 29)
	f("2000-02-01", Day.Month, "2000-02-01", "2000-02-29", 29)
	f("1900-02-01", Day.Month, "1900-02-01", "1900-02-28", 28)
	f("2100-02-28", Day.Month, "2100-02-01", "2100-02-28", 28)
	f("2026-11-21", Day.Month, "2026-11-01", "2026-11-30", 30)
	f("2026-12-31", Day.Month, "2026-12-01", "2026-12-31", 31)
	f("1969-12-31", Day.Month, "1969-12-01", "1969-12-31", 31)
	f("2026-01-01", Day.Quarter, "2026-01-01", "2026-03-31", 90)
	f("2024-03-31", Day.Quarter, "2024-01-01", "2024-03-31", 91)
	f("2026-05-05", Day.Quarter, "2026-04-01", "2026-06-30", 91)
	f("2026-09-30", Day.Quarter, "2026-07-01", "2026-09-30", 92)
	f("2026-11-21", Day.Quarter, "2026-10-01", "2026-12-31", 92)
	f("2026-11-21", Day.WholeYear, "2026-01-01", "2026-12-31", 365)
	f("2024-01-01", Day.WholeYear, "2024-01-01", "2024-12-31", 366)
	f("2000-12-31", Day.WholeYear, "2000-01-01", "2000-12-31", 366)
	f("1900-06-01", Day.WholeYear, "1900-01-01", "1900-12-31", 365)
}

func TestAYearIsItsQuartersAndAQuarterItsMonths(t *testing.T) {
	for year := 1896; year <= 2104; year++ {
		whole := Date(year, time.July, 1).WholeYear()
		quarters, months := 0, 0
		for first := whole.First; first <= whole.Last; first = first.Month().Last + 1 {
			months += first.Month().Days()
			if first == first.Quarter().First {
				quarters += first.Quarter().Days()
			}
		}
		if quarters != whole.Days() || months != whole.Days() {
			t.Fatalf("%d has %d days, its quarters %d, its months %d", year, whole.Days(), quarters, months)
		}
	}
}
