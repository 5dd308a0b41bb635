package dust

import (
	"slices"
	"time"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Site is what a limit asks about a construction site.
type Site struct {
	Area  Area
	Stage Stage
}

// Applying returns the limits that apply to the site, and false where the standard has none that are known here, or
// the site's area or stage would have to be known to tell.
func (s *Standard) Applying(site Site) ([]*Limit, bool) {
	var applying []*Limit
	for i := range s.Limits {
		l := &s.Limits[i]
		if (l.Area == AnyArea || l.Area == site.Area) && (l.Stages == nil || slices.Contains(l.Stages, site.Stage)) {
			applying = append(applying, l)
		}
	}
	return applying, len(applying) > 0
}

// City is the state of the site's surroundings in the window that is judged.
type City struct {
	Mean                reading.Fixed // ug/m3 of the limit's parameter, as published for the county or city
	MeanKnown           bool
	AQI                 int
	ParticulatesPrimary bool // whether PM2.5 or PM10 is the city's primary pollutant
}

// Judge holds the site's exact mean of one window against the limit, after what the limit takes off it. Without the
// site's mean, or the surroundings' where they are taken off, there is not enough data.
func (l *Limit) Judge(site mean.Ratio, city City) standard.Verdict {
	if !site.Known() || (l.Less != nil && !city.MeanKnown) {
		return standard.NotEnough
	}
	most := l.Most
	if l.Less != nil {
		most += l.Less.of(city.Mean)
	}
	if r := l.Relief; r != nil && city.ParticulatesPrimary && city.AQI >= r.From && city.AQI <= r.To {
		most += r.Amount
	}
	return standard.Of(site.Compare(most) <= 0)
}

func (s *Surroundings) of(average reading.Fixed) reading.Fixed {
	if s.Cap != 0 {
		return min(average, s.Cap)
	}
	return average
}

// DefaultDayPercent is the share of a day's means below which the day is not said to pass: an assumption of this
// project, as no source gives one.
const DefaultDayPercent = 75

// Day counts the verdicts of a day's windows against one limit.
type Day struct{ Judged, Exceeding int }

// Add counts a verdict, unless there was not enough data for one.
func (d *Day) Add(v standard.Verdict) {
	switch v {
	case standard.Exceeds:
		d.Exceeding++
		d.Judged++
	case standard.Meets:
		d.Judged++
	}
}

// JudgeDay says whether a day passes: it fails with more exceedances than are allowed, however little is known, and
// passes only where at least percent of its windows were judged.
func (l *Limit) JudgeDay(d Day, percent int) standard.Verdict {
	windows := int(24 * time.Hour / l.Window)
	switch {
	case d.Exceeding > l.Allowed:
		return standard.Exceeds
	case d.Judged*100 < windows*percent || d.Judged == 0:
		return standard.NotEnough
	default:
		return standard.Meets
	}
}
