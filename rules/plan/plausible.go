package plan

import (
	"egret/ingest/reading"
)

// unbounded is taken for the largest figure of a parameter about which nothing is known, and for a day that may be
// anything. It leaves room for a sum of figures to be rounded.
const unbounded = 9_000_000_000 * reading.FixedOne

// builtin are the parameters whose bounds are known here.
var builtin = reading.BuiltinParameters()

// plausible returns the smallest and the largest figure that a day of a parameter may have. Nothing is said of one that
// is declared in a configuration: it stays undecided until the end of its span.
func plausible(parameter string) (low, high reading.Fixed) {
	p := builtin[parameter]
	if p == nil {
		return -unbounded, unbounded
	}
	low, lowErr := reading.FixedOf(p.Low)
	high, highErr := reading.FixedOf(p.High)
	if lowErr != nil || highErr != nil {
		return -unbounded, unbounded
	}
	if concentration(p) { // what an instrument shows below 0 is its noise
		low = max(low, 0)
	}
	return low, high
}

// concentration says whether values of the parameter cannot be negative in the air or water itself.
func concentration(p *reading.Parameter) bool {
	return p.Unit == "ug/m3" || p.Unit == "mg/m3" || p.Unit == "mg/L" || p.Unit == "ug/L"
}
