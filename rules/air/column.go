package air

import (
	"math/bits"

	"egret/ingest/reading"
)

// column is a column of an index table: straight lines from concentrations to index values.
type column struct {
	lines   []line
	places  int // decimals of a concentration, where the edition rounds it before the formula
	beyond  beyond
	instead *fallback
	covered string // the other input that decides above a column that has nothing beyond
}

// beyond says what a value above the last node of a column gives.
type beyond uint8

const (
	stays   beyond = iota // the index of the last node
	nothing               // no index from this column
	goesOn                // the last line goes on
)

// fallback gives the index of a value above a column that has nothing beyond: another figure in another column.
type fallback struct {
	parameter string
	column    *column
}

// line leads from one node of the table to the next.
type line struct {
	low, high reading.Fixed
	from, to  int
}

// at returns the index of a value that is not below the line, its exact value rounded up or to the nearest, halves up.
func (l *line) at(value reading.Fixed, rounding reading.Rounding) int {
	length := uint64(l.high - l.low)
	high, low := bits.Mul64(uint64(value-l.low), uint64(l.to-l.from))
	whole, rest := bits.Div64(high, low, length)
	if (rounding == reading.Upward && rest > 0) || (rounding == reading.HalfUp && rest >= length-rest) {
		whole++
	}
	return l.from + int(whole)
}

// index returns the index of a concentration, or the reason why it has none.
func (c *column) index(value reading.Fixed, rounding reading.Rounding) (int, Reason) {
	if value < c.lines[0].low {
		if value < 0 {
			return 0, Negative
		}
		return 0, BelowTable
	}
	for i := range c.lines {
		if value <= c.lines[i].high {
			return c.lines[i].at(value, rounding), None
		}
	}
	last := &c.lines[len(c.lines)-1]
	switch c.beyond {
	case stays:
		return last.to, None
	case goesOn:
		return last.at(value, rounding), None
	default:
		return 0, AboveTable
	}
}
