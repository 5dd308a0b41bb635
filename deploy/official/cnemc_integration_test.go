//go:build integration

package official

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"egret/ingest/reading"
)

// national are the pollutants of the national feed in the order of the tables made here.
var national = []string{"pm10", "pm25", "o3", "no2", "so2", "co"}

// pollutants are the texts by which the national feed names them.
var pollutants = map[string]string{
	"颗粒物(PM10)": "pm10", "细颗粒物(PM2.5)": "pm25", "臭氧1小时": "o3", "臭氧1小时(O3_1h)": "o3", "二氧化氮": "no2", "二氧化硫": "so2", "一氧化碳": "co",
}

// primaryOf reads the primary pollutants.
func primaryOf(t *testing.T, text string) (keys []string) {
	t.Helper()
	if slices.Contains([]string{"", "NA", "NaN", "—", "-;", "_"}, text) {
		return nil
	}
	for name := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || unicode.IsSpace(c) }) {
		key, known := pollutants[name]
		if !known {
			t.Fatalf("%q is no pollutant", text)
		}
		keys = append(keys, key)
	}
	return keys
}

// published is what the national feed says of a station and hour; aqi is -1 where it withholds the index.
type published struct {
	key
	aqi     int
	primary string
}

func publishedOf(k key, aqi, primary string) published {
	number, err := strconv.Atoi(aqi)
	if err != nil {
		number = -1
	}
	return published{k, number, primary}
}

// compareIndices holds replay's indices against the feed's: the number, the primary pollutants, and for all rows whether
// there is one at all.
func compareIndices(t *testing.T, feed string, official []published, found map[key]*line) (indices, primaries, publishing *tally) {
	indices, primaries, publishing = newTally(feed+", AQI"), newTally(feed+", primary pollutant"), newTally(feed+", published or withheld")
	for _, want := range official {
		l := found[want.key]
		if l == nil {
			l = new(line)
		}
		switch {
		case want.aqi < 0:
			publishing.add(!l.Published, "withheld with a part of the pollutants, which the practice here publishes")
			continue
		default:
			publishing.add(l.Published, "published without PM10 and PM2.5, which the practice here withholds")
		}
		indices.add(l.Partial != nil && *l.Partial == want.aqi, "not explained")
		keys, why := primaryOf(t, want.primary), "not explained"
		if slices.ContainsFunc(keys, func(k string) bool { _, known := l.IAQI[k]; return !known }) {
			why = "a pollutant is named whose value the feed does not show"
		}
		primaries.add(slices.Equal(keys, l.Primary), why)
	}
	return indices, primaries, publishing
}

// The whole national feed of one hour in 2018. Its fields are swapped: o3_24h is the 1 h value of the hour.
func TestIntegrationNational2018(t *testing.T) {
	var feed struct {
		Features []struct {
			Properties map[string]string `json:"properties"`
		} `json:"features"`
	}
	if err := json.NewDecoder(open(t, "cnemc_snapshot/airnow_2018-02-20T07.json.gz")).Decode(&feed); err != nil {
		t.Fatal(err)
	}
	w := newTable(t, national...)
	var official []published
	var stations []string
	for _, f := range feed.Features {
		p := f.Properties
		k := key{p["stationcode"], stamp(endOfHour(t, "2006-01-02T15:04:05", p["timepoint"]))}
		stations = append(stations, hourly(k.station))
		official = append(official, publishedOf(k, p["aqi"], p["primarypollutant"]))
		w.row(k.start, k.station, p["pm10"], p["pm2_5"], p["o3_24h"], p["no2"], p["so2"], p["co"])
	}
	indices, primaries, publishing := compareIndices(t, "CNEMC 2018-02-20T07", official, w.figures("air: {publish: network}", stations, "aqi", "1h"))
	indices.expect(t, 1475, 1475)
	primaries.expect(t, 1475, 1475)
	publishing.expect(t, 1495, 1494)
}

// Stations of 14 cities in the spring of 2020.
func TestIntegrationNational2020(t *testing.T) {
	w := newTable(t, national...)
	var official []published
	var stations []string
	for i, file := range files(t, "cnemc_hourly_2020/*.csv.gz") {
		points := map[string]string{}
		rows(t, open(t, file), func(cell func(string) string) {
			point := cell("WatchPoint")
			if points[point] == "" {
				points[point] = fmt.Sprintf("city-%d-%d", i, len(points))
				stations = append(stations, hourly(points[point]))
			}
			k := key{points[point], stamp(endOfHour(t, "2006010215", cell("Date")+cell("Hour")))}
			official = append(official, publishedOf(k, cell("AQI"), cell("PrimaryPollution")))
			w.row(k.start, k.station, cell("PM10"), cell("PM2.5"), cell("O3_1h"), cell("NO2"), cell("SO2"), cell("CO"))
		})
	}
	indices, primaries, publishing := compareIndices(t, "CNEMC 2020, 14 cities", official, w.figures("air: {publish: network}", stations, "aqi", "1h"))
	indices.expect(t, 12013, 12013)
	primaries.expect(t, 12013, 12011)
	publishing.expect(t, 12811, 12786)
}

// The national feed on both sides of the change of standard on 2026-03-01. Analysers marked / are not installed.
func TestIntegrationNational2026(t *testing.T) {
	w := newTable(t, national...)
	var official []published
	var stations []string
	for i, file := range files(t, "cnemc_2026_sample/cnemc_*.csv") {
		rows(t, open(t, file), func(cell func(string) string) {
			k := key{fmt.Sprintf("%s-%d", cell("stationcode"), i), stamp(endOfHour(t, "2006-01-02T1504", cell("timepoint")))}
			values := []string{cell("pm10"), cell("pm2_5"), cell("o3"), cell("no2"), cell("so2"), cell("co")}
			var unmonitored []string
			for n, value := range values {
				if value == "/" {
					unmonitored = append(unmonitored, national[n])
				}
			}
			stations = append(stations, hourly(k.station, unmonitored...))
			official = append(official, publishedOf(k, cell("aqi"), cell("primarypollutant")))
			w.row(k.start, k.station, values...)
		})
	}
	indices, primaries, publishing := compareIndices(t, "CNEMC 2026, before and after 03-01", official, w.figures("air: {publish: network}", stations, "aqi", "1h"))
	indices.expect(t, 119, 119)
	primaries.expect(t, 119, 119)
	publishing.expect(t, 123, 122)
}

// Running means of two stations over 34 hours, rounded half-even: 24 h means of all but ozone, and the 8 h mean of
// ozone. Only windows are compared of which the file has every hour.
func TestIntegrationNationalRolling(t *testing.T) {
	w := newTable(t, national...)
	type figure struct {
		key
		parameter, value string
	}
	var official []figure
	var stations []string
	rows(t, open(t, filepath.Join("cnemc_2026_sample", "rolling_20260331-0401.csv")), func(cell func(string) string) {
		station, start := cell("station"), endOfHour(t, "2006-01-02T15:04:05", cell("time_beijing"))
		if entry := hourly(station); !slices.Contains(stations, entry) {
			stations = append(stations, entry)
		}
		w.row(stamp(start), station, cell("pm10"), cell("pm2_5"), cell("o3_1h"), cell("no2"), cell("so2"), cell("co"))
		windows := map[string]string{"pm10": "pm10_24h", "pm25": "pm2_5_24h", "no2": "no2_24h", "so2": "so2_24h", "co": "co_24h"}
		for parameter, column := range windows {
			official = append(official, figure{key{station, stamp(start.Add(-23 * time.Hour))}, parameter, cell(column)})
		}
		official = append(official, figure{key{station, stamp(start.Add(-7 * time.Hour))}, "o3", cell("o3_8h_current")})
	})
	found := map[figure]*line{}
	w.replay("", stations, func(l *line) { found[figure{key: l.key(), parameter: l.Parameter}] = l }, `"period":"24h"`, `"period":"8h"`)
	days, eights := newTally("CNEMC 2026, 24 h means of 24 hours"), newTally("CNEMC 2026, O3 8 h means of 8 hours")
	for _, f := range official {
		want, err := reading.ParseFixed([]byte(f.value))
		l := found[figure{key: f.key, parameter: f.parameter}]
		if err != nil || l == nil {
			continue
		}
		places, why := 0, "not explained"
		switch f.parameter {
		case "co":
			places, why = 1, "a tie of CO that is shown rounded down"
		case "pm25":
			why = "a small mean of PM2.5, shown above that of the hours shown; hours of 3 may be substituted ones"
		}
		equal := rounded(t, l, places, reading.HalfEven) == want
		switch {
		case f.parameter == "o3" && l.Count == 8:
			eights.add(equal, why)
		case f.parameter != "o3" && l.Count == 24:
			days.add(equal, why)
		}
	}
	days.expect(t, 88, 81)
	eights.expect(t, 40, 40)
}

// rounded returns an average as a feed would show it.
func rounded(t *testing.T, l *line, places int, how reading.Rounding) reading.Fixed {
	t.Helper()
	value, err := reading.ParseFixed([]byte(l.Value))
	if err != nil {
		t.Fatalf("%+v: %v", l, err)
	}
	return value.Round(places, how)
}
