package engine

import (
	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/standard"
)

// limit is what a figure is held against.
type limit struct {
	value  reading.Fixed
	places int // decimals to which the figure is rounded before it is compared
	exact  bool
	below  bool // it is the least that is allowed
	strict bool // a figure on it is beyond it
	source standard.Source
	// What a limit of GB 3095 goes by beside its source.
	rounding standard.Source
	phase    string // transitional or final
	grade    int
}

// cited returns the source with the phase, as it is named in alerts.
func (l *limit) cited() standard.Source {
	source := l.source
	if l.phase != "" {
		source.Clause += " " + l.phase
	}
	return source
}

// limitOf returns the limit that a rule has for a period at a station, and whether there is one: the rule's own
// number, or that of the standard that holds for data of the period.
func (e *Engine) limitOf(r *rule.Rule, f *feed, start, end int64) (limit, bool) {
	switch {
	case r.Plan != rule.PlanLimit{}:
		return e.planLimit(r, end)
	case r.Above != nil:
		return limit{value: *r.Above, exact: true}, true
	case r.Below != nil:
		return limit{value: *r.Below, exact: true, below: true}, true
	case r.Parameter == rule.ClassFigure:
		_, target := f.station.section()
		return limit{value: reading.Fixed(target) * reading.FixedOne, exact: true, source: standard.Source{Standard: "GB 3838-2002", Clause: "target class"}}, target != 0
	}
	switch p := e.config.Parameters[r.Parameter]; {
	case p == nil:
		return limit{}, false
	case p.Domain == reading.Noise:
		return e.noiseLimit(r, f, start)
	default:
		return e.airLimit(r, f, end)
	}
}

// airLimit returns the limit of GB 3095 in force at the end of the period, for the grade of the station's area.
func (e *Engine) airLimit(r *rule.Rule, f *feed, end int64) (limit, bool) {
	edition := air.LimitsAt(e.zone.DayOf(end - 1))
	if edition == nil {
		return limit{}, false
	}
	l, ok := edition.Limit(r.Parameter, rule.LimitedAs(r.Average), f.station.grade())
	return limit{value: l.Value, places: l.Places, source: l.Source, rounding: l.Rounding, phase: l.Phase, grade: l.Grade}, ok
}

// noiseLimit returns the limit of the point's functional zone: of an hour's level that of the day or the night it lies in.
func (e *Engine) noiseLimit(r *rule.Rule, f *feed, start int64) (limit, bool) {
	limits, ok := noise.ZoneLimits(f.station.register.Zone, e.zone.DayOf(start))
	if !ok {
		return limit{}, false
	}
	night := !e.config.Practice.Noise.IsDay(e.zone.Clock(start))
	l := limit{value: limits.Day, places: noise.Places, source: limits.Source}
	switch {
	case r.Parameter == noise.Ld, r.Parameter == noise.Leq && !night:
	case r.Parameter == noise.Ln, r.Parameter == noise.Leq:
		l.value = limits.Night
	case r.Parameter == noise.Lmax && (night || r.Average == "night"):
		l.value, l.source = limits.NightMax, limits.MaxSource
	default:
		return limit{}, false
	}
	return l, true
}

// judge holds a figure against a limit.
func (l *limit) judge(value mean.Ratio, valid bool) standard.Verdict {
	if !valid || !value.Known() {
		return standard.NotEnough
	}
	return standard.Of(l.keeps(value))
}

// keeps says whether a figure keeps the limit.
func (l *limit) keeps(value mean.Ratio) bool {
	side := l.side(value, l.value)
	return side < 0 || (side == 0 && !l.strict)
}

// beyond says in words where a figure lies that does not keep the limit.
func (l *limit) beyond() string {
	switch {
	case l.below && l.strict:
		return "at or below"
	case l.below:
		return "below"
	case l.strict:
		return "at or above"
	default:
		return "above"
	}
}

// side returns 1 where the figure lies beyond a bound, 0 on it, -1 on its good side.
func (l *limit) side(value mean.Ratio, bound reading.Fixed) int {
	value = l.compared(value)
	if l.below {
		return -value.Compare(bound)
	}
	return value.Compare(bound)
}

// compared returns the figure as it is compared with the limit.
func (l *limit) compared(value mean.Ratio) mean.Ratio {
	if l.exact {
		return value
	}
	return mean.Whole(value.Round(l.places, reading.HalfEven))
}
