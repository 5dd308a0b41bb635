package engine

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/plan"
	"egret/rules/rule"
)

// wuxi2018 is the plan's target of the mean of PM2.5.
func wuxi2018(targets ...plan.Target) plan.Plan {
	if targets == nil {
		targets = []plan.Target{{
			ID: "pm25", Name: "PM2.5年均浓度", Metric: plan.Mean, Parameter: "pm25", Comparison: plan.AtMost, Value: 43 * reading.FixedOne,
			Unit: "ug/m3", Rounding: plan.AsStandard, Weight: plan.ByCity,
		}}
	}
	return plan.Plan{
		ID: "wuxi-2018", Title: "无锡市2018年生态文明建设实施方案", Language: plan.English, Area: rule.Selector{Cities: []string{"无锡"}},
		Period: plan.Period{From: calendar.Date(2018, time.January, 1), Until: calendar.Date(2018, time.December, 31)}, Targets: targets,
	}
}

var wuxiStations = []reading.Station{
	{ID: "wx-1", Domain: reading.Air, City: "无锡", Period: reading.Day, PeriodDeclared: true},
	{ID: "wx-2", Domain: reading.Air, City: "无锡", Period: reading.Day, PeriodDeclared: true},
}

// standings keeps the last version of each standing.
type standings struct {
	last
	newest map[string]figure.Plan
	made   int
}

func (s *standings) Plan(p *figure.Plan) {
	s.made++
	standing := *p.Standing
	kept := *p
	kept.Standing = &standing
	s.newest[p.Target.ID+" "+p.Day.String()] = kept
}

// planWorld is a world that follows plans in Beijing time.
func planWorld(t *testing.T, stations []reading.Station, plans ...plan.Plan) (*world, *standings) {
	t.Helper()
	w := newWorld(t, stations)
	sink := &standings{last{beijing, map[string]string{}, 0}, map[string]figure.Plan{}, 0}
	w.config.Zone, w.config.Plans, w.config.Sink = beijing, plans, sink
	w.clock = time.Date(2018, 1, 1, 0, 0, 0, 0, beijing).UnixNano()
	w.reopen()
	return w, sink
}

// dayOf sends the value of a day of both stations, received at the next day's 00:05 or as much later as delay says, then
// lets the clock run until one o'clock.
func (w *world) dayOf(date time.Time, number float64, delay time.Duration) {
	w.t.Helper()
	end := date.AddDate(0, 0, 1)
	w.clock = max(w.clock, end.Add(5*time.Minute+delay).UnixNano())
	for _, id := range []string{"wx-1", "wx-2"} {
		w.step(w.entry(reading.Readings, w.clock, id, line(id, reading.Day, date.UnixNano(), reading.Value{Parameter: "pm25", Number: number})))
	}
	w.tick(max(w.clock, end.Add(time.Hour).UnixNano()))
}

// saidOfPlans returns "state id-without-start" of all alerts told.
func (w *world) saidOfPlans() (said []string, ids []string) {
	w.t.Helper()
	seen := map[string]bool{}
	for _, payload := range w.box.left["mqtt"] {
		var a alert.Alert
		if err := json.Unmarshal([]byte(payload), &a); err != nil {
			w.t.Fatal(err)
		}
		said = append(said, a.State+" "+a.Rule+" "+a.At.In(beijing).AddDate(0, 0, -1).Format(time.DateOnly))
		seen[a.ID] = true
	}
	return said, slices.Sorted(maps.Keys(seen))
}

// worsening is a year whose mean is 41 until September; what follows makes the target first doubtful, then impossible.
func worsening(date time.Time) float64 {
	switch {
	case date.Month() <= time.September:
		return 41
	case date.Month() == time.October:
		return 60
	default:
		return 90
	}
}

// A target goes from open over at risk to impossible, and is missed: three alerts, however often Egret is started anew
// and although the days come late. That it is at risk or impossible ends when something graver is known.
func TestATargetThatIsLostTellsThreeAlerts(t *testing.T) {
	year := func(restart func(time.Time) bool, delay func(time.Time) time.Duration) (*world, *standings) {
		w, sink := planWorld(t, wuxiStations, wuxi2018())
		for date := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing); date.Year() == 2018; date = date.AddDate(0, 0, 1) {
			w.dayOf(date, worsening(date), delay(date))
			if restart(date) {
				w.reopen()
			}
		}
		w.tick(time.Date(2019, 1, 2, 12, 0, 0, 0, beijing).UnixNano())
		return w, sink
	}
	never, inTime := func(time.Time) bool { return false }, func(time.Time) time.Duration { return 0 }
	w, sink := year(never, inTime)
	want := []string{
		"firing pm25.at_risk", "resolved pm25.at_risk", "firing pm25.impossible", "resolved pm25.impossible", "firing pm25.missed",
	}
	said, ids := w.saidOfPlans()
	var kinds []string
	for _, s := range said {
		kinds = append(kinds, s[:strings.LastIndexByte(s, ' ')])
	}
	if !slices.Equal(kinds, want) {
		t.Fatalf("told %q, want %q", said, want)
	}
	if want := []string{
		"pm25.at_risk/plan:wuxi-2018/2017-12-31T16:00:00Z", "pm25.impossible/plan:wuxi-2018/2017-12-31T16:00:00Z", "pm25.missed/plan:wuxi-2018/2017-12-31T16:00:00Z",
	}; !slices.Equal(ids, want) {
		t.Errorf("ids %q, want %q", ids, want)
	}
	// By hand: the year may come to 43.5·365 = 15877.5. Up to 30 September 273 days have 11193, October 31·60 = 1860
	// makes 13053, so 2824.5 are left for 61 days: 46 a day. At 90 a day they are used up after 31.4 days.
	lost := sink.newest["pm25 2018-12-02"]
	if lost.State != plan.Impossible || lost.Since != calendar.Date(2018, time.December, 2) || sink.newest["pm25 2018-12-01"].State != plan.AtRisk {
		t.Errorf("on 2 December it is %s since %s, the day before %s", lost.State, lost.Since, sink.newest["pm25 2018-12-01"].State)
	}
	if october := sink.newest["pm25 2018-10-31"]; !october.AllowanceKnown || october.Allowance.Round(1, reading.HalfEven) != *fixed(46.3) {
		t.Errorf("after October the allowance is %s", october.Allowance)
	}
	random := rand.New(rand.NewPCG(7, 8))
	killed, again := year(func(time.Time) bool { return random.IntN(3) == 0 }, inTime)
	if got, _ := killed.saidOfPlans(); !slices.Equal(got, said) {
		t.Errorf("started anew %q, undisturbed %q", got, said)
	}
	if !sameStandings(t, again.newest, sink.newest) {
		t.Error("started anew it stands elsewhere")
	}
	late, again := year(never, func(date time.Time) time.Duration {
		if date.Day() == 2 || (date.Month() == time.December && date.Day() == 31) {
			return 24 * time.Hour
		}
		return 0
	})
	if _, got := late.saidOfPlans(); !slices.Equal(got, ids) {
		t.Errorf("with late days the ids are %q, want %q", got, ids)
	}
	if !sameStandings(t, again.newest, sink.newest) {
		t.Error("with late days it ends elsewhere")
	}
}

func sameStandings(t *testing.T, got, want map[string]figure.Plan) bool {
	t.Helper()
	texts := func(all map[string]figure.Plan) map[string]string {
		m := map[string]string{}
		for key, p := range all {
			m[key] = string(p.AppendLine(nil))
		}
		return m
	}
	a, b := texts(got), texts(want)
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if a[key] != b[key] {
			t.Errorf("%s:\n%s\nwant\n%s", key, a[key], b[key])
			return false
		}
	}
	return len(a) == len(b)
}

// Plans are judged when days are over or have changed, not for readings.
func TestReadingsDoNotJudgePlans(t *testing.T) {
	hourly := []reading.Station{{ID: "a", Domain: reading.Air, City: "无锡", Period: reading.Hour, PeriodDeclared: true}}
	w, sink := planWorld(t, hourly, wuxi2018())
	start := time.Date(2018, 3, 1, 0, 0, 0, 0, beijing)
	w.clock = start.UnixNano()
	for day := range 40 {
		w.day(start.AddDate(0, 0, day), "pm25", 40)
	}
	w.tick(start.AddDate(0, 0, 40).Add(time.Hour).UnixNano())
	if days := 40; sink.made < days-1 || sink.made > 2*days {
		t.Errorf("%d standings were made of 40 days with 960 readings", sink.made)
	}
}

// A plan that is added to the configuration has the whole year that is stored at once, and one whose target is changed is
// judged anew from its beginning.
func TestANewPlanHasItsHistoryAtOnce(t *testing.T) {
	w, sink := planWorld(t, wuxiStations)
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 120 {
		w.dayOf(start.AddDate(0, 0, day), 42, 0)
	}
	if sink.made != 0 {
		t.Fatal("there was no plan")
	}
	w.config.Plans = []plan.Plan{wuxi2018()}
	w.reopen()
	w.tick(start.AddDate(0, 0, 120).Add(2 * time.Hour).UnixNano())
	last := sink.newest["pm25 2018-04-30"]
	if last.Standing == nil || last.Counted != 120 || last.Value.Fixed() != 42*reading.FixedOne || last.State != plan.Open {
		t.Fatalf("on the 120th day %+v", last.Standing)
	}
	if early := sink.newest["pm25 2018-02-28"]; early.Standing == nil || early.Counted != 59 {
		t.Error("the days before are not judged")
	}
	changed := wuxi2018()
	changed.Targets[0].Value = 35 * reading.FixedOne
	w.config.Plans = []plan.Plan{changed}
	w.reopen()
	w.tick(start.AddDate(0, 0, 120).Add(3 * time.Hour).UnixNano())
	if last := sink.newest["pm25 2018-04-30"]; last.Limit != 35*reading.FixedOne || last.State != plan.AtRisk {
		t.Errorf("after the change %s against %s", last.State, last.Limit)
	}
	all, err := w.engine.Plans()
	if err != nil || len(all) != 1 || len(all[0].Targets) != 1 || all[0].Targets[0].State != plan.AtRisk || all[0].Day != calendar.Date(2018, time.April, 30) {
		t.Errorf("shown as %+v, %v", all, err)
	}
	w.reopen()
	again, err := w.engine.Plans()
	if err != nil || string(again[0].Targets[0].AppendLine(nil)) != string(all[0].Targets[0].AppendLine(nil)) {
		t.Errorf("after a restart %+v, %v", again, err)
	}
}

// A plan that is no longer configured takes its alerts back.
func TestAnAlertOfAPlanThatIsGoneIsWithdrawn(t *testing.T) {
	w, _ := planWorld(t, wuxiStations, wuxi2018())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 120 {
		w.dayOf(start.AddDate(0, 0, day), 80, 0)
	}
	w.config.Plans = nil
	w.reopen()
	w.tick(start.AddDate(0, 0, 120).Add(2 * time.Hour).UnixNano())
	said, _ := w.saidOfPlans()
	if len(said) != 2 || !strings.HasPrefix(said[0], "firing pm25.at_risk") || !strings.HasPrefix(said[1], "withdrawn pm25.at_risk") {
		t.Errorf("told %q", said)
	}
}

// The year is over and its target met; then a correction of its last day changes the end, which is told once.
func TestACorrectionOfAYearThatIsOver(t *testing.T) {
	two := wuxi2018()
	two.Period.Until = calendar.Date(2019, time.December, 31)
	w, sink := planWorld(t, wuxiStations, two)
	w.config.Horizon = 72 * time.Hour
	w.reopen()
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 365 {
		w.dayOf(start.AddDate(0, 0, day), 43.4, 0)
	}
	if end := sink.newest["pm25 2018-12-31"]; end.State != plan.Met {
		t.Fatalf("the year ended %s at %s", end.State, end.Value.Fixed())
	}
	w.dayOf(start.AddDate(0, 0, 365), 43.4, 0)
	before := len(w.box.left["mqtt"])
	w.step(w.entry(reading.Readings, w.clock, "wx-1", line("wx-1", reading.Day, start.AddDate(0, 0, 364).UnixNano(), reading.Value{Parameter: "pm25", Number: 900})))
	w.tick(w.clock + hour)
	if end := sink.newest["pm25 2018-12-31"]; end.State != plan.Missed {
		t.Errorf("after the correction it is %s at %s", end.State, end.Value.Fixed())
	}
	if told := w.box.left["mqtt"][before:]; len(told) != 1 || !strings.Contains(told[0], `"state":"corrected"`) {
		t.Errorf("told %q", told)
	}
}

// A district of a city is averaged as a city is, and no rule watches it beside its stations.
func TestAnAreaThatIsNoCityHasAMeanOfItsOwn(t *testing.T) {
	stations := slices.Clone(wuxiStations)
	stations[0].District = "滨湖"
	p := wuxi2018()
	p.Area.Districts = []string{"滨湖"}
	w, sink := planWorld(t, stations, p)
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	for day := range 40 {
		date := start.AddDate(0, 0, day)
		w.clock = date.AddDate(0, 0, 1).Add(5 * time.Minute).UnixNano()
		for i, id := range []string{"wx-1", "wx-2"} {
			w.step(w.entry(reading.Readings, w.clock, id, line(id, reading.Day, date.UnixNano(), reading.Value{Parameter: "pm25", Number: float64(30 + 40*i)})))
		}
		w.tick(date.AddDate(0, 0, 1).Add(time.Hour).UnixNano())
	}
	if last := sink.newest["pm25 2018-02-09"]; last.Standing == nil || last.Value.Fixed() != 30*reading.FixedOne {
		t.Errorf("the district's mean is %+v", last.Standing)
	}
	if _, err := w.engine.Figures("area:wuxi-2018"); err != nil {
		t.Error(err)
	}
	// The other district, followed from now on, has the days that are over.
	other := wuxi2018()
	other.ID, other.Area = "other", rule.Selector{IDs: []string{"wx-2"}}
	w.config.Plans = []plan.Plan{p, other}
	w.reopen()
	w.tick(start.AddDate(0, 0, 40).Add(2 * time.Hour).UnixNano())
	if last := sink.newest["pm25 2018-02-09"]; last.Plan.ID != "other" || last.Value.Fixed() != 70*reading.FixedOne || last.Counted != 40 {
		t.Errorf("the other district's mean is %+v", last.Standing)
	}
	if told := w.box.left["mqtt"]; len(told) != 0 {
		t.Errorf("told %q", told)
	}
}

// A year is brought in while Egret runs: plans wait until it is complete, and then need not wait for the clock.
func TestPlansWaitForTheEndOfAnImport(t *testing.T) {
	w, sink := planWorld(t, wuxiStations, wuxi2018())
	start := time.Date(2018, 1, 1, 0, 0, 0, 0, beijing)
	w.clock = start.AddDate(0, 0, 200).Add(9 * time.Hour).UnixNano()
	w.tick(w.clock + hour)
	made := sink.made
	imported := func(lines []byte) {
		entry := w.entry(reading.Readings, w.clock, "", lines)
		entry.Transport = reading.Imported
		w.step(entry)
	}
	for day := range 200 {
		var lines []byte
		for _, id := range []string{"wx-1", "wx-2"} {
			lines = append(lines, line(id, reading.Day, start.AddDate(0, 0, day).UnixNano(), reading.Value{Parameter: "pm25", Number: 70})...)
		}
		imported(lines)
		w.clock += int64(10 * time.Second)
	}
	if sink.made != made {
		t.Fatalf("%d standings were made of half an import", sink.made-made)
	}
	imported(nil)
	if last := sink.newest["pm25 2018-07-19"]; last.Standing == nil || last.Counted != 200 || last.State != plan.AtRisk {
		t.Errorf("at the end it is %+v", last.Standing)
	}
	if said, _ := w.saidOfPlans(); len(said) != 1 || said[0] != "firing pm25.at_risk 2018-07-19" {
		t.Errorf("told %q", said)
	}
}
