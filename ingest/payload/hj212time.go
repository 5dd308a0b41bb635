package payload

import (
	"fmt"
	"time"
)

// instant reads a time such as 20261121101500, with milliseconds behind where 17 digits are given; 12 digits, without
// seconds, by the profile only. Name is that of the item.
func (d *dialect) instant(name string, text []byte) (int64, error) {
	digits := len(text)
	for _, c := range text {
		if c < '0' || c > '9' {
			digits = 0
		}
	}
	switch {
	case digits == 14 || digits == 17 || (digits == 12 && d.MinuteTimes):
	case digits == 12:
		return 0, fmt.Errorf("%s=%s has 12 digits, the standard has 14: if this station never sends seconds, write minute_times: true in its profile", name, text)
	default:
		return 0, fmt.Errorf("%s=%q is no time: it has 14 digits, as in 20261121101500", name, shown(text))
	}
	year, month, day := natural(text[:4]), natural(text[4:6]), natural(text[6:8])
	hour, minute, second, millisecond := natural(text[8:10]), natural(text[10:12]), 0, 0
	if digits >= 14 {
		second, millisecond = natural(text[12:14]), natural(text[14:])
	}
	if year < 1970 || year > 2200 {
		return 0, fmt.Errorf("%s=%s %w", name, text, errTimeRange)
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, millisecond*int(time.Millisecond), d.zone)
	if hour > 23 || minute > 59 || second > 59 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, fmt.Errorf("%s=%s is in no calendar and on no clock", name, text)
	}
	return at.UnixNano(), nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// natural reads a few digits.
func natural(text []byte) (number int) {
	for _, c := range text {
		number = number*10 + int(c-'0')
	}
	return number
}
