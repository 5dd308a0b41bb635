package simulate_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"egret/deploy/simulate"
	"egret/ingest/reading"
)

func TestTheMessageOfAnInstant(t *testing.T) {
	values := []reading.Value{{Parameter: "pm25", Number: 35.2}, {Parameter: "co", Number: 0.6}, {Parameter: "temp", Number: -3}}
	at := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	want := `{"time":"2026-11-21T10:00:00+08:00","values":{"pm25":35.2,"co":0.6,"temp":-3}}`
	if got := simulate.AppendJSON(nil, values, at); string(got) != want || !json.Valid(got) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := simulate.AppendJSON(nil, nil, at); string(got) != `{"time":"2026-11-21T10:00:00+08:00","values":{}}` {
		t.Errorf("without values: %s", got)
	}
}

func TestLoadCanBeCheckedValueByValue(t *testing.T) {
	load := &simulate.Load{Messages: 1000, Stations: 7, Values: len(simulate.LoadParameters), Start: time.UnixMilli(1_795_000_000_000), Interval: time.Second}
	parameters := reading.BuiltinParameters()
	seen := make(map[string]bool)
	for message := range load.Messages {
		payload, station := load.Append(nil, message)
		var decoded struct {
			Time   int64
			Values map[string]float64
		}
		if err := json.Unmarshal(payload, &decoded); err != nil {
			t.Fatalf("%s: %v", payload, err)
		}
		if station != load.Station(message) || decoded.Time != load.Time(message).UnixMilli() || len(decoded.Values) != load.Values {
			t.Fatalf("message %d of %s: %s", message, station, payload)
		}
		key := station + load.Time(message).String()
		if seen[key] {
			t.Fatalf("message %d falls on another", message)
		}
		seen[key] = true
		for i, name := range simulate.LoadParameters {
			p, err := parameters.Find(name)
			if number := decoded.Values[name]; err != nil || number != simulate.LoadValue(message, i) || number < p.Low || number > p.High {
				t.Fatalf("message %d: %s is %v, want %v, %v", message, name, number, simulate.LoadValue(message, i), err)
			}
		}
		if decoded.Values["pm10"] < decoded.Values["pm25"] || decoded.Values["nox"] < decoded.Values["no2"] {
			t.Fatalf("message %d: %s", message, payload)
		}
	}
	if simulate.LoadStation(3) != "load-00003" || simulate.LoadValue(1, 0) == simulate.LoadValue(2, 0) {
		t.Error("stations or values do not tell messages apart")
	}
}

func TestLoadKeepsItsRate(t *testing.T) {
	begin := time.Unix(1000, 0)
	load := &simulate.Load{Rate: 200, Begin: begin}
	if due := load.Due(1000); !due.Equal(begin.Add(5 * time.Second)) {
		t.Errorf("message 1000 at 200/s is due %s after the first, want 5 s", due.Sub(begin))
	}
	if due := (&simulate.Load{Begin: begin}).Due(1000); !due.IsZero() {
		t.Errorf("without a rate it is due %s", due)
	}
}

// The clock starts an hour back and runs 60 times as fast: after 61 s of real time it has caught up.
func TestADemonstrationCatchesUpAndThenKeepsPace(t *testing.T) {
	begin := instant(t, "2026-11-21 10:00")
	demo := &simulate.Demo{Model: &simulate.Model{Seed: 1}, Stations: simulate.Network(), Start: begin.Add(-time.Hour), Begin: begin, Speed: 60}
	f := func(message int, want time.Time) {
		t.Helper()
		if due := demo.Due(message); due.Sub(want).Abs() > time.Microsecond {
			t.Errorf("message %d is due at %s, want %s", message, due, want)
		}
	}
	f(0, begin)
	f(11, begin)
	f(12, begin.Add(time.Second))
	f(12*30, begin.Add(30*time.Second))
	f(12*61, begin.Add(61*time.Second))
	f(12*62, begin.Add(2*time.Minute))
	f(12*90, begin.Add(30*time.Minute))

	payload, station := demo.Append(nil, 12*30+1)
	if station != "wx-water-1" || !strings.HasPrefix(string(payload), `{"time":"2026-11-21T09:30:00+08:00","values":{"water_temp":`) {
		t.Errorf("%s sends %s", station, payload)
	}
}

func TestAPublisherRefusesWhatCannotWork(t *testing.T) {
	good := simulate.Load{Messages: 1, Stations: 1, Values: 1, Interval: time.Second}
	f := func(want string, change func(*simulate.Config, *simulate.Load)) {
		t.Helper()
		load := good
		config := simulate.Config{Broker: "tcp://127.0.0.1:1883", Source: &load, QoS: 1}
		change(&config, &load)
		if _, err := simulate.Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want an error about the %s", err, want)
		}
	}
	f("broker", func(c *simulate.Config, _ *simulate.Load) { c.Broker = "localhost" })
	f("source", func(c *simulate.Config, _ *simulate.Load) { c.Source = nil })
	f("connections", func(c *simulate.Config, _ *simulate.Load) { c.Clients = -1 })
	f("QoS", func(c *simulate.Config, _ *simulate.Load) { c.QoS = 2 })
	f("window", func(c *simulate.Config, _ *simulate.Load) { c.Window = 60000 })
	f("values", func(_ *simulate.Config, l *simulate.Load) { l.Values = 99 })
	f("messages", func(_ *simulate.Config, l *simulate.Load) { l.Messages = 0 })
	f("interval", func(_ *simulate.Config, l *simulate.Load) { l.Interval = 0 })
	f("rate", func(_ *simulate.Config, l *simulate.Load) { l.Rate = -1 })
	f("demonstration", func(c *simulate.Config, _ *simulate.Load) { c.Source = &simulate.Demo{} })
}

func BenchmarkLoadMessage(b *testing.B) {
	load := &simulate.Load{Messages: 1 << 30, Stations: 500, Values: 8, Start: time.Unix(1_795_000_000, 0), Interval: time.Second}
	payload := make([]byte, 0, 512)
	for message := 0; b.Loop(); message++ {
		payload, _ = load.Append(payload[:0], message)
	}
}
