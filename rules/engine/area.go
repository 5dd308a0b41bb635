package engine

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

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
			for _, m := range members {
				group.join(m)
			}
		}
	}
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
	for _, c := range e.cities {
		if c.feed.closed != math.MinInt64 || c.measured() == math.MinInt64 {
			continue
		}
		for _, m := range c.members {
			var err error
			if c.hours, err = e.hoursKept(c.hours, m); err != nil {
				return err
			}
		}
		if len(c.hours) == 0 {
			continue
		}
		f := c.feed
		f.closed = c.closedByAll()
		f.open, f.last = f.closed-1, min(f.closed-1, c.measured())
		c.touched = true
		e.step.cities = append(e.step.cities, c)
	}
	muted := e.muted
	e.muted = true
	defer func() { e.muted = muted }()
	return e.settleCities()
}

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
