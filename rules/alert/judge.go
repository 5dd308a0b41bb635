package alert

import (
	"cmp"

	"egret/ingest/reading"
	"egret/rules/rule"
	"egret/rules/standard"
	"egret/rules/window"
)

// Judge holds a window against the rule's limit at an instant. Expected is how many readings a full window has.
func Judge(r *rule.Rule, w *window.Window, expected int, at int64) Evaluation {
	count := w.Total().Count
	if count == 0 {
		return Evaluation{At: at}
	}
	limit, sign := r.Above, 1
	if limit == nil {
		limit, sign = r.Below, -1
	}
	side := sign * compare(r, w, *limit) // 1: beyond the limit
	// One value beyond the limit proves that the largest (smallest) lies beyond it, however many are missing.
	proven := side > 0 && ((r.Statistic == rule.Max && sign > 0) || (r.Statistic == rule.Min && sign < 0))
	switch {
	case !proven && window.Coverage(count, expected) < r.MinCoverage:
		return Evaluation{At: at}
	case side > 0:
		return Evaluation{At: at, Verdict: standard.Exceeds}
	default:
		return Evaluation{At: at, Verdict: standard.Meets, Clears: r.Clear == nil || sign*compare(r, w, *r.Clear) < 0}
	}
}

// compare returns -1, 0 or 1 as the rule's statistic lies below, on or above a number.
func compare(r *rule.Rule, w *window.Window, number reading.Fixed) int {
	if r.Statistic == rule.Mean {
		return w.Total().Compare(number)
	}
	return cmp.Compare(Value(r, w), number)
}

// Value returns the rule's statistic of the window.
func Value(r *rule.Rule, w *window.Window) reading.Fixed {
	switch r.Statistic {
	case rule.Max:
		return w.Max()
	case rule.Min:
		return w.Min()
	default:
		return w.Total().Mean()
	}
}
