package plan

import (
	"slices"
	"strconv"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// verdicts is what was found of stations on the days of a span: the level of the index, or the verdict. 0 is nothing valid.
type verdicts struct {
	*frame
	sources []string
	found   [][]uint8 // by source and day
	good    [levels + 1]bool

	expected int // sources whose days are expected
	next     int
	upTo     count
	rest     count // of the days after those in upTo, where they are known
	isKnown  bool
	inMonth  [mostMonths]int // counted in upTo
	byLevel  [levels + 1]int // days in upTo
	failing  []int           // days in upTo by source
}

// count is how many were judged, and how many of them are what the target counts.
type count struct{ counted, good int }

// part returns the share of the good, 0 to 1.
func (c *count) part() reading.Fixed {
	return mean.Ratio{Sum: mean.SumOf(int64(whole(c.good))), Count: uint64(c.counted)}.Fixed()
}

// judged returns the stations, or the area, whose days are judged.
func (t *Target) judged(members *Members, day calendar.Day) []*reading.Station {
	if (t.Metric == GoodDays || t.Metric == LevelDays) && t.Weight == ByCity && members.Area != "" {
		return []*reading.Station{{ID: members.Area}}
	}
	var judged []*reading.Station
	for _, s := range members.Stations {
		switch t.Metric {
		case GoodDays, LevelDays:
			if s.Domain != reading.Air {
				continue
			}
		case NoiseDay, NoiseNight:
			if _, limited := noise.ZoneLimits(s.Zone, day); !limited || s.Domain != reading.Noise || !t.asksFor(s.Zone) {
				continue
			}
		}
		judged = append(judged, s)
	}
	return judged
}

// beginWithFirst leaves out the days before anything was heard of any station: there was nobody to hear it.
func (v *verdicts) beginWithFirst() {
	for i := range v.length() {
		heard := func(found []uint8) bool { return standard.Verdict(found[i]) == standard.Meets }
		if slices.ContainsFunc(v.found, heard) {
			return
		}
		for _, found := range v.found {
			found[i] = 0
		}
	}
}

// length returns of how many days there is anything to read.
func (v *verdicts) length() int {
	if len(v.found) == 0 {
		return 0
	}
	return len(v.found[0])
}

// asksFor says whether the target is about points of the zone: construction sites lie in no functional zone, see
// [noise.Compliance], and count only where the target names theirs.
func (t *Target) asksFor(zone string) bool {
	return zone != noise.ConstructionZone || slices.Contains(t.Stations.Zones, noise.ConstructionZone)
}

// readVerdicts reads what was found on the days up to one.
func (t *Target) readVerdicts(averages Averages, judged []*reading.Station, f *frame, through calendar.Day) *verdicts {
	v := &verdicts{frame: f, sources: make([]string, len(judged)), found: make([][]uint8, len(judged)), failing: make([]int, len(judged)), expected: len(judged)}
	for code := range v.good {
		v.good[code] = t.counts(code)
	}
	for i, s := range judged {
		found := make([]uint8, f.index(through)+1)
		v.sources[i], v.found[i] = s.ID, found
		switch t.Metric {
		case GoodDays, LevelDays:
			f.eachCell(averages, s.ID, rule.IndexFigure, through, func(i int, c sheet.Cell) {
				if !c.Empty() && c.Valid {
					found[i] = levelOf(c)
				}
			})
		case NoiseDay, NoiseNight:
			t.readNoise(averages, s, f, through, found)
		case Sites:
			for i := range found {
				found[i] = uint8(averages.Site(s.ID, t.Standard, f.First+calendar.Day(i)))
			}
		case Reporting:
			for i := range found {
				found[i] = uint8(standard.Of(averages.Reported(s.ID, f.First+calendar.Day(i))))
			}
		}
	}
	return v
}

// readNoise holds a point's levels of days or nights against the limits of its zone.
func (t *Target) readNoise(averages Averages, s *reading.Station, f *frame, through calendar.Day, found []uint8) {
	row := noise.Ld
	if t.Metric == NoiseNight {
		row = noise.Ln
	}
	f.eachCell(averages, s.ID, row, through, func(i int, c sheet.Cell) {
		limits, ok := noise.ZoneLimits(s.Zone, f.First+calendar.Day(i))
		if c.Empty() || !c.Valid || !ok {
			return
		}
		limit := limits.Day
		if t.Metric == NoiseNight {
			limit = limits.Night
		}
		found[i] = uint8(standard.Of(noise.Rounded(c.Value().Fixed()) <= limit))
	})
}

// first returns the first day of which anything was found of a source, -1 where there is none.
func (v *verdicts) first(source int) int {
	return slices.IndexFunc(v.found[source], func(code uint8) bool { return code != 0 })
}

// known says that all days are over: those that are not counted yet are known as the rest.
func (v *verdicts) known() {
	v.isKnown = true
	for _, found := range v.found {
		for _, code := range found {
			v.rest.add(code != 0, v.good[code], 1)
		}
	}
}

func (c *count) add(counted, good bool, number int) {
	if counted {
		c.counted += number
	}
	if good {
		c.good += number
	}
}

// through counts the days up to one.
func (v *verdicts) through(index int) {
	for ; v.next <= index; v.next++ {
		for i, found := range v.found {
			code := found[v.next]
			if code == 0 {
				continue
			}
			good := v.good[code]
			v.upTo.add(true, good, 1)
			v.inMonth[v.month(v.next)]++
			v.byLevel[code]++
			if !good {
				v.failing[i]++
			}
			if v.isKnown {
				v.rest.add(true, good, -1)
			}
		}
	}
}

// soFar returns how many days of stations there have been.
func (v *verdicts) soFar() int { return v.next * v.expected }

// remaining returns how many there are yet to come.
func (v *verdicts) remaining() int { return (v.Days() - v.next) * v.expected }

// parts returns the days by their level, or the stations that fail.
func (s *shares) parts() []Part {
	var parts []Part
	if s.target.Metric == GoodDays || s.target.Metric == LevelDays {
		for level := 1; level <= levels; level++ {
			if days := s.now.byLevel[level]; days > 0 {
				parts = append(parts, Part{Name: strconv.Itoa(level), Label: air.NameOf(level), Value: days, Fails: s.fails(level)})
			}
		}
		return parts
	}
	for i, days := range s.now.failing {
		if days > 0 {
			parts = append(parts, Part{Name: s.now.sources[i], Value: days, Fails: true})
		}
	}
	return parts
}

// fails says whether days of a level count against the target: where there should be few of them those that are counted,
// else the others.
func (s *shares) fails(level int) bool {
	switch s.target.Comparison {
	case Tracked:
		return false
	case AtMost, Below, Equal:
		return s.now.good[level] == (s.target.Metric == LevelDays)
	default:
		return !s.now.good[level]
	}
}
