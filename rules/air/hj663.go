package air

import (
	"math/big"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// YearStatistic says what of a parameter is judged for a year, the same in HJ 663-2013 and HJ 663-2026.
// A parameter complies if all its figures do.
type YearStatistic struct {
	Parameter  string
	Mean       bool // the mean of the year against the year limit
	Percentile int  // this percentile of the days against the day limit
	Source     standard.Source
}

var yearTable = standard.Source{Standard: "HJ 663", Clause: "statistics of a year", Certainty: standard.Reported}

// YearStatistics lists them.
var YearStatistics = []YearStatistic{
	{"so2", true, 98, yearTable},
	{"no2", true, 98, yearTable},
	{"pm10", true, 95, yearTable},
	{"pm25", true, 95, yearTable},
	{"co", false, 95, yearTable},
	{"o3_8h", false, 90, yearTable},
}

// LimitStatistic returns the statistic whose limit judges a parameter's one figure of a year: the limit of the year for
// a mean, of the day for a percentile.
func (s *YearStatistic) LimitStatistic() string {
	if s.Mean {
		return Year
	}
	return Day
}

// ExceedanceMultiple returns by how many times a figure exceeds its limit, (C-S)/S, to 2 decimals; 0 where it does not
// (HJ 663 annex A, from memory).
func ExceedanceMultiple(figure, limit reading.Fixed) reading.Fixed {
	if figure <= limit || limit <= 0 {
		return 0
	}
	return roundFraction(big.NewRat(int64(figure-limit), int64(limit)), 2, reading.HalfEven)
}

// goodDay is the largest index of a good day (优良天).
const goodDay = 100

// GoodDays returns how many of the days' indices are good or excellent.
func GoodDays(daily []int) int {
	good := 0
	for _, index := range daily {
		if index <= goodDay {
			good++
		}
	}
	return good
}

// Rate returns the share of days in per cent, such as of good days or of those that keep a limit among those that are
// valid; no figure where none is. Published to 1 decimal (HJ 663, from memory).
func Rate(days, valid int) mean.Ratio {
	const percent = 100 * int64(reading.FixedOne)
	return mean.Ratio{Sum: mean.SumOf(int64(days) * percent), Count: uint64(valid)}
}
