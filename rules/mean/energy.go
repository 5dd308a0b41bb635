package mean

import (
	"math"

	"egret/ingest/reading"
)

// An energy is 10^(L/10) in units of 2^-40. With units of a thousandth a constant level of 60.1 dB would have come back
// as 60.099999999; with these any level from -20 to 200 dB comes back to the ninth decimal, and the sum of a day of
// readings ten times a second at 200 dB still fits 128 bits.
const (
	energyBits = 40
	quietest   = -20e9 // levels below -20 dB count as -20 dB
	loudest    = 200e9 // levels above 200 dB count as 200 dB
)

// energyOf returns the energy of a sound level in dB.
func energyOf(level reading.Fixed) Sum {
	level = min(max(level, quietest), loudest)
	units := math.RoundToEven(math.Ldexp(math.Pow(10, float64(level)/1e10), energyBits))
	high := math.Floor(math.Ldexp(units, -64))
	return Sum{High: int64(high), Low: uint64(units - math.Ldexp(high, 64))}
}

// levelOf returns the level of the mean energy, rounded to the ninth decimal of a dB.
func levelOf(sum Sum, count int) reading.Fixed {
	mean := math.Ldexp(sum.float()/float64(count), -energyBits)
	return reading.Fixed(math.RoundToEven(10 * math.Log10(mean) * 1e9))
}
