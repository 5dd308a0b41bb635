package engine

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/figure"
	"egret/rules/rule"
)

// last is a sink that keeps the last version of each figure.
type last struct {
	zone    *time.Location
	figures map[string]string
	made    int
}

func (l *last) keep(key, text string) {
	l.made++
	l.figures[key] = text
}

func (l *last) Average(a *figure.Average) {
	key := fmt.Sprintf("%s %s %s %s", a.Station, a.Parameter, a.Period, time.Unix(0, a.Start).In(l.zone).Format(time.RFC3339))
	if a.Count == 0 && !a.Valid {
		delete(l.figures, key) // a point cannot be taken back: one of no values says that there is none
		return
	}
	l.keep(key, string(a.AppendJSON(nil, l.zone)))
}

func (l *last) Index(i *figure.Index) {
	key := fmt.Sprintf("%s aqi %s %d", i.Station, i.Period, i.Start)
	if !i.Known {
		delete(l.figures, key)
		return
	}
	l.mustKeep(key)(i.MarshalIn(l.zone))
}

func (l *last) Class(c *figure.Class) {
	key := fmt.Sprintf("%s class %s %d", c.Station, c.Period, c.Start)
	l.mustKeep(key)(c.MarshalIn(l.zone))
}

func (l *last) Noise(n *figure.Noise) {
	l.mustKeep(fmt.Sprintf("%s noise %d", n.Station, n.Start))(n.MarshalIn(l.zone))
}

func (l *last) Plan(p *figure.Plan) {}

func (l *last) mustKeep(key string) func([]byte, error) {
	return func(text []byte, err error) {
		if err != nil {
			panic(err)
		}
		l.keep(key, string(text))
	}
}

// sent is a value on its way.
type sent struct {
	station  string
	domain   reading.Domain
	period   reading.Period
	at       int64
	received int64
	value    reading.Value
}

var network = []reading.Station{
	{ID: "air-1", Domain: reading.Air, City: "无锡", Period: reading.Hour, PeriodDeclared: true},
	{ID: "air-2", Domain: reading.Air, City: "无锡", Period: reading.Minutes15, PeriodDeclared: true, Zone: "1"},
	{ID: "river", Domain: reading.Water, Target: "III", Period: reading.Hours4, PeriodDeclared: true},
	{ID: "road", Domain: reading.Noise, Zone: "4a", Period: reading.Minutes30, PeriodDeclared: true},
}

func networkRules() []rule.Rule {
	watch := func(parameter, average string) rule.Rule {
		return rule.Rule{ID: parameter + "-" + average, Parameter: parameter, Average: average, Standard: true, Severity: rule.Warning}
	}
	heavy := rule.Rule{ID: "heavy", Parameter: rule.WarningFigure, Average: "day", Above: fixed(0), Severity: rule.Critical}
	poor := rule.Rule{ID: "poor", Parameter: rule.IndexFigure, Average: "1h", Above: fixed(200), Severity: rule.Info}
	rising := rule.Rule{ID: "rising", Parameter: "pm25", Average: "24h", Above: fixed(90), Clear: fixed(80), For: 30 * time.Hour, Severity: rule.Info}
	return []rule.Rule{
		watch("pm25", "day"), watch("pm25", "year"), watch("pm25", "ytd"), watch("o3_8h", "day"), watch("no2", "1h"), watch("ld", "day"), watch("ln", "night"), watch("leq", "1h"),
		watch(rule.ClassFigure, "4h"), watch(rule.ClassFigure, "day"), watch(rule.ClassFigure, "month"), heavy, poor, rising,
	}
}

// measured is a parameter and the most that is measured of it.
type measured struct {
	parameter string
	most      float64
}

// measure makes what the network measures from one day through another.
func measure(random *rand.Rand, zone *time.Location, from, through time.Time) []sent {
	var all []sent
	levels := map[string]float64{}
	walk := func(station, parameter string, least, most, stride float64) reading.Value {
		key := station + parameter
		if _, ok := levels[key]; !ok {
			levels[key] = least + random.Float64()*(most-least)
		}
		levels[key] = min(max(levels[key]+(random.Float64()*2-1)*stride, least), most)
		number := float64(int(levels[key]*1000)) / 1000
		return reading.Value{Parameter: parameter, Number: number, Flag: randomFlag(random)}
	}
	add := func(s *reading.Station, at int64, v reading.Value) {
		if random.IntN(40) == 0 {
			return // never sent
		}
		end := at + int64(s.Period.Length())
		all = append(all, sent{s.ID, s.Domain, s.Period, at, end, v})
	}
	for i := range network {
		s := &network[i]
		for at := from.UnixNano(); at < through.AddDate(0, 0, 1).UnixNano(); at += int64(s.Period.Length()) {
			switch s.Domain {
			case reading.Air:
				for _, m := range []measured{{"pm25", 250}, {"pm10", 300}, {"so2", 90}, {"no2", 260}, {"co", 6}, {"o3", 260}} {
					add(s, at, walk(s.ID, m.parameter, m.most/50, m.most, m.most/10))
				}
			case reading.Water:
				for _, m := range []measured{{"ph", 9.2}, {"do", 9}, {"codmn", 9}, {"nh3n", 1.8}, {"tp", 0.35}} {
					add(s, at, walk(s.ID, m.parameter, m.most/3, m.most, m.most/8))
				}
			case reading.Noise:
				add(s, at, walk(s.ID, "leq", 40, 80, 6))
				add(s, at, walk(s.ID, "lmax", 60, 95, 8))
			}
		}
	}
	slices.SortFunc(all, func(a, b sent) int {
		return cmp.Or(cmp.Compare(a.received, b.received), cmp.Compare(a.station, b.station), cmp.Compare(a.value.Parameter, b.value.Parameter))
	})
	return all
}

// disturb gives a tenth of the values a delay of 1 to 47 hours and shuffles all within minutes; 2 % are sent wrong
// first and corrected later, and 5 % come twice.
func disturb(random *rand.Rand, all []sent) []sent {
	var disturbed []sent
	for _, s := range all {
		s.received += random.Int64N(int64(20 * time.Minute))
		if random.IntN(10) == 0 {
			s.received += int64(time.Hour) + random.Int64N(46*int64(time.Hour))
		}
		if random.IntN(50) == 0 {
			wrong := s
			wrong.value.Number, wrong.value.Flag = s.value.Number*1.3, reading.Valid
			disturbed = append(disturbed, wrong)
			s.received = max(s.received, wrong.at+int64(40*time.Hour)) + random.Int64N(int64(6*time.Hour))
		}
		disturbed = append(disturbed, s)
		if random.IntN(20) == 0 {
			s.received += random.Int64N(int64(time.Hour))
			disturbed = append(disturbed, s)
		}
	}
	for i := range disturbed { // nothing is older than the horizon
		disturbed[i].received = min(disturbed[i].received, disturbed[i].at+int64(47*time.Hour+50*time.Minute))
	}
	slices.SortStableFunc(disturbed, func(a, b sent) int { return cmp.Compare(a.received, b.received) })
	return disturbed
}

// ended is what a run ends with: the last version of each figure, and the periods that exceed their limits.
type ended struct {
	figures map[string]string
	exceed  []string
	alerts  int
	counts  Counts
	made    int
}

func runNetwork(t *testing.T, random *rand.Rand, zone *time.Location, all []sent, until int64) ended {
	t.Helper()
	w := newWorld(t, network, networkRules()...)
	sink := &last{zone, map[string]string{}, 0}
	w.config.Zone, w.config.Sink = zone, sink
	w.reopen()
	for rest := all; len(rest) > 0; {
		size := min(len(rest), 1+random.IntN(300))
		var entries []reading.Entry
		for len(rest) > 0 && len(entries) < size {
			same := 1 // what a station says of one instant in one message
			for same < len(rest) && rest[same].station == rest[0].station && rest[same].at == rest[0].at && rest[same].received == rest[0].received {
				same++
			}
			sample := reading.Sample{Domain: rest[0].domain, Station: rest[0].station, Period: rest[0].period, Time: rest[0].at}
			for _, s := range rest[:same] {
				sample.Values = append(sample.Values, s.value)
			}
			entries = append(entries, w.entry(reading.Readings, rest[0].received, rest[0].station, sample.AppendLine(nil)))
			rest = rest[same:]
		}
		w.step(entries...)
		if random.IntN(10) == 0 {
			w.reopen()
		}
	}
	w.clock = all[len(all)-1].received
	for at := w.clock; at < until; at += 30 * minute {
		w.step(w.entry(reading.Tick, at, "", nil))
	}
	w.step(w.entry(reading.Tick, until, "", nil))
	return ended{figures: sink.figures, exceed: saidToExceed(t, w.db), alerts: len(w.box.left["mqtt"]), counts: w.engine.Counts(), made: sink.made}
}

func saidToExceed(t *testing.T, db *pebble.DB) []string {
	t.Helper()
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{verdictPrefix}, UpperBound: []byte{verdictPrefix + 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer iterator.Close()
	var keys []string
	for valid := iterator.First(); valid; valid = iterator.Next() {
		keys = append(keys, fmt.Sprintf("%q", iterator.Key()))
	}
	return keys
}

// The same readings shuffled, late by up to 47 hours, twice or wrong at first end in the same averages, indices,
// classes, levels and verdicts as in order: over the night in which the air standard changes, a change of the clock, a
// leap day and the turn of the year.
func TestLateAndCorrectedReadingsEndInTheSameFigures(t *testing.T) {
	for i, span := range []struct{ place, from, through string }{
		{"Asia/Shanghai", "2026-02-26", "2026-03-03"},
		{"Europe/Berlin", "2026-03-27", "2026-03-31"},
		{"Asia/Shanghai", "2027-12-29", "2028-01-02"},
		{"America/New_York", "2024-10-31", "2024-11-04"},
		{"Asia/Kolkata", "2024-02-27", "2024-03-01"},
	} {
		t.Run(fmt.Sprintf("%s %s seed=%d", span.place, span.from, seed), func(t *testing.T) {
			zone, err := time.LoadLocation(span.place)
			if err != nil {
				t.Fatal(err)
			}
			from, _ := time.ParseInLocation(time.DateOnly, span.from, zone)
			through, _ := time.ParseInLocation(time.DateOnly, span.through, zone)
			random := rand.New(rand.NewPCG(uint64(i), seed))
			all := measure(random, zone, from, through)
			until := through.AddDate(0, 0, 5).UnixNano()
			want := runNetwork(t, random, zone, all, until)
			if len(want.figures) < 3000 || len(want.exceed) < 20 || want.alerts < 10 {
				t.Fatalf("the days show too little: %d figures, %d periods exceed, %d alerts", len(want.figures), len(want.exceed), want.alerts)
			}
			for range rounds {
				got := runNetwork(t, random, zone, disturb(random, all), until)
				if got.counts.Late == 0 || got.counts.Corrected == 0 || got.counts.Duplicates == 0 || got.counts.BeyondHorizon != 0 {
					t.Fatalf("nothing was disturbed: %+v", got.counts)
				}
				sameFigures(t, got.figures, want.figures)
				if !slices.Equal(got.exceed, want.exceed) {
					t.Errorf("%d periods exceed, want %d: %v", len(got.exceed), len(want.exceed), difference(got.exceed, want.exceed))
				}
			}
		})
	}
}

// The seed of the property test changes from run to run; it is printed where one fails.
var (
	seed   = rand.Uint64N(1 << 20)
	rounds = 3
)

func sameFigures(t *testing.T, got, want map[string]string) {
	t.Helper()
	shown := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] && shown < 6 {
			shown++
			t.Errorf("%s\n got %s\nwant %s", key, got[key], want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok && shown < 6 {
			shown++
			t.Errorf("%s is too much: %s", key, got[key])
		}
	}
}

// difference returns what only one of two lists has.
func difference(a, b []string) []string {
	var only []string
	for _, text := range slices.Concat(a, b) {
		if slices.Contains(a, text) != slices.Contains(b, text) {
			only = append(only, text)
		}
	}
	return only
}
