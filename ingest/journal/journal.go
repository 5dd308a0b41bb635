// Package journal keeps every record that Egret has taken, in order, until all its readers are through with it. It is
// the only thing between taking a reading and doing something with it.
package journal

import (
	"context"
	"errors"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// Journal is the seam between those who take readings and those who use them. An implementation passes the contract
// test in contract_test.go.
type Journal interface {
	// Append makes the records durable in their order and as one step, then returns the position of the last. Whatever
	// beside writes becomes durable no later. On an error nothing may be acknowledged; the step is repeated by the sender.
	// Received is set by the caller and does not go back: Append raises it to that of the record before, unless it lies
	// more than [reading.ClockSetBack] before it.
	Append(ctx context.Context, records []reading.Record, beside func(*pebble.Batch) error) (reading.Position, error)
	// Read returns the entries that follow a position, at least one and up to about maxBytes of them, and the position
	// after them. It waits until there is one. An entry that does not follow from the position is a *DamagedError; a
	// position below the first kept entry is ErrTrimmed.
	Read(ctx context.Context, from reading.Position, maxBytes int) ([]reading.Entry, reading.Position, error)
	// Trim forgets the entries below a sequence. The last entry is always kept.
	Trim(ctx context.Context, below uint64) error
	// State tells how far the journal reaches.
	State() State
}

// State is what a journal holds.
type State struct {
	First uint64           // sequence of the first kept entry, 0 if empty
	Head  reading.Position // of the last entry
	Bytes int64            // of the kept entries
	Totals
}

// Totals are running counts since the journal began; each record carries them.
type Totals struct {
	Messages uint64 // messages taken, without those taken again from quarantine
	Values   uint64 // values in lines
	Refused  uint64 // messages of which nothing could be stored
	Rejected uint64 // single values that went to quarantine
	Bytes    uint64
}

// ErrTrimmed is returned for a position whose entries are no longer kept.
var ErrTrimmed = errors.New("the journal no longer holds the entries after this position")

// ErrFull is returned by Append when the journal has reached its size limit: its slowest reader must come on first.
var ErrFull = errors.New("the journal has reached its size limit (journal.max_bytes)")
