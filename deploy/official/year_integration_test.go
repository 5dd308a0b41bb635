//go:build integration

package official

import (
	"fmt"
	"testing"
	"time"

	"egret/ingest/reading"
)

// Four years of eight stations of Beijing, hour by hour. There is no official index beside them; what is looked at is
// that every hour with a value gets one, that a year of days adds up, and how long it takes.
func TestIntegrationYears(t *testing.T) {
	columns := []struct{ name, parameter string }{{"PM2.5", "pm25"}, {"PM10", "pm10"}, {"SO2", "so2"}, {"NO2", "no2"}, {"CO", "co"}, {"O3", "o3"}}
	w := newTable(t, "pm25", "pm10", "so2", "no2", "co", "o3")
	var stations []string
	measured := map[key]bool{}
	values := 0
	for i, file := range files(t, "prsa_beijing/*.csv.gz") {
		station := fmt.Sprintf("uci-%d", i)
		stations = append(stations, hourly(station))
		rows(t, open(t, file), func(cell func(string) string) {
			start, err := time.ParseInLocation("2006-1-2 15", cell("year")+"-"+cell("month")+"-"+cell("day")+" "+cell("hour"), beijing)
			if err != nil {
				t.Fatal(err)
			}
			var cells []string
			for _, c := range columns {
				value := cell(c.name)
				if number, err := reading.ParseFixed([]byte(value)); err == nil {
					values++
					measured[key{station, stamp(start)}] = true
					if c.parameter == "co" {
						value = (number / 1000).String()
					}
				}
				cells = append(cells, value)
			}
			w.row(stamp(start), station, cells...)
		})
	}
	began := time.Now()
	indices := newTally("UCI, 8 stations, 4 years: hours with a value that have an index")
	found := w.figures("", stations, "aqi", "1h")
	for k := range measured {
		l := found[k]
		indices.add(l != nil && l.Partial != nil, "not explained")
	}
	t.Logf("%d values in %.1f s: %.2f s a station and year", values, time.Since(began).Seconds(), time.Since(began).Seconds()/float64(len(stations)*4))
	indices.expect(t, 1, 1)
}
