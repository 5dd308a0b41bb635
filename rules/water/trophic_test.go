package water

import (
	"slices"
	"testing"
)

// TestTrophicState holds worked example H15.
func TestTrophicState(t *testing.T) {
	f := func(values, index string, grade Grade) Trophic {
		t.Helper()
		state := TrophicState(sample(t, values))
		if !state.Known || state.Index != fixed(t, index) || state.Grade != grade {
			t.Errorf("%s: %s, %s, want %s, %s", values, state.Index, state.Grade, index, grade)
		}
		return state
	}
	state := f("chla=10 tp=.05 tn=1 transparency=1 codmn=4", "48.018", Mesotrophic)
	for i, want := range []TrophicLevel{{"chla", 50.006e9}, {"tp", 45.709e9}, {"tn", 54.530e9}, {"transparency", 51.180e9}, {"codmn", 37.979e9}} {
		if state.Items[i] != want {
			t.Errorf("%v, want %v", state.Items[i], want)
		}
	}
	f("chla=2 tp=.01 tn=.3 transparency=4 codmn=1.5", "25.082", Oligotrophic)
	f("chla=40 tp=.12 tn=2 transparency=.4 codmn=7", "62.792", ModeratelyEutrophic)
	f("chla=150 tp=.4 tn=5 transparency=.2 codmn=12", "78.163", HeavilyEutrophic)
	f("codmn=5.4 transparency=.45 tn=1.49 tp=.083 chla=26", "57.843", LightlyEutrophic)

	// Four items share the weight: (50.006·1 + 45.709·0.7056 + 54.530·0.6724 + 37.979·0.6889) / 3.0669.
	state = f("chla=10 tp=.05 tn=1 codmn=4", "47.308", Mesotrophic)
	if !slices.Equal(state.Missing, []string{"transparency"}) {
		t.Errorf("missing %v", state.Missing)
	}
	f("chla=10 tp=.05 tn=1 transparency=-- codmn=4", "47.308", Mesotrophic)
	f("chla=10 tp=.05 tn=1 transparency=0 codmn=4", "47.308", Mesotrophic)  // 0 has no logarithm
	f("chla=10 tp=.05 tn=1 transparency=1 codmn=8L", "48.018", Mesotrophic) // half of the detection limit

	for _, values := range []string{"", "tp=0.08 codmn=4.6", "chla=10 tp=.05 tn=1 transparency=-- codmn=--"} {
		if state := TrophicState(sample(t, values)); state.Known || state.Grade != GradeUnknown {
			t.Errorf("%q: %s", values, state.Index)
		}
	}
}

func TestTrophicGrades(t *testing.T) {
	f := func(index string, want Grade) {
		t.Helper()
		if got := gradeOf(fixed(t, index)); got != want {
			t.Errorf("%s is %s, want %s", index, got, want)
		}
	}
	f("29.999", Oligotrophic)
	f("30", Mesotrophic)
	f("50", Mesotrophic)
	f("50.001", LightlyEutrophic)
	f("60", LightlyEutrophic)
	f("60.001", ModeratelyEutrophic)
	f("70", ModeratelyEutrophic)
	f("70.001", HeavilyEutrophic)
	f("-5", Oligotrophic)
}
