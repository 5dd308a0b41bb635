package sheet

import (
	"fmt"
	"io"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Merge begins the merging of a page: it is the [pebble.Merge] of keys under [YearPrefix].
func Merge(key, value []byte) (pebble.ValueMerger, error) {
	return &merge{key: slices.Clone(key), operands: [][]byte{slices.Clone(value)}}, nil
}

// merge collects the operands of one page; they are laid over each other once, at the end.
type merge struct {
	key      []byte
	operands [][]byte
	backward bool // operands came from newest to oldest
}

// MergeNewer takes an operand newer than all before.
func (m *merge) MergeNewer(value []byte) error {
	m.operands = append(m.operands, slices.Clone(value))
	return nil
}

// MergeOlder takes an operand older than all before. Pebble never mixes the two directions in one merge.
func (m *merge) MergeOlder(value []byte) error {
	m.backward = true
	m.operands = append(m.operands, slices.Clone(value))
	return nil
}

// Finish returns the page as one operand, or an error that names the key. An emptied cell is kept only as long as
// there may be older operands that it must lie over.
func (m *merge) Finish(includesBase bool) ([]byte, io.Closer, error) {
	if m.backward {
		slices.Reverse(m.operands)
	}
	var page Page
	for _, operand := range m.operands {
		if err := page.Lay(operand); err != nil {
			return nil, nil, fmt.Errorf("merge page %q: %w", m.key, err)
		}
	}
	return page.append(nil, !includesBase), nil, nil
}
