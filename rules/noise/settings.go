package noise

import (
	"fmt"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// NightWindow says which night hours belong to a date.
type NightWindow uint8

// The windows. GB 3096-2008 knows the night as one stretch; much software takes the night hours of one date.
const (
	Continuous NightWindow = iota // the evening of the date and the next morning: 22:00 to 06:00
	SameDate                      // the morning and the evening of one date: hours 0-5 and 22-23
)

var nightWindowNames = [...]string{Continuous: "continuous", SameDate: "same-date"}

// String returns the name under which configurations know the window.
func (w NightWindow) String() string { return nightWindowNames[w] }

// ParseNightWindow reads a window's name.
func ParseNightWindow(name string) (NightWindow, error) {
	for w, known := range nightWindowNames {
		if name == known {
			return NightWindow(w), nil
		}
	}
	return 0, fmt.Errorf("night window %q is not known: use continuous or same-date", reading.Shorten(name))
}

// The day of GB 3096-2008 clause 3: 06:00 to 22:00; governments of counties and above may set other hours.
const (
	DefaultDayFrom  = 6
	DefaultDayUntil = 22
)

// How much must have been measured. No source for HJ 906-2017 gives minima, so three quarters are taken throughout, as
// air quality has it: assumptions of this project. (DB36/T 2151-2025 of Jiangxi asks for 95 % of an hour.)
const (
	DefaultHourPercent = 75 // of the expected values, in a valid hour
	DefaultDayHours    = 12 // of the 16 day hours, in a valid day
	DefaultNightHours  = 6  // of the 8 night hours, in a valid night
)

// Settings says how levels are made of hours. A field left 0 has its default.
type Settings struct {
	DayFrom, DayUntil int // the clock hours at which day begins and ends; both 0: 6 and 22
	Night             NightWindow
	HourPercent       int // valid share of an hour, 1 to 100 %
	DayHours          int // valid hours a day needs
	NightHours        int // valid hours a night needs
}

// Check returns what is wrong with the settings. The error names the field.
func (s *Settings) Check() error {
	from, until := s.Day()
	switch {
	case from < 0 || until > 24 || from >= until || until-from == 24:
		return fmt.Errorf("day: from %d to %d o'clock is no day with a night: use hours such as 6 and 22", from, until)
	case s.Night > SameDate:
		return fmt.Errorf("night: window %d is not known: use continuous or same-date", s.Night)
	case s.HourPercent < 0 || s.HourPercent > 100:
		return fmt.Errorf("hour_percent: %d is outside 1 to 100", s.HourPercent)
	case s.DayHours < 0 || s.minDay() > until-from:
		return fmt.Errorf("day_hours: %d is outside 1 to the %d hours of the day", s.minDay(), until-from)
	case s.NightHours < 0 || s.minNight() > 24-(until-from):
		return fmt.Errorf("night_hours: %d is outside 1 to the %d hours of the night", s.minNight(), 24-(until-from))
	}
	return nil
}

// Day returns the clock hours at which day begins and ends.
func (s *Settings) Day() (from, until int) {
	if s.DayFrom == 0 && s.DayUntil == 0 {
		return DefaultDayFrom, DefaultDayUntil
	}
	return s.DayFrom, s.DayUntil
}

func (s *Settings) minDay() int   { return either(s.DayHours, DefaultDayHours) }
func (s *Settings) minNight() int { return either(s.NightHours, DefaultNightHours) }

func either(set, standing int) int {
	if set != 0 {
		return set
	}
	return standing
}

// IsDay says whether the hour that starts at this clock hour belongs to the day.
func (s *Settings) IsDay(clock int) bool {
	from, until := s.Day()
	return clock >= from && clock < until
}

// HourValid says whether an hour with count values of those expected is valid.
func (s *Settings) HourValid(count, expected int) bool {
	return expected > 0 && count*100 >= either(s.HourPercent, DefaultHourPercent)*expected
}

// Date returns the hours of which the date's day and night are made: by the continuous window the morning hours before
// the day begins are those of the next date.
func (s *Settings) Date(date, next *Hours) Hours {
	hours := *date
	if s.Night == Continuous {
		from, _ := s.Day()
		copy(hours[:from], next[:from])
	}
	return hours
}

// DayLevel returns Ld of the day hours: the energy mean of those that are valid, their count, and whether they are enough.
func (s *Settings) DayLevel(hours []Level) (level reading.Fixed, count int, valid bool) {
	level, count = Mean(hours)
	return level, count, count >= s.minDay()
}

// NightLevel returns Ln of the night hours, as DayLevel does of the day's.
func (s *Settings) NightLevel(hours []Level) (level reading.Fixed, count int, valid bool) {
	level, count = Mean(hours)
	return level, count, count >= s.minNight()
}

// nightPenalty is what a level at night counts more in Ldn.
const nightPenalty = 10 * reading.FixedOne

// DayNight returns Ldn = 10·lg{[16·10^(Ld/10)+8·10^((Ln+10)/10)]/24}, with the hours that day and night have. It is not
// valid without both.
func (s *Settings) DayNight(ld, ln Level) Level {
	if !ld.Valid || !ln.Valid {
		return Level{}
	}
	total := mean.Total{Law: reading.Energy}
	for clock := range 24 {
		if s.IsDay(clock) {
			total.Add(ld.Value)
		} else {
			total.Add(ln.Value + nightPenalty)
		}
	}
	return Known(total.Mean())
}
