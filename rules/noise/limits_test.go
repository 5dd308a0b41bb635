package noise

import (
	"testing"
	"time"

	"egret/rules/calendar"
	"egret/rules/standard"
)

func TestLimitsOfTheZones(t *testing.T) {
	f := func(zone, day, night, loudest string) {
		t.Helper()
		l, ok := ZoneLimits(zone, autumn)
		if !ok || l.Day != fixed(t, day) || l.Night != fixed(t, night) || l.NightMax != fixed(t, loudest) {
			t.Errorf("zone %s: %+v, %t", zone, l, ok)
		}
		if CheckZone(zone) != nil {
			t.Errorf("zone %s: %v", zone, CheckZone(zone))
		}
	}
	// GB 3096-2008 table 1 and 5.4
	f("0", "50", "40", "55")
	f("1", "55", "45", "60")
	f("2", "60", "50", "65")
	f("3", "65", "55", "70")
	f("4a", "70", "55", "70")
	f("4b", "70", "60", "75")
	f("construction", "70", "55", "70") // GB 12523-2025

	if len(Zones()) != 7 {
		t.Errorf("zones are %v", Zones())
	}
	for _, zone := range []string{"", "4", "5", "2 ", "4A", "II"} {
		if l, ok := ZoneLimits(zone, autumn); ok || l != (Limits{}) {
			t.Errorf("zone %q has %+v", zone, l)
		}
		if CheckZone(zone) == nil {
			t.Errorf("zone %q is taken", zone)
		}
	}
}

func TestTheEditionIsThatOfTheData(t *testing.T) {
	f := func(zone string, day calendar.Day, want string, certainty, lmax standard.Certainty) {
		t.Helper()
		l, ok := ZoneLimits(zone, day)
		if ok != (want != "") || l.Source.Standard != want || l.MaxSource.Standard != want || l.Source.Certainty != certainty || l.MaxSource.Certainty != lmax {
			t.Errorf("zone %s on %s: %+v, %t", zone, day, l, ok)
		}
	}
	f("2", calendar.Date(2008, time.September, 30), "", 0, 0)
	f("2", calendar.Date(2008, time.October, 1), "GB 3096-2008", standard.Reported, standard.Remembered)
	f("2", calendar.Date(2030, time.January, 1), "GB 3096-2008", standard.Reported, standard.Remembered)
	f("construction", calendar.Date(2012, time.June, 30), "", 0, 0)
	f("construction", calendar.Date(2012, time.July, 1), "GB 12523-2011", standard.Seen, standard.Seen)
	f("construction", calendar.Date(2025, time.December, 31), "GB 12523-2011", standard.Seen, standard.Seen)
	f("construction", calendar.Date(2026, time.January, 1), "GB 12523-2025", standard.Reported, standard.Assumed)
}

func TestEveryLimitIsMetOnItselfAndRoundedTo(t *testing.T) {
	const meets, exceeds = standard.Meets, standard.Exceeds
	for _, zone := range Zones() {
		l, _ := ZoneLimits(zone, autumn)
		f := func(above string, want standard.Verdict) {
			t.Helper()
			more := fixed(t, above)
			a := JudgeLevels(&Settings{}, zone, autumn, Known(l.Day+more), Known(l.Night+more), Known(l.NightMax+more))
			if a.Day != want || a.Night != want || a.Max != want {
				t.Errorf("zone %s, %s above: day %s, night %s, loudest %s", zone, above, a.Day, a.Night, a.Max)
			}
		}
		f("-50", meets)
		f("-0.1", meets)
		f("0", meets)
		f("0.04", meets)
		f("0.049999999", meets)
		f("0.05", meets) // a tie, and the tenth is even
		f("0.050000001", exceeds)
		f("0.06", exceeds)
		f("0.1", exceeds)
		f("30", exceeds)
	}
	for text, want := range map[string]string{"50.15": "50.2", "50.25": "50.2", "50.149999999": "50.1", "50.250000001": "50.3", "49.95": "50"} {
		if got := Rounded(fixed(t, text)); got != fixed(t, want) {
			t.Errorf("%s is rounded to %s, want %s", text, got, want)
		}
	}
}

func TestWhatIsMissingIsNotJudged(t *testing.T) {
	quiet := Known(30 * dB)
	f := func(zone string, ld, ln, lmax Level, day, night, loudest standard.Verdict) {
		t.Helper()
		a := JudgeLevels(&Settings{}, zone, autumn, ld, ln, lmax)
		if a.Day != day || a.Night != night || a.Max != loudest {
			t.Errorf("zone %q: day %s, night %s, loudest %s", zone, a.Day, a.Night, a.Max)
		}
	}
	const none, meets = standard.NotEnough, standard.Meets
	f("2", quiet, quiet, quiet, meets, meets, meets)
	f("2", quiet, quiet, Level{}, meets, meets, none)
	f("2", quiet, Level{}, quiet, meets, none, meets)
	f("2", Level{}, quiet, Level{}, none, meets, none)
	f("2", Level{}, Level{}, Level{}, none, none, none)
	f("", quiet, quiet, quiet, none, none, none)
	f("2", Level{Value: 99 * dB}, Level{Value: 99 * dB}, Level{Value: 99 * dB}, none, none, none)
}

func TestALoudInstantAtNightIsJudgedApart(t *testing.T) {
	a := JudgeLevels(&Settings{}, "1", autumn, Known(50*dB), Known(44*dB), Known(fixed(t, "60.1")))
	if a.Night != standard.Meets || a.Max != standard.Exceeds {
		t.Errorf("night %s, loudest %s", a.Night, a.Max)
	}
}
