package table

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"egret/ingest/reading"
)

// civilText writes a time as foreign tables have it, the cells joined by blanks, as one that [clock.parse] reads: 20130301,
// 2013 3 1, 20130301 5, 2013 3 1 5, 2013 3 1 5 30. What it does not know it returns as it is.
func civilText(text string) string {
	parts := strings.Fields(text)
	for _, part := range parts[:max(0, len(parts)-1)] {
		if !digits(part) && len(parts) > 2 {
			return text
		}
	}
	switch {
	case len(parts) > 2 && len(parts) < 6 && digits(parts[len(parts)-1]):
		date := parts[0] + "-" + parts[1] + "-" + parts[2]
		if len(parts) == 3 {
			return date
		}
		minute := "00"
		if len(parts) == 5 {
			minute = fmt.Sprintf("%02s", parts[4])
		}
		return date + " " + parts[3] + ":" + minute
	case len(parts) == 2 && digits(parts[1]) && len(parts[1]) <= 2:
		return dashed(parts[0]) + " " + parts[1] + ":00"
	case len(parts) == 2:
		return dashed(parts[0]) + " " + parts[1]
	case len(parts) == 1:
		return dashed(parts[0])
	}
	return text
}

func digits(text string) bool { return (&scanner{rest: text}).onlyDigits() }

// dashed writes 20130301 as 2013-03-01.
func dashed(date string) string {
	if len(date) == 8 && digits(date) {
		return date[:4] + "-" + date[4:6] + "-" + date[6:]
	}
	return date
}

// parseLayout reads a time by a layout of package time, in the clock's zone where the layout has none.
func (c *clock) parseLayout(layout, text string) (int64, error) {
	if text == c.text && text != "" {
		return c.instant, nil
	}
	read, err := time.Parse(layout, text)
	if err != nil {
		return 0, fmt.Errorf("is not written as %s", reading.Shorten(layout))
	}
	if read.Year() < firstYear || read.Year() > lastYear {
		return 0, fmt.Errorf("lies outside %d to %d", firstYear, lastYear)
	}
	instant := read.UnixNano()
	if !holdsZone(layout) {
		seconds := read.Unix()
		midnight := seconds - ((seconds%secondsOfDay)+secondsOfDay)%secondsOfDay
		if instant, err = c.local(midnight, seconds-midnight); err != nil {
			return 0, err
		}
		instant += int64(read.Nanosecond())
	}
	c.text, c.instant = text, instant
	return instant, nil
}

// holdsZone says whether times of a layout carry their offset. A name such as CST is none: several zones have it.
func holdsZone(layout string) bool {
	return strings.Contains(layout, "Z07") || strings.Contains(layout, "-07") || strings.Contains(layout, "UTC") || strings.Contains(layout, "GMT")
}

var errZoneName = errors.New("holds MST, a name such as CST, which several zones have: write -0700 if a number stands there")
