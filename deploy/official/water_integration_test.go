//go:build integration

package official

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"html"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/water"
)

var (
	tags     = regexp.MustCompile(`<[^>]*>`)
	original = regexp.MustCompile(`原始值：([^']*)'`)
)

// dailySamples reads the sections of each day, and counts how their raw values are displayed.
func dailySamples(t *testing.T, displayed *tally) (samples []sample) {
	t.Helper()
	archive := tar.NewReader(open(t, "cn_surface_water/daily_json_2020-05_2020-11.tar.gz"))
	for {
		file, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return number(samples)
		}
		if err != nil {
			t.Fatal(err)
		}
		if file.Typeflag != tar.TypeReg {
			continue
		}
		var day struct {
			Rows [][]*string `json:"tbody"`
		}
		if err := json.NewDecoder(archive).Decode(&day); err != nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
		date, err := time.Parse("2006-01-02.json", path.Base(file.Name))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range day.Rows {
			if row[3] == nil || *row[3] == "" {
				continue // closed
			}
			s := newSample(t, *row[0]+tags.ReplaceAllString(*row[2], ""), date.Year(), *row[3], *row[4], *row[16])
			for i, c := range waterColumns {
				shown := html.UnescapeString(tags.ReplaceAllString(*row[5+i], ""))
				s.values[i] = shown
				if raw := original.FindStringSubmatch(*row[5+i]); raw != nil {
					s.values[i] = raw[1]
					value, err := reading.ParseFixed([]byte(raw[1]))
					if err != nil {
						t.Fatal(err)
					}
					displayed.add(water.Display(c.parameter, value) == shown, "not explained")
				}
			}
			samples = append(samples, s)
		}
	}
}

// Classes of sections from the raw values that the platform gives beside the displayed ones, and the display itself.
func TestIntegrationWaterRaw(t *testing.T) {
	displayed := newTally("surface water 2020, display of a raw value")
	given, withheld := classes(t, "surface water 2020, raw values", dailySamples(t, displayed))
	displayed.expect(t, 150262, 150262)
	given.expect(t, 15361, 15357)
	withheld.expect(t, 2393, 1391)
}

// Classes of sections from the displayed values, every four hours.
func TestIntegrationWaterDisplayed(t *testing.T) {
	var samples []sample
	rows(t, open(t, "cn_surface_water/by_section_2021-04-01_05.csv.gz"), func(cell func(string) string) {
		moment := cell("监测时间")
		switch moment {
		case "*":
			return // closed
		case "--":
			moment = "04-06 00:00" // some rows have a class but no time; any that no other row has will do
		}
		s := newSample(t, cell("省份")+cell("断面名称"), 2021, moment, cell("水质类别"), strings.Clone(cell("站点情况")))
		for i, c := range waterColumns {
			s.values[i] = strings.Clone(cell(c.name))
		}
		samples = append(samples, s)
	})
	given, withheld := classes(t, "surface water 2021, displayed values", number(samples))
	given.expect(t, 29219, 28852)
	withheld.expect(t, 1787, 1510)
}
