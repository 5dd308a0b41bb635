package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/sheet"
	"egret/rules/standard"
	"egret/rules/water"
)

// Averages is what the hour store holds of the days of a plan's stations. An implementation keeps an error of its store
// to itself and returns nothing from then on; who has called looks for it at the end.
type Averages interface {
	// Row returns the days of a year of a station, or of an area, of one parameter: o3_8h, ld, ln and aqi among them. It
	// is nil where there are none, and valid until the next call of any method.
	Row(station, parameter string, year int) *sheet.Row
	// Class returns the class of a section by the means of the days, Unknown where they are not enough.
	Class(section string, days calendar.Span) water.Class
	// Site says whether a construction site met the dust standard on a day.
	Site(station, dustStandard string, day calendar.Day) standard.Verdict
	// Reported says whether the station sent anything that entered an average of the day.
	Reported(station string, day calendar.Day) bool
}

// Members are the stations that a target is made of.
type Members struct {
	Area     string             // name under which the averages of all air stations together are kept; empty where there are none
	Stations []*reading.Station // by id
}
