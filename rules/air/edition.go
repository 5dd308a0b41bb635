package air

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// indexEdition is what a standard orders for an index of the data of a span of days.
type indexEdition struct {
	standard string
	standard.Validity
	day        []input // what enters the index of a day, in the order in which pollutants that tie are named
	hour       []input
	hourLetter []input // the same by the letter of the standard, where the national network does otherwise

	entry      entry            // of a concentration into the formula
	result     reading.Rounding // of the index of a pollutant
	least      int              // the smallest index
	categories []Category
	// primaryAbove is the index that must be exceeded for a pollutant to be named as the primary one.
	primaryAbove int
	// partialAbove is the index that must be exceeded for it to be published although a pollutant is missing, or noRule.
	partialAbove int
	// feedNeeds lists what the national network needs to publish an index: of each group at least one.
	feedNeeds [][]string
}

// noRule: the standard does not say when a partial index is published.
const noRule = -1

// entry says how a concentration enters the formula.
type entry uint8

const (
	exact     entry = iota
	rounded         // by GB/T 8170, to the column's places
	truncated       // at the column's places, and what is negative as 0
)

// input is a figure that enters an index, and the column in which it is looked up.
type input struct {
	parameter string
	column    *column
	unit      reading.Fixed // how many ug/m3 (CO: mg/m3) make one of the column's units, 0 where they are the same
}

// editionAt returns the edition for data of the day, nil where there is none.
func editionAt(editions []*indexEdition, day calendar.Day) *indexEdition {
	for _, e := range editions {
		if e.Covers(day) {
			return e
		}
	}
	return nil
}
