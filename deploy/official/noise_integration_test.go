//go:build integration

package official

import (
	"math"
	"strconv"
	"testing"
	"time"

	"egret/ingest/reading"
)

// second is a level of one second.
type second struct {
	at    time.Time
	text  string
	level reading.Fixed
}

func seconds(t *testing.T) (all []second) {
	t.Helper()
	rows(t, open(t, "noise_laeq_1s_1m/laeq_1s_20250322_00-12.csv.gz"), func(cell func(string) string) {
		s := second{text: cell("LEQ dB -A")}
		var err error
		if s.at, err = time.ParseInLocation(time.DateTime, cell("datetime"), beijing); err != nil {
			t.Fatal(err)
		}
		if s.level, err = reading.ParseFixed([]byte(s.text)); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	})
	return all
}

// LAeq of a minute is the energy mean of its 60 seconds; the files name it by its middle and show it to 14 decimals,
// Egret keeps nine.
func TestIntegrationNoiseMinutes(t *testing.T) {
	official := map[time.Time]float64{}
	rows(t, open(t, "noise_laeq_1s_1m/laeq_1min_20250321-26.csv.gz"), func(cell func(string) string) {
		middle, err := time.ParseInLocation(time.DateTime, cell("datetime"), beijing)
		if err != nil {
			t.Fatal(err)
		}
		if official[middle.Add(-30*time.Second)], err = strconv.ParseFloat(cell("LEQ dB -A"), 64); err != nil {
			t.Fatal(err)
		}
	})
	w := newTable(t, "leq")
	for _, s := range seconds(t) {
		// A sample is an instant: the level of a second is known when the second is over.
		w.row(stamp(s.at.Add(time.Second)), "point", s.text)
	}
	found := w.figures("", []string{
		`  - {id: point, domain: noise, zone: "2", interval: 1s, period: rt}`, "rules:", "  - {id: minute, parameter: leq, window: 1m, above: 140}",
	}, "average", "1m")
	minutes := newTally("noise, LAeq of 1 min from 1 s, to 1e-9 dB")
	worst := 0.0
	for minute, level := range official {
		l := found[key{"point", stamp(minute)}]
		if l == nil {
			continue // the file of seconds is half a day
		}
		got, err := l.Value.Float64()
		if err != nil {
			t.Fatal(err)
		}
		worst = max(worst, math.Abs(got-level))
		minutes.add(l.Count == 60 && math.Abs(got-level) <= 1e-9, "not explained")
	}
	t.Logf("farthest off: %.1e dB", worst)
	minutes.expect(t, 720, 720)
}

// LAeq of an hour through replay, against the hour's energy mean in floating point.
func TestIntegrationNoiseHours(t *testing.T) {
	w := newTable(t, "leq")
	energies := map[string]float64{}
	for _, s := range seconds(t) {
		w.row(stamp(s.at), "point", s.text)
		level, err := strconv.ParseFloat(s.text, 64)
		if err != nil {
			t.Fatal(err)
		}
		energies[stamp(s.at.Truncate(time.Hour))] += math.Pow(10, level/10) / 3600
	}
	found := w.figures("", []string{`  - {id: point, domain: noise, zone: "2", interval: 1s, period: rt}`}, "average", "1h")
	hours := newTally("noise, LAeq of 1 h from 1 s, to 1e-8 dB")
	for start, energy := range energies {
		l := found[key{"point", start}]
		if l == nil {
			hours.add(false, "not explained")
			continue
		}
		level, err := l.Value.Float64()
		hours.add(err == nil && l.Count == 3600 && math.Abs(level-10*math.Log10(energy)) <= 1e-8, "not explained")
	}
	hours.expect(t, 12, 12)
}
