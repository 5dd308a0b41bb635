package noise

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Assessment is what is said of a point on a day: its levels, and whether day, night and the loudest instant at night
// meet the limits of its zone. The three are judged apart.
type Assessment struct {
	Zone    string
	Date    calendar.Day
	Limits  Limits
	Limited bool // whether there are limits for the zone and day; without them nothing is judged

	Ld, Ln, Ldn          Level // to the ninth decimal; where not valid, of the hours there were
	DayHours, NightHours int   // valid hours in Ld and Ln; 0 where the levels were given
	Lmax                 Level // highest of the night

	Day, Night, Max standard.Verdict
}

// Judge makes the levels of a point from its hours, as [Settings.Date] puts them together, and judges them for its
// zone. Lmax is the highest level of the night, not valid where it is not known.
func Judge(settings *Settings, zone string, date calendar.Day, hours *Hours, lmax Level) Assessment {
	day, night := mean.Total{Law: reading.Energy}, mean.Total{Law: reading.Energy}
	for clock, hour := range hours {
		switch {
		case !hour.Valid:
		case settings.IsDay(clock):
			day.Add(hour.Value)
		default:
			night.Add(hour.Value)
		}
	}
	ld := Level{day.Mean(), day.Count >= settings.minDay()}
	ln := Level{night.Mean(), night.Count >= settings.minNight()}
	a := JudgeLevels(settings, zone, date, ld, ln, lmax)
	a.DayHours, a.NightHours = day.Count, night.Count
	return a
}

// JudgeLevels judges Ld, Ln and the night's Lmax that are known already. One that is not valid gets no verdict.
func JudgeLevels(settings *Settings, zone string, date calendar.Day, ld, ln, lmax Level) Assessment {
	a := Assessment{Zone: zone, Date: date, Ld: ld, Ln: ln, Ldn: settings.DayNight(ld, ln), Lmax: lmax}
	a.Limits, a.Limited = ZoneLimits(zone, date)
	if a.Limited {
		a.Day, a.Night, a.Max = within(ld, a.Limits.Day), within(ln, a.Limits.Night), within(lmax, a.Limits.NightMax)
	}
	return a
}
