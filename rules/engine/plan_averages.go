package engine

import (
	"egret/rules/calendar"
	"egret/rules/plan"
	"egret/rules/sheet"
	"egret/rules/standard"
	"egret/rules/water"
)

// mostPages bounds the pages of years that are in memory while plans are judged: about 70 MB of stations of eight
// parameters.
const mostPages = 1024

// planAverages reads the figures of days off the store for plans.
type planAverages struct {
	engine *Engine
	pages  map[pageOf]*sheet.Page
	free   []*sheet.Page
	err    error

	ahead   int // how many days are being judged
	classes map[classRun]classesFrom
}

// classRun is a section with the first of the days of whose means its classes are made.
type classRun struct {
	section string
	first   calendar.Day
}

// classesFrom are the classes after a day and those that follow it. They are made together, because plans ask for those of
// all sections day by day, of which the pages need not fit into memory.
type classesFrom struct {
	last    calendar.Day
	classes []water.Class
}

type pageOf struct {
	station string
	year    int
}

var _ plan.Averages = (*planAverages)(nil)

// forget gives up what was read, which the next step may change.
func (p *planAverages) forget() {
	p.forgetPages()
	clear(p.classes)
}

func (p *planAverages) forgetPages() {
	for _, page := range p.pages {
		p.free = append(p.free, page)
	}
	clear(p.pages)
	p.free = p.free[:min(len(p.free), mostPages/16)]
}

// feed returns the feed of a station, city or area, nil where it has none.
func (p *planAverages) feed(name string) *feed {
	if s := p.engine.stations[name]; s != nil {
		return s.feed
	}
	for _, c := range p.engine.cities {
		if c.feed.station.name == name {
			return c.feed
		}
	}
	return nil
}

// page returns the page of a year as this step leaves it, nil where there is none.
func (p *planAverages) page(station string, year int) *sheet.Page {
	key := pageOf{station, year}
	if page := p.pages[key]; page != nil {
		return page
	}
	f := p.feed(station)
	if f == nil || p.err != nil {
		return nil
	}
	if len(p.pages) >= mostPages {
		p.forgetPages()
	}
	page := &sheet.Page{}
	if last := len(p.free) - 1; last >= 0 {
		page, p.free = p.free[last], p.free[:last]
	}
	if err := p.engine.loadYear(f, page, int32(year)); err != nil {
		p.err = err
		return nil
	}
	if p.pages == nil {
		p.pages = map[pageOf]*sheet.Page{}
	}
	p.pages[key] = page
	return page
}

// Row implements [plan.Averages].
func (p *planAverages) Row(station, parameter string, year int) *sheet.Row {
	page := p.page(station, year)
	if page == nil {
		return nil
	}
	return page.Find(parameter)
}

// Class implements [plan.Averages].
func (p *planAverages) Class(section string, days calendar.Span) water.Class {
	f := p.feed(section)
	if f == nil || p.err != nil {
		return water.Unknown
	}
	run := classRun{section, days.First}
	made := p.classes[run]
	if i := int(days.Last - made.last); i >= 0 && i < len(made.classes) {
		return made.classes[i]
	}
	ahead := calendar.Span{First: days.Last, Last: min(days.Last.WholeYear().Last, days.Last+calendar.Day(p.ahead)-1)}
	if ahead.Days() <= 1 {
		return p.engine.classOver(p, f, days)
	}
	made = classesFrom{last: days.Last}
	for last := ahead.First; last <= ahead.Last; last++ {
		made.classes = append(made.classes, p.engine.classOver(p, f, calendar.Span{First: days.First, Last: last}))
	}
	if p.classes == nil {
		p.classes = map[classRun]classesFrom{}
	}
	p.classes[run] = made
	return made.classes[0]
}

// Site implements [plan.Averages].
func (p *planAverages) Site(station, dustStandard string, day calendar.Day) standard.Verdict {
	number, index := sheet.YearOf(day)
	c := p.Row(station, sitePrefix+dustStandard, int(number)).At(index)
	if c.Empty() || !c.Valid {
		return standard.NotEnough
	}
	return standard.Of(c.Number > 0)
}

// Reported implements [plan.Averages].
func (p *planAverages) Reported(station string, day calendar.Day) bool {
	number, index := sheet.YearOf(day)
	page := p.page(station, int(number))
	return page != nil && p.engine.reported(page, index)
}
