package main

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"egret/deploy/config"
)

// promisedBreach is within which time the README promises a first alert, and its end on a slow machine.
const promisedBreach = time.Minute

// terminal keeps what is printed, and calls seen when it holds the text that is waited for.
type terminal struct {
	mutex  sync.Mutex
	text   bytes.Buffer
	wanted string
	seen   func()
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	n, err := s.text.Write(p)
	if strings.Contains(s.text.String(), s.wanted) {
		s.seen()
	}
	return n, err
}

// runDemo runs the demo until it prints the text, while the default ports are taken, and returns what it printed.
func runDemo(t *testing.T, until string) string {
	t.Helper()
	c := config.Default()
	for _, address := range []string{c.Broker.Listen, c.InfluxDB.Listen, c.HTTP.Listen} {
		if listener, err := net.Listen("tcp", address); err == nil { // otherwise somebody else has taken it
			defer listener.Close()
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), promisedBreach)
	defer cancel()
	out := &terminal{wanted: until, seen: cancel}
	root := rootCommand()
	root.SetArgs([]string{"demo"})
	root.SetOut(out)
	root.SetErr(out)
	if err := root.ExecuteContext(ctx); exitCode(err) != exitDone {
		t.Fatalf("the demo ended with %v", err)
	}
	return out.text.String()
}

func TestTheDemoFiresAnAlertByItself(t *testing.T) {
	printed := runDemo(t, "FIRING")
	wantText(t, printed, "Egret 白鹭 demo: 12 simulated stations", "http://127.0.0.1:", "ALERT FIRING    pm25 at wx-air-1", "above 115",
		"wx-air-1 pm25, mean of 10m", "The demo has ended")
	for _, taken := range []string{":8080/\n", "-p 1883 ", ":8086/query"} {
		if strings.Contains(printed, taken) {
			t.Errorf("the demo says it listens on %s, which is taken:\n%s", taken, printed)
		}
	}
}
