package simulate

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// window is paho's store of a connection: the messages that were sent and not acknowledged, which paho sends again,
// oldest first, when the session resumes. paho puts a message in before it writes it and takes it out when its
// PUBACK arrives, so the window is also where acknowledgements are counted and where the sender waits for room.
type window struct {
	room         chan struct{} // holds one element for each message on its way
	acknowledged *atomic.Int64

	mu       sync.Mutex
	order    uint64
	messages map[string]waiting
}

type waiting struct {
	order  uint64
	packet packets.ControlPacket
}

func newWindow(size int, acknowledged *atomic.Int64) *window {
	return &window{room: make(chan struct{}, size), acknowledged: acknowledged, messages: make(map[string]waiting, size)}
}

// enter waits for room for one message.
func (w *window) enter(ctx context.Context) error {
	select {
	case w.room <- struct{}{}:
		return nil
	default:
	}
	select {
	case w.room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain waits until every message is acknowledged. Nothing may enter meanwhile.
func (w *window) drain(ctx context.Context) error {
	for range cap(w.room) {
		if err := w.enter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// outbound is how paho's keys begin for messages that go out.
const outbound = "o."

// Open is part of paho's Store.
func (w *window) Open() {}

// Put keeps a message that is about to be sent.
func (w *window) Put(key string, packet packets.ControlPacket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.order++
	w.messages[key] = waiting{order: w.order, packet: packet}
}

// Get returns a message that waits, nil if there is none.
func (w *window) Get(key string) packets.ControlPacket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.messages[key].packet
}

// All returns the keys of the messages that wait, in the order in which they were sent.
func (w *window) All() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	keys := make([]string, 0, len(w.messages))
	for key := range w.messages {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(w.messages[a].order, w.messages[b].order) })
	return keys
}

// Del takes a message out: its PUBACK has come. A second PUBACK for a message that was sent twice changes nothing.
func (w *window) Del(key string) {
	w.mu.Lock()
	_, waits := w.messages[key]
	delete(w.messages, key)
	w.mu.Unlock()
	if waits && strings.HasPrefix(key, outbound) {
		w.acknowledged.Add(1)
		<-w.room
	}
}

// Close is part of paho's Store. What waits is kept: the session may resume.
func (w *window) Close() {}

// Reset is part of paho's Store; paho calls it only for sessions that do not resume.
func (w *window) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.messages)
}
