package air

import (
	"math/big"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// CompositeRule is the source of the composite index.
var CompositeRule = standard.Source{Standard: "notices of MEE and the provinces", Clause: "composite index (环境空气质量综合指数)", Certainty: standard.Reported}

// Composite is the composite index of a place for a month, quarter or year: the sum of each figure over its limit.
type Composite struct {
	Known bool          // all six figures are there
	Value reading.Fixed // rounded half to even, once, to 2 decimals
	Terms []CompositeTerm
	Main  []string // the main pollutants: those with the largest term
}

// CompositeTerm is the part of one pollutant (单项指数).
type CompositeTerm struct {
	Parameter string
	Limit     Limit
	Value     reading.Fixed // rounded to 2 decimals
}

// Composite returns the composite index under the grade-2 limits of the edition: means of so2, no2, pm10 and pm25 over
// the year limits, P95 of co over the day limit, P90 of o3_8h over its limit.
func (e *LimitEdition) Composite(figures []Measured) Composite {
	var c Composite
	sum, largest := new(big.Rat), new(big.Rat)
	for i := range YearStatistics {
		s := &YearStatistics[i]
		limit, limited := e.Limit(s.Parameter, s.LimitStatistic(), Grade2)
		figure, valid := find(figures, s.Parameter)
		if !limited || !valid {
			return Composite{}
		}
		term := big.NewRat(int64(figure), int64(limit.Value))
		sum.Add(sum, term)
		switch term.Cmp(largest) {
		case 1:
			largest, c.Main = term, []string{s.Parameter}
		case 0:
			c.Main = append(c.Main, s.Parameter)
		}
		c.Terms = append(c.Terms, CompositeTerm{s.Parameter, limit, roundFraction(term, 2, reading.HalfEven)})
	}
	c.Known, c.Value = true, roundFraction(sum, 2, reading.HalfEven)
	return c
}
