package plan

import (
	"time"

	"egret/rules/calendar"
)

// Next returns by which day the duty is due that a day falls under: the last day of its month, quarter, half-year or
// year, but not after the end of the plan, and for what is done once that end itself. Before the plan begins it is the
// first one. It is false after the plan's end.
func (d Duty) Next(p *Plan, day calendar.Day) (due calendar.Day, ok bool) {
	day = max(day, p.Period.From)
	if day > p.Period.Until {
		return 0, false
	}
	switch d.Every {
	case "month":
		due = day.Month().Last
	case "quarter":
		due = day.Quarter().Last
	case "half-year":
		due = halfYearEnd(day)
	case "year":
		due = day.WholeYear().Last
	default:
		due = p.Period.Until
	}
	return min(due, p.Period.Until), true
}

func halfYearEnd(day calendar.Day) calendar.Day {
	if june := calendar.Date(day.Year(), time.June, 30); day <= june {
		return june
	}
	return day.WholeYear().Last
}
