package engine

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
)

// mostSeries bounds BenchmarkCalendar: a million series take minutes and a gigabyte.
var mostSeries = flag.Int("series", 1000, "most series of BenchmarkCalendar: 1000, 100000 or 1000000")

// BenchmarkCalendar is the cost of a value through all calendar averages and the index, with lines for the database:
// a network of stations with eight parameters sends in step. Of hourly values it takes two days, of minutes two hours.
func BenchmarkCalendar(b *testing.B) {
	for _, period := range []reading.Period{reading.Hour, reading.Minute} {
		for _, series := range []int{1000, 100_000, 1_000_000} {
			if series > *mostSeries {
				continue
			}
			b.Run(fmt.Sprintf("period=%s/series=%d", period, series), func(b *testing.B) { benchmarkCalendar(b, period, series) })
		}
	}
}

var benchmarked = []string{"pm25", "pm10", "so2", "no2", "co", "o3", "temp", "rh"}

func benchmarkCalendar(b *testing.B, period reading.Period, series int) {
	directory := b.TempDir()
	db, err := pebble.Open(directory, &pebble.Options{Merger: hours.Merger, Logger: quiet{}, MemTableSize: 32 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	zone := time.FixedZone("CST", 8*3600)
	stations := make([]reading.Station, series/len(benchmarked))
	for i := range stations {
		stations[i] = reading.Station{ID: fmt.Sprintf("wx-%06d", i), Domain: reading.Air, Period: period, PeriodDeclared: true}
	}
	e, err := Open(db, discard{}, Config{Stations: stations, Parameters: reading.BuiltinParameters(), DatabaseChannel: "influxdb", Zone: zone})
	if err != nil {
		b.Fatal(err)
	}
	n := &stationsSending{b: b, e: e, stations: stations, period: period, at: time.Date(2026, 5, 1, 0, 0, 0, 0, zone).UnixNano()}
	instants := map[reading.Period]int{reading.Hour: 48, reading.Minute: 120}[period]
	for range instants / 4 { // so that series, windows and the store are as they are in use
		n.send()
	}
	n.spent = 0
	b.ResetTimer()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for range instants {
			n.send()
		}
	}
	values := float64(b.N) * float64(instants) * float64(series)
	b.ReportMetric(float64(n.spent.Nanoseconds())/values, "ns/value")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc)/float64(series), "heap-B/series")
	runtime.KeepAlive(n)
	if err := db.Flush(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(sizeOf(b, directory))/(values*5/4), "disk-B/value")
}

// stationsSending sends one instant of all stations after the other.
type stationsSending struct {
	b        *testing.B
	e        *Engine
	stations []reading.Station
	period   reading.Period
	at       int64
	sequence uint64
	instant  int
	entries  []reading.Entry
	values   [8]reading.Value
	spent    time.Duration
}

func (n *stationsSending) send() {
	received := n.at + int64(n.period.Length())
	for first := 0; first < len(n.stations); first += 1000 {
		group := n.stations[first:min(first+1000, len(n.stations))]
		for len(n.entries) < len(group) {
			n.entries = append(n.entries, reading.Entry{})
		}
		for i := range group {
			for j, parameter := range benchmarked {
				n.values[j] = reading.Value{Parameter: parameter, Number: float64((n.instant*7+(first+i)*13+j)%900) / 10}
			}
			n.sequence++
			sample := reading.Sample{Domain: reading.Air, Station: group[i].ID, Period: n.period, Time: n.at, Values: n.values[:]}
			n.entries[i] = reading.Entry{Sequence: n.sequence, Record: reading.Record{Kind: reading.Readings, Received: received, Lines: sample.AppendLine(n.entries[i].Lines[:0])}}
		}
		began := time.Now()
		if err := n.e.Step(n.entries[:len(group)], reading.Position{Sequence: n.sequence}); err != nil {
			n.b.Fatal(err)
		}
		n.spent += time.Since(began)
	}
	n.instant++
	n.at += int64(n.period.Length())
}

func sizeOf(b *testing.B, directory string) (bytes int64) {
	err := filepath.Walk(directory, func(path string, info os.FileInfo, err error) error {
		if err == nil && filepath.Ext(path) == ".sst" {
			bytes += info.Size()
		}
		return nil // a file may be gone meanwhile
	})
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}
