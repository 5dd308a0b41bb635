package hj212

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"egret/ingest/intake"
	"egret/ingest/payload"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

const (
	mn    = "SYN000000000000000000001"
	other = "SYN000000000000000000002" // of a station with a password of its own
)

func testConfig() Config {
	return Config{
		Profiles: &payload.Profiles[payload.HJ212Profile]{
			Default: &payload.HJ212Profile{},
			Of:      map[string]*payload.HJ212Profile{other: {Password: "654321"}},
		},
		Decode: func(*payload.Input, *payload.Message) error { return nil },
		Known:  func(name string) bool { return name == mn || name == other },

		MaxConnections: 1000, Idle: 15 * time.Minute,
	}
}

// bench is a server, and an intake that only notes what it is offered.
type bench struct {
	*Server
	t        *testing.T
	registry *prometheus.Registry
	came     chan intake.Message
	refusal  error           // of the intake
	said     strings.Builder // the log
	stop     func() error
}

func newBench(t *testing.T, listener net.Listener, change func(*Config)) *bench {
	b := &bench{t: t, registry: prometheus.NewRegistry(), came: make(chan intake.Message, 1000)}
	config := testConfig()
	if change != nil {
		change(&config)
	}
	b.Server = New(listener, config, b.take, NewMetrics(b.registry), slog.New(slog.NewTextHandler(&b.said, nil)))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	b.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	return b
}

func (b *bench) take(_ context.Context, m intake.Message) error {
	if b.refusal != nil {
		return b.refusal
	}
	b.came <- m
	return nil
}

// acknowledge makes the oldest message durable.
func (b *bench) acknowledge() intake.Message {
	m := <-b.came
	m.Acknowledge()
	return m
}

func (b *bench) metric(name string, want float64) {
	b.t.Helper()
	families, err := b.registry.Gather()
	if err != nil {
		b.t.Fatal(err)
	}
	got := 0.0
	for _, family := range families {
		if family.GetName() == "egret_hj212_"+name {
			for _, m := range family.GetMetric() {
				got += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	if got != want {
		b.t.Errorf("%s is %g, want %g", name, got, want)
	}
}

// warnings returns the log's lines, without their times.
func (b *bench) warnings() []string {
	synctest.Wait()
	var lines []string
	for line := range strings.Lines(b.said.String()) {
		_, line, _ = strings.Cut(strings.TrimSpace(line), " ")
		lines = append(lines, line)
	}
	return lines
}

func (b *bench) answered(cn string, want float64) {
	b.t.Helper()
	if got := testutil.ToFloat64(b.metrics.answers.WithLabelValues(cn)); got != want {
		b.t.Errorf("%g answers %s, want %g", got, cn, want)
	}
}

// pipes is a listener without a network, so that time stands still while nothing happens.
type pipes struct {
	waiting chan net.Conn
	failure chan error
	closed  chan struct{}
	close   func()
}

func newPipes() *pipes {
	p := &pipes{waiting: make(chan net.Conn), failure: make(chan error), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.waiting:
		return c, nil
	case err := <-p.failure:
		return nil, err
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.close(); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9212} }

// from is a connection with an address.
type from struct {
	net.Conn
	address string
}

func (f from) RemoteAddr() net.Addr { return address(f.address) }

type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

// logger is the other end of a connection.
type logger struct {
	net.Conn
	mutex sync.Mutex
	text  strings.Builder
	gone  bool
}

// dial connects a logger that reads its answers.
func (p *pipes) dial(t *testing.T) *logger {
	l := p.dialDeaf(t)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := l.Read(buffer)
			l.mutex.Lock()
			l.text.Write(buffer[:n])
			l.gone = err != nil
			l.mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return l
}

// dialDeaf connects a logger that does not read.
func (p *pipes) dialDeaf(t *testing.T) *logger {
	near, far := net.Pipe()
	t.Cleanup(func() { far.Close() })
	p.waiting <- from{near, "10.1.2.3:40001"}
	return &logger{Conn: far}
}

func (l *logger) send(text string) { _, _ = l.Write([]byte(text)) }

// heard returns what has come since the last call, when nothing moves any more.
func (l *logger) heard() string {
	synctest.Wait()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	text := l.text.String()
	l.text.Reset()
	return text
}

// cut says whether the server has closed the connection.
func (l *logger) cut() bool {
	synctest.Wait()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.gone
}

// still runs a scene without a network: all waiting is over when synctest says so.
func still(t *testing.T, change func(*Config), scene func(*testing.T, *bench, *pipes)) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		b := newBench(t, p, change)
		scene(t, b, p)
		if err := b.stop(); err != context.Canceled {
			t.Errorf("the server ended with %v", err)
		}
	})
}

// frame makes a frame of a data segment.
func frame(segment string) string { return string(payload.AppendFrame(nil, []byte(segment))) }

// upload is a frame with real-time data, by the last digits of its QN.
func upload(qn string) string {
	return frame("QN=20261121101500" + qn + ";ST=22;CN=2011;PW=123456;MN=" + mn + ";Flag=5;CP=&&DataTime=20261121101500;a34004-Rtd=35.2,a34004-Flag=N&&")
}

// receipt is the answer to an upload.
func receipt(qn string) string {
	return frame("QN=20261121101500" + qn + ";ST=91;CN=9014;PW=123456;MN=" + mn + ";Flag=4;CP=&&&&")
}

const minute = time.Minute
