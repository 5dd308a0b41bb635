package engine

import (
	"fmt"
	"strings"
	"time"

	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// lacking says how many valid values there are and how many a standard asks for.
func lacking(count, expected int, word string, need int, source standard.Source) string {
	are := "are"
	if need == 1 {
		are = "is"
	}
	return fmt.Sprintf("%d of %d %s, %d %s needed (%s)", count, expected, word, need, are, cite(source))
}

func cite(source standard.Source) string { return source.Standard + " " + source.Clause }

// valueWord returns what the feed's averages are made of.
func (f *feed) valueWord() string {
	if f.step > 1 {
		return "values"
	}
	return "hours"
}

// needSource returns where it stands how many values a statistic needs: in the edition that holds for the day where
// GB 3095 speaks of it, else what the parameter's course goes by.
func needSource(parameter, statistic string, day calendar.Day, course standard.Source) standard.Source {
	if edition := air.LimitsAt(day); edition != nil {
		if c := edition.Completeness(parameter, statistic); c != nil {
			return c.Source
		}
	}
	return course
}

// hourReason says why an hour is not valid.
func (e *Engine) hourReason(f *feed, r *row, one *Figure) string {
	if f.city != nil {
		return areaReason(one)
	}
	source := needSource(one.Parameter, air.Hour, e.zone.DayOf(one.Start), r.course.Hour)
	return lacking(one.Count, one.Expected, "readings", r.course.HourShare.Needs(one.Expected), source)
}

// areaReason says why the figure of a city is not valid.
func areaReason(one *Figure) string {
	return fmt.Sprintf("%d of %d stations have a valid value; three quarters are needed, or half where there are fewer than four (%s)", one.Count, one.Expected, cite(air.AreaRule))
}

// dayReason says why the figure of a day is not valid.
func (e *Engine) dayReason(f *feed, r *row, one *Figure, day calendar.Day) string {
	switch {
	case f.city != nil:
		return areaReason(one)
	case f.step >= 24:
		return "the station has sent no valid value of the day"
	}
	word := f.valueWord()
	if r.course.Day == average.DayMaximum {
		word = "means of 8 hours"
	}
	source := needSource(one.Parameter, air.Day, day, r.course.Source)
	return lacking(one.Count, one.Expected, word, r.course.DayNeeds(one.Expected, f.step), source)
}

// toDateShare is what a year that is not over is held to.
var toDateShare = standard.Source{Standard: "Egret", Clause: "the share of a whole year", Certainty: standard.Assumed}

// spanReason says why a month, quarter or year is not valid: all that it lacks.
func spanReason(c *average.Course, cells *sheet.Row, one *Figure, span calendar.Span, last calendar.Day) string {
	word, days := "days", &c.Year
	if one.Period == air.Month || one.Period == air.Quarter {
		days = &c.Month
	}
	if days.Months {
		word = "months"
	}
	if last < span.Last {
		word += " so far"
	}
	source := needSource(one.Parameter, one.Period, last, c.Source)
	switch one.Period {
	case "ytd":
		share := c.Year.Share()
		return lacking(one.Count, one.Expected, word, share.Needs(one.Expected), toDateShare)
	case air.Month:
		_, month, _ := span.First.Date()
		return lacking(one.Count, one.Expected, word, c.Month.Needs(one.Expected, month == time.February), source)
	}
	var lacks []string
	if need := c.Year.Needs(one.Expected, false); one.Period == air.Year && one.Count < need {
		lacks = append(lacks, lacking(one.Count, one.Expected, word, need, source))
	}
	for month := span.First.Month(); month.First <= span.Last; month = (month.Last + 1).Month() {
		_, name, _ := month.First.Date()
		need := c.Month.Needs(month.Days(), name == time.February)
		if one.Period == air.Year {
			if need = c.Year.EveryMonth; name == time.February {
				need = c.Year.InFebruary
			}
		}
		if count := validDays(cells, month); count < need && month.First <= last {
			lacks = append(lacks, name.String()+" has "+lacking(count, month.Days(), "days", need, source))
		}
	}
	if len(lacks) == 0 {
		return word + ": the rest of the quarter is not over yet"
	}
	return strings.Join(lacks, "; ")
}

// validDays returns how many days of a span are valid.
func validDays(cells *sheet.Row, span calendar.Span) int {
	_, index := sheet.YearOf(span.First)
	count := 0
	for i := range span.Days() {
		if c := cells.At(index + i); !c.Empty() && c.Valid {
			count++
		}
	}
	return count
}
