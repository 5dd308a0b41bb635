package water

import (
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// TestShareChange holds worked example H13: the change by X = ΔG-ΔD alone.
func TestShareChange(t *testing.T) {
	f := func(before, after *Counts, want Change) {
		t.Helper()
		if got := ShareChange(before, after); got != want {
			t.Errorf("from %v to %v: %v, want %v", *before, *after, got, want)
		}
	}
	f(counts(100, 68, 8), counts(100, 82, 3), SomewhatBetter) // X = 14+5
	f(counts(100, 70, 6), counts(100, 74, 5), NoChange)       // 5
	f(counts(100, 85, 1), counts(100, 60, 9), ClearlyWorse)   // -33
	f(counts(100, 70, 10), counts(100, 76, 13), NoChange)     // 3

	f(counts(100, 50, 0), counts(100, 60, 0), NoChange) // 10 exactly
	f(counts(1000, 500, 0), counts(1000, 601, 0), SomewhatBetter)
	f(counts(100, 50, 0), counts(100, 70, 0), SomewhatBetter) // 20 exactly
	f(counts(1000, 500, 0), counts(1000, 701, 0), ClearlyBetter)
	f(counts(1000, 601, 0), counts(1000, 500, 0), SomewhatWorse)
	f(counts(100, 70, 0), counts(100, 50, 0), SomewhatWorse)
	f(counts(3, 1, 0), counts(7, 3, 0), NoChange)         // 9.52
	f(counts(3, 1, 0), counts(30, 13, 0), NoChange)       // 10 exactly, of thirds
	f(counts(3, 1, 0), counts(60, 27, 0), SomewhatBetter) // 11.67
	f(&Counts{Unknown: 9}, counts(3, 1, 0), ChangeUnknown)
	f(counts(3, 1, 0), &Counts{}, ChangeUnknown)
}

func TestStatusChange(t *testing.T) {
	f := func(before, after Class, want Change) {
		t.Helper()
		if got := StatusChange(before.Status(), after.Status()); got != want {
			t.Errorf("from %v to %v: %v, want %v", before, after, got, want)
		}
	}
	f(ClassI, ClassII, NoChange) // both are 优
	f(ClassIV, ClassIV, NoChange)
	f(ClassII, ClassIII, SomewhatWorse)
	f(ClassIII, ClassI, SomewhatBetter)
	f(ClassIII, ClassV, ClearlyWorse)
	f(ClassII, Inferior, ClearlyWorse)
	f(Inferior, ClassIV, ClearlyBetter)
	f(ClassV, ClassIV, SomewhatBetter)
	f(Inferior, ClassI, ClearlyBetter)
	f(Unknown, ClassI, ChangeUnknown)
	f(ClassI, Unknown, ChangeUnknown)
}

func TestWholeNumbersAsRatios(t *testing.T) {
	for _, number := range []int64{0, 1, -1, 40_000_000_000, -40_000_000_000} {
		if r := (mean.Ratio{Sum: nano(number), Count: 40}); r.Fixed() != reading.Fixed(number*25_000_000) {
			t.Errorf("%d/40 is %s", number, r.Fixed())
		}
	}
}
