package hours

import (
	"errors"
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
)

// Block is the readings of one hour, station and period. The zero Block is empty; its memory is used again by Load.
type Block struct {
	start    int64
	data     []byte // checked: every instant in it can be walked
	operands [][]byte
	spare    []byte
}

// Row is one reading of a block. Parameter points into the block.
type Row struct {
	Time      int64 // start of the reading's period, Unix nanoseconds
	Parameter []byte
	Number    reading.Fixed
	Flag      reading.Flag
}

// Load reads the block of an hour from the store and folds operands into it that are not committed yet, from oldest
// to newest. A block that does not exist is empty. The error for a malformed block names its key.
func (b *Block) Load(store pebble.Reader, hour uint32, station []byte, period reading.Period, uncommitted ...[]byte) error {
	b.start, b.data, b.operands = int64(hour)*length, b.data[:0], b.operands[:0]
	var memory [1 + 4 + reading.MaxStationID + 2]byte
	key := AppendKey(memory[:0], hour, station, period)
	stored, closer, err := store.Get(key)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		if len(uncommitted) == 0 {
			return nil
		}
	case err != nil:
		return fmt.Errorf("read hour block %q: %w", key, err)
	default:
		b.spare = append(b.spare[:0], stored...)
		if err := closer.Close(); err != nil {
			return fmt.Errorf("read hour block %q: %w", key, err)
		}
		b.operands = append(b.operands, b.spare)
	}
	b.operands = append(b.operands, uncommitted...)
	if b.data, err = fold(b.data, b.operands); err != nil {
		b.data = nil
		return fmt.Errorf("read hour block %q: %w", key, err)
	}
	return nil
}

// Rows walks the readings in the order of their time.
func (b *Block) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		if len(b.data) == 0 {
			return
		}
		for rest := b.data[1:]; len(rest) > 0; {
			one, after, err := nextInstant(rest)
			if err != nil {
				return // cannot be: Load has walked the block
			}
			rest = after
			for fields := one.fields; len(fields) > 0; {
				var f reading.Field
				if f, fields, err = nextField(fields); err != nil {
					return
				}
				if !yield(Row{Time: b.start + one.offset, Parameter: f.Parameter, Number: f.Number, Flag: f.Flag}) {
					return
				}
			}
		}
	}
}

// Find returns the reading of a parameter at an instant, and whether there is one.
func (b *Block) Find(instant int64, parameter []byte) (Row, bool) {
	for row := range b.Rows() {
		if row.Time == instant && string(row.Parameter) == string(parameter) {
			return row, true
		}
		if row.Time > instant {
			break
		}
	}
	return Row{}, false
}

// Add merges the line into the block it belongs to. The operand is returned, so that the caller can see its own lines
// before the batch is committed; it lies in memory, which grows for it. The line's time must not lie before 1970.
func Add(batch *pebble.Batch, line *reading.Line, memory []byte) (grown, operand []byte, err error) {
	start := len(memory)
	memory = AppendKey(memory, uint32(Of(line.Time)), line.Station, line.Period)
	key := memory[start:]
	memory = AppendOperand(memory, line)
	operand = memory[start+len(key):]
	if err := batch.Merge(key, operand, nil); err != nil {
		return memory, nil, fmt.Errorf("add to hour block %q: %w", key, err)
	}
	return memory, operand, nil
}
