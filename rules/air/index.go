package air

import (
	"math/bits"
	"slices"

	"egret/ingest/reading"
)

// Reason says why a pollutant has no index of its own.
type Reason uint8

// The reasons.
const (
	None Reason = iota
	Missing
	Unmonitored // missing, and outside the station's monitoring plan
	Negative    // there is no concentration below 0
	AboveTable  // the standard gives none above the last node of this column
	BelowTable  // the standard gives none below the first node of this column
)

var reasonNames = [...]string{
	"", "no valid value", "outside the monitoring plan", "a negative concentration",
	"the standard gives no index above this column's last value", "the standard gives no index below this column's first value",
}

// String returns the reason in words, empty for None.
func (r Reason) String() string { return reasonNames[r] }

// SubIndex is the index of one pollutant (IAQI, 空气质量分指数).
type SubIndex struct {
	Parameter string
	Value     reading.Fixed // the concentration that entered the formula, in the unit of the standard's table
	IAQI      int
	Reason    Reason // why there is no IAQI
}

// Known says whether the pollutant has an index.
func (s *SubIndex) Known() bool { return s.Reason == None }

// Index is the index of a place for an hour or a day. Its slices are used again when it is filled again.
type Index struct {
	Standard  string // empty where none holds for the day
	Known     bool   // there is an index of at least one pollutant
	Partial   int    // the largest index of the pollutants that have one
	Complete  bool   // no pollutant is missing that the standard asks for
	Published bool   // the standard lets Partial be published as the index
	AQI       int    // 0 unless Published
	Category  *Category
	Primary   []string // the primary pollutants, all that tie
	Sub       []SubIndex
	blind     bool // a pollutant too high for its column is not in it
}

// Level returns the level of the category, 1 to 6, 0 where the index is not published.
func (i *Index) Level() int {
	if i.Category == nil {
		return 0
	}
	return i.Category.Level
}

func (i *Index) clear() {
	*i = Index{Primary: i.Primary[:0], Sub: i.Sub[:0]}
}

// fill makes the index: one of each pollutant, the largest of them, and whether it may be published.
func (e *indexEdition) fill(into *Index, inputs []input, values []Measured, p *Practice) {
	into.clear()
	into.Standard, into.Complete = e.standard, true
	for i := range inputs {
		sub := e.subIndex(&inputs[i], values, p)
		if sub.Known() {
			into.Known = true
			into.Partial = max(into.Partial, sub.IAQI)
		}
		into.Sub = append(into.Sub, sub)
	}
	for i := range into.Sub {
		switch sub := &into.Sub[i]; sub.Reason {
		case None, Unmonitored, BelowTable:
		case AboveTable:
			into.blind = into.blind || !into.hasAny([]string{inputs[i].column.covered})
			into.Complete = into.Complete && !into.blind
		default:
			into.Complete = false
		}
	}
	if !into.Known {
		return
	}
	into.Partial = max(into.Partial, e.least)
	if !e.publishes(into, p) {
		return
	}
	into.Published, into.AQI, into.Category = true, into.Partial, categoryOf(e.categories, into.Partial)
	if into.AQI <= e.primaryAbove {
		return
	}
	for i := range into.Sub {
		if into.Sub[i].Known() && into.Sub[i].IAQI == into.AQI {
			into.Primary = append(into.Primary, into.Sub[i].Parameter)
		}
	}
}

func (e *indexEdition) subIndex(in *input, values []Measured, p *Practice) SubIndex {
	sub := SubIndex{Parameter: in.parameter}
	value, valid := find(values, in.parameter)
	if !valid {
		sub.Reason = Missing
		if slices.Contains(p.Unmonitored, in.parameter) {
			sub.Reason = Unmonitored
		}
		return sub
	}
	sub.Value = e.enter(inUnits(value, in.unit), in.column.places, p)
	sub.IAQI, sub.Reason = in.column.index(sub.Value, e.result)
	if sub.Reason == AboveTable && in.column.instead != nil {
		instead := in.column.instead
		if p.HighSO2 == DayMeanDecides {
			if value, valid = find(values, instead.parameter); !valid {
				return sub
			}
			sub.Value = e.enter(value, instead.column.places, p)
		}
		sub.IAQI, sub.Reason = instead.column.index(sub.Value, e.result)
	}
	return sub
}

// inUnits returns how many units a value has, cut off after the ninth decimal; a unit of 0 leaves it as it is.
func inUnits(value, unit reading.Fixed) reading.Fixed {
	if unit == 0 || value <= 0 {
		return value
	}
	high, low := bits.Mul64(uint64(value), uint64(reading.FixedOne))
	whole, _ := bits.Div64(high, low, uint64(unit))
	return reading.Fixed(whole)
}

// enter returns a concentration as it enters the formula.
func (e *indexEdition) enter(value reading.Fixed, places int, p *Practice) reading.Fixed {
	switch e.entry {
	case rounded:
		return value.Round(places, p.Rounding)
	case truncated:
		return max(value, 0).Round(places, reading.Truncate)
	default:
		return value
	}
}

// publishes says whether the index may be published although pollutants may be missing.
func (e *indexEdition) publishes(i *Index, p *Practice) bool {
	// A value above its column's table with no index instead would make the largest one: the others say too little.
	if i.blind {
		return e.partialAbove != noRule && i.Partial > e.partialAbove
	}
	if i.Complete || (e.partialAbove != noRule && i.Partial > e.partialAbove) {
		return true
	}
	if p.Publishing == ByTheStandard {
		return e.partialAbove == noRule
	}
	for _, group := range e.feedNeeds {
		if !i.hasAny(group) {
			return false
		}
	}
	return true
}

// hasAny says whether one of the parameters has an index or is not asked for.
func (i *Index) hasAny(parameters []string) bool {
	for k := range i.Sub {
		known := i.Sub[k].Known() || i.Sub[k].Reason == Unmonitored
		if known && slices.Contains(parameters, i.Sub[k].Parameter) {
			return true
		}
	}
	return false
}
