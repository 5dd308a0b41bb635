package calendar

import "time"

// Zone tells to which day and hour of its place an instant belongs. It remembers the day it was last asked for, so it
// is used by one goroutine; several may have a Zone each.
type Zone struct {
	location   *time.Location
	day        Day
	start, end int64 // of day
}

// NewZone returns a zone of its own for a place.
func NewZone(location *time.Location) *Zone { return &Zone{location: location} }

// Location returns the place.
func (z *Zone) Location() *time.Location { return z.location }

// DayOf returns the day that holds the instant.
func (z *Zone) DayOf(instant int64) Day {
	if instant < z.start || instant >= z.end {
		z.remember(dayOf(time.Unix(0, instant).In(z.location)))
		if instant >= z.end { // clocks went back past midnight and show the date again, but the next day has begun
			z.remember(z.day + 1)
		}
	}
	return z.day
}

// Start returns the first instant of the day: midnight, or what follows it where the clock skips midnight.
func (z *Zone) Start(d Day) int64 {
	if d != z.day || z.end == 0 {
		z.remember(d)
	}
	return z.start
}

// End returns the first instant after the day.
func (z *Zone) End(d Day) int64 {
	z.Start(d)
	return z.end
}

func (z *Zone) remember(d Day) {
	z.day, z.start, z.end = d, z.midnight(d), z.midnight(d+1)
}

// midnight returns the first instant of the day. A day that a place left out has the first instant of the next.
func (z *Zone) midnight(d Day) int64 {
	year, month, day := d.Date()
	t := time.Date(year, month, day, 0, 0, 0, 0, z.location)
	changed, next := t.ZoneBounds()
	switch {
	case dayOf(t) < d: // midnight is skipped: Date gave an instant before the clock was changed
		t = next
	case !changed.IsZero() && dayOf(changed.Add(-1)) >= d: // midnight came before the clock was put back, too
		_, before := changed.Add(-1).Zone()
		t = time.Unix(int64(d)*secondsOfDay-int64(before), 0)
	}
	return t.UnixNano()
}

// dayOf returns the day whose date clocks show.
func dayOf(t time.Time) Day {
	year, month, day := t.Date()
	return Date(year, month, day)
}

// Hours returns how many hours the day has: 24, and 23 or 25 where the clock is changed.
func (z *Zone) Hours(d Day) int {
	z.Start(d)
	return int((z.end - z.start + int64(time.Hour) - 1) / int64(time.Hour))
}

// Hour returns which hour of its day holds the instant, counted from 0, and the day. Hours are counted from the day's
// start, so on a day on which the clock is changed they are no longer what clocks show.
func (z *Zone) Hour(instant int64) (Day, int) {
	d := z.DayOf(instant)
	return d, int((instant - z.start) / int64(time.Hour))
}

// Clock returns the hour that clocks show at the instant.
func (z *Zone) Clock(instant int64) int {
	return time.Unix(0, instant).In(z.location).Hour()
}

// At returns the instant at which clocks show the hour on the day.
func (z *Zone) At(d Day, hour int) int64 {
	if start := z.Start(d); hour == 0 || z.end-start == int64(24*time.Hour) {
		return start + int64(hour)*int64(time.Hour)
	}
	year, month, day := d.Date()
	return time.Date(year, month, day, hour, 0, 0, 0, z.location).UnixNano()
}

// Show writes an instant as RFC 3339 in the zone.
func (z *Zone) Show(instant int64) string {
	return time.Unix(0, instant).In(z.location).Format(time.RFC3339)
}
