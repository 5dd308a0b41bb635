package engine

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/rule"
)

var beijing = time.FixedZone("CST", 8*3600)

// beijingWorld is a world in which one station, or several, send hours in Beijing time.
func beijingWorld(t *testing.T, start time.Time, stations []reading.Station, rules ...rule.Rule) *world {
	t.Helper()
	w := newWorld(t, stations, rules...)
	w.config.Zone = beijing
	w.reopen()
	w.clock = start.UnixNano()
	return w
}

var hourlyStation = []reading.Station{{ID: "a", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true}}

func byStandard(parameter, average string) rule.Rule {
	return rule.Rule{ID: parameter + "-" + average, Parameter: parameter, Average: average, Standard: true, Severity: rule.Warning}
}

// day sends 24 hours of one value.
func (w *world) day(date time.Time, parameter string, number float64) {
	w.station("a").of(reading.Hour).every(time.Hour).at(date.UnixNano()).send(parameter, times(number, 24)...)
}

// said returns state, start and message of the alerts told since the last look.
func (w *world) said() (all []string) {
	w.t.Helper()
	for _, payload := range w.box.left["mqtt"][w.told:] {
		var a alert.Alert
		if err := json.Unmarshal([]byte(payload), &a); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, a.State+" "+a.Start.In(beijing).Format("01-02")+" "+a.Message)
	}
	w.told = len(w.box.left["mqtt"])
	return all
}

func (w *world) wantSaid(want ...string) {
	w.t.Helper()
	if got := w.said(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("said\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The day mean of 70 ug/m3 meets the limit of 75 of GB 3095-2012 and exceeds the 60 of GB 3095-2026 from the next day on.
func TestTheLimitChangesOvernight(t *testing.T) {
	start := time.Date(2026, 2, 27, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation, byStandard("pm25", "day"))
	w.day(start, "pm25", 70)
	w.day(start.AddDate(0, 0, 1), "pm25", 70)
	w.wantSaid()
	w.day(start.AddDate(0, 0, 2), "pm25", 70)
	w.wantSaid("firing 03-01 pm25 at a: day of 2026-03-01 is 70 ug/m3, above 60 (GB 3095-2026 table 1 transitional), 24 of 24 values")
	w.day(start.AddDate(0, 0, 3), "pm25", 60.5) // HJ 663: rounded to 60, half to even
	w.wantSaid("resolved 03-01 pm25 at a: day of 2026-03-02 is 60.5 (60) ug/m3, no longer above 60 (GB 3095-2026 table 1 transitional), 24 of 24 values")
}

// A correction that changes what was said of a past day is told once; one that does not is told to nobody.
func TestACorrectionOfAPastDayIsToldOnce(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation, byStandard("pm25", "day"))
	w.day(start, "pm25", 61)
	w.day(start.AddDate(0, 0, 1), "pm25", 30)
	if said := w.said(); len(said) != 2 {
		t.Fatalf("said %q", said)
	}
	correct := func(number float64) {
		w.station("a").of(reading.Hour).at(start.Add(7*time.Hour).UnixNano()).send("pm25", number)
	}
	correct(60) // the mean is 60.96, still 61
	w.wantSaid()
	correct(20)
	w.wantSaid("corrected 05-04 pm25 at a: corrected: day of 2026-05-04 is 59.3 (59) ug/m3, not above 60 (GB 3095-2026 table 1 transitional), 24 of 24 values")
	correct(20)
	correct(21)
	w.wantSaid()
	w.reopen()
	correct(90)
	w.wantSaid("corrected 05-04 pm25 at a: corrected: day of 2026-05-04 is 62.2 (62) ug/m3, above 60 (GB 3095-2026 table 1 transitional), 24 of 24 values")
	w.reopen()
	correct(91)
	w.wantSaid()
}

// A correction that takes the data away says so, and does not speak of a value.
func TestACorrectionToNoDataSaysSo(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation, byStandard("no2", "1h"))
	w.station("a").of(reading.Hour).every(time.Hour).at(start.UnixNano()).send("no2", 250, 100)
	if said := w.said(); len(said) != 2 {
		t.Fatalf("said %q", said)
	}
	w.station("a").of(reading.Hour).at(start.UnixNano()).flagged(reading.Fault).send("no2", 250)
	w.wantSaid("corrected 05-04 no2 at a: corrected: 1h of 2026-05-04 00:00 has not enough valid data to be held against 200 (GB 3095-2026 table 1 transitional), 0 of 1 values")
}

// No data is never recovered: a day without enough valid hours changes nothing.
func TestADayWithoutEnoughHoursChangesNothing(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation, byStandard("pm25", "day"))
	w.day(start, "pm25", 80)
	if said := w.said(); len(said) != 1 || !strings.HasPrefix(said[0], "firing") {
		t.Fatalf("said %q", said)
	}
	w.station("a").of(reading.Hour).every(time.Hour).at(start.AddDate(0, 0, 1).UnixNano()).send("pm25", times(10, 19)...)
	w.tick(start.AddDate(0, 0, 2).Add(time.Hour).UnixNano())
	w.wantSaid()
	w.station("a").of(reading.Hour).at(start.AddDate(0, 0, 1).Add(20*time.Hour).UnixNano()).send("pm25", 10) // the 20th hour, late
	if said := w.said(); len(said) != 1 || !strings.HasPrefix(said[0], "resolved") {
		t.Errorf("said %q", said)
	}
}

// An index of some of the pollutants may only be too small: the alert does not end while the worst one is missing.
func TestAPartialIndexEndsNoAlert(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation, rule.Rule{ID: "heavy", Parameter: rule.IndexFigure, Average: "1h", Above: fixed(200), Severity: rule.Critical})
	send := func(clock int, pm25 reading.Flag, worst float64) {
		at := start.Add(time.Duration(clock) * time.Hour).UnixNano()
		w.clock = at + int64(time.Hour)
		w.step(w.entry(reading.Readings, w.clock, "a", line("a", reading.Hour, at,
			reading.Value{Parameter: "pm25", Number: worst, Flag: pm25}, reading.Value{Parameter: "pm10", Number: 200}, reading.Value{Parameter: "so2", Number: 9},
			reading.Value{Parameter: "no2", Number: 30}, reading.Value{Parameter: "co", Number: 1}, reading.Value{Parameter: "o3", Number: 50})))
	}
	send(0, reading.Valid, 260)
	send(1, reading.Fault, 260) // PM10 alone gives 131, which HJ 633-2026 5.3.1 publishes
	w.wantSaid("firing 05-04 aqi at a: 1h of 2026-05-04 00:00 is 310, above 200")
	send(2, reading.Valid, 60)
	w.wantSaid("resolved 05-04 aqi at a: 1h of 2026-05-04 02:00 is 131, no longer above 200")
}

// Samples of an hour that come in one go after it are an hour within twenty minutes, although nothing follows them.
func TestAnHourSentInOneGoIsClosedSoon(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, nil)
	w.tick(start.Add(75 * time.Minute).UnixNano())
	var entries []reading.Entry
	for minutes := range int64(60) {
		entries = append(entries, w.entry(reading.Readings, w.clock, "a", line("a", reading.Momentary, start.UnixNano()+minutes*minute, reading.Value{Parameter: "pm25", Number: 40})))
	}
	w.step(entries...)
	if len(w.points()) != 0 {
		t.Errorf("points %v of an hour that nobody knows to be whole", w.points())
	}
	w.tick(start.Add(85 * time.Minute).UnixNano())
	found := false
	for key, fields := range w.points() {
		found = found || (strings.Contains(key, "period=1h") && fields == "value=40,count=60i,coverage=1,valid=true")
	}
	if !found {
		t.Errorf("points %v ten minutes later", w.points())
	}
}

// Facts air.md 5: two days above 150, three above 150, and so on, of what was measured.
func TestWarningOfTheDaysMeasured(t *testing.T) {
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, beijing)
	watch := func(id string, above float64) rule.Rule {
		return rule.Rule{ID: id, Parameter: rule.WarningFigure, Average: "day", Above: fixed(above), Severity: rule.Info}
	}
	f := func(want string, daily ...float64) { // PM2.5 of 130 gives an index of 172, 180 of 231, 300 of 350
		t.Helper()
		w := beijingWorld(t, start, hourlyStation, watch("yellow", 0), watch("orange", 1), watch("red", 2))
		for i, number := range daily {
			w.day(start.AddDate(0, 0, i), "pm25", number)
		}
		got := ""
		for _, a := range w.engine.Alerts() {
			if a.State == alert.StateFiring {
				got += a.Rule + " "
			}
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("days of %v: %q, want %q", daily, got, want)
		}
	}
	f("", 130)
	f("yellow", 180)
	f("yellow", 130, 130)
	f("orange yellow", 130, 130, 130)
	f("orange yellow", 180, 180)
	f("orange yellow", 180, 180, 180)
	f("orange red yellow", 180, 300, 180)
	f("", 180, 300, 180, 20)
	f("yellow", 300)
}
