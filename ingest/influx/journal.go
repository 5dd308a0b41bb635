package influx

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// cursorKey holds the position of the journal's writer and its counts.
var cursorKey = []byte("cinfluxdb")

// Written is how far the journal has been brought into the database.
type Written struct {
	Position      reading.Position
	Values        uint64 // values that the database has taken
	RefusedValues uint64 // values that it refused for good
}

// JournalSource reads the journal for a writer and keeps its cursor in the store.
type JournalSource struct {
	db         *pebble.DB
	journal    journal.Journal
	quarantine *quarantine.Quarantine
	mutex      sync.Mutex
	written    Written
}

var _ Source = (*JournalSource)(nil)

// LoadCursor returns the position that the journal's writer has reached.
func LoadCursor(db *pebble.DB) (Written, error) {
	content, closer, err := db.Get(cursorKey)
	if errors.Is(err, pebble.ErrNotFound) {
		return Written{}, nil
	}
	if err != nil {
		return Written{}, fmt.Errorf("read the database writer's cursor: %w", err)
	}
	defer closer.Close()
	position, rest, err := reading.ParsePosition(content)
	if err != nil || len(rest) != 16 {
		return Written{}, fmt.Errorf("read the database writer's cursor: %d bytes: %w", len(content), errors.Join(err, errors.New("not a cursor")))
	}
	return Written{Position: position, Values: binary.BigEndian.Uint64(rest), RefusedValues: binary.BigEndian.Uint64(rest[8:])}, nil
}

// OpenJournalSource continues where the last one stopped.
func OpenJournalSource(db *pebble.DB, j journal.Journal, q *quarantine.Quarantine) (*JournalSource, error) {
	written, err := LoadCursor(db)
	return &JournalSource{db: db, journal: j, quarantine: q, written: written}, err
}

// Name implements [Source].
func (s *JournalSource) Name() string { return "journal" }

// Written returns how far the journal has been brought into the database.
func (s *JournalSource) Written() Written {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.written
}

// Next implements [Source].
func (s *JournalSource) Next(ctx context.Context, maxLines, maxBytes int) (Batch, error) {
	from := s.Written().Position
	// A line with its flags takes some 200 bytes or more, so this keeps a batch near its lines; complete records only.
	entries, position, err := s.journal.Read(ctx, from, min(maxBytes, maxLines*200))
	if err != nil {
		return Batch{}, fmt.Errorf("read the journal for the database: %w", err)
	}
	size := 0
	for i := range entries {
		size += len(entries[i].Lines)
	}
	sent := sent{position: position}
	lines := make([]byte, 0, size)
	for i := range entries {
		lines = append(lines, entries[i].Lines...)
		if entries[i].Kind == reading.Readings {
			sent.values += uint64(bytes.Count(entries[i].Lines, valueMark))
		}
	}
	return Batch{Lines: lines, Token: sent}, nil
}

// sent is what a batch brings: the values are counted in the lines themselves, not taken from the journal's own count,
// so that the ledger compares two counts.
type sent struct {
	position reading.Position
	values   uint64
}

// valueMark is in a line once for each value: the flag beside it.
var valueMark = []byte(reading.FlagSuffix + "=")

// Done implements [Source]. The cursor is not synced: one that is behind only writes the same points again.
func (s *JournalSource) Done(ctx context.Context, batch Batch, refused []Refusal) error {
	sent := batch.Token.(sent)
	written := s.Written()
	var lost uint64
	for i := range refused {
		lost += uint64(valuesIn(refused[i].Line))
	}
	written.Values += sent.values - lost
	written.RefusedValues += lost
	written.Position = sent.position
	set := func(b *pebble.Batch) error {
		value := sent.position.Append(nil)
		value = binary.BigEndian.AppendUint64(value, written.Values)
		value = binary.BigEndian.AppendUint64(value, written.RefusedValues)
		return b.Set(cursorKey, value, nil)
	}
	if err := Keep(ctx, s.db, s.journal, s.quarantine, refused, "influxdb", set); err != nil {
		return fmt.Errorf("move the database writer's cursor: %w", err)
	}
	s.mutex.Lock()
	s.written = written
	s.mutex.Unlock()
	return nil
}

// Keep commits what set writes, together with quarantine entries for the refused lines. With such entries it goes
// through the journal's step, where quarantine has its order, and is synced.
func Keep(ctx context.Context, db *pebble.DB, j journal.Journal, q *quarantine.Quarantine, refused []Refusal, source string, set func(*pebble.Batch) error) error {
	if len(refused) == 0 {
		batch := db.NewBatch()
		defer batch.Close()
		if err := set(batch); err != nil {
			return err
		}
		return batch.Commit(pebble.NoSync)
	}
	entries := make([]quarantine.Entry, len(refused))
	for i, r := range refused {
		sum := sha256.Sum256(r.Line)
		entries[i] = quarantine.Entry{
			Received: time.Now().UTC(), Source: source, Format: quarantine.FormatLine, Station: stationIn(r.Line), Reasons: []string{r.Reason},
			Rejected: uint32(valuesIn(r.Line)), Size: len(r.Line), SHA256: hex.EncodeToString(sum[:]), Payload: r.Line,
		}
	}
	_, err := j.Append(ctx, nil, func(batch *pebble.Batch) error {
		if err := q.Add(batch, entries); err != nil {
			return err
		}
		return set(batch)
	})
	return err
}

func valuesIn(line []byte) int {
	var parsed reading.Line
	if parsed.Parse(line) != nil {
		return 0
	}
	return len(parsed.Fields)
}

func stationIn(line []byte) string {
	_, rest, ok := bytes.Cut(line, []byte(",station="))
	if !ok {
		return ""
	}
	if end := bytes.IndexAny(rest, ", "); end >= 0 {
		rest = rest[:end]
	}
	return string(rest)
}
