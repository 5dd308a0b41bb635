package mean

import (
	"math/bits"

	"egret/ingest/reading"
)

// Ratio is an exact fraction: Sum/Count in units of 1e-9. The zero Ratio, without a count, is no number at all.
type Ratio struct {
	Sum   Sum
	Count uint64
}

// Whole returns the number as a Ratio.
func Whole(number reading.Fixed) Ratio { return Ratio{Sum: SumOf(int64(number)), Count: 1} }

// Known says whether there is a number.
func (r Ratio) Known() bool { return r.Count > 0 }

// floor returns the largest Fixed that is not above the fraction, and the rest of the division.
func (r Ratio) floor() (floor reading.Fixed, rest uint64) {
	s, negative := r.Sum, r.Sum.High < 0
	if negative {
		s = Sum{}.Sub(s)
	}
	whole, rest := bits.Div64(uint64(s.High), s.Low, r.Count)
	if !negative {
		return reading.Fixed(whole), rest
	}
	if rest == 0 {
		return -reading.Fixed(whole), 0
	}
	return -reading.Fixed(whole) - 1, r.Count - rest
}

// Lowest returns the fraction in its lowest terms.
func (r Ratio) Lowest() Ratio {
	negative := r.Sum.High < 0
	sum := r.Sum
	if negative {
		sum = Sum{}.Sub(sum)
	}
	if r.Count == 0 {
		return r
	}
	// The remainder of 128 bits by 64 is all that Euclid's algorithm needs of the numerator.
	_, rest := bits.Div64(uint64(sum.High)%r.Count, sum.Low, r.Count)
	divisor := r.Count
	for rest != 0 {
		divisor, rest = rest, divisor%rest
	}
	high, carry := uint64(sum.High)/divisor, uint64(sum.High)%divisor
	low, _ := bits.Div64(carry, sum.Low, divisor)
	reduced := Sum{High: int64(high), Low: low}
	if negative {
		reduced = Sum{}.Sub(reduced)
	}
	return Ratio{Sum: reduced, Count: r.Count / divisor}
}

// Round returns the fraction rounded once, from its exact value, to places decimals, 0 to 8.
func (r Ratio) Round(places int, rounding reading.Rounding) reading.Fixed {
	if r.Count == 0 {
		return 0
	}
	floor, rest := r.floor()
	return floor.RoundExact(places, rounding, rest > 0)
}

// Fixed returns the fraction rounded half-even to the ninth decimal, 0 where there is none.
func (r Ratio) Fixed() reading.Fixed {
	if r.Count == 0 {
		return 0
	}
	floor, rest := r.floor()
	if rest > r.Count-rest || (rest == r.Count-rest && floor%2 != 0) {
		floor++
	}
	return floor
}

// Compare returns -1, 0 or 1 as the exact fraction lies below, on or above the limit.
func (r Ratio) Compare(limit reading.Fixed) int {
	return r.Sum.Compare(SumOf(int64(limit)).Times(r.Count))
}

// Between returns the point that lies part/whole of the way from r to next, both of which must have one Count.
func (r Ratio) Between(next Ratio, part, whole uint64) Ratio {
	sum := r.Sum.Times(whole - part).Add(next.Sum.Times(part))
	return Ratio{Sum: sum, Count: r.Count * whole}
}

// common is the least common multiple of the counts 1 to 25, as many hours as a day may have: the means of days have
// it as their common denominator, so that the mean of a year is exact although each day's may not be.
const common = 26_771_144_400

// Common returns the fraction over the denominator that all means of up to 25 values share. A mean of more is rounded
// to the ninth decimal first.
func (r Ratio) Common() Ratio {
	switch {
	case r.Count == 0:
		return r
	case common%r.Count != 0:
		r = Whole(r.Fixed())
	}
	return Ratio{Sum: r.Sum.Times(common / r.Count), Count: common}
}

// Means adds up means of up to 25 values, such as the days of a year, each with the same weight.
type Means struct {
	Count int
	sum   Sum
}

// Add adds a mean.
func (m *Means) Add(r Ratio) {
	m.sum = m.sum.Add(r.Common().Sum)
	m.Count++
}

// Remove takes a mean out that was added before.
func (m *Means) Remove(r Ratio) {
	m.sum = m.sum.Sub(r.Common().Sum)
	m.Count--
}

// Mean returns the exact mean of the means, no number where there were none.
func (m *Means) Mean() Ratio { return Ratio{Sum: m.sum, Count: common * uint64(m.Count)} }
