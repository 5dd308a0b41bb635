package engine

import (
	"slices"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/plan"
	"egret/rules/rule"
)

// A: outage over the turn of the year.
func TestReviewOutage(t *testing.T) {
	for _, outage := range []bool{false, true} {
		two := wuxi2018()
		two.Period.Until = calendar.Date(2019, time.December, 31)
		w, _ := planWorld(t, wuxiStations, two)
		start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
		for day := range 400 {
			date := start.AddDate(0, 0, day)
			if outage && date.After(start.AddDate(0, 0, 361)) && date.Before(start.AddDate(0, 0, 367)) {
				continue
			}
			w.dayOf(date, worsening(date), 0)
		}
		said, _ := w.saidOfPlans()
		t.Log(outage, said)
	}
}

// B
func TestReviewClockSetBack(t *testing.T) {
	w, sink := planWorld(t, wuxiStations, wuxi2018())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 40 {
		w.dayOf(start.AddDate(0, 0, day), 41, 0)
	}
	was := w.clock
	w.clock = start.AddDate(0, 7, 0).UnixNano()
	w.step(w.imported(w.clock, line("wx-1", reading.Day, start.UnixNano(), reading.Value{Parameter: "pm25", Number: 40})))
	w.clock = was
	for day := range 40 {
		w.dayOf(start.AddDate(0, 0, 40+day), 41, 0)
	}
	if sink.newest["pm25 2018-03-15"].Standing == nil {
		t.Error("not judged")
	}
}

// B2: a clock that was far ahead.
func TestReviewClockAhead(t *testing.T) {
	w, sink := planWorld(t, wuxiStations, wuxi2018())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 40 {
		w.dayOf(start.AddDate(0, 0, day), 41, 0)
	}
	was := w.clock
	w.clock = start.AddDate(3, 0, 0).UnixNano()
	w.step(w.entry(reading.Tick, w.clock, "", nil))
	w.clock = was
	w.step(w.entry(reading.Tick, w.clock, "", nil))
	w.tick(w.clock+20*minute)
	all, _ := w.engine.Plans()
	t.Log(all[0].Day, all[0].Targets[0].Day, all[0].Targets[0].State)
	w.reopen()
	all, _ = w.engine.Plans()
	t.Log(all[0].Day, all[0].Targets[0].Day, all[0].Targets[0].State)
	for day := range 60 {
		w.dayOf(start.AddDate(0, 0, 40+day), 41, 0)
	}
	said, _ := w.saidOfPlans()
	t.Log(said, sink.newest["pm25 2018-03-15"].State)
}

// C
func TestReviewAreaChanged(t *testing.T) {
	stations := slices.Clone(wuxiStations)
	stations[0].District, stations[1].District = "滨湖", "梁溪"
	p := wuxi2018()
	p.Area.Districts = []string{"滨湖"}
	w, sink := planWorld(t, stations, p)
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	send := func(day int) {
		date := start.AddDate(0, 0, day)
		w.clock = date.AddDate(0, 0, 1).Add(5 * time.Minute).UnixNano()
		for i, id := range []string{"wx-1", "wx-2"} {
			w.step(w.entry(reading.Readings, w.clock, id, line(id, reading.Day, date.UnixNano(), reading.Value{Parameter: "pm25", Number: float64(30 + 40*i)})))
		}
		w.tick(date.AddDate(0, 0, 1).Add(time.Hour).UnixNano())
	}
	for day := range 40 {
		send(day)
	}
	p.Area.Districts = []string{"梁溪"}
	w.config.Plans = []plan.Plan{p}
	w.reopen()
	send(40)
	if last := sink.newest["pm25 2018-02-10"]; last.Value.Fixed() != 70*reading.FixedOne || last.Counted != 41 {
		t.Errorf("the other district's mean is %s of %d", last.Value.Fixed(), last.Counted)
	}
}

// D
func TestReviewSiteShort(t *testing.T) {
	s := newSites(t, "DB32/4437-2022", everyHour("near", "苏州", "", ""), everyHour("site", "苏州", "", noise.ConstructionZone))
	sink := &standings{last{beijing, map[string]string{}, 0}, map[string]figure.Plan{}, 0}
	s.config.Sink = sink
	s.reopen()
	for hour := range 24 {
		at := s.midnight.Add(time.Duration(hour) * time.Hour)
		s.clock = at.Add(time.Hour).UnixNano()
		s.report(reading.Air, "near", reading.Hour, at, value("pm10", 40))
		s.report(reading.Air, "site", reading.Hour, at, value("pm10", 50), value("tsp", 100))
		for q := range 4 {
			s.report(reading.Air, "site", reading.Minutes15, at.Add(time.Duration(q)*15*time.Minute), value("tsp", 100))
		}
	}
	s.close()
	s.want("site", 1, "1")
	s.report(reading.Air, "site", reading.Minutes15, s.midnight.Add(-10*time.Hour), value("tsp", 900))
	s.tick(s.clock + 40*minute)
	s.want("site", 1, "0")
}

// F
func TestReviewAreaAlert(t *testing.T) {
	p := wuxi2018()
	p.Area = rule.Selector{IDs: []string{"wx-1"}}
	w, _ := planWorld(t, wuxiStations, p)
	r := rule.Rule{ID: "day", Parameter: "pm25", Average: "day", Above: fixed(50), Severity: rule.Warning, Stations: rule.Selector{IDs: []string{"area:wuxi-2018"}}}
	w.config.Rules = []rule.Rule{r}
	w.reopen()
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 3 {
		w.dayOf(start.AddDate(0, 0, day), 80, 0)
	}
	w.config.Plans = nil
	w.reopen()
	w.tick(w.clock + hour)
	said, _ := w.saidOfPlans()
	t.Log(said)
	if len(said) != 2 {
		t.Error(w.engine.Alerts())
	}
}

// M: an open missed alert of a year that turns out to be met.
func TestReviewMissedTurnsMet(t *testing.T) {
	two := wuxi2018()
	two.Period.Until = calendar.Date(2019, time.December, 31)
	w, _ := planWorld(t, wuxiStations, two)
	w.config.Horizon = 72 * time.Hour
	w.reopen()
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 364 {
		w.dayOf(start.AddDate(0, 0, day), 43.4, 0)
	}
	w.dayOf(start.AddDate(0, 0, 364), 900, 0)
	w.dayOf(start.AddDate(0, 0, 365), 43.4, 0)
	said, _ := w.saidOfPlans()
	for _, id := range []string{"wx-1", "wx-2"} {
		w.step(w.entry(reading.Readings, w.clock, id, line(id, reading.Day, start.AddDate(0, 0, 364).UnixNano(), reading.Value{Parameter: "pm25", Number: 40})))
	}
	w.tick(w.clock + hour)
	after, _ := w.saidOfPlans()
	t.Log(said, after[len(said):])
	for _, a := range w.engine.Alerts() {
		t.Log(a.ID, a.State, a.Message)
	}
}
