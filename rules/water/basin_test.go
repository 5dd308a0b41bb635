package water

import (
	"fmt"
	"strings"
	"testing"

	"egret/ingest/reading"
)

func river(t testing.TB, sections ...string) []Sampled {
	t.Helper()
	var sampled []Sampled
	for _, values := range sections {
		sampled = append(sampled, Sampled{Values: sample(t, values), Dry: values == "dry"})
	}
	return sampled
}

// counts returns sections of which good are Ⅲ, inferior 劣Ⅴ and the others Ⅳ.
func counts(sections, good, inferior int) *Counts {
	return &Counts{ClassIII: good, ClassIV: sections - good - inferior, Inferior: inferior}
}

// TestShares holds worked example H11 and the edges of the table of river statuses.
func TestShares(t *testing.T) {
	f := func(sections, good, inferior int, ratio string, want Status) {
		t.Helper()
		c := counts(sections, good, inferior)
		if got := c.GoodRatio().Round(1, reading.HalfEven); got != fixed(t, ratio) || c.Status() != want {
			t.Errorf("%d of %d good, %d inferior: %s %%, %v; want %s %%, %v", good, sections, inferior, got, c.Status(), ratio, want)
		}
	}
	f(20, 18, 0, "90", Excellent)
	f(20, 16, 1, "80", Good)
	f(20, 15, 2, "75", Good)
	f(20, 12, 3, "60", LightlyPolluted)
	f(20, 9, 5, "45", ModeratelyPolluted)
	f(20, 6, 9, "30", HeavilyPolluted)

	f(20, 20, 0, "100", Excellent)
	f(20, 18, 2, "90", Excellent)
	f(1000, 899, 0, "89.9", Good)
	f(1000, 749, 199, "74.9", LightlyPolluted)
	f(1000, 749, 200, "74.9", ModeratelyPolluted)
	f(5, 3, 1, "60", ModeratelyPolluted)
	f(1000, 600, 399, "60", ModeratelyPolluted)
	f(1000, 600, 400, "60", HeavilyPolluted) // texts differ: below 60 or below 75
	f(5, 0, 5, "0", HeavilyPolluted)
	f(7, 4, 3, "57.1", HeavilyPolluted) // 3 of 7 are 42.9 %
	f(7, 5, 1, "71.4", LightlyPolluted) // 1 of 7 is 14.3 %
	f(4, 4, 0, "100", StatusUnknown)
	if c := counts(3, 1, 2); c.InferiorRatio().Round(1, reading.HalfEven) != 66.7e9 {
		t.Errorf("2 of 3 are %s %%", c.InferiorRatio().Fixed())
	}
	if (&Counts{Unknown: 7}).GoodRatio().Known() {
		t.Error("a ratio of nothing")
	}
}

// TestFewSections holds worked example H9: three sections are judged by the means of their indicators.
func TestFewSections(t *testing.T) {
	f := func(want Class, main string, sections ...string) *Basin {
		t.Helper()
		basin := JudgeBasin(&Settings{}, River, river(t, sections...))
		if !basin.ByMeans || basin.Means.Class != want || basin.Status != want.Status() || text(basin.Means.Main) != main {
			t.Errorf("%v: %v by means %t, main %s, want %v %s", sections, basin.Means.Class, basin.ByMeans, text(basin.Means.Main), want, main)
		}
		return basin
	}
	basin := f(ClassIV, "nh3n(0.1) tp(0)", "do=7.2 codmn=3.0 nh3n=0.4 tp=0.08", "do=5.4 codmn=6.6 nh3n=1.3 tp=0.24", "do=4.1 codmn=8.1 nh3n=1.7 tp=0.31")
	if want := (Counts{ClassII: 1, ClassIV: 1, ClassV: 1}); basin.Counts != want {
		t.Errorf("single sections: %v", basin.Counts)
	}
	if want := []ParameterClass{{"do", ClassIII}, {"codmn", ClassIII}, {"nh3n", ClassIV}, {"tp", ClassIV}}; fmt.Sprint(basin.Means.ByParameter) != fmt.Sprint(want) {
		t.Errorf("means: %v", basin.Means.ByParameter)
	}
	basin = f(ClassIII, "", "dry", "do=6 tp=0.1", "do=5 tp=0.2", "dry")
	if basin.Dry != 2 || basin.Counts.Evaluated() != 2 || basin.Counts[Unknown] != 0 {
		t.Errorf("%d dry, %d evaluated", basin.Dry, basin.Counts.Evaluated())
	}
	f(ClassII, "", "do=6 tp=0.1", "do=6") // one section does not measure phosphorus
	f(Unknown, "", "do=6 tp=0.1", "do=6 tp=--")
	f(Unknown, "")
	f(Unknown, "", "dry")
	f(ClassIII, "", "do=6", "do=5.999999998") // the exact mean 5.999999999 is below 6
}

func TestRiversOfFiveSections(t *testing.T) {
	f := func(want Status, main string, sections ...string) *Basin {
		t.Helper()
		basin := JudgeBasin(&Settings{}, River, river(t, sections...))
		var words []string
		for _, p := range basin.Main {
			words = append(words, fmt.Sprintf("%s(%s%%)", p.Parameter, p.Rate.Round(1, reading.HalfEven)))
		}
		if got := strings.Join(words, " "); basin.ByMeans || basin.Status != want || got != main {
			t.Errorf("%v: %v, by means %t, main %s, want %v, %s", sections, basin.Status, basin.ByMeans, got, want, main)
		}
		return basin
	}
	basin := f(LightlyPolluted, "nh3n(50%) codmn(33.3%) tp(33.3%)",
		"do=7 nh3n=0.4", "do=6 codmn=6.5 nh3n=1.1 tp=0.25", "do=4 codmn=6.5 nh3n=1.2 tp=0.1", "do=8 nh3n=1.1 tp=0.21", "do=9 nh3n=0.1", "do=9", "dry")
	if basin.Dry != 1 || basin.Counts.Evaluated() != 6 {
		t.Errorf("%d dry, %d evaluated", basin.Dry, basin.Counts.Evaluated())
	}
	basin = f(Excellent, "", "do=8", "do=8", "do=8", "do=8", "do=8", "do=--")
	if basin.Counts[Unknown] != 1 {
		t.Errorf("counts %v", basin.Counts)
	}
	f(StatusUnknown, "", "do=8", "do=8", "do=8", "do=8", "do=--")
	f(Good, "do(20%)", "do=8", "do=8", "do=8", "do=8", "do=4")
}
