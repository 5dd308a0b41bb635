package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"egret/ingest/journal"
	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
	"github.com/cockroachdb/pebble/v2"
)

// registerKey holds a checksum of the station register that was last journaled.
var registerKey = []byte("cregister")

// JournalRegister brings the station register into the database, through the journal, if it has changed.
func JournalRegister(ctx context.Context, db *pebble.DB, j journal.Journal, stations []reading.Station, now int64, log *slog.Logger) error {
	if len(stations) == 0 {
		return nil
	}
	var lines []byte
	for i := range stations {
		lines = stations[i].AppendLine(lines, 0)
	}
	sum := fmt.Appendf(nil, "%016x", xxhash.Sum64(lines))
	last, closer, err := db.Get(registerKey)
	if err == nil {
		same := bytes.Equal(last, sum)
		closer.Close()
		if same {
			return nil
		}
	} else if !errors.Is(err, pebble.ErrNotFound) {
		return fmt.Errorf("compare the station register: %w", err)
	}
	lines = lines[:0]
	for i := range stations {
		lines = stations[i].AppendLine(lines, now)
	}
	record := reading.Record{Kind: reading.Register, Received: now, Source: "register", Lines: lines}
	_, err = j.Append(ctx, []reading.Record{record}, func(b *pebble.Batch) error { return b.Set(registerKey, sum, nil) })
	if errors.Is(err, journal.ErrFull) {
		log.Warn("the station register is brought to the database at the next start", "reason", err.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal the station register: %w", err)
	}
	return nil
}
