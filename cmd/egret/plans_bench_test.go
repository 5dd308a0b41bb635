package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egret/deploy/config"
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/engine"
	"egret/rules/figure"
	"egret/rules/hours"
	"egret/rules/plan"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// planned counts the standings that are made.
type planned struct {
	made int
}

func (p *planned) Average(*figure.Average) {}
func (p *planned) Index(*figure.Index)     {}
func (p *planned) Class(*figure.Class)     {}
func (p *planned) Noise(*figure.Noise)     {}
func (p *planned) Plan(*figure.Plan)       { p.made++ }

// nobody is an outbox that keeps nothing.
type nobody struct{}

func (nobody) Add(*pebble.Batch, string, []byte) error { return nil }
func (nobody) Committed()                              {}

// BenchmarkPlans prints what it costs to judge all built-in plans, each for the same year and all 1,000 stations of a
// city, after the day of each station has been made.
func BenchmarkPlans(b *testing.B) {
	var text strings.Builder
	text.WriteString("zone: Asia/Shanghai\nplans:\n")
	for _, p := range plan.Packs() {
		fmt.Fprintf(&text, "  - {name: %s, area: {}}\n", p.Name)
	}
	text.WriteString("stations:\n")
	for i := range 400 {
		fmt.Fprintf(&text, "  - {id: air-%d, domain: air, city: 无锡, period: 1d}\n", i)
	}
	for i := range 50 {
		fmt.Fprintf(&text, "  - {id: site-%d, domain: air, city: 无锡, zone: construction, period: 1d}\n", i)
	}
	for i := range 350 {
		fmt.Fprintf(&text, "  - {id: water-%d, domain: water, city: 无锡, target: III, period: 1d, tags: [安阳河]}\n", i)
	}
	for i := range 200 {
		fmt.Fprintf(&text, "  - {id: noise-%d, domain: noise, city: 无锡, zone: \"2\", period: 1h}\n", i)
	}
	file := filepath.Join(b.TempDir(), "egret.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	c, err := config.Load(file, os.LookupEnv)
	if err != nil {
		b.Fatal(err)
	}
	targets := 0
	for i := range c.Plans {
		c.Plans[i].Period = plan.Period{From: calendar.Date(2018, time.January, 1), Until: calendar.Date(2038, time.December, 31)}
		targets += len(c.Plans[i].Targets)
	}
	db, err := pebble.Open("plans", &pebble.Options{Merger: hours.Merger, FS: vfs.NewMem(), Logger: memoryLog{}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	sink := &planned{}
	rules, err := engine.Open(db, nobody{}, engine.Config{Stations: c.Stations, Parameters: c.Parameters, Plans: c.Plans, Zone: c.Zone, Practice: c.Practice, Sink: sink})
	if err != nil {
		b.Fatal(err)
	}
	position := reading.Position{}
	step := func(kind reading.Kind, received int64, lines []byte) {
		position.Sequence++
		entry := reading.Entry{Sequence: position.Sequence, Record: reading.Record{Kind: kind, Received: received, Lines: lines}}
		if err := rules.Step([]reading.Entry{entry}, position); err != nil {
			b.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	day := time.Date(2018, 1, 1, 0, 0, 0, 0, c.Zone)
	next := func() {
		end := day.AddDate(0, 0, 1)
		step(reading.Readings, end.Add(time.Minute).UnixNano(), dayLines(random, c.Stations, day))
		day = end
	}
	for range 120 {
		next()
		step(reading.Tick, day.Add(21*time.Minute).UnixNano(), nil)
	}
	made, judged := sink.made, time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		next()
		began := time.Now()
		b.StartTimer()
		step(reading.Tick, day.Add(21*time.Minute).UnixNano(), nil)
		judged += time.Since(began)
	}
	b.ReportMetric(float64(sink.made-made)/float64(b.N), "standings/op")
	b.ReportMetric(float64(targets), "targets")
	b.ReportMetric(judged.Seconds()*1000/float64(b.N), "ms/day")
}

// dayLines is what all stations send of a day.
func dayLines(random *rand.Rand, stations []reading.Station, day time.Time) []byte {
	var lines []byte
	for i := range stations {
		s := &stations[i]
		sample := reading.Sample{Domain: s.Domain, Station: s.ID, Period: s.Period, Time: day.UnixNano()}
		add := func(parameter string, most float64) {
			sample.Values = append(sample.Values, reading.Value{Parameter: parameter, Number: float64(int(random.Float64()*most*1000)) / 1000})
		}
		switch s.Domain {
		case reading.Air:
			for _, p := range []string{"pm25", "pm10", "so2", "no2", "o3_8h"} {
				add(p, 120)
			}
			add("co", 2)
		case reading.Water:
			for _, p := range []string{"do", "codmn", "nh3n", "tp", "cod"} {
				add(p, 8)
			}
		case reading.Noise:
			for range 24 {
				sample.Values = sample.Values[:0]
				add("leq", 70)
				lines = sample.AppendLine(lines)
				sample.Time += int64(time.Hour)
			}
			continue
		}
		lines = sample.AppendLine(lines)
	}
	return lines
}
