// Package sheet keeps what was averaged of a station on pages: the hours of a day on one, the days of a year on
// another. A page is added to with merge operands; nothing is read or rewritten on the way in.
package sheet

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Cell is one figure of a page: the hour of a day, or the day of a year. The zero Cell is empty.
type Cell struct {
	Number  reading.Fixed // the value times Divisor
	Divisor uint8         // 1 to 25; 0: empty
	Valid   bool          // the standard's data completeness is there
	Count   uint32        // of the values that the figure is made of
}

// cleared is a cell that was emptied: it is empty, and lies over what older operands have put there.
var cleared = Cell{Count: 1}

// Empty says whether nothing was measured.
func (c Cell) Empty() bool { return c.Divisor == 0 }

// Value returns the exact figure.
func (c Cell) Value() mean.Ratio {
	return mean.Ratio{Sum: mean.SumOf(int64(c.Number)), Count: uint64(c.Divisor)}
}

// CellOf returns the cell of a figure. A fraction whose numerator no Fixed holds in its lowest terms, or whose
// denominator is above 25 in them, is rounded half-even to the ninth decimal.
func CellOf(value mean.Ratio, count int, valid bool) Cell {
	c := Cell{Count: uint32(count), Valid: valid}
	if value.Count > 25 {
		value = value.Lowest()
	}
	switch {
	case !value.Known():
	case value.Count <= 25 && value.Sum == mean.SumOf(int64(value.Sum.Low)):
		c.Number, c.Divisor = reading.Fixed(value.Sum.Low), uint8(value.Count)
	default:
		c.Number, c.Divisor = value.Fixed(), 1
	}
	return c
}
