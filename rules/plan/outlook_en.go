package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"egret/rules/standard"
)

// allowance implements wording.
func (e english) allowance() string {
	t := e.Target
	switch {
	case t.Metric == Indicator && e.Verdict == standard.Meets:
		return "it meets the target of " + e.target()
	case t.Metric == Indicator:
		return "it does not meet the target of " + e.target() + " yet"
	case t.Metric == Section && e.Verdict == standard.Meets:
		return "it must stay at " + e.target()
	case t.Metric == Section:
		return "it must recover to " + e.target()
	case !e.AllowanceKnown:
		return ""
	case e.thing() == ofSections, e.thing() == ofWaters:
		return e.mayFail()
	case e.Remaining == 0:
		return ""
	}
	switch t.Metric {
	case Mean:
		return e.mustAverage()
	case Maximum, Minimum:
		return "none of the remaining " + strconv.Itoa(e.Remaining) + " may be " + e.beyond() + " " + e.allowed()
	case Percentile:
		return e.affordable("", " "+e.beyond()+" "+e.limit())
	case GoodDays:
		return e.affordable("bad ", "")
	case LevelDays:
		if t.atLeast() {
			return fmt.Sprintf("at least %d of the remaining %d must be of %s", max(0, e.Remaining-e.failures()), e.Remaining, englishLevels(t.Levels))
		}
		return e.affordable("such ", "")
	case Reporting:
		return e.someMay("have none")
	default:
		return e.someMay("fail")
	}
}

// mustAverage says which mean the remaining days must have.
func (e english) mustAverage() string {
	side := " or less"
	if e.Target.atLeast() {
		side = " or more"
	}
	if e.Remaining == 1 {
		return "the one remaining " + e.noun(1) + " must have " + e.allowed() + side
	}
	return "the remaining " + strconv.Itoa(e.Remaining) + " must average " + e.allowed() + side
}

// affordable says how many things that count against the target the rest of the span may have.
func (e english) affordable(adjective, which string) string {
	n := e.failures()
	number, nouns, are := strconv.Itoa(n), e.noun(n), "are"
	if n <= 0 {
		number, nouns = "no", e.noun(1)
	}
	if n <= 1 {
		are = "is"
	}
	return fmt.Sprintf("%s more %s%s%s %s affordable in the remaining %d", number, adjective, nouns, which, are, e.Remaining)
}

// someMay says how many of the remaining things may fail.
func (e english) someMay(fail string) string {
	number := "none"
	if e.failures() > 0 {
		number = strconv.Itoa(e.failures())
	}
	return fmt.Sprintf("%s of the remaining %d %s may %s", number, e.Remaining, e.noun(e.Remaining), fail)
}

// mayFail says how many sections or waters may fail beside those that do, or how many must recover.
func (e english) mayFail() string {
	switch n := e.failures(); {
	case n < 0:
		return strconv.Itoa(-n) + " more must recover"
	case n == 0:
		return "no more may fail"
	default:
		return strconv.Itoa(n) + " more may fail"
	}
}

// beyond is the side of the target's value on which it is not kept.
func (e english) beyond() string {
	switch {
	case e.Target.Metric == Section:
		return "worse than"
	case e.Target.atLeast():
		return "below"
	default:
		return "above"
	}
}

func (e english) certain() string {
	good := e.State == Impossible
	switch {
	case e.already() && good:
		return "already " + e.beyond() + " " + e.limit()
	case e.already():
		return "the target of " + e.target() + " is reached already"
	}
	end, known := e.extreme(good)
	switch {
	case known && e.proves(end):
	case good:
		return "the target of " + e.target() + " will be missed whatever comes"
	default:
		return "the target of " + e.target() + " will be met whatever comes"
	}
	text := fmt.Sprintf("even if all remaining %s %s %s would end at %s", e.noun(2), e.supposed(good), e.period(), e.figure(end.Fixed())) + e.compared(end)
	if good {
		return text + ", " + e.beyond() + " " + e.limit()
	}
	return text + ", not " + e.beyond() + " " + e.limit()
}

// supposed is what all that remains is supposed to be.
func (e english) supposed(good bool) string {
	words := [2]string{"failed", "kept the limit"}
	switch e.Target.Metric {
	case Mean:
		words[1] = "were clean (0)"
	case GoodDays:
		words = [2]string{"were bad", "were good"}
	case LevelDays:
		words = [2]string{"were such", "were not"}
		if e.Target.atLeast() {
			slices.Reverse(words[:])
		}
	case Reporting:
		words = [2]string{"had no readings", "had readings"}
	case Sites:
		words[1] = "met the standard"
	}
	if good {
		return words[1]
	}
	return words[0]
}

func (e english) period() string {
	if e.wholeYear() {
		return "the year"
	}
	return "the period"
}

func (e english) projected() string {
	if !e.foresees() {
		return ""
	}
	var notes []string
	if e.ranges() {
		notes = append(notes, e.shown(e.ProjectionLow.Fixed())+" to "+e.shown(e.ProjectionHigh.Fixed()))
	}
	if e.ByLastYear {
		notes = append(notes, "last year considered")
	}
	text := "as things go " + e.period() + " ends at " + e.figure(e.Projection.Fixed())
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	text += e.compared(e.Projection)
	if e.State == AtRisk && !e.Target.Comparison.holds(e.Projection.Compare(e.Limit)) {
		text += ", " + e.beyond() + " " + e.limit()
	}
	return text
}
