package hj212

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"egret/ingest/payload"
)

func TestNothingIsAnsweredBeforeItIsDurable(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send(upload("001"))
		m := <-b.came
		time.Sleep(10 * minute) // of a clock that stands while anything moves: the disk is slow today
		if got := l.heard(); got != "" {
			t.Errorf("it is answered with %q before it is durable", got)
		}
		b.answered("9014", 0)
		m.Acknowledge()
		if got := l.heard(); got != receipt("001") {
			t.Errorf("then it is answered with %q", got)
		}
		b.answered("9014", 1)
		if text := string(m.Payload) + "\r\n"; text != upload("001") || m.Source != "hj212+tcp/"+mn || m.Format != "hj212" || !m.Unnamed || m.Station != "" || m.Transport != 0 {
			t.Errorf("what is offered is %q of %q: %+v", text, m.Source, m)
		}
	})
}

func TestAnswersComeInTheOrderInWhichFramesBecomeDurable(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		first, second := p.dial(t), p.dial(t)
		first.send(upload("001") + upload("002") + strings.Replace(upload("003"), "Flag=5", "Flag=4", 1) + upload("004"))
		second.send(upload("101"))
		synctest.Wait()
		for range 5 {
			b.acknowledge()
		}
		// 003 was changed after its checksum was made, so it is kept and not answered.
		if got, want := first.heard(), receipt("001")+receipt("002")+receipt("004"); got != want {
			t.Errorf("the first logger hears %q, want %q", got, want)
		}
		if got := second.heard(); got != receipt("101") {
			t.Errorf("the second logger hears %q", got)
		}
		b.metric("checksum_errors_total", 1)
		b.metric("frames_total", 5)
		b.metric("unreadable_total", 0)
	})
}

func TestAFrameMayBeSplitAnywhere(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		whole := upload("001") + upload("002")
		for cut := range len(whole) {
			l.send(whole[:cut])
			l.send(whole[cut:])
			synctest.Wait()
			b.acknowledge()
			b.acknowledge()
			if got := l.heard(); got != receipt("001")+receipt("002") {
				t.Fatalf("split after %d bytes it is answered with %q", cut, got)
			}
		}
		for i := range len(whole) {
			l.send(whole[i : i+1])
		}
		b.acknowledge()
		b.acknowledge()
		if got := l.heard(); got != receipt("001")+receipt("002") {
			t.Errorf("byte by byte it is answered with %q", got)
		}
		b.metric("unreadable_total", 0)
	})
}

func TestWhatStandsBetweenFramesIsKept(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send("\r\n" + upload("001") + "\r\n\r\n" + "hello, station" + upload("002") + "\r\n" + upload("003"))
		synctest.Wait()
		var got []string
		for range 4 {
			m := b.acknowledge()
			got = append(got, strings.TrimSpace(string(m.Payload)))
			if text := string(m.Payload); !strings.HasPrefix(text, "##") && m.Source != "hj212+tcp/10.1.2.3" {
				t.Errorf("%q is of %s", text, m.Source)
			}
		}
		want := []string{strings.TrimSpace(upload("001")), "hello, station", strings.TrimSpace(upload("002")), strings.TrimSpace(upload("003"))}
		if fmt.Sprint(got) != fmt.Sprint(want) || len(b.came) > 0 {
			t.Errorf("offered are %q and %d more, want %q", got, len(b.came), want)
		}
		if got := l.heard(); got != receipt("001")+receipt("002")+receipt("003") {
			t.Errorf("answered with %q", got)
		}
		b.metric("unreadable_total", 1)
	})
}

func TestRubbishWithoutEndIsKeptInPieces(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		rubbish := strings.Repeat("no-frame-of-any-kind;", 5000)
		l.send(rubbish)
		l.Close()
		var got strings.Builder
		synctest.Wait()
		for len(b.came) > 0 {
			m := b.acknowledge()
			got.Write(m.Payload)
			if len(m.Payload) > payload.MaxFrame {
				t.Errorf("a piece has %d bytes", len(m.Payload))
			}
		}
		if got.String() != rubbish {
			t.Errorf("%d of %d bytes are kept", got.Len(), len(rubbish))
		}
	})
}

func TestAFrameThatTheConnectionBreaksIsKept(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send(upload("001") + upload("002")[:70])
		l.Close()
		synctest.Wait()
		b.acknowledge()
		if m := b.acknowledge(); string(m.Payload) != upload("002")[:70] {
			t.Errorf("kept is %q", m.Payload)
		}
		b.metric("frames_total", 2)
		synctest.Wait()
		b.metric("open_connections", 0)
	})
}

func TestTheSourceOfAFrame(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		f := func(segment, want string) {
			t.Helper()
			l.send(frame(segment))
			if m := b.acknowledge(); m.Source != want {
				t.Errorf("%s is of %s, want %s", segment, m.Source, want)
			}
		}
		f("QN=1;ST=22;CN=2011;PW=123456;MN="+mn+";Flag=5;CP=&&&&", "hj212+tcp/"+mn)
		f("QN=1;ST=22;CN=2011;PW=654321;MN="+other+";Flag=5;CP=&&&&", "hj212+tcp/"+other)

		// The MN of a frame that is refused may be anybody's.
		f("QN=1;ST=22;CN=2011;PW=123456;MN="+other+";Flag=5;CP=&&&&", "hj212+tcp/10.1.2.3")
		f("QN=1;ST=22;CN=2011;PW=123456;MN=X1;Flag=5;CP=&&&&", "hj212+tcp/10.1.2.3")
		l.send(strings.Replace(upload("001"), "35.2", "95.2", 1))
		if m := b.acknowledge(); m.Source != "hj212+tcp/10.1.2.3" {
			t.Errorf("a damaged frame is of %s", m.Source)
		}
		f("QN=1;ST=22;CN=2011;PW=123456;Flag=5;CP=&&&&", "hj212+tcp/10.1.2.3")
	})
}

func TestWhatTheIntakeDoesNotTakeIsNeverAnswered(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		b.refusal = errors.New("the intake has ended")
		l := p.dial(t)
		l.send(upload("001"))
		if got := l.heard(); got != "" || !l.cut() {
			t.Errorf("it is answered with %q; the connection is closed: %t", got, l.cut())
		}
	})
}

func TestNoMoreFramesAreReadThanMayWait(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		go func() {
			for i := range unanswered + 20 {
				l.send(upload(fmt.Sprintf("%03d", i)))
			}
		}()
		synctest.Wait()
		if len(b.came) != unanswered {
			t.Errorf("%d frames are read and none is durable, want %d", len(b.came), unanswered)
		}
		b.acknowledge()
		if got := l.heard(); got != receipt("000") || len(b.came) != unanswered {
			t.Errorf("after the first is answered with %q, %d are waiting", got, len(b.came))
		}
		for range unanswered + 19 {
			b.acknowledge()
		}
		if got := strings.Count(l.heard(), "9014"); got != unanswered+19 {
			t.Errorf("%d more were answered", got)
		}
	})
}

// Frames that want no answer make room as well.
func TestFramesWithoutAnswersGoOnForEver(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		for range 3 * unanswered {
			l.send(frame("QN=1;ST=22;CN=2011;PW=123456;MN=" + mn + ";Flag=4;CP=&&&&"))
			b.acknowledge()
		}
		if got := l.heard(); got != "" {
			t.Errorf("answered with %q", got)
		}
	})
}

func TestALoggerThatNeverReadsHoldsNobodyUp(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		deaf, l := p.dialDeaf(t), p.dial(t)
		go func() {
			for {
				if _, err := deaf.Write([]byte(upload("001"))); err != nil {
					return
				}
			}
		}()
		synctest.Wait()
		began := time.Now()
		for range unanswered {
			b.acknowledge() // none of them waits
		}
		synctest.Wait()
		if took := time.Since(began); took != 0 {
			t.Errorf("acknowledging waited %s", took)
		}
		b.metric("open_connections", 2)
		l.send(upload("002"))
		b.acknowledge()
		if got := l.heard(); got != receipt("002") {
			t.Errorf("the other hears %q", got)
		}
		time.Sleep(answerWithin + time.Second)
		synctest.Wait()
		b.metric("open_connections", 1)
		b.answered("9014", 1)
	})
}

func TestALoggerThatHasGoneIsNotWaitedFor(t *testing.T) {
	still(t, nil, func(t *testing.T, b *bench, p *pipes) {
		l := p.dial(t)
		l.send(upload("001"))
		m := <-b.came
		l.Close()
		synctest.Wait()
		m.Acknowledge() // nobody hears it, and nobody waits
		synctest.Wait()
		b.metric("open_connections", 0)
		b.answered("9014", 0)
	})
}
