package engine

import (
	"egret/ingest/reading"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/water"
)

// Sink takes what is derived from readings, as it is made or made anew: the later one of the same station, parameter,
// period and start counts. What it is given is valid during the call only.
type Sink interface {
	Average(*figure.Average)
	Index(*figure.Index)
	Class(*figure.Class)
	Noise(*figure.Noise)
	Plan(*figure.Plan)
}

// average hands an average on: to the database's lines, to the sink and to the rules that watch it. end is the end of
// its period, Unix nanoseconds; newest says that none of the same kind ends later.
func (e *Engine) average(f *feed, a *figure.Average, end int64, newest bool) error {
	if e.config.DatabaseChannel != "" {
		e.step.lines = a.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Average(a)
	}
	if len(f.watches) == 0 {
		return nil
	}
	return e.judge(f, &judged{
		parameter: a.Parameter, period: a.Period, start: a.Start, end: end, value: a.Value, count: a.Count, expected: a.Expected, valid: a.Valid, newest: newest,
	})
}

func (e *Engine) index(f *feed, i *figure.Index, end int64, newest bool) error {
	if e.config.DatabaseChannel != "" {
		e.step.lines = i.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Index(i)
	}
	if len(f.watches) == 0 {
		return nil
	}
	return e.judge(f, &judged{
		parameter: rule.IndexFigure, period: i.Period, start: i.Start, end: end, newest: newest,
		// An index of some of the pollutants may only be too small: it proves a breach, and that nothing is over.
		value: mean.Whole(reading.Fixed(i.Partial) * reading.FixedOne), valid: i.Published && i.Complete, proven: i.Known,
	})
}

func (e *Engine) class(f *feed, c *figure.Class, end int64, newest bool) error {
	if e.config.DatabaseChannel != "" {
		e.step.lines = c.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Class(c)
	}
	if len(f.watches) == 0 {
		return nil
	}
	class := max(c.Section.Class, c.AtLeast) // what is there may prove a breach, whatever is missing
	return e.judge(f, &judged{
		parameter: rule.ClassFigure, period: c.Period, start: c.Start, end: end, value: mean.Whole(reading.Fixed(class) * reading.FixedOne), valid: c.Section.Class != water.Unknown, newest: newest,
		verdict: c.Verdict, proven: true,
	})
}

func (e *Engine) noise(n *figure.Noise) {
	if e.config.Sink != nil {
		e.config.Sink.Noise(n)
	}
}
