package journal

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// keyPrefix is the first byte of the journal's keys in the store; the sequence follows, big endian.
const keyPrefix = 'j'

// WitnessName is the file in the store's parent directory that says how far the journal had come.
const WitnessName = "journal.head"

// Local is the journal of a single machine, in the Pebble store.
type Local struct {
	db       *pebble.DB
	maxBytes int64

	append  sync.Mutex // one step at a time; guards the fields below
	buffer  []byte
	witness *witness

	mutex   sync.Mutex // guards state and changed
	state   State
	dropped uint64        // totals.Bytes of what was trimmed
	changed chan struct{} // closed when state.Head moves
}

var _ Journal = (*Local)(nil)

// OpenLocal opens the journal in db, whose files lie in directory/store. It must have passed [Verify]. maxBytes limits
// what is kept.
func OpenLocal(db *pebble.DB, directory string, maxBytes int64) (*Local, error) {
	j := &Local{db: db, maxBytes: maxBytes, changed: make(chan struct{})}
	first, last, err := ends(db)
	if err != nil {
		return nil, err
	}
	if last != 0 {
		head, err := load(db, last)
		if err != nil {
			return nil, err
		}
		tail, err := load(db, first)
		if err != nil {
			return nil, err
		}
		j.dropped = tail.totals.Bytes - uint64(tail.size())
		j.state = State{First: first, Head: head.position(last), Totals: head.totals}
		j.state.Bytes = int64(head.totals.Bytes - j.dropped)
	}
	if j.witness, err = openWitness(filepath.Join(directory, WitnessName)); err != nil {
		return nil, err
	}
	// Where the store was moved away after damage, the old witness must not refuse the new journal at the next start.
	return j, j.witness.write(j.state.Head)
}

// Close closes the witness; the store is closed by its owner.
func (j *Local) Close() error { return j.witness.close() }

// State implements [Journal].
func (j *Local) State() State {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.state
}

// Append implements [Journal] with one synced batch.
func (j *Local) Append(_ context.Context, records []reading.Record, beside func(*pebble.Batch) error) (reading.Position, error) {
	j.append.Lock()
	defer j.append.Unlock()
	state := j.State()
	if len(records) > 0 && j.maxBytes > 0 && state.Bytes >= j.maxBytes {
		return state.Head, ErrFull
	}
	batch := j.db.NewBatch()
	defer batch.Close()
	head, totals := state.Head, state.Totals
	for i := range records {
		record := &records[i]
		if head.Received-record.Received <= reading.ClockSetBack {
			record.Received = max(record.Received, head.Received)
		}
		head.Sequence++
		j.buffer, head.Chain, totals = appendRecord(j.buffer[:0], head.Sequence, head.Chain, totals, record)
		head.Received = record.Received
		if err := batch.Set(key(head.Sequence), j.buffer, nil); err != nil {
			return state.Head, fmt.Errorf("write journal entry %d: %w", head.Sequence, err)
		}
	}
	head.Messages, head.Values = totals.Messages, totals.Values
	if beside != nil {
		if err := beside(batch); err != nil {
			return state.Head, err
		}
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		return state.Head, fmt.Errorf("commit the journal: %w", err)
	}
	if err := j.witness.write(head); err != nil {
		return state.Head, err
	}
	j.advance(head, totals)
	return head, nil
}

func (j *Local) advance(head reading.Position, totals Totals) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if head.Sequence == j.state.Head.Sequence {
		return
	}
	if j.state.First == 0 {
		j.state.First = 1
	}
	j.state.Head, j.state.Totals = head, totals
	j.state.Bytes = int64(totals.Bytes - j.dropped)
	close(j.changed)
	j.changed = make(chan struct{})
}

// await returns the state once the journal reaches beyond a sequence.
func (j *Local) await(ctx context.Context, sequence uint64) (State, error) {
	for {
		j.mutex.Lock()
		state, changed := j.state, j.changed
		j.mutex.Unlock()
		if state.Head.Sequence > sequence {
			return state, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return state, ctx.Err()
		}
	}
}

// Read implements [Journal].
func (j *Local) Read(ctx context.Context, from reading.Position, maxBytes int) ([]reading.Entry, reading.Position, error) {
	state, err := j.await(ctx, from.Sequence)
	if err != nil {
		return nil, from, err
	}
	maxBytes = max(maxBytes, 1) // at least one entry
	if from.Sequence+1 < state.First {
		return nil, from, fmt.Errorf("read after %d: %w", from.Sequence, ErrTrimmed)
	}
	iterator, err := j.db.NewIter(&pebble.IterOptions{LowerBound: key(from.Sequence + 1), UpperBound: key(state.Head.Sequence + 1)})
	if err != nil {
		return nil, from, fmt.Errorf("read the journal: %w", err)
	}
	defer iterator.Close()
	count := min(int(state.Head.Sequence-from.Sequence), maxBytes/headerSize+1)
	memory := make([]byte, 0, min(maxBytes, count*512))
	entries := make([]reading.Entry, 0, min(count, 1+maxBytes/512))
	position, size := from, 0
	for valid := iterator.First(); valid && size < maxBytes; valid = iterator.Next() {
		value, err := iterator.ValueAndErr()
		if err != nil {
			return nil, from, fmt.Errorf("read journal entry %d: %w", position.Sequence+1, err)
		}
		if cap(memory)-len(memory) < len(value) {
			memory = make([]byte, 0, max(len(value), 256<<10))
		}
		start := len(memory)
		memory = append(memory, value...)
		stored, err := follow(position, iterator.Key(), memory[start:])
		if err != nil {
			return nil, from, &DamagedError{Good: position, Lost: state.Head, Reason: err.Error(), Directory: "the store"}
		}
		position = stored.position(position.Sequence + 1)
		entries = append(entries, reading.Entry{Sequence: position.Sequence, Record: stored.record})
		size += len(value)
	}
	if err := iterator.Error(); err != nil {
		return nil, from, fmt.Errorf("read the journal after %d: %w", position.Sequence, err)
	}
	if len(entries) == 0 {
		return nil, from, &DamagedError{Good: position, Lost: state.Head, Reason: fmt.Sprintf("entry %d is not there", from.Sequence+1), Directory: "the store"}
	}
	return entries, position, nil
}

// Trim implements [Journal].
func (j *Local) Trim(_ context.Context, below uint64) error {
	j.append.Lock()
	defer j.append.Unlock()
	state := j.State()
	below = min(below, state.Head.Sequence)
	if below <= state.First {
		return nil
	}
	first, err := load(j.db, below)
	if err != nil {
		return err
	}
	if err := j.db.DeleteRange(key(0), key(below), pebble.NoSync); err != nil {
		return fmt.Errorf("trim the journal: %w", err)
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.dropped = first.totals.Bytes - uint64(first.size())
	j.state.First = below
	j.state.Bytes = int64(j.state.Totals.Bytes - j.dropped)
	return nil
}

func key(sequence uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{keyPrefix}, sequence)
}

func (s *storedRecord) size() int {
	return headerSize + len(s.record.Source) + len(s.record.Station) + len(s.record.Lines)
}
