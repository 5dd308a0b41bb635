package average

import (
	"math/big"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// The sources of the trend, of air and of water: formula and critical values are the same as far as both have them.
var (
	AirTrendSource   = standard.Source{Standard: "HJ 663", Clause: "annex B", Certainty: standard.Remembered}
	WaterTrendSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "Spearman rank correlation", Certainty: standard.Remembered}
)

// Critical is a row of the table of critical values W of Spearman's coefficient, one-sided.
type Critical struct {
	Periods  int
	At5, At1 reading.Fixed // at the levels 0.05 and 0.01
}

// criticals: HJ 663 has the level 0.05 of 5 to 10 periods, 环办〔2011〕22号 all of it (both from memory).
var criticals = []Critical{
	{5, 0.900e9, 1.000e9},
	{6, 0.829e9, 0.943e9},
	{7, 0.714e9, 0.893e9},
	{8, 0.643e9, 0.833e9},
	{9, 0.600e9, 0.783e9},
	{10, 0.564e9, 0.746e9},
	{12, 0.506e9, 0.712e9},
}

// Trend says whether a figure rises or falls from period to period.
type Trend struct {
	Coefficient *big.Rat // Spearman's coefficient of rank correlation with time, exact, -1 to 1
	Critical    Critical // the row that it is held against
	Direction   int      // 1 rising, -1 falling at the level 0.05, 0 no significant trend
}

// Spearman returns the trend of a figure over five or more periods in their order, by rs = 1-6Σd²/(N³-N); false with
// fewer, or where one of them has no figure. Equal figures share the mean of their ranks, for which the formula is not
// corrected. Assumed: a coefficient that reaches the critical value is significant; for a number of periods that the
// table has no row for, the next smaller row is used, whose value is the stricter.
func Spearman(figures []mean.Ratio) (Trend, bool) {
	n := int64(len(figures))
	if len(figures) < criticals[0].Periods {
		return Trend{}, false
	}
	exact := make([]*big.Rat, n)
	for i := range figures {
		if !figures[i].Known() {
			return Trend{}, false
		}
		exact[i] = fraction(figures[i])
	}
	squares := int64(0) // 4·Σd², for ranks may end in a half
	for i := range exact {
		d := doubledRank(exact, i) - 2*int64(i+1)
		squares += d * d
	}
	var t Trend
	t.Coefficient = big.NewRat(6*squares, 4*(n*n*n-n))
	t.Coefficient.Sub(big.NewRat(1, 1), t.Coefficient)
	for _, row := range criticals {
		if row.Periods <= len(figures) {
			t.Critical = row
		}
	}
	if new(big.Rat).Abs(t.Coefficient).Cmp(big.NewRat(int64(t.Critical.At5), int64(reading.FixedOne))) >= 0 {
		t.Direction = t.Coefficient.Sign()
	}
	return t, true
}

// fraction returns the figure in units of 1e-9.
func fraction(r mean.Ratio) *big.Rat {
	sum := big.NewInt(r.Sum.High)
	sum.Lsh(sum, 64).Add(sum, new(big.Int).SetUint64(r.Sum.Low))
	return new(big.Rat).SetFrac(sum, new(big.Int).SetUint64(r.Count))
}

// doubledRank returns twice the rank of a figure among all, 2 for the least.
func doubledRank(figures []*big.Rat, i int) int64 {
	rank := int64(1)
	for _, other := range figures {
		switch other.Cmp(figures[i]) {
		case -1:
			rank += 2
		case 0:
			rank++
		}
	}
	return rank
}
