package mean

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// A fraction in its lowest terms is the same number, and no smaller denominator writes it.
func TestLowestTerms(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		count := 1 + random.Uint64N(1<<40)
		sum := SumOf(random.Int64() - random.Int64()).Times(1 + random.Uint64N(1000))
		if random.IntN(2) == 0 { // one that can be reduced
			factor := 1 + random.Uint64N(100)
			count, sum = (1+random.Uint64N(30))*factor, SumOf(random.Int64N(1e12)-5e11).Times(factor)
		}
		r := Ratio{sum, count}
		got, want := rat(r.Lowest()), rat(r)
		if got.Cmp(want) != 0 || want.Denom().Uint64() != r.Lowest().Count {
			t.Fatalf("%v/%d in lowest terms is %v, want %v", sum, count, r.Lowest(), want)
		}
	}
	if (Ratio{}).Lowest().Known() {
		t.Error("no number has become one")
	}
}

func rat(r Ratio) *big.Rat {
	numerator := new(big.Int).Lsh(big.NewInt(r.Sum.High), 64)
	numerator.Add(numerator, new(big.Int).SetUint64(r.Sum.Low))
	return new(big.Rat).SetFrac(numerator, new(big.Int).SetUint64(r.Count))
}
