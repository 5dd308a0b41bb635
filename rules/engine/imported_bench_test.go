package engine

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
)

// BenchmarkImport is the cost of four years of hours of eight stations with six parameters, 1.7 million values, brought
// in month by month with all calendar averages of stations and their city, and rules that watch them: into an empty store, and into one whose hours
// are closed up to now because the stations send already.
func BenchmarkImport(b *testing.B) {
	for _, sending := range []bool{false, true} {
		b.Run(fmt.Sprintf("sending=%t", sending), func(b *testing.B) {
			for b.Loop() {
				benchmarkImport(b, sending)
			}
		})
	}
}

func benchmarkImport(b *testing.B, sending bool) {
	db, err := pebble.Open(b.TempDir(), &pebble.Options{Merger: hours.Merger, Logger: quiet{}, MemTableSize: 32 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	stations := make([]reading.Station, 8)
	for i := range stations {
		stations[i] = reading.Station{ID: fmt.Sprintf("bj-%d", i), Domain: reading.Air, City: "北京", Period: reading.Hour, PeriodDeclared: true}
	}
	e, err := Open(db, discard{}, Config{Stations: stations, Parameters: reading.BuiltinParameters(), Rules: append(networkRules(), above("window", 24*time.Hour, 75)), DatabaseChannel: "influxdb", Zone: beijing})
	if err != nil {
		b.Fatal(err)
	}
	h := &historian{stations: stations, now: time.Date(2017, 3, 2, 9, 0, 0, 0, beijing).UnixNano()}
	step := func(entries ...reading.Entry) {
		if err := e.Step(entries, reading.Position{Sequence: h.sequence}); err != nil {
			b.Fatal(err)
		}
	}
	step(h.entry(reading.Tick, 0, nil))
	if sending {
		for range 48 {
			step(h.entry(reading.Readings, 0, h.lines(h.now-hour, h.now)))
			h.now += hour
		}
	}
	var most uint64
	var spent time.Duration
	from := time.Date(2013, 3, 1, 0, 0, 0, 0, beijing)
	before := e.Counts().Values
	for month := range 48 {
		lines := h.lines(from.AddDate(0, month, 0).UnixNano(), from.AddDate(0, month+1, 0).UnixNano())
		entry := h.entry(reading.Readings, reading.Imported, lines)
		began := time.Now()
		step(entry)
		spent += time.Since(began)
		h.now += int64(3 * time.Second)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
	}
	values := e.Counts().Values - before
	b.ReportMetric(spent.Seconds(), "s")
	b.ReportMetric(float64(spent.Nanoseconds())/float64(values), "ns/value")
	b.ReportMetric(float64(most)/1e6, "MB-heap")
}

// historian writes history.
type historian struct {
	stations []reading.Station
	now      int64
	sequence uint64
}

func (h *historian) entry(kind reading.Kind, transport reading.Transport, lines []byte) reading.Entry {
	h.sequence++
	return reading.Entry{Sequence: h.sequence, Record: reading.Record{Kind: kind, Transport: transport, Received: h.now, Lines: lines}}
}

// lines returns what all stations measured from an instant up to and without another, in the order of time.
func (h *historian) lines(from, to int64) (lines []byte) {
	for at := from; at < to; at += hour {
		for i := range h.stations {
			var values []reading.Value
			for j, parameter := range benchmarked[:6] {
				values = append(values, reading.Value{Parameter: parameter, Number: float64((int(at/hour)*7+i*13+j*31)%900) / 10})
			}
			sample := reading.Sample{Domain: reading.Air, Station: h.stations[i].ID, Period: reading.Hour, Time: at, Values: values}
			lines = sample.AppendLine(lines)
		}
	}
	return lines
}
