package plan

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
	"egret/rules/water"
)

func TestZZStepCuts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	bad := map[string]int{}
	for trial := 0; trial < 40; trial++ {
		w := newWorld()
		p := Plan{Period: Period{From: on("2018-01-01"), Until: on("2018-12-31")}}
		var all []*reading.Station
		hist := from("2017-01-01", "2018-12-31")
		for i := 0; i < 4; i++ {
			id := fmt.Sprintf("s%d", i)
			begin := hist.First + calendar.Day(r.IntN(800))
			for _, d := range []reading.Domain{reading.Air, reading.Noise, reading.Water} {
				s := &reading.Station{ID: fmt.Sprint(id, d), Domain: d}
				if d == reading.Noise {
					s.Zone = "2"
				}
				all = append(all, s)
				w.classes[s.ID] = func(days calendar.Span) water.Class { return water.Class(int(days.Last)*7%7 + 0) }
				for day := begin; day <= hist.Last; day++ {
					if r.IntN(10) == 0 {
						continue
					}
					for _, q := range []string{"pm25", "o3_8h", "aqi", "ld", "ln", "nh3n", "temperature"} {
						w.day(s.ID, q, day, reading.Fixed(r.IntN(120))*reading.FixedOne)
					}
					if r.IntN(40) == 0 {
						w.day(s.ID, "dustfall", day, reading.Fixed(r.IntN(20))*reading.FixedOne)
					}
					w.sites[worldDay{s.ID, day}] = standard.Verdict(r.IntN(3))
					w.reported[worldDay{s.ID, day}] = r.IntN(5) > 0
				}
			}
		}
		for _, m := range Metrics {
			for _, q := range []string{"pm25", "dustfall", "temperature"} {
				for _, wt := range []Weight{ByCity, ByStation} {
					tg := Target{Metric: m, Parameter: q, Percentile: 95, Class: 3, Levels: []int{1}, Comparison: []Comparison{AtMost, AtLeast, Equal, Below, Above}[r.IntN(5)], Value: reading.Fixed(r.IntN(90)) * reading.FixedOne, Weight: wt, Station: all[2].ID, Rounding: []Rounding{Exact, AsStandard}[r.IntN(2)]}
					members := &Members{Stations: all}
					if m == NoiseDay || m == NoiseNight {
					}
					a := on("2018-01-01") + calendar.Day(r.IntN(300))
					b := a + calendar.Day(r.IntN(60))
					b = min(b, on("2018-12-31"))
					many := p.Judge(&tg, members, w, calendar.Span{First: a, Last: b})
					for i := range many {
						d := a + calendar.Day(i)
						one := p.Judge(&tg, members, w, calendar.Span{First: d, Last: d})
						if !reflect.DeepEqual(one[0], many[i]) {
							bad[string(m)+q]++
							if bad[string(m)+q] == 1 {
								t.Errorf("%s %s %s: %+v\n%+v", m, q, wt, one[0], many[i])
							}
						}
					}
				}
			}
		}
	}
	t.Log(bad)
}
