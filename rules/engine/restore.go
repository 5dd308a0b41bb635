package engine

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/packed"
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
	for _, r := range f.rows {
		if r.cells == nil {
			r.cells = make([]average.Hour, ring)
		}
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

// feedRows is what seldom changes of a feed, as it is stored: from which hour on each parameter was measured.
type feedRows struct {
	stored bool
	period reading.Period
	rows   []firstHour
}

type firstHour struct {
	parameter string
	since     int64
}

// feedHours is how far a feed is.
type feedHours struct{ frontier, open, closed, last int64 }

func (f *feed) appendRows(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(f.rows)))
	for _, r := range f.rows {
		to = binary.AppendUvarint(to, uint64(len(r.parameter.Key)))
		to = append(to, r.parameter.Key...)
		to = binary.AppendVarint(to, r.since)
	}
	return to
}

// appendHours appends how far the feed is; hours as differences, mostly small.
func (f *feed) appendHours(to []byte) []byte {
	to = binary.BigEndian.AppendUint64(to, uint64(f.frontier))
	to = binary.BigEndian.AppendUint64(to, uint64(f.open))
	to = binary.AppendVarint(to, f.open-f.closed)
	return binary.AppendVarint(to, f.open-f.last)
}

// readFeedRows reads what appendRows wrote.
func readFeedRows(r *packed.Reader) (rows []firstHour) {
	for range r.Uvarint() {
		rows = append(rows, firstHour{string(r.Take(r.Uvarint())), r.Varint()})
		if r.Broken {
			return nil
		}
	}
	return rows
}

// readFeedHours reads what appendHours wrote.
func readFeedHours(r *packed.Reader) feedHours {
	h := feedHours{frontier: r.Instant(), open: r.Instant()}
	h.closed, h.last = h.open-r.Varint(), h.open-r.Varint()
	return h
}

// adopt gives the station the feed that was stored. Where another period feeds its averages now, the feed goes on with
// that: the hours that are over stay as they are.
func (e *Engine) adopt(s *station, rows feedRows, hours feedHours) {
	if !rows.stored {
		return
	}
	s.renewed = rows.period != s.period()
	s.feed = e.newFeed(s.stream(s.period()))
	e.resume(s.feed, rows.rows, hours)
}

// resume gives a feed the state that was stored.
func (e *Engine) resume(f *feed, rows []firstHour, hours feedHours) {
	f.frontier, f.open, f.closed, f.last = hours.frontier, hours.open, hours.closed, hours.last
	for _, first := range rows {
		if r := e.row(f, first.parameter); r != nil {
			r.since = first.since
		}
	}
}
