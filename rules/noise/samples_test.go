package noise

import (
	"math/rand/v2"
	"testing"

	"egret/ingest/reading"
)

// staircase is 40.0, 40.3 … 69.7 in disorder: H24.
func staircase() Samples {
	var all []Level
	for i := range 100 {
		all = append(all, Known(40*dB+reading.Fixed(i)*3*dB/10))
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(100, func(i, j int) { all[i], all[j] = all[j], all[i] })
	return NewSamples(all)
}

func TestLevelsThatAreExceeded(t *testing.T) {
	f := func(samples Samples, percent int, rank, quantile string) {
		t.Helper()
		if got := samples.Exceeded(percent, Rank); got != Known(fixed(t, rank)) {
			t.Errorf("L%d by rank is %s, want %s", percent, got.Value, rank)
		}
		if got := samples.Exceeded(percent, Quantile); got != Known(fixed(t, quantile)) {
			t.Errorf("L%d by quantile is %s, want %s", percent, got.Value, quantile)
		}
	}
	// H24
	stairs := staircase()
	f(stairs, 10, "67", "66.73")
	f(stairs, 50, "55", "54.85")
	f(stairs, 90, "43", "42.97")
	f(stairs, 5, "68.5", "68.215")
	f(stairs, 95, "41.5", "41.485")
	f(stairs, 1, "69.7", "69.403")
	f(stairs, 99, "40.3", "40.297")

	f(NewSamples(levels(t, "61.5")), 10, "61.5", "61.5")
	f(NewSamples(levels(t, "61.5")), 90, "61.5", "61.5")
	f(NewSamples(levels(t, "50 60")), 50, "60", "55")
	f(NewSamples(levels(t, "70 50 - 60")), 50, "60", "60")
	f(NewSamples(levels(t, "70 50 60")), 10, "70", "68")
	f(NewSamples(levels(t, "70 50 60")), 90, "50", "52")
	f(NewSamples(levels(t, "70 50 60 - 40 80")), 20, "80", "72")
	f(NewSamples(levels(t, "70 50 60 - 40 80")), 21, "70", "71.6") // a part of a rank is the next one
	f(NewSamples(levels(t, "0 0.000000001")), 50, "0.000000001", "0")
}

func TestFiguresOfSamples(t *testing.T) {
	stairs := staircase()
	if stairs.Max() != Known(fixed(t, "69.7")) || stairs.Min() != Known(fixed(t, "40")) ||
		stairs.Leq().Value.Round(2, reading.HalfEven) != fixed(t, "61.45") {
		t.Errorf("max %s, min %s, Leq %s", stairs.Max().Value, stairs.Min().Value, stairs.Leq().Value)
	}
	f := func(text, want string) {
		t.Helper()
		if got := NewSamples(levels(t, text)).Deviation(); got != Known(fixed(t, want)) {
			t.Errorf("deviation of %s is %s, want %s", text, got.Value, want)
		}
	}
	f("50 60", "7.071067812") // 10/√2, with n-1
	f("60 60 60", "0")
	f("58 60 62", "2")
	f("- 62 58 60", "2")
	f("40 50 60 70", "12.909944487") // √(500/3)

	if (Samples{}).Deviation().Valid || NewSamples(levels(t, "60")).Deviation().Valid {
		t.Error("fewer than two samples have a deviation")
	}
	none := NewSamples(levels(t, "- -"))
	if len(none) != 0 || none.Max().Valid || none.Min().Valid || none.Leq().Valid || none.Exceeded(50, Rank).Valid || none.Exceeded(50, Quantile).Valid {
		t.Error("no samples have figures")
	}
	if stairs.Exceeded(0, Rank).Valid || stairs.Exceeded(100, Quantile).Valid {
		t.Error("L0 and L100 are levels")
	}
}

func TestLevelsFallAsTheyAreExceededLonger(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		var all []Level
		for range 1 + random.IntN(130) {
			all = append(all, Known(30*dB+reading.Fixed(random.Int64N(int64(90*dB)))))
		}
		samples := NewSamples(all)
		for _, by := range []Exceedance{Rank, Quantile} {
			last := samples.Max()
			for percent := 1; percent <= 99; percent++ {
				level := samples.Exceeded(percent, by)
				if !level.Valid || level.Value > last.Value || level.Value < samples.Min().Value {
					t.Fatalf("of %d samples L%d is %s after %s", len(samples), percent, level.Value, last.Value)
				}
				last = level
			}
		}
	}
}
