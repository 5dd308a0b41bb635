package water

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
)

func averaged(t testing.TB, settings Settings, parameter, numbers string) Measured {
	t.Helper()
	average := settings.NewAverage(parameter)
	for _, number := range strings.Fields(numbers) {
		m, err := ParseMeasured(parameter, number)
		if err != nil {
			t.Fatal(err)
		}
		average.Add(m)
	}
	return average.Measured(&settings)
}

func TestAverages(t *testing.T) {
	f := func(settings Settings, parameter, numbers, want string) {
		t.Helper()
		got := averaged(t, settings, parameter, numbers)
		if !got.Valid || got.Value != fixed(t, want) {
			t.Errorf("mean of %s %s is %s, want %s", parameter, numbers, got.Value, want)
		}
	}
	f(Settings{}, "nh3n", "0.4 1.3 1.7", "1.133333334") // up: the side on which it may not meet a limit
	f(Settings{}, "do", "7.2 5.4 4.1", "5.566666666")   // down
	f(Settings{}, "tp", "0.08 0.24 0.31", "0.21")
	f(Settings{}, "phenol", "0.0003L 0.0011", "0.000625") // half of the detection limit
	f(Settings{}, "phenol", "-- 0.0011 --", "0.0011")
	f(Settings{Comparison: Rounded}, "nh3n", "0.4 1.3 1.7", "1.133")
	f(Settings{Comparison: Rounded}, "do", "7.25 5.4", "6.32") // 6.325 half-even
	f(Settings{Comparison: Rounded}, "hg", "0.00001 0.00002", "0.000015")

	f(Settings{}, "ph", "6 8", "7")
	f(Settings{}, "ph", "9.1 9 9", "9.033333334")
	f(Settings{}, "ph", "5.9 6 6", "5.966666666")
	hydrogen := Settings{PHMean: HydrogenPH}
	f(hydrogen, "ph", "6 8", "6.296708622") // -lg((10^-6+10^-8)/2)
	f(hydrogen, "ph", "9 9 9", "9")
	f(hydrogen, "ph", "7.83", "7.83")
	f(hydrogen, "do", "6 8", "7")

	for _, settings := range []Settings{{}, hydrogen} {
		if got := averaged(t, settings, "ph", "-- --"); got.Valid {
			t.Errorf("a mean of nothing is %s", got.Value)
		}
	}
}

// TestMeansCompareExactly: however a mean is rounded to nine decimals, it has the class of the exact fraction.
func TestMeansCompareExactly(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	keys := []string{"ph", "do", "nh3n", "tp", "hg"}
	for range 20_000 {
		item := ItemOf(River, keys[random.IntN(len(keys))])
		limit := append(item.Limits[:], item.Low, item.High)[random.IntN(7)]
		if limit == 0 {
			continue
		}
		count := uint64(1 + random.IntN(2190))
		sum := int64(limit)*int64(count) + random.Int64N(7) - 3
		exact := big.NewRat(sum, int64(count))
		m := new(Settings).MeanOf(item.Key, mean.Ratio{Sum: mean.SumOf(sum), Count: count})
		if got, want := big.NewRat(int64(m.Value), 1).Cmp(big.NewRat(int64(limit), 1)), exact.Cmp(big.NewRat(int64(limit), 1)); got != want {
			switch { // only the side that matters is kept: a mean that meets may come to lie on the limit
			case item.Bound == AtMost && want < 0 && got == 0, item.Bound == AtLeast && want > 0 && got == 0:
			case item.Bound == Within && limit == item.Low && want > 0 && got == 0, item.Bound == Within && limit == item.High && want < 0 && got <= 0:
			default:
				t.Fatalf("%s: mean %s against %s compares %d, want %d", item.Key, exact.FloatString(12), limit, got, want)
			}
		}
	}
}

func TestChooseOfAMonth(t *testing.T) {
	f := func(automatic, manual, want string) {
		t.Helper()
		got := Choose(nil, sample(t, automatic), sample(t, manual))
		values := map[string]Measured{}
		for _, m := range got {
			values[m.Parameter] = m
		}
		expected := sample(t, want)
		if len(got) != len(expected) || len(values) != len(expected) {
			t.Errorf("%s and %s give %v", automatic, manual, got)
		}
		for _, m := range expected {
			if values[m.Parameter] != m {
				t.Errorf("%s and %s give %v, want %v", automatic, manual, values[m.Parameter], m)
			}
		}
	}
	f("ph=7.1 do=6.1 codmn=3.1 nh3n=0.1 tp=0.01 tn=1.1", "ph=7.2 do=6.2 codmn=3.2 nh3n=0.2 tp=0.02 tn=1.2", "ph=7.1 do=6.1 codmn=3.1 nh3n=0.1 tp=0.01 tn=1.1")
	f("f=0.1 do=6.1", "f=0.2 do=6.2 cod=12", "f=0.2 do=6.1 cod=12")
	f("do=--", "do=6.2", "do=6.2")
	f("f=0.1", "f=--", "f=0.1")
	f("do=--", "do=--", "do=--")
	f("tp=--", "", "tp=--")
	f("", "tp=--", "tp=--")
	f("", "", "")

	before := sample(t, "do=9")
	if got := Choose(before, sample(t, "do=6.1"), nil); len(got) != 2 || got[0].Value != 9e9 || got[1].Value != 6.1e9 {
		t.Errorf("what was there before is touched: %v", got)
	}
}

func TestCompleteness(t *testing.T) {
	c := DefaultCompleteness
	f := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %t", what, got)
		}
	}
	f("one value of a season", c.Season(1), false)
	f("two values of a season", c.Season(2), true)
	f("7 months", c.Year(7), false)
	f("8 months", c.Year(8), true)
}

func TestDisplay(t *testing.T) {
	f := func(parameter, raw, want string) {
		t.Helper()
		if got := Display(parameter, fixed(t, raw)); got != want {
			t.Errorf("%s %s is shown as %s, want %s", parameter, raw, got, want)
		}
	}
	// Raw and shown values of the national platform, 2020-10-01.
	f("water_temp", "18.49908", "18.5")
	f("ph", "8.55188", "8.55")
	f("do", "8.20197", "8.20")
	f("conductivity", "1522.144", "1522.1")
	f("turbidity", "22.50962", "22.5")
	f("codmn", "6.06", "6.06")
	f("nh3n", "0.17", "0.170")
	f("tp", "0.04636", "0.046")
	f("tn", "0.50346", "0.50")
	f("nh3n", "0.0005", "0.0005")
	f("tp", "0.0002", "0.0002")
	f("tp", "0", "0")
	f("turbidity", "126.85", "126.8") // a tie goes to the even digit
	f("turbidity", "23.65", "23.6")
	f("turbidity", "23.75", "23.8")
	f("codmn", "2.0036", "2.00")
	f("nh3n", "0.5002", "0.500")

	f("water_temp", "-0.3", "-0.3")
	f("water_temp", "-0.03", "-0.03")
	f("tp", "0.000000001", "0.000000001")
	f("cod", "14.5", "14")
	f("cod", "15.5", "16")
	f("bod5", "2", "2.0")
	f("phenol", "0.00035", "0.0004")
	f("hg", "0.00004", "0.00004")
	f("fcoli", "1300", "1300")
	if _, ok := Decimals("hg"); ok {
		t.Error("no rule is known for mercury")
	}
	for _, places := range decimals {
		if places.key != "conductivity" && places.key != "turbidity" && places.key != "water_temp" && ItemOf(Lake, places.key) == nil {
			t.Errorf("%s is no item", places.key)
		}
		if reading.BuiltinParameters()[places.key] == nil {
			t.Errorf("%s is no parameter", places.key)
		}
	}
}
