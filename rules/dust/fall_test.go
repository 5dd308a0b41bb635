package dust

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

func fixed(t testing.TB, text string) reading.Fixed {
	t.Helper()
	f, err := reading.ParseFixed([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

// jar is 15 cm wide, as most are: 176.715 cm².
func jar(t testing.TB, dry, dish, blank, days string) Jar {
	t.Helper()
	return Jar{Dry: fixed(t, dry), Dish: fixed(t, dish), Blank: fixed(t, blank), Mouth: fixed(t, "176.715"), Days: fixed(t, days)}
}

func TestDustFall(t *testing.T) {
	const meets, exceeds = standard.Meets, standard.Exceeds
	f := func(j Jar, want, target string, verdict standard.Verdict) {
		t.Helper()
		rate, err := j.Rate()
		if err != nil || rate.Round(2, reading.HalfEven) != fixed(t, want) || JudgeFall(rate, fixed(t, target)) != verdict {
			t.Errorf("%+v: %s, %v, %s", j, rate.Fixed(), err, JudgeFall(rate, fixed(t, target)))
		}
	}
	f(jar(t, "0.2150", "0", "0", "31"), "11.77", "9", exceeds)             // H25
	f(jar(t, "0.0480", "0", "0", "29"), "2.81", "9", meets)                // H26
	f(jar(t, "52.2163", "52.0000", "0.0013", "31"), "11.77", "9", exceeds) // the same with a dish and a blank
	f(jar(t, "52.0493", "52.0000", "0.0013", "29"), "2.81", "5", meets)
	f(jar(t, "50", "50", "0.001", "30"), "-0.06", "9", meets)
	f(jar(t, "0.2150", "0", "0", "31.04"), "11.77", "9", exceeds) // taken to 31.0 d
	f(jar(t, "0.2150", "0", "0", "31.06"), "11.74", "9", exceeds) // and to 31.1 d

	// 100 cm², 30 days and 0.09 g are 9 exactly: on the target, and a tenth of a milligram above
	even := Jar{Dry: fixed(t, "0.09"), Mouth: fixed(t, "100"), Days: fixed(t, "30")}
	f(even, "9", "9", meets)
	even.Dry = fixed(t, "0.090000001")
	f(even, "9", "9", exceeds)
	if JudgeFall(mean.Ratio{}, fixed(t, "9")) != standard.NotEnough {
		t.Error("no rate is judged")
	}
}

func TestDustFallIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		j := Jar{
			Dry:   reading.Fixed(random.Int64N(1000e9)),
			Dish:  reading.Fixed(random.Int64N(1000e9)),
			Blank: reading.Fixed(random.Int64N(1e9)),
			Mouth: 10e9 + reading.Fixed(random.Int64N(99_990e9)),
			Days:  reading.Fixed(10+random.Int64N(9990)) * 1e8,
		}
		rate, err := j.Rate()
		if err != nil {
			t.Fatal(err)
		}
		// (m1-m0-m2)/(S·n)·30·10⁴, all in units of 1e-9
		want := new(big.Rat).SetInt64(int64(j.Dry - j.Dish - j.Blank))
		want.Mul(want, big.NewRat(300_000*1e9, 1))
		want.Quo(want, new(big.Rat).SetInt64(int64(j.Mouth)))
		want.Quo(want, new(big.Rat).SetInt64(int64(j.Days)))
		sum := new(big.Int).Lsh(big.NewInt(rate.Sum.High), 64)
		sum.Add(sum, new(big.Int).SetUint64(rate.Sum.Low))
		got := new(big.Rat).SetFrac(sum, new(big.Int).SetUint64(rate.Count))
		got.Mul(got, big.NewRat(1, 1e9))
		if got.Cmp(want) != 0 {
			t.Fatalf("%+v: %s, want %s", j, got.FloatString(12), want.FloatString(12))
		}
	}
}

func TestJarsThatCannotBe(t *testing.T) {
	f := func(spoil func(*Jar)) {
		t.Helper()
		j := jar(t, "52", "51", "0.001", "30")
		if _, err := j.Rate(); err != nil {
			t.Fatal(err)
		}
		spoil(&j)
		if rate, err := j.Rate(); !errors.Is(err, ErrJar) || rate.Known() {
			t.Errorf("%+v: %s, %v", j, rate.Fixed(), err)
		}
	}
	f(func(j *Jar) { j.Days = 0 })
	f(func(j *Jar) { j.Days = -30e9 })
	f(func(j *Jar) { j.Days = 1001e9 })
	f(func(j *Jar) { j.Mouth = 0 })
	f(func(j *Jar) { j.Mouth = 9e9 })
	f(func(j *Jar) { j.Mouth = 100_001e9 })
	f(func(j *Jar) { j.Dry = -1 })
	f(func(j *Jar) { j.Dish = 1000e9 + 1 })
	f(func(j *Jar) { j.Blank = -1 })
}

func TestFiguresOfDustFall(t *testing.T) {
	f := func(got reading.Fixed, want string) {
		t.Helper()
		if got != fixed(t, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	f(FallDetected, "0.3")
	f(FallQuantified, "1.2")
	f(FallTargets[0].Limit, "9")
	f(FallTargets[1].Limit, "5")
	if FallTargets[0].Source.Certainty != standard.Reported || FallTargets[1].Source.Certainty != standard.Remembered {
		t.Errorf("%+v", FallTargets)
	}
}
