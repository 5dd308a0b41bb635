package simulate

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"egret/ingest/payload"
)

// firstReconnect is the pause before a logger dials for the second time; each further one is twice as long.
const firstReconnect = 50 * time.Millisecond

// hj212Logger is one data logger: one connection after the other, and the frames that are not answered yet.
type hj212Logger struct {
	config *HJ212Config
	tally  *tally
	resent *atomic.Int64
	next   int // message

	mutex    sync.Mutex
	waiting  []hj212Frame  // in the order in which they were first sent
	answered chan struct{} // holds an element when waiting may have become shorter
}

type hj212Frame struct {
	qn   string
	text []byte
}

var errHJ212Lost = errors.New("the connection is lost")

// run sends until everything is answered or ctx ends.
func (l *hj212Logger) run(ctx context.Context) error {
	conn, err := l.dial(ctx)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", l.config.Address, err)
	}
	for {
		if err := l.session(ctx, conn); !errors.Is(err, errHJ212Lost) {
			return err
		}
		l.tally.lost.Add(1)
		if conn, err = l.dialAgain(ctx); err != nil {
			return err
		}
	}
}

func (l *hj212Logger) dial(ctx context.Context) (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	return dialer.DialContext(ctx, "tcp", l.config.Address)
}

// dialAgain dials until somebody listens or ctx ends.
func (l *hj212Logger) dialAgain(ctx context.Context) (net.Conn, error) {
	for pause := firstReconnect; ; pause = min(2*pause, longestReconnect) {
		if conn, err := l.dial(ctx); err == nil {
			return conn, nil
		}
		if err := waitUntil(ctx, time.Now().Add(pause)); err != nil {
			return nil, err
		}
	}
}

// session uses one connection until everything is answered, ctx ends, a frame is refused or the connection is lost.
func (l *hj212Logger) session(ctx context.Context, conn net.Conn) error {
	alive, end := context.WithCancelCause(ctx)
	var listening sync.WaitGroup
	defer listening.Wait()
	defer conn.Close()
	context.AfterFunc(alive, func() { conn.Close() })
	listening.Go(func() { end(l.listen(conn)) })
	err := l.send(alive, conn)
	if cause := context.Cause(alive); err != nil && cause != nil {
		return cause
	}
	return err
}

// send sends what is not answered yet, then what is new when it is due.
func (l *hj212Logger) send(alive context.Context, conn net.Conn) error {
	l.mutex.Lock()
	again := slices.Clone(l.waiting)
	l.mutex.Unlock()
	for _, f := range again {
		if l.config.MarkResent {
			f.text = markResent(f.text)
		}
		l.resent.Add(1)
		if _, err := conn.Write(f.text); err != nil {
			return errHJ212Lost
		}
	}
	source := l.config.Source
	for count := source.Count(); count == 0 || l.next < count; {
		if err := waitUntil(alive, source.Due(l.next)); err != nil {
			return err
		}
		if err := l.await(alive, l.config.Window); err != nil {
			return err
		}
		text, _ := source.Append(nil, l.next)
		l.mutex.Lock() // before it is written, since its answer may come at once
		l.waiting = append(l.waiting, hj212Frame{qn: qnOf(text), text: text})
		l.mutex.Unlock()
		l.tally.sent.Add(1)
		l.next += l.config.Loggers
		if _, err := conn.Write(text); err != nil {
			return errHJ212Lost
		}
	}
	return l.await(alive, 1)
}

// await waits until fewer frames than that are not answered.
func (l *hj212Logger) await(alive context.Context, fewer int) error {
	for {
		l.mutex.Lock()
		waiting := len(l.waiting)
		l.mutex.Unlock()
		if waiting < fewer {
			return nil
		}
		select {
		case <-l.answered:
		case <-alive.Done():
			return alive.Err()
		}
	}
}

// listen takes answers until the connection ends.
func (l *hj212Logger) listen(conn net.Conn) error {
	profiles := payload.Profiles[payload.HJ212Profile]{Default: &payload.HJ212Profile{Zone: China}}
	scanner := bufio.NewScanner(conn)
	scanner.Buffer(nil, payload.MaxFrame)
	scanner.Split(payload.SplitFrames)
	for scanner.Scan() {
		f, err := payload.ReadFrame(scanner.Bytes(), &profiles, "")
		switch {
		case err != nil:
			return fmt.Errorf("answer %q: %w", scanner.Bytes(), err)
		case string(f.CN) == "9014":
			l.acknowledge(string(f.QN))
		case string(f.CN) == "9011":
			return fmt.Errorf("frame %s is refused with %s", f.QN, f.Area)
		}
	}
	return errHJ212Lost
}

// acknowledge takes a frame out. A second answer to one that was sent twice changes nothing.
func (l *hj212Logger) acknowledge(qn string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	i := slices.IndexFunc(l.waiting, func(f hj212Frame) bool { return f.qn == qn })
	if i < 0 {
		return
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	l.tally.acknowledged.Add(1)
	select {
	case l.answered <- struct{}{}:
	default:
	}
}

func qnOf(frame []byte) string {
	_, rest, _ := bytes.Cut(frame, []byte("QN="))
	qn, _, _ := bytes.Cut(rest, []byte(";"))
	return string(qn)
}

// markResent returns the frame with RF=1 before its data area.
func markResent(frame []byte) []byte {
	segment := bytes.TrimSpace(frame)
	segment = segment[len("##0000") : len(segment)-len("FFFF")]
	return payload.AppendFrame(nil, bytes.Replace(segment, []byte(";CP=&&"), []byte(";RF=1;CP=&&"), 1))
}
