package average

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// DayOf returns the day's figure of a parameter. hours are those of the day from midnight, of which each reading stands
// for step hours; limit is that of the daily maximum of 8-hour means at the place, 0 where there is none.
func (c *Course) DayOf(law reading.Law, hours []Hour, step int, limit reading.Fixed) Figure {
	expected := max(1, (len(hours)+step-1)/step)
	var f Figure
	switch c.Day {
	case DayMaximum:
		return c.dayMaximum(hours, limit)
	case DayMean:
		f = Mean(law, hours)
	case DayHighest:
		f = extreme(hours, 1)
	case DayLowest:
		f = extreme(hours, -1)
	}
	f.Expected = expected
	f.Valid = f.Count > 0 && f.Count >= c.DayNeeds(expected, step)
	return f
}

// DayNeeds returns how many of the expected values of a day must be valid, each standing for step hours; for a daily
// maximum of 8-hour means how many of those.
func (c *Course) DayNeeds(expected, step int) int {
	switch {
	case c.Day == DayMaximum:
		return maximumWindows
	case step > 1:
		return (c.DayHours*expected + 23) / 24
	default:
		return min(c.DayHours, expected) // 23 or 25 hours where the clock is changed
	}
}

// The windows of a daily maximum end at 08:00 to 24:00, so that each lies in the day; 14 of the 17 must be valid
// (HJ 663-2013 and HJ 663-2026, 6.1.2), unless the largest exceeds the limit already.
const (
	maximumHours   = 8
	maximumWindows = 14
	maximumPlaces  = 0 // of ug/m3, to which it is rounded before it is compared
)

func (c *Course) dayMaximum(hours []Hour, limit reading.Fixed) Figure {
	var f Figure
	window := &c.Sliding[0]
	for end := maximumHours; end <= len(hours); end++ {
		f.Expected++
		slid := window.Slide(reading.Arithmetic, hours[end-maximumHours:end], 1)
		if !slid.Valid {
			continue
		}
		f.Count++
		if !f.Value.Known() || Larger(slid.Value, f.Value) {
			f.Value = slid.Value
		}
	}
	f.Valid = f.Count >= maximumWindows || (limit > 0 && f.Value.Known() && f.Value.Round(maximumPlaces, reading.HalfEven) > limit)
	return f
}

// Larger says whether a is larger than b, exactly.
func Larger(a, b mean.Ratio) bool {
	return a.Common().Sum.Compare(b.Common().Sum) > 0
}
