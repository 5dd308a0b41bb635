package hj212

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestConnectionsBeyondTheLimitAreClosedAtOnce(t *testing.T) {
	two := func(c *Config) { c.MaxConnections = 2 }
	still(t, two, func(t *testing.T, b *bench, p *pipes) {
		first, second, third := p.dial(t), p.dial(t), p.dial(t)
		if first.cut() || second.cut() || !third.cut() {
			t.Errorf("closed are the first: %t, the second: %t, the third: %t", first.cut(), second.cut(), third.cut())
		}
		b.metric("open_connections", 2)
		b.metric("connections_total", 2)
		b.metric("refused_connections_total", 1)
		first.Close()
		synctest.Wait()
		fourth := p.dial(t)
		fourth.send(upload("001"))
		b.acknowledge()
		if got := fourth.heard(); got != receipt("001") {
			t.Errorf("after one has gone, the next is answered with %q", got)
		}
	})
}

func TestAConnectionWithoutFramesIsClosed(t *testing.T) {
	still(t, func(c *Config) { c.Idle = 10 * minute }, func(t *testing.T, b *bench, p *pipes) {
		silent, busy := p.dial(t), p.dial(t)
		for range 5 {
			time.Sleep(9 * minute)
			busy.send(upload("001"))
			b.acknowledge()
			if got := busy.heard(); got != receipt("001") {
				t.Fatalf("the busy one hears %q", got)
			}
		}
		if !silent.cut() || busy.cut() {
			t.Errorf("closed are the silent one: %t, the busy one: %t", silent.cut(), busy.cut())
		}
	})
}

func TestAFrameThatTricklesInIsIdleness(t *testing.T) {
	still(t, func(c *Config) { c.Idle = 10 * minute }, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		for _, c := range []byte(upload("001")[:20]) {
			if _, err := l.Write([]byte{c}); err != nil {
				return
			}
			time.Sleep(minute)
		}
		t.Error("a connection that brings a byte a minute is kept")
	})
}

func TestTheEndOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		b := newBench(t, p, nil)
		l, idle := p.dial(t), p.dial(t)
		l.send(upload("001"))
		m := <-b.came
		if err := b.stop(); !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		b.metric("open_connections", 0)
		m.Acknowledge() // the intake has written it after all: the logger will send it again
		if got := l.heard(); got != "" || !l.cut() || !idle.cut() {
			t.Errorf("it is answered with %q; closed: %t, %t", got, l.cut(), idle.cut())
		}
		if _, err := p.Accept(); err == nil {
			t.Error("the listener is open")
		}
	})
}

func TestAListenerThatFailsIsAProblemUntilItWorksAgain(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		if err := b.Problem(); err != nil {
			t.Errorf("at first: %v", err)
		}
		p.failure <- errors.New("too many open files")
		synctest.Wait()
		if err := b.Problem(); err == nil || !strings.Contains(err.Error(), "too many open files") {
			t.Errorf("the problem is %v", err)
		}
		l := p.dial(t) // waits until the server listens again
		l.send(upload("001"))
		b.acknowledge()
		if got := l.heard(); got != receipt("001") || b.Problem() != nil {
			t.Errorf("then it is answered with %q, %v", got, b.Problem())
		}
	})
}

func TestAListenerThatSomebodyClosesEndsTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		b := newBench(t, p, nil)
		p.Close()
		synctest.Wait()
		if err := b.stop(); err == nil || errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "127.0.0.1:9212") {
			t.Errorf("it ended with %v", err)
		}
	})
}
