package engine

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
)

// BenchmarkDaysOfAStation is the cost of a day of eight parameters with all that holds it, in the third year: as it ends,
// and where one of a year ago is corrected and the latest 30 and 365 days are made anew of all days since.
func BenchmarkDaysOfAStation(b *testing.B) {
	w := newWorld(b, jars[:1])
	w.config.Zone, w.config.Horizon = shanghai, 800*24*time.Hour
	w.reopen()
	zone := calendar.NewZone(shanghai)
	next := calendar.Date(2024, time.January, 1)
	w.clock = zone.Start(next)
	send := func(day calendar.Day, more float64) {
		var values []reading.Value
		for i, parameter := range benchmarked {
			values = append(values, reading.Value{Parameter: parameter, Number: float64(10+i) + float64(day%97)/7 + more})
		}
		w.clock = max(w.clock, zone.End(day))
		w.step(w.entry(reading.Readings, w.clock, "jar-0", line("jar-0", reading.Day, zone.Start(day), values...)))
		w.box.left["influxdb"] = w.box.left["influxdb"][:0]
	}
	for range 3 * 365 {
		send(next, 0)
		next++
	}
	if err := w.db.Flush(); err != nil { // the pages of past years are merged long since
		b.Fatal(err)
	}
	b.Run("a new day", func(b *testing.B) {
		for b.Loop() {
			send(next, 0)
			next++
		}
	})
	b.Run("a day of a year ago", func(b *testing.B) {
		more := 0.0
		for b.Loop() {
			more += 0.125
			send(next-365, more)
		}
	})
}
