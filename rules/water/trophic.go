package water

import (
	"math"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// trophicItem is a row of the table of the comprehensive trophic level index: TLI(j) = 10·(constant + slope·ln C).
type trophicItem struct {
	key             string
	constant, slope float64
	correlation     float64 // r with chlorophyll a; the weight is r² over the sum of r² of the items present
}

// TrophicSource is the source of the trophic index. One page prints 2.66 for the slope of the permanganate index.
var TrophicSource = standard.Source{Standard: "综合营养状态指数法", Clause: "TLI(Σ)", Certainty: standard.Reported}

// trophicItems: chlorophyll a in µg/L, transparency in m, the others in mg/L.
var trophicItems = []trophicItem{
	{"chla", 2.5, 1.086, 1},
	{"tp", 9.436, 1.624, 0.84},
	{"tn", 5.453, 1.694, 0.82},
	{"transparency", 5.118, -1.94, -0.83},
	{"codmn", 0.109, 2.661, 0.83},
}

// leastTrophicItems is with how many items the index is given: one may be missing, as in published four-item forms
// (that fewer do not do is this project's choice).
const leastTrophicItems = 4

// Grade is a trophic grade of a lake.
type Grade uint8

// The grades.
const (
	GradeUnknown Grade = iota
	Oligotrophic
	Mesotrophic
	LightlyEutrophic
	ModeratelyEutrophic
	HeavilyEutrophic
)

var gradeNames = [...][2]string{
	{"", ""}, {"贫营养", "oligotrophic"}, {"中营养", "mesotrophic"}, {"轻度富营养", "lightly eutrophic"},
	{"中度富营养", "moderately eutrophic"}, {"重度富营养", "heavily eutrophic"},
}

// String returns the grade as bulletins print it.
func (g Grade) String() string { return gradeNames[g][0] }

// English returns the grade in English.
func (g Grade) English() string { return gradeNames[g][1] }

// gradeOf returns the grade of an index: below 30, from 30 to 50, above 50, above 60, above 70.
func gradeOf(index reading.Fixed) Grade {
	switch {
	case index < 30e9:
		return Oligotrophic
	case index <= 50e9:
		return Mesotrophic
	case index <= 60e9:
		return LightlyEutrophic
	case index <= 70e9:
		return ModeratelyEutrophic
	default:
		return HeavilyEutrophic
	}
}

// Trophic is the trophic state of a lake or reservoir.
type Trophic struct {
	// Index is TLI(Σ), rounded half-even to three decimals; the grade is that of the rounded index (no source says how it
	// is rounded).
	Index   reading.Fixed
	Known   bool // at least four of the five items have a value above 0
	Grade   Grade
	Items   []TrophicLevel // those that are there, in the order of the table
	Missing []string
}

// TrophicLevel is the index of one item.
type TrophicLevel struct {
	Parameter string
	Index     reading.Fixed // TLI(j), to three decimals
}

// TrophicState returns the trophic state by the values of a lake. A non-detect counts as half its detection limit.
func TrophicState(values []Measured) Trophic {
	var state Trophic
	weighted, weights := 0.0, 0.0
	for _, item := range trophicItems {
		value, ok := concentration(values, item.key)
		if !ok {
			state.Missing = append(state.Missing, item.key)
			continue
		}
		level := 10 * (item.constant + item.slope*math.Log(value.Float()))
		weight := item.correlation * item.correlation
		weighted, weights = weighted+weight*level, weights+weight
		state.Items = append(state.Items, TrophicLevel{item.key, thousandths(level)})
	}
	if len(state.Items) >= leastTrophicItems {
		state.Known, state.Index = true, thousandths(weighted/weights)
		state.Grade = gradeOf(state.Index)
	}
	return state
}

// concentration returns the valid value of a parameter above 0, of which there is a logarithm.
func concentration(values []Measured, parameter string) (reading.Fixed, bool) {
	for i := range values {
		m := &values[i]
		if m.Parameter != parameter || !m.Valid {
			continue
		}
		value := m.Value
		if m.BelowDetection {
			value = m.detectionLimit() / 2
		}
		return value, value > 0
	}
	return 0, false
}

// thousandths rounds a logarithmic index half-even to three decimals.
func thousandths(index float64) reading.Fixed {
	return reading.Fixed(math.RoundToEven(index*1000)) * 1e6
}
