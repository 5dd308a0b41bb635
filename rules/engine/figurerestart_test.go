package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

// A station is silent for two days and comes back with a backlog: what is told does not depend on whether Egret was
// started anew before.
func TestABacklogAfterDaysTellsTheSameWithAndWithoutARestart(t *testing.T) {
	run := func(restart bool) []string {
		w := newWorld(t, hourStation, hourly("no2", "no2", 200))
		s := w.station("x").of(reading.Hour)
		s.send("no2", 100)
		w.tick(ten + 44*hour + 30*minute)
		if restart {
			w.reopen()
		}
		for i, number := range []float64{100, 250, 260, 100, 100, 100} {
			at := ten + int64(i+36)*hour
			w.step(w.entry(reading.Readings, w.clock, "x", line("x", reading.Hour, at, reading.Value{Parameter: "no2", Number: number})))
		}
		return w.box.left["mqtt"]
	}
	if without, with := run(false), run(true); !slices.Equal(without, with) {
		t.Errorf("without a restart %q\nwith one %q", without, with)
	}
}

// A station changes at noon from hours to quarters of an hour: the day keeps its hours, restarted again or not.
func TestADayKeepsItsHoursWhenAStationChangesItsPeriod(t *testing.T) {
	run := func(restart bool) string {
		w := newWorld(t, hourStation)
		midnight := ten + 14*hour
		s := w.station("x").of(reading.Hour).every(time.Hour).at(midnight)
		s.send("no2", times(40, 12)...)
		w.config.Stations = []reading.Station{{ID: "x", Domain: reading.Air, Period: reading.Minutes15, PeriodDeclared: true}}
		w.reopen()
		q := w.station("x").of(reading.Minutes15).every(15 * time.Minute).at(midnight + 12*hour)
		q.send("no2", 80)
		if restart {
			w.reopen()
		}
		q.send("no2", times(80, 47)...)
		points := w.points()
		for _, key := range slices.Sorted(maps.Keys(points)) {
			if strings.HasPrefix(key, "averages,station=x,parameter=no2,period=day") {
				return points[key]
			}
		}
		return ""
	}
	want := "value=60,count=24i,coverage=1,valid=true"
	if got := run(false); got != want {
		t.Errorf("the day is %q, want %q", got, want)
	}
	if got := run(true); got != want {
		t.Errorf("after a restart the day is %q, want %q", got, want)
	}
}

// The automatic station of a section has been silent for days when a value of the laboratory arrives.
func TestAValueByHandReachesASectionThatIsSilent(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "river", Domain: reading.Water, Target: "III", Period: reading.Hours4, PeriodDeclared: true}})
	w.config.Horizon = 30 * 24 * time.Hour
	w.reopen()
	w.station("river").of(reading.Hours4).every(4*time.Hour).send("do", times(8, 20)...)
	w.tick(w.clock + 80*hour)
	before := len(w.box.left["influxdb"])
	w.step(w.entry(reading.Readings, w.clock, "river", line("river", reading.Day, ten+62*hour, reading.Value{Parameter: "cd", Number: 0.006})))
	if made := strings.Join(w.box.left["influxdb"][before:], ""); !strings.Contains(made, "water_class,station=river,period=month ") {
		t.Errorf("the month's class is not made anew: %q", made)
	}
}

// ytd and month figures of a station that sends days itself: ozone's daily maximum adds up to a year with its percentile.
func TestDaysOfOzoneThatAStationSendsItselfMakeAYear(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "x", Domain: reading.Air, Period: reading.Day, PeriodDeclared: true}})
	midnight := ten + 14*hour
	w.station("x").of(reading.Day).every(24*time.Hour).at(midnight).send("o3_8h", 100, 120)
	points := w.points()
	year := fmt.Sprintf("averages,station=x,parameter=o3_8h,period=year %d", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	if !strings.HasPrefix(points[year], "value=110,p90=118,count=2i") {
		t.Errorf("the year is %q", points[year])
	}
}

// Eight windows, the largest at 160.4: rounded that is not above 160, so the day is not valid, and does not meet.
func TestADayOfFewWindowsOnTheLimitIsNotValid(t *testing.T) {
	r := rule.Rule{ID: "o3", Parameter: "o3_8h", Average: "day", Standard: true, Severity: rule.Warning}
	w := newWorld(t, hourStation, r)
	midnight := ten + 14*hour
	s := w.station("x").of(reading.Hour).every(time.Hour).at(midnight)
	s.send("o3", times(160.4, 10)...)
	w.tick(midnight + 25*hour)
	day := w.points()[fmt.Sprintf("averages,station=x,parameter=o3_8h,period=day %d", midnight)]
	if !strings.HasSuffix(day, "valid=false") || !strings.HasPrefix(day, "value=160.4,") {
		t.Errorf("the day is %q", day)
	}
}

// A member of a city that sends days only counts in the city's days, whenever it sends them, and in no hour.
func TestAMemberThatSendsDaysIsNoHourOfItsCity(t *testing.T) {
	w := newWorld(t, []reading.Station{
		{ID: "x", Domain: reading.Air, City: "c", Period: reading.Hour, PeriodDeclared: true},
		{ID: "y", Domain: reading.Air, City: "c", Period: reading.Day, PeriodDeclared: true},
	})
	midnight := ten + 14*hour
	w.station("x").of(reading.Hour).every(time.Hour).at(midnight).send("no2", times(10, 26)...)
	w.station("y").of(reading.Day).at(midnight).send("no2", 100)
	w.tick(w.clock + 3*hour)
	points := w.points()
	for period, want := range map[string]string{
		"1h": "value=10,count=1i,coverage=1,valid=true", "24h": "", "day": "value=55,count=2i,coverage=1,valid=true",
	} {
		if got := points[fmt.Sprintf("averages,station=city:c,parameter=no2,period=%s %d", period, midnight)]; got != want && period != "24h" {
			t.Errorf("%s is %q, want %q", period, got, want)
		}
	}
	if got := points[fmt.Sprintf("averages,station=city:c,parameter=no2,period=24h %d", midnight)]; got != "value=10,count=24i,coverage=1,valid=true" {
		t.Errorf("24h is %q", got)
	}
}

// Egret's clock jumps ten days ahead for a while: when it is right again all figures end as without the jump.
func TestAClockThatWasAheadChangesNoFigure(t *testing.T) {
	zone := time.FixedZone("IST", 19800)
	random := rand.New(rand.NewPCG(7, seed))
	from := time.Date(2026, 3, 26, 0, 0, 0, 0, zone)
	all := measure(random, zone, from, from.AddDate(0, 0, 3))
	run := func(jump bool) map[string]string {
		w := newWorld(t, network, networkRules()...)
		sink := &last{zone, map[string]string{}, 0}
		w.config.Zone, w.config.Sink = zone, sink
		w.reopen()
		for i, s := range all {
			if jump && i == len(all)/2 {
				w.step(w.entry(reading.Tick, s.received+240*hour, "", nil))
				sample := reading.Sample{Domain: s.domain, Station: s.station, Period: s.period, Time: s.at, Values: []reading.Value{s.value}}
				w.step(w.entry(reading.Readings, s.received+240*hour, s.station, sample.AppendLine(nil)))
				if random.IntN(2) == 0 {
					w.reopen()
				}
			}
			sample := reading.Sample{Domain: s.domain, Station: s.station, Period: s.period, Time: s.at, Values: []reading.Value{s.value}}
			w.step(w.entry(reading.Readings, s.received, s.station, sample.AppendLine(nil)))
		}
		w.clock = all[len(all)-1].received
		w.tick(w.clock + 50*hour)
		return sink.figures
	}
	sameFigures(t, run(true), run(false))
}

// All stations of a city are silent for two days and come back with a backlog: the city's figures are the same as if
// nothing had been late.
func TestACityWhoseStationsComeBackWithABacklogHasAllItsFigures(t *testing.T) {
	run := func(late bool) map[string]string {
		stations := []reading.Station{{ID: "x", Domain: reading.Air, City: "c", Period: reading.Hour, PeriodDeclared: true}}
		w := newWorld(t, stations)
		sink := &last{time.UTC, map[string]string{}, 0}
		w.config.Sink = sink
		w.reopen()
		for i := range int64(60) {
			at := ten + i*hour
			w.clock = at + hour
			if late && i >= 4 {
				w.clock = ten + 50*hour
			}
			w.tick(w.clock)
			w.step(w.entry(reading.Readings, w.clock, "x", line("x", reading.Hour, at, reading.Value{Parameter: "no2", Number: float64(20 + i)})))
		}
		w.clock = ten + 60*hour
		w.tick(w.clock + 60*hour)
		return sink.figures
	}
	sameFigures(t, run(true), run(false))
}
