package plan

import (
	"slices"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/water"
)

// classed returns sections s1, s2 ... with the classes, 0 for one that is not known, among an air station.
func classed(classes ...water.Class) (*Members, *world) {
	w := newWorld()
	members := &Members{Stations: []*reading.Station{{ID: "air-1", Domain: reading.Air}}}
	for i, class := range classes {
		id := "s" + string(rune('1'+i))
		members.Stations = append(members.Stations, &reading.Station{ID: id, Domain: reading.Water})
		w.classes[id] = func(calendar.Span) water.Class { return class }
	}
	return members, w
}

func TestSectionsAreCountedByClass(t *testing.T) {
	const none, first, second, third, fourth, fifth, inferior = water.Unknown, water.ClassI, water.ClassII, water.ClassIII, water.ClassIV, water.ClassV, water.Inferior
	span, day := from("2018-01-01", "2018-12-31"), on("2018-07-19")
	f := func(target Target, value mean.Ratio, counted, failing int, valid bool, classes ...water.Class) {
		t.Helper()
		members, w := classed(classes...)
		got := target.sectionTally(members, w, span, day)
		if got.value.Known() != value.Known() || got.value.Fixed() != value.Fixed() || got.counted != counted || got.failing != failing || got.valid != valid {
			t.Errorf("%s of %v: %s of %d, %d fail, valid %t; want %s of %d, %d, %t",
				target.Metric, classes, got.value.Fixed(), got.counted, got.failing, got.valid, value.Fixed(), counted, failing, valid)
		}
		if got.expected != len(classes) || len(got.parts) != len(classes) {
			t.Errorf("%s of %v: %d expected, %d parts", target.Metric, classes, got.expected, len(got.parts))
		}
	}
	share := func(text string) mean.Ratio { return mean.Whole(number(text)) }
	good := Target{Metric: Sections, Class: third, Comparison: AtLeast, Value: number("51.1")}
	f(good, share("60"), 5, 2, true, first, second, third, fourth, inferior)
	f(good, share("66.666666667"), 3, 1, true, second, third, fifth)
	f(good, share("66.666666667"), 3, 1, true, second, none, third, fifth, none) // 60 % are assessed
	f(good, share("50"), 2, 1, false, second, none, none, fifth)                 // half of them are not enough
	f(good, mean.Ratio{}, 0, 0, false, none, none)
	f(good, mean.Ratio{}, 0, 0, false)

	bad := Target{Metric: Worse, Class: fifth, Comparison: Equal}
	f(bad, mean.Whole(0), 3, 0, true, second, third, fifth)
	f(bad, share("2"), 4, 2, true, second, inferior, fifth, inferior)
	f(bad, mean.Whole(0), 1, 0, false, none, none, fifth) // the others may be worse
	f(bad, share("1"), 1, 1, true, none, none, inferior)  // one alone breaks the promise
	f(bad, mean.Ratio{}, 0, 0, false, none, none)
	two := Target{Metric: Worse, Class: fourth, Comparison: AtMost, Value: whole(2)}
	f(two, share("2"), 2, 2, false, none, none, none, fifth, inferior)
	f(two, share("3"), 3, 3, true, none, none, none, none, none, fifth, fifth, inferior)
	f(Target{Metric: Worse, Class: fourth}, share("1"), 1, 1, false, none, none, fifth) // a promise without a number is not broken
	f(Target{Metric: Worse, Class: fourth, Comparison: Equal, Steps: map[int]reading.Fixed{2020: 0}}, share("1"), 1, 1, false, none, none, fifth)
}

func TestANamedSection(t *testing.T) {
	span, day := from("2018-01-01", "2018-12-31"), on("2018-07-19")
	target := Target{Metric: Section, Station: "s2", Comparison: AtMost, Value: whole(4)}
	f := func(class water.Class, value mean.Ratio, failing int, want Part) {
		t.Helper()
		members, w := classed(water.ClassI, class)
		got := target.sectionTally(members, w, span, day)
		if got.value != value || got.expected != 1 || got.failing != failing || got.valid != value.Known() || !slices.Equal(got.parts, []Part{want}) {
			t.Errorf("class %d: %+v", class, got)
		}
	}
	f(water.ClassIV, mean.Whole(whole(4)), 0, Part{Name: "s2", Label: "Ⅳ", Value: 4})
	f(water.ClassV, mean.Whole(whole(5)), 1, Part{Name: "s2", Label: "Ⅴ", Value: 5, Fails: true})
	f(water.Inferior, mean.Whole(whole(6)), 1, Part{Name: "s2", Label: "劣Ⅴ", Value: 6, Fails: true})
	f(water.Unknown, mean.Ratio{}, 0, Part{Name: "s2"})
}

// The class is that of the means from the first day of the span to the day.
func TestSectionsAreClassedByTheSpanToDate(t *testing.T) {
	members, w := classed(water.ClassII)
	var asked []calendar.Span
	w.classes["s1"] = func(days calendar.Span) water.Class {
		asked = append(asked, days)
		return water.ClassII
	}
	target := Target{Metric: Sections, Class: water.ClassIII}
	got := target.sectionTally(members, w, from("2018-01-01", "2018-12-31"), on("2018-07-19"))
	if !slices.Equal(asked, []calendar.Span{from("2018-01-01", "2018-07-19")}) {
		t.Errorf("asked for %v", asked)
	}
	if !slices.Equal(got.parts, []Part{{Name: "s1", Label: "Ⅱ", Value: 2}}) {
		t.Errorf("parts %v", got.parts)
	}
}
