package engine

import (
	"errors"
	"fmt"
	"math"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/standard"
)

// Figure is a figure of a station or a city as it stands, with the limit that the standard in force sets it. That of an
// index is the index, that of a class its number, 1 to 6.
type Figure struct {
	figure.Average
	Unit         string        // of Value; empty where it has none
	End          int64         // of the period as far as it has passed, Unix nanoseconds
	Reason       string        // why it is not valid, in words; empty where it is
	Judgement    *Judgement    // nil where no standard limits it
	OfPercentile *Judgement    // of the percentile of a year's days; nil where there is none
	Index        *air.Index    // of an index
	Class        *figure.Class // of a class
	Why          *Why          // nil where it was not asked for
}

// Judgement is what a standard says of a figure.
type Judgement struct {
	Limit    reading.Fixed // in the figure's unit
	Compared reading.Fixed // the figure as it was rounded to be compared; 0 where there is no verdict
	Verdict  standard.Verdict
	Source   standard.Source // of the limit
	Phase    string          // transitional or final; empty where the standard has one set of limits
	Grade    int             // of GB 3095, 0 elsewhere
	Rounding string          // to what, and by whose order; empty where nothing is rounded
}

// ErrNoFigure is returned for a figure that is not made, not over yet, or of which nothing is known.
var ErrNoFigure = errors.New("there is no such figure")

// Zone returns the place whose days the stations' figures go by.
func (e *Engine) Zone() *time.Location { return e.config.Zone }

// Figures returns the newest figures of a station, or of a city as city:NAME, without what they are made of: of each
// parameter the last hour that is over, the sliding means that end with it, the last day, and what holds that day. It
// is empty before the first reading of the period that feeds the averages. The error is ErrUnknownStation, or the store
// cannot be read.
func (e *Engine) Figures(id string) ([]Figure, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	f, done, err := e.lookAt(id)
	if err != nil || f == nil {
		return nil, err
	}
	defer done()
	all := []Figure{}
	for _, q := range e.newestFigures(f) {
		if all, err = e.appendFigure(all, f, q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Explain returns a figure of a station or a city with what it is made of, also of the past as far as the store goes:
// hours are kept for two years, days for good. start is any instant (Unix nanoseconds) in the first hour of the period,
// or in the day, the date of a night, the month, quarter or year. The error is ErrUnknownStation, ErrNoFigure, or the
// store cannot be read.
func (e *Engine) Explain(id, parameter, period string, start int64) (Figure, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.answer(id, question{parameter, period, start, true})
}

// answer answers a question about a station or a city.
func (e *Engine) answer(id string, q question) (Figure, error) {
	f, done, err := e.lookAt(id)
	if err != nil {
		return Figure{}, err
	}
	if f == nil {
		return Figure{}, q.none("%s has sent nothing that averages are made of", id)
	}
	defer done()
	return e.explain(f, q)
}

// Indices returns the newest air quality index of every city, then of every station, that has one, for the period 1h or
// day. Stations are looked at one by one, so the rules need not wait for all of them.
func (e *Engine) Indices(period string) ([]Figure, error) {
	all := []Figure{}
	for _, id := range e.airIDs() {
		var err error
		if all, err = e.appendIndex(all, id, period); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// airIDs returns the ids of the cities, and of the stations that averages are made of.
func (e *Engine) airIDs() []string {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	var ids []string
	for _, c := range e.cities {
		ids = append(ids, c.feed.station.name)
	}
	for _, s := range e.inOrder() {
		if s.feed != nil && s.feed.domains[reading.Air] {
			ids = append(ids, s.name)
		}
	}
	return ids
}

func (e *Engine) appendIndex(all []Figure, id, period string) ([]Figure, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	f, done, err := e.lookAt(id)
	if err != nil || f == nil {
		return all, err
	}
	defer done()
	for _, q := range e.newestFigures(f) {
		if q.parameter == rule.IndexFigure && q.period == period {
			return e.appendFigure(all, f, q)
		}
	}
	return all, nil
}

// appendFigure appends a figure unless there is none.
func (e *Engine) appendFigure(all []Figure, f *feed, q question) ([]Figure, error) {
	one, err := e.explain(f, q)
	switch {
	case errors.Is(err, ErrNoFigure):
		return all, nil
	case err != nil:
		return nil, err
	}
	return append(all, one), nil
}

// lookAt returns the feed of a station or city, nil before its first reading, and what is to be done after the look.
// Between steps all of the feed is in the store, and the memory in which figures are made is free.
func (e *Engine) lookAt(id string) (f *feed, done func(), err error) {
	if e.broken != nil {
		return nil, nil, fmt.Errorf("the rules stopped at an earlier error: %w", e.broken)
	}
	known := false
	if s := e.stations[id]; s != nil {
		f, known = s.feed, true
	} else {
		for _, c := range e.cities {
			if c.feed.station.name == id {
				f, known = c.feed, true
			}
		}
	}
	if !known {
		return nil, nil, fmt.Errorf("%q: %w", reading.Shorten(id), ErrUnknownStation)
	}
	if f == nil || f.closed == math.MinInt64 {
		return nil, nil, nil
	}
	looked := []*feed{f}
	if f.city != nil {
		for _, m := range f.city.members {
			if m.feed != nil {
				looked = append(looked, m.feed)
			}
		}
	}
	done = func() {
		for _, f := range looked {
			f.pages = f.pages[:0]
		}
	}
	for _, f := range looked {
		if err := e.restoreFeed(f); err != nil {
			f.restored = false // half filled: the next look, or the rules, try again
			done()
			return nil, nil, err
		}
	}
	return f, done, nil
}

// question asks for a figure. at is an instant in its period, or in the first hour of a period of hours.
type question struct {
	parameter, period string
	at                int64
	why               bool
}

func (q *question) none(format string, arguments ...any) error {
	return fmt.Errorf("%w: %s of %s: %s", ErrNoFigure, q.period, reading.Shorten(q.parameter), fmt.Sprintf(format, arguments...))
}

// explain answers a question.
func (e *Engine) explain(f *feed, q question) (Figure, error) {
	switch q.parameter {
	case rule.IndexFigure:
		return e.explainIndex(f, &q)
	case rule.ClassFigure:
		return e.explainClass(f, &q)
	case noise.Ld, noise.Ln, noise.Ldn:
		return e.explainNoise(f, &q)
	}
	switch q.period {
	case "1h":
		return e.explainHour(f, &q)
	case "day":
		return e.explainDay(f, &q)
	case "night":
		return e.explainNoise(f, &q)
	case "month", "quarter", "year", "ytd":
		return e.explainSpan(f, &q)
	case "30d", "365d":
		return e.explainDays(f, &q)
	default:
		return e.explainSliding(f, &q)
	}
}

// begin returns the figure that a question asks for, still empty.
func (q *question) begin(e *Engine, f *feed) Figure {
	return Figure{Average: figure.Average{Station: f.station.name, Parameter: q.parameter, Period: q.period}, Unit: e.unit(q.parameter)}
}
