package engine

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/packed"
	"egret/rules/sheet"
)

// cityKey is the first byte of the keys under which the state of cities is kept.
const cityKey = 'g'

// city is a city's air: the means of what its registered stations measured in the same hour or on the same day, of
// which its index is made. Indices are never averaged.
type city struct {
	feed    *feed // of a station that stands for the city
	members []*station
	hours   []int64 // that members have closed or made anew in this entry
	touched bool
}

// foundCities makes the cities of the register, and gives them the state that was stored.
func (e *Engine) foundCities() error {
	byName := map[string]*city{}
	for i := range e.config.Stations {
		register := &e.config.Stations[i]
		name := cityOf(register)
		if name == "" {
			continue
		}
		c := byName[name]
		if c == nil {
			c = e.newCity(reading.CityPrefix + name)
			byName[name] = c
		}
		c.join(e.stations[register.ID])
	}
	e.foundAreas()
	e.forsakeAreas()
	slices.SortFunc(e.cities, func(a, b *city) int { return strings.Compare(a.feed.station.name, b.feed.station.name) })
	for _, c := range e.cities {
		c.feed.expected = len(c.members)
		if err := e.restoreCity(c); err != nil {
			return err
		}
	}
	return nil
}

// newCity returns a group without members that stands under a name.
func (e *Engine) newCity(name string) *city {
	s := e.newStation(name)
	s.streams = []*stream{{station: s, period: reading.Hour, ready: true}}
	c := &city{feed: e.newFeed(s.streams[0])}
	c.feed.city = c
	e.cities = append(e.cities, c)
	return c
}

func (c *city) join(member *station) {
	member.cities = append(member.cities, c)
	c.members = append(c.members, member)
}

// cityOf returns for which city's air the station counts, empty for none. Sites are measured for what they do to their
// surroundings, not for the air of the city.
func cityOf(s *reading.Station) string {
	if !ofCityAir(s) {
		return ""
	}
	return s.City
}

func ofCityAir(s *reading.Station) bool {
	return s.Domain == reading.Air && s.Zone != noise.ConstructionZone
}

func (e *Engine) restoreCity(c *city) error {
	s := c.feed.station
	value, closer, err := e.db.Get(append([]byte{cityKey}, s.id...))
	if errors.Is(err, pebble.ErrNotFound) {
		c.feed.restored = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the state of %s: %w", s.name, err)
	}
	r := packed.Reader{Rest: value}
	hours := readFeedHours(&r)
	e.resume(c.feed, readFeedRows(&r), hours)
	if r.Broken {
		err = errCut
	}
	if err = errors.Join(err, closer.Close()); err != nil {
		return fmt.Errorf("read the state of %s: %w", s.name, err)
	}
	return nil
}

// keepCity stores the city's state with the step.
func (e *Engine) keepCity(c *city) error {
	s := c.feed.station
	return e.step.batch.Set(append([]byte{cityKey}, s.id...), c.feed.appendRows(c.feed.appendHours(nil)), nil)
}

// touchCity notes for the cities and areas of a station that an hour of it was closed or made anew.
func (e *Engine) touchCity(f *feed, number int64) {
	for _, c := range f.station.cities {
		if len(c.hours) == 0 || c.hours[len(c.hours)-1] != number {
			c.hours = append(c.hours, number)
		}
		if !c.touched {
			c.touched = true
			e.step.cities = append(e.step.cities, c)
		}
	}
}

// touchCities lets all cities close the hours that their members have closed.
func (e *Engine) touchCities() {
	for _, c := range e.cities {
		if !c.touched && c.feed.closed != math.MinInt64 && c.feed.closed < c.closedByAll() {
			c.touched = true
			e.step.cities = append(e.step.cities, c)
		}
	}
}

// settleCities makes what follows for cities from the hours that members have closed or made anew.
func (e *Engine) settleCities() error {
	for _, c := range e.step.cities {
		if err := e.settleCity(c); err != nil {
			return err
		}
	}
	e.step.cities = e.step.cities[:0]
	return nil
}

func (e *Engine) settleCity(c *city) error {
	c.touched = false
	f := c.feed
	if err := e.restoreFeed(f); err != nil {
		return err
	}
	slices.Sort(c.hours)
	c.hours = slices.Compact(c.hours)
	if f.closed == math.MinInt64 {
		f.open, f.closed, f.last = c.hours[0]-1, e.closedAt(c.hours[0]), c.hours[0]-1
	}
	if err := e.reviseCity(c); err != nil {
		return err
	}
	c.hours = c.hours[:0]
	for before := c.closedByAll(); f.closed < before; {
		number := f.closed
		f.last = max(f.last, min(number, c.measured())) // of stations that send days there are no hours: their late days are not the newest
		if number > max(f.last, c.measured())+quietHours {
			f.closed = before
			break
		}
		f.advance(number)
		fresh, err := e.cityHour(c, number)
		if err != nil {
			return err
		}
		for i, r := range f.rows {
			if r.cells[place(number)] = fresh[i]; fresh[i].Count > 0 {
				f.last = max(f.last, number)
			}
		}
		f.closed = number + 1
		if err := e.closeHour(f, number); err != nil {
			return err
		}
	}
	e.forgetPages(f)
	for _, m := range c.members {
		if m.feed != nil {
			e.forgetPages(m.feed)
		}
	}
	return e.keepCity(c)
}

// closedByAll returns the hour before which all members that have ever sent anything have closed theirs. Those that
// fall silent are closed by the clock.
func (c *city) closedByAll() int64 {
	before := int64(math.MaxInt64)
	for _, m := range c.members {
		if m.feed != nil && m.feed.closed != math.MinInt64 {
			before = min(before, m.feed.closed)
		}
	}
	return before
}

// measured returns the last hour in which a member measured anything: after a silence the city's own is older.
func (c *city) measured() int64 {
	last := int64(math.MinInt64)
	for _, m := range c.members {
		if m.feed != nil && m.feed.closed != math.MinInt64 {
			last = max(last, m.feed.last)
		}
	}
	return last
}

// cityHour makes an hour of the city, one for each of its rows, of the hours of its members.
func (e *Engine) cityHour(c *city, number int64) ([]average.Hour, error) {
	for _, m := range c.members {
		if m.feed == nil {
			continue
		}
		if err := e.restoreFeed(m.feed); err != nil {
			return nil, err
		}
		for _, r := range m.feed.rows {
			if r.parameter.Domain != reading.Air || r.parameter.Law != reading.Arithmetic {
				continue
			}
			row := c.feed.find(r.parameter.Key)
			if row == nil {
				row = e.row(c.feed, r.parameter.Key)
			}
			row.since = min(row.since, number)
		}
	}
	c.feed.expected = c.hourly()
	fresh := e.derived.cityHours[:0]
	for _, r := range c.feed.rows {
		values := e.derived.areas[:0]
		for _, m := range c.members {
			row := m.find(r.parameter.Key)
			if row == nil || m.feed.step > 1 {
				continue
			}
			hours, err := e.hours(m.feed, row, number, number+1)
			if err != nil {
				return nil, err
			}
			if hours[0].Valid {
				values = append(values, mean.Whole(hours[0].Mean))
			}
		}
		e.derived.areas = values
		value, valid := areaValue(values, c.feed.expected)
		h := average.Hour{Count: uint32(len(values)), Valid: valid}
		if h.Count > 0 {
			h.Mean = value.Fixed()
		}
		fresh = append(fresh, h)
	}
	e.derived.cityHours = fresh
	return fresh, nil
}

// hourly returns how many of the members measure every hour. What others send is of several hours or of a day and
// enters the city's days only.
func (c *city) hourly() int {
	count := 0
	for _, m := range c.members {
		sender := *m.register
		sender.Period = m.period()
		if sender.SendInterval() < 2*time.Hour {
			count++
		}
	}
	return count
}

// find returns the station's row of a parameter, nil where there is none.
func (s *station) find(parameter string) *row {
	if s.feed == nil {
		return nil
	}
	return s.feed.find(parameter)
}

// areaValue returns the mean of the stations that have a valid value, and whether they are enough.
func areaValue(values []mean.Ratio, stations int) (mean.Ratio, bool) {
	var all mean.Means
	for _, v := range values {
		all.Add(v)
	}
	_, valid := air.AreaValue(values, stations)
	return all.Mean(), valid
}

// reviseCity makes anew what belongs to closed hours of the city that members have closed late or made anew.
func (e *Engine) reviseCity(c *city) error {
	f, v := c.feed, &e.derived.revision
	v.reset()
	for _, number := range c.hours {
		if number >= f.closed {
			break
		}
		if number > f.open { // it was closed as one of a silence
			f.advance(number)
		}
		fresh, err := e.cityHour(c, number)
		if err != nil {
			return err
		}
		if err := e.reviseHour(f, v, number, fresh); err != nil {
			return err
		}
		// The day of a member that sends days is no hour of the city, and yet enters the city's day.
		if day := e.zone.DayOf(e.startOf(number)); f.expected != len(c.members) && (len(v.days) == 0 || v.days[len(v.days)-1] != day) {
			v.days = append(v.days, day)
		}
	}
	return e.revise(f, v)
}

// loadMembers reads the pages of a year of a city's stations.
func (e *Engine) loadMembers(f *feed, number int32) error {
	if f.city == nil {
		return nil
	}
	members := f.city.members
	for len(e.derived.members) < len(members) {
		e.derived.members = append(e.derived.members, sheet.Page{})
	}
	for i, m := range members {
		page := &e.derived.members[i]
		if page.Rows = page.Rows[:0]; m.feed == nil {
			continue
		}
		if err := e.loadYear(m.feed, page, number); err != nil {
			return err
		}
	}
	return nil
}

// cityDay makes the day's figure of a city: of the days of its members, whose year is loaded, not of its own hours.
func (e *Engine) cityDay(f *feed, r *row, day calendar.Day) dayFigure {
	d := dayFigure{key: r.parameter.Key, course: r.course}
	if r.course.DayKey != "" {
		d.key = r.course.DayKey
	}
	_, index := sheet.YearOf(day)
	values := e.derived.areas[:0]
	for i := range f.city.members {
		if cell := e.derived.members[i].Find(d.key).At(index); !cell.Empty() && cell.Valid {
			values = append(values, cell.Value())
		}
	}
	e.derived.areas = values
	d.Count, d.Expected = len(values), len(f.city.members)
	d.Value, d.Valid = areaValue(values, d.Expected)
	if d.Count == 0 {
		d.Value = mean.Ratio{}
	}
	return d
}
