package engine

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
)

// LoadProgress returns how far the rules have worked off the journal, and their totals, from a store in which no
// engine is open; both are zero where none ever was.
func LoadProgress(db *pebble.DB) (reading.Position, Counts, error) {
	var e Engine
	value, closer, err := db.Get([]byte{cursorKey})
	if errors.Is(err, pebble.ErrNotFound) {
		return e.position, e.counts, nil
	}
	if err == nil {
		err = errors.Join(e.parseCursor(value), closer.Close())
	}
	if err != nil {
		return e.position, e.counts, fmt.Errorf("read the rules' cursor: %w", err)
	}
	return e.position, e.counts, nil
}

// Progress returns the position together with the totals up to it.
func (e *Engine) Progress() (reading.Position, Counts) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.position, e.counts
}
