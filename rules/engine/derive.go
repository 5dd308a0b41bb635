package engine

import (
	"egret/rules/figure"
)

// Sink takes what is derived from readings, as it is made or made anew: the later one of the same station, parameter,
// period and start counts. What it is given is valid during the call only.
type Sink interface {
	Average(*figure.Average)
	Index(*figure.Index)
	Class(*figure.Class)
	Noise(*figure.Noise)
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
	return nil
}

func (e *Engine) index(f *feed, i *figure.Index, end int64, newest bool) error {
	if e.config.DatabaseChannel != "" {
		e.step.lines = i.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Index(i)
	}
	return nil
}

func (e *Engine) class(f *feed, c *figure.Class, end int64, newest bool) error {
	if e.config.DatabaseChannel != "" {
		e.step.lines = c.AppendLine(e.step.lines)
	}
	if e.config.Sink != nil {
		e.config.Sink.Class(c)
	}
	return nil
}

func (e *Engine) noise(f *feed, n *figure.Noise, end int64, newest bool) error {
	if e.config.Sink != nil {
		e.config.Sink.Noise(n)
	}
	return nil
}
