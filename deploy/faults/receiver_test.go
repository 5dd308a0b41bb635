//go:build integration

package faults

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"egret/rules/alert"
)

// receiver is the duty room: it takes alerts by webhook and notes when each came.
type receiver struct {
	url   string
	mutex sync.Mutex
	came  map[string][]time.Time // by id and state
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{came: make(map[string][]time.Time)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		now := time.Now()
		var a alert.Alert
		if err := json.NewDecoder(request.Body).Decode(&a); err != nil {
			t.Errorf("webhook: %v", err)
			return
		}
		r.mutex.Lock()
		defer r.mutex.Unlock()
		key := a.ID + " " + a.State
		r.came[key] = append(r.came[key], now)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// alerts returns how often each alert and state came.
func (r *receiver) alerts() map[string]int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	counts := make(map[string]int, len(r.came))
	for key, times := range r.came {
		counts[key] = len(times)
	}
	return counts
}

// first returns when an alert first came, by the beginning of its id.
func (r *receiver) first(prefix string) (time.Time, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for key, times := range r.came {
		if strings.HasPrefix(key, prefix) {
			return times[0], true
		}
	}
	return time.Time{}, false
}

// metric returns the sum of a metric over its labels.
func (b *bench) metric(name string) float64 {
	b.t.Helper()
	response, err := http.Get(b.httpURL + "/metrics")
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	sum := 0.0
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || (rest[0] != ' ' && rest[0] != '{') {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndexByte(line, ' '):]), 64)
		if err != nil {
			b.t.Fatalf("metric %s: %v", line, err)
		}
		sum += value
	}
	return sum
}

// outbox returns how many messages and entries for the database wait to leave.
func (b *bench) outbox() int {
	return int(b.metric("egret_delivery_pending") + b.metric("egret_influxdb_waiting_averages"))
}
