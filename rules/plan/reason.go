package plan

import (
	"cmp"
	"strings"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/water"
)

// Reason says in one line of the plan's language where the target stands and what it still allows. Every number in it is
// rounded so that what is said stays true.
func (p *Plan) Reason(s *Standing) string {
	a := statement{s}
	if p.Language == Chinese {
		return s.Target.Name + "：" + strings.Join(a.clauses(chinese{a}), "；")
	}
	return s.Target.Name + ": " + strings.Join(a.clauses(english{a}), "; ")
}

// wording is how a language says the parts of a reason; an empty text is one that is left out.
type wording interface {
	early() string     // how little there is yet to say anything
	missing() string   // what is missing to say anything
	value() string     // the figure to date
	final() string     // the figure at the end, and whether it keeps the promise
	promise() string   // what was promised
	allowance() string // what the rest of the span still allows
	certain() string   // why nothing can change it any more
	projected() string // what it comes to as things go
	changed() string   // against last year
}

// statement is a standing of which a reason is given.
type statement struct{ *Standing }

func (a statement) clauses(w wording) []string {
	var all []string
	switch {
	case (a.State == NotEnough || a.State == Followed && !a.Valid) && a.early():
		all = []string{w.early()}
	case a.State == NotEnough, a.State == Followed && !a.Valid:
		all = []string{w.missing()}
	case a.State == Met, a.State == Missed:
		all = []string{w.final(), w.promise(), w.changed()}
	case a.State == Safe, a.State == Impossible:
		all = []string{w.value(), w.certain(), w.changed()}
	case a.State == Followed:
		all = []string{w.value(), w.projected(), w.changed()}
	default:
		said := cmp.Or(w.allowance(), w.promise())
		all = []string{w.value(), said, w.projected(), w.changed()}
	}
	kept := all[:0]
	for _, clause := range all {
		if clause != "" {
			kept = append(kept, clause)
		}
	}
	return kept
}

// early says whether there is not enough only because the span has just begun: what there could be so far is there, or as
// much of it as is asked for at its end.
func (a statement) early() bool {
	switch {
	case a.over() || a.Expected+a.Remaining == 0:
		return false
	case a.Counted == a.Expected:
		return true
	default:
		need, known := a.need()
		return known && need.share.Of(a.Counted, a.Expected)
	}
}

// need returns how many days the figure needs, false where that depends on the number of stations or on how a
// configuration has declared the parameter.
func (a statement) need() (completeness, bool) {
	switch t := a.Target; {
	case a.thing() != ofDays:
		return completeness{}, false
	case t.Metric == GoodDays, t.Metric == LevelDays:
		return indexCompleteness(), true
	case builtin[t.Parameter] != nil:
		return completenessOf(builtin[t.Parameter]), true
	default:
		return completeness{}, false
	}
}

// thing is what a figure is made of.
type thing uint8

const (
	ofDays thing = iota
	ofMonths
	ofStationDays
	ofSiteDays
	ofSections
	ofWaters
	ofReports
)

func (a statement) thing() thing {
	t := a.Target
	switch t.Metric {
	case Sections, Worse, Section:
		return ofSections
	case OdourShare, OdourCount:
		return ofWaters
	case Sites:
		return ofSiteDays
	case NoiseDay, NoiseNight, Reporting:
		return ofStationDays
	case Indicator:
		return ofReports
	}
	switch {
	case t.Metric == Mean && t.Parameter == "dustfall":
		return ofMonths
	case t.Weight == ByStation:
		return ofStationDays
	default:
		return ofDays
	}
}

// shown writes a figure as it is shown beside the target's value; what a department reported stands as it was reported.
func (a statement) shown(figure reading.Fixed) string {
	switch {
	case a.Target.Metric == Indicator:
		return figure.String()
	case a.Due:
		return figure.Beside(a.Limit)
	default:
		return figure.Round(a.decimals(), reading.HalfEven).String()
	}
}

// decimals is with how many decimals figures are shown: one more than the target's value has; without one as many as make
// three digits that tell something, and one at least.
func (a statement) decimals() int {
	if a.Due {
		return min(a.Limit.Decimals()+1, 9)
	}
	decimals := 1
	value := a.Value.Fixed()
	for size := max(value, -value); size > 0 && size < 10*reading.FixedOne && decimals < 8; size *= 10 {
		decimals++
	}
	return decimals
}

// allowed writes the allowance of a mean, rounded to the side on which the target is kept.
func (a statement) allowed() string {
	if a.Target.atLeast() {
		return a.Allowance.Round(a.decimals(), reading.Upward).String()
	}
	return (-(-a.Allowance).Round(a.decimals(), reading.Upward)).String()
}

// failures returns how many may yet fail.
func (a statement) failures() int { return int(a.Allowance / reading.FixedOne) }

// rounded returns what a figure is compared as where the standard's rounding decides: the exact one would have come to the
// other verdict. Else it is empty.
func (a statement) rounded(figure mean.Ratio) string {
	if !a.Due || !figure.Known() {
		return ""
	}
	p := a.Target.promise(a.Limit, a.Span.Last)
	if p.keptBy(figure) == p.comparison.holds(figure.Compare(a.Limit)) {
		return ""
	}
	return p.compared(figure).String()
}

// hits returns how many of what is counted a share is made of, false where it is no share of one count.
func (a statement) hits() (int, bool) {
	hits := int((a.Value.Fixed()*reading.Fixed(a.Counted) + 50*reading.FixedOne) / (100 * reading.FixedOne))
	return hits, a.Target.share() && water.Percent(hits, a.Counted).Fixed() == a.Value.Fixed()
}

// extreme returns what the figure comes to at the end if all that remains is good, or bad, for the target; false where
// there is no such bound, or it does not follow from the figure to date.
func (a statement) extreme(good bool) (mean.Ratio, bool) {
	t, all := a.Target, a.Counted+a.Remaining
	hits, countable := a.hits()
	switch {
	case a.Remaining == 0 || !a.Value.Known():
		return mean.Ratio{}, false
	case t.Metric == Mean && good && t.Weight != ByStation && t.atMost() && leastIsNothing(t.Parameter):
		clean := mean.Ratio{Count: a.Value.Count}
		return a.Value.Between(clean, uint64(a.Remaining), uint64(all)), true
	case t.Metric == LevelDays && t.Weight != ByStation:
		if good != t.atMost() {
			return mean.Whole(a.Value.Fixed() + whole(a.Remaining)), true
		}
		return a.Value, true
	case countable && t.atLeast() && a.thing() != ofSections && a.thing() != ofWaters:
		if good {
			hits += a.Remaining
		}
		return water.Percent(hits, all), true
	default:
		return mean.Ratio{}, false
	}
}

// leastIsNothing says whether a day of the parameter can be 0, and not less.
func leastIsNothing(parameter string) bool {
	low, _ := plausible(parameter)
	return low == 0
}

// proves says whether a figure that cannot become better, or worse, decides the target as its state says.
func (a statement) proves(figure mean.Ratio) bool {
	p := a.Target.promise(a.Limit, a.Span.Last)
	return p.keptBy(figure) == (a.State == Safe)
}

// already says whether the figure to date decides alone, because it can only grow or only fall.
func (a statement) already() bool {
	t := a.Target
	grows := t.Metric == Maximum || t.Metric == LevelDays
	switch {
	case !grows && t.Metric != Minimum, !a.Value.Known(), !a.proves(a.Value):
		return false
	case grows:
		return t.atMost() == (a.State == Impossible)
	default:
		return t.atLeast() == (a.State == Impossible)
	}
}

func (t *Target) atMost() bool  { return t.Comparison == AtMost || t.Comparison == Below }
func (t *Target) atLeast() bool { return t.Comparison == AtLeast || t.Comparison == Above }

// foresees says whether the projection tells more than the value to date does.
func (a statement) foresees() bool {
	differs := a.Projection.Fixed() != a.Value.Fixed()
	switch {
	case !a.Projection.Known() || a.Target.Metric == Indicator:
		return false
	case a.Target.Metric == Section:
		return differs
	default:
		risk := a.State == AtRisk && a.thing() != ofSections && a.thing() != ofWaters
		return risk || a.ByLastYear || differs
	}
}

// ranges says whether the ways of reckoning the projection lie apart. A section has two: what it is, and what it will be.
func (a statement) ranges() bool {
	return a.ProjectionLow.Known() && a.ProjectionHigh.Known() && a.Target.Metric != Section &&
		a.ProjectionLow.Fixed() != a.ProjectionHigh.Fixed()
}

// wholeYear says whether the target is held for a calendar year.
func (a statement) wholeYear() bool { return a.Span == a.Span.First.WholeYear() }

// change returns by how much the figure differs from last year's, written without its sign, and the sign. A difference
// that is too small to be shown is written 0.
func (a statement) change() (text string, sign int, known bool) {
	change, known := a.Change()
	size := max(change, -change)
	if a.Target.Metric != Indicator {
		size = size.Round(a.decimals(), reading.HalfEven)
	}
	return size.String(), cmp.Compare(change, 0), known
}

// classOf returns the class that a number of [Section] stands for.
func classOf(number reading.Fixed) water.Class {
	class := number.Round(0, reading.HalfEven) / reading.FixedOne
	return water.Class(min(max(class, 0), reading.Fixed(water.Inferior)))
}

// isNumber says whether the figure is a number of things.
func (a statement) isNumber() bool {
	switch a.Target.Metric {
	case LevelDays, Worse, OdourCount:
		return true
	default:
		return false
	}
}

// worseThan returns the first of levels that are all from one to the worst.
func worseThan(chosen []int) (first int, ok bool) {
	first = levels - len(chosen) + 1
	for i, level := range chosen {
		if level != first+i {
			return 0, false
		}
	}
	return first, len(chosen) > 1
}
