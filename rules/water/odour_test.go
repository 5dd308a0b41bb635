package water

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// good is a sample whose items are all far from black-odorous.
const good = "transparency=1 depth=3 do=6 orp=200 nh3n=1"

// with returns the good sample with one item replaced.
func with(item string) string {
	key, _, _ := strings.Cut(item, "=")
	words := strings.Fields(good)
	for i, word := range words {
		if strings.HasPrefix(word, key+"=") {
			words[i] = item
		}
	}
	return strings.Join(words, " ")
}

func TestUrbanSamples(t *testing.T) {
	f := func(values string, want Degree) {
		t.Helper()
		if got := Urban.Sample(sample(t, values)); got != want {
			t.Errorf("%s is %v, want %v", values, got, want)
		}
	}
	f(good, NoOdour)
	f(with("transparency=0.25"), NoOdour)
	f(with("transparency=0.249"), LightlyOdorous)
	f(with("transparency=0.10"), LightlyOdorous)
	f(with("transparency=0.099"), HeavilyOdorous)
	f(with("do=2"), NoOdour)
	f(with("do=1.99"), LightlyOdorous)
	f(with("do=0.2"), LightlyOdorous)
	f(with("do=0.19"), HeavilyOdorous)
	f(with("orp=50.1"), NoOdour)
	f(with("orp=50"), LightlyOdorous)
	f(with("orp=-200"), LightlyOdorous)
	f(with("orp=-200.1"), HeavilyOdorous)
	f(with("nh3n=8"), NoOdour)
	f(with("nh3n=8.01"), LightlyOdorous)
	f(with("nh3n=15"), LightlyOdorous)
	f(with("nh3n=15.01"), HeavilyOdorous)

	// Water shallower than 25 cm: 40 % of the depth.
	f("transparency=0.2 depth=0.2 do=6 orp=200 nh3n=1", NoOdour)
	f("transparency=0.199 depth=0.2 do=6 orp=200 nh3n=1", LightlyOdorous)
	f("transparency=0.08 depth=0.2 do=6 orp=200 nh3n=1", LightlyOdorous)
	f("transparency=0.079 depth=0.2 do=6 orp=200 nh3n=1", HeavilyOdorous)
	f("transparency=0.24 depth=0.25 do=6 orp=200 nh3n=1", LightlyOdorous) // deep enough
	f("transparency=0.24 depth=-- do=6 orp=200 nh3n=1", LightlyOdorous)

	// One item tells that it is, all tell that it is not.
	f("do=1.5", LightlyOdorous)
	f("nh3n=16 do=6", HeavilyOdorous)
	f("transparency=1 do=6 nh3n=1", DegreeUnknown)
	f(with("orp=--"), DegreeUnknown)
	f("", DegreeUnknown)
}

func TestRuralSamples(t *testing.T) {
	f := func(values string, want Degree) {
		t.Helper()
		if got := Rural.Sample(sample(t, values)); got != want {
			t.Errorf("%s is %v, want %v", values, got, want)
		}
	}
	f("transparency=0.25 do=2 nh3n=15", NoOdour)
	f("transparency=0.249 do=2 nh3n=15", RurallyOdorous)
	f("transparency=0.25 do=1.99 nh3n=15", RurallyOdorous)
	f("transparency=0.25 do=2 nh3n=15.01", RurallyOdorous)
	f("transparency=0.08 depth=0.2 do=2 nh3n=15", NoOdour)
	f("transparency=0.079 depth=0.2 do=2 nh3n=15", RurallyOdorous)
	f("do=2 nh3n=15", DegreeUnknown)
}

// TestUrbanPoints: 60 % of one item's values, or 30 % of those of two.
func TestUrbanPoints(t *testing.T) {
	f := func(want Degree, samples ...string) {
		t.Helper()
		point := NewOdourPoint(Urban)
		for _, values := range samples {
			point.Add(sample(t, values))
		}
		if got := point.Degree(); got != want {
			t.Errorf("%v is %v, want %v", samples, got, want)
		}
	}
	times := func(n int, values string) []string { return slices.Repeat([]string{values}, n) }
	join := func(parts ...[]string) []string { return slices.Concat(parts...) }

	f(NoOdour, good, good, good)
	f(LightlyOdorous, good, good, with("do=1.5"))
	f(LightlyOdorous, join(times(2, with("do=0.1")), times(2, good))...)                            // 50 % of one
	f(HeavilyOdorous, join(times(3, with("do=0.1")), times(2, good))...)                            // 60 % of one
	f(LightlyOdorous, join(times(5, with("do=0.1")), times(4, good))...)                            // 55.6 %
	f(HeavilyOdorous, join(times(3, with("do=0.1")), times(3, with("nh3n=16")), times(4, good))...) // 30 % of two
	f(LightlyOdorous, join(times(3, with("do=0.1")), times(2, with("nh3n=16")), times(5, good))...) // 30 and 20 %
	f(HeavilyOdorous, "do=0.1", "do=0.1", "do=6")                                                   // of the values that are there
	f(DegreeUnknown, with("do=0.1"), with("do=0.1"))                                                // two samples are too few
	f(DegreeUnknown, "do=6", "do=6", "do=6")
	f(NoOdour, good, good, "do=6")
	f(DegreeUnknown)

	rural := NewOdourPoint(Rural)
	for range 3 {
		rural.Add(sample(t, "do=1"))
	}
	if rural.Degree() != RurallyOdorous {
		t.Errorf("rural water is %v", rural.Degree())
	}
}

func degrees(letters string) []Degree {
	var points []Degree
	for _, letter := range letters {
		points = append(points, map[rune]Degree{'?': DegreeUnknown, '-': NoOdour, 'l': LightlyOdorous, 'h': HeavilyOdorous}[letter])
	}
	return points
}

func TestReaches(t *testing.T) {
	f := func(points, want string) {
		t.Helper()
		if got := fmt.Sprint(HeavyReaches(degrees(points))); got != want {
			t.Errorf("%s: %s, want %s", points, got, want)
		}
	}
	f("hhh", "[{0 2}]")
	f("lhhhhl", "[{1 4}]")
	f("hhlhh", "[]")
	f("hh?hh", "[]")
	f("hhh-hhh", "[{0 2} {4 6}]")
	f("-hhlhhhl-hhhh", "[{4 6} {9 12}]")
	f("", "[]")
}

func TestWholeWater(t *testing.T) {
	f := func(points string, want Degree) {
		t.Helper()
		if got := WaterDegree(degrees(points)); got != want {
			t.Errorf("%s is %v, want %v", points, got, want)
		}
	}
	f("hhhll", HeavilyOdorous)
	f("hhlll", LightlyOdorous)
	f("hhl-?", DegreeUnknown) // the fifth may make it 60 %
	f("h-l-?", LightlyOdorous)
	f("hhh??", HeavilyOdorous)
	f("-----", NoOdour)
	f("----?", DegreeUnknown)
	f("----l", LightlyOdorous)
	f("hh", DegreeUnknown)
	f("", DegreeUnknown)
}
