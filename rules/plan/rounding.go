package plan

import (
	"cmp"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

// sharePlaces are the decimals of a share in per cent.
const sharePlaces = 1

// ShareRounding is what orders that a share of days is rounded to one decimal. It is taken for all shares.
var ShareRounding = standard.Source{Standard: "HJ 663", Clause: "rates to 1 decimal", Certainty: standard.Remembered}

// Places returns to how many decimals the figure is rounded, half to even, before it is compared with the target's value;
// false where it is compared as it is. The figures of air are rounded as the edition of GB 3095 that holds on the day
// has it, shares to one decimal ([ShareRounding]). No rounding is known here for the means of other parameters; numbers
// and classes are whole.
func (t *Target) Places(day calendar.Day) (int, bool) {
	if t.Rounding != AsStandard {
		return 0, false
	}
	if t.share() {
		return sharePlaces, true
	}
	switch t.Metric {
	case Mean, Maximum, Minimum, Percentile:
		return airPlaces(t.Parameter, day)
	default:
		return 0, false
	}
}

// airPlaces returns the decimals of a parameter's limits.
func airPlaces(parameter string, day calendar.Day) (int, bool) {
	edition := air.LimitsAt(day)
	if edition == nil {
		return 0, false
	}
	for _, statistic := range [...]string{air.Year, air.Day} {
		if limit, ok := edition.Limit(parameter, statistic, air.Grade2); ok {
			return limit.Places, true
		}
	}
	return 0, false
}

// promise is a target as it is held against a figure on a day.
type promise struct {
	comparison Comparison
	limit      reading.Fixed
	places     int
	rounded    bool
}

func (t *Target) promise(limit reading.Fixed, day calendar.Day) promise {
	p := promise{comparison: t.Comparison, limit: limit}
	p.places, p.rounded = t.Places(day)
	return p
}

// compared returns a figure as it is compared with the limit; where that is exact, to the ninth decimal.
func (p *promise) compared(figure mean.Ratio) reading.Fixed {
	if p.rounded {
		return figure.Round(p.places, reading.HalfEven)
	}
	return figure.Fixed()
}

// keptBy says whether a figure, which must be known, keeps the promise.
func (p *promise) keptBy(figure mean.Ratio) bool { return p.comparison.holds(p.order(figure)) }

// side says on which side of the limit the promise is kept: -1 below, 1 above. It is 0 for one that asks for a number
// between lowest and highest, the smallest and the largest that there can be: what it allows has no end.
func (p *promise) side(lowest, highest reading.Fixed) int {
	switch {
	case p.comparison == AtMost, p.comparison == Below, p.comparison == Equal && p.limit <= lowest:
		return -1
	case p.comparison == AtLeast, p.comparison == Above, p.comparison == Equal && p.limit >= highest:
		return 1
	default:
		return 0
	}
}

// holds says whether a figure that lies below (-1), on (0) or above (1) the limit keeps it.
func (c Comparison) holds(order int) bool {
	switch c {
	case AtMost:
		return order <= 0
	case Below:
		return order < 0
	case AtLeast:
		return order >= 0
	case Above:
		return order > 0
	case Equal:
		return order == 0
	default:
		return true
	}
}

// allows says whether a whole figure, such as a class, keeps the limit.
func (t *Target) allows(figure, limit reading.Fixed) bool {
	return t.Comparison.holds(cmp.Compare(figure, limit))
}
