// Package outbox keeps what must leave Egret: one queue of messages per delivery channel, in the rules' store.
//
// The engine adds messages to the same batch that holds its state and its cursor, so a message exists if and only if
// the step that caused it was committed. A message is deleted only after its channel has taken it.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// ErrUnknownChannel is wrapped by errors about a channel that Open was not given.
var ErrUnknownChannel = errors.New("the outbox has no such channel")

// ErrNoEntry is wrapped by the error of Attempt for a message that is not, or no longer, in the queue.
var ErrNoEntry = errors.New("no such message in the outbox")

// Entry is one message that waits. Attempts is how often it was tried before it was read: above zero it may have
// been received already.
type Entry struct {
	Sequence uint64
	Attempts uint32
	Payload  []byte
}

// Outbox is the set of queues. Add and Committed belong to one goroutine, the engine's; the rest may be called from any.
type Outbox struct {
	db *pebble.DB

	mu     sync.Mutex
	queues map[string]*queue
}

// queue is what is known of one channel without reading the store.
type queue struct {
	next      uint64        // the sequence the next message gets
	committed uint64        // the last sequence that readers may see
	staged    uint64        // messages in the engine's batch
	pending   uint64        // messages committed and not done
	oldest    uint64        // no message lies below; exact unless batches were discarded
	wake      chan struct{} // closed when committed rises
	deleting  sync.Mutex    // held by Done, so that no two count the same deletions
}

// Open finds where each channel's queue ends. Channel names follow the rules of station ids. Messages of channels
// that are not named stay in the store, and a warning says how many.
func Open(db *pebble.DB, channels []string) (*Outbox, error) {
	o := &Outbox{db: db, queues: make(map[string]*queue, len(channels))}
	for _, channel := range channels {
		if err := reading.CheckID(channel); err != nil {
			return nil, fmt.Errorf("open outbox: channel: %w", err)
		}
		if o.queues[channel] != nil {
			return nil, fmt.Errorf("open outbox: channel %q is named twice", channel)
		}
		next, err := readNext(db, channel)
		if err != nil {
			return nil, fmt.Errorf("open outbox: %w", err)
		}
		o.queues[channel] = &queue{next: next, committed: next - 1, oldest: next, wake: make(chan struct{})}
	}
	forgotten := make(map[string]uint64)
	err := scanAll(db, func(channel string, sequence uint64) error {
		q := o.queues[channel]
		switch {
		case q == nil:
			forgotten[channel]++
			return nil
		case sequence >= q.next:
			return fmt.Errorf("channel %s: message %d lies beyond the queue's counter %d: the store is damaged", channel, sequence, q.next)
		case q.pending == 0:
			q.oldest = sequence
		}
		q.pending++
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open outbox: %w", err)
	}
	for channel, count := range forgotten {
		slog.Warn("messages wait for a channel that is not configured: they are kept until it is again", "channel", channel, "count", count)
	}
	return o, nil
}

// Add puts a message into the caller's batch, which must be committed before Committed is called. A batch that is
// given up leaves a gap in the sequences, and must not be followed by another Committed on this Outbox.
func (o *Outbox) Add(batch *pebble.Batch, channel string, payload []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	q, err := o.queue(channel)
	if err != nil {
		return fmt.Errorf("add to outbox: %w", err)
	}
	if err := batch.Set(entryKey(channel, q.next), entryValue(0, payload), nil); err != nil {
		return fmt.Errorf("add to outbox of %s: %w", channel, err)
	}
	// The counter travels with the message: sequences never go back, even when every message is gone.
	if err := batch.Set(counterKey(channel), counterValue(q.next+1), nil); err != nil {
		return fmt.Errorf("add to outbox of %s: %w", channel, err)
	}
	q.next++
	q.staged++
	return nil
}

// Committed is called after the batch was committed and synced: readers see its messages from now on, never earlier,
// because the store shows a batch before it is on disk.
func (o *Outbox) Committed() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, q := range o.queues {
		if q.staged == 0 {
			continue
		}
		if q.pending == 0 {
			q.oldest = q.next - q.staged
		}
		q.pending += q.staged
		q.staged = 0
		q.committed = q.next - 1
		close(q.wake)
		q.wake = make(chan struct{})
	}
}

// Read returns the messages after a sequence (0: from the oldest), in order: as many as fit into maxBytes of
// payload, at least one. It blocks until there is one; when ctx ends first it returns the context's error.
func (o *Outbox) Read(ctx context.Context, channel string, after uint64, maxBytes int) ([]Entry, error) {
	for {
		o.mu.Lock()
		q, err := o.queue(channel)
		if err != nil {
			o.mu.Unlock()
			return nil, fmt.Errorf("read outbox: %w", err)
		}
		first, last, wake := max(after+1, q.oldest), q.committed, q.wake
		o.mu.Unlock()
		if first <= last {
			entries, err := readEntries(o.db, channel, first, last, maxBytes)
			if err != nil {
				return nil, fmt.Errorf("read outbox of %s: %w", channel, err)
			}
			if len(entries) > 0 {
				return entries, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wake:
		}
	}
}

// Attempt counts an attempt to send a message that was read, in the entry and on disk before it returns, so that after
// a crash a message that may have left is known by its Attempts. The messages before it are done: they are deleted in
// the same step. Only the channel's one sender may call it.
func (o *Outbox) Attempt(channel string, entry *Entry) error {
	if count, oldest := o.Pending(channel); count == 0 || entry.Sequence < oldest {
		return fmt.Errorf("count attempt: %w: channel %s, message %d", ErrNoEntry, channel, entry.Sequence)
	}
	entry.Attempts++
	count := func(batch *pebble.Batch) error {
		return batch.Set(entryKey(channel, entry.Sequence), entryValue(entry.Attempts, entry.Payload), nil)
	}
	if err := o.finish(channel, entry.Sequence-1, true, count); err != nil {
		return fmt.Errorf("count attempt: channel %s, message %d: %w", channel, entry.Sequence, err)
	}
	return nil
}

// Done deletes the messages up to and including a sequence; sync says whether this is on disk when it returns.
func (o *Outbox) Done(channel string, through uint64, sync bool) error {
	nothing := func(*pebble.Batch) error { return nil }
	if err := o.finish(channel, through, sync, nothing); err != nil {
		return fmt.Errorf("delete from outbox of %s: %w", channel, err)
	}
	return nil
}

// finish deletes the messages up to and including a sequence in one step with what beside writes.
func (o *Outbox) finish(channel string, through uint64, sync bool, beside func(*pebble.Batch) error) error {
	o.mu.Lock()
	q, err := o.queue(channel)
	o.mu.Unlock()
	if err != nil {
		return err
	}
	q.deleting.Lock()
	defer q.deleting.Unlock()
	o.mu.Lock()
	first, after := q.oldest, max(q.oldest, min(through, q.committed)+1)
	o.mu.Unlock()
	// Without o.mu: the engine and the other channels need not wait for this channel's fsync.
	batch := o.db.NewBatch()
	defer batch.Close()
	for sequence := first; sequence < after; sequence++ {
		if err := batch.Delete(entryKey(channel, sequence), nil); err != nil {
			return err
		}
	}
	if err := beside(batch); err != nil {
		return err
	}
	if batch.Empty() {
		return nil
	}
	if err := batch.Commit(&pebble.WriteOptions{Sync: sync}); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	q.pending -= min(after-first, q.pending)
	q.oldest = after
	return nil
}

// Pending returns how many committed messages wait and the sequence of the oldest, 0 and 0 when none does or the
// channel is not known.
func (o *Outbox) Pending(channel string) (count, oldestSequence uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queues[channel]
	if q == nil || q.pending == 0 {
		return 0, 0
	}
	return q.pending, q.oldest
}

// queue returns the channel's queue; o.mu is held.
func (o *Outbox) queue(channel string) (*queue, error) {
	if q := o.queues[channel]; q != nil {
		return q, nil
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownChannel, channel)
}
