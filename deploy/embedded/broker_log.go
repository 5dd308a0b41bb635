package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// brokerRefusals are the words in the server's error log that mean a publish was refused. A publish outside
// permission is acknowledged to the station, so the log is the only trace of it.
var brokerRefusals = []string{
	"Publish Violation",
	"maximum payload exceeded",
	"character not supported for MQTT topics",
	"wildcards not allowed in publish's topic",
	"topic cannot be empty",
	"invalid utf8 for topic",
	"invalid null character in topic",
	"packet identifier cannot be 0",
	"for PUBLISH packet",
	"is invalid in MQTT",
	"variable header exceeds remaining length",
	"malformed variable int",
	"received unknown packet type",
	"invalid fixed header flags",
	"invalid remaining length",
}

// brokerQuiet are messages of the server that say what the gate has logged already, or what is meant to be so.
var brokerQuiet = []string{
	"authentication error",
	"Maximum payloads over",
}

const (
	// brokerFull is in the log when the limit of undelivered messages is reached.
	brokerFull = "maximum bytes exceeded"
	// brokerBroken is in the log when the file system refused a write. The server then stores nothing until it is
	// started anew, even if there is room again.
	brokerBroken = "critical write error"
)

// brokerLog passes the server's warnings and errors to slog, and everything else at the level Debug; it counts
// refused publishes and keeps the errors that stopped the start or the store.
type brokerLog struct {
	log     *slog.Logger
	refused atomic.Uint64

	mu      sync.Mutex
	stopped error // the server did not start
	broken  error // the store takes no more messages
	filled  time.Time
}

func (l *brokerLog) debug() bool { return l.log.Enabled(context.Background(), slog.LevelDebug) }

// fatal is the error that the server could not start with, nil if it did.
func (l *brokerLog) fatal() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// failure is why the store takes no more messages, for good or at the moment, nil if it does.
func (l *brokerLog) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken == nil && time.Since(l.filled) < brokerFullFor {
		return errBrokerFull
	}
	return l.broken
}

// brokerFullFor is how long the broker counts as full after it has turned a message away.
const brokerFullFor = 10 * time.Second

var errBrokerFull = errors.New("embedded broker is full and stations have to send again: let Egret catch up or raise broker.max_bytes")

func (l *brokerLog) breakOff(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken == nil {
		l.broken = fmt.Errorf("embedded broker cannot store messages; make room on its disk and restart Egret: %s", text)
	}
}

func (l *brokerLog) fill() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.filled = time.Now()
}

// Noticef and the other methods are the server's logger interface.
func (l *brokerLog) Noticef(format string, v ...any) { l.detail(format, v) }
func (l *brokerLog) Debugf(format string, v ...any)  { l.detail(format, v) }
func (l *brokerLog) Tracef(format string, v ...any)  { l.detail(format, v) }

// Warnf logs what the server can live with.
func (l *brokerLog) Warnf(format string, v ...any) {
	if text := fmt.Sprintf(format, v...); brokerMentions(text, brokerQuiet) {
		l.log.Debug("embedded broker", "detail", text)
	} else {
		l.log.Warn("embedded broker warns", "detail", text)
	}
}

// Errorf logs and counts a refused publish, or logs what else went wrong.
func (l *brokerLog) Errorf(format string, v ...any) {
	switch text := fmt.Sprintf(format, v...); {
	case brokerMentions(text, brokerRefusals):
		l.refused.Add(1)
		l.log.Warn("embedded broker refused a publish", "detail", text)
	case brokerMentions(text, brokerQuiet):
		l.log.Debug("embedded broker", "detail", text)
	case strings.Contains(text, brokerFull):
		l.fill()
		l.log.Error(errBrokerFull.Error(), "detail", text)
	case strings.Contains(text, brokerBroken):
		l.breakOff(text)
		l.log.Error("embedded broker cannot store messages: make room on its disk and restart Egret", "detail", text)
	default:
		l.log.Error("embedded broker failed", "detail", text)
	}
}

// Fatalf keeps the first error, with its cause so that the address and the directory can be told apart. The server
// expects the process to end here; StartBroker ends the server instead.
func (l *brokerLog) Fatalf(format string, v ...any) {
	err := fmt.Errorf(strings.ReplaceAll(format, "%v", "%w"), v...)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = errors.Join(l.stopped, err)
}

func (l *brokerLog) detail(format string, v []any) {
	if l.debug() {
		l.log.Debug("embedded broker", "detail", fmt.Sprintf(format, v...))
	}
}

func brokerMentions(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
