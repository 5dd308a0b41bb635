package plan

import "testing"

func TestSpanAt(t *testing.T) {
	f := func(p Period, day, first, last string) {
		t.Helper()
		plan := Plan{Period: p}
		span, ok := plan.SpanAt(on(day))
		if !ok || span != from(first, last) {
			t.Errorf("%s lies in %s to %s, %t; want %s to %s", day, span.First, span.Last, ok, first, last)
		}
	}
	year := Period{From: on("2018-01-01"), Until: on("2018-12-31")}
	f(year, "2018-01-01", "2018-01-01", "2018-12-31")
	f(year, "2018-12-31", "2018-01-01", "2018-12-31")
	f(year, "2026-11-22", "2018-01-01", "2018-12-31") // the plan is over

	// Anyang's three years were decided in April of the first.
	three := Period{From: on("2021-04-25"), Until: on("2023-12-31")}
	f(three, "2021-04-25", "2021-04-25", "2021-12-31")
	f(three, "2022-07-01", "2022-01-01", "2022-12-31")
	f(three, "2024-01-01", "2023-01-01", "2023-12-31")
	f(Period{From: on("2021-04-25"), Until: on("2023-06-30")}, "2023-05-01", "2023-01-01", "2023-06-30")

	// The months of ozone.
	ozone := Period{From: on("2023-01-01"), Until: on("2024-12-31"), Season: Season{4, 1, 9, 30}}
	f(ozone, "2023-04-01", "2023-04-01", "2023-09-30")
	f(ozone, "2023-12-31", "2023-04-01", "2023-09-30") // between two seasons: the last one
	f(ozone, "2024-04-01", "2024-04-01", "2024-09-30")

	// The months of heating go over new year; the first and the last are cut.
	heating := Period{From: on("2022-01-01"), Until: on("2023-12-31"), Season: Season{11, 15, 3, 15}}
	f(heating, "2022-02-01", "2022-01-01", "2022-03-15")
	f(heating, "2022-12-31", "2022-11-15", "2023-03-15")
	f(heating, "2023-01-01", "2022-11-15", "2023-03-15")
	f(heating, "2023-11-14", "2022-11-15", "2023-03-15")
	f(heating, "2024-02-01", "2023-11-15", "2023-12-31")

	// Until the end of February, however long it is.
	winter := Period{From: on("2023-12-01"), Until: on("2025-12-31"), Season: Season{12, 1, 2, 29}}
	f(winter, "2024-01-01", "2023-12-01", "2024-02-29")
	f(winter, "2025-01-01", "2024-12-01", "2025-02-28")

	for _, p := range []Plan{{Period: three}, {Period: ozone}} {
		if span, ok := p.SpanAt(p.Period.From - 1); ok {
			t.Errorf("before the plan there is a span from %s", span.First)
		}
	}
	if span, ok := (&Plan{Period: ozone}).SpanAt(on("2023-03-31")); ok {
		t.Errorf("before the first season there is one from %s", span.First)
	}
}

func TestYearBefore(t *testing.T) {
	f := func(day, want string) {
		t.Helper()
		if got := yearBefore(on(day)); got != on(want) {
			t.Errorf("%s is %s, want %s", day, got, want)
		}
	}
	f("2018-03-01", "2017-03-01")
	f("2024-02-28", "2023-02-28")
	f("2024-02-29", "2023-02-28")
	f("2024-03-01", "2023-03-01")
	f("2025-02-28", "2024-02-28")
	f("2025-12-31", "2024-12-31")
}

func TestFrame(t *testing.T) {
	f := frameOf(from("2023-11-15", "2024-03-10"))
	if f.Days() != 117 || f.month(0) != 0 || f.month(15) != 0 || f.month(16) != 1 || f.month(116) != 4 || f.isYear() {
		t.Errorf("the season has the months %v", f.monthOf)
	}
	for day, ends := range map[string]bool{"2023-11-29": false, "2023-11-30": true, "2024-02-28": false, "2024-02-29": true, "2024-03-10": true} {
		if f.monthEnds(f.index(on(day))) != ends {
			t.Errorf("on %s a month ends: %t", day, !ends)
		}
	}
	if !frameOf(from("2024-01-01", "2024-12-31")).isYear() || frameOf(from("2024-01-01", "2024-12-30")).isYear() {
		t.Error("a year is from its first to its last day")
	}
}
