package engine

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/hours"
	"egret/rules/plan"
	"egret/rules/sheet"
)

// latestPrefix begins the names under which the page of a year keeps of when the values are that stand for their days.
const latestPrefix = "at:"

// takeByDay keeps the values of a line that are not averaged over hours but stand for their day as they are: figures
// that departments report, of whatever period, and what is measured by hand, which is of another period than the one
// that feeds the station's averages (f is nil). Of several on a day the last by time counts, in whatever order they
// arrive; of one time that of the longest period.
func (e *Engine) takeByDay(st *stream, f *feed, line *reading.Line, taken []reading.Field) error {
	byHand := f == nil
	if string(line.Domain) == reading.Indicator.String() {
		byHand = false
	} else if !byHand {
		return nil
	}
	v := dayValues{engine: e, stream: st, time: line.Time, byHand: byHand, changes: e.derived.changes[:0]}
	for i := range taken {
		key, parameter := e.keyByDay(st.station, byHand, taken[i].Parameter)
		if key == "" {
			continue
		}
		if err := v.begin(); err != nil {
			return err
		}
		if err := v.take(key, parameter, &taken[i]); err != nil {
			return err
		}
	}
	e.derived.changes = v.changes
	if len(v.changes) == 0 {
		return nil
	}
	number, _ := sheet.YearOf(v.day)
	if err := e.put(v.feed, sheet.YearPrefix, number, v.changes); err != nil {
		return err
	}
	e.touchPlans(v.feed, v.day)
	if byHand {
		e.classAgain(v.feed, v.day)
	}
	return nil
}

// keyByDay returns under which name a page keeps a value that stands for its day, and of which parameter it is; empty
// for any other value. A dust jar may hang at a station that sends hours of everything else.
func (e *Engine) keyByDay(s *station, byHand bool, field []byte) (key, parameter string) {
	p := e.config.Parameters[string(field)]
	switch {
	case p == nil:
	case !byHand && p.Domain == reading.Indicator:
		return p.Key, p.Key
	case !byHand:
	case p.Domain == reading.Water && s.register.Domain == reading.Water:
		return plan.ManualPrefix + p.Key, p.Key
	case p.Domain == reading.Air && p.Key == "dustfall" && s.find(p.Key) == nil:
		return p.Key, p.Key
	}
	return "", ""
}

// pagesOf returns the feed under which the pages of a station are kept, new where it has not sent what feeds averages.
func (e *Engine) pagesOf(s *station) (*feed, error) {
	if s.feed == nil {
		s.feed = e.newFeed(s.stream(s.period()))
		s.feed.restored, s.renewed = true, true
	}
	return s.feed, e.restoreFeed(s.feed)
}

// dayValues takes the values of one line that stand for its day.
type dayValues struct {
	engine  *Engine
	feed    *feed
	stream  *stream
	day     calendar.Day
	time    int64 // Unix nanoseconds
	byHand  bool
	page    *sheet.Page // nil until it is needed
	changes []sheet.Change
}

// moment is of when a value is, beside others of its day.
type moment struct {
	time   int64
	period reading.Period
}

func (m moment) before(other moment) bool {
	return m.time < other.time || (m.time == other.time && m.period < other.period)
}

// begin finds the day and the pages it stands on.
func (v *dayValues) begin() (err error) {
	if v.feed == nil {
		v.day = v.engine.zone.DayOf(v.time)
		v.feed, err = v.engine.pagesOf(v.stream.station)
	}
	return err
}

// take lets a value count for the day unless there is a later one. One that is no longer usable makes way for the one
// before it. Once the readings are trimmed nobody knows that one: then the day is left without.
func (v *dayValues) take(key, parameter string, field *reading.Field) error {
	now := moment{v.time, v.stream.period}
	if field.Flag.Usable() && v.newest(parameter, now) {
		v.put(key, now, field.Number)
		return nil
	}
	standing, found, err := v.standing(key)
	if err != nil {
		return err
	}
	switch {
	case field.Flag.Usable():
		if !found || !now.before(standing) {
			v.put(key, now, field.Number)
		}
		return nil
	case !found || now != standing:
		return nil
	}
	earlier, number, found, err := v.last(parameter)
	if err != nil {
		return err
	}
	if found {
		v.put(key, earlier, number)
		return nil
	}
	_, index := sheet.YearOf(v.day)
	v.changes = append(v.changes, sheet.Change{Parameter: key, Index: index}, sheet.Change{Parameter: latestPrefix + key, Index: index})
	return nil
}

// put lets a value count for the day.
func (v *dayValues) put(key string, at moment, number reading.Fixed) {
	_, index := sheet.YearOf(v.day)
	since := reading.Fixed(at.time - v.engine.zone.Start(v.day))
	v.changes = append(v.changes,
		sheet.Change{Parameter: key, Index: index, Cell: sheet.Cell{Number: number, Divisor: 1, Valid: true, Count: 1}},
		sheet.Change{Parameter: latestPrefix + key, Index: index, Cell: sheet.Cell{Number: since, Divisor: 1, Valid: true, Count: uint32(at.period)}})
}

// streams returns those of the station's streams whose values may stand for days.
func (v *dayValues) streams(yield func(*stream) bool) {
	for _, st := range v.stream.station.streams {
		if (!v.byHand || st.period != v.stream.station.period()) && !yield(st) {
			return
		}
	}
}

// newest says whether the value at a moment is the newest of all that stand for days: then the page need not be read.
func (v *dayValues) newest(parameter string, now moment) bool {
	own := false
	for st := range v.streams {
		at := st.find([]byte(parameter), 0)
		if at < 0 {
			continue
		}
		newest := moment{st.newest[at].time, st.period}
		if now.before(newest) {
			return false
		}
		own = own || newest == now
	}
	return own
}

// standing returns of when the value is that counts for the day, and whether there is one.
func (v *dayValues) standing(key string) (moment, bool, error) {
	number, index := sheet.YearOf(v.day)
	if v.page == nil {
		v.page = &v.engine.derived.year
		if err := v.engine.loadYear(v.feed, v.page, number); err != nil {
			return moment{}, false, err
		}
	}
	if v.page.Find(key).At(index).Empty() {
		return moment{}, false, nil
	}
	c := v.page.Find(latestPrefix + key).At(index)
	return moment{v.engine.zone.Start(v.day) + int64(c.Number), reading.Period(c.Count)}, true, nil
}

// last returns the last usable value of the day that the hour store has.
func (v *dayValues) last(parameter string) (at moment, number reading.Fixed, found bool, err error) {
	from, to := v.engine.zone.Start(v.day), v.engine.zone.End(v.day)
	for st := range v.streams {
		err = v.engine.eachUsable(st, parameter, from, to, func(row *hours.Row) {
			if now := (moment{row.Time, st.period}); !found || at.before(now) {
				at, number, found = now, row.Number, true
			}
		})
		if err != nil {
			return moment{}, 0, false, err
		}
	}
	return at, number, found, nil
}

// eachUsable walks the usable readings of a parameter from one instant up to and without another, as far as they are
// not trimmed by the clock.
func (e *Engine) eachUsable(st *stream, parameter string, from, to int64, do func(*hours.Row)) error {
	for number := max(0, hours.Of(from), e.kept); number <= hours.Of(to-1); number++ {
		if err := e.loadNow(st, number); err != nil {
			return err
		}
		for row := range e.step.block.Rows() {
			if row.Time >= from && row.Time < to && row.Flag.Usable() && string(row.Parameter) == parameter {
				do(&row)
			}
		}
	}
	return nil
}
