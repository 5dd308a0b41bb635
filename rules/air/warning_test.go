package air

import "testing"

func TestWarningLevels(t *testing.T) {
	f := func(date string, want Warning, daily ...int) {
		t.Helper()
		if got := WarningLevel(WarningSchemeAt(on(t, date)), daily); got != want {
			t.Errorf("%s %v: %s, want %s", date, daily, got, want)
		}
	}
	const now, before, first = "2026-11-21", "2020-12-01", "2017-12-01"
	f(now, NoWarning, 200)
	f(now, Yellow, 201)
	f(now, NoWarning, 150, 151)
	f(now, Yellow, 151, 151)
	f(now, Orange, 160, 170, 155)
	f(now, Orange, 210, 220)
	f(now, Orange, 210, 220, 230)
	f(now, Red, 210, 310, 220)
	f(now, Orange, 310, 320)
	f(now, Orange, 151, 201, 151)
	f(now, Red, 90, 201, 202, 301)
	f(now, Orange, 210, 220, 230, 90, 310) // the day above 300 belongs to another episode
	f(now, Orange, 500, 500)
	f(now, NoWarning)
	f(now, NoWarning, 151, -1, 151) // a day without an index ends a run
	f(now, Yellow, 210, -1, 160)
	f(now, NoWarning, 160, 90, 160, 90)

	f(before, NoWarning, 201)
	f(before, Yellow, 201, 201)
	f(before, Orange, 201, 201, 201)
	f(before, Orange, 201, 301, 301)
	f(before, Orange, 201, 301, 201, 301) // not two days above 300 on end
	f(before, Red, 201, 301, 301, 201)
	f(before, Red, 500)
	f(before, NoWarning, 499)
	f(before, NoWarning, 201, 200, 201)

	f(first, NoWarning, 200)
	f(first, Blue, 201)
	f(first, Yellow, 201, 201)
	f(first, Yellow, 201, 201, 201)
	f(first, Orange, 201, 301, 201)
	f(first, Orange, 201, 201, 201, 201, 301)
	f(first, Red, 201, 201, 301, 301)
	f(first, Red, 90, 500)
	f(first, Yellow, 301, 301)
}

// A run that ended before today calls for nothing, one that goes on calls for all that its past days do.
func TestWarningAhead(t *testing.T) {
	f := func(want Warning, past int, daily ...int) {
		t.Helper()
		if got := WarningAhead(WarningSchemeAt(on(t, "2026-11-21")), daily, past); got != want {
			t.Errorf("%v, %d of them past: %s, want %s", daily, past, got, want)
		}
	}
	f(NoWarning, 3, 210, 310, 220)
	f(NoWarning, 3, 210, 310, 220, 150)
	f(Orange, 3, 210, 310, 220, 151) // four days above 150
	f(Red, 2, 210, 310, 220)
	f(Red, 0, 210, 310, 220)
	f(NoWarning, 2, 210, 220, -1, 90)
	f(Yellow, 2, 210, 220, -1, 201)
	f(Orange, 1, 90, 210, 220)
}

func TestWarningSchemeFollowsTheYear(t *testing.T) {
	f := func(date, want string) {
		t.Helper()
		got := ""
		if scheme := WarningSchemeAt(on(t, date)); scheme != nil {
			got = scheme.Source.Standard
		}
		if got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
	f("2016-12-31", "")
	f("2017-01-01", "heavy-pollution warning levels of 2017")
	f("2018-01-01", "heavy-pollution warning levels of 2018")
	f("2023-12-31", "heavy-pollution warning levels of 2018")
	f("2024-01-01", "环大气〔2024〕6号")
}

func TestWarningsAreNamedByTheirColour(t *testing.T) {
	for i, want := range []string{"none", "blue", "yellow", "orange", "red"} {
		if got := Warning(i).String(); got != want {
			t.Errorf("warning %d: %s, want %s", i, got, want)
		}
	}
}
