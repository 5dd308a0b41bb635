//go:build integration

package official

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"
)

// yearColumns are the columns of the UCI files, CO in ug/m3.
var yearColumns = []struct{ name, parameter string }{{"PM2.5", "pm25"}, {"PM10", "pm10"}, {"SO2", "so2"}, {"NO2", "no2"}, {"CO", "co"}, {"O3", "o3"}}

// dailyMeans adds up the year's mean of PM2.5 a second time, in floating point: of days with 20 hours at least.
type dailyMeans map[string]map[string][]float64 // by station and date

func (d dailyMeans) year(station string, year int) (mean float64, days int) {
	for date, hours := range d[station] {
		if len(hours) < 20 || date[:4] != strconv.Itoa(year) {
			continue
		}
		sum := 0.0
		for _, value := range hours {
			sum += value
		}
		mean += sum / float64(len(hours))
		days++
	}
	return mean / float64(days), days
}

// Four years of eight stations of Beijing, hour by hour. There is no official index beside them: what is looked at is
// that every hour with a value has an index, that the years' means are those of their valid days, and how long it takes.
func TestIntegrationYears(t *testing.T) {
	w := newTable(t, "pm25", "pm10", "so2", "no2", "co", "o3")
	var stations, names []string
	measured, days := map[key]bool{}, dailyMeans{}
	values := 0
	for i, file := range files(t, "prsa_beijing/*.csv.gz") {
		station := fmt.Sprintf("uci-%d", i)
		names, stations = append(names, station), append(stations, hourly(station))
		days[station] = map[string][]float64{}
		rows(t, open(t, file), func(cell func(string) string) {
			start, err := time.ParseInLocation("2006-1-2 15", cell("year")+"-"+cell("month")+"-"+cell("day")+" "+cell("hour"), beijing)
			if err != nil {
				t.Fatal(err)
			}
			if value, err := strconv.ParseFloat(cell("PM2.5"), 64); err == nil {
				date := start.Format(time.DateOnly)
				days[station][date] = append(days[station][date], value)
			}
			var cells []string
			for _, c := range yearColumns {
				value := cell(c.name)
				if value != "NA" {
					values++
					measured[key{station, stamp(start)}] = true
					if c.parameter == "co" {
						value = milligrams(t, value)
					}
				}
				cells = append(cells, value)
			}
			w.row(stamp(start), station, cells...)
		})
	}
	indexed, years := map[key]bool{}, map[key]*line{}
	began := time.Now()
	w.replay("", stations, func(l *line) {
		switch {
		case l.Type == "aqi" && l.Period == "1h":
			indexed[l.key()] = l.Partial != nil && *l.Partial >= 0 && *l.Partial <= 500
		case l.Type == "average" && l.Parameter == "pm25":
			years[l.key()] = l
		}
	}, `"type":"aqi"`, `"period":"year"`)
	took := time.Since(began).Seconds()
	indices, means := newTally("UCI, 8 stations, 4 years: hours with a value that have an index"), newTally("UCI: years whose mean of PM2.5 is that of their valid days")
	for k := range measured {
		indices.add(indexed[k], "not explained")
	}
	for _, station := range names {
		for year := 2013; year <= 2017; year++ {
			l := years[key{station, stamp(time.Date(year, time.January, 1, 0, 0, 0, 0, beijing))}]
			if l == nil {
				means.add(false, "not there")
				continue
			}
			mean, count := days.year(station, year)
			got, err := l.Value.Float64()
			means.add(err == nil && l.Count == count && math.Abs(got-mean) < 1e-6, "not explained")
		}
	}
	t.Logf("%d values of %d years of a station: %.2f s each", values, len(names)*4, took/float64(len(names)*4))
	indices.expect(t, 276970, 276970)
	means.expect(t, 40, 40)
}
