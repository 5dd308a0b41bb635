package plan

import (
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
	"egret/rules/water"
)

// asked is a world that counts what it is asked for.
type asked struct {
	*world
	times map[worldDay]int
	spans map[string][]calendar.Span
}

// Class implements [Averages].
func (a *asked) Class(section string, days calendar.Span) water.Class {
	a.spans[section] = append(a.spans[section], days)
	return a.world.Class(section, days)
}

// Site implements [Averages].
func (a *asked) Site(station, dustStandard string, day calendar.Day) standard.Verdict {
	a.times[worldDay{station, day}]++
	return a.world.Site(station, dustStandard, day)
}

// Reported implements [Averages].
func (a *asked) Reported(station string, day calendar.Day) bool {
	a.times[worldDay{station, day}]++
	return a.world.Reported(station, day)
}

// One day is judged with one look at each day that it needs.
func TestOneDayCostsNoYearOfDays(t *testing.T) {
	f := func(target Target, domain reading.Domain, day string, spans, days int) {
		t.Helper()
		p := Plan{Period: Period{From: on("2018-01-01"), Until: on("2018-12-31")}}
		world := &asked{newWorld(), map[worldDay]int{}, map[string][]calendar.Span{}}
		p.Judge(&target, &Members{Stations: stations(domain, "a", "b")}, world, from(day, day))
		for _, station := range []string{"a", "b"} {
			if got := world.spans[station]; len(got) != spans {
				t.Errorf("%s after %s: the class of %s is asked for of %v", target.Metric, day, station, got)
			}
		}
		if len(world.times) != 2*days {
			t.Errorf("%s after %s: %d days of stations are asked for, want %d", target.Metric, day, len(world.times), 2*days)
		}
		for at, times := range world.times {
			if times > 1 || at.day > on(day) {
				t.Errorf("%s after %s: %s of %s is asked for %d times", target.Metric, day, at.day, at.station, times)
			}
		}
	}
	clean := Target{Metric: Sections, Class: water.ClassIII, Comparison: AtLeast, Value: number("51.1")}
	f(clean, reading.Water, "2018-07-19", 3, 0) // to date, a year before and that year's end
	f(clean, reading.Water, "2018-12-31", 2, 0)
	sites := Target{Metric: Sites, Comparison: AtLeast, Value: number("80"), Standard: "DB32/4437-2022"}
	f(sites, reading.Air, "2018-07-19", 0, 200+365)
	f(Target{Metric: Reporting, Comparison: Equal, Value: number("100")}, reading.Air, "2018-07-19", 0, 200+365)
}
