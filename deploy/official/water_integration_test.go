//go:build integration

package official

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/water"
)

// waterColumns are the items of the national platform in the order of its columns. Sections are classed by pH, oxygen,
// permanganate index, ammonia and phosphorus.
var waterColumns = []struct{ name, parameter string }{
	{"水温(℃)", "water_temp"}, {"pH(无量纲)", "ph"}, {"溶解氧(mg/L)", "do"}, {"电导率(μS/cm)", "conductivity"}, {"浊度(NTU)", "turbidity"},
	{"高锰酸盐指数(mg/L)", "codmn"}, {"氨氮(mg/L)", "nh3n"}, {"总磷(mg/L)", "tp"}, {"总氮(mg/L)", "tn"},
}

// classNames are the classes as the platform writes them, from 1.
var classNames = []string{"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"}

// sample is what the platform shows of a section and time: values are raw where it shows them, else as displayed.
type sample struct {
	section  string
	start    time.Time
	class    int // 0: none
	state    string
	values   [9]string
	repeated int // samples of the section and hour before this one
}

// newSample returns a sample without its values; moment is a month, day and time.
func newSample(t *testing.T, section string, year int, moment, class, state string) sample {
	t.Helper()
	start, err := time.ParseInLocation("2006-01-02 15:04", fmt.Sprintf("%d-%s", year, moment), beijing)
	if err != nil {
		t.Fatal(err)
	}
	return sample{section: section, start: start.Truncate(time.Hour), class: slices.Index(classNames, class) + 1, state: state}
}

// number counts what came before of the same section and hour.
func number(samples []sample) []sample {
	type hour struct {
		section string
		start   time.Time
	}
	seen := map[hour]int{}
	for i := range samples {
		s := &samples[i]
		s.repeated = seen[hour{s.section, s.start}]
		seen[hour{s.section, s.start}]++
	}
	return samples
}

// why says why the platform gives a sample no class, as far as it is known.
func (s *sample) why() string {
	switch {
	case slices.ContainsFunc([]int{1, 2, 5, 6, 7}, func(i int) bool { return s.values[i] == "--" || s.values[i] == "" }):
		return "an item is missing that the section measures, but has no value of in these files"
	case s.state != "正常":
		return "all items are there, but the station is marked 维护 or 停站"
	}
	return "not explained" + fmt.Sprint(s.start, s)
}

// station is the register's entry for a sample's section: as the platform measures it then, * being what it does not,
// and each repetition apart, as a river or a lake.
func (s *sample) station(ids map[string]int, kind water.Type) (id, entry string) {
	var unmonitored []string
	for i, value := range s.values {
		if value == "*" {
			unmonitored = append(unmonitored, waterColumns[i].parameter)
		}
	}
	without := strings.Join(unmonitored, ", ")
	name := fmt.Sprintf("%s %s %d", s.section, without, s.repeated)
	if _, known := ids[name]; !known {
		ids[name] = len(ids)
	}
	id = fmt.Sprintf("%s-%d", kind, ids[name])
	return id, fmt.Sprintf("  - {id: %s, domain: water, period: 4h, type: %s, unmonitored: [%s]}", id, kind, without)
}

// classes replays the samples of all sections both as rivers and as lakes, and counts those of the type that fits a
// section better: the feed does not say which it is, and no name does. withheld are the samples without a class.
func classes(t *testing.T, feed string, samples []sample) (given, withheld *tally) {
	t.Helper()
	var columns, stations []string
	for _, c := range waterColumns {
		columns = append(columns, c.parameter)
	}
	w := newTable(t, columns...)
	ids, entered := map[string]int{}, map[string]bool{}
	kinds := []water.Type{water.River, water.Lake}
	for i := range samples {
		s := &samples[i]
		for _, kind := range kinds {
			id, entry := s.station(ids, kind)
			if !entered[id] {
				entered[id] = true
				stations = append(stations, entry)
			}
			w.row(stamp(s.start), id, s.values[:]...)
		}
	}
	w.parameters = "do: {high: 40}" // water green with algae holds more than what is plausible by default
	found := w.figures("", stations, "water_class", "4h")
	class := func(s *sample, kind water.Type) int {
		id, _ := s.station(ids, kind)
		if l := found[key{id, stamp(s.start)}]; l != nil {
			return l.Class
		}
		return 0
	}
	fits := map[string][2]int{}
	for i := range samples {
		s := &samples[i]
		count := fits[s.section]
		for k, kind := range kinds {
			if s.class > 0 && class(s, kind) == s.class {
				count[k]++
			}
		}
		fits[s.section] = count
	}
	given, withheld = newTally(feed+", class"), newTally(feed+", no class")
	for i := range samples {
		s := &samples[i]
		kind := water.River
		if fits[s.section][1] > fits[s.section][0] {
			kind = water.Lake
		}
		got := class(s, kind)
		if s.class == 0 {
			withheld.add(got == 0, s.why())
			continue
		}
		given.add(got == s.class, fmt.Sprintf("DBG %s %+v %d", s.start, *s, got))
	}
	return given, withheld
}

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
					displayed.add(water.Display(c.parameter, value) == shown, "DBG "+c.parameter+shown+raw[1])
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
	withheld.expect(t, 1, 1)
}

// Classes of sections from the displayed values, every four hours.
func TestIntegrationWaterDisplayed(t *testing.T) {
	var samples []sample
	rows(t, open(t, "cn_surface_water/by_section_2021-04-01_05.csv.gz"), func(cell func(string) string) {
		if moment := cell("监测时间"); !strings.Contains(moment, ":") {
			return // closed
		}
		s := newSample(t, cell("省份")+cell("断面名称"), 2021, cell("监测时间"), cell("水质类别"), strings.Clone(cell("站点情况")))
		for i, c := range waterColumns {
			s.values[i] = strings.Clone(cell(c.name))
		}
		samples = append(samples, s)
	})
	given, withheld := classes(t, "surface water 2021, displayed values", number(samples))
	given.expect(t, 29219, 28852)
	withheld.expect(t, 1, 1)
}
