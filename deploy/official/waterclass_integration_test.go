//go:build integration

package official

import (
	"fmt"
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

// place is that of a value in the columns of a station.
type place struct {
	station string
	column  int
}

// classed are the places of the items that give a section its class.
var classed = []int{1, 2, 5, 6, 7}

// whyNone says why the platform gives a sample no class, as far as it is known. An item of which Egret has not had any
// value yet is not known to be measured, so it is not missed.
func (s *sample) whyNone(firsts map[place]time.Time, id string) string {
	neverSeen := func(i int) bool {
		first, seen := firsts[place{id, i}]
		return s.values[i] == "--" && (!seen || first.After(s.start))
	}
	switch {
	case slices.ContainsFunc(classed, neverSeen):
		return "an item is missing of which Egret has had no value yet"
	case s.state != "正常":
		return "all items are there, but the section is marked as under maintenance or out of operation"
	case s.values[7] == "*" && s.start.Before(time.Date(2020, time.May, 15, 0, 0, 0, 0, beijing)):
		return "sections without phosphorus have no class until 2020-05-14"
	}
	return "not explained"
}

// whyOther says why the platform gives a sample another class, as far as it is known.
func (s *sample) whyOther(t *testing.T, kind water.Type) string {
	if s.start.Format(time.DateOnly) == "2020-11-04" {
		return "on 2020-11-04, days after the platform was changed"
	}
	for _, i := range classed {
		item := water.ItemOf(kind, waterColumns[i].parameter)
		value, err := reading.ParseFixed([]byte(s.values[i]))
		if err != nil {
			continue
		}
		within := item.Bound == water.Within && (value == item.Low || value == item.High) && s.class == len(classNames)
		if within || (s.class > 1 && item.Bound != water.Within && item.Limits[s.class-2] == value) {
			return "a displayed value stands on the limit that its raw one may have passed"
		}
	}
	return "not explained; the class may be that of older or newer values"
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
	ids, entered, firsts := map[string]int{}, map[string]bool{}, map[place]time.Time{}
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
			for n, value := range s.values {
				if first, seen := firsts[place{id, n}]; value != "--" && value != "*" && (!seen || s.start.Before(first)) {
					firsts[place{id, n}] = s.start
				}
			}
		}
	}
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
			id, _ := s.station(ids, kind)
			withheld.add(got == 0, s.whyNone(firsts, id))
			continue
		}
		given.add(got == s.class, s.whyOther(t, kind))
	}
	return given, withheld
}
