package water

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// Degree says how far water is black-odorous (黑臭).
type Degree uint8

// The degrees. Rural water has no light degree: it is black-odorous or not.
const (
	DegreeUnknown Degree = iota // not enough valid data
	NoOdour
	LightlyOdorous
	HeavilyOdorous
	RurallyOdorous
)

var degreeNames = [...]string{"", "none", "light", "heavy", "black-odorous"}

// String returns none, light, heavy or, for rural water, black-odorous; "" where it is unknown.
func (d Degree) String() string { return degreeNames[d] }

// OdourGuide is a guide by which black-odorous water is told.
type OdourGuide struct {
	Source standard.Source
	items  []odourItem
	// Water shallower than deep is judged by its transparency as a percentage of the depth.
	deep           reading.Fixed // m
	shallowPercent int64
	worst          Degree // of what is beyond the last limit
}

// odourItem is a row of a guide: beyond light is the light degree, beyond heavy the heavy one.
type odourItem struct {
	key          string
	falls        bool // bad below its limits, not above them
	light, heavy reading.Fixed
	lightItself  bool // the limit itself is of the light degree
	clear        bool // transparency, which depends on the depth
}

// Urban is the guide for urban water: 城市黑臭水体整治工作指南 (2015), its table of degrees; transparency and depth in m, ORP
// in mV, the others in mg/L. Which degree a value on a limit has is from a library, for ORP by analogy.
var Urban = &OdourGuide{
	Source: standard.Source{Standard: "城市黑臭水体整治工作指南 (2015)", Clause: "table of degrees", Certainty: standard.Seen},
	items: []odourItem{
		{key: "transparency", falls: true, light: 0.25e9, heavy: 0.10e9, clear: true},
		{key: "do", falls: true, light: 2e9, heavy: 0.2e9},
		{key: "orp", falls: true, light: 50e9, heavy: -200e9, lightItself: true},
		{key: "nh3n", light: 8e9, heavy: 15e9},
	},
	deep: 0.25e9, shallowPercent: 40, worst: HeavilyOdorous,
}

// Rural is the guide for rural water (农村黑臭水体), from memory: any one of three items tells, without degrees.
var Rural = &OdourGuide{
	Source: standard.Source{Standard: "农村黑臭水体治理工作指南", Clause: "thresholds", Certainty: standard.Remembered},
	items: []odourItem{
		{key: "transparency", falls: true, light: 0.25e9, heavy: 0.25e9, clear: true},
		{key: "do", falls: true, light: 2e9, heavy: 2e9},
		{key: "nh3n", light: 15e9, heavy: 15e9},
	},
	deep: 0.25e9, shallowPercent: 40, worst: RurallyOdorous,
}

const depthKey = "depth"

// degreeOf returns the degree of a value.
func (o *OdourGuide) degreeOf(item *odourItem, value reading.Fixed) Degree {
	beyond := func(limit reading.Fixed) bool { return value > limit }
	if item.falls {
		beyond = func(limit reading.Fixed) bool { return value < limit }
	}
	switch {
	case beyond(item.heavy):
		return o.worst
	case beyond(item.light), item.lightItself && value == item.light:
		return LightlyOdorous
	default:
		return NoOdour
	}
}

// shallowDegree returns the degree of the transparency of shallow water: clear to the bottom is none, less than a part
// of the depth the worst; between them urban water is light.
func (o *OdourGuide) shallowDegree(item *odourItem, transparency, depth reading.Fixed) Degree {
	switch {
	case transparency >= depth:
		return NoOdour
	case 100*transparency < reading.Fixed(o.shallowPercent)*depth:
		return o.worst
	case item.light == item.heavy:
		return NoOdour
	default:
		return LightlyOdorous
	}
}

// itemDegree returns the degree of one item of a sample, unknown without a valid value.
func (o *OdourGuide) itemDegree(item *odourItem, values []Measured) Degree {
	value, ok := validValue(values, item.key)
	if !ok {
		return DegreeUnknown
	}
	if item.clear {
		if depth, ok := validValue(values, depthKey); ok && depth < o.deep {
			return o.shallowDegree(item, value, depth)
		}
	}
	return o.degreeOf(item, value)
}

// Sample returns the degree of one sample: the worst of the guide's items. One of them tells that water is
// black-odorous; that it is not takes all of them.
func (o *OdourGuide) Sample(values []Measured) Degree {
	worst, all := DegreeUnknown, true
	for i := range o.items {
		degree := o.itemDegree(&o.items[i], values)
		worst, all = max(worst, degree), all && degree != DegreeUnknown
	}
	if worst == NoOdour && !all {
		return DegreeUnknown
	}
	return worst
}

func validValue(values []Measured, parameter string) (reading.Fixed, bool) {
	for i := range values {
		if values[i].Parameter == parameter && values[i].Valid {
			return values[i].Value, true
		}
	}
	return 0, false
}
