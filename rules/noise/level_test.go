package noise

import (
	"math"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

var autumn = calendar.Date(2026, time.November, 21)

func fixed(t testing.TB, text string) reading.Fixed {
	t.Helper()
	f, err := reading.ParseFixed([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

// levels reads levels divided by spaces; - is one that is missing.
func levels(t testing.TB, text string) []Level {
	t.Helper()
	var all []Level
	for _, word := range strings.Fields(text) {
		if word == "-" {
			all = append(all, Level{Value: 999 * dB})
			continue
		}
		all = append(all, Known(fixed(t, word)))
	}
	return all
}

// hours reads the 24 hourly levels of a date from 00:00.
func hours(t testing.TB, text string) *Hours {
	t.Helper()
	all := levels(t, text)
	if len(all) != 24 {
		t.Fatalf("%d hours", len(all))
	}
	return (*Hours)(all)
}

// constant returns hours with one level from midnight to 6, one by day and one from 22.
func constant(t testing.TB, morning, day, evening string) *Hours {
	t.Helper()
	return hours(t, strings.Repeat(morning+" ", 6)+strings.Repeat(day+" ", 16)+strings.Repeat(evening+" ", 2))
}

func TestEnergyMeans(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		level, count := Mean(levels(t, text))
		if Rounded(level) != fixed(t, want) || count != len(strings.Fields(text))-strings.Count(text, "-") {
			t.Errorf("mean of %s is %s of %d, want %s", text, level, count, want)
		}
	}
	// H16
	f("60 60", "60")
	f("60 70", "67.4")
	f("50 60 70", "65.7")
	f("65.2 63.8 66.1 64.4", "65")
	f("- 60 - 70 -", "67.4") // what is missing counts neither as 0 nor as it stands

	level, _ := Mean(levels(t, "65.2 63.8 66.1 64.4"))
	if got := level.Round(2, reading.HalfEven); got != fixed(t, "64.96") {
		t.Errorf("mean is %s, want 64.96", got)
	}
	both, _ := Mean(levels(t, "60 60")) // two sources together have twice the mean's energy
	if got := math.Round(100*(both.Float()+10*math.Log10(2))) / 100; got != 63.01 {
		t.Errorf("60 and 60 together are %g", got)
	}
	if level, count := Mean(nil); level != 0 || count != 0 {
		t.Errorf("no levels have the mean %s of %d", level, count)
	}
}

func TestLevelsOfADay(t *testing.T) {
	f := func(name string, hours *Hours, zone, ld, ln, ldn string, day, night standard.Verdict) {
		t.Helper()
		a := Judge(&Settings{}, zone, autumn, hours, Level{})
		for _, got := range []struct {
			name  string
			level Level
			want  string
		}{{"Ld", a.Ld, ld}, {"Ln", a.Ln, ln}, {"Ldn", a.Ldn, ldn}} {
			if !got.level.Valid || got.level.Value.Round(2, reading.HalfEven) != fixed(t, got.want) {
				t.Errorf("%s: %s is %s, %t, want %s", name, got.name, got.level.Value, got.level.Valid, got.want)
			}
		}
		if a.Day != day || a.Night != night || a.Max != standard.NotEnough {
			t.Errorf("%s: day %s, night %s, loudest %s", name, a.Day, a.Night, a.Max)
		}
		if a.DayHours != 16 || a.NightHours != 8 {
			t.Errorf("%s: %d day and %d night hours", name, a.DayHours, a.NightHours)
		}
	}
	const meets, exceeds = standard.Meets, standard.Exceeds
	street := "42.1 41.5 40.8 40.6 42.3 45.0 52.4 56.8 58.3 57.1 56.4 56.0 55.2 54.9 55.5 56.1 56.7 58.0 57.4 55.3 53.6 51.2 47.9 44.6"
	trunk := "58 56 54 53 54 58 64 68 69 68 67 67 66 66 67 67 68 69 69 67 66 64 62 60"
	f("H17", hours(t, street), "2", "56.04", "43.82", "55.42", meets, meets)
	f("H18", hours(t, trunk), "4a", "67.24", "57.91", "67.48", meets, exceeds)
	f("H18 in 4b", hours(t, trunk), "4b", "67.24", "57.91", "67.48", meets, meets)
	f("H19", constant(t, "44", "54.9", "46"), "1", "54.9", "44.59", "54.8", meets, meets)
	f("H20", constant(t, "50", "50", "50"), "2", "50", "50", "56.02", meets, meets)
	f("H20 in zone 1", constant(t, "50", "50", "50"), "1", "50", "50", "56.02", meets, exceeds)

	// H21: one loud hour; the arithmetic mean of 61.25 would pass.
	loud := constant(t, "50", "60", "50")
	loud[21] = Known(80 * dB)
	f("H21", loud, "3", "68.57", "50", "67.1", exceeds, meets) // Ldn: 10·lg((15·10⁶+10⁸+8·10⁶)/24)

	// H17: the energy mean of all 24 hours, which no limit is for
	if level, _ := Mean(hours(t, street)[:]); level.Round(2, reading.HalfEven) != fixed(t, "54.41") {
		t.Errorf("24 h are %s", level)
	}
	// H18: by how much the night exceeds
	a := Judge(&Settings{}, "4a", autumn, hours(t, trunk), Level{})
	if over := Rounded(a.Ln.Value) - a.Limits.Night; over != fixed(t, "2.9") {
		t.Errorf("night exceeds by %s", over)
	}
}

func TestAConstantLevelIsTheLevelOfDayAndNight(t *testing.T) {
	for level := 20 * dB; level <= 120*dB; level += dB / 10 {
		var same Hours
		for i := range same {
			same[i] = Known(level)
		}
		a := Judge(&Settings{}, "2", autumn, &same, Level{})
		// 10·lg((16+80)/24) = 6.020599913
		if a.Ld != Known(level) || a.Ln != Known(level) || a.Ldn != Known(level+6_020_599_913) {
			t.Fatalf("%s: %+v", level, a)
		}
	}
}

func TestJudgingADayAllocatesNothing(t *testing.T) {
	settings, day := &Settings{}, constant(t, "44", "54.9", "46")
	if n := testing.AllocsPerRun(100, func() { _ = Judge(settings, "4a", autumn, day, Known(60*dB)) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
