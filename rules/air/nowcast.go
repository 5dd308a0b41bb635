package air

import (
	"math/big"

	"egret/ingest/reading"
)

// NowCastHours is how many hours the NowCast looks back.
const NowCastHours = 12

// NowCast returns the US EPA's NowCast of particles from hourly values, the newest first, truncated at places decimals:
// 1 for PM2.5, 0 for PM10 (EPA-454/B-24-002, pages 16 and 17), and whether it is valid: two of the latest three hours
// must be. A negative one is not, for AirNow gives it no index. The NowCast of ozone is another one.
func NowCast(hours []Measured, places int) (reading.Fixed, bool) {
	hours = hours[:min(len(hours), NowCastHours)]
	latest := 0
	for i := range min(len(hours), 3) {
		if hours[i].Valid {
			latest++
		}
	}
	if latest < 2 {
		return 0, false
	}
	w, weight := nowCastWeight(hours), big.NewRat(1, 1)
	sum, weights := new(big.Rat), new(big.Rat)
	for i := range hours {
		if hours[i].Valid {
			weights.Add(weights, weight)
			sum.Add(sum, new(big.Rat).Mul(weight, fraction(hours[i].Value)))
		}
		weight = new(big.Rat).Mul(weight, w)
	}
	value := roundFraction(sum.Quo(sum, weights), places, reading.Truncate)
	return value, value >= 0
}

// nowCastWeight returns min/max of the valid hours, at least 1/2. Where the largest is not above 0 it is 1, so that
// hours of clean air give their mean (an assumption: the source would divide by zero).
func nowCastWeight(hours []Measured) *big.Rat {
	var least, most reading.Fixed
	known := false
	for i := range hours {
		if !hours[i].Valid {
			continue
		}
		if !known {
			least, most, known = hours[i].Value, hours[i].Value, true
		}
		least, most = min(least, hours[i].Value), max(most, hours[i].Value)
	}
	switch {
	case most <= 0:
		return big.NewRat(1, 1)
	case least < most-least: // least/most below 1/2
		return big.NewRat(1, 2)
	default:
		return big.NewRat(int64(least), int64(most))
	}
}
