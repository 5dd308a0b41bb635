package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/plan"
	"egret/rules/sheet"
)

// foundAreas makes a group of the air stations of each target that asks for the air of an area which is not just a
// city: it is averaged as a city is.
func (e *Engine) foundAreas() {
	for i := range e.config.Plans {
		p := &e.config.Plans[i]
		for j := range p.Targets {
			t := &p.Targets[j]
			if !t.OfArea(e.config.Parameters) {
				continue
			}
			members := e.breathing(e.chosen(p, t))
			if len(members) == 0 || e.groupOf(members) != nil {
				continue
			}
			group := e.newCity(reading.AreaPrefix + areaName(p, t))
			text := ""
			for _, m := range members {
				group.join(m)
				text += m.name + " "
			}
			// Of other stations it is another area, with a history of its own.
			s := group.feed.station
			s.id = fmt.Appendf(s.id, "#%016x", xxhash.Sum64String(text))
		}
	}
}

// forsakeAreas gives up the open alerts of areas that no plan asks for any more.
func (e *Engine) forsakeAreas() {
	var gone []subject
	for about := range e.alerts.open {
		followed := func(c *city) bool { return c.feed.station.name == about.station }
		if strings.HasPrefix(about.station, reading.AreaPrefix) && !slices.ContainsFunc(e.cities, followed) && !slices.Contains(e.alerts.gone, about) {
			gone = append(gone, about)
		}
	}
	slices.SortFunc(gone, func(a, b subject) int { return bytes.Compare(a.key(), b.key()) })
	e.alerts.gone = append(e.alerts.gone, gone...)
}

// areaName returns under which name the area of a target stands: that of its plan, unless it chooses among its stations.
func areaName(p *plan.Plan, t *plan.Target) string {
	if t.Stations.Empty() {
		return p.ID
	}
	return p.ID + "." + t.ID
}

// chosen returns the registered stations that a target is made of, by id.
func (e *Engine) chosen(p *plan.Plan, t *plan.Target) []*station {
	var members []*station
	for i := range e.config.Stations {
		if register := &e.config.Stations[i]; p.Area.Chooses(register) && t.Stations.Chooses(register) {
			members = append(members, e.stations[register.ID])
		}
	}
	slices.SortFunc(members, func(a, b *station) int { return strings.Compare(a.name, b.name) })
	return members
}

// breathing returns those of the stations that stand for the air of their surroundings.
func (e *Engine) breathing(stations []*station) []*station {
	return slices.DeleteFunc(slices.Clone(stations), func(s *station) bool { return !ofCityAir(s.register) })
}

// groupOf returns the city or area that has just these members, nil where there is none.
func (e *Engine) groupOf(members []*station) *city {
	for _, c := range e.cities {
		if len(c.members) == len(members) && !slices.ContainsFunc(members, func(m *station) bool { return !slices.Contains(m.cities, c) }) {
			return c
		}
	}
	return nil
}

// foundNew makes the history of cities and areas that the configuration has newly got, of what is kept of their stations.
// Like all history it alerts nobody.
func (e *Engine) foundNew() error {
	muted := e.muted
	e.muted = true
	defer func() { e.muted = muted }()
	for _, c := range e.cities {
		if c.feed.closed != math.MinInt64 || c.measured() == math.MinInt64 {
			continue
		}
		var kept []int64
		for _, m := range c.members {
			var err error
			if kept, err = e.hoursKept(kept, m); err != nil {
				return err
			}
			slices.Sort(kept)
			kept = slices.Compact(kept)
		}
		if len(kept) == 0 {
			continue
		}
		f := c.feed
		f.closed = c.closedByAll()
		f.open, f.last = f.closed-1, min(f.closed-1, c.measured())
		for len(kept) > 0 {
			count, _ := slices.BinarySearch(kept, kept[0]+foundAtOnce)
			c.hours, kept = kept[:count:count], kept[count:]
			if err := e.settleCity(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// foundAtOnce is of how many hours the pages of all stations of a new area are in memory: a month.
const foundAtOnce = 31 * 24

// hoursKept appends the hours of a station that are kept.
func (e *Engine) hoursKept(to []int64, s *station) ([]int64, error) {
	lower := sheet.AppendKey(nil, sheet.HourPrefix, s.id, 0)
	iterator, err := e.db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: sheet.AppendKey(nil, sheet.HourPrefix, s.id, math.MaxInt32)})
	if err != nil {
		return to, fmt.Errorf("read hours of station %s: %w", s.id, err)
	}
	for valid := iterator.First(); valid; valid = iterator.Next() {
		to = append(to, int64(binary.BigEndian.Uint32(iterator.Key()[len(lower)-4:])))
	}
	if err := iterator.Close(); err != nil {
		return to, fmt.Errorf("read hours of station %s: %w", s.id, err)
	}
	return to, nil
}
