package payload

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"egret/ingest/reading"
)

// TimeLayout is how times are written. The zero layout takes RFC 3339, also without a zone or with a space for the T, and
// numbers of seconds, milliseconds, microseconds or nanoseconds since 1970, which their size tells apart.
type TimeLayout struct {
	Unix time.Duration // a number counts these since 1970: time.Second, time.Millisecond …; 0: a text, or found out by its size
	// Format is a layout of package time that CheckTimeFormat takes, such as 2006-01-02 15:04:05; "": RFC 3339. Times are UTC
	// where it has the letters UTC or GMT.
	Format string
}

// mostTime bounds the text of a time, as package time repeats it in its errors.
const mostTime = 100

// read returns a time in Unix nanoseconds. zone is that of times without one, nil if nobody knows it.
func (l *TimeLayout) read(text []byte, zone *time.Location) (int64, error) {
	text = bytes.TrimSpace(text)
	var instant int64
	var err error
	switch {
	case len(text) > mostTime:
		err = errors.New("is too long for a time")
	case l.Format != "":
		instant, err = local(l.Format, text, zone)
	case l.Unix != 0 || isDecimal(text):
		instant, err = epoch(text, l.Unix)
	default:
		instant, err = isoTime(text, zone)
	}
	if err != nil {
		return 0, fmt.Errorf("time %q %w", shown(text), err)
	}
	return instant, nil
}

func isDecimal(text []byte) bool {
	_, found := parseNumber(text)
	return found != numberNone
}

// isoTime reads RFC 3339, and the same without a zone.
func isoTime(text []byte, zone *time.Location) (int64, error) {
	if len(text) < 19 {
		return 0, errISOTime
	}
	zoned := bytes.ContainsAny(text[19:], "Z+-")
	var layout string
	switch spaced := text[10] == ' '; {
	case zoned && spaced:
		layout = "2006-01-02 15:04:05Z07:00"
	case zoned:
		layout = time.RFC3339
	case spaced:
		layout = "2006-01-02 15:04:05"
	default:
		layout = "2006-01-02T15:04:05"
	}
	instant, err := local(layout, text, zone)
	if err != nil && errors.As(err, new(*time.ParseError)) {
		return 0, errISOTime
	}
	return instant, err
}

var errISOTime = errors.New("is not RFC 3339, such as 2026-11-21T10:00:00+08:00, nor seconds or milliseconds since 1970; if it is written in another way, say how under time_format")

// local reads a time by a layout of package time, in the zone where the layout has none.
func local(layout string, text []byte, zone *time.Location) (int64, error) {
	civil, err := time.Parse(layout, string(text))
	switch {
	case err != nil:
		return 0, fmt.Errorf("is not written as %s: %w", layout, err)
	case holdsZone(layout):
		return instantOf(civil)
	case zone == nil:
		return 0, errors.New("carries no zone: name it under zone")
	}
	second, ok := firstAt(civil.Unix(), zone)
	if !ok {
		return 0, fmt.Errorf("does not exist in %s: clocks are put forward then", zone)
	}
	return instantOf(time.Unix(second, int64(civil.Nanosecond())))
}

func holdsZone(layout string) bool {
	return strings.Contains(layout, "Z07") || strings.Contains(layout, "-07") || strings.Contains(layout, "UTC") || strings.Contains(layout, "GMT")
}

// CheckTimeFormat returns an error unless times can be read by a layout of package time: it must hold year, month, day,
// hour and minute, and its zone, if any, as a number.
func CheckTimeFormat(layout string) error {
	const example = "write how 15:04:05 on 2 January 2006 would stand there, such as 2006-01-02 15:04:05"
	switch {
	case holdsPlainZ(layout):
		return errors.New("holds a Z that is only a letter, so times in UTC would be taken for local ones; write Z07:00 in place of Z")
	case strings.Contains(layout, "MST"):
		return errors.New("holds MST, a name such as CST, which several zones have; write -0700 if a number stands there, or the letters themselves and the zone under zone")
	}
	for _, moment := range [...]time.Time{time.Date(2026, 11, 21, 13, 14, 15, 0, time.UTC), time.Date(2034, 3, 9, 20, 41, 39, 0, time.UTC)} {
		read, err := time.Parse(layout, moment.Format(layout))
		lost := ""
		switch {
		case err != nil:
			return errors.New("is no layout that a time can be read by; " + example)
		case read.Year() != moment.Year():
			lost = "year"
		case read.Month() != moment.Month():
			lost = "month"
		case read.Day() != moment.Day():
			lost = "day"
		case read.Hour() == moment.Hour()-12:
			return errors.New("does not tell the afternoon from the morning; write 15 in place of 03 or 3, or PM where that stands")
		case read.Hour() != moment.Hour():
			lost = "hour"
		case read.Minute() != moment.Minute():
			lost = "minute"
		default:
			continue
		}
		return fmt.Errorf("does not hold the %s; %s", lost, example)
	}
	return nil
}

// holdsPlainZ says whether a layout has a Z that is neither the zone's Z07:00 nor part of a word.
func holdsPlainZ(layout string) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(layout) && ((layout[i] >= 'a' && layout[i] <= 'z') || (layout[i] >= 'A' && layout[i] <= 'Z'))
	}
	for i := range len(layout) {
		if layout[i] == 'Z' && !letter(i-1) && !letter(i+1) && !strings.HasPrefix(layout[i:], "Z07") {
			return true
		}
	}
	return false
}

// firstAt returns the first second at which clocks in the zone show a civil time, of which there are two when they are put
// back; ok is false if they never do.
func firstAt(civil int64, zone *time.Location) (second int64, ok bool) {
	const day = 24 * 60 * 60
	for _, near := range [...]int64{civil - day, civil + day} { // one offset before a change, one after
		_, offset := time.Unix(near, 0).In(zone).Zone()
		candidate := civil - int64(offset)
		_, there := time.Unix(candidate, 0).In(zone).Zone()
		if there == offset && (!ok || candidate < second) {
			second, ok = candidate, true
		}
	}
	return second, ok
}

// epoch reads a number of units since 1970; unit 0 is found out by the number's size.
func epoch(text []byte, unit time.Duration) (int64, error) {
	number, found := parseNumber(text)
	if found == numberTooLarge { // for a reading; nanoseconds are larger
		var err error
		if number, err = strconv.ParseFloat(string(text), 64); err != nil {
			return 0, errTimeRange
		}
	}
	switch {
	case found == numberNone:
		return 0, fmt.Errorf("is not a number of units of %s since 1970", unit)
	case unit == 0 && isCivil(text):
		return 0, fmt.Errorf("is a date and a time without signs between: write time_format: %q", civilDigits[:len(text)])
	case unit != 0:
	case number < millisecondsFrom:
		unit = time.Second
	case number < microsecondsFrom:
		unit = time.Millisecond
	case number < nanosecondsFrom:
		unit = time.Microsecond
	default:
		unit = time.Nanosecond
	}
	if number < 0 || number*float64(unit) >= float64(instantsEnd) {
		return 0, errTimeRange
	}
	if whole, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return whole * int64(unit), nil
	}
	if unit == time.Second {
		if exact, err := reading.ParseFixed(text); err == nil {
			return int64(exact), nil
		}
	}
	// A float64 of today's time is good to a microsecond; finer digits would be noise.
	return int64(math.Round(number*unit.Seconds()*1e6)) * 1000, nil
}

const civilDigits = "20060102150405"

// isCivil says whether a number is the digits of a date and a time, with seconds or without. Counted since 1970 it would lie
// in 1976 or beyond 2200.
func isCivil(text []byte) bool {
	if len(text) != len(civilDigits) && len(text) != len(civilDigits)-2 {
		return false
	}
	civil, err := time.Parse(civilDigits[:len(text)], string(text))
	return err == nil && civil.Year() >= 1970
}
