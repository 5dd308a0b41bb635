package engine

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/plan"
	"egret/rules/rule"
	"egret/rules/water"
)

func reviewStations() []reading.Station {
	return []reading.Station{
		everyHour("air-1", "无锡", "滨湖", ""), everyHour("air-2", "无锡", "梁溪", ""),
		everyHour("site", "无锡", "滨湖", "construction"),
		{ID: "site-2", Domain: reading.Air, City: "无锡", District: "梁溪", Zone: "construction", Period: reading.Minutes15, PeriodDeclared: true},
		{ID: "river", Domain: reading.Water, City: "无锡", Target: "III", Period: reading.Hours4, PeriodDeclared: true},
		{ID: "ditch", Domain: reading.Water, City: "无锡"},
		{ID: "road", Domain: reading.Noise, City: "无锡", Zone: "4a", Period: reading.Hour, PeriodDeclared: true},
		{ID: "office", Domain: reading.Indicator, City: "无锡"},
		{ID: "jar", Domain: reading.Air, City: "", Period: reading.Hour, PeriodDeclared: true},
	}
}

func reviewPlan() plan.Plan {
	one := reading.FixedOne
	target := func(id string, m plan.Metric, c plan.Comparison, v int64) plan.Target {
		return plan.Target{ID: id, Name: id, Metric: m, Comparison: c, Value: reading.Fixed(v) * one, Rounding: plan.Exact, Weight: plan.ByStation}
	}
	pm25 := target("pm25", plan.Mean, plan.AtMost, 50)
	pm25.Parameter, pm25.Weight = "pm25", plan.ByCity
	district := pm25
	district.ID, district.Stations.Districts = "district", []string{"滨湖"}
	each := pm25
	each.ID, each.Weight = "each", plan.ByStation
	p90 := pm25
	p90.ID, p90.Metric, p90.Parameter, p90.Percentile = "p90", plan.Percentile, "o3_8h", 90
	good := target("good", plan.GoodDays, plan.AtLeast, 60)
	good.Weight = plan.ByCity
	sites := target("sites", plan.Sites, plan.AtLeast, 80)
	sites.Standard = "DB32/4437-2022"
	sections := target("sections", plan.Sections, plan.AtLeast, 50)
	sections.Class = water.ClassIII
	section := target("section", plan.Section, plan.AtMost, 3)
	section.Station = "ditch"
	falls := target("falls", plan.Mean, plan.AtMost, 9)
	falls.Parameter = "dustfall"
	treated := target("treated", plan.Indicator, plan.AtLeast, 50)
	treated.Parameter = "treated"
	return plan.Plan{
		ID: "p", Language: plan.English,
		Period: plan.Period{From: calendar.Date(2026, 11, 25), Until: calendar.Date(2028, 12, 31)},
		Targets: []plan.Target{pm25, district, each, p90, good, sites, sections, section, falls, treated,
			target("odour", plan.OdourCount, plan.AtMost, 0), target("day", plan.NoiseDay, plan.AtLeast, 80), target("night", plan.NoiseNight, plan.AtLeast, 80),
			target("reporting", plan.Reporting, plan.AtLeast, 90)},
	}
}

type piece struct {
	received int64
	history  bool
	station  string
	lines    []byte
}

func reviewJournal(random *rand.Rand, from time.Time, days int) []piece {
	var all []piece
	level := 50.0
	say := func(domain reading.Domain, station string, period reading.Period, at time.Time, values ...reading.Value) {
		if random.IntN(50) == 0 {
			return
		}
		sample := reading.Sample{Domain: domain, Station: station, Period: period, Time: at.UnixNano(), Values: values}
		p := piece{received: at.UnixNano() + int64(period.Length()) + random.Int64N(minute), station: station, lines: sample.AppendLine(nil)}
		if random.IntN(60) == 0 {
			p.received += random.Int64N(40 * hour)
		}
		if random.IntN(150) == 0 {
			p.received += random.Int64N(20 * 24 * hour)
			p.history = true
		}
		all = append(all, p)
		if random.IntN(100) == 0 {
			for i := range sample.Values {
				sample.Values[i].Number *= 1.5
				sample.Values[i].Flag = randomFlag(random)
			}
			p.received += random.Int64N(36 * hour)
			p.lines = sample.AppendLine(nil)
			all = append(all, p)
		}
	}
	for at := from; at.Before(from.AddDate(0, 0, days)); at = at.Add(15 * time.Minute) {
		level = min(max(level+float64(random.IntN(21)-10), 5), 160)
		n := func(f float64) float64 { return float64(int(level * f * (0.8 + 0.4*random.Float64()))) }
		say(reading.Air, "site", reading.Minutes15, at, value("tsp", n(6)))
		say(reading.Air, "site-2", reading.Minutes15, at, value("tsp", n(7)), value("pm10", n(1.4)))
		if at.Minute() != 0 {
			continue
		}
		for _, id := range []string{"air-1", "air-2"} {
			say(reading.Air, id, reading.Hour, at, value("pm25", n(1)), value("pm10", n(1.3)), value("so2", 10), value("no2", n(0.5)), value("co", 1), value("o3", n(1.5)))
		}
		say(reading.Air, "site", reading.Hour, at, value("tsp", n(6)), value("pm10", n(1.5)))
		say(reading.Noise, "road", reading.Hour, at, value("leq", 40+n(0.4)))
		if at.Hour()%4 == 0 {
			say(reading.Water, "river", reading.Hours4, at, value("ph", 7), value("do", 4+n(0.05)), value("codmn", n(0.1)), value("nh3n", n(0.02)), value("tp", n(0.003)))
		}
		if at.Hour() == 8 && random.IntN(4) == 0 {
			say(reading.Water, "river", reading.Day, at, value("cd", n(0.0001)), value("bod5", n(0.07)))
			say(reading.Water, "ditch", reading.Momentary, at, value("transparency", 0.1+n(0.005)), value("do", n(0.05)), value("orp", 10+n(2)), value("nh3n", n(0.1)))
		}
		if at.Hour() == 9 && at.Day()%9 == 0 {
			say(reading.Air, "jar", reading.Day, at, value("dustfall", n(0.15)))
			say(reading.Indicator, "office", reading.Momentary, at, value("treated", n(1)))
		}
	}
	slices.SortStableFunc(all, func(a, b piece) int { return int(max(-1, min(1, a.received-b.received))) })
	return all
}

type planLines struct {
	last
	newest map[string]figure.Plan
	lines  []string
}

func (s *planLines) Plan(p *figure.Plan) {
	standing := *p.Standing
	kept := *p
	kept.Standing = &standing
	s.newest[p.Target.ID+" "+p.Day.String()] = kept
	s.lines = append(s.lines, string(p.AppendLine(nil)))
}

func TestReviewPlans(t *testing.T) {
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 77))
		from := time.Date(2026, 11, 20, 0, 0, 0, 0, beijing)
		days := 60
		pieces := reviewJournal(random, from, days)
		w0 := &world{}
		var journal []reading.Entry
		clock := from.UnixNano()
		for _, p := range pieces {
			for ; clock+10*minute < p.received; clock += 10 * minute {
				journal = append(journal, w0.entry(reading.Tick, clock+10*minute, "", nil))
			}
			clock = max(clock, p.received)
			if p.received-from.UnixNano() > 42*24*hour && p.received-from.UnixNano() < 45*24*hour {
				continue // an outage over the turn of the year
			}
			e := w0.entry(reading.Readings, clock, p.station, p.lines)
			if p.history {
				e.Transport, e.Station = reading.Imported, ""
			}
			journal = append(journal, e)
			if p.history && random.IntN(5) == 0 {
				e := w0.entry(reading.Readings, clock, "", nil)
				e.Transport = reading.Imported
				journal = append(journal, e)
			}
		}
		for range 60 {
			clock += 10 * minute
			journal = append(journal, w0.entry(reading.Tick, clock, "", nil))
		}
		run := func(restarts bool) (*world, *planLines) {
			w := newWorld(t, reviewStations(), rule.Rule{ID: "silent", Missing: 5 * time.Hour, Severity: rule.Info})
			w.config.Parameters["treated"] = &reading.Parameter{Key: "treated", Domain: reading.Indicator, Unit: "%", High: 100}
			sink := &planLines{last{beijing, map[string]string{}, 0}, map[string]figure.Plan{}, nil}
			w.config.Zone, w.config.Plans, w.config.Sink = beijing, []plan.Plan{reviewPlan()}, sink
			w.reopen()
			for rest := journal; len(rest) > 0; {
				size := min(len(rest), 700)
				if restarts {
					size = min(len(rest), 1+random.IntN(300))
				}
				w.step(rest[:size]...)
				if rest = rest[size:]; restarts && random.IntN(2) == 0 {
					w.reopen()
				}
			}
			w.clock = clock
			return w, sink
		}
		w, sink := run(false)
		w2, again := run(true)
		if a, b := strings.Join(w.box.left["mqtt"], "\n"), strings.Join(w2.box.left["mqtt"], "\n"); a != b {
			t.Errorf("seed %d: alerts differ:\n%s\n\n%s", seed, a, b)
		}
		if !slices.Equal(sink.lines, again.lines) {
			for i := range min(len(sink.lines), len(again.lines)) {
				if sink.lines[i] != again.lines[i] {
					t.Errorf("seed %d: line %d of %d %d\n%s%s", seed, i, len(sink.lines), len(again.lines), sink.lines[i], again.lines[i])
					break
				}
			}
		}
		sameFigures(t, again.figures, sink.figures)
		t.Logf("seed %d: %d entries, %d lines, %d alerts", seed, len(journal), len(sink.lines), len(w.box.left["mqtt"]))
		for _, a := range w.box.left["mqtt"] {
			t.Log(a[:200])
		}
		// judged anew from the store
		w.reopen()
		e := w.engine
		e.step.batch = w.db.NewBatch()
		seen := 0
		for _, h := range e.plans.held {
			if h.judged == never || h.changed <= h.judged {
				t.Errorf("%s judged %s changed %s", h.target.ID, h.judged, h.changed)
			}
			for day := h.plan.Period.From; day <= h.judged; {
				span, _ := h.plan.SpanAt(day)
				last := min(span.Last, h.judged)
				if h.target.Metric == plan.Sites {
					if err := e.makeSiteDays(h.sites, h.target.Standard, calendar.Span{First: day, Last: last}); err != nil {
						t.Fatal(err)
					}
				}
				states := spanStates{span: span}
				for _, s := range h.plan.Judge(h.target, &h.members, &e.plans.averages, calendar.Span{First: day, Last: last}) {
					states.put(s.Day, s.State)
					f := figure.Plan{Plan: h.plan, Start: e.zone.Start(s.Day), At: e.zone.End(s.Day), Since: states.since(s.Day), Standing: &s}
					got, ok := sink.newest[h.target.ID+" "+s.Day.String()]
					if !ok {
						if s.Value.Known() {
							t.Errorf("%s %s was never told", h.target.ID, s.Day)
						}
						continue
					}
					seen++
					if a, b := string(got.AppendLine(nil)), string(f.AppendLine(nil)); a != b {
						t.Errorf("seed %d %s\ntold %swant %s", seed, s.Day, a, b)
					}
				}
				day = last + 1
			}
		}
		t.Logf("%d standings are the same", seen)
	}
}
