package plan

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
	"egret/rules/water"
)

func TestZZOdd(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	sts := []*reading.Station{{ID: "a", Domain: reading.Air}, {ID: "n", Domain: reading.Noise, Zone: "2"}, {ID: "w", Domain: reading.Water}, {ID: "i", Domain: reading.Indicator}, {ID: "a2", Domain: reading.Air}}
	w := newWorld()
	h := from("2022-01-01", "2026-12-31")
	for _, s := range sts {
		w.classes[s.ID] = func(d calendar.Span) water.Class { return water.Class(int(d.Last) % 7) }
		for d := h.First; d <= h.Last; d++ {
			if r.IntN(3) == 0 {
				continue
			}
			for _, q := range []string{"pm25", "o3_8h", "aqi", "ld", "ln", "dustfall", "temperature", "own"} {
				w.day(s.ID, q, d, reading.Fixed(r.IntN(300)-5)*reading.FixedOne/3)
			}
			w.sites[worldDay{s.ID, d}] = standard.Verdict(r.IntN(3))
			w.reported[worldDay{s.ID, d}] = r.IntN(5) > 0
		}
	}
	for trial := 0; trial < 3000; trial++ {
		a := h.First + calendar.Day(r.IntN(1800))
		p := Plan{Period: Period{From: a, Until: a + calendar.Day([]int{0, 1, 10, 400, 800}[r.IntN(5)])}, Language: []Language{English, Chinese}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			p.Period.Season = Season{1 + r.IntN(12), 1 + r.IntN(28), 1 + r.IntN(12), 1 + r.IntN(28)}
		}
		world := w
		if r.IntN(4) == 0 {
			world = newWorld()
		}
		ms := &Members{}
		for _, s := range sts {
			if r.IntN(3) > 0 {
				ms.Stations = append(ms.Stations, s)
			}
		}
		if r.IntN(3) == 0 {
			ms.Area = "a"
		}
		tg := Target{ID: "x", Name: "x", Metric: Metrics[r.IntN(len(Metrics))], Parameter: []string{"pm25", "dustfall", "temperature", "own", "o3_8h"}[r.IntN(5)], Percentile: 1 + r.IntN(99), Class: water.Class(1 + r.IntN(5)), Levels: []int{1, 6}, Station: "w", Comparison: []Comparison{AtMost, AtLeast, Equal, Below, Above, Tracked}[r.IntN(6)], Value: reading.Fixed(r.IntN(100)) * reading.FixedOne, Weight: []Weight{ByCity, ByStation}[r.IntN(2)], Rounding: []Rounding{Exact, AsStandard}[r.IntN(2)]}
		d := a - 20 + calendar.Day(r.IntN(500))
		got := p.Judge(&tg, ms, world, calendar.Span{First: d, Last: d + calendar.Day(r.IntN(40))})
		for i := range got {
			s := &got[i]
			if text := p.Reason(s); text == "" {
				t.Fatalf("%+v", s)
			}
			if s.Day < s.Span.First || s.Day > s.Span.Last || s.Counted > s.Expected || s.Remaining < 0 {
				t.Errorf("%+v", s)
			}
			if s.Projection.Known() && s.Value.Known() {
				lo, hi, m := s.ProjectionLow.Common().Sum, s.ProjectionHigh.Common().Sum, s.Projection.Common().Sum
				if lo.Compare(m) > 0 || m.Compare(hi) > 0 {
					t.Errorf("projection %+v", s)
				}
			}
			if s.over() && (s.State == Open || s.State == AtRisk || s.State == Safe || s.State == Impossible) {
				t.Errorf("over %+v", s)
			}
		}
	}
}

func TestZZCost(t *testing.T) {
	w := newWorld()
	h := from("2017-01-01", "2018-12-31")
	ms := &Members{}
	for i := 0; i < 300; i++ {
		for _, dom := range []reading.Domain{reading.Air, reading.Noise, reading.Water} {
			s := &reading.Station{ID: fmt.Sprintf("%s%03d", dom, i), Domain: dom, Zone: "2"}
			ms.Stations = append(ms.Stations, s)
			for d := h.First; d <= h.Last; d++ {
				for _, q := range []string{"pm25", "aqi", "ld", "nh3n"} {
					w.day(s.ID, q, d, reading.Fixed((i*int(d))%100)*reading.FixedOne)
				}
				w.sites[worldDay{s.ID, d}] = 1
				w.reported[worldDay{s.ID, d}] = true
			}
		}
	}
	for _, m := range Metrics {
		p := Plan{Period: Period{From: on("2018-01-01"), Until: on("2018-12-31")}}
		tg := Target{ID: "x", Metric: m, Parameter: "pm25", Percentile: 95, Levels: []int{1}, Comparison: AtMost, Value: 50 * reading.FixedOne, Weight: ByStation, Rounding: Exact}
		start := time.Now()
		p.Judge(&tg, ms, w, from("2018-12-30", "2018-12-30"))
		one := time.Since(start)
		start = time.Now()
		if m != OdourShare && m != OdourCount {
			p.Judge(&tg, ms, w, from("2018-01-01", "2018-12-30"))
		}
		t.Log(m, one, time.Since(start))
	}
}
