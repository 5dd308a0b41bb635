package water

import (
	"cmp"
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

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

// Trend is the trend of a figure over several periods.
type Trend struct {
	Rank      mean.Ratio    // Spearman's coefficient, -1 to 1
	Critical  reading.Fixed // W at the one-sided level 0.05
	Direction int           // 1 rising, -1 falling, 0 no significant trend
}

// TrendSource is the source of the rank correlation and its critical values.
var TrendSource = standard.Source{Standard: "环办〔2011〕22号", Clause: "Spearman rank correlation", Certainty: standard.Remembered}

// critical is a row of the table of critical values W of Spearman's coefficient, one-sided.
type critical struct {
	periods  int
	at5, at1 reading.Fixed // at the levels 0.05 and 0.01
}

var criticals = []critical{
	{5, 0.900e9, 1.000e9},
	{6, 0.829e9, 0.943e9},
	{7, 0.714e9, 0.893e9},
	{8, 0.643e9, 0.833e9},
	{9, 0.600e9, 0.783e9},
	{10, 0.564e9, 0.746e9},
	{12, 0.506e9, 0.712e9},
}

// SpearmanTrend returns the trend of a figure over five or more periods in their order, by rs = 1-6Σd²/(N³-N); false
// with fewer. Equal figures share their mean rank. A coefficient that reaches the critical value is significant; for a
// number of periods that the table has no row for, the next smaller row is used, whose value is the stricter.
func SpearmanTrend(figures []reading.Fixed) (Trend, bool) {
	n := len(figures)
	if n < criticals[0].periods {
		return Trend{}, false
	}
	var squares int64 // 4·Σd²
	for period, rank := range doubledRanks(figures) {
		d := int64(rank - 2*(period+1))
		squares += d * d
	}
	whole := 4 * int64(n) * (int64(n)*int64(n) - 1)
	trend := Trend{Rank: mean.Ratio{Sum: nano(whole - 6*squares), Count: uint64(whole)}}
	for _, row := range criticals {
		if row.periods <= n {
			trend.Critical = row.at5
		}
	}
	switch {
	case trend.Rank.Compare(trend.Critical) >= 0:
		trend.Direction = 1
	case trend.Rank.Compare(-trend.Critical) <= 0:
		trend.Direction = -1
	}
	return trend, true
}

// doubledRanks returns twice the rank of each figure, 2 for the least; equal figures share the mean of their ranks.
func doubledRanks(figures []reading.Fixed) []int {
	order := make([]int, len(figures))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(figures[a], figures[b]) })
	ranks := make([]int, len(figures))
	for first := 0; first < len(order); {
		after := first
		for after < len(order) && figures[order[after]] == figures[order[first]] {
			after++
		}
		for _, i := range order[first:after] {
			ranks[i] = first + 1 + after
		}
		first = after
	}
	return ranks
}
