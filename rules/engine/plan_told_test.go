package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/plan"
)

// kindsOf leaves the days out of what was told.
func kindsOf(said []string) (kinds []string) {
	for _, s := range said {
		kinds = append(kinds, s[:strings.LastIndexByte(s, ' ')])
	}
	return kinds
}

// twoYears is the plan of 2018, followed in 2019 too.
func twoYears() plan.Plan {
	p := wuxi2018()
	p.Period.Until = calendar.Date(2019, time.December, 31)
	return p
}

// Egret was off from 28 December to 1 January, and judges the end of one year together with the beginning of the next.
func TestAYearThatEndsInAnOutageIsToldAsMissed(t *testing.T) {
	w, _ := planWorld(t, wuxiStations, twoYears())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 380 {
		if day < 361 || day > 366 {
			date := start.AddDate(0, 0, day)
			w.dayOf(date, worsening(date), 0)
		}
	}
	said, _ := w.saidOfPlans()
	if want := []string{
		"firing pm25.at_risk", "resolved pm25.at_risk", "firing pm25.impossible", "resolved pm25.impossible", "firing pm25.missed",
	}; !slices.Equal(kindsOf(said), want) {
		t.Errorf("told %q, want %q", said, want)
	}
}

// The last day of a year made it missed, but was wrong: that is known when the next year has begun.
func TestAYearThatWasNotMissedAfterAll(t *testing.T) {
	w, _ := planWorld(t, wuxiStations, twoYears())
	w.config.Horizon = 72 * time.Hour
	w.reopen()
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 364 {
		w.dayOf(start.AddDate(0, 0, day), 43.4, 0)
	}
	last := start.AddDate(0, 0, 364)
	w.dayOf(last, 900, 0)
	w.dayOf(start.AddDate(0, 0, 365), 43.4, 0)
	for _, id := range []string{"wx-1", "wx-2"} {
		w.step(w.entry(reading.Readings, w.clock, id, line(id, reading.Day, last.UnixNano(), reading.Value{Parameter: "pm25", Number: 40})))
	}
	w.tick(w.clock + hour)
	said, _ := w.saidOfPlans()
	if want := []string{"firing pm25.missed", "resolved pm25.missed"}; !slices.Equal(kindsOf(said), want) {
		t.Errorf("told %q, want %q", said, want)
	}
	if alerts := w.engine.Alerts(); len(alerts) != 1 || alerts[0].State != "resolved" {
		t.Errorf("alerts %+v", alerts)
	}
}

// The clock was months ahead for a moment, in which history came in: plans are shown and judged by the right one again.
func TestPlansOfAClockThatWasAhead(t *testing.T) {
	w, sink := planWorld(t, wuxiStations, wuxi2018())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 40 {
		w.dayOf(start.AddDate(0, 0, day), 41, 0)
	}
	right := w.clock
	w.clock = start.AddDate(0, 7, 0).UnixNano()
	w.step(w.imported(w.clock, line("wx-1", reading.Day, start.UnixNano(), reading.Value{Parameter: "pm25", Number: 41})))
	w.clock = right
	w.tick(w.clock + 30*minute)
	all, err := w.engine.Plans()
	if err != nil || len(all[0].Targets) != 1 || all[0].Targets[0].Day != all[0].Day || all[0].Targets[0].State != plan.Open {
		t.Errorf("shown as %+v, %v", all[0].Targets, err)
	}
	for day := range 40 {
		w.dayOf(start.AddDate(0, 0, 40+day), 41, 0)
	}
	if last := sink.newest["pm25 2018-03-21"]; last.Standing == nil || last.Counted != 80 {
		t.Errorf("on the 80th day it is %+v", last.Standing)
	}
}

// A target of one section follows it wherever it lies: late values count.
func TestASectionOutsideOfTheAreaOfAPlan(t *testing.T) {
	section := plan.Target{ID: "inflow", Metric: plan.Section, Station: "inflow", Comparison: plan.AtMost, Value: 3 * reading.FixedOne, Weight: plan.ByStation}
	stations := append(slices.Clone(wuxiStations), reading.Station{ID: "inflow", Domain: reading.Water, City: "常州", Period: reading.Day, PeriodDeclared: true})
	w, sink := planWorld(t, stations, wuxi2018(section))
	w.config.Horizon = 30 * 24 * time.Hour
	w.reopen()
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 30 {
		w.clock = start.AddDate(0, 0, day+1).UnixNano() + 5*minute
		w.report(reading.Water, "inflow", reading.Day, start.AddDate(0, 0, day), value("nh3n", 0.4))
	}
	w.tick(w.clock + hour)
	if last := sink.newest["inflow 2018-01-30"]; last.Standing == nil || last.Value.Compare(2*reading.FixedOne) != 0 {
		t.Fatalf("at first %+v", last.Standing)
	}
	w.report(reading.Water, "inflow", reading.Day, start.AddDate(0, 0, 10), value("nh3n", 30)) // a mean of 1.39
	w.tick(w.clock + hour)
	if last := sink.newest["inflow 2018-01-30"]; last.Value.Compare(4*reading.FixedOne) != 0 {
		t.Errorf("after the late value %+v", last.Standing)
	}
}
