package engine

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
	"egret/rules/rule"
)

// discard is an outbox that keeps nothing.
type discard struct{}

func (discard) Add(*pebble.Batch, string, []byte) error { return nil }
func (discard) Committed()                              {}

// A minute of a thousand stations with eight values each is one step.
func BenchmarkStep(b *testing.B) {
	parameters := []string{"pm25", "pm10", "so2", "no2", "co", "o3", "temp", "rh"}
	windows := []time.Duration{time.Hour, 8 * time.Hour, 24 * time.Hour, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, 2 * time.Hour}
	for _, count := range []int{0, 3, 8} {
		for _, database := range []string{"", "influxdb"} {
			b.Run(fmt.Sprintf("rules=%d/database=%t", count, database != ""), func(b *testing.B) {
				var rules []rule.Rule
				for _, parameter := range parameters {
					for i := range count {
						r := above(fmt.Sprintf("%s-%d", parameter, i), windows[i], 1000)
						r.Parameter = parameter
						rules = append(rules, r)
					}
				}
				benchmarkStep(b, rules, parameters, database)
			})
		}
	}
}

func benchmarkStep(b *testing.B, rules []rule.Rule, parameters []string, database string) {
	db, err := pebble.Open(b.TempDir(), &pebble.Options{Merger: hours.Merger, Logger: quiet{}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	e, err := Open(db, discard{}, Config{Parameters: reading.BuiltinParameters(), Rules: rules, Channels: []string{"mqtt"}, DatabaseChannel: database})
	if err != nil {
		b.Fatal(err)
	}
	const messages = 1000
	entries := make([]reading.Entry, messages)
	at, sequence := ten, uint64(0)
	values := make([]reading.Value, len(parameters))
	fill := func() {
		at += minute
		for i := range entries {
			for j, parameter := range parameters {
				values[j] = reading.Value{Parameter: parameter, Number: float64((int(at/minute)*7+i*13+j)%900) / 10}
			}
			sequence++
			sample := reading.Sample{Domain: reading.Air, Station: fmt.Sprintf("wx-air-%04d", i), Time: at, Values: values}
			entries[i] = reading.Entry{Sequence: sequence, Record: reading.Record{Kind: reading.Readings, Received: at, Lines: sample.AppendLine(entries[i].Lines[:0])}}
		}
	}
	step := func() {
		if err := e.Step(entries, reading.Position{Sequence: sequence}); err != nil {
			b.Fatal(err)
		}
	}
	for range 70 {
		fill()
		step()
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fill()
		b.StartTimer()
		step()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/messages/float64(len(parameters)), "ns/value")
}
