package plan

import (
	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/standard"
)

// completeness says how much of a span must be there for its figure to be judged.
type completeness struct {
	share average.Share // of the days, or months, so far
	least int           // days or months
	year  *average.Days // of a calendar year that is over; nil: the share
}

// CompletenessSource is what asks for three quarters of the days where no standard asks for anything: of noise, of sites
// and of parameters that have no average of a year.
var CompletenessSource = standard.Source{Standard: "Egret", Clause: "three quarters of what is expected", Certainty: standard.Assumed}

// monthDays are the days of a month, which must have passed before anything is said.
const monthDays = 30

var threeQuarters = completeness{share: average.Share{Part: 3, Whole: 4}, least: 23}

// completenessOf returns what a mean of days of the parameter needs, as [average.Span] has it.
func completenessOf(parameter *reading.Parameter) completeness {
	c := average.CourseOf(parameter)
	if c == nil || c.Year == (average.Days{}) {
		return threeQuarters
	}
	return completeness{share: c.Year.Share(), least: max(1, c.Month.Needs(monthDays, false)), year: &c.Year}
}

// indexCompleteness is what the days of the air quality index need: as HJ 663 asks of each pollutant (an assumption: it
// says nothing of the index).
func indexCompleteness() completeness { return completenessOf(builtin["pm25"]) }

// times returns what so many stations need together: of a year that is over the share too.
func (c completeness) times(stations int) completeness {
	if stations > 1 {
		c.least, c.year = c.least*stations, nil
	}
	return c
}

// soFar says whether so many of those expected are enough before the span is over. A standard speaks of months and years
// that are over only: that its share holds of what has passed is an assumption, see [average.Span.ToDate].
func (c *completeness) soFar(count, expected int) bool {
	return count >= c.least && c.share.Of(count, expected)
}

// atEnd says whether so many of those expected are enough when the span is over; months says how many there are of each.
func (c *completeness) atEnd(f *frame, count, expected int, months *[mostMonths]int) bool {
	if count == 0 {
		return false
	}
	if c.year == nil || !f.isYear() {
		return c.share.Of(count, expected)
	}
	if count < c.year.Needs(expected, false) {
		return false
	}
	for month, count := range months[:12] {
		need := c.year.EveryMonth
		if month == 1 {
			need = c.year.InFebruary
		}
		if count < need {
			return false
		}
	}
	return true
}
