package plan

import (
	"slices"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// The samples of the tests, by the table of degrees of 城市黑臭水体整治工作指南 (2015).
const (
	clean = "transparency=0.6 do=5 orp=120 nh3n=2"
	light = "transparency=0.2 do=1.5 orp=20 nh3n=10"
	heavy = "transparency=0.05 do=0.1 orp=-250 nh3n=20"
)

// sampled puts the values of a sample on days of a point; a key may name a laboratory's row.
func (w *world) sampled(point, sample string, dates ...string) {
	for _, date := range dates {
		for word := range strings.FieldsSeq(sample) {
			key, value, _ := strings.Cut(word, "=")
			w.day(point, key, on(date), number(value))
		}
	}
}

func TestBlackOdorousWatersAreCounted(t *testing.T) {
	week := []string{"2018-07-01", "2018-07-08", "2018-07-15"}
	w := newWorld()
	members := &Members{Stations: []*reading.Station{
		{ID: "a1", Domain: reading.Water, Water: "城南河"}, {ID: "a2", Domain: reading.Water, Water: "城南河"}, {ID: "a3", Domain: reading.Water, Water: "城南河"},
		{ID: "b1", Domain: reading.Water, Water: "护城河"}, {ID: "b2", Domain: reading.Water, Water: "护城河"},
		{ID: "c", Domain: reading.Water}, {ID: "n", Domain: reading.Noise},
	}}
	count := Target{Metric: OdourCount, Comparison: Equal}
	share := Target{Metric: OdourShare, Comparison: AtMost, Value: whole(10)}
	span := from("2018-01-01", "2018-12-31")
	f := func(target Target, value mean.Ratio, counted, failing int, valid bool, parts ...Part) {
		t.Helper()
		got := target.odourTally(members, w, span, on("2018-07-19"))
		if got.value.Known() != value.Known() || got.value.Fixed() != value.Fixed() || got.counted != counted || got.expected != 3 || got.failing != failing || got.valid != valid {
			t.Errorf("%s: %s of %d of %d, %d fail, valid %t", target.Metric, got.value.Fixed(), got.counted, got.expected, got.failing, got.valid)
		}
		if !slices.Equal(got.parts, parts) {
			t.Errorf("%s: parts %v, want %v", target.Metric, got.parts, parts)
		}
	}
	unknown := func(name string) Part { return Part{Name: name, Label: "数据不足"} }
	none := func(name string) Part { return Part{Name: name, Label: "无黑臭", Value: 1} }
	f(count, mean.Ratio{}, 0, 0, false, unknown("c"), unknown("城南河"), unknown("护城河"))

	// A clean point beside one that is not known does not make a clean water.
	w.sampled("c", clean, week...)
	w.sampled("b1", clean, week...)
	f(count, mean.Whole(0), 1, 0, false, none("c"), unknown("城南河"), unknown("护城河"))
	w.sampled("b2", clean, week...)
	f(count, mean.Whole(0), 2, 0, true, none("c"), unknown("城南河"), none("护城河"))
	f(share, mean.Whole(0), 2, 0, true, none("c"), unknown("城南河"), none("护城河"))

	// Of three points one that is bad makes the water light, however bad it is; 60 % make it heavy.
	for _, point := range []string{"a1", "a2"} {
		w.sampled(point, clean, week...)
	}
	w.sampled("a3", heavy, week...)
	southern := Part{Name: "城南河", Label: "轻度黑臭", Value: 2, Fails: true}
	f(share, mean.Ratio{Sum: mean.SumOf(100e9), Count: 3}, 3, 1, true, none("c"), southern, none("护城河"))
	w.sampled("a2", heavy, week...)
	southern.Label, southern.Value = "重度黑臭", 3
	f(count, mean.Whole(whole(1)), 3, 1, true, none("c"), southern, none("护城河"))

	// Of two points the worse one is the water's degree.
	w.sampled("b2", heavy, week...)
	f(count, mean.Whole(whole(2)), 3, 2, true, none("c"), southern, Part{Name: "护城河", Label: "重度黑臭", Value: 3, Fails: true})
}

// One black-odorous water is enough to break a promise of none; it is no share of all.
func TestOneWaterProvesThatThereAreSome(t *testing.T) {
	w := newWorld()
	members := &Members{Stations: stations(reading.Water, "c", "d", "e")}
	w.sampled("d", light, "2018-07-01", "2018-07-08", "2018-07-15")
	f := func(target Target, valid bool) {
		t.Helper()
		got := target.odourTally(members, w, from("2018-01-01", "2018-12-31"), on("2018-07-19"))
		if got.failing != 1 || got.counted != 1 || got.valid != valid {
			t.Errorf("%s %s %s: %+v", target.Metric, target.Comparison, target.Value, got)
		}
	}
	f(Target{Metric: OdourCount, Comparison: Equal}, true)
	f(Target{Metric: OdourCount, Comparison: AtMost}, true)
	f(Target{Metric: OdourCount, Comparison: Below, Value: whole(1)}, true)
	f(Target{Metric: OdourCount, Comparison: AtMost, Value: whole(1)}, false)
	f(Target{Metric: OdourCount}, false)
	f(Target{Metric: OdourShare, Comparison: AtMost, Value: whole(10)}, false)
}

func TestSamplesOfAPoint(t *testing.T) {
	f := func(about, day, want string, prepare func(*world)) {
		t.Helper()
		w := newWorld()
		prepare(w)
		count := Target{Metric: OdourCount, Comparison: Equal}
		got := count.odourTally(&Members{Stations: stations(reading.Water, "c")}, w, from("2018-01-01", "2018-12-31"), on(day))
		if len(got.parts) != 1 || got.parts[0].Label != want {
			t.Errorf("%s: %v, want %s", about, got.parts, want)
		}
	}
	three := []string{"2018-07-01", "2018-07-08", "2018-07-15"}
	f("two samples", "2018-07-19", "数据不足", func(w *world) { w.sampled("c", heavy, three[1:]...) })
	f("three samples", "2018-07-19", "重度黑臭", func(w *world) { w.sampled("c", heavy, three...) })
	f("30 days, the first included", "2018-07-30", "重度黑臭", func(w *world) { w.sampled("c", heavy, three...) })
	f("a day later it is too old", "2018-07-31", "数据不足", func(w *world) { w.sampled("c", heavy, three...) })
	f("what comes later is not seen", "2018-07-14", "数据不足", func(w *world) { w.sampled("c", heavy, three...) })
	f("over new year", "2018-01-05", "轻度黑臭", func(w *world) { w.sampled("c", light, "2017-12-20", "2017-12-31", "2018-01-05") })
	f("depth alone is no sample", "2018-07-19", "数据不足", func(w *world) {
		w.sampled("c", heavy, three[1:]...)
		w.sampled("c", "depth=0.2", three[0])
	})
	f("shallow water, clear to its bottom", "2018-07-19", "无黑臭", func(w *world) { w.sampled("c", "transparency=0.2 depth=0.2 do=5 orp=120 nh3n=2", three...) })
	f("the laboratory's values complete those of the station", "2018-07-19", "无黑臭", func(w *world) {
		w.sampled("c", "do=5 orp=120 manual:transparency=0.6 manual:nh3n=2", three...)
	})
	f("the station's own come first", "2018-07-19", "无黑臭", func(w *world) { w.sampled("c", clean+" manual:do=0.1", three...) })
	f("a day that is not valid is the laboratory's", "2018-07-19", "重度黑臭", func(w *world) {
		w.sampled("c", "transparency=0.6 orp=120 nh3n=2 manual:do=0.1", three...)
		for _, date := range three {
			w.put("c", "do", on(date), sheet.Cell{Number: 5 * reading.FixedOne, Divisor: 1, Count: 1})
		}
	})
	f("one item that is missing leaves it open", "2018-07-19", "数据不足", func(w *world) { w.sampled("c", "do=5 orp=120 nh3n=2", three...) })
	f("means of several hours", "2018-07-19", "轻度黑臭", func(w *world) {
		w.sampled("c", "transparency=0.6 orp=120 nh3n=2", three...)
		for _, date := range three { // 11.9 / 6 = 1.98 mg/L
			w.put("c", "do", on(date), sheet.Cell{Number: number("11.9"), Divisor: 6, Valid: true, Count: 6})
		}
	})
}
