package config

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"egret/rules/calendar"
	"egret/rules/plan"
)

// The years that a plan may be for, and how many: no plan of a city reaches further, and a slip of the keyboard would.
const (
	firstYear = 1990
	lastYear  = 2100
	mostYears = 30
)

// readPeriod reads what a plan is for: a year, years, or days, and the season of each year.
func readPeriod(s *section, p *plan.Period) {
	_, year := s.field("year")
	_, years := s.field("years")
	_, from := s.field("from")
	_, until := s.field("until")
	switch {
	case s.broken:
	case year && (years || from || until), years && (from || until):
		s.complain("says it in more than one way; write year: 2026, years: [2026, 2028], or from and until")
	case year:
		var number int
		if take(s, "year", &number, intWithin(firstYear, lastYear)) {
			p.From, p.Until = calendar.Date(number, time.January, 1), calendar.Date(number, time.December, 31)
		}
	case years:
		readYears(s, p)
	case from || until:
		s.require("from", "until")
		first := take(s, "from", &p.From, parsePlanDay)
		last := take(s, "until", &p.Until, parsePlanDay)
		if first && last {
			checkSpan(s, "until", p)
		}
	default:
		s.complain("says no time; write year: 2026, years: [2026, 2028], or from and until")
	}
	readSeason(s, &p.Season)
	s.close()
	if p.Until != 0 && !hasSeason(p) {
		s.problem("season", "no day of the period lies in it; correct one of them")
	}
}

// hasSeason says whether a day of the period lies in its season.
func hasSeason(p *plan.Period) bool {
	season := p.Season
	first, last := season.FromMonth*100+season.FromDay, season.UntilMonth*100+season.UntilDay
	for day := p.From; day <= p.Until; day++ {
		_, month, date := day.Date()
		at := int(month)*100 + date
		within := first <= at && at <= last
		if first > last {
			within = first <= at || at <= last
		}
		if within || season == (plan.Season{}) {
			return true
		}
	}
	return false
}

// readYears reads the first and the last year.
func readYears(s *section, p *plan.Period) {
	items := s.texts("years")
	if s.faulty["years"] {
		return
	}
	if len(items) != 2 {
		s.problem("years", "are not two; write the first and the last, such as [2026, 2028]")
		return
	}
	var years [2]int
	for i, item := range items {
		year, err := intWithin(firstYear, lastYear)(item.text)
		if err != nil {
			s.problemAt(item.line, "years", "%s: %s", shown(item.written), err)
			return
		}
		years[i] = year
	}
	p.From, p.Until = calendar.Date(years[0], time.January, 1), calendar.Date(years[1], time.December, 31)
	checkSpan(s, "years", p)
}

// checkSpan reports a period that ends before it begins or is too long, and takes it away.
func checkSpan(s *section, key string, p *plan.Period) {
	switch {
	case p.Until < p.From:
		s.problem(key, "%s: lies before the beginning, %s; exchange or correct them", p.Until, p.From)
	case p.Until.Year()-p.From.Year() >= mostYears:
		s.problem(key, "%s to %s are more than %d years; is one of them mistyped?", p.From, p.Until, mostYears)
	default:
		return
	}
	p.From, p.Until = 0, 0
}

func parsePlanDay(text string) (calendar.Day, error) {
	day, err := parseDay(text)
	if err == nil && (day.Year() < firstYear || day.Year() > lastYear) {
		return 0, fmt.Errorf("is outside the years %d to %d", firstYear, lastYear)
	}
	return day, err
}

// readSeason reads the part of each year that counts.
func readSeason(period *section, to *plan.Season) {
	if _, given := period.field("season"); !given {
		return
	}
	s := period.section("season")
	var from, until [2]int
	if !s.broken {
		s.require("from", "until")
	}
	first, last := take(s, "from", &from, parseMonthDay), take(s, "until", &until, parseMonthDay)
	if first && last {
		*to = plan.Season{FromMonth: from[0], FromDay: from[1], UntilMonth: until[0], UntilDay: until[1]}
	}
	s.close()
}

// parseMonthDay reads a day that every year has.
func parseMonthDay(text string) ([2]int, error) {
	if len(text) == len("01-02") && text[2] == '-' {
		month, notMonth := strconv.Atoi(text[:2])
		day, notDay := strconv.Atoi(text[3:])
		const common = 2001 // no leap year
		if notMonth == nil && notDay == nil && month >= 1 && month <= 12 && day >= 1 {
			if _, itsMonth, itsDay := calendar.Date(common, time.Month(month), day).Date(); int(itsMonth) == month && itsDay == day {
				return [2]int{month, day}, nil
			}
		}
	}
	return [2]int{}, errors.New("is no day of every year; write month-day, such as 05-01")
}
