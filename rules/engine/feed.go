package engine

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/hours"
	"egret/rules/mean"
	"egret/rules/sheet"
)

// ring is how many of a station's latest hours are kept in memory: a day and the hours that reach into it. Older
// ones are read from the pages of the store when a late reading needs them.
const ring = 32

// longestSliding is the longest window of whole hours that a course has.
const longestSliding = 24

const hour = int64(time.Hour)

// feed is the calendar averages of a station: the hours of the readings that feed them, and what follows from those.
// Hours are counted from 1970 on the station's clock, see [Engine.hourOf].
type feed struct {
	station  *station
	stream   *stream
	step     int // hours that one reading stands for
	expected int // readings in an hour
	rows     []*row
	frontier int64 // end of the newest reading, Unix nanoseconds
	open     int64 // the hour that is being added up
	closed   int64 // hours before this one are over: their averages are made
	last     int64 // the last hour in which anything was measured
	late     []int64
	// Hours that are to be assessed anew although nothing in them has changed.
	unsettled struct{ from, before int64 }
	watches   []*figureWatch
	city      *city // where the feed is that of a city
	touched   bool
	restored  bool // rows are filled from the store
	revising  bool // hours that were closed are being made anew

	domains [reading.Indicator + 1]bool // of its rows

	operands []pageOperand // of pages, not committed yet
	pages    []cachedPage  // that were read for hours older than the ring, in this entry, by day
}

// row is one parameter of a feed.
type row struct {
	parameter *reading.Parameter
	course    *average.Course
	since     int64      // the first hour of which anything was sent
	total     mean.Total // of the open hour
	peak      reading.Fixed
	cells     []average.Hour // the ring; nil while the station is silent for days
}

type pageOperand struct {
	prefix byte
	number int32
	bytes  []byte
}

type cachedPage struct {
	day  calendar.Day
	page *sheet.Page
}

// newFeed returns the feed of a station that has not sent anything yet.
func (e *Engine) newFeed(st *stream) *feed {
	step, expected := st.stands()
	f := &feed{
		station: st.station, stream: st, step: step, expected: expected,
		frontier: math.MinInt64, open: math.MinInt64, closed: math.MinInt64, last: math.MinInt64,
	}
	e.watchFigures(f)
	return f
}

// stands returns how many hours a reading of the stream stands for, and how many readings an hour should have.
func (st *stream) stands() (step, expected int) {
	sender := *st.station.register
	sender.Period = st.period
	stands := max(int64(st.period.Length()), int64(sender.SendInterval()))
	return int(max(1, stands/hour)), int(max(1, hour/stands))
}

// row returns the row of a parameter, nil where averages of it would say nothing.
func (e *Engine) row(f *feed, parameter string) *row {
	if r := f.find(parameter); r != nil {
		return r
	}
	p := e.config.Parameters[parameter]
	if p == nil {
		return nil // it was declared once, and is no more
	}
	course := average.CourseOf(p)
	if course == nil {
		return nil
	}
	r := &row{parameter: p, course: course, since: math.MaxInt64, total: mean.Total{Law: p.Law}, cells: make([]average.Hour, ring)}
	// By key, so that what is made of several rows does not depend on which came first.
	at, _ := slices.BinarySearchFunc(f.rows, parameter, func(r *row, key string) int { return strings.Compare(r.parameter.Key, key) })
	f.rows = slices.Insert(f.rows, at, r)
	f.domains[p.Domain] = true
	return r
}

// find returns the row of a parameter, nil where there is none.
func (f *feed) find(parameter string) *row {
	for _, r := range f.rows {
		if r.parameter.Key == parameter {
			return r
		}
	}
	return nil
}

// unmonitored says whether the station is not meant to measure the parameter.
func (f *feed) unmonitored(parameter string) bool {
	return slices.Contains(f.station.register.Unmonitored, parameter)
}

// hourOf returns the hour that holds an instant. Hours begin with the clock's hours in the stations' zone.
func (e *Engine) hourOf(instant int64) int64 { return hours.Of(instant + e.shift) }

// startOf returns the first instant of an hour.
func (e *Engine) startOf(number int64) int64 { return number*hour - e.shift }

// release frees the memory of a feed that has been silent for longer than its ring reaches back.
func (f *feed) release() {
	f.restored = false
	for _, r := range f.rows {
		r.cells = nil
	}
}

// place returns where the ring keeps an hour; its length is a power of two.
func place(number int64) int64 { return number & (ring - 1) }

// feedValue adds a value of the feed's stream. fresh says that it is the newest of its parameter.
func (e *Engine) feedValue(f *feed, r *row, field *reading.Field, instant int64, fresh bool) error {
	number := e.hourOf(instant)
	f.frontier = max(f.frontier, instant+int64(f.stream.period.Length()))
	if f.closed == math.MinInt64 {
		f.open, f.closed, f.last = number, e.closedAt(number), number-1
	}
	if number > f.open {
		// Hours are closed when the message is done, unless the ring would lose them.
		if number-f.closed > ring-longestSliding {
			if err := e.closeHours(f, f.open+1); err != nil {
				return err
			}
		}
		f.flush()
		f.advance(number)
	}
	if number < r.since {
		f.unsettle(number, min(r.since, f.closed))
		r.since, f.station.renewed = number, true
	}
	switch {
	case !fresh, number < f.open, number < f.closed:
		if len(f.late) == 0 || f.late[len(f.late)-1] != number {
			f.late = append(f.late, number)
		}
	case field.Flag.Usable():
		r.add(field.Number)
	}
	return nil
}

// unsettle notes that closed hours must be assessed anew, because a parameter counts as measured from the first of them.
func (f *feed) unsettle(from, before int64) {
	if f.unsettled.from >= f.unsettled.before {
		f.unsettled.from, f.unsettled.before = from, before
		return
	}
	f.unsettled.from, f.unsettled.before = min(f.unsettled.from, from), max(f.unsettled.before, before)
}

func (r *row) add(number reading.Fixed) {
	if r.total.Count == 0 || (r.parameter.Law == reading.Highest && number > r.peak) || (r.parameter.Law == reading.Lowest && number < r.peak) {
		r.peak = number
	}
	r.total.Add(number)
}

// hour returns what the open hour has come to.
func (r *row) hour(expected int) average.Hour {
	h := average.Hour{Count: uint32(r.total.Count), Valid: r.total.Count > 0 && r.course.HourShare.Of(r.total.Count, expected)}
	switch {
	case r.total.Count == 0:
	case r.total.Count == 1, !r.parameter.Law.HasMean():
		h.Mean = r.peak
	default:
		h.Mean = r.total.Mean()
	}
	return h
}

// flush keeps what the open hour has come to. It stays as it is until the next hour begins.
func (f *feed) flush() {
	if f.open < f.closed {
		return // it is kept, and may have been made anew since
	}
	for _, r := range f.rows {
		h := r.hour(f.expected)
		r.cells[place(f.open)] = h
		if h.Count > 0 {
			f.last = max(f.last, f.open)
		}
	}
}

// advance begins a new hour. Those that nothing was measured in are empty.
func (f *feed) advance(to int64) {
	from := max(f.open+1, to-ring+1)
	for _, r := range f.rows {
		for number := from; number <= to; number++ {
			r.cells[place(number)] = average.Hour{}
		}
		r.total, r.peak = mean.Total{Law: r.parameter.Law}, 0
	}
	f.open = to
}

// closeHours closes all hours before the given one.
func (e *Engine) closeHours(f *feed, before int64) error {
	if f.closed == math.MinInt64 || before <= f.closed {
		return nil
	}
	if f.open < before {
		f.flush()
	}
	for number := f.closed; number < before; number++ {
		f.closed = number + 1
		if number > f.last+quietHours {
			break // nothing was measured that these hours could say anything of
		}
		if err := e.closeHour(f, number); err != nil {
			return err
		}
	}
	f.closed = before
	e.change(f.station)
	return nil
}

// quietHours is how long after the last value windows and days may still hold some: a window of a day, and a night
// that ends the next morning.
const quietHours = 31

// hours returns the hours from one up to and without another. They are valid until it is called again, or the feed
// changes.
func (e *Engine) hours(f *feed, r *row, from, to int64) ([]average.Hour, error) {
	if from > f.open-ring && to <= f.open+1 {
		first, count := place(from), to-from
		if first+count <= ring {
			return r.cells[first : first+count], nil
		}
		all := append(e.derived.scratch[:0], r.cells[first:]...)
		e.derived.scratch = append(all, r.cells[:first+count-ring]...)
		return e.derived.scratch, nil
	}
	all := e.derived.scratch[:0]
	for number := from; number < to; {
		switch {
		case number > f.open:
			all = append(all, average.Hour{})
			number++
		case number > f.open-ring:
			all = append(all, r.cells[place(number)])
			number++
		default:
			var err error
			if all, number, err = e.pastHours(all, f, r, number, min(to, f.open-ring+1)); err != nil {
				return nil, err
			}
		}
	}
	e.derived.scratch = all
	return all, nil
}

// pastHours appends hours that are older than the ring, as far as they are of one day, and returns the hour after them.
func (e *Engine) pastHours(all []average.Hour, f *feed, r *row, number, to int64) ([]average.Hour, int64, error) {
	day, index := e.zone.Hour(e.startOf(number))
	to = min(to, number+int64(max(1, e.zone.Hours(day)-index)))
	page, err := e.dayPage(f, day)
	if err != nil {
		return all, number, err
	}
	cells := page.Find(r.parameter.Key)
	for ; number < to; number++ {
		all = append(all, hourOf(cells.At(index)))
		index++
	}
	return all, number, nil
}

// dayPage returns the hours of a day as this step leaves them.
func (e *Engine) dayPage(f *feed, day calendar.Day) (*sheet.Page, error) {
	at, found := slices.BinarySearchFunc(f.pages, day, func(p cachedPage, day calendar.Day) int { return cmp.Compare(p.day, day) })
	if found {
		return f.pages[at].page, nil
	}
	page := e.derived.freePage()
	from := int32(e.hourOf(e.zone.Start(day)))
	before := from + int32(e.zone.Hours(day))
	if err := page.LoadHours(e.db, f.station.id, from, before); err != nil {
		return nil, err
	}
	for i := range f.operands {
		if o := &f.operands[i]; o.prefix == sheet.HourPrefix && o.number >= from && o.number < before {
			if err := page.Lay(o.bytes); err != nil {
				return nil, err
			}
		}
	}
	f.pages = slices.Insert(f.pages, at, cachedPage{day, page})
	return page, nil
}

// forgetPages gives up the hours that were read for this entry.
func (e *Engine) forgetPages(f *feed) {
	for i := range f.pages {
		if len(e.derived.free) < mostFreePages {
			e.derived.free = append(e.derived.free, f.pages[i].page)
		}
	}
	f.pages = f.pages[:0]
}

// mostFreePages bounds the pages whose memory waits to be used again: those of a month of a city's stations.
const mostFreePages = 512

func (d *derived) freePage() *sheet.Page {
	last := len(d.free) - 1
	if last < 0 {
		return new(sheet.Page)
	}
	page := d.free[last]
	d.free = d.free[:last]
	return page
}

// loadYear reads the page of a year of the station as this step leaves it.
func (e *Engine) loadYear(f *feed, page *sheet.Page, number int32) error {
	var memory [8][]byte
	own := memory[:0]
	for i := range f.operands {
		if o := &f.operands[i]; o.prefix == sheet.YearPrefix && o.number == number {
			own = append(own, o.bytes)
		}
	}
	var key [1 + reading.MaxStationID + 5]byte
	return page.Load(e.db, sheet.AppendKey(key[:0], sheet.YearPrefix, f.station.id, number), own...)
}

// keepHour stores an hour that is over as it is now.
func (e *Engine) keepHour(f *feed, number int64) error {
	day, index := e.zone.Hour(e.startOf(number))
	changes := e.derived.changes[:0]
	for _, r := range f.rows {
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		changes = append(changes, changeOf(r, index, hours[0]))
	}
	e.derived.changes = changes
	return e.putHour(f, number, day, changes)
}

// putHour stores an hour that the ring holds. A page of its day that was read before does not show it.
func (e *Engine) putHour(f *feed, number int64, day calendar.Day, changes []sheet.Change) error {
	f.pages = slices.DeleteFunc(f.pages, func(p cachedPage) bool { return p.day == day })
	return e.put(f, sheet.HourPrefix, int32(number), changes)
}

// put stores an hour of the station, or adds changes to the page of a year.
func (e *Engine) put(f *feed, prefix byte, number int32, changes []sheet.Change) error {
	if len(changes) == 0 {
		return nil
	}
	start := len(e.step.operands)
	e.step.operands = sheet.AppendOperand(e.step.operands, changes)
	operand := e.step.operands[start:len(e.step.operands):len(e.step.operands)]
	var memory [1 + reading.MaxStationID + 5]byte
	key := sheet.AppendKey(memory[:0], prefix, f.station.id, number)
	store := e.step.batch.Merge
	if prefix == sheet.HourPrefix {
		store = e.step.batch.Set
	}
	if err := store(key, operand, nil); err != nil {
		return err
	}
	if len(f.operands) == 0 {
		e.step.feeds = append(e.step.feeds, f)
	}
	f.operands = append(f.operands, pageOperand{prefix, number, operand})
	return nil
}
