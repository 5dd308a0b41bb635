//go:build integration

package official

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
)

// embassyHour is an hour of the US Embassy in Beijing; raw is empty where the hour is not marked Valid.
type embassyHour struct {
	start             time.Time
	raw, nowCast, aqi string
}

// embassyHours reads the years in their order.
func embassyHours(t *testing.T) (all []embassyHour) {
	t.Helper()
	for _, file := range files(t, "usdos_beijing_nowcast/*.csv.gz") {
		rows(t, open(t, file), func(cell func(string) string) {
			h := embassyHour{raw: cell("Raw Conc."), nowCast: cell("NowCast Conc."), aqi: cell("AQI")}
			var err error
			if h.start, err = time.ParseInLocation("2006010215", cell("Year")+cell("Month")+cell("Day")+cell("Hour"), beijing); err != nil {
				t.Fatal(err)
			}
			if cell("QC Name") != "Valid" || h.raw == "-999" {
				h.raw = ""
			}
			all = append(all, h)
		})
	}
	return all
}

// The NowCast of every hour, and the index of the NowCast that is shown.
func TestIntegrationEmbassyNowCast(t *testing.T) {
	all := embassyHours(t)
	raw := map[time.Time]air.Measured{}
	for _, h := range all {
		if value, err := reading.ParseFixed([]byte(h.raw)); err == nil {
			raw[h.start] = air.Measured{Parameter: "pm25", Value: value, Valid: true}
		}
	}
	places, _ := air.NowCastPlaces("pm25")
	means := newTally("US Embassy, NowCast")
	for _, h := range all {
		want, err := reading.ParseFixed([]byte(h.nowCast))
		if err != nil || h.nowCast == "-999" {
			continue
		}
		latest := make([]air.Measured, air.NowCastHours)
		missing := 0
		for i := range latest {
			latest[i] = raw[h.start.Add(time.Duration(-i)*time.Hour)]
			if !latest[i].Valid { missing++ }
		}
		got, _ := air.NowCast(latest, places)
		means.add(got == want, fmt.Sprint("missing ", min(missing,1)))
		if got != want && missing == 0 || got!=want && missing> 8 { fmt.Println("DBG", h, got, want) }
	}
	means.expect(t, 1, 1)
}

// The index of every hour, from replay's own NowCasts of the raw values.
func TestIntegrationEmbassyIndex(t *testing.T) {
	all := embassyHours(t)
	w := newTable(t, "pm25")
	for _, h := range all {
		w.row(stamp(h.start), "embassy", h.raw)
	}
	found := w.figures("air: {index: us-epa}", []string{hourly("embassy")}, "aqi", "1h")
	indices := newTally("US Embassy, AQI")
	for _, h := range all {
		if h.aqi == "-999" {
			continue
		}
		l := found[key{"embassy", stamp(h.start)}]
		why := "other"
		if l == nil { why = "no line raw:"+h.raw+" "+h.nowCast }
		indices.add(l != nil && l.AQI != nil && strconv.Itoa(*l.AQI) == h.aqi, why)
	}
	indices.expect(t, 1, 1)
}

// aqsDays holds the daily indices of AQS files against replay's, from the day's mean as it is shown.
func aqsDays(t *testing.T, feed, file, layout, parameter, value, index string, years int, convert func(reading.Fixed) string) *tally {
	t.Helper()
	w := newTable(t, parameter)
	type day struct {
		key
		aqi string
	}
	var official []day
	var stations []string
	rows(t, open(t, file), func(cell func(string) string) {
		date, err := time.ParseInLocation(layout, cell("Date"), beijing)
		if err != nil {
			t.Fatal(err)
		}
		mean, err := reading.ParseFixed([]byte(cell(value)))
		if err != nil {
			t.Fatal(err)
		}
		k := key{cell("Site ID") + "-" + cell("POC"), stamp(date.AddDate(years, 0, 0))}
		if entry := fmt.Sprintf("  - {id: %q, domain: air, period: 1d}", k.station); !slices.Contains(stations, entry) {
			stations = append(stations, entry)
		}
		official = append(official, day{k, strings.Clone(cell(index))})
		w.row(k.start, k.station, convert(mean))
	})
	found := w.figures("air: {index: us-epa}", stations, "aqi", "day")
	days := newTally(feed)
	for _, d := range official {
		l := found[d.key]
		days.add(l != nil && l.AQI != nil && strconv.Itoa(*l.AQI) == d.aqi, "not explained")
	}
	return days
}

// ppmOfCO is one ppm of CO in mg/m3 at 298.15 K, by which Egret, which takes mg/m3, comes back to the ppm of AQS.
const ppmOfCO = 1.1449

// Daily indices of AQS. The file of 2019 was made with the table before May 2024; that of 2023 was made later, and AQS
// restates old years with the table of its own day, so its days are put two years on, into that table's time.
func TestIntegrationAQSDays(t *testing.T) {
	asShown := func(mean reading.Fixed) string { return mean.String() }
	aqsDays(t, "AQS 2019, PM2.5 of a day", "epa_daily_aqi/baltimore_pm25_2019.csv.gz", "01/02/2006", "pm25", "Daily Mean PM2.5 Concentration", "DAILY_AQI_VALUE", 0, asShown).expect(t, 1614, 1614)
	aqsDays(t, "AQS 2023, PM2.5 of a day", "epa_daily_aqi/virginia_pm25_2023_H1.csv.gz", "01/02/2006", "pm25", "Daily Mean PM2.5 Concentration", "Daily AQI Value", 2, asShown).expect(t, 4588, 4588)
	milligrams := func(ppm reading.Fixed) string { return fmt.Sprintf("%.9f", ppm.Float()*ppmOfCO) }
	aqsDays(t, "AQS 2023, CO of a day", "epa_daily_aqi/newyork_co_2023.csv.gz", "01-02-2006", "co", "Coconcentration", "DAILY_AQI_VALUE", 0, milligrams).expect(t, 364, 364)
}
