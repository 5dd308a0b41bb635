package config

import (
	"fmt"
	"strings"
)

// Problem is one mistake in a configuration file.
type Problem struct {
	File    string
	Line    int    // from 1
	Field   string // such as rules[pm25-high].window; "" where the text is no YAML
	Message string // the value where it may be shown, what is wrong with it and what to do
}

// String returns file:line: field: message.
func (p Problem) String() string {
	if p.Field == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Field, p.Message)
}

// Error lists all the mistakes of a configuration file in the order of its lines, then those of the packs that it
// names; there is at least one.
type Error struct {
	Problems []Problem
}

// Error returns the mistakes, one a line.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
