package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// A dust jar gives one value a month: it is the figure of its day and of its month, whatever the station's period.
func TestDustFallOfAMonth(t *testing.T) {
	f := func(period reading.Period, declared bool, interval time.Duration) {
		t.Helper()
		jar := reading.Station{ID: "jar", Domain: reading.Air, City: "安阳", Period: period, PeriodDeclared: declared, Interval: interval}
		w := newWorld(t, []reading.Station{jar})
		w.config.Zone = beijing
		w.reopen()
		at := time.Date(2026, 9, 30, 0, 0, 0, 0, beijing)
		if period != reading.Day {
			at = at.Add(10 * time.Hour)
		}
		w.clock = at.UnixNano()
		for _, number := range []float64{7.25, 9.5} { // September and October
			w.tick(at.Add(24*time.Hour + 5*time.Minute).UnixNano())
			w.report(reading.Air, "jar", period, at, value("dustfall", number))
			w.reopen()
			w.tick(w.clock + 2*24*hour)
			if got, want := w.cell("jar", "dustfall", at), fixed(number).String(); got != want {
				t.Errorf("%s: the day has %q, want %q", period, got, want)
			}
			if got, want := w.cell("city:安阳", "dustfall", at), fixed(number).String(); got != want {
				t.Errorf("%s: the city's day has %q, want %q", period, got, want)
			}
			at = at.AddDate(0, 1, 0)
		}
		points := w.points()
		for start, want := range map[string]string{"2026-09-01": "7.25", "2026-10-01": "9.5"} {
			first, _ := time.ParseInLocation(time.DateOnly, start, beijing)
			month := points[fmt.Sprintf("averages,station=jar,parameter=dustfall,period=month %d", first.UnixNano())]
			if !strings.Contains(month, "value="+want+",") || !strings.Contains(month, "valid=true") {
				t.Errorf("%s: the month of %s is %q", period, start, month)
			}
		}
	}
	f(reading.Day, true, 0)
	f(reading.Day, false, 0)
	f(reading.Momentary, false, 0) // as if it sent every minute
	f(reading.Momentary, true, 24*time.Hour)
	f(reading.Momentary, true, 30*24*time.Hour)
	f(reading.Hour, true, 0)
}

// A jar may hang at a station whose hours feed its averages.
func TestDustFallAtAnAutomaticStation(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "air", Domain: reading.Air, City: "安阳", Period: reading.Hour, PeriodDeclared: true}})
	w.config.Zone = beijing
	w.reopen()
	midnight := time.Date(2026, 11, 10, 0, 0, 0, 0, beijing)
	w.clock = midnight.UnixNano()
	w.report(reading.Air, "air", reading.Day, midnight, value("dustfall", 8.5), value("pm10", 99))
	for number := range 24 {
		w.tick(midnight.Add(time.Duration(number+1) * time.Hour).UnixNano())
		w.report(reading.Air, "air", reading.Hour, midnight.Add(time.Duration(number)*time.Hour), value("pm10", 60))
	}
	w.tick(midnight.Add(25 * time.Hour).UnixNano())
	f := func(key, want string) {
		t.Helper()
		if got := w.cell("air", key, midnight); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	f("dustfall", "8.5")
	f("pm10", "60") // of the hours
	w.report(reading.Air, "air", reading.Day, midnight, value("dustfall", 8.25))
	f("dustfall", "8.25")
}
