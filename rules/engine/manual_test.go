package engine

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// A section with an automatic station: of the six items that it is trusted with its values make the month's class,
// others are those of the laboratory.
func TestManualValuesFillWhatTheAutomaticStationDoesNotMeasure(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	w := newWorld(t, []reading.Station{{ID: "river", Domain: reading.Water, Target: "III", Period: reading.Hours4, PeriodDeclared: true}})
	sink := &last{zone, map[string]string{}, 0}
	w.config.Zone, w.config.Sink = zone, sink
	w.reopen()
	start := time.Date(2026, 4, 1, 0, 0, 0, 0, zone)
	send := func(period reading.Period, at time.Time, values ...reading.Value) {
		sample := reading.Sample{Domain: reading.Water, Station: "river", Period: period, Time: at.UnixNano(), Values: values}
		w.clock = max(w.clock, at.UnixNano()+int64(period.Length()))
		w.step(w.entry(reading.Readings, w.clock, "river", sample.AppendLine(nil)))
	}
	value := func(parameter string, number float64) reading.Value {
		return reading.Value{Parameter: parameter, Number: number}
	}
	w.clock = start.UnixNano()
	for at := start; at.Month() == 4; at = at.Add(4 * time.Hour) {
		send(reading.Hours4, at, value("do", 6.5), value("codmn", 3.5), value("nh3n", 0.4), value("tp", 0.08), value("ph", 7.6))
		if at.Day() == 14 && at.Hour() == 8 {
			// The laboratory finds more permanganate than the station, which does not count, and much cadmium, which does.
			send(reading.Day, time.Date(2026, 4, 14, 0, 0, 0, 0, zone), value("codmn", 9), value("cd", 0.006), value("cu", 0.5))
		}
	}
	month := ""
	for key, text := range sink.figures {
		if strings.HasPrefix(key, "river class month") {
			month = text
		}
	}
	for _, want := range []string{`"class":5`, `"determining":["cd"]`, `"codmn":2`, `"cu":2`, `"meets":false`} {
		if !strings.Contains(month, want) {
			t.Errorf("the month's class lacks %s: %s", want, month)
		}
	}
}
