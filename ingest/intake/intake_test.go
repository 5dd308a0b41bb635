package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// watched is a journal that notes its steps and can be held back.
type watched struct {
	journal.Journal
	mutex   sync.Mutex
	steps   [][]string // sources of the records of each step
	durable map[string]bool
	hold    chan struct{} // where not nil, a step waits for one token
	fail    error
}

func (w *watched) Append(ctx context.Context, records []reading.Record, beside func(*pebble.Batch) error) (reading.Position, error) {
	if w.hold != nil {
		<-w.hold
	}
	w.mutex.Lock()
	fail := w.fail
	w.mutex.Unlock()
	if fail != nil {
		return reading.Position{}, fail
	}
	position, err := w.Journal.Append(ctx, records, beside)
	if err != nil {
		return position, err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	var sources []string
	for _, r := range records {
		sources = append(sources, r.Source)
		w.durable[r.Source] = true
	}
	w.steps = append(w.steps, sources)
	return position, nil
}

func (w *watched) failWith(err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.fail = err
}

// bench is an intake on real files, its sender and what the sender was told.
type bench struct {
	*Intake
	t            *testing.T
	db           *pebble.DB
	local        *journal.Local
	journal      *watched
	quarantine   *quarantine.Quarantine
	mutex        sync.Mutex
	closed       error // the gate's reason
	acknowledged []string
	early        []string // acknowledged before they were durable
	offered      int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	directory := t.TempDir()
	db, err := pebble.Open(filepath.Join(directory, "store"), &pebble.Options{Logger: quiet{}})
	must(t, err)
	local, err := journal.OpenLocal(db, directory, 0)
	must(t, err)
	q, err := quarantine.Open(db, 100)
	must(t, err)
	b := &bench{t: t, db: db, local: local, journal: &watched{Journal: local, durable: make(map[string]bool)}, quarantine: q}
	gate := func() error {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		return b.closed
	}
	b.Intake = New(b.journal, q, testChecker(testLimits()), testLimits(), gate, NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(io.Discard, nil)))
	return b
}

func (b *bench) close() {
	b.t.Helper()
	must(b.t, errors.Join(b.local.Close(), b.db.Close()))
}

// run starts the intake; the returned function ends it and gives Run's error.
func (b *bench) run() (end func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- b.Run(ctx) }()
	return func() error {
		cancel()
		return <-result
	}
}

// offer sends count messages and returns when all are in the queue; done is called when each is acknowledged.
func (b *bench) offer(count int, done func()) {
	b.t.Helper()
	for range count {
		m := sent("wx-1", `{"values":{"pm25":35.2}}`)
		m.Source = fmt.Sprint(b.offered)
		m.Received += int64(b.offered)
		b.offered++
		m.Acknowledge = func() {
			b.journal.mutex.Lock()
			durable := b.journal.durable[m.Source]
			b.journal.mutex.Unlock()
			b.mutex.Lock()
			b.acknowledged = append(b.acknowledged, m.Source)
			if !durable {
				b.early = append(b.early, m.Source)
			}
			b.mutex.Unlock()
			done()
		}
		must(b.t, b.Offer(context.Background(), m))
	}
}

// awaitEmptyQueue returns when the intake has taken up all that waits.
func (b *bench) awaitEmptyQueue() {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(b.queue) > 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			b.t.Fatal("the queue does not empty")
		}
	}
}

func (b *bench) told() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return slices.Clone(b.acknowledged)
}

func (b *bench) setGate(reason error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = reason
}

func numbers(count int) []string {
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprint(i)
	}
	return list
}

func TestAcknowledgedInOrderAndOnlyWhatIsDurable(t *testing.T) {
	b := newBench(t)
	defer b.close()
	end := b.run()
	var all sync.WaitGroup
	all.Add(5000)
	b.offer(5000, all.Done)
	all.Wait()
	if got := b.told(); !slices.Equal(got, numbers(5000)) {
		t.Errorf("%d messages are acknowledged, not in order", len(got))
	}
	if len(b.early) > 0 {
		t.Errorf("%d messages are acknowledged before they are durable", len(b.early))
	}
	if got := slices.Concat(b.journal.steps...); !slices.Equal(got, numbers(5000)) {
		t.Errorf("%d records are journaled, not in order", len(got))
	}
	if got := b.local.State(); got.Messages != 5000 || got.Values != 5000 {
		t.Errorf("the journal's state is %+v", got)
	}
	if err := end(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run ends with %v", err)
	}
}

func TestWhatWaitsSharesOneSync(t *testing.T) {
	b := newBench(t)
	defer b.close()
	b.journal.hold = make(chan struct{})
	var all sync.WaitGroup
	all.Add(301)
	b.offer(1, all.Done)
	end := b.run()
	b.awaitEmptyQueue() // the first message is on its way and held back
	b.offer(300, all.Done)
	b.awaitEmptyQueue()
	if len(b.told()) != 0 {
		t.Fatal("acknowledged while the step is held back")
	}
	close(b.journal.hold)
	all.Wait()
	if got := len(b.journal.steps); got > 3 {
		t.Errorf("%d steps for 301 messages of which 300 waited", got)
	}
	_ = end()
}

func TestAStepIsBounded(t *testing.T) {
	b := newBench(t)
	defer b.close()
	b.offer(queueMessages, func() {})
	b.journal.hold = make(chan struct{}, 100)
	for range 100 {
		b.journal.hold <- struct{}{}
	}
	var last sync.WaitGroup
	last.Add(1)
	end := b.run()
	b.offer(1, last.Done)
	last.Wait()
	for _, s := range b.journal.steps {
		if len(s) > stepMessages {
			t.Errorf("a step of %d messages", len(s))
		}
	}
	_ = end()
}

func TestAFullQueueHoldsTheTransportBack(t *testing.T) {
	b := newBench(t)
	defer b.close()
	b.offer(queueMessages, func() {})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	late := sent("wx-1", `{"values":{"pm25":35.2}}`)
	late.Acknowledge = func() { t.Error("a message that was not taken is acknowledged") }
	if err := b.Offer(ctx, late); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one more than %d: %v", queueMessages, err)
	}
	// What did not fit takes up no room.
	if !b.room.TryAcquire(queueBytes - int64(queueMessages*len(late.Payload))) {
		t.Error("the refused message still takes up room")
	}
}

func TestPayloadsThatWaitAreBoundedTogether(t *testing.T) {
	b := newBench(t)
	defer b.close()
	must(t, b.room.Acquire(t.Context(), queueBytes-10))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := b.Offer(ctx, sent("wx-1", `{"values":{"pm25":1}}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("21 bytes into a room of 10: %v", err)
	}
	b.room.Release(queueBytes - 10)
	end := b.run()
	var all sync.WaitGroup
	all.Add(100)
	b.offer(100, all.Done)
	all.Wait()
	_ = end()
	if !b.room.TryAcquire(queueBytes) {
		t.Error("messages that are through still take up room")
	}
}

func TestWhileTheGateIsClosedNothingIsAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &watched{Journal: memory{}, durable: make(map[string]bool)}
		q := &quarantine.Quarantine{}
		b := &bench{t: t, journal: fake}
		gate := func() error {
			b.mutex.Lock()
			defer b.mutex.Unlock()
			return b.closed
		}
		b.Intake = New(fake, q, testChecker(testLimits()), testLimits(), gate, NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(io.Discard, nil)))
		end := b.run()
		if b.Blocked() != nil {
			t.Error("blocked before anything happened")
		}
		for _, reason := range []error{errors.New("the disk has 100 MB left"), journal.ErrFull} {
			before := len(b.told())
			if reason == journal.ErrFull {
				fake.failWith(reason)
			} else {
				b.setGate(reason)
			}
			b.offer(10, func() {})
			time.Sleep(time.Hour)
			synctest.Wait()
			if got := b.told(); len(got) != before {
				t.Errorf("%s: %d messages are acknowledged", reason, len(got)-before)
			}
			if got := b.Blocked(); !errors.Is(got, reason) {
				t.Errorf("%s: Blocked says %v", reason, got)
			}
			fake.failWith(nil)
			b.setGate(nil)
			time.Sleep(retryEvery)
			synctest.Wait()
			if got := b.told(); len(got) != before+10 || b.Blocked() != nil {
				t.Errorf("afterwards %d of 10 messages are acknowledged, blocked: %v", len(got)-before, b.Blocked())
			}
		}
		if got := b.told(); !slices.Equal(got, numbers(20)) || len(b.early) > 0 {
			t.Errorf("acknowledged in the order %v, too early %v", got, b.early)
		}
		_ = end()
	})
}

func TestEndingWhileBlockedAcknowledgesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &watched{Journal: memory{}, durable: make(map[string]bool), fail: journal.ErrFull}
		b := &bench{t: t, journal: fake}
		b.Intake = New(fake, &quarantine.Quarantine{}, testChecker(testLimits()), testLimits(), func() error { return nil }, NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(io.Discard, nil)))
		end := b.run()
		b.offer(10, func() {})
		time.Sleep(time.Minute)
		if err := end(); !errors.Is(err, context.Canceled) || len(b.told()) > 0 {
			t.Errorf("%v, %d acknowledged", err, len(b.told()))
		}
	})
}

func TestAJournalThatFailsEndsTheIntakeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ill := errors.New("the journal's witness cannot be written")
		fake := &watched{Journal: memory{}, durable: make(map[string]bool), fail: ill, hold: make(chan struct{})}
		b := &bench{t: t, journal: fake}
		b.Intake = New(fake, &quarantine.Quarantine{}, testChecker(testLimits()), testLimits(), func() error { return nil }, NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(io.Discard, nil)))
		result := make(chan error, 1)
		go func() { result <- b.Run(t.Context()) }()
		b.offer(1, func() {})
		synctest.Wait() // the intake waits for the next message by now
		close(fake.hold)
		synctest.Wait()
		select {
		case err := <-result:
			if !errors.Is(err, ill) || len(b.told()) > 0 {
				t.Errorf("%v, %d acknowledged", err, len(b.told()))
			}
		default:
			t.Error("it still runs, and nobody is told")
		}
	})
}

func TestEndingLosesNothingAcknowledged(t *testing.T) {
	for range 20 {
		b := newBench(t)
		end := b.run()
		var some sync.WaitGroup
		some.Add(50)
		count := 0
		b.offer(200, func() {
			if count++; count <= 50 {
				some.Done()
			}
		})
		some.Wait()
		_ = end()
		told := b.told()
		if len(told) > int(b.local.State().Messages) || len(b.early) > 0 || !slices.Equal(told, numbers(len(told))) {
			t.Errorf("%d acknowledged, %d journaled", len(told), b.local.State().Messages)
		}
		b.close()
	}
}

func TestARefusedMessageIsInQuarantineBeforeItIsAcknowledged(t *testing.T) {
	b := newBench(t)
	defer b.close()
	end := b.run()
	acknowledged := make(chan error)
	m := sent("wx-1", `{"values":{"pm25":"x"}}`)
	m.Acknowledge = func() {
		_, err := b.quarantine.Get(1)
		acknowledged <- err
	}
	must(t, b.Offer(t.Context(), m))
	if err := <-acknowledged; err != nil {
		t.Error(err)
	}
	_ = end()
	if s := b.local.State(); s.Messages != 1 || s.Refused != 1 || s.Rejected != 1 || s.Values != 0 {
		t.Errorf("the journal's state is %+v", s)
	}
	e, _ := b.quarantine.Get(1)
	if string(e.Payload) != string(m.Payload) || !strings.Contains(e.Reasons[0], "is not a number") {
		t.Errorf("the entry is %+v", e)
	}
}

// memory is a journal that takes everything.
type memory struct{ journal.Journal }

func (memory) Append(context.Context, []reading.Record, func(*pebble.Batch) error) (reading.Position, error) {
	return reading.Position{}, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// quiet is a store's log that says nothing.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...))
}
