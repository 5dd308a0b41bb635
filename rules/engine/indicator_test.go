package engine

import (
	"math/rand/v2"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/plan"
)

// cell returns what the page of the year has of a day, "" where it has nothing.
func (w *world) cell(station, key string, date time.Time) string {
	w.t.Helper()
	w.engine.plans.averages.forget()
	year, month, day := date.Date()
	row := w.engine.plans.averages.Row(station, key, year)
	if err := w.engine.plans.averages.err; err != nil {
		w.t.Fatal(err)
	}
	c := row.At(int(calendar.Date(year, month, day) - calendar.Date(year, time.January, 1)))
	if c.Empty() {
		return ""
	}
	return c.Value().Fixed().String()
}

// report sends values of a domain, received at once.
func (w *world) report(domain reading.Domain, station string, period reading.Period, at time.Time, values ...reading.Value) {
	w.t.Helper()
	sample := reading.Sample{Domain: domain, Station: station, Period: period, Time: at.UnixNano(), Values: values}
	w.step(w.entry(reading.Readings, w.clock, station, sample.AppendLine(nil)))
}

// departmentWorld is one in which a department reports how much of its waste water is treated.
func departmentWorld(t *testing.T, stations ...reading.Station) *world {
	t.Helper()
	w := newWorld(t, append(stations, reading.Station{ID: "waterworks", Domain: reading.Indicator}))
	w.config.Zone = beijing
	w.config.Parameters["treated"] = &reading.Parameter{Key: "treated", Domain: reading.Indicator, Unit: "%", High: 100}
	w.reopen()
	return w
}

func TestAReportedFigureIsTheLastOfItsDay(t *testing.T) {
	w := departmentWorld(t)
	on := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, beijing) }
	w.clock = on(20, 12).UnixNano()
	f := func(period reading.Period, at time.Time, number float64, flag reading.Flag, want string) {
		t.Helper()
		w.report(reading.Indicator, "waterworks", period, at, reading.Value{Parameter: "treated", Number: number, Flag: flag})
		if got := w.cell("waterworks", "treated", at); got != want {
			t.Errorf("%s on %s: %q, want %q", period, at.Format("2 15:04"), got, want)
		}
	}
	const rt, valid, invalid = reading.Momentary, reading.Valid, reading.Rejected
	f(rt, on(20, 9), 94.5, valid, "94.5")
	f(rt, on(20, 11), 95.25, valid, "95.25")
	f(rt, on(20, 8), 90, valid, "95.25")   // came late
	f(rt, on(20, 11), 95.5, valid, "95.5") // corrected
	f(rt, on(20, 9), 91, valid, "95.5")
	w.reopen()
	f(rt, on(20, 11), 95.5, invalid, "91") // withdrawn: what was reported before it stands again
	f(rt, on(20, 8), 90, invalid, "91")
	f(rt, on(20, 9), 91, invalid, "")
	f(rt, on(20, 9), 92, valid, "92")
	f(reading.Day, on(20, 0), 80, valid, "92") // of midnight
	f(reading.Day, on(19, 0), 81, valid, "81") // another day
	f(rt, on(19, 0), 82, valid, "81")          // of the same time, but no longer than that
	f(reading.Day, on(19, 0), 81, invalid, "82")
	f(rt, on(18, 23), 70, invalid, "")
	w.reopen()
	f(rt, on(18, 23), 70, valid, "70")
	f(rt, on(20, 0).Add(-time.Nanosecond), 71, valid, "71") // the last instant of the 19th
	if got := w.cell("waterworks", "treated", on(20, 0)); got != "92" {
		t.Errorf("the 20th has %q", got)
	}
}

// Whatever the order in which figures, corrections and withdrawals of several periods arrive, and wherever the program
// was started anew between them, each day has its last usable figure.
func TestReportedFiguresDoNotDependOnTheOrderOfArrival(t *testing.T) {
	type key struct {
		at     time.Time
		period reading.Period
	}
	periods := []reading.Period{reading.Momentary, reading.Hour, reading.Day}
	random := rand.New(rand.NewPCG(3, 20))
	for round := range 40 {
		w := departmentWorld(t, reading.Station{ID: "river", Domain: reading.Water, Period: reading.Hours4, PeriodDeclared: true})
		midnight := time.Date(2026, 11, 19, 0, 0, 0, 0, beijing)
		w.clock = midnight.Add(40 * time.Hour).UnixNano()
		last := map[key]reading.Value{}
		for range 1 + random.IntN(25) {
			k := key{midnight.Add(time.Duration(random.IntN(12)) * 4 * time.Hour), periods[random.IntN(3)]}
			v := reading.Value{Parameter: "treated", Number: float64(random.IntN(100))}
			if random.IntN(3) == 0 {
				v.Flag = reading.Rejected
			}
			last[k] = v
			w.report(reading.Indicator, "waterworks", k.period, k.at, v)
			v.Parameter = "cd"
			w.report(reading.Water, "river", k.period, k.at, v)
			w.report(reading.Water, "river", reading.Hours4, k.at, value("cd", 500)) // of the automatic station
			if random.IntN(6) == 0 {
				w.reopen()
			}
		}
		for day := range 2 {
			var best *key
			for k, v := range last {
				ofDay := !k.at.Before(midnight.AddDate(0, 0, day)) && k.at.Before(midnight.AddDate(0, 0, day+1))
				if ofDay && v.Flag.Usable() && (best == nil || k.at.After(best.at) || (k.at.Equal(best.at) && k.period > best.period)) {
					best = &k
				}
			}
			want := ""
			if best != nil {
				want = fixed(last[*best].Number).String()
			}
			date := midnight.AddDate(0, 0, day)
			if got := w.cell("waterworks", "treated", date); got != want {
				t.Errorf("round %d, day %d: reported %q, want %q", round, day, got, want)
			}
			if got := w.cell("river", plan.ManualPrefix+"cd", date); got != want {
				t.Errorf("round %d, day %d: by hand %q, want %q", round, day, got, want)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// A station that measures may report as well; what a department reports is no sign that it does.
func TestReportedFiguresAreNotMeasured(t *testing.T) {
	w := departmentWorld(t, reading.Station{ID: "air", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true})
	midnight := time.Date(2026, 11, 20, 0, 0, 0, 0, beijing)
	w.clock = midnight.UnixNano()
	w.report(reading.Indicator, "air", reading.Momentary, midnight, reading.Value{Parameter: "treated", Number: 95})
	for hour := range 24 {
		at := midnight.Add(time.Duration(hour) * time.Hour)
		w.clock = at.Add(time.Hour).UnixNano()
		w.report(reading.Air, "air", reading.Hour, at, reading.Value{Parameter: "pm25", Number: 30})
	}
	w.report(reading.Indicator, "air", reading.Day, midnight.AddDate(0, 0, 1), reading.Value{Parameter: "treated", Number: 96})
	w.tick(midnight.AddDate(0, 0, 3).UnixNano())
	f := func(day int, treated, pm25 string, reported bool) {
		t.Helper()
		date := midnight.AddDate(0, 0, day)
		if got := w.cell("air", "treated", date); got != treated {
			t.Errorf("day %d: %q was reported", day, got)
		}
		if got := w.cell("air", "pm25", date); got != pm25 {
			t.Errorf("day %d: pm25 %q", day, got)
		}
		year, month, d := date.Date()
		if got := w.engine.plans.averages.Reported("air", calendar.Date(year, month, d)); got != reported {
			t.Errorf("day %d: the station counts as one that sent: %t", day, got)
		}
	}
	f(0, "95", "30", true)
	f(1, "96", "", false)
	f(2, "", "", false)
}

// A department reports in August of June and July: readings of stations of those months would be too old.
func TestADepartmentReportsOfMonthsLongOver(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "office", Domain: reading.Indicator}, {ID: "mast", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true}})
	w.config.Parameters["sewage"] = &reading.Parameter{Key: "sewage", Domain: reading.Indicator, Unit: "%", High: 100}
	w.reopen()
	w.clock = time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC).UnixNano()
	w.tick(w.clock + 2*hour)
	report := func(month time.Month, number float64) {
		sample := reading.Sample{Domain: reading.Indicator, Station: "office", Time: time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC).UnixNano(), Values: []reading.Value{{Parameter: "sewage", Number: number}}}
		w.step(w.entry(reading.Readings, w.clock, "office", sample.AppendLine(nil)))
	}
	report(time.July, 93)
	report(time.June, 91)
	old := line("mast", reading.Hour, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).UnixNano(), reading.Value{Parameter: "pm25", Number: 30})
	w.step(w.entry(reading.Readings, w.clock, "mast", old))
	if got := w.engine.Counts().BeyondHorizon; got != 1 {
		t.Errorf("%d values are too old, want the one of the mast", got)
	}
	for month, want := range map[time.Month]string{time.June: "91", time.July: "93"} {
		if got := w.cell("office", "sewage", time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("%s is kept as %q, want %q", month, got, want)
		}
	}
}
