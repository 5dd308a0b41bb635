package reading

import "fmt"

// Rounding says which of two neighbouring numbers a number between them becomes.
type Rounding uint8

// The ways of rounding. GB/T 8170 rounds half to even; feeds and other countries differ, so it is a setting of the source.
const (
	HalfEven Rounding = iota // to the nearer; a tie to the even one (四舍六入五成双)
	HalfUp                   // to the nearer; a tie away from zero
	Upward                   // to the larger one
	Truncate                 // to the one nearer to zero
)

var roundingNames = [...]string{"half-even", "half-up", "up", "truncate"}

// String returns the name under which configurations know the rounding.
func (r Rounding) String() string {
	if int(r) < len(roundingNames) {
		return roundingNames[r]
	}
	return fmt.Sprintf("rounding(%d)", uint8(r))
}

// decimalUnits holds the unit of the n-th decimal place as a Fixed.
var decimalUnits = [...]Fixed{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1}

// Round returns the number rounded to places decimals, 0 to 9.
func (f Fixed) Round(places int, rounding Rounding) Fixed {
	return f.RoundExact(places, rounding, false)
}

// RoundExact rounds a number that is known to the ninth decimal only: where more is set, the exact number lies above
// f by less than one unit of the ninth decimal.
func (f Fixed) RoundExact(places int, rounding Rounding, more bool) Fixed {
	unit := decimalUnits[min(places, 9)]
	rest := f % unit
	if rest < 0 {
		rest += unit
	}
	down := f - rest // the largest multiple of unit that is not above f
	if rest == 0 && !more {
		return f
	}
	half := 2*rest - unit // its sign says on which side of the middle f lies
	if unit == 1 {
		half = -1 // nothing is known of how much more
	}
	if half == 0 && more {
		half = 1
	}
	up := false
	switch rounding {
	case HalfEven:
		up = half > 0 || (half == 0 && (down/unit)%2 != 0)
	case HalfUp:
		up = half > 0 || (half == 0 && f >= 0)
	case Upward:
		up = true
	case Truncate:
		up = f < 0
	}
	if up {
		return down + unit
	}
	return down
}
