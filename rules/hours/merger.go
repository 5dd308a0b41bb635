package hours

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"egret/rules/sheet"
)

// Merger folds the operands of the hour store, and those of the pages of years. A store that is opened with it may use
// Merge under [Prefix] and [sheet.YearPrefix] only.
var Merger = &pebble.Merger{
	Name: "egret.hours.v1",
	Merge: func(key, value []byte) (pebble.ValueMerger, error) {
		if len(key) > 0 && key[0] == sheet.YearPrefix {
			return sheet.Merge(key, value)
		}
		m := merges.Get().(*merge)
		m.key, m.memory, m.ends, m.backward = append(m.key[:0], key...), m.memory[:0], m.ends[:0], false
		m.keep(value)
		return m, nil
	},
}

// merges holds the memory of merges that are done: a compaction folds an hour of every station, one after the other.
var merges = sync.Pool{New: func() any { return new(merge) }}

// merge collects the operands of one key; they are folded once, at the end.
type merge struct {
	key      []byte
	memory   []byte
	ends     []int // where each operand ends in memory
	operands [][]byte
	backward bool // operands came from newest to oldest
}

func (m *merge) keep(value []byte) {
	m.memory = append(m.memory, value...)
	m.ends = append(m.ends, len(m.memory))
}

// MergeNewer takes an operand newer than all before.
func (m *merge) MergeNewer(value []byte) error {
	m.keep(value)
	return nil
}

// MergeOlder takes an operand older than all before. Pebble never mixes the two directions in one merge.
func (m *merge) MergeOlder(value []byte) error {
	m.backward = true
	m.keep(value)
	return nil
}

// Finish returns the folded block, or an error that names the key.
func (m *merge) Finish(bool) ([]byte, io.Closer, error) {
	defer merges.Put(m)
	m.operands = m.operands[:0]
	start := 0
	for _, end := range m.ends {
		m.operands = append(m.operands, m.memory[start:end])
		start = end
	}
	if m.backward {
		slices.Reverse(m.operands)
	}
	block, err := fold(make([]byte, 0, len(m.memory)), m.operands)
	if err != nil {
		return nil, nil, fmt.Errorf("fold hour block %q: %w", m.key, err)
	}
	return block, nil, nil
}
