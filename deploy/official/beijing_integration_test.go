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

// window is a running mean by the start of its 24 hours.
type window struct {
	station, parameter string
	start              int64
}

// runningMean is the mean as replay makes it of the hours that the files show.
type runningMean struct {
	up, even reading.Fixed // rounded half-up and half-even
	count    int           // of hours
}

// beijingReplay returns the running means of all stations.
func beijingReplay(t *testing.T, hours map[time.Time][]beijingHour) map[window]runningMean {
	t.Helper()
	columns, places, stations := []string{}, map[string]int{}, []string{}
	for _, c := range beijingColumns {
		columns = append(columns, c.parameter)
		places[c.parameter] = c.places
	}
	w := newTable(t, columns...)
	for start, all := range hours {
		for n := range all {
			if n == len(stations) {
				stations = append(stations, hourly(fmt.Sprintf("beijing-%d", n)))
			}
			w.row(stamp(start), fmt.Sprintf("beijing-%d", n), all[n].values[:]...)
		}
	}
	means := map[window]runningMean{}
	w.replay("", stations, func(l *line) {
		start, err := time.Parse(time.RFC3339, l.Start)
		if err != nil {
			t.Fatal(err)
		}
		decimals := places[l.Parameter]
		means[window{l.Station, l.Parameter, start.Unix()}] = runningMean{rounded(t, l, decimals, reading.HalfUp), rounded(t, l, decimals, reading.HalfEven), l.Count}
	}, `"period":"24h"`)
	return means
}

// The running 24 h means of Beijing's stations are those of the hours h-23 to h, rounded half-up. Where the files show
// fewer than 24 hours the city may have had more: those means come out less often.
func TestIntegrationBeijingMeans(t *testing.T) {
	hours := beijingHours(t)
	made := beijingReplay(t, hours)
	whole, enough, few := newTally("Beijing 2016, 24 h means of 24 hours"), newTally("Beijing 2016, 24 h means of 20 to 23 hours"), newTally("Beijing 2016, 24 h means of fewer hours")
	even := newTally("Beijing 2016, 24 h means of 24 hours, were they rounded half-even")
	for start, all := range hours {
		for n := range all {
			for i, c := range beijingColumns {
				meanAt := func(hour time.Time) (shown reading.Fixed, mean runningMean, ok bool) {
					if len(hours[hour]) == 0 || c.places < 0 {
						return 0, mean, false
					}
					shown, err := reading.ParseFixed([]byte(hours[hour][n].means[i]))
					return shown, made[window{fmt.Sprintf("beijing-%d", n), c.parameter, hour.Add(-23 * time.Hour).Unix()}], err == nil
				}
				shown, mean, ok := meanAt(start)
				if !ok {
					continue
				}
				why := "a mean alone, not explained"
				if besides := func(hours time.Duration) bool {
					beside, mean, ok := meanAt(start.Add(hours))
					return ok && mean.up != beside
				}; besides(-time.Hour) || besides(time.Hour) {
					why = "one of a run of hours: a value in them may have been another one when it entered"
				}
				switch {
				case mean.count == 0:
					why = "the files show no hour of it"
				case mean.even == shown:
					why = "a tie, shown half-even"
				}
				equal := mean.count > 0 && mean.up == shown
				switch {
				case mean.count == 24:
					whole.add(equal, why)
					even.add(mean.even == shown, "nearly all ties, shown half-up")
				case mean.count >= 20:
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
