package engine

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/plan"
	"egret/rules/water"
)

// town has stations of all kinds that plans are made of.
func town() []reading.Station {
	quarters := everyHour("works", "无锡", "梁溪", noise.ConstructionZone)
	quarters.Period = reading.Minutes15
	return []reading.Station{
		everyHour("air-1", "无锡", "滨湖", ""), everyHour("air-2", "无锡", "梁溪", ""), everyHour("jar", "", "", ""),
		everyHour("site", "无锡", "滨湖", noise.ConstructionZone), quarters,
		{ID: "river", Domain: reading.Water, City: "无锡", Target: "III", Period: reading.Hours4, PeriodDeclared: true},
		{ID: "ditch", Domain: reading.Water, City: "无锡"},
		{ID: "road", Domain: reading.Noise, City: "无锡", Zone: "4a", Period: reading.Hour, PeriodDeclared: true},
		{ID: "office", Domain: reading.Indicator, City: "无锡"},
	}
}

// townPlan has targets of all kinds, most of which chance decides.
func townPlan() plan.Plan {
	p := plan.Plan{ID: "town", Language: plan.English, Period: plan.Period{From: calendar.Date(2026, time.November, 25), Until: calendar.Date(2028, time.December, 31)}}
	add := func(id string, metric plan.Metric, comparison plan.Comparison, value int, more func(*plan.Target)) {
		t := plan.Target{ID: id, Name: id, Metric: metric, Comparison: comparison, Value: reading.Fixed(value) * reading.FixedOne, Rounding: plan.Exact, Weight: plan.ByStation}
		if more != nil {
			more(&t)
		}
		p.Targets = append(p.Targets, t)
	}
	of := func(parameter string, weight plan.Weight) func(*plan.Target) {
		return func(t *plan.Target) { t.Parameter, t.Weight = parameter, weight }
	}
	add("city", plan.Mean, plan.AtMost, 50, of("pm25", plan.ByCity))
	add("district", plan.Mean, plan.AtMost, 50, func(t *plan.Target) {
		t.Parameter, t.Weight, t.Stations.Districts = "pm25", plan.ByCity, []string{"滨湖"}
	})
	add("each", plan.Mean, plan.AtMost, 50, of("pm10", plan.ByStation))
	add("ozone", plan.Percentile, plan.AtMost, 90, func(t *plan.Target) { t.Parameter, t.Percentile, t.Weight = "o3_8h", 90, plan.ByCity })
	add("good", plan.GoodDays, plan.AtLeast, 60, func(t *plan.Target) { t.Weight = plan.ByCity })
	add("sites", plan.Sites, plan.AtLeast, 80, func(t *plan.Target) { t.Standard = "DB32/4437-2022" })
	add("sections", plan.Sections, plan.AtLeast, 50, func(t *plan.Target) { t.Class = water.ClassIII })
	add("section", plan.Section, plan.AtMost, 3, func(t *plan.Target) { t.Station = "river" })
	add("falls", plan.Mean, plan.AtMost, 9, of("dustfall", plan.ByStation))
	add("treated", plan.Indicator, plan.AtLeast, 50, of("treated", plan.ByStation))
	add("odour", plan.OdourCount, plan.AtMost, 0, nil)
	add("day", plan.NoiseDay, plan.AtLeast, 80, nil)
	add("night", plan.NoiseNight, plan.AtLeast, 80, nil)
	add("reporting", plan.Reporting, plan.AtLeast, 90, nil)
	return p
}

// townJournal is what the town measured in days, with values that came late, were corrected or were brought in as history,
// and an outage over new year.
func townJournal(random *rand.Rand, from time.Time, days int) (journal []reading.Entry) {
	type message struct {
		received int64
		history  bool
		station  string
		lines    []byte
	}
	var all []message
	level := 50.0
	near := func(factor float64) float64 { return float64(int(level * factor * (0.8 + 0.4*random.Float64()))) }
	say := func(domain reading.Domain, station string, period reading.Period, at time.Time, values ...reading.Value) {
		if random.IntN(50) == 0 {
			return
		}
		sample := reading.Sample{Domain: domain, Station: station, Period: period, Time: at.UnixNano(), Values: values}
		m := message{received: at.UnixNano() + int64(period.Length()) + random.Int64N(minute), station: station, lines: sample.AppendLine(nil)}
		odds := 150
		if station == "jar" || station == "office" || station == "ditch" { // of which there are few
			odds = 6
		}
		switch random.IntN(odds) {
		case 0, 1:
			m.received += random.Int64N(40 * hour)
		case 2:
			m.received, m.history = m.received+random.Int64N(20*24*hour), true
		}
		all = append(all, m)
		if random.IntN(100) == 0 {
			for i := range sample.Values {
				sample.Values[i].Number *= 1.5
				sample.Values[i].Flag = randomFlag(random)
			}
			m.received, m.lines = m.received+random.Int64N(36*hour), sample.AppendLine(nil)
			all = append(all, m)
		}
	}
	for at := from; at.Before(from.AddDate(0, 0, days)); at = at.Add(15 * time.Minute) {
		level = min(max(level+float64(random.IntN(21)-10), 5), 160)
		say(reading.Air, "site", reading.Minutes15, at, value("tsp", near(6)))
		say(reading.Air, "works", reading.Minutes15, at, value("tsp", near(7)), value("pm10", near(1.4)))
		if at.Minute() != 0 {
			continue
		}
		for _, id := range []string{"air-1", "air-2"} {
			say(reading.Air, id, reading.Hour, at, value("pm25", near(1)), value("pm10", near(1.3)), value("so2", 10), value("no2", near(0.5)), value("co", 1), value("o3", near(1.5)))
		}
		say(reading.Air, "site", reading.Hour, at, value("tsp", near(6)), value("pm10", near(1.5)))
		say(reading.Noise, "road", reading.Hour, at, value("leq", 40+near(0.4)))
		if at.Hour()%4 == 0 {
			say(reading.Water, "river", reading.Hours4, at, value("ph", 7), value("do", 4+near(0.05)), value("codmn", near(0.1)), value("nh3n", near(0.02)))
		}
		if at.Hour() == 8 && random.IntN(4) == 0 {
			say(reading.Water, "river", reading.Day, at, value("cd", near(0.0001)), value("bod5", near(0.07)))
			say(reading.Water, "ditch", reading.Momentary, at, value("transparency", 0.1+near(0.005)), value("do", near(0.05)), value("orp", 10+near(2)), value("nh3n", near(0.1)))
		}
		if at.Hour() == 9 && at.Day()%3 == 0 {
			say(reading.Air, "jar", reading.Day, at, value("dustfall", near(0.15)))
			say(reading.Indicator, "office", reading.Momentary, at, value("treated", near(1)))
		}
	}
	slices.SortStableFunc(all, func(a, b message) int { return cmp.Compare(a.received, b.received) })
	w, clock := &world{}, from.UnixNano()
	ticks := func(until int64) {
		for ; clock+10*minute < until; clock += 10 * minute {
			journal = append(journal, w.entry(reading.Tick, clock+10*minute, "", nil))
		}
	}
	newYear := time.Date(2027, 1, 1, 0, 0, 0, 0, beijing).UnixNano()
	for _, m := range all {
		if m.received > newYear-20*hour && m.received < newYear+30*hour {
			continue
		}
		if m.received < newYear || clock > newYear {
			ticks(m.received)
		}
		clock = max(clock, m.received)
		entry := w.entry(reading.Readings, clock, m.station, m.lines)
		if m.history {
			entry.Transport, entry.Station = reading.Imported, ""
		}
		journal = append(journal, entry)
		if m.history && random.IntN(5) == 0 { // the end of an import
			entry := w.entry(reading.Readings, clock, "", nil)
			entry.Transport = reading.Imported
			journal = append(journal, entry)
		}
	}
	ticks(clock + 10*hour)
	return journal
}

// ordered keeps standings in the order in which they were made.
type ordered struct {
	standings
	lines []string
}

func (s *ordered) Plan(p *figure.Plan) {
	s.standings.Plan(p)
	s.lines = append(s.lines, string(p.AppendLine(nil)))
}

// However the journal is cut into steps and wherever Egret is started anew, plans tell the same in the same order; and
// where they stand in the end is what the stored figures say, so that no change of a day was missed.
func TestPlansFollowFromTheJournalAlone(t *testing.T) {
	t.Logf("seed=%d", seed)
	random := rand.New(rand.NewPCG(11, seed))
	journal := townJournal(random, time.Date(2026, time.November, 20, 0, 0, 0, 0, beijing), 52)
	run := func(restarts bool) (*world, *ordered) {
		w := newWorld(t, town())
		w.config.Parameters["treated"] = &reading.Parameter{Key: "treated", Domain: reading.Indicator, Unit: "%", High: 100}
		sink := &ordered{standings: standings{last{beijing, map[string]string{}, 0}, map[string]figure.Plan{}, 0}}
		w.config.Zone, w.config.Plans, w.config.Sink = beijing, []plan.Plan{townPlan()}, sink
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
		return w, sink
	}
	w, sink := run(false)
	other, again := run(true)
	alerts := w.box.left["mqtt"]
	if text := strings.Join(alerts, "\n"); text != strings.Join(other.box.left["mqtt"], "\n") || len(alerts) < 5 {
		t.Errorf("%d alerts, with restarts %d", len(alerts), len(other.box.left["mqtt"]))
	}
	for i := range min(len(sink.lines), len(again.lines)) {
		if sink.lines[i] != again.lines[i] {
			t.Fatalf("line %d is\n%s\nand with restarts\n%s", i+1, sink.lines[i], again.lines[i])
		}
	}
	if len(sink.lines) != len(again.lines) {
		t.Errorf("%d lines, with restarts %d", len(sink.lines), len(again.lines))
	}
	w.reopen()
	w.engine.step.batch = w.db.NewBatch()
	defer func() { _ = w.engine.step.batch.Close() }()
	judged := 0
	for _, h := range w.engine.plans.held {
		judged += w.judgeAnew(h, sink)
	}
	if judged < 14*30 {
		t.Errorf("only %d standings were looked at", judged)
	}
}

// judgeAnew holds what was last told of a target against what the store says of it, day by day. It returns of how many days.
func (w *world) judgeAnew(h *held, sink *ordered) (judged int) {
	w.t.Helper()
	e := w.engine
	for day := h.plan.Period.From; day <= h.judged; {
		span, _ := h.plan.SpanAt(day)
		days := calendar.Span{First: day, Last: min(span.Last, h.judged)}
		if err := e.makeSiteDays(h.sites, h.target.Standard, days); err != nil {
			w.t.Fatal(err)
		}
		states := spanStates{span: span}
		for ; day <= days.Last; day++ {
			s := h.plan.Judge(h.target, &h.members, &e.plans.averages, calendar.Span{First: day, Last: day})[0]
			states.put(day, s.State)
			want := figure.Plan{Plan: h.plan, Start: e.zone.Start(day), At: e.zone.End(day), Since: states.since(day), Standing: &s}
			got, ok := sink.newest[h.target.ID+" "+day.String()]
			switch {
			case ok && string(got.AppendLine(nil)) != string(want.AppendLine(nil)):
				w.t.Errorf("%s told\n%sand it is\n%s", day, got.AppendLine(nil), want.AppendLine(nil))
			case !ok && s.Value.Known():
				w.t.Errorf("of %s on %s nothing was told", h.target.ID, day)
			case ok:
				judged++
			}
		}
	}
	return judged
}
