package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
	"golang.org/x/sync/semaphore"
)

const (
	// queueMessages bounds the messages that wait for the next step; a broker rarely has more unacknowledged.
	queueMessages = 8192
	// queueBytes bounds their payloads.
	queueBytes = 64 << 20
	// stepMessages and stepBytes bound one step, so that the first message of it does not wait long.
	stepMessages = 4096
	stepBytes    = 4 << 20
	// retryEvery is the pause between attempts while the journal cannot be written.
	retryEvery = time.Second
)

// Gate says whether anything may be taken at the moment, for instance whether the disk has room; the error says why not.
type Gate func() error

// Intake is the way of a message from its transport into the journal.
type Intake struct {
	journal    journal.Journal
	quarantine *quarantine.Quarantine
	checker    *Checker
	limits     Limits
	gate       Gate
	metrics    *Metrics
	log        *slog.Logger

	queue   chan Message
	room    *semaphore.Weighted
	blocked atomic.Pointer[error]
}

// New returns an intake; Run makes it work.
func New(j journal.Journal, q *quarantine.Quarantine, checker *Checker, limits Limits, gate Gate, metrics *Metrics, log *slog.Logger) *Intake {
	return &Intake{
		journal: j, quarantine: q, checker: checker, limits: limits, gate: gate, metrics: metrics, log: log,
		queue: make(chan Message, queueMessages), room: semaphore.NewWeighted(queueBytes),
	}
}

// Offer hands a message over. It waits while the queue is full, which holds its transport back, and returns the
// context's error if that ends first: the message is then not taken and not acknowledged.
func (in *Intake) Offer(ctx context.Context, m Message) error {
	m.Cut(in.limits.Payload, in.limits.QuarantinePayload)
	if err := in.room.Acquire(ctx, int64(len(m.Payload))); err != nil {
		return fmt.Errorf("wait for room in the queue: %w", err)
	}
	in.metrics.received.Inc()
	select {
	case in.queue <- m:
		return nil
	case <-ctx.Done():
		in.room.Release(int64(len(m.Payload)))
		return fmt.Errorf("wait for room in the queue: %w", ctx.Err())
	}
}

// Blocked returns why nothing is taken at the moment, nil where everything is well.
func (in *Intake) Blocked() error {
	if err := in.blocked.Load(); err != nil {
		return *err
	}
	return nil
}

// step is what one synced commit takes up.
type step struct {
	records  []reading.Record
	entries  []quarantine.Entry
	messages []Message
	lines    []byte
	payload  int64
	values   int
	counts   counts
}

// Run takes messages until ctx ends. While one step is being committed the next is decoded: what has come in by then
// shares its sync, without a timer.
func (in *Intake) Run(ctx context.Context) error {
	commits := make(chan *step)
	spent := make(chan *step, 2)
	spent <- &step{}
	spent <- &step{}
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for s := range commits {
			if err := in.commit(ctx, s); err != nil {
				failed <- err
				return
			}
			s.reset()
			spent <- s
		}
	}()
	defer func() {
		close(commits)
		<-failed
	}()
	for {
		var s *step
		select {
		case s = <-spent:
		case err := <-failed:
			return err
		}
		select {
		case m := <-in.queue:
			in.take(s, m)
		case err := <-failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		for handed := false; !handed; {
			queue := in.queue
			if len(s.messages) >= stepMessages || len(s.lines) >= stepBytes {
				queue = nil
			}
			select {
			case commits <- s:
				handed = true
			case m := <-queue:
				in.take(s, m)
			case err := <-failed:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func (in *Intake) take(s *step, m Message) {
	record, lines, entry := in.checker.Take(&m, s.lines)
	s.lines = lines
	s.records = append(s.records, record)
	if notes, ok := in.checker.Notes(&m, record); ok {
		s.records = append(s.records, notes)
	}
	s.payload += int64(len(m.Payload))
	s.values += int(record.Values)
	s.counts.empty += in.checker.counts.empty
	s.counts.unknown += in.checker.counts.unknown
	if entry != nil {
		s.entries = append(s.entries, *entry)
	}
	m.Payload = nil
	s.messages = append(s.messages, m)
}

// commit makes a step durable, however long the journal takes to let it, and acknowledges its messages in order.
func (in *Intake) commit(ctx context.Context, s *step) error {
	for {
		err := in.tryCommit(ctx, s)
		if err == nil {
			break
		}
		if !errors.Is(err, journal.ErrFull) && !errors.As(err, new(*GateError)) {
			return err
		}
		if in.blocked.Swap(&err) == nil {
			in.log.Error("nothing is taken", "reason", err.Error())
		}
		in.metrics.blocked.Set(1)
		select {
		case <-time.After(retryEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if in.blocked.Swap(nil) != nil {
		in.log.Info("messages are taken again")
		in.metrics.blocked.Set(0)
	}
	for i := range s.messages {
		if s.messages[i].Acknowledge != nil {
			s.messages[i].Acknowledge()
		}
	}
	in.room.Release(s.payload)
	in.metrics.committed(s)
	return nil
}

func (in *Intake) tryCommit(ctx context.Context, s *step) error {
	if err := in.gate(); err != nil {
		return &GateError{err}
	}
	_, err := in.journal.Append(ctx, s.records, func(batch *pebble.Batch) error { return in.quarantine.Add(batch, s.entries) })
	return err
}

// GateError wraps a gate's reason.
type GateError struct{ Reason error }

func (e *GateError) Error() string { return e.Reason.Error() }
func (e *GateError) Unwrap() error { return e.Reason }

func (s *step) reset() {
	clear(s.messages)
	*s = step{records: s.records[:0], entries: s.entries[:0], messages: s.messages[:0], lines: s.lines[:0]}
}
