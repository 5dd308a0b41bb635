package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// Cursor is a reader's position together with the reader's name.
type Cursor struct {
	Name     string
	Position reading.Position
}

// Verify reads the whole journal and says whether it is what was acknowledged: every record follows from the one
// before, it reaches as far as its witness and every cursor, and they lie on its chain. db may be open for reading
// only. progress, where not nil, is told the bytes read now and then. The error is a *DamagedError where records are lost.
func Verify(db *pebble.DB, directory string, cursors []Cursor, progress func(read int64)) error {
	acknowledged, witnessed, err := readWitness(filepath.Join(directory, WitnessName))
	if err != nil {
		return err
	}
	marks := cursors
	if witnessed {
		marks = append([]Cursor{{Name: "the journal's witness " + WitnessName, Position: acknowledged}}, cursors...)
	}
	furthest := reading.Position{}
	for _, mark := range marks {
		if mark.Position.Sequence > furthest.Sequence {
			furthest = mark.Position
		}
	}
	if err := verifyStart(db, directory, cursors); err != nil {
		return err
	}
	last, err := verifyChain(db, marks, progress)
	var broken *brokenError
	switch {
	case errors.As(err, &broken):
		if broken.end.Sequence > furthest.Sequence {
			furthest = broken.end
		}
		return &DamagedError{Directory: filepath.Join(directory, "store"), Good: last, Lost: furthest, Reason: err.Error()}
	case err != nil:
		return err
	case last.Sequence < furthest.Sequence:
		return &DamagedError{Directory: filepath.Join(directory, "store"), Good: last, Lost: furthest,
			Reason: fmt.Sprintf("it ends at record %d, but record %d had been acknowledged", last.Sequence, furthest.Sequence)}
	}
	return nil
}

// verifyStart says whether the journal still begins where its slowest reader goes on. It is never trimmed further.
func verifyStart(db *pebble.DB, directory string, cursors []Cursor) error {
	first, _, err := ends(db)
	if err != nil || first <= 1 {
		return nil // the walk over the journal tells what is wrong
	}
	stored, err := load(db, first)
	if err != nil {
		return nil
	}
	for _, cursor := range cursors {
		if cursor.Position.Sequence == 0 || cursor.Position.Sequence+1 >= first {
			continue
		}
		gone := stored.position(first - 1)
		gone.Values -= uint64(stored.record.Values)
		if counts(&stored.record) {
			gone.Messages--
		}
		return &DamagedError{Directory: filepath.Join(directory, "store"), Good: cursor.Position, Lost: gone,
			Reason: fmt.Sprintf("records %d to %d are not there, which %s has not read yet", cursor.Position.Sequence+1, first-1, cursor.Name)}
	}
	return nil
}

// brokenError says where the chain breaks; end is the last entry that can still be read, for telling what is lost.
type brokenError struct {
	reason string
	end    reading.Position
}

func (e *brokenError) Error() string { return e.reason }

// verifyChain walks the journal and returns the last entry that is sound. Its first entry anchors the chain.
func verifyChain(db *pebble.DB, marks []Cursor, progress func(int64)) (reading.Position, error) {
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: key(0), UpperBound: []byte{keyPrefix + 1}})
	if err != nil {
		return reading.Position{}, fmt.Errorf("read the journal: %w", err)
	}
	defer iterator.Close()
	expected := make(map[uint64][]Cursor, len(marks))
	for _, mark := range marks {
		expected[mark.Position.Sequence] = append(expected[mark.Position.Sequence], mark)
	}
	var position reading.Position
	var read int64
	for valid := iterator.First(); valid; valid = iterator.Next() {
		value, err := iterator.ValueAndErr()
		if err != nil {
			return position, broken(db, "record %d cannot be read: %v", position.Sequence+1, err)
		}
		before, sequence := position, binary.BigEndian.Uint64(iterator.Key()[1:])
		if position.Sequence == 0 && sequence > 1 {
			anchor, err := parseRecord(value)
			if err != nil {
				return position, broken(db, "record %d: %v", sequence, err)
			}
			position = anchor.position(sequence)
		} else {
			stored, err := follow(position, iterator.Key(), value)
			if err != nil {
				return position, broken(db, "%v", err)
			}
			position = stored.position(sequence)
		}
		for _, mark := range expected[sequence] {
			if mark.Position.Chain != position.Chain {
				return before, broken(db, "record %d is not the one that %s had seen", sequence, mark.Name)
			}
		}
		if read += int64(len(value)); progress != nil && sequence%65536 == 0 {
			progress(read)
		}
	}
	if err := iterator.Error(); err != nil {
		return position, broken(db, "record %d cannot be read: %v", position.Sequence+1, err)
	}
	return position, nil
}

// broken describes a break and looks for the last entry, so that the loss can be told in numbers.
func broken(db *pebble.DB, format string, arguments ...any) error {
	e := &brokenError{reason: fmt.Sprintf(format, arguments...)}
	if _, last, err := ends(db); err == nil && last != 0 {
		if stored, err := load(db, last); err == nil {
			e.end = stored.position(last)
		}
	}
	return e
}

// follow checks that a stored record is the next one after a position.
func follow(position reading.Position, k, value []byte) (storedRecord, error) {
	sequence := binary.BigEndian.Uint64(k[1:])
	if sequence != position.Sequence+1 {
		return storedRecord{}, fmt.Errorf("records %d to %d are not there", position.Sequence+1, sequence-1)
	}
	stored, err := parseRecord(value)
	if err != nil {
		return stored, fmt.Errorf("record %d: %w", sequence, err)
	}
	if linkChain(position.Chain, sequence, value) != stored.chain {
		return stored, fmt.Errorf("record %d does not follow from the one before: a byte of one of them was changed", sequence)
	}
	return stored, nil
}

// ends returns the first and last sequence, 0 where the journal is empty.
func ends(db *pebble.DB) (first, last uint64, err error) {
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: key(0), UpperBound: []byte{keyPrefix + 1}})
	if err != nil {
		return 0, 0, fmt.Errorf("read the journal: %w", err)
	}
	defer iterator.Close()
	if iterator.First() {
		first = binary.BigEndian.Uint64(iterator.Key()[1:])
	}
	if iterator.Last() {
		last = binary.BigEndian.Uint64(iterator.Key()[1:])
	}
	if err := iterator.Error(); err != nil {
		return 0, 0, fmt.Errorf("find the ends of the journal: %w", err)
	}
	return first, last, nil
}

func load(db *pebble.DB, sequence uint64) (storedRecord, error) {
	value, closer, err := db.Get(key(sequence))
	if err != nil {
		return storedRecord{}, fmt.Errorf("read journal entry %d: %w", sequence, err)
	}
	defer closer.Close()
	stored, err := parseRecord(append([]byte(nil), value...))
	if err != nil {
		return stored, fmt.Errorf("read journal entry %d: %w", sequence, err)
	}
	return stored, nil
}
