package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"egret/dashboards/api"
	"egret/deploy/simulate"
	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/rule"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

const (
	loadMessages, loadStations, loadValues = 5000, 20, 8
	repeatedMessages                       = 500
	malformedMessages                      = 50
)

// malformed is a source of messages that nobody can read, each different.
type malformed struct{}

func (malformed) Count() int { return malformedMessages }

func (malformed) Append(to []byte, message int) (payload []byte, station string) {
	kinds := []string{
		`{"values":{"pm25":%d.`,                                     // cut short
		`{"values":{"pm25":"%d"}}`,                                  // not a number
		`{"values":{"unheard-of":%d}}`,                              // not a parameter
		`{"time":"2040-01-01T00:00:00Z","values":{"pm25":%d}}`,      // a clock far ahead
		`{"time":"2001-01-01T00:00:00+08:00","values":{"pm25":%d}}`, // long ago
	}
	return fmt.Appendf(to, kinds[message%len(kinds)], message), simulate.LoadStation(message % loadStations)
}

func (malformed) Due(int) time.Time { return time.Time{} }

func limit(whole int64) *reading.Fixed {
	f := reading.Fixed(whole) * reading.FixedOne
	return &f
}

// loadRules fire and resolve often: the load's values are spread evenly over 40.
func loadRules() []rule.Rule {
	return []rule.Rule{
		{ID: "pm25-mean", Parameter: "pm25", Statistic: rule.Mean, Window: time.Minute, Above: limit(21), Clear: limit(20), MinCoverage: 0.5, Severity: rule.Warning},
		{ID: "co-max", Parameter: "co", Statistic: rule.Max, Window: time.Minute, Above: limit(45), MinCoverage: 0.5, Severity: rule.Critical},
	}
}

// Every message is followed from its publishing into the database, through a restart: the one test of the whole.
func TestEveryMessageIsCountedFromPublishToDatabase(t *testing.T) {
	load := &simulate.Load{Messages: loadMessages, Stations: loadStations, Values: loadValues, Interval: time.Second,
		Start: time.Now().Add(-time.Hour).Truncate(time.Minute)}
	c := embeddedConfig(t.TempDir())
	c.Rules = loadRules()
	for i := range loadStations {
		c.Stations = append(c.Stations, reading.Station{ID: load.Station(i), Domain: reading.Air, City: "无锡", Interval: load.Interval})
	}
	room := &dutyRoom{}
	s := start(t, c, room)

	again := *load
	again.Messages = repeatedMessages
	publishAll(t, s.brokerURL(), load, &again, malformed{})
	s.settle(loadMessages + repeatedMessages + malformedMessages)

	checkLedger(t, s)
	checkQuarantine(t, s)
	checkDatabase(t, s, load)
	checkAverages(t, s, load)
	checkAlerts(t, s, room)
	checkStations(t, s, load)

	ledgerBefore, told := s.ledger(), room.told()
	measurements := []string{"air", "averages", "alerts", "stations"}
	before := make(map[string]map[string]string)
	for _, measurement := range measurements {
		before[measurement] = ofWindows(s.points(measurement))
	}
	s.stop()

	// What the broker had not yet heard to be taken comes again, and falls on itself.
	s = start(t, c, room)
	l := s.settle(int(ledgerBefore.Messages.Received))
	comeAgain := l.Values.Journaled - ledgerBefore.Values.Journaled
	if !l.AddsUp || l.Rules.Duplicates-ledgerBefore.Rules.Duplicates != comeAgain || l.Rules.Corrected+l.Values.Refused+l.Quarantine.Evicted != 0 {
		t.Errorf("the ledger after the restart:\n%v\nbefore:\n%v", l, ledgerBefore)
	}
	checkQuarantine(t, s)
	for _, measurement := range measurements {
		if after := ofWindows(s.points(measurement)); !maps.Equal(after, before[measurement]) {
			t.Errorf("%s has %d points after the restart, had %d, or they differ", measurement, len(after), len(before[measurement]))
		}
	}
	if !maps.Equal(room.told(), told) {
		t.Errorf("after the restart the duty room had heard %d alerts and states, before %d, or some of them twice", len(room.told()), len(told))
	}
}

// ofWindows leaves out the hours: the clock may close one between two looks, every ten minutes.
func ofWindows(points map[string]string) map[string]string {
	maps.DeleteFunc(points, func(key, _ string) bool {
		return strings.Contains(key, "period:1h") || strings.Contains(key, "period:24h") || strings.Contains(key, "period:8h")
	})
	return points
}

// publishAll publishes all sources side by side.
func publishAll(t *testing.T, broker string, sources ...simulate.Source) {
	t.Helper()
	var publishing sync.WaitGroup
	for i, source := range sources {
		publishing.Go(func() {
			report, err := simulate.Run(t.Context(), simulate.Config{Broker: broker, ClientID: fmt.Sprint("source-", i), Source: source, Clients: 4, QoS: 1})
			if err != nil || report.Acknowledged != source.Count() {
				t.Errorf("source %d: %d of %d messages acknowledged: %v", i, report.Acknowledged, source.Count(), err)
			}
		})
	}
	publishing.Wait()
}

func checkLedger(t *testing.T, s *running) {
	t.Helper()
	const good = loadMessages + repeatedMessages
	l := s.ledger()
	want := l
	want.Messages.Received, want.Messages.Journaled, want.Messages.Refused = good+malformedMessages, good, malformedMessages
	want.Values.Journaled, want.Values.Stored, want.Values.Waiting, want.Values.Refused = good*loadValues, good*loadValues, 0, 0
	want.Values.Rejected = malformedMessages * 4 / 5 // of those cut short nobody knows how many values they had
	want.Rules.Values, want.Rules.Duplicates, want.Rules.Corrected, want.Rules.Beyond = good*loadValues, repeatedMessages*loadValues, 0, 0
	want.Quarantine.Added, want.Quarantine.Kept, want.Quarantine.Evicted = malformedMessages, malformedMessages, 0
	if l.String() != want.String() || !l.AddsUp {
		t.Errorf("the ledger is\n%v\nwant\n%v", l, want)
	}
}

func checkQuarantine(t *testing.T, s *running) {
	t.Helper()
	missing := make(map[string]bool)
	for i := range malformedMessages {
		payload, _ := malformed{}.Append(nil, i)
		missing[string(payload)] = true
	}
	var after uint64
	for {
		var page api.EntryList
		s.get(fmt.Sprintf("/api/v1/quarantine?limit=7&after=%d", after), &page)
		for _, e := range page.Entries {
			s.get(fmt.Sprintf("/api/v1/quarantine/%d", e.ID), &e)
			if _, sent := missing[string(e.Payload)]; !sent {
				t.Errorf("in quarantine is %s, which is not one of the malformed messages", e.Payload)
			}
			missing[string(e.Payload)] = false
			if len(e.Reasons) == 0 || e.Station == "" {
				t.Errorf("entry %d has no reason or station: %+v", e.ID, e)
			}
		}
		if after = page.Next; after == 0 {
			break
		}
	}
	for payload, absent := range missing {
		if absent {
			t.Errorf("%s is not in quarantine", payload)
		}
	}
}

// checkDatabase holds every value of the database against the load.
func checkDatabase(t *testing.T, s *running, load *simulate.Load) {
	t.Helper()
	right := 0
	for _, found := range s.query("SELECT * FROM air GROUP BY station") {
		var station int
		if _, err := fmt.Sscanf(found.Tags["station"], "load-%d", &station); err != nil {
			t.Fatalf("who is %q?", found.Tags["station"])
		}
		for _, row := range found.Values {
			var instant int64
			fields := make(map[string]string)
			for i, column := range found.Columns {
				fields[column] = string(row[i])
			}
			if _, err := fmt.Sscan(fields["time"], &instant); err != nil {
				t.Fatal(err)
			}
			message := int((instant-load.Start.UnixNano())/int64(load.Interval))*load.Stations + station
			for parameter, key := range simulate.LoadParameters[:load.Values] {
				var value float64
				if err := json.Unmarshal([]byte(fields[key]), &value); err != nil || value != simulate.LoadValue(message, parameter) || fields[key+"_flag"] != "0" {
					t.Fatalf("message %d: %s is %s with flag %s, was sent as %v", message, key, fields[key], fields[key+"_flag"], simulate.LoadValue(message, parameter))
				}
				right++
			}
		}
	}
	if right != load.Messages*load.Values {
		t.Errorf("%d values are in the database, %d were sent", right, load.Messages*load.Values)
	}
}

// checkAverages computes every rolling average anew, the plain way.
func checkAverages(t *testing.T, s *running, load *simulate.Load) {
	t.Helper()
	const perStation, window = loadMessages / loadStations, 60
	points := 0
	for _, found := range s.query("SELECT value, count, coverage, valid FROM averages WHERE period = '1m' AND parameter = 'pm25' GROUP BY station") {
		var station int
		_, _ = fmt.Sscanf(found.Tags["station"], "load-%d", &station)
		for _, row := range found.Values {
			var start int64
			var got struct {
				value, coverage float64
				count           int
				valid           bool
			}
			for i, into := range []any{&start, &got.value, &got.count, &got.coverage, &got.valid} {
				if err := json.Unmarshal(row[i], into); err != nil {
					t.Fatalf("column %d is %s: %v", i, row[i], err)
				}
			}
			// The window that starts at `start` holds the readings after it, up to and with its end.
			first := int((start-load.Start.UnixNano())/int64(load.Interval)) + 1
			sum, count := new(big.Rat), 0
			for i := max(first, 0); i < min(first+window, perStation); i++ {
				sum.Add(sum, new(big.Rat).SetFrac64(int64(math.Round(1000*simulate.LoadValue(i*load.Stations+station, 0))), 1000))
				count++
			}
			mean, _ := sum.Quo(sum, big.NewRat(int64(count), 1)).Float64()
			if got.count != count || math.Abs(got.value-mean) > 1e-9 || got.coverage != float64(count)/window || got.valid != (count >= window/2) {
				t.Fatalf("%s from %s: %+v, want %v of %d", found.Tags["station"], time.Unix(0, start).UTC(), got, mean, count)
			}
			points++
		}
	}
	// A point at the first reading and one at each whole minute after it, up to the last reading.
	if want := loadStations * (1 + (perStation-1)/window); points != want {
		t.Errorf("%d averages, want %d", points, want)
	}
}

// checkAlerts says that the API, the retained messages and the database agree, and that all was told once.
func checkAlerts(t *testing.T, s *running, room *dutyRoom) {
	t.Helper()
	var shown []alert.Alert
	s.get("/api/v1/alerts", &shown)
	latest := make(map[string]alert.Alert) // by topic
	for _, a := range shown {
		topic := "alerts/" + a.Station + "/" + a.Rule
		if a.State != alert.StatePending && !a.At.Before(latest[topic].At) {
			latest[topic] = a
		}
	}
	if len(latest) < loadStations {
		t.Fatalf("only %d stations and rules have alerts", len(latest))
	}
	retained := s.retainedAlerts(len(latest))
	for topic, a := range latest {
		if got := retained[topic]; got.ID != a.ID || got.State != a.State || got.Message != a.Message {
			t.Errorf("retained on %s is %+v, the API shows %+v", topic, got, a)
		}
	}
	states := make(map[string]int)
	for what, times := range room.told() {
		if times != 1 {
			t.Errorf("%s was told %d times", what, times)
		}
		states[what[strings.LastIndexByte(what, ' ')+1:]]++
	}
	if states[alert.StateFiring] == 0 || states[alert.StateResolved] == 0 {
		t.Errorf("told were %v", states)
	}
	if stored := len(s.points("alerts")); stored != len(room.told()) {
		t.Errorf("the database holds %d alerts and states, %d were told", stored, len(room.told()))
	}
}

// retainedAlerts returns what the broker has kept under alerts/, once there are that many.
func (r *running) retainedAlerts(want int) map[string]alert.Alert {
	r.t.Helper()
	client, err := r.client("reader-of-alerts")
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Disconnect(100)
	var mutex sync.Mutex
	kept := make(map[string]alert.Alert)
	client.Subscribe("alerts/#", 1, func(_ mqtt.Client, m mqtt.Message) {
		var a alert.Alert
		if err := json.Unmarshal(m.Payload(), &a); err != nil || !m.Retained() {
			r.t.Errorf("%s on %s, retained %v: %v", m.Payload(), m.Topic(), m.Retained(), err)
		}
		mutex.Lock()
		defer mutex.Unlock()
		kept[m.Topic()] = a
	}).Wait()
	await(r.t, "the retained alerts have come", func() bool {
		mutex.Lock()
		defer mutex.Unlock()
		return len(kept) >= want
	})
	mutex.Lock()
	defer mutex.Unlock()
	return maps.Clone(kept)
}

func checkStations(t *testing.T, s *running, load *simulate.Load) {
	t.Helper()
	var stations []api.Station
	s.get("/api/v1/stations", &stations)
	var messages, values, refused, duplicates uint64
	for _, station := range stations {
		messages, values, refused, duplicates = messages+station.Messages, values+station.Values, refused+station.Refused, duplicates+station.Duplicate
	}
	if len(stations) != loadStations || messages != loadMessages+repeatedMessages || values != (loadMessages+repeatedMessages)*loadValues ||
		refused != malformedMessages || duplicates != repeatedMessages*loadValues {
		t.Errorf("%d stations with %d messages (%d refused), %d values (%d duplicate)", len(stations), messages, refused, values, duplicates)
	}
	for station := range loadStations {
		last := load.Messages - load.Stations + station
		var latest []api.Latest
		s.get("/api/v1/stations/"+load.Station(station)+"/latest", &latest)
		for _, l := range latest {
			want, err := reading.FixedOf(simulate.LoadValue(last, slices.Index(simulate.LoadParameters, l.Parameter)))
			if err != nil || reading.Fixed(l.Value) != want || !l.Time.Equal(load.Time(last)) || l.Period != "rt" {
				t.Errorf("newest of %s is %+v, want %v at %s", load.Station(station), l, want, load.Time(last))
			}
		}
		if len(latest) != loadValues {
			t.Errorf("%d newest values of %s", len(latest), load.Station(station))
		}
	}
}
