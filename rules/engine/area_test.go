package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/plan"
	"egret/rules/rule"
)

// The plan's area is corrected: its days are those of its stations now, as if they had always been.
func TestAnAreaOfOtherStationsHasAnotherHistory(t *testing.T) {
	stations := slices.Clone(wuxiStations)
	stations[0].District, stations[1].District = "滨湖", "梁溪"
	p := wuxi2018()
	p.Area.Districts = []string{"滨湖"}
	w, sink := planWorld(t, stations, p)
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	send := func(day int) {
		date := start.AddDate(0, 0, day)
		w.clock = date.AddDate(0, 0, 1).UnixNano() + 5*minute
		w.report(reading.Air, "wx-1", reading.Day, date, value("pm25", 30))
		w.report(reading.Air, "wx-2", reading.Day, date, value("pm25", 70))
		w.tick(w.clock + hour)
	}
	for day := range 40 {
		send(day)
	}
	p.Area.Districts = []string{"梁溪"}
	w.config.Plans = []plan.Plan{p}
	w.reopen()
	send(40)
	if last := sink.newest["pm25 2018-02-10"]; last.Counted != 41 || last.Value.Fixed() != 70*reading.FixedOne {
		t.Errorf("the mean of %d days is %s", last.Counted, last.Value.Fixed())
	}
}

// An area that is followed from some day on has the same figures of the days before as one that always was.
func TestANewAreaHasTheFiguresOfOneThatAlwaysWas(t *testing.T) {
	stations := []reading.Station{everyHour("a", "", "滨湖", ""), everyHour("b", "", "滨湖", ""), everyHour("c", "", "", "")}
	p := wuxi2018()
	p.Area = rule.Selector{Districts: []string{"滨湖"}}
	start := time.Date(2018, 1, 10, 0, 0, 0, 0, beijing)
	run := func(from int) map[string]string {
		w, sink := planWorld(t, stations)
		for day := range 45 {
			if day == from {
				w.config.Plans = []plan.Plan{p}
				w.reopen()
			}
			for of := range 24 {
				at := start.AddDate(0, 0, day).Add(time.Duration(of) * time.Hour)
				w.clock = at.Add(time.Hour).UnixNano()
				for i, id := range []string{"a", "b", "c"} {
					if (day+of)%(9+i) != 0 {
						level := float64(20 + (day*7+of*3+i*11)%80)
						w.report(reading.Air, id, reading.Hour, at, value("pm25", level), value("o3", level+30), value("no2", level/2))
					}
				}
			}
		}
		w.tick(w.clock + hour)
		figures := map[string]string{}
		for key, text := range sink.figures {
			if strings.HasPrefix(key, reading.AreaPrefix) {
				figures[key] = text
			}
		}
		return figures
	}
	want := run(0)
	if len(want) < 45*24 {
		t.Fatalf("%d figures", len(want))
	}
	sameFigures(t, run(42), want)
}

// A rule watched an area by name; the plan that asked for it is gone.
func TestAnAlertOfAnAreaThatIsGoneIsWithdrawn(t *testing.T) {
	p := wuxi2018()
	p.Area = rule.Selector{IDs: []string{"wx-1"}}
	w, _ := planWorld(t, wuxiStations, p)
	w.config.Rules = []rule.Rule{{
		ID: "dusty", Parameter: "pm25", Average: "day", Above: fixed(50), Severity: rule.Warning, Stations: rule.Selector{IDs: []string{"area:wuxi-2018"}},
	}}
	w.reopen()
	w.dayOf(time.Date(2018, 1, 1, 0, 0, 0, 0, beijing), 80, 0)
	w.config.Plans = nil
	w.reopen()
	w.tick(w.clock + hour)
	if said, _ := w.saidOfPlans(); !slices.Equal(kindsOf(said), []string{"firing dusty", "withdrawn dusty"}) {
		t.Errorf("told %q", said)
	}
}
