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

// embassyHours reads the years in their order. The clock behind the files is put forward as one in the US is: on a
// Sunday in March the hour 02:00 is named 03:00, as the next one is.
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
			if last := len(all) - 1; last >= 0 && all[last].start.Equal(h.start) {
				all[last].start = h.start.Add(-time.Hour)
			}
			all = append(all, h)
		})
	}
	return all
}

// whyNoNowCast says what is known of an hour whose NowCast does not come out, from the hours up to it, the newest first.
func whyNoNowCast(latest []air.Measured, start time.Time) string {
	missing := 0
	for _, hour := range latest[:3] {
		if !hour.Valid {
			missing++
		}
	}
	switch {
	case start.Year() == 2013 && start.YearDay() == 1:
		return "the hours before the first file are not there"
	case missing > 1:
		return "two of the latest three hours were marked missing or invalid since"
	}
	return "not explained"
}

// latestHours returns the hours up to one, the newest first.
func latestHours(raw map[time.Time]air.Measured, start time.Time) []air.Measured {
	latest := make([]air.Measured, air.NowCastHours)
	for i := range latest {
		latest[i] = raw[start.Add(time.Duration(-i)*time.Hour)]
	}
	return latest
}

// The NowCast of every hour, of which replay shows the index only, and the index of every hour from replay's own
// NowCasts. Where the NowCast is negative there is no index.
func TestIntegrationEmbassyNowCast(t *testing.T) {
	all := embassyHours(t)
	w := newTable(t, "pm25")
	raw := map[time.Time]air.Measured{}
	for _, h := range all {
		w.row(stamp(h.start), "embassy", h.raw)
		if value, err := reading.ParseFixed([]byte(h.raw)); err == nil {
			raw[h.start] = air.Measured{Parameter: "pm25", Value: value, Valid: true}
		}
	}
	places, _ := air.NowCastPlaces("pm25")
	found := w.figures("air: {index: us-epa}", []string{hourly("embassy")}, "aqi", "1h")
	means, indices := newTally("US Embassy 2013 to 2016, NowCast"), newTally("US Embassy 2013 to 2016, AQI")
	shown := newTally("US Embassy 2013 to 2016, AQI of the NowCast shown")
	var index air.Index
	for _, h := range all {
		want, err := reading.ParseFixed([]byte(h.nowCast))
		if err != nil {
			t.Fatal(err)
		}
		if want == -999*reading.FixedOne {
			continue
		}
		latest := latestHours(raw, h.start)
		got, _ := air.NowCast(latest, places)
		if h.aqi == "-999" { // a negative NowCast has no index
			means.add(found[key{"embassy", stamp(h.start)}] == nil, "there is an index of a negative NowCast")
			continue
		}
		means.add(got == want, whyNoNowCast(latest, h.start))
		l := found[key{"embassy", stamp(h.start)}]
		indices.add(l != nil && l.AQI != nil && strconv.Itoa(*l.AQI) == h.aqi, whyNoNowCast(latest, h.start))
		air.USDayIndex(&index, dayOf(h.start), []air.Measured{{Parameter: "pm25", Value: want, Valid: true}})
		shown.add(index.Published && strconv.Itoa(index.AQI) == h.aqi, "not explained")
	}
	means.expect(t, 34875, 34831)
	indices.expect(t, 34865, 34822)
	shown.expect(t, 34865, 34865)
}

// aqsDay is a day of an AQS file: its mean and index as they are shown.
type aqsDay struct {
	station, mean, aqi string
	date               time.Time
}

// aqsDays reads an AQS file. The months come first in both of the ways in which it writes dates.
func aqsDays(t *testing.T, file, mean, index string) (days []aqsDay) {
	t.Helper()
	rows(t, open(t, "epa_daily_aqi/"+file), func(cell func(string) string) {
		date, err := time.ParseInLocation("01/02/2006", strings.ReplaceAll(cell("Date"), "-", "/"), beijing)
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, aqsDay{cell("Site ID") + "-" + cell("POC"), cell(mean), cell(index), date})
	})
	return days
}

// Daily indices of PM2.5. The file of 2019 was made with the table before May 2024; that of 2023 was made later, and
// AQS restates old years with the table of its own day, so its days are put two years on, into that table's time.
func TestIntegrationAQSDays(t *testing.T) {
	compare := func(feed string, days []aqsDay, years int) *tally {
		w := newTable(t, "pm25")
		var stations []string
		for _, d := range days {
			if entry := fmt.Sprintf("  - {id: %q, domain: air, period: 1d}", d.station); !slices.Contains(stations, entry) {
				stations = append(stations, entry)
			}
			w.row(stamp(d.date.AddDate(years, 0, 0)), d.station, d.mean)
		}
		found := w.figures("air: {index: us-epa}", stations, "aqi", "day")
		indices := newTally(feed)
		for _, d := range days {
			l := found[key{d.station, stamp(d.date.AddDate(years, 0, 0))}]
			indices.add(l != nil && l.AQI != nil && strconv.Itoa(*l.AQI) == d.aqi, "not explained")
		}
		return indices
	}
	const mean = "Daily Mean PM2.5 Concentration"
	compare("AQS 2019, PM2.5", aqsDays(t, "baltimore_pm25_2019.csv.gz", mean, "DAILY_AQI_VALUE"), 0).expect(t, 1614, 1614)
	compare("AQS 2023, PM2.5", aqsDays(t, "virginia_pm25_2023_H1.csv.gz", mean, "Daily AQI Value"), 2).expect(t, 4588, 4588)
}

// ppmOfCO is one ppm of CO in mg/m3 at 298.15 K, by which the index comes back to the ppm of AQS.
const ppmOfCO = 1.1449

// Daily indices of CO, of the largest 8 h mean of a day, which is what the file shows. Replay makes no index of CO by
// the US EPA's table, for a day's figure of CO is its 24 h mean; the index is held against the table itself.
func TestIntegrationAQSCarbonMonoxide(t *testing.T) {
	indices := newTally("AQS 2023, CO")
	var index air.Index
	for _, d := range aqsDays(t, "newyork_co_2023.csv.gz", "Coconcentration", "DAILY_AQI_VALUE") {
		ppm, err := reading.ParseFixed([]byte(d.mean))
		if err != nil {
			t.Fatal(err)
		}
		value, err := reading.ParseFixed(fmt.Appendf(nil, "%.9f", ppm.Float()*ppmOfCO))
		if err != nil {
			t.Fatal(err)
		}
		air.USDayIndex(&index, dayOf(d.date), []air.Measured{{Parameter: "co", Value: value, Valid: true}})
		indices.add(index.Published && strconv.Itoa(index.AQI) == d.aqi, "not explained")
	}
	indices.expect(t, 364, 364)
}
