package mean

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"egret/ingest/reading"
)

func fixed(t testing.TB, text string) reading.Fixed {
	t.Helper()
	f, err := reading.ParseFixed([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func bigOf(s Sum) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(s.High), 64)
	return n.Add(n, new(big.Int).SetUint64(s.Low))
}

func TestSumAgreesWithBigIntegers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		count := 1 + random.IntN(90000)
		limit := reading.Fixed(random.Uint64() >> random.IntN(64))
		if random.IntN(2) == 0 {
			limit = -limit
		}
		s, n := Sum{}, new(big.Int)
		for range 5 {
			term := int64(random.Uint64()) >> random.IntN(60)
			s, n = s.Add(SumOf(term)), n.Add(n, big.NewInt(term))
		}
		s, n = s.Sub(SumOf(int64(limit))), n.Sub(n, big.NewInt(int64(limit)))
		if bigOf(s).Cmp(n) != 0 {
			t.Fatalf("sum %v, want %v", bigOf(s), n)
		}
		p := new(big.Int).Mul(big.NewInt(int64(limit)), big.NewInt(int64(count)))
		product := SumOf(int64(limit)).Times(uint64(count))
		if bigOf(product).Cmp(p) != 0 || s.Compare(product) != n.Cmp(p) {
			t.Fatalf("%d·%d: product %v, want %v", limit, count, bigOf(product), p)
		}
		if got := (Ratio{product, uint64(count)}).Fixed(); got != limit {
			t.Fatalf("mean of %d equal numbers %d is %d", count, limit, got)
		}
	}
}

func TestMeanIsRoundedHalfEven(t *testing.T) {
	f := func(count int, sum int64, want reading.Fixed) {
		t.Helper()
		if got := (Ratio{SumOf(sum), uint64(count)}).Fixed(); got != want {
			t.Errorf("%d/%d = %d, want %d", sum, count, got, want)
		}
	}
	f(2, 5, 2)
	f(2, 7, 4)
	f(2, -5, -2)
	f(2, -7, -4)
	f(3, 5, 2)
	f(3, -4, -1)
	f(4, 0, 0)
}

func TestEnergyMeanOfAConstantLevelIsThatLevel(t *testing.T) {
	for level := reading.Fixed(-20e9); level <= 200e9; level += 100_000_000 {
		total := Total{Law: reading.Energy}
		for range 7 {
			total.Add(level)
		}
		if total.Mean() != level || total.Compare(level) != 0 {
			t.Fatalf("7 times %s dB is %s dB", level, total.Mean())
		}
	}
}

func TestEnergyMean(t *testing.T) {
	f := func(want string, levels ...string) {
		t.Helper()
		total := Total{Law: reading.Energy}
		for _, level := range levels {
			total.Add(fixed(t, level))
		}
		if total.Mean() != fixed(t, want) {
			t.Errorf("mean of %v dB is %s, want %s", levels, total.Mean(), want)
		}
	}
	f("57.403626895", "60", "50")                     // 10·lg((10^6+10^5)/2)
	f("63.97940139", "70", "0", "0", "0")             // one in four: 70-10·lg 4, and a little
	f("200", "250", "9000")                           // beyond what is a sound
	f("-20", "-100", "-9000")                         // the same downwards
	f("96.989700043", "100", "-9000")                 // half the time nothing
	f("60.1", "60.1", "60.1", "60.1", "60.1")         // nothing is lost
	f("85.000000001", "85.000000001", "85.000000001") // to the last digit
}

func TestRatioIsRoundedOnceFromItsExactValue(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		sum, count := int64(random.Uint64())>>random.IntN(60), 1+random.Uint64N(9e12)
		if random.IntN(2) == 0 {
			count = 1 + random.Uint64N(8) // so that ties come
		}
		places := random.IntN(9)
		exact := new(big.Rat).SetFrac(big.NewInt(sum), new(big.Int).SetUint64(count))
		unit := big.NewRat(1, 1)
		for range 9 - places {
			unit.Mul(unit, big.NewRat(10, 1))
		}
		for _, rounding := range []reading.Rounding{reading.HalfEven, reading.HalfUp, reading.Upward, reading.Truncate} {
			want := roundRat(new(big.Rat).Quo(exact, unit), rounding)
			want.Mul(want, unit.Num())
			if got := (Ratio{SumOf(sum), count}).Round(places, rounding); want.Cmp(big.NewInt(int64(got))) != 0 {
				t.Fatalf("%d/%d to %d places %s is %d, want %s", sum, count, places, rounding, got, want)
			}
		}
	}
}

// roundRat is the definition of each rounding.
func roundRat(r *big.Rat, rounding reading.Rounding) *big.Int {
	floor := new(big.Int)
	rest := new(big.Int)
	floor.DivMod(r.Num(), r.Denom(), rest) // Euclidean: the floor, as denominators are positive
	side := new(big.Int).Lsh(rest, 1).Cmp(r.Denom())
	up := false
	switch rounding {
	case reading.HalfEven:
		up = side > 0 || (side == 0 && floor.Bit(0) == 1)
	case reading.HalfUp:
		up = side > 0 || (side == 0 && r.Sign() >= 0)
	case reading.Upward:
		up = rest.Sign() > 0
	case reading.Truncate:
		up = rest.Sign() > 0 && r.Sign() < 0
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return floor
}

func TestMeanOfMeansIsExact(t *testing.T) {
	var year Means
	for range 3 {
		year.Add(Ratio{SumOf(1e9), 3}) // a third of a unit, three times
	}
	if year.Mean().Compare(333_333_333) != 1 || year.Mean().Compare(333_333_334) != -1 {
		t.Error("the mean of three thirds is no third")
	}
	var days Means
	days.Add(Ratio{SumOf(106e9), 3}) // 35 1/3
	days.Add(Ratio{SumOf(107e9), 3}) // 35 2/3
	if got := days.Mean().Round(0, reading.HalfEven); got != 36e9 || days.Mean().Compare(35_500_000_000) != 0 {
		t.Errorf("35 1/3 and 35 2/3 have the mean 35.5, which is even at 36: %s", got)
	}
	if got := Whole(10e9).Common().Between(Whole(20e9).Common(), 3, 4); got.Compare(17_500_000_000) != 0 {
		t.Errorf("three quarters of the way from 10 to 20 is %s", got.Fixed())
	}
}
