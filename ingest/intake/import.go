package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// importPrefix begins the keys of what was brought in: the id of the import follows.
const importPrefix = "cimport/"

// formatRows is the format of quarantine entries of an import, with the name of its flag table behind it.
const formatRows = "import "

// Chunk is a part of a bureau's history that is brought in: rows of readings in the order of time.
type Chunk struct {
	Import string // the id of the import, made from all that it brings: the same files under the same options have one id
	Number int    // from 0
	Last   bool
	Source string             // the files, for people
	Flags  *reading.FlagTable // what the marks beside the values mean
	Rows   []byte             // see [RowsHeader]
}

// Import is how far an import has come. Its numbers count values.
type Import struct {
	ID      string    `json:"id"`
	Next    int       `json:"next"` // the chunk to be brought next
	Done    bool      `json:"done"`
	Began   time.Time `json:"began"`   // zero where nothing was brought yet
	Changed time.Time `json:"changed"` // when the last chunk was journaled
	Taken   uint64    `json:"taken"`
	Refused uint64    `json:"refused"` // to quarantine
	// Entries is how many quarantine entries were made, between the first and the last of the two numbers.
	Entries    int    `json:"entries"`
	FirstEntry uint64 `json:"first_entry"`
	LastEntry  uint64 `json:"last_entry"`
	// Journaled is the count of all values of the journal behind the last chunk: when the rules and the database have come
	// so far, they have all of the import.
	Journaled uint64 `json:"journaled"`
	// Reasons say why something of the chunk that was just brought was refused.
	Reasons []string `json:"reasons,omitempty"`
}

// Importer brings chunks into the journal, each in one step with the cursor of its import: none is journaled twice, and
// none is left out, wherever either side is stopped. It is safe for concurrent use.
type Importer struct {
	db         *pebble.DB
	journal    journal.Journal
	quarantine *quarantine.Quarantine
	gate       Gate
	mostBytes  int64
	// Pace waits until the rules have come to a position, so that readings of stations never wait behind more than one
	// chunk; nil where there are no rules.
	Pace func(context.Context, reading.Position) error
	// Listening says whether messages of stations could come in meanwhile; nil: they could not.
	Listening func() bool

	mutex   sync.Mutex // one chunk at a time
	checker *Checker
	last    reading.Position
	lines   []byte
}

// NewImporter returns an importer. gate says whether there is room; mostBytes is the size limit of the journal, 0 for none.
func NewImporter(db *pebble.DB, j journal.Journal, q *quarantine.Quarantine, checker *Checker, gate Gate, mostBytes int64) *Importer {
	return &Importer{db: db, journal: j, quarantine: q, checker: checker, gate: gate, mostBytes: mostBytes}
}

// State returns how far an import has come.
func (im *Importer) State(id string) (Import, error) {
	state := Import{ID: id}
	if err := reading.CheckID(id); err != nil {
		return state, fmt.Errorf("%w: import %w", ErrRows, err)
	}
	content, closer, err := im.db.Get([]byte(importPrefix + id))
	if errors.Is(err, pebble.ErrNotFound) {
		return state, nil
	}
	if err != nil {
		return state, fmt.Errorf("look how far import %s has come: %w", id, err)
	}
	defer closer.Close()
	if err := json.Unmarshal(content, &state); err != nil {
		return state, fmt.Errorf("look how far import %s has come: %w", id, err)
	}
	return state, nil
}

// Forget lets an import begin anew.
func (im *Importer) Forget(ctx context.Context, id string) error {
	im.mutex.Lock()
	defer im.mutex.Unlock()
	if err := reading.CheckID(id); err != nil {
		return fmt.Errorf("%w: import %w", ErrRows, err)
	}
	_, err := im.journal.Append(ctx, nil, func(batch *pebble.Batch) error { return batch.Delete([]byte(importPrefix+id), nil) })
	if err != nil {
		return fmt.Errorf("forget import %s: %w", id, err)
	}
	return nil
}

// Take journals a chunk, and returns how far the import has come when that is synced. A chunk that is not the next one
// is left out: it was journaled before, and the state says which one is next. On [journal.ErrFull] and a *[GateError] the
// same chunk can be offered again later; an error that wraps [ErrRows] is the caller's.
func (im *Importer) Take(ctx context.Context, chunk Chunk) (Import, error) {
	im.mutex.Lock()
	defer im.mutex.Unlock()
	state, err := im.State(chunk.Import)
	if err != nil || state.Done || chunk.Number != state.Next {
		return state, err
	}
	if err := im.room(ctx); err != nil {
		return state, err
	}
	now := time.Now()
	m := Message{
		Source: chunk.Source, Format: formatRows + chunk.Flags.Name, Flags: chunk.Flags, Payload: chunk.Rows,
		Received: now.UnixNano(), Transport: reading.Imported,
	}
	if im.Listening == nil || !im.Listening() {
		m.Transport |= reading.Deaf // the clock runs on with the chunk, and stations must not be missed for that
	}
	record, lines, entry, err := im.checker.takeRows(&m, im.lines[:0])
	if err != nil {
		return state, err
	}
	im.lines = lines
	before := state
	records := []reading.Record{record}
	if chunk.Last { // one without readings says that no more comes: plans need not wait for it
		records = append(records, reading.Record{Kind: reading.Readings, Transport: m.Transport, Received: m.Received, Source: m.Source})
	}
	im.last, err = im.journal.Append(ctx, records, func(batch *pebble.Batch) error {
		state.bring(&record, now, im.journal.State().Values)
		state.Done = chunk.Last
		if entry != nil {
			entries := []quarantine.Entry{*entry}
			if err := im.quarantine.Add(batch, entries); err != nil {
				return err
			}
			state.keep(entries[0].ID)
		}
		content, err := json.Marshal(state)
		if err != nil {
			return fmt.Errorf("note how far import %s has come: %w", chunk.Import, err)
		}
		return batch.Set([]byte(importPrefix+chunk.Import), content, nil)
	})
	if err != nil {
		return before, err
	}
	if entry != nil {
		state.Reasons = entry.Reasons
	}
	return state, nil
}

// importShare is the part of the journal that an import may fill: the rest is for the stations.
const importShare = 0.75

// room returns nil when a chunk may be journaled.
func (im *Importer) room(ctx context.Context) error {
	if err := im.gate(); err != nil {
		return &GateError{err}
	}
	if bytes := im.journal.State().Bytes; im.mostBytes > 0 && float64(bytes) >= importShare*float64(im.mostBytes) {
		return fmt.Errorf("%w: its entries take up %d MiB, and the last quarter is for the stations", journal.ErrFull, bytes>>20)
	}
	if im.Pace == nil {
		return nil
	}
	return im.Pace(ctx, im.last)
}

// bring notes a record that is journaled; values is what the journal holds before it.
func (s *Import) bring(r *reading.Record, now time.Time, values uint64) {
	if s.Began.IsZero() {
		s.Began = now.UTC().Truncate(time.Second)
	}
	s.Changed = now.UTC().Truncate(time.Second)
	s.Next++
	s.Taken += uint64(r.Values)
	s.Refused += uint64(r.Rejected)
	s.Journaled = values + uint64(r.Values)
}

// keep notes a quarantine entry.
func (s *Import) keep(id uint64) {
	s.Entries++
	s.LastEntry = id
	if s.FirstEntry == 0 {
		s.FirstEntry = id
	}
}

// rowsAgain takes the rows of a quarantine entry once more; rest is the entry as it is then, nil if nothing is refused.
func (c *Checker) rowsAgain(m *Message, e *quarantine.Entry) (record reading.Record, rest *quarantine.Entry, err error) {
	if m.Flags, err = reading.FindFlagTable(strings.TrimPrefix(e.Format, formatRows)); err != nil {
		return record, nil, err
	}
	record, _, still, err := c.takeRows(m, nil)
	if err != nil || still == nil {
		return record, nil, err
	}
	still.ID, still.Received = e.ID, e.Received
	return record, still, nil
}
