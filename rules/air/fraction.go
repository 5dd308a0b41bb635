package air

import (
	"math/big"

	"egret/ingest/reading"
)

// fraction returns the number as a fraction.
func fraction(number reading.Fixed) *big.Rat {
	return big.NewRat(int64(number), int64(reading.FixedOne))
}

// roundFraction rounds a fraction once, from its exact value, to places decimals, 0 to 8.
func roundFraction(r *big.Rat, places int, rounding reading.Rounding) reading.Fixed {
	units := new(big.Int).Mul(r.Num(), big.NewInt(int64(reading.FixedOne)))
	floor, rest := units.DivMod(units, r.Denom(), new(big.Int))
	return reading.Fixed(floor.Int64()).RoundExact(places, rounding, rest.Sign() > 0)
}
