package plan

import "testing"

func TestDutiesAreDueAtTheEndOfTheirPeriod(t *testing.T) {
	p := Plan{Period: Period{From: on("2018-02-15"), Until: on("2020-11-20")}}
	f := func(every, day, want string) {
		t.Helper()
		due, ok := Duty{Every: every}.Next(&p, on(day))
		if !ok || due != on(want) {
			t.Errorf("each %s: after %s it is due on %s, %t, want %s", every, day, due, ok, want)
		}
	}
	f("month", "2018-02-15", "2018-02-28")
	f("month", "2018-02-28", "2018-02-28")
	f("month", "2018-03-01", "2018-03-31")
	f("month", "2020-02-01", "2020-02-29")
	f("quarter", "2018-02-15", "2018-03-31")
	f("quarter", "2018-04-01", "2018-06-30")
	f("half-year", "2018-06-30", "2018-06-30")
	f("half-year", "2018-07-01", "2018-12-31")
	f("half-year", "2019-01-01", "2019-06-30")
	f("year", "2018-12-31", "2018-12-31")
	f("year", "2019-01-01", "2019-12-31")
	f("once", "2018-02-15", "2020-11-20")
	f("once", "2020-11-20", "2020-11-20")

	// Before the plan begins the first one is the next, at its end the last one is due with it.
	f("month", "2017-05-01", "2018-02-28")
	f("month", "2020-11-20", "2020-11-20")
	f("quarter", "2020-10-01", "2020-11-20")
	f("half-year", "2020-07-01", "2020-11-20")
	f("year", "2020-01-01", "2020-11-20")

	for _, every := range []string{"month", "quarter", "half-year", "year", "once"} {
		if due, ok := (Duty{Every: every}).Next(&p, on("2020-11-21")); ok {
			t.Errorf("each %s: after the plan's end it is due on %s", every, due)
		}
	}
}
