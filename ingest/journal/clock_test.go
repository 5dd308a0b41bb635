package journal

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

func TestTickComesOnlyWhereNothingElseDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &notes{}
		ctx, cancel := context.WithCancel(t.Context())
		var deaf atomic.Bool
		go Tick(ctx, j, 10*time.Second, func() bool { return !deaf.Load() }, nil)
		pass(35 * time.Second)
		if records := j.taken(); len(records) != 3 || records[0].Kind != reading.Tick {
			t.Fatalf("%d records in 35 quiet seconds", len(records))
		}
		pass(4 * time.Second)
		j.stand(reading.Position{Received: time.Now().UnixNano()})
		pass(6 * time.Second)
		if len(j.taken()) != 3 {
			t.Error("a tick one second after a message")
		}
		deaf.Store(true)
		pass(time.Minute)
		if len(j.taken()) != 3 {
			t.Error("a tick while nothing could arrive")
		}
		cancel()
	})
}

func TestTrimKeepsWhatIsYoungOrUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, slow := &notes{}, &notes{}
		slow.stand(reading.Position{Sequence: 2})
		ctx, cancel := context.WithCancel(t.Context())
		go Trim(ctx, j, 3*time.Minute, 1000, func() []reading.Position {
			return []reading.Position{{Sequence: 100}, slow.State().Head}
		})
		for minute := range 12 {
			j.stand(reading.Position{Sequence: uint64(minute + 1), Received: time.Now().UnixNano()})
			pass(time.Minute)
		}
		if below := j.trimmed(); below != 2 {
			t.Errorf("trimmed below %d, but a reader is at 2", below)
		}
		slow.stand(reading.Position{Sequence: 100})
		pass(time.Minute)
		if below := j.trimmed(); below < 8 || below > 10 {
			t.Errorf("trimmed below %d: of 12 entries, a minute apart, those of 3 minutes are to be kept", below)
		}
		j.grow(501)
		pass(time.Minute)
		if below := j.trimmed(); below != 12 {
			t.Errorf("trimmed below %d, but more than half of the limit is taken up", below)
		}
		cancel()
	})
}

// pass lets the bubble's time pass until everything that it wakes has come to rest.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// notes is a journal that only notes what it is told.
type notes struct {
	Journal
	mutex   sync.Mutex
	records []reading.Record
	state   State
	below   uint64
}

func (n *notes) Append(_ context.Context, records []reading.Record, _ func(*pebble.Batch) error) (reading.Position, error) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.records = append(n.records, records...)
	n.state.Head.Received = records[0].Received
	return n.state.Head, nil
}

func (n *notes) Trim(_ context.Context, below uint64) error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.below = max(n.below, below)
	return nil
}

func (n *notes) State() State {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.state
}

func (n *notes) taken() []reading.Record {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.records
}

func (n *notes) trimmed() uint64 {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return n.below
}

func (n *notes) stand(head reading.Position) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.state.Head = head
}

func (n *notes) grow(bytes int64) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.state.Bytes = bytes
}
