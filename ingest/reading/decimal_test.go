package reading

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestLinearIsExactInDecimal(t *testing.T) {
	f := func(number float64, scale, offset string, want float64) {
		t.Helper()
		s, _ := ParseFixed([]byte(scale))
		o, _ := ParseFixed([]byte(offset))
		if got, err := Linear(number, s, o); err != nil || got != want {
			t.Errorf("%v by %s and %s is %v, %v, want %v", number, scale, offset, got, err, want)
		}
	}
	f(352, "0.1", "0", 35.2)
	f(352, "0.1", "-40", -4.8)
	f(3, "0.1", "0", 0.3)
	f(0.1, "3", "0.2", 0.5)
	f(35.2, "0", "0", 35.2) // no scale given
	f(35.2, "0", "-0.2", 35)
	f(-35.2, "1", "0", -35.2)
	f(269.85, "1", "-273.15", -3.3)
	f(0, "0.1", "0", 0)
	f(0, "5", "1.5", 1.5)
	f(65535, "0.000000001", "0", 0.000065535)
	f(1e300, "0.001", "0", 1e297)
	f(1e-300, "1000", "0", 1e-297)
	f(1e-300, "1", "1", 1)
	f(5e-324, "0.1", "0", 0)
	f(0.1, "0.123456789", "9000000000.000000001", 9000000000.012345680)
	f(123456789.12345679, "987654.321987654", "1", 1.219326313565015e14) // too long for 64 bits
}

func TestLinearRefusesWhatIsNoNumber(t *testing.T) {
	for _, number := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64} {
		if got, err := Linear(number, 10*FixedOne, 0); err == nil {
			t.Errorf("ten times %v is %v", number, got)
		}
	}
	if _, err := Linear(math.NaN(), 0, 0); err == nil {
		t.Error("NaN is a number")
	}
}

// Whatever the numbers are, the result is the one that exact arithmetic on their texts gives.
func TestLinearAgreesWithRationalArithmetic(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 13))
	for range 20000 {
		number := float64(random.IntN(2_000_000)-1_000_000) / math.Pow10(random.IntN(6))
		if random.IntN(4) == 0 {
			number = math.Float64frombits(random.Uint64())
		}
		scale, offset := Fixed(random.Int64()>>random.IntN(63)), -Fixed(random.Int64()>>random.IntN(63))
		if random.IntN(2) == 0 {
			scale, offset = -scale, -offset
		}
		if scale == 0 || math.IsNaN(number) || math.IsInf(number, 0) {
			continue
		}
		exact, _ := new(big.Rat).SetString(strconv.FormatFloat(number, 'g', -1, 64))
		factor, _ := new(big.Rat).SetString(scale.String())
		summand, _ := new(big.Rat).SetString(offset.String())
		want, _ := exact.Add(exact.Mul(exact, factor), summand).Float64()
		got, err := Linear(number, scale, offset)
		if math.IsInf(want, 0) != (err != nil) || (err == nil && got != want) {
			t.Fatalf("%v by %s and %s is %v, %v, want %v", number, scale, offset, got, err, want)
		}
	}
}

func TestLinearTakesNoMemory(t *testing.T) {
	tenth, offset := FixedOne/10, -40*FixedOne
	if allocations := testing.AllocsPerRun(100, func() {
		if got, err := Linear(352, tenth, offset); err != nil || got != -4.8 {
			t.Fatal(got, err)
		}
	}); allocations > 0 {
		t.Errorf("it takes %v allocations", allocations)
	}
}

func BenchmarkLinear(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Linear(352, FixedOne/10, -40*FixedOne); err != nil {
			b.Fatal(err)
		}
	}
}
