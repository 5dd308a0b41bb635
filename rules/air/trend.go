package air

import (
	"math/big"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// TrendRule is the source of the trend: annex B has the coefficient; the formula and critical values are from memory.
var TrendRule = standard.Source{Standard: "HJ 663", Clause: "annex B", Certainty: standard.Remembered}

// criticalValues are those of Spearman's coefficient for 5 to 10 periods at the level 0.05, one-sided.
var criticalValues = printed("0.900 0.829 0.714 0.643 0.600 0.564")

// FewestPeriods is the number of years below which there is no trend.
const FewestPeriods = 5

// Trend says whether figures rise or fall from period to period.
type Trend struct {
	Known       bool
	Coefficient *big.Rat      // Spearman's coefficient of rank correlation with time, -1 to 1
	Critical    reading.Fixed // the coefficient from which a trend is significant
	Direction   int           // 1 rising, -1 falling, 0 no significant trend
}

// Spearman returns the trend of 5 to 10 figures in order of time. Figures that are equal share the mean of their ranks.
// A coefficient as large as the critical value is significant (an assumption).
func Spearman(figures []mean.Ratio) Trend {
	n := int64(len(figures))
	if n < FewestPeriods || int(n) >= FewestPeriods+len(criticalValues) {
		return Trend{}
	}
	squares := int64(0) // of four times the differences, for ranks may end in a half
	for i := range figures {
		if !figures[i].Known() {
			return Trend{}
		}
		difference := 2*int64(i+1) - doubleRank(figures, i)
		squares += difference * difference
	}
	t := Trend{Known: true, Critical: criticalValues[n-FewestPeriods]}
	t.Coefficient = big.NewRat(6*squares, 4*(n*n*n-n))
	t.Coefficient.Sub(big.NewRat(1, 1), t.Coefficient)
	if new(big.Rat).Abs(t.Coefficient).Cmp(fraction(t.Critical)) >= 0 {
		t.Direction = t.Coefficient.Sign()
	}
	return t
}

// doubleRank returns twice the rank of a figure among all, 1 being the smallest.
func doubleRank(figures []mean.Ratio, i int) int64 {
	rank := int64(1)
	own := figures[i].Common().Sum
	for k := range figures {
		switch figures[k].Common().Sum.Compare(own) {
		case -1:
			rank += 2
		case 0:
			rank++
		}
	}
	return rank
}
