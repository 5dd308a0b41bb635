//go:build integration

package official

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
)

// jinanColumns are the platform's pollutants, in the order of the tables made here, CO in ug/m3.
var jinanColumns = []struct{ name, parameter string }{
	{"PM10", "pm10"}, {"PM2_5", "pm25"}, {"CO", "co"}, {"NO2", "no2"}, {"SO2", "so2"}, {"O3_1", "o3"},
}

// jinanRow is a point's hour as a scrape shows it; an index is empty where there is no value.
type jinanRow struct {
	key
	scraped    time.Time
	values     [6]string
	indices    [6]string
	highest    string
	eight      string // O3 8 h
	eightIndex string
}

// jinanRows reads all scrapes in their order.
func jinanRows(t *testing.T) (all []jinanRow) {
	t.Helper()
	archive := tar.NewReader(open(t, "jinan_realtime/AQIroutine_20201109-20201214.tar.gz"))
	for {
		file, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if file.Typeflag != tar.TypeReg {
			continue
		}
		scraped, err := time.ParseInLocation("20060102T1504.csv", path.Base(file.Name), beijing)
		if err != nil {
			t.Fatal(err)
		}
		rows(t, archive, func(cell func(string) string) {
			layout := "2006-01-02 15:04:05"
			if len(cell("time")) == len("2006-01-02") { // midnight, as a spreadsheet writes it
				layout = "2006-01-02"
			}
			r := jinanRow{key: key{"jinan-" + cell("SubID"), stamp(endOfHour(t, layout, cell("time")))}, scraped: scraped,
				highest: cell("MAXAQI"), eight: cell("O3_8value"), eightIndex: cell("O3_8Iaqi")}
			for i, c := range jinanColumns {
				r.values[i] = strings.Clone(cell(c.name + "value"))
				if r.values[i] != "" {
					r.indices[i] = strings.Clone(cell(c.name + "Iaqi"))
				}
			}
			all = append(all, r)
		})
	}
	slices.SortStableFunc(all, func(a, b jinanRow) int { return a.scraped.Compare(b.scraped) })
	return all
}

// first returns the rows that show an hour of a point for the first time.
func first(all []jinanRow) (firsts []jinanRow) {
	seen := map[key]bool{}
	for _, r := range all {
		if !seen[r.key] {
			seen[r.key] = true
			firsts = append(firsts, r)
		}
	}
	return firsts
}

// jinanTable makes the table of rows, with the scrape as the receipt. CO comes in ug/m3, Egret takes mg/m3.
func jinanTable(t *testing.T, all []jinanRow) (w *table, stations []string) {
	t.Helper()
	var columns []string
	for _, c := range jinanColumns {
		columns = append(columns, c.parameter)
	}
	w = newTable(t, append(columns, "received")...)
	known := map[string]bool{}
	for _, r := range all {
		if !known[r.station] {
			known[r.station] = true
			stations = append(stations, hourly(r.station))
		}
		cells := r.values
		if cells[2] != "" {
			cells[2] = milligrams(t, cells[2])
		}
		w.row(r.start, r.station, append(cells[:], stamp(r.scraped))...)
	}
	return w, stations
}

// milligrams turns a number of ug into mg, in decimal.
func milligrams(t *testing.T, micrograms string) string {
	t.Helper()
	number, err := reading.ParseFixed([]byte(micrograms))
	if err != nil {
		t.Fatal(err)
	}
	return (number / 1000).String()
}

// Every index of a pollutant that Jinan's platform shows, and its AQI, as they were first shown. SO2 of 1 h above 800
// has the index of the 24 h column there. Where there is no value the platform shows an AQI of 0, Egret none.
func TestIntegrationJinanIndices(t *testing.T) {
	firsts := first(jinanRows(t))
	w, stations := jinanTable(t, firsts)
	found := w.figures("air: {high_so2: day-column}", stations, "aqi", "1h")
	pollutants, highest := newTally("Jinan, index of a pollutant"), newTally("Jinan, AQI")
	for _, r := range firsts {
		l := found[r.key]
		if l == nil {
			l = new(line)
		}
		measured := false
		for i, c := range jinanColumns {
			if r.indices[i] != "" {
				measured = true
				got, known := l.IAQI[c.parameter]
				pollutants.add(known && strconv.Itoa(got) == r.indices[i], "not explained")
			}
		}
		if measured {
			highest.add(l.AQI != nil && strconv.Itoa(*l.AQI) == r.highest, "not explained")
		} else if r.highest != "0" || l.Partial != nil {
			t.Errorf("%+v has no values, and %+v", r, l)
		}
	}
	pollutants.expect(t, 315137, 315137)
	highest.expect(t, 53269, 53269)
}

// Points are shown again half an hour later, some with other values: each change makes the hour's index anew, and the
// index that follows is the one shown. What a scrape no longer shows stays, for a reading is not taken back by silence.
func TestIntegrationJinanCorrections(t *testing.T) {
	all := jinanRows(t)
	w, stations := jinanTable(t, all)
	found := map[key][]*line{}
	w.replay("air: {high_so2: day-column}", stations, func(l *line) {
		if l.Period == "1h" {
			found[l.key()] = append(found[l.key()], l)
		}
	}, `"type":"aqi"`)
	type state struct {
		values  [6]string
		version int // of the index, counted from 0; -1 before there is one
		gone    bool
	}
	states := map[key]*state{}
	corrected := newTally("Jinan, AQI of hours shown again with other values")
	for _, r := range all {
		s := states[r.key]
		if s == nil {
			s = &state{version: -1}
			states[r.key] = s
		}
		before := s.values
		s.gone = false
		for i, value := range r.values {
			if value != "" {
				s.values[i] = value
			}
			s.gone = s.gone || value != s.values[i]
		}
		if s.values == before {
			continue
		}
		if s.version++; s.version == 0 || s.gone {
			continue
		}
		versions := found[r.key]
		l := new(line)
		if s.version < len(versions) {
			l = versions[s.version]
		}
		corrected.add(l.AQI != nil && strconv.Itoa(*l.AQI) == r.highest, "not explained")
	}
	for k, s := range states {
		if len(found[k]) != s.version+1 {
			t.Errorf("%v: %d indices were made, its values came in %d versions", k, len(found[k]), s.version+1)
		}
	}
	corrected.expect(t, 288, 288)
}

// The index of ozone's 8 h mean stands beside the six; it is that of the mean that is shown. It does not enter the AQI
// there, so it is looked up in the nine figures that HJ 633-2012 lists.
func TestIntegrationJinanEightHours(t *testing.T) {
	practice := air.Practice{Hour: air.NineByTheStandard}
	var index air.Index
	eights := newTally("Jinan, index of O3 8 h")
	for _, r := range first(jinanRows(t)) {
		if r.eight == "" {
			continue
		}
		value, err := reading.ParseFixed([]byte(r.eight))
		if err != nil {
			t.Fatal(err)
		}
		start, err := time.Parse(time.RFC3339, r.start)
		if err != nil {
			t.Fatal(err)
		}
		practice.HourIndex(&index, dayOf(start), []air.Measured{{Parameter: "o3_8h", Value: value, Valid: true}})
		eights.add(index.Known && fmt.Sprint(index.Partial) == r.eightIndex, "not explained")
	}
	eights.expect(t, 52529, 52529)
}
