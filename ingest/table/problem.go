package table

import "fmt"

// Problem is a cell or row that could not be read.
type Problem struct {
	File   string
	Line   int // from 1
	Column int // of the cell's first byte in its line, from 1; 0 for a row as a whole
	Reason string
}

// String returns file:line:column: reason.
func (p Problem) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Reason)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Reason)
}
