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
		for i := range 5 {
			time.Sleep(time.Duration(min(i, 1)) * 9 * minute)
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

func TestAConnectionThatHasSentNoAcceptedFrameIsClosedSoon(t *testing.T) {
	still(t, func(c *Config) { c.Idle = 10 * minute }, func(t *testing.T, b *bench, p *pipes) {
		silent, refused, accepted := p.dial(t), p.dial(t), p.dial(t)
		refused.send(guess("1"))
		accepted.send(upload("001"))
		b.acknowledge()
		b.acknowledge()
		time.Sleep(minute - time.Second)
		if silent.cut() || refused.cut() || accepted.cut() {
			t.Errorf("within the minute closed are the silent one: %t, the refused one: %t, the accepted one: %t", silent.cut(), refused.cut(), accepted.cut())
		}
		time.Sleep(2 * time.Second)
		if !silent.cut() || !refused.cut() || accepted.cut() {
			t.Errorf("after it closed are the silent one: %t, the refused one: %t, the accepted one: %t", silent.cut(), refused.cut(), accepted.cut())
		}
		time.Sleep(9 * minute)
		if !accepted.cut() {
			t.Error("the accepted one is idle for as long as it likes")
		}
	})
	still(t, func(c *Config) { c.Idle = 10 * time.Second }, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		time.Sleep(11 * time.Second)
		if !l.cut() {
			t.Error("a shorter limit does not hold for the first frame")
		}
	})
}

// guess is a frame of the station with a password, with another one.
func guess(pw string) string {
	return frame("QN=20261121101500001;ST=22;CN=2011;PW=" + pw + ";MN=" + other + ";Flag=5;CP=&&&&")
}

func TestWhoGuessesPasswordsIsToldSoAndCutOff(t *testing.T) {
	refusal := func(pw string) string {
		return frame("QN=20261121101500001;ST=91;CN=9011;PW=" + pw + ";MN=" + other + ";Flag=4;CP=&&QnRtn=3&&")
	}
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send(guess("1") + guess("2") + guess("3") + guess("654321"))
		for range mostRefused {
			if m := b.acknowledge(); m.Source != "hj212+tcp/10.1.2.3" {
				t.Errorf("a wrong password is filed under %s", m.Source)
			}
		}
		if got, want := l.heard(), refusal("1")+refusal("2")+refusal("3"); got != want {
			t.Errorf("the logger hears %q, want %q", got, want)
		}
		if !l.cut() || len(b.came) > 0 {
			t.Errorf("it is cut off: %t; %d more frames are taken", l.cut(), len(b.came))
		}
		b.metric("wrong_passwords_total", 3)
		b.metric("unreadable_total", 0)
		want := `level=WARN msg="frames of a data logger are refused" address=10.1.2.3 mn=` + other + ` reason="wrong password (PW): it is not the one of the station (hj212.password)"`
		if got := b.warnings(); len(got) != 1 || got[0] != want {
			t.Errorf("the log has %q, want %q", got, want)
		}
	})
}

func TestRefusedFramesCountInARow(t *testing.T) {
	nobody := frame("QN=1;ST=22;CN=2011;PW=1;MN=X1;Flag=5;CP=&&&&")
	damaged := strings.Replace(upload("001"), "35.2", "95.2", 1)
	f := func(want bool, frames ...string) {
		t.Helper()
		still(t, nil, func(t *testing.T, b *bench, p *pipes) {
			t.Helper()
			l := p.dial(t)
			for _, text := range frames {
				l.send(text)
				b.acknowledge()
			}
			if l.cut() != want {
				t.Errorf("after %d frames it is cut off: %t", len(frames), !want)
			}
		})
	}
	f(false, guess("1"), guess("2"))
	f(false, guess("1"), guess("2"), upload("001"), guess("3"), guess("4"))
	f(true, guess("1"), nobody, guess("2"))
	f(true, nobody, nobody, nobody)
	f(true, guess("1"), damaged, guess("2"), damaged, guess("3"))
	f(false, damaged, damaged, damaged, damaged) // of whom nobody knows
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send(nobody)
		b.acknowledge()
		want := `level=WARN msg="frames of a data logger are refused" address=10.1.2.3 mn=X1 reason="its MN is that of no station whose frames are taken"`
		if got := b.warnings(); len(got) != 1 || got[0] != want {
			t.Errorf("the log has %q, want %q", got, want)
		}
		b.metric("wrong_passwords_total", 0)
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
