//go:build integration

package official

import (
	"archive/tar"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// beijingColumns are the city's pollutants in the order of the tables made here, and to how many decimals their running
// means are shown, -1 where there are none.
var beijingColumns = []struct {
	name, parameter string
	places          int
}{
	{"PM2.5", "pm25", 0}, {"PM10", "pm10", 0}, {"SO2", "so2", 0}, {"NO2", "no2", 0}, {"CO", "co", 1}, {"O3", "o3", -1},
}

// beijingHour is what the city shows of a station and hour; means are those of 24 h.
type beijingHour struct {
	values, means [6]string
}

// beijingHours reads the values of 35 stations by the start of their hour.
func beijingHours(t *testing.T) map[time.Time][]beijingHour {
	t.Helper()
	hours := map[time.Time][]beijingHour{}
	archive := tar.NewReader(open(t, "beijing35_24h/beijing_20160101-20160630.tar.gz"))
	for {
		_, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return hours
		}
		if err != nil {
			t.Fatal(err)
		}
		table := csv.NewReader(archive)
		table.FieldsPerRecord = -1
		records, err := table.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records[1:] {
			start := endOfHour(t, "200601021504", record[0]+strings.Repeat("0", 2-len(record[1]))+record[1]+"00")
			if hours[start] == nil {
				hours[start] = make([]beijingHour, len(record)-3)
			}
			for i, c := range beijingColumns {
				for station := range hours[start] {
					switch record[2] {
					case c.name:
						hours[start][station].values[i] = record[3+station]
					case c.name + "_24h":
						hours[start][station].means[i] = record[3+station]
					}
				}
			}
		}
	}
}

// beijingMean is a running mean as the city shows it, and replay's.
type beijingMean struct {
	shown, made reading.Fixed
	even        reading.Fixed // made, had it been rounded half-even
	count       int           // of its hours that the files show
}

// The running 24 h means of Beijing's stations are those of the hours h-23 to h, rounded half-up. Where the files show
// fewer than 24 hours the city may have had more: those means come out less often.
func TestIntegrationBeijingMeans(t *testing.T) {
	hours := beijingHours(t)
	var columns, stations, ids []string
	for _, c := range beijingColumns {
		columns = append(columns, c.parameter)
	}
	w := newTable(t, columns...)
	for start, all := range hours {
		for n, h := range all {
			if n == len(ids) {
				ids = append(ids, fmt.Sprintf("beijing-%d", n))
				stations = append(stations, hourly(ids[n]))
			}
			w.row(stamp(start), ids[n], h.values[:]...)
		}
	}
	type place struct {
		key
		parameter string
	}
	found := map[place]*line{}
	w.replay("", stations, `"period":"24h"`, func(l *line) { found[place{l.key(), l.Parameter}] = l })

	whole, enough, few := newTally("Beijing 2016, 24 h means of 24 hours"), newTally("Beijing 2016, 24 h means of 20 to 23 hours"), newTally("Beijing 2016, 24 h means of fewer hours")
	even := newTally("Beijing 2016, 24 h means of 24 hours, were they rounded half-even")
	for n, id := range ids {
		for i, c := range beijingColumns {
			if c.places < 0 {
				continue
			}
			means := map[time.Time]beijingMean{}
			for start, all := range hours {
				shown, err := reading.ParseFixed([]byte(all[n].means[i]))
				if err != nil {
					continue
				}
				m := beijingMean{shown: shown, made: -1}
				if l := found[place{key{id, stamp(start.Add(-23 * time.Hour))}, c.parameter}]; l != nil && l.Value != "" {
					m.made, m.even, m.count = rounded(t, l, c.places, reading.HalfUp), rounded(t, l, c.places, reading.HalfEven), l.Count
				}
				means[start] = m
			}
			for start, m := range means {
				differs := func(hours int) bool {
					beside, ok := means[start.Add(time.Duration(hours)*time.Hour)]
					return ok && beside.made != beside.shown
				}
				why := "a mean alone"
				switch {
				case m.count == 0:
					why = "the files show no hour of it"
				case m.even == m.shown:
					why = "a tie shown half-even"
				case differs(-1) || differs(1):
					why = "in a run: an hour was another one when it entered the mean"
				}
				switch equal := m.made == m.shown; {
				case m.count == 24:
					whole.add(equal, why)
					even.add(m.even == m.shown, "most of them ties shown half-up")
				case m.count >= 20:
					enough.add(equal, why)
				default:
					few.add(equal, why)
				}
			}
		}
	}
	whole.expect(t, 507973, 506661)
	even.expect(t, 507973, 496163)
	enough.expect(t, 135406, 118491)
	few.expect(t, 53954, 44490)
}
