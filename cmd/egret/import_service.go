package main

import (
	"context"
	"fmt"
	"time"

	"egret/ingest/intake"
	"egret/ingest/reading"
)

const (
	// paceEvery is how often it is looked whether the rules are through with a chunk.
	paceEvery = 5 * time.Millisecond
	// paceAtMost is how long a chunk waits for that before it is sent away, to be offered again.
	paceAtMost = 15 * time.Second
)

// importer returns what brings history into the journal.
func (r *records) importer() *intake.Importer {
	return intake.NewImporter(r.db, r.journal, r.quarantine, r.checker(), r.room, r.config.Journal.MaxBytes)
}

// importer returns what brings history in while stations send.
func (s *service) importer() *intake.Importer {
	im := s.records.importer()
	im.Pace, im.Listening = s.pace, s.listening
	return im
}

// pace waits until the rules have come to a position: an alert of today must not wait for years that are brought in.
func (s *service) pace(ctx context.Context, position reading.Position) error {
	ticker := time.NewTicker(paceEvery)
	defer ticker.Stop()
	for until := time.Now().Add(paceAtMost); s.rules.Position().Sequence < position.Sequence; {
		if time.Now().After(until) {
			return &intake.GateError{Reason: fmt.Errorf("the rules are still busy with what was brought before, entry %d of the journal", position.Sequence)}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// waitingAverages returns the numbers of the oldest and the newest entry of averages that wait for the database.
func (s *service) waitingAverages() (oldest, newest uint64) {
	count, oldest := s.outbox.Pending(databaseChannel)
	if count == 0 {
		return 0, 0
	}
	return oldest, oldest + count - 1
}
