package engine

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"egret/ingest/reading"
	"egret/rules/hours"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/window"
)

// message is what a station said, and when it came.
type message struct {
	received int64
	station  string
	period   reading.Period
	at       int64
	values   []reading.Value
}

var cityStations = []reading.Station{
	{ID: "a", City: "north", Interval: 5 * time.Minute}, {ID: "b", City: "north", Period: reading.Minutes10}, {ID: "never"},
}

func cityRules() []rule.Rule {
	mean := func(id, parameter string, window time.Duration, limit float64) rule.Rule {
		r := above(id, window, limit)
		r.Parameter, r.MinCoverage = parameter, 0.5
		return r
	}
	wait := mean("wait", "pm25", time.Hour, 52)
	wait.For, wait.Clear = 20*time.Minute, fixed(48)
	highest := mean("max", "pm25", 30*time.Minute, 95)
	highest.Statistic = rule.Max
	lowest := mean("min", "leq", 30*time.Minute, 0)
	lowest.Statistic, lowest.Above, lowest.Below = rule.Min, nil, fixed(12)
	north := mean("north", "pm25", 8*time.Hour, 50)
	north.Stations.Cities = []string{"north"}
	return []rule.Rule{
		mean("short", "pm25", 10*time.Minute, 70), wait, highest, lowest, north,
		mean("day", "pm25", 24*time.Hour, 50), mean("noise", "leq", time.Hour, 89),
		{ID: "silent", Missing: 45 * time.Minute, Severity: rule.Info},
		{ID: "silent-leq", Parameter: "leq", Missing: 70 * time.Minute, Severity: rule.Info},
	}
}

// threeDays makes three days of three stations with gaps, faults, corrections and messages sent twice. Delays are up to
// most; without delays each series arrives in order.
func threeDays(random *rand.Rand, most time.Duration) []message {
	var all []message
	send := func(m message) {
		all = append(all, m)
		if random.IntN(12) == 0 { // delivered again
			m.received += random.Int64N(int64(time.Hour))
			all = append(all, m)
		}
	}
	for _, id := range []string{"a", "b", "stranger"} {
		period, interval := reading.Momentary, 5*minute
		if id == "b" {
			period, interval = reading.Minutes10, 10*minute
		}
		level := 50.0
		for at := ten; at < ten+72*60*minute; at += interval {
			if random.IntN(60) == 0 {
				at += random.Int64N(15*60) * minute
				at -= at % interval
			}
			level = min(max(level+float64(random.IntN(41)-20), 0), 100)
			m := message{station: id, period: period, at: at, received: at + int64(period.Length()) + random.Int64N(minute)}
			if id == "a" {
				m.at += random.Int64N(minute) // a station's clock is never exact
			}
			for _, parameter := range []string{"pm25", "leq", "co"} {
				if random.IntN(10) > 0 {
					number := level + float64(random.IntN(100))/10
					m.values = append(m.values, reading.Value{Parameter: parameter, Number: number, Flag: randomFlag(random)})
				}
			}
			if most > 0 && random.IntN(4) == 0 {
				m.received += random.Int64N(int64(most))
			}
			if len(m.values) == 0 {
				continue
			}
			send(m)
			if most > 0 && random.IntN(8) == 0 { // corrected later
				m.values = slices.Clone(m.values[:1])
				m.values[0].Number, m.values[0].Flag = float64(random.IntN(100)), randomFlag(random)
				m.received += 2*int64(time.Hour) + random.Int64N(int64(2*time.Hour))
				send(m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b message) int { return cmp.Compare(a.received, b.received) })
	return all
}

func randomFlag(random *rand.Rand) reading.Flag {
	if random.IntN(10) == 0 {
		return reading.Fault
	}
	return reading.Valid
}

// outcome is all that can be seen of a run.
type outcome struct {
	alerts   []string
	points   map[string]string
	stations []StationStatus
	counts   Counts
	open     string
	latest   string
}

// run feeds the journal in steps of random size, opening the engine, and sometimes the store, anew in between.
func run(t *testing.T, journal []message, random *rand.Rand, reopen bool) outcome {
	t.Helper()
	w := newWorld(t, cityStations, cityRules()...)
	fs := vfs.NewMem()
	openStore := func() {
		db, err := pebble.Open("store", &pebble.Options{Merger: hours.Merger, FS: fs, Logger: quiet{}})
		if err != nil {
			t.Fatal(err)
		}
		w.db = db
	}
	openStore()
	w.reopen()
	for rest := journal; len(rest) > 0; {
		size := min(len(rest), 1+random.IntN([]int{3, 40, 400}[random.IntN(3)]))
		var entries []reading.Entry
		for _, m := range rest[:size] {
			entries = append(entries, w.entry(reading.Readings, m.received, m.station, line(m.station, m.period, m.at, m.values...)))
		}
		rest = rest[size:]
		w.step(entries...)
		if reopen && random.IntN(4) == 0 {
			if random.IntN(5) == 0 {
				if err := w.db.Close(); err != nil {
					t.Fatal(err)
				}
				openStore()
			}
			w.reopen()
		}
	}
	defer w.db.Close()
	o := outcome{alerts: w.box.left["mqtt"], points: w.points(), stations: w.engine.Stations(), counts: w.engine.Counts()}
	o.open = fmt.Sprintf("%+v", w.engine.Alerts())
	for _, s := range o.stations {
		latest, err := w.engine.Latest(s.Station.ID)
		o.latest += fmt.Sprintf("%s %+v %v\n", s.Station.ID, latest, err)
	}
	return o
}

// plainPoints reckons the averages from the set of readings alone: the last version of each, in no order.
func plainPoints(journal []message) map[string]string {
	type key struct{ station, parameter string }
	type kept struct {
		number reading.Fixed
		usable bool
	}
	sets := map[key]map[int64]kept{}
	for _, m := range journal {
		for _, v := range m.values {
			k := key{m.station, v.Parameter}
			if sets[k] == nil {
				sets[k] = map[int64]kept{}
			}
			sets[k][m.at+int64(m.period.Length())] = kept{*fixed(v.Number), v.Flag.Usable()}
		}
	}
	points := map[string]string{}
	for k, set := range sets {
		ends := slices.Sorted(maps.Keys(set))
		var usable []window.Reading
		for _, end := range ends {
			if set[end].usable {
				usable = append(usable, window.Reading{End: end, Number: set[end].number})
			}
		}
		lengths, law := []int64{10, 60, 24 * 60}, reading.Arithmetic
		interval := map[string]int64{"a": 5, "b": 10, "stranger": 1}[k.station]
		switch {
		case k.parameter == "co":
			continue
		case k.parameter == "leq":
			lengths, law = []int64{60}, reading.Energy
		case k.station != "stranger":
			lengths = append(lengths, 8*60)
		}
		for _, length := range lengths {
			step := map[int64]int64{10: 1, 60: 1, 480: 5, 1440: 15}[length] * minute
			name := map[int64]string{10: "10m", 60: "1h", 480: "8h", 1440: "24h"}[length]
			window.Slide(law, usable, length*minute, ends[0]/step*step, ends[len(ends)-1], step, func(at int64, total *mean.Total) {
				if total.Count == 0 || (at%hour == 0 && (length == 60 || length == 1440)) {
					return // at whole hours there are the calendar averages
				}
				coverage := min(1, float64(total.Count)/float64(length/interval))
				points[fmt.Sprintf("averages,station=%s,parameter=%s,period=%s %d", k.station, k.parameter, name, at-length*minute)] =
					fmt.Sprintf("value=%s,count=%di,coverage=%s,valid=%t", total.Mean(), total.Count, strconv.FormatFloat(coverage, 'f', -1, 64), coverage >= 0.5)
			})
		}
	}
	return points
}

func samePoints(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	shown := 0
	for key := range want {
		if got[key] != want[key] && shown < 5 {
			shown++
			t.Errorf("%s: %s\n got %s\nwant %s", what, key, got[key], want[key])
		}
	}
	if shown == 0 && len(got) != len(want) {
		t.Errorf("%s: %d points, want %d", what, len(got), len(want))
	}
}

// beside returns the points of rules' windows, or those of the calendar averages. Windows of 8 hours of pm25 and of an
// hour and a day beside whole hours are rules' alone.
func beside(points map[string]string, rules bool) map[string]string {
	chosen := map[string]string{}
	for key, fields := range points {
		text, instant, _ := strings.Cut(key, " ")
		at, err := strconv.ParseInt(instant, 10, 64)
		if err != nil {
			panic(err)
		}
		_, period, _ := strings.Cut(text, ",period=")
		calendar := !slices.Contains([]string{"10m", "30m", "8h"}, period) && at%hour == 0
		if calendar != rules {
			chosen[key] = fields
		}
	}
	return chosen
}

// However the journal is cut into steps and wherever the engine is opened anew, what can be seen is the same; and the
// averages are those of the set of readings, whatever order they came in.
func TestOutcomeDependsOnTheJournalAlone(t *testing.T) {
	for seed := range uint64(6) {
		for name, delay := range map[string]time.Duration{"in order": 0, "late": 40 * time.Hour} {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 7))
				journal := threeDays(random, delay)
				want := run(t, journal, random, false)
				if len(want.alerts) < 20 || want.counts.Duplicates == 0 || want.counts.BeyondHorizon != 0 {
					t.Fatalf("the journal shows too little: %d alerts, %+v", len(want.alerts), want.counts)
				}
				samePoints(t, "sliding averages of the set of readings", beside(want.points, true), plainPoints(journal))
				for again := range 2 {
					got := run(t, journal, random, true)
					samePoints(t, "after reopening", got.points, want.points)
					if !slices.Equal(got.alerts, want.alerts) {
						t.Errorf("run %d: %d alerts differ from %d", again, len(got.alerts), len(want.alerts))
					}
					got.alerts, got.points = want.alerts, want.points
					if !reflect.DeepEqual(got, want) {
						t.Errorf("run %d: states differ:\n%+v\n%+v", again, got.counts, want.counts)
					}
				}
			})
		}
	}
}
