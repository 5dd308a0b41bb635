package engine

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/sheet"
)

// feedOf returns the feed that a stream's values go into, nil where another period feeds the station's averages.
func (e *Engine) feedOf(st *stream) (*feed, error) {
	s := st.station
	if st.period != s.period() {
		return nil, nil
	}
	if s.feed == nil {
		s.feed = e.newFeed(st)
		s.feed.restored = true
		for i := range st.newest { // of a time before there were feeds
			st.newest[i].row = e.row(s.feed, st.newest[i].parameter)
		}
	}
	f := s.feed
	if err := e.restoreFeed(f); err != nil {
		return nil, err
	}
	if !f.touched {
		f.touched = true
		e.step.touched = append(e.step.touched, f)
	}
	return f, nil
}

// restoreFeed fills a feed from the store when it is first needed after Open.
func (e *Engine) restoreFeed(f *feed) error {
	if f.restored {
		return nil
	}
	f.restored = true
	for i := range f.stream.newest {
		n := &f.stream.newest[i]
		n.row = e.row(f, n.parameter)
	}
	if f.closed == math.MinInt64 {
		return nil
	}
	for number := f.open - ring + 1; number <= min(f.open, f.closed-1); number++ {
		day, index := e.zone.Hour(e.startOf(number))
		page, err := e.dayPage(f, day)
		if err != nil {
			return err
		}
		for _, r := range f.rows {
			r.cells[place(number)] = hourOf(page.Find(r.parameter.Key).At(index))
		}
	}
	f.pages = f.pages[:0]
	if f.city != nil {
		return nil // its hours are made of those of its stations
	}
	for number := max(f.closed, f.open-ring+1); number <= f.open; number++ {
		fresh, err := e.readHour(f, number)
		if err != nil {
			return err
		}
		for i, r := range f.rows {
			r.total, r.peak = fresh[i].total, fresh[i].peak
			r.cells[place(number)] = r.hour(f.expected)
		}
	}
	return nil
}

// hourOf returns the hour that a cell of a day's page holds.
func hourOf(c sheet.Cell) average.Hour {
	if c.Empty() {
		return average.Hour{}
	}
	return average.Hour{Mean: c.Number, Count: c.Count, Valid: c.Valid}
}

// inOrder returns the stations by id, so that what the clock brings about comes in the same order every time.
func (e *Engine) inOrder() []*station {
	if len(e.ordered) != len(e.stations) {
		e.ordered = e.ordered[:0]
		for _, s := range e.stations {
			e.ordered = append(e.ordered, s)
		}
		slices.SortFunc(e.ordered, func(a, b *station) int { return strings.Compare(a.name, b.name) })
	}
	return e.ordered
}

// append appends the feed's state as it is stored; hours as differences, mostly small.
func (f *feed) append(to []byte) []byte {
	if f == nil || f.closed == math.MinInt64 {
		return append(to, 0)
	}
	to = append(to, 1, byte(f.stream.period))
	to = binary.BigEndian.AppendUint64(to, uint64(f.frontier))
	to = binary.AppendVarint(to, f.open)
	to = binary.AppendVarint(to, f.open-f.closed)
	to = binary.AppendVarint(to, f.open-f.last)
	to = binary.AppendUvarint(to, uint64(len(f.rows)))
	for _, r := range f.rows {
		to = binary.AppendUvarint(to, uint64(len(r.parameter.Key)))
		to = append(to, r.parameter.Key...)
		to = binary.AppendVarint(to, f.open-r.since)
	}
	return to
}

// feedState is a feed as it is stored.
type feedState struct {
	stored                       bool
	period                       reading.Period
	frontier, open, closed, last int64
	rows                         []firstHour
}

// firstHour says from which hour on a parameter was measured.
type firstHour struct {
	parameter string
	since     int64
}

func (d *decoder) feed() feedState {
	if d.byte() == 0 {
		return feedState{}
	}
	f := feedState{stored: true, period: reading.Period(d.byte()), frontier: d.instant(), open: d.varint()}
	f.closed, f.last = f.open-d.varint(), f.open-d.varint()
	for range d.uvarint() {
		f.rows = append(f.rows, firstHour{string(d.take(d.uvarint())), f.open - d.varint()})
		if d.broken {
			return feedState{}
		}
	}
	return f
}

// adopt gives the station the feed that was stored, unless another period feeds its averages now.
func (e *Engine) adopt(s *station, state feedState) {
	if !state.stored || state.period != s.period() {
		return
	}
	for _, st := range s.streams {
		if st.period == state.period {
			s.feed = e.newFeed(st)
			e.resume(s.feed, state)
		}
	}
}

// resume gives a feed the state that was stored.
func (e *Engine) resume(f *feed, state feedState) {
	f.frontier, f.open, f.closed, f.last = state.frontier, state.open, state.closed, state.last
	for _, first := range state.rows {
		if r := e.row(f, first.parameter); r != nil {
			r.since = first.since
		}
	}
}
