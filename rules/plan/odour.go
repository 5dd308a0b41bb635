package plan

import (
	"slices"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
	"egret/rules/water"
)

// odourDays is of how many days up to the last one the samples of a point are taken: a water is judged as it is, not as
// it was in spring, and the guide wants a sample every 1 to 7 days. In the first days of a span they reach back beyond
// its beginning. An assumption of this project.
const odourDays = 30

// ManualPrefix begins the names of the rows of a year's page that hold what was measured by hand: values of a section's
// other periods than the one that feeds its averages, such as a laboratory's of a day.
const ManualPrefix = "manual:"

// odourRows are the parameters by which water is told to be black-odorous.
var odourRows = [...]string{"transparency", "do", "orp", "nh3n", "depth"}

// depthRow is the one of odourRows that is no item itself and makes no sample alone.
const depthRow = len(odourRows) - 1

// odourLabels are the words of the public for the degrees.
var odourLabels = [...]string{
	water.DegreeUnknown: "数据不足", water.NoOdour: "无黑臭", water.LightlyOdorous: "轻度黑臭", water.HeavilyOdorous: "重度黑臭",
}

// odourTally counts the waters of a target that are black-odorous by the guide for urban water.
func (t *Target) odourTally(members *Members, averages Averages, span calendar.Span, day calendar.Day) tally {
	var counts tally
	for _, name := range watersOf(members) {
		degree := waterDegree(members, averages, name, day)
		counts.count(Part{Name: name, Label: odourLabels[degree], Value: int(degree), Fails: degree > water.NoOdour}, degree != water.DegreeUnknown)
	}
	switch {
	case counts.counted == 0:
	case t.Metric == OdourCount:
		counts.value = mean.Whole(whole(counts.failing))
		counts.valid = counts.enough() || t.proven(counts.failing, span)
	default:
		counts.value = water.Percent(counts.failing, counts.counted)
		counts.valid = counts.enough()
	}
	return counts
}

// waterOf returns the water that a station is a point of; a station without one is a water of its own.
func waterOf(station *reading.Station) string {
	if station.Water != "" {
		return station.Water
	}
	return station.ID
}

// watersOf returns the names of the waters, sorted.
func watersOf(members *Members) []string {
	var names []string
	for _, station := range members.Stations {
		if station.Domain == reading.Water {
			names = append(names, waterOf(station))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// waterDegree returns the degree of a water: by the guide's rule for a whole water where it has points enough for that,
// else that of its worst point.
func waterDegree(members *Members, averages Averages, name string, day calendar.Day) water.Degree {
	var points []water.Degree
	for _, station := range members.Stations {
		if station.Domain == reading.Water && waterOf(station) == name {
			points = append(points, pointDegree(averages, station.ID, day))
		}
	}
	if len(points) >= water.LeastPoints {
		return water.WaterDegree(points)
	}
	worst := slices.Max(points)
	if worst == water.NoOdour && slices.Contains(points, water.DegreeUnknown) {
		return water.DegreeUnknown
	}
	return worst
}

// odourSample is what was measured at a point on a day, by odourRows.
type odourSample [len(odourRows)]water.Measured

// pointDegree returns the degree of a point by the samples of the latest days: each day with a valid item is one. A day's
// value is the station's own, and the laboratory's where it has none.
func pointDegree(averages Averages, station string, day calendar.Day) water.Degree {
	days := frameOf(calendar.Span{First: day - odourDays + 1, Last: day})
	samples := make([]odourSample, days.Days())
	for column, parameter := range odourRows {
		for _, row := range [...]string{parameter, ManualPrefix + parameter} {
			days.eachCell(averages, station, row, day, func(i int, c sheet.Cell) {
				if m := &samples[i][column]; !m.Valid && c.Valid && !c.Empty() {
					*m = water.Measured{Parameter: parameter, Value: c.Value().Fixed(), Valid: true}
				}
			})
		}
	}
	point := water.NewOdourPoint(water.Urban)
	for i := range samples {
		if slices.ContainsFunc(samples[i][:depthRow], func(m water.Measured) bool { return m.Valid }) {
			point.Add(samples[i][:])
		}
	}
	return point.Degree()
}
