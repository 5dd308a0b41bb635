package plan

import (
	"fmt"
	"strconv"
	"strings"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/water"
)

// english words a reason in English.
type english struct{ statement }

var englishThings = [...]string{
	ofDays: "day", ofMonths: "month", ofStationDays: "station-day", ofSiteDays: "site-day", ofSections: "section", ofWaters: "water", ofReports: "report",
}

// noun is what so many of what the figure is made of are called.
func (e english) noun(n int) string {
	if n == 1 {
		return englishThings[e.thing()]
	}
	return englishThings[e.thing()] + "s"
}

// counted writes a number of what the figure is made of; adjective may be empty.
func (e english) counted(n int, adjective string) string {
	return strconv.Itoa(n) + " " + adjective + e.noun(n)
}

// figure writes a figure with what belongs to it. A concentration stands without its unit, as its target does.
func (e english) figure(figure reading.Fixed) string { return e.with(figure, e.shown(figure)) }

func (e english) limit() string { return e.with(e.Limit, e.Limit.String()) }

func (e english) with(figure reading.Fixed, text string) string {
	t := e.Target
	switch {
	case t.Metric == Section:
		return englishClass(classOf(figure))
	case t.share():
		return text + " %"
	case t.Metric == Indicator && t.Unit != "":
		return text + " " + t.Unit
	default:
		return text
	}
}

func (e english) early() string {
	if e.Counted == 0 {
		return "too early: nothing so far"
	}
	text := "too early: " + e.counted(e.Counted, "valid ") + " so far"
	if need, known := e.need(); known {
		text += ", " + strconv.Itoa(need.least) + " are needed"
	}
	return text
}

func (e english) missing() string {
	const head = "not enough valid data: "
	switch {
	case e.Expected == 0:
		return "nothing is measured for it"
	case e.Target.Metric == Indicator:
		return "nothing has been reported yet"
	case e.Target.Metric == Section:
		return head + "the class is not known"
	case e.thing() == ofSections, e.thing() == ofWaters:
		return fmt.Sprintf("%s%d of %s assessed", head, e.Counted, e.counted(e.Expected, ""))
	default:
		return fmt.Sprintf("%s%d of %s valid", head, e.Counted, e.counted(e.Expected, ""))
	}
}

func (e english) value() string { return e.tell(" so far") + e.compared(e.Value) }

func (e english) final() string {
	return e.State.String() + " with " + e.tell("") + e.compared(e.Value)
}

// compared says what a figure is compared as where that decides.
func (e english) compared(figure mean.Ratio) string {
	if as := e.rounded(figure); as != "" {
		return ", compared as " + as
	}
	return ""
}

// tell says the figure and what it is made of.
func (e english) tell(sofar string) string {
	t, figure, valid := e.Target, e.figure(e.Value.Fixed()), e.counted(e.Counted, "valid ")
	switch t.Metric {
	case Mean:
		if e.thing() == ofMonths {
			valid = e.counted(e.Counted, "")
		}
		return figure + sofar + " on " + valid
	case Maximum:
		return figure + " on the highest of " + valid + sofar
	case Minimum:
		return figure + " on the lowest of " + valid + sofar
	case Percentile:
		return figure + " at the " + ordinal(t.Percentile) + " percentile of " + valid + sofar
	case GoodDays:
		return figure + " good days" + e.madeOf("valid")
	case LevelDays:
		return figure + " " + e.noun(int(e.Value.Fixed()/reading.FixedOne)) + " of " + englishLevels(t.Levels) + sofar + ", of " + valid
	case NoiseDay:
		return figure + " of the station-days keep the limit by day" + e.madeOf("valid")
	case NoiseNight:
		return figure + " of the station-days keep the limit by night" + e.madeOf("valid")
	case Sites:
		return figure + " of the site-days meet the dust standard" + e.madeOf("judged")
	case Reporting:
		return figure + " of the station-days have readings" + e.madeOf("")
	case Sections:
		return figure + " of " + e.assessed() + " at " + englishClass(t.Class) + " or better"
	case Worse:
		return figure + " of " + e.assessed() + " worse than " + englishClass(t.Class)
	case OdourShare, OdourCount:
		return figure + " of " + e.assessed() + " black-odorous"
	case Indicator:
		return figure + " reported"
	default:
		return figure
	}
}

// madeOf says of how many things a share is made.
func (e english) madeOf(verdict string) string {
	if verdict != "" {
		verdict = " " + verdict
	}
	hits, ok := e.hits()
	if !ok {
		return fmt.Sprintf(" (of %d%s)", e.Counted, verdict)
	}
	return fmt.Sprintf(" (%d of %d%s)", hits, e.Counted, verdict)
}

// assessed says how many sections or waters a figure is made of, and how many there are where that is not all.
func (e english) assessed() string {
	if e.Counted == e.Expected {
		return e.counted(e.Counted, "")
	}
	return e.counted(e.Counted, "assessed ") + fmt.Sprintf(" (of %d)", e.Expected)
}

func (e english) promise() string {
	if !e.Due {
		return ""
	}
	return "the target is " + e.target()
}

var englishComparisons = map[Comparison]string{AtMost: "at most ", Below: "below ", AtLeast: "at least ", Above: "above ", Equal: ""}

func (e english) target() string {
	if e.Target.Metric == Section && e.Target.Comparison == AtMost {
		return e.limit() + " or better"
	}
	return englishComparisons[e.Target.Comparison] + e.limit()
}

func (e english) changed() string {
	text, sign, known := e.change()
	t, words, than := e.Target, [2]string{"lower", "higher"}, "on the same days of last year"
	if t.Metric == Indicator {
		than = "last year"
	}
	switch {
	case !known:
		return ""
	case sign == 0:
		return "the same as " + than
	case text == "0":
		return "about the same as " + than
	case t.Metric == Section:
		words = [2]string{"better", "worse"}
		text += map[bool]string{true: " class", false: " classes"}[text == "1"]
	case t.share(), t.Unit == "%":
		text += map[bool]string{true: " point", false: " points"}[text == "1"]
	case e.isNumber():
		words = [2]string{"fewer", "more"}
	}
	return text + " " + words[(sign+1)/2] + " than " + than
}

// ordinal writes 95th.
func ordinal(n int) string {
	suffix := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

var englishClasses = [...]string{"an unknown class", "class I", "class II", "class III", "class IV", "class V", "worse than class V"}

func englishClass(class water.Class) string { return englishClasses[class] }

// englishLevels names levels of the air quality index: level 2 or 3, level 5 or worse.
func englishLevels(chosen []int) string {
	if first, ok := worseThan(chosen); ok {
		return "level " + strconv.Itoa(first) + " or worse"
	}
	names := make([]string, len(chosen))
	for i, level := range chosen {
		names[i] = strconv.Itoa(level)
	}
	return "level " + strings.Join(names, " or ")
}
