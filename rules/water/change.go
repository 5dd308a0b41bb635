package water

import "egret/rules/standard"

// Change is how the water of one period compares with that of an earlier one.
type Change uint8

// The changes of 环办〔2011〕22号 (from memory).
const (
	ChangeUnknown Change = iota // one of the periods has no class
	ClearlyWorse
	SomewhatWorse
	NoChange
	SomewhatBetter
	ClearlyBetter
)

// ChangeSource is the source of both ways to compare periods.
var ChangeSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "trend between two periods", Certainty: standard.Remembered}

var changeNames = [...]string{"", "明显变差", "有所变差", "无明显变化", "有所好转", "明显好转"}

// String returns the change as bulletins print it, "" where it is unknown.
func (c Change) String() string { return changeNames[c] }

// StatusChange compares two statuses of a section or of a river: one step is somewhat, two or more are clearly.
func StatusChange(before, after Status) Change {
	if before == StatusUnknown || after == StatusUnknown {
		return ChangeUnknown
	}
	steps := int(before) - int(after)
	return Change(int(NoChange) + min(max(steps, -2), 2))
}

// Thresholds of |ΔG-ΔD| in percentage points.
const (
	somewhat = 10
	clearly  = 20
)

// ShareChange compares the shares of a river's or region's sections: X = ΔG-ΔD, the change of the share Ⅰ to Ⅲ less
// that of the share inferior to Ⅴ, from exact shares. Up to 10 percentage points are no obvious change, up to 20 somewhat.
// Which of the two comparisons goes first where they disagree is not known: show both.
func ShareChange(before, after *Counts) Change {
	n, m := before.Evaluated(), after.Evaluated()
	if n == 0 || m == 0 {
		return ChangeUnknown
	}
	x := 100 * ((after.Good()-after[Inferior])*n - (before.Good()-before[Inferior])*m) // X in units of 1/(n·m)
	size := max(x, -x)
	switch {
	case size <= somewhat*n*m:
		return NoChange
	case size <= clearly*n*m && x > 0:
		return SomewhatBetter
	case size <= clearly*n*m:
		return SomewhatWorse
	case x > 0:
		return ClearlyBetter
	default:
		return ClearlyWorse
	}
}
