package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/hours"
	"egret/rules/rule"
)

var ten = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC).UnixNano()

const minute = int64(time.Minute)

// world is a store, an engine over it and what has left it.
type world struct {
	t        testing.TB
	db       *pebble.DB
	box      *box
	config   Config
	engine   *Engine
	sequence uint64
	clock    int64
	told     int // alerts that a test has looked at
}

// box is an outbox that keeps what was committed.
type box struct {
	waiting, left map[string][]string
}

func (b *box) Add(_ *pebble.Batch, channel string, payload []byte) error {
	b.waiting[channel] = append(b.waiting[channel], string(payload))
	return nil
}

func (b *box) Committed() {
	for channel, payloads := range b.waiting {
		b.left[channel] = append(b.left[channel], payloads...)
		delete(b.waiting, channel)
	}
}

type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...))
}

func mustOpenStore(t testing.TB) *pebble.DB {
	t.Helper()
	db, err := pebble.Open("rules", &pebble.Options{Merger: hours.Merger, FS: vfs.NewMem(), Logger: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func newWorld(t testing.TB, stations []reading.Station, rules ...rule.Rule) *world {
	t.Helper()
	w := &world{t: t, db: mustOpenStore(t), box: &box{map[string][]string{}, map[string][]string{}}, clock: ten}
	w.config = Config{Stations: stations, Parameters: reading.BuiltinParameters(), Rules: rules, Channels: []string{"mqtt"}, DatabaseChannel: "influxdb"}
	w.reopen()
	return w
}

func (w *world) reopen() {
	w.t.Helper()
	e, err := Open(w.db, w.box, w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	w.engine = e
}

// entry gives a record its place in the journal.
func (w *world) entry(kind reading.Kind, received int64, station string, lines []byte) reading.Entry {
	w.sequence++
	return reading.Entry{Sequence: w.sequence, Record: reading.Record{Kind: kind, Received: received, Station: station, Lines: lines}}
}

func (w *world) step(entries ...reading.Entry) {
	w.t.Helper()
	if err := w.engine.Step(entries, reading.Position{Sequence: entries[len(entries)-1].Sequence}); err != nil {
		w.t.Fatal(err)
	}
}

// tick lets time pass in which nothing arrives, while Egret runs.
func (w *world) tick(to int64) {
	w.t.Helper()
	for ; w.clock+minute < to; w.clock += minute {
		w.step(w.entry(reading.Tick, w.clock+minute, "", nil))
	}
	w.clock = to
	w.step(w.entry(reading.Tick, to, "", nil))
}

// sender is a station that sends one value after the other.
type sender struct {
	w        *world
	id       string
	period   reading.Period
	interval int64
	next     int64
	flag     reading.Flag
}

// station sends every minute from 10:00 on.
func (w *world) station(id string) *sender {
	return &sender{w: w, id: id, interval: minute, next: ten}
}

func (s *sender) at(instant int64) *sender             { s.next = instant; return s }
func (s *sender) flagged(flag reading.Flag) *sender    { s.flag = flag; return s }
func (s *sender) of(period reading.Period) *sender     { s.period = period; return s }
func (s *sender) every(interval time.Duration) *sender { s.interval = int64(interval); return s }

// pm25 sends the values; each is received when its period is over, the clock never going back.
func (s *sender) pm25(numbers ...float64) *sender { return s.send("pm25", numbers...) }

func (s *sender) send(parameter string, numbers ...float64) *sender {
	s.w.t.Helper()
	for _, number := range numbers {
		lines := line(s.id, s.period, s.next, reading.Value{Parameter: parameter, Number: number, Flag: s.flag})
		s.w.clock = max(s.w.clock, s.next+int64(s.period.Length()))
		s.w.step(s.w.entry(reading.Readings, s.w.clock, s.id, lines))
		s.next += s.interval
	}
	return s
}

func line(station string, period reading.Period, at int64, values ...reading.Value) []byte {
	sample := reading.Sample{Domain: reading.Air, Station: station, Period: period, Time: at, Values: values}
	return sample.AppendLine(nil)
}

func times(number float64, count int) []float64 { return slices.Repeat([]float64{number}, count) }

// want holds the alerts told since the last look against "state rule/station/parameter since at", as hours and minutes.
func (w *world) want(want ...string) {
	w.t.Helper()
	var got []string
	for _, payload := range w.box.left["mqtt"][w.told:] {
		var a alert.Alert
		if err := json.Unmarshal([]byte(payload), &a); err != nil {
			w.t.Fatal(err)
		}
		about := strings.TrimSuffix(a.ID, a.Start.Format(time.RFC3339Nano))
		got = append(got, fmt.Sprintf("%s %s %s %s", a.State, strings.TrimSuffix(about, "/"), a.Start.Format("15:04"), a.At.Format("15:04")))
	}
	w.told = len(w.box.left["mqtt"])
	if !slices.Equal(got, want) {
		w.t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// points returns the last version of each average: "station parameter period start" to its fields. A point of no
// values is one that was taken back.
func (w *world) points() map[string]string {
	w.t.Helper()
	points := map[string]string{}
	for _, payload := range w.box.left["influxdb"] {
		for text := range strings.Lines(payload) {
			if !strings.HasPrefix(text, "averages,") {
				continue
			}
			parts := strings.Fields(text)
			if len(parts) != 3 {
				w.t.Fatalf("line %q", text)
			}
			key := parts[0] + " " + parts[2]
			if strings.Contains(parts[1], "count=0i") {
				delete(points, key)
			} else {
				points[key] = parts[1]
			}
		}
	}
	return points
}

func fixed(number float64) *reading.Fixed {
	f, err := reading.FixedOf(number)
	if err != nil {
		panic(err)
	}
	return &f
}

func above(id string, window time.Duration, limit float64) rule.Rule {
	return rule.Rule{ID: id, Parameter: "pm25", Statistic: rule.Mean, Window: window, Above: fixed(limit), MinCoverage: 0.75, Severity: rule.Warning}
}
