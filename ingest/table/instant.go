package table

import (
	"errors"
	"fmt"
	"time"

	"egret/ingest/reading"
)

const secondsOfDay = 24 * 60 * 60

// clock reads instants as tables have them. Rows mostly say the same time as the one before, or one of the same day.
type clock struct {
	zone *time.Location
	// text was read last, as instant.
	text    string
	instant int64
	// day is a civil day, in seconds since 1970, on which every hour is there once; start is its midnight.
	day, start int64
	even       bool
}

// The years of readings: beyond them nanoseconds overflow, or a unit was mistaken.
const (
	firstYear = 1970
	lastYear  = 2200
)

var errTime = errors.New("is not a time: write 2026-03-01 10:00, or with its offset 2026-03-01T10:00:00+08:00")

// ParseTime reads an instant as a cell of a table has it, without an offset in the zone.
func ParseTime(text string, zone *time.Location) (int64, error) {
	c := clock{zone: zone}
	instant, err := c.parse(text)
	if err != nil {
		return 0, fmt.Errorf("%q %w", reading.Shorten(text), err)
	}
	return instant, nil
}

// parse reads RFC 3339; a date, or a date and a time to the minute or second, in the clock's zone; or epoch seconds or
// milliseconds. 24:00 is the end of its day. Of the hour that is there twice when clocks are put back it is the first.
func (c *clock) parse(text string) (int64, error) {
	if text == c.text && text != "" {
		return c.instant, nil
	}
	s := scanner{rest: text}
	var instant int64
	var err error
	if s.onlyDigits() {
		instant, err = epoch(text)
	} else {
		instant, err = c.civil(&s)
	}
	if err == nil {
		c.text, c.instant = text, instant
	}
	return instant, err
}

// The epoch times that are taken lie between 2001 and 2200, so that a date without its dashes is not one of them.
const (
	firstEpoch = 1_000_000_000
	lastEpoch  = 7_258_118_400
)

func epoch(text string) (int64, error) {
	if len(text) > 13 {
		return 0, errTime
	}
	var number int64
	for _, c := range []byte(text) {
		number = number*10 + int64(c-'0')
	}
	switch {
	case len(text) == 10 && isDateHour(number):
		return 0, errors.New("may be epoch seconds or a date and hour: write 2026-03-01 10:00")
	case number >= firstEpoch && number < lastEpoch:
		return number * int64(time.Second), nil
	case number >= firstEpoch*1000 && number < lastEpoch*1000:
		return number * int64(time.Millisecond), nil
	}
	return 0, errTime
}

// isDateHour says whether ten digits may be a year, month, day and hour.
func isDateHour(number int64) bool {
	year, month, day, hour := number/1000000, number/10000%100, number/100%100, number%100
	return year >= firstYear && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24
}

// civil reads a date, a time of the day and an offset, the latter two if they are there.
func (c *clock) civil(s *scanner) (int64, error) {
	year, month, day, ok := s.date()
	if !ok {
		return 0, errTime
	}
	if year < firstYear || year > lastYear {
		return 0, fmt.Errorf("lies outside %d to %d", firstYear, lastYear)
	}
	midnight := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if midnight.Day() != day || midnight.Month() != time.Month(month) {
		return 0, errors.New("is a day that the month does not have")
	}
	if s.rest == "" { // how spreadsheets show midnight
		return c.local(midnight.Unix(), 0)
	}
	seconds, nanoseconds, ok := s.timeOfDay()
	if !ok {
		return 0, errTime
	}
	if s.rest == "" {
		instant, err := c.local(midnight.Unix(), seconds)
		return instant + nanoseconds, err
	}
	offset, ok := s.offset()
	if !ok || s.rest != "" {
		return 0, errTime
	}
	return (midnight.Unix()+seconds-offset)*int64(time.Second) + nanoseconds, nil
}

// local returns the instant of a time of a civil day in the clock's zone; both are in seconds.
func (c *clock) local(day, seconds int64) (int64, error) {
	if !c.even || c.day != day {
		start, here := c.convert(day)
		end, there := c.convert(day + secondsOfDay)
		c.day, c.start, c.even = day, start, here && there && end-start == secondsOfDay
	}
	if c.even {
		return (c.start + seconds) * int64(time.Second), nil
	}
	instant, ok := c.convert(day + seconds)
	if !ok {
		return 0, fmt.Errorf("does not exist in %s: clocks are put forward then", c.zone)
	}
	return instant * int64(time.Second), nil
}

// convert returns the first instant at which clocks in the zone show a civil time; ok is false if they never do.
func (c *clock) convert(civil int64) (instant int64, ok bool) {
	for _, near := range [...]int64{civil - secondsOfDay, civil + secondsOfDay} { // one offset before a change, one after
		_, offset := time.Unix(near, 0).In(c.zone).Zone()
		candidate := civil - int64(offset)
		_, there := time.Unix(candidate, 0).In(c.zone).Zone()
		if there == offset && (!ok || candidate < instant) {
			instant, ok = candidate, true
		}
	}
	return instant, ok
}
