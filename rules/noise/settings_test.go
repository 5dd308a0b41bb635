package noise

import (
	"strings"
	"testing"

	"egret/rules/standard"
)

func TestTooFewHoursGiveNoVerdict(t *testing.T) {
	f := func(settings Settings, dayHours, nightHours int, day, night standard.Verdict) {
		t.Helper()
		h := constant(t, "40", "50", "40")
		for clock := 6 + dayHours; clock < 22; clock++ {
			h[clock] = Level{}
		}
		for i, clock := range []int{0, 1, 2, 3, 4, 5, 22, 23} {
			if i >= nightHours {
				h[clock] = Level{Value: 120 * dB}
			}
		}
		a := Judge(&settings, "2", autumn, h, Level{})
		if a.Day != day || a.Night != night || a.DayHours != dayHours || a.NightHours != nightHours {
			t.Errorf("%+v, %d and %d hours: day %s of %d, night %s of %d", settings, dayHours, nightHours, a.Day, a.DayHours, a.Night, a.NightHours)
		}
		if a.Ldn.Valid != (day != standard.NotEnough && night != standard.NotEnough) {
			t.Errorf("%d and %d hours: Ldn is valid: %t", dayHours, nightHours, a.Ldn.Valid)
		}
	}
	const none, meets = standard.NotEnough, standard.Meets
	f(Settings{}, 16, 8, meets, meets)
	f(Settings{}, 12, 6, meets, meets)
	f(Settings{}, 11, 6, none, meets)
	f(Settings{}, 12, 5, meets, none)
	f(Settings{}, 0, 0, none, none)
	f(Settings{DayHours: 16, NightHours: 8}, 16, 8, meets, meets)
	f(Settings{DayHours: 16, NightHours: 8}, 15, 7, none, none)
	f(Settings{DayHours: 1, NightHours: 1}, 1, 1, meets, meets)
	f(Settings{DayHours: 1, NightHours: 1}, 0, 0, none, none)
}

func TestPeriodsOfCallersThatHaveTheirOwnHours(t *testing.T) {
	f := func(settings Settings, text string, dayValid, nightValid bool) {
		t.Helper()
		level, count, valid := settings.DayLevel(levels(t, text))
		want, n := Mean(levels(t, text))
		if level != want || count != n || valid != dayValid {
			t.Errorf("day of %s is %s of %d, %t", text, level, count, valid)
		}
		if level, count, valid = settings.NightLevel(levels(t, text)); level != want || count != n || valid != nightValid {
			t.Errorf("night of %s is %s of %d, %t", text, level, count, valid)
		}
	}
	f(Settings{}, strings.Repeat("61.3 ", 12), true, true)
	f(Settings{}, strings.Repeat("61.3 ", 11)+"-", false, true)
	f(Settings{}, strings.Repeat("44.7 ", 6), false, true)
	f(Settings{}, strings.Repeat("44.7 ", 5)+"- - -", false, false)
	f(Settings{}, "", false, false)
	f(Settings{DayHours: 3, NightHours: 4}, "44 55 66", true, false)
	f(Settings{}, strings.Repeat("50 ", 17), true, true) // a day on which an hour comes twice
}

func TestAnHourNeedsThreeQuartersOfItsValues(t *testing.T) {
	f := func(percent, count, expected int, want bool) {
		t.Helper()
		s := Settings{HourPercent: percent}
		if s.HourValid(count, expected) != want {
			t.Errorf("%d of %d at %d %%: valid is %t", count, expected, percent, !want)
		}
	}
	f(0, 45, 60, true)
	f(0, 44, 60, false)
	f(0, 60, 60, true)
	f(0, 2700, 3600, true)
	f(0, 2699, 3600, false)
	f(0, 0, 60, false)
	f(0, 0, 0, false)
	f(0, 1, 1, true)
	f(95, 57, 60, true)
	f(95, 56, 60, false)
	f(1, 1, 60, true)
}

func TestTheNightOfADate(t *testing.T) {
	date, next := constant(t, "41", "51", "42"), constant(t, "43", "53", "44")
	f := func(settings Settings, morning string) {
		t.Helper()
		h := settings.Date(date, next)
		for clock := range h {
			want := date[clock]
			if clock < 6 {
				want = Known(fixed(t, morning))
			}
			if h[clock] != want {
				t.Errorf("%s: hour %d is %s, want %s", settings.Night, clock, h[clock].Value, want.Value)
			}
		}
	}
	f(Settings{}, "43")
	f(Settings{Night: Continuous}, "43")
	f(Settings{Night: SameDate}, "41")
	if *date != *constant(t, "41", "51", "42") {
		t.Error("the date's hours were changed")
	}
	later := Settings{DayFrom: 7, DayUntil: 23}
	if h := later.Date(date, next); h[6] != next[6] || h[7] != date[7] {
		t.Error("with a day from 7 the next date's hour 6 belongs to the night")
	}
}

func TestGovernmentsMaySetTheDaysHours(t *testing.T) {
	h := constant(t, "40", "60", "40")
	f := func(settings Settings, from, until int) {
		t.Helper()
		for clock := range 24 {
			if settings.IsDay(clock) != (clock >= from && clock < until) {
				t.Errorf("%+v: hour %d is day: %t", settings, clock, settings.IsDay(clock))
			}
		}
		a := Judge(&settings, "2", autumn, h, Level{})
		if a.DayHours != until-from || a.NightHours != 24-(until-from) {
			t.Errorf("%+v: %d and %d hours", settings, a.DayHours, a.NightHours)
		}
	}
	f(Settings{}, 6, 22)
	f(Settings{DayFrom: 7, DayUntil: 23}, 7, 23)
	f(Settings{DayFrom: 7, DayUntil: 22}, 7, 22)
	f(Settings{DayFrom: 5, DayUntil: 24}, 5, 24)
	f(Settings{DayFrom: 0, DayUntil: 20}, 0, 20)

	// Of a constant 50 dB with 15 day and 9 night hours: 10·lg((15+90)/24) = 6.41 more.
	fifteen := Settings{DayFrom: 7, DayUntil: 22}
	if ldn := fifteen.DayNight(Known(50*dB), Known(50*dB)); Rounded(ldn.Value) != fixed(t, "56.4") {
		t.Errorf("Ldn is %s", ldn.Value)
	}
}

func TestSettingsThatCannotBeNameTheField(t *testing.T) {
	f := func(s Settings, field string) {
		t.Helper()
		err := s.Check()
		if (err == nil) != (field == "") || (err != nil && !strings.HasPrefix(err.Error(), field+": ")) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	f(Settings{}, "")
	f(Settings{DayFrom: 7, DayUntil: 23, Night: SameDate, HourPercent: 95, DayHours: 16, NightHours: 8}, "")
	f(Settings{DayFrom: 22, DayUntil: 6}, "day")
	f(Settings{DayFrom: 6, DayUntil: 6}, "day")
	f(Settings{DayFrom: -1, DayUntil: 6}, "day")
	f(Settings{DayFrom: 6, DayUntil: 25}, "day")
	f(Settings{DayFrom: 0, DayUntil: 24}, "day")
	f(Settings{Night: 2}, "night")
	f(Settings{HourPercent: 101}, "hour_percent")
	f(Settings{HourPercent: -1}, "hour_percent")
	f(Settings{DayHours: 17}, "day_hours")
	f(Settings{DayHours: -1}, "day_hours")
	f(Settings{DayFrom: 8, DayUntil: 19}, "day_hours") // eleven hours, and twelve asked for
	f(Settings{NightHours: 9}, "night_hours")
	f(Settings{NightHours: -1}, "night_hours")
	f(Settings{DayFrom: 4, DayUntil: 23}, "night_hours")
}

func TestNightWindowsByName(t *testing.T) {
	for name, want := range map[string]NightWindow{"continuous": Continuous, "same-date": SameDate} {
		if got, err := ParseNightWindow(name); err != nil || got != want || got.String() != name {
			t.Errorf("%s is read as %s, %v", name, got, err)
		}
	}
	if _, err := ParseNightWindow("night"); err == nil || !strings.Contains(err.Error(), "continuous or same-date") {
		t.Errorf("night is taken: %v", err)
	}
}
