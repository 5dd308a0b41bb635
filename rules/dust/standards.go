package dust

import (
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// Standard is a province's standard for construction sites.
type Standard struct {
	Province string // in Chinese
	Source   standard.Source
	Held     standard.Validity // From is 0 where the day it came into force is not known here
	Limits   []Limit           // none where the standard's numbers are not known here: then nothing is judged
	Points   []Points          // how many points a site needs; none where not known
}

// Limit is one limit of a standard. All that apply to a site must be met.
type Limit struct {
	Parameter string        // as stations name it
	Window    time.Duration // of the mean that is judged
	Most      reading.Fixed // ug/m3
	Area      Area          // AnyArea: wherever the site lies
	Stages    []Stage       // none: at any stage
	Less      *Surroundings // what is taken off the site's mean first; nil: nothing
	Relief    *Relief       // what else is taken off on bad days; nil: nothing
	Allowed   int           // means a day that may exceed and the day still passes
	Certainty standard.Certainty
}

// Surroundings says that the mean of the surroundings in the same window is taken off the site's: what remains is the
// site's own.
type Surroundings struct {
	Cap reading.Fixed // ug/m3: a higher mean counts as this; 0: no cap
}

// Relief is taken off the site's mean while the city's AQI, with particulates its primary pollutant, is in the range.
type Relief struct {
	From, To int // AQI, both included
	Amount   reading.Fixed
}

// Area is where a site lies.
type Area uint8

// The areas.
const (
	AnyArea  Area = iota
	BuiltUp       // 城市建成区
	Outlying      // suburbs and country: 郊区及农村
)

// Stage is what is done on a site.
type Stage uint8

// The stages of DB61/1078-2017.
const (
	UnknownStage Stage = iota
	Demolition
	Earthwork
	GroundTreatment
	Foundation
	Structure
	Decoration
)

// ug is the unit of limits; standards for TSP print mg/m3.
const ug = reading.FixedOne

var standards = []Standard{
	{
		Province: "河北",
		Source:   standard.Source{Standard: "DB13/2934-2019", Clause: "limits", Certainty: standard.Reported},
		Held:     standard.Validity{From: calendar.Date(2019, time.April, 1)},
		Limits: []Limit{
			{Parameter: "pm10", Window: time.Hour, Most: 80 * ug, Less: &Surroundings{Cap: 150 * ug}, Allowed: 2, Certainty: standard.Reported},
		},
		Points: []Points{{0, 1}, {5_000, 2}, {10_000, 4}},
	},
	{
		Province: "辽宁",
		Source:   standard.Source{Standard: "DB21/2642-2016", Clause: "limits", Certainty: standard.Reported},
		Limits: []Limit{
			{Parameter: "tsp", Window: 5 * time.Minute, Most: 800 * ug, Area: BuiltUp, Certainty: standard.Reported},
			{Parameter: "tsp", Window: 5 * time.Minute, Most: 1000 * ug, Area: Outlying, Certainty: standard.Reported},
		},
	},
	{
		Province: "陕西",
		Source:   standard.Source{Standard: "DB61/1078-2017", Clause: "limits", Certainty: standard.Reported},
		Limits: []Limit{
			{Parameter: "tsp", Window: time.Hour, Most: 800 * ug, Stages: []Stage{Demolition, Earthwork, GroundTreatment}, Certainty: standard.Reported},
			{Parameter: "tsp", Window: time.Hour, Most: 700 * ug, Stages: []Stage{Foundation, Structure, Decoration}, Certainty: standard.Reported},
		},
	},
	{
		Province: "上海",
		Source:   standard.Source{Standard: "DB31/964-2016", Clause: "limits", Certainty: standard.Reported},
		Limits: []Limit{
			{Parameter: "tsp", Window: 15 * time.Minute, Most: 2000 * ug, Allowed: 1, Certainty: standard.Remembered},
			{Parameter: "tsp", Window: 15 * time.Minute, Most: 1000 * ug, Allowed: 6, Certainty: standard.Remembered},
		},
	},
	{
		Province: "江苏",
		Source:   standard.Source{Standard: "DB32/4437-2022", Clause: "limits", Certainty: standard.Remembered},
		Held:     standard.Validity{From: calendar.Date(2023, time.January, 1)},
		Limits: []Limit{
			{Parameter: "tsp", Window: 15 * time.Minute, Most: 500 * ug, Relief: &Relief{200, 300, 200 * ug}, Certainty: standard.Remembered},
			{Parameter: "pm10", Window: time.Hour, Most: 80 * ug, Less: &Surroundings{}, Certainty: standard.Remembered},
		},
	},
	{
		// Its limits were not found.
		Province: "贵州",
		Source:   standard.Source{Standard: "DB52/1700-2022", Clause: "", Certainty: standard.Reported},
		Held:     standard.Validity{From: calendar.Date(2023, time.March, 1)},
	},
}

// Standards returns the standards that held on the day.
func Standards(day calendar.Day) []*Standard {
	var held []*Standard
	for i := range standards {
		if standards[i].Held.Covers(day) {
			held = append(held, &standards[i])
		}
	}
	return held
}

// Find returns the standard by its number, such as DB13/2934-2019; false where it is not known or did not hold on the day.
func Find(number string, day calendar.Day) (*Standard, bool) {
	for i := range standards {
		if s := &standards[i]; s.Source.Standard == number && s.Held.Covers(day) {
			return s, true
		}
	}
	return nil, false
}
