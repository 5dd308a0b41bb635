package mean

import (
	"math"
	"math/bits"
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

// Times returns s·factor. It must fit.
func (s Sum) Times(factor uint64) Sum {
	if s.High < 0 {
		return Sum{}.Sub(Sum{}.Sub(s).Times(factor))
	}
	high, low := bits.Mul64(s.Low, factor)
	return Sum{High: int64(high + uint64(s.High)*factor), Low: low}
}

// float returns the nearest float64 but one at most.
func (s Sum) float() float64 { return math.Ldexp(float64(s.High), 64) + float64(s.Low) }
