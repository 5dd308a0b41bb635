package quarantine

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// Keys: 'q' 'e' id -> entry; 'q' 'c' -> counts.
var (
	entryPrefix = []byte("qe")
	countsKey   = []byte("qc")
)

// ErrNotFound is returned for an entry that is not, or no longer, there.
var ErrNotFound = errors.New("no such quarantine entry")

// Counts are running counts since the beginning.
type Counts struct {
	Added   uint64 `json:"added"`
	Kept    uint64 `json:"kept"`
	Retried uint64 `json:"retried"` // taken again and stored in whole
	Dropped uint64 `json:"dropped"` // by hand
	Evicted uint64 `json:"evicted"` // the oldest, of a station over its quota or of all
	NextID  uint64 `json:"next_id"`
	Bytes   uint64 `json:"bytes"` // of the kept payloads
}

// MostBytes is how much all payloads together may take up: a flood of rubbish under ever new station ids must not fill
// the disk that readings need.
const MostBytes = 2 << 30

// Quarantine is the part of the store that keeps refused messages. It is safe for concurrent use.
type Quarantine struct {
	db         *pebble.DB
	perStation int
	mostBytes  uint64

	mutex  sync.Mutex
	counts Counts
	kept   kept
}

// Open opens the quarantine. perStation is how many entries of one station are kept; the oldest goes first.
func Open(db *pebble.DB, perStation int) (*Quarantine, error) {
	q := &Quarantine{db: db, perStation: perStation, mostBytes: MostBytes, kept: newKept()}
	content, closer, err := db.Get(countsKey)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		q.counts.NextID = 1
		return q, nil
	case err != nil:
		return nil, fmt.Errorf("open the quarantine: %w", err)
	}
	err = json.Unmarshal(content, &q.counts)
	closer.Close()
	if err != nil {
		return nil, fmt.Errorf("open the quarantine: %w", err)
	}
	return q, q.each(0, func(e Entry) bool {
		q.kept.add(&e)
		return true
	})
}

// Add puts entries into a batch that the caller commits. It must be called by one goroutine at a time, in the order
// of the commits.
func (q *Quarantine) Add(batch *pebble.Batch, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for i := range entries {
		e := &entries[i]
		e.ID = q.counts.NextID
		q.counts.NextID++
		q.counts.Added++
		content, err := e.encode()
		if err != nil {
			return err
		}
		if err := batch.Set(entryKey(e.ID), content, nil); err != nil {
			return fmt.Errorf("write quarantine entry: %w", err)
		}
		q.kept.add(e)
		q.counts.Kept++
		q.counts.Bytes += uint64(len(e.Payload))
		if err := q.evict(batch, e.Station); err != nil {
			return err
		}
	}
	return q.writeCounts(batch)
}

// evict lets the oldest entries go until the station and all together are within their quotas.
func (q *Quarantine) evict(batch *pebble.Batch, station string) error {
	for {
		var id uint64
		switch own := q.kept.stations[station]; {
		case own != nil && own.count > q.perStation: // by more than one where the quota was lowered
			id = q.kept.oldest(own)
		case q.counts.Bytes > q.mostBytes && q.kept.all.count > 0:
			id = q.kept.oldest(&q.kept.all)
		default:
			return nil
		}
		if err := q.delete(batch, id); err != nil {
			return err
		}
		q.counts.Evicted++
	}
}

// delete removes an entry that is kept.
func (q *Quarantine) delete(batch *pebble.Batch, id uint64) error {
	bytes, ok := q.kept.remove(id)
	if !ok {
		return fmt.Errorf("entry %d: %w", id, ErrNotFound)
	}
	q.counts.Kept--
	q.counts.Bytes -= bytes
	if err := batch.Delete(entryKey(id), nil); err != nil {
		return fmt.Errorf("remove quarantine entry %d: %w", id, err)
	}
	return nil
}

// Outcome is why an entry leaves.
type Outcome int

// The outcomes.
const (
	Retried Outcome = iota
	Dropped
)

// Remove takes an entry out within a batch that the caller commits.
func (q *Quarantine) Remove(batch *pebble.Batch, e *Entry, outcome Outcome) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if err := q.delete(batch, e.ID); err != nil {
		return err
	}
	if outcome == Retried {
		q.counts.Retried++
	} else {
		q.counts.Dropped++
	}
	return q.writeCounts(batch)
}

// Update writes an entry anew of which less is refused than before, within a batch that the caller commits.
func (q *Quarantine) Update(batch *pebble.Batch, e *Entry) error {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if _, ok := q.kept.sizes[e.ID]; !ok {
		return fmt.Errorf("entry %d: %w", e.ID, ErrNotFound)
	}
	content, err := e.encode()
	if err != nil {
		return err
	}
	return batch.Set(entryKey(e.ID), content, nil)
}

// Get returns one entry, or ErrNotFound.
func (q *Quarantine) Get(id uint64) (Entry, error) {
	content, closer, err := q.db.Get(entryKey(id))
	if errors.Is(err, pebble.ErrNotFound) {
		return Entry{}, fmt.Errorf("entry %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read quarantine entry %d: %w", id, err)
	}
	defer closer.Close()
	return decode(id, content)
}

// List returns up to most entries with an id above after, in order; of one station only where station is not empty.
func (q *Quarantine) List(after uint64, most int, station string) ([]Entry, error) {
	var entries []Entry
	err := q.each(after+1, func(e Entry) bool {
		if station == "" || e.Station == station {
			entries = append(entries, e)
		}
		return len(entries) < most
	})
	return entries, err
}

// Counts returns the running counts.
func (q *Quarantine) Counts() Counts {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	return q.counts
}

func (q *Quarantine) each(from uint64, visit func(Entry) bool) error {
	iterator, err := q.db.NewIter(&pebble.IterOptions{LowerBound: entryKey(from), UpperBound: []byte("qf")})
	if err != nil {
		return fmt.Errorf("read the quarantine: %w", err)
	}
	defer iterator.Close()
	for valid := iterator.First(); valid; valid = iterator.Next() {
		e, err := decode(binary.BigEndian.Uint64(iterator.Key()[len(entryPrefix):]), iterator.Value())
		if err != nil {
			return err
		}
		if !visit(e) {
			break
		}
	}
	return iterator.Error()
}

func (q *Quarantine) writeCounts(batch *pebble.Batch) error {
	content, err := json.Marshal(q.counts)
	if err != nil {
		return fmt.Errorf("write quarantine counts: %w", err)
	}
	return batch.Set(countsKey, content, nil)
}

func entryKey(id uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(nil), entryPrefix...), id)
}
