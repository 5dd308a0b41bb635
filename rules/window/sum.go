package window

import (
	"math"
	"math/bits"

	"egret/ingest/reading"
)

// Sum is an integer of 128 bits in two's complement. Integers add up to the same bits in any order, so a window that
// is rebuilt after a restart, or got its readings late, has exactly the sum it would have had.
type Sum struct {
	High int64
	Low  uint64
}

// SumOf returns the number as a Sum.
func SumOf(number int64) Sum { return Sum{High: number >> 63, Low: uint64(number)} }

// Add returns s + other.
func (s Sum) Add(other Sum) Sum {
	low, carry := bits.Add64(s.Low, other.Low, 0)
	high, _ := bits.Add64(uint64(s.High), uint64(other.High), carry)
	return Sum{High: int64(high), Low: low}
}

// Sub returns s - other.
func (s Sum) Sub(other Sum) Sum {
	low, borrow := bits.Sub64(s.Low, other.Low, 0)
	high, _ := bits.Sub64(uint64(s.High), uint64(other.High), borrow)
	return Sum{High: int64(high), Low: low}
}

// Compare returns -1, 0 or 1 as s is less than, equal to or greater than other.
func (s Sum) Compare(other Sum) int {
	switch {
	case s == other:
		return 0
	case s.High < other.High, s.High == other.High && s.Low < other.Low:
		return -1
	default:
		return 1
	}
}

// product returns number·count.
func product(number reading.Fixed, count int) Sum {
	if number < 0 {
		high, low := bits.Mul64(-uint64(number), uint64(count))
		return Sum{}.Sub(Sum{High: int64(high), Low: low})
	}
	high, low := bits.Mul64(uint64(number), uint64(count))
	return Sum{High: int64(high), Low: low}
}

// quotient returns s/count rounded half-even. It must fit, as the mean of Fixed numbers does.
func (s Sum) quotient(count int) reading.Fixed {
	negative := s.High < 0
	if negative {
		s = Sum{}.Sub(s)
	}
	divisor := uint64(count)
	mean, rest := bits.Div64(uint64(s.High), s.Low, divisor)
	if rest > divisor-rest || (rest == divisor-rest && mean%2 == 1) {
		mean++
	}
	if negative {
		return -reading.Fixed(mean)
	}
	return reading.Fixed(mean)
}

// float returns the nearest float64 but one at most.
func (s Sum) float() float64 { return math.Ldexp(float64(s.High), 64) + float64(s.Low) }
