package water

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// Bound says how a limit bounds its item.
type Bound uint8

// The operators of GB 3838-2002. A value equal to the limit meets it.
const (
	AtMost  Bound = iota // ≤
	AtLeast              // ≥
	Within               // from Low to High, the same for all classes
)

// Role says what an item is for.
type Role uint8

// The roles of items in the assessment of sections (环办〔2011〕22号).
const (
	Indicator Role = iota // one of the 21 whose worst gives the class
	Apart                 // judged and reported beside the class: total nitrogen, faecal coliform
)

// Item is a row of GB 3838-2002 table 1.
type Item struct {
	Key     string
	Chinese string
	Bound   Bound
	Limits  [5]reading.Fixed // of the classes Ⅰ to Ⅴ
	Low     reading.Fixed    // of a Within
	High    reading.Fixed
	// Saturated is the percentage of saturation that meets class Ⅰ too, 0 where there is no such rule.
	Saturated reading.Fixed
	Role      Role
	// First marks what comes first among the main pollutants once it exceeds: cyanide and heavy metals.
	First bool

	order int // its row in the table
}

// classOf returns the best class whose limit the value meets.
func (item *Item) classOf(value reading.Fixed) Class {
	if item.Bound == Within {
		if item.Low <= value && value <= item.High {
			return ClassI
		}
		return Inferior
	}
	for i, limit := range item.Limits {
		if (item.Bound == AtMost && value <= limit) || (item.Bound == AtLeast && value >= limit) {
			return ClassI + Class(i)
		}
	}
	return Inferior
}

// classesOf returns the best and the worst class that a measured value may have: Unknown and Inferior without a valid
// one, and for a non-detect those of all values that hide below its detection limit. values are those of the sample.
func (item *Item) classesOf(settings *Settings, values []Measured, m *Measured) (best, worst Class) {
	if !m.Valid {
		return Unknown, Inferior
	}
	if m.BelowDetection && item.Bound != Within {
		zero, limit := item.classOf(0), item.classOf(settings.compared(item.Key, m.detectionLimit()))
		return min(zero, limit), max(zero, limit)
	}
	class := item.classOf(settings.compared(item.Key, m.Value))
	if class > ClassI && item.Saturated != 0 && settings.Saturation && item.saturated(values, m.Value) {
		class = ClassI
	}
	return class, class
}

// ItemOf returns the row of table 1 that holds for a parameter in a type of water, nil where there is none.
func ItemOf(kind Type, parameter string) *Item { return itemsOf[kind][parameter] }

// Items returns the rows of table 1 for a type of water in their printed order.
func Items(kind Type) []*Item {
	var items []*Item
	for i := range table1 {
		if table1[i].on[kind] {
			items = append(items, &table1[i].Item)
		}
	}
	return items
}

// Table1Source is the source of all figures of table 1.
var Table1Source = standard.Source{Standard: Standard, Clause: "table 1", Certainty: standard.Seen}

var itemsOf = func() (items [2]map[string]*Item) {
	for kind := range items {
		items[kind] = map[string]*Item{}
		for i, item := range Items(Type(kind)) {
			item.order = i
			items[kind][item.Key] = item
		}
	}
	return items
}()
