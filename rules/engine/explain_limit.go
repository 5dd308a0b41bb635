package engine

import (
	"fmt"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/standard"
)

// judgement holds a figure against the limit that the standard in force sets it, nil where there is none.
func (e *Engine) judgement(f *feed, one *Figure) *Judgement {
	l, ok := e.standardLimit(f, one.Parameter, one.Period, one.Start, one.End)
	if !ok {
		return nil
	}
	return judgementOf(&l, one.Value, one.Valid)
}

// percentileJudgement holds the percentile of a year's days against the limit of a day (HJ 663).
func (e *Engine) percentileJudgement(f *feed, one *Figure) *Judgement {
	if one.Percentile == 0 {
		return nil
	}
	l, ok := e.standardLimit(f, one.Parameter, air.Day, one.Start, one.End)
	if !ok {
		return nil
	}
	return judgementOf(&l, one.AtPercentile, one.Valid)
}

// standardLimit returns the limit that a rule with `limit: standard` would have.
func (e *Engine) standardLimit(f *feed, parameter, period string, start, end int64) (limit, bool) {
	asks := rule.Rule{ID: "limit", Parameter: parameter, Average: period, Standard: true, Severity: rule.Info}
	if asks.Check(e.config.Parameters) != nil {
		return limit{}, false
	}
	return e.limitOf(&asks, f, start, end)
}

func judgementOf(l *limit, value mean.Ratio, valid bool) *Judgement {
	j := &Judgement{Limit: l.value, Verdict: l.judge(value, valid), Source: l.source, Phase: l.phase, Grade: l.grade, Rounding: l.rounded()}
	if j.Verdict == standard.NotEnough {
		return j
	}
	if j.Compared = value.Fixed(); !l.exact {
		j.Compared = value.Round(l.places, reading.HalfEven)
	}
	return j
}

// rounded says how a figure is rounded before it is compared, and by whose order.
func (l *limit) rounded() string {
	if l.exact {
		return ""
	}
	source := l.rounding
	if source.Standard == "" {
		source = levelRounding
	}
	return fmt.Sprintf("%s to %d decimals, %s (%s)", reading.HalfEven, l.places, cite(source), source.Certainty)
}

// levelRounding is where it stands to how many decimals sound levels are rounded: those of the grades.
var levelRounding = standard.Source{Standard: "HJ 640-2012", Clause: "tables of grades", Certainty: standard.Reported}
