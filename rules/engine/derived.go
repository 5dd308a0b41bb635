package engine

import (
	"math"
	"strconv"
	"time"

	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/sheet"
	"egret/rules/water"
)

// derived is the memory in which figures are made, used again by the next.
type derived struct {
	scratch   []average.Hour
	fresh     []row
	present   []uint32 // readings that fresh was made of, usable or not
	late      []average.Hour
	changes   []sheet.Change
	revision  revision
	made      []dayFigure
	assessed  []calendar.Day
	slid      []dayFigure    // of made, those that sliding means of days are made of
	warned    []calendar.Day // days that have another index than before
	year      sheet.Page
	otherYear sheet.Page
	members   []sheet.Page // years of a city's stations
	free      []*sheet.Page
	years     years
	foretold  []*city // of which this entry has brought forecasts
	span      average.Span

	measured        []air.Measured
	air             air.Index
	stationPractice air.Practice
	sampled         []water.Measured
	byHand          []water.Measured
	chosen          []water.Measured
	section         water.Section
	hourly          figure.Average
	dayLevels       []noise.Level
	nightLevels     []noise.Level
	cityHours       []average.Hour
	areas           []mean.Ratio
}

// slidingName returns the name of a sliding window of whole hours.
func slidingName(hours int) string {
	switch hours {
	case 8:
		return "8h"
	case 24:
		return "24h"
	default:
		return strconv.Itoa(hours) + "h"
	}
}

// shiftOf returns by how much the hours of a place's clock lie beside those of UTC: half an hour in India.
func shiftOf(zone *time.Location) int64 {
	_, east := time.Date(2020, time.January, 1, 0, 0, 0, 0, zone).Zone()
	shift := int64(east) * int64(time.Second) % hour
	if shift < 0 {
		shift += hour
	}
	return shift
}

// grace is how long after an hour's end the hour is closed although the station has sent nothing newer: values of its
// last minutes may still be on their way. They are taken later as well, but then all is made twice.
const grace = int64(10 * time.Minute)

// sweepEvery is how often: an index is due within the hour, and a station may send its hour in one go, late.
const sweepEvery = int64(10 * time.Minute)

const sweepsOfDay = 24 * hour / sweepEvery

// sweep closes by the clock the hours of stations that have fallen silent.
func (e *Engine) sweep() error {
	slot := (e.clock - grace) / sweepEvery
	if slot == e.swept {
		return nil
	}
	before := e.hourOf(slot * sweepEvery)
	if e.swept != math.MinInt64 && slot/sweepsOfDay > e.swept/sweepsOfDay { // once a day: each span costs the store something
		if err := e.forgetVerdicts(slot / sweepsOfDay * 24); err != nil {
			return err
		}
		if err := e.forgetHistory(); err != nil {
			return err
		}
	}
	e.swept = slot
	for _, s := range e.inOrder() {
		f := s.feed
		if f == nil || f.closed >= before || f.closed == math.MinInt64 {
			continue
		}
		if f.closed > f.last+quietHours {
			f.closed = before
			e.change(s) // else a restart would not know that the hours are closed
			if f.restored && f.closed > f.last+2*ring {
				f.release()
			}
			continue
		}
		if err := e.restoreFeed(f); err != nil {
			return err
		}
		if err := e.closeHours(f, before); err != nil {
			return err
		}
		e.forgetPages(f)
	}
	e.touchCities()
	if err := e.settleCities(); err != nil {
		return err
	}
	return e.judgePlans(slot * sweepEvery)
}

// setRight opens the hours again that were closed by a clock that was ahead: else what is measured in them would count
// as late until the time that clock had shown, and no alert on a figure would fire.
func (e *Engine) setRight() error {
	before := e.hourOf(e.clock)
	e.swept = min(e.swept, (e.clock-grace)/sweepEvery)
	if e.plans.imported > e.clock {
		if err := e.noteImport(); err != nil {
			return err
		}
	}
	for _, s := range e.inOrder() {
		if f := s.feed; f != nil && f.closed > max(before, f.open) {
			f.closed, f.restored = max(before, f.open), false
			e.change(s)
		}
	}
	for _, c := range e.cities {
		if f := c.feed; f.closed > before {
			f.open, f.closed, f.restored = min(f.open, before-1), before, false
			if err := e.keepCity(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleTouched settles the feeds that the entry's lines belong to.
func (e *Engine) settleTouched() error {
	for _, f := range e.step.touched {
		if err := e.settle(f); err != nil {
			return err
		}
	}
	e.step.touched = e.step.touched[:0]
	if err := e.settleCities(); err != nil {
		return err
	}
	return e.settleForecasts()
}
