package engine

import (
	"math"
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/dust"
	"egret/rules/hours"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// sitePrefix begins the names under which the page of a year keeps whether a construction site met a dust standard on a
// day: 1 where it did, 0 where it did not, empty where that cannot be said.
const sitePrefix = "site:"

// makeSiteDays holds days of construction sites, which are over, against a dust standard and keeps the verdicts. A
// verdict stays as it is once what it was made of is trimmed.
func (e *Engine) makeSiteDays(stations []*station, number string, days calendar.Span) error {
	for day := days.First; day <= days.Last; day++ {
		around := vicinities{engine: e, day: day}
		for _, s := range stations {
			if s.feed == nil {
				continue
			}
			if err := e.makeSiteDay(&around, s, number); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) makeSiteDay(around *vicinities, s *station, number string) error {
	year, index := sheet.YearOf(around.day)
	page := &e.derived.otherYear
	if err := e.loadYear(s.feed, page, year); err != nil {
		return err
	}
	was := page.Find(sitePrefix + number).At(index)
	if !was.Empty() && e.siteDayTrimmed(s, number, around.day) {
		return nil
	}
	verdict, err := e.siteDay(around, s, number)
	if err != nil {
		return err
	}
	return e.keepSiteDay(s.feed, number, around.day, verdict, was)
}

// keepSiteDay keeps a verdict among the figures of the day, where it is not what it was.
func (e *Engine) keepSiteDay(f *feed, number string, day calendar.Day, verdict standard.Verdict, was sheet.Cell) error {
	c := sheet.Cell{Divisor: 1, Valid: true, Count: 1}
	switch verdict {
	case standard.NotEnough:
		c = sheet.Cell{}
	case standard.Meets:
		c.Number = reading.FixedOne
	}
	if c == was || (c.Empty() && was.Empty()) {
		return nil
	}
	e.plans.averages.forget() // the page may have been read for another target
	year, index := sheet.YearOf(day)
	return e.put(f, sheet.YearPrefix, year, []sheet.Change{{Parameter: sitePrefix + number, Index: index, Cell: c}})
}

// siteLimits returns the limits of the standard that the site is held against. The register knows neither where a site
// lies nor its stage, and a limit of what the site is not meant to measure holds nothing back.
func (e *Engine) siteLimits(s *station, number string, day calendar.Day) []*dust.Limit {
	found, ok := dust.Find(number, day)
	if !ok || s.register.Zone != noise.ConstructionZone {
		return nil
	}
	limits, _ := found.Applying(dust.Site{})
	return slices.DeleteFunc(limits, func(l *dust.Limit) bool { return slices.Contains(s.register.Unmonitored, l.Parameter) })
}

// siteDayTrimmed says whether a part of what a day is judged by is no longer kept: readings for windows of less than an
// hour, hours for the others.
func (e *Engine) siteDayTrimmed(s *station, number string, day calendar.Day) bool {
	start := e.zone.Start(day)
	if s.feed.closed != math.MinInt64 && e.hourOf(start) <= s.feed.closed-keptHours {
		return true
	}
	ofReadings := func(l *dust.Limit) bool { return int64(l.Window) < hour }
	return hours.Of(start) < e.kept && slices.ContainsFunc(e.siteLimits(s, number, day), ofReadings)
}

// siteDay says whether a construction site met the dust standard on the day of its surroundings. One limit that is
// exceeded decides, whatever is missing.
func (e *Engine) siteDay(around *vicinities, s *station, number string) (standard.Verdict, error) {
	limits := e.siteLimits(s, number, around.day)
	if s.feed == nil || len(limits) == 0 {
		return standard.NotEnough, nil
	}
	verdict := standard.Meets
	for _, l := range limits {
		one, err := e.judgeSiteLimit(around, s, l)
		if err != nil {
			return standard.NotEnough, err
		}
		switch {
		case one == standard.Exceeds:
			return one, nil
		case one == standard.NotEnough:
			verdict = one
		}
	}
	return verdict, nil
}

// judgeSiteLimit holds the windows of a site's day against one limit.
func (e *Engine) judgeSiteLimit(around *vicinities, s *station, l *dust.Limit) (standard.Verdict, error) {
	means, err := e.windowMeans(s, l.Parameter, l.Window, around.day)
	if err != nil || !slices.ContainsFunc(means, mean.Ratio.Known) {
		return standard.NotEnough, err
	}
	var d dust.Day
	for i, site := range means {
		city, indexed, err := around.at(s, l, i)
		if err != nil {
			return standard.NotEnough, err
		}
		verdict := l.Judge(site, city)
		if verdict == standard.Exceeds && l.Relief != nil && !indexed {
			// An index that is not known might have relieved the site: then nothing is proven.
			city.AQI, city.ParticulatesPrimary = l.Relief.From, true
			if l.Judge(site, city) == standard.Meets {
				verdict = standard.NotEnough
			}
		}
		d.Add(verdict)
	}
	return l.JudgeDay(d, dust.DefaultDayPercent), nil
}

// reported says whether anything that the station measured has a figure on the day at index of the year's page: not
// what was made of figures, measured by hand or reported by a department.
func (e *Engine) reported(page *sheet.Page, index int) bool {
	return slices.ContainsFunc(page.Rows, func(r sheet.Row) bool {
		if r.At(index).Empty() || r.Parameter == rule.IndexFigure || strings.Contains(r.Parameter, ":") { // which no key of a parameter holds
			return false
		}
		p := e.config.Parameters[r.Parameter]
		return p == nil || p.Domain != reading.Indicator
	})
}
