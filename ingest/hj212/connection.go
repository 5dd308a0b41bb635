package hj212

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"time"

	"egret/ingest/intake"
	"egret/ingest/payload"
	"egret/ingest/reading"
)

const (
	// unanswered bounds the frames of a connection that wait to be durable. Most loggers wait for each answer before
	// they send on; one that catches up after an outage may send some ahead. Beyond that nothing is read.
	unanswered = 64
	// firstBuffer holds a frame of the usual size.
	firstBuffer = 2 << 10
	// answerWithin bounds how long a logger may leave its answers unread.
	answerWithin = 10 * time.Second
	// lingering is how long the answers to its last frames are waited for after a logger has ended its sending.
	lingering = 10 * time.Second
	// beforeFirst is how long a connection may be idle before its first accepted frame: until then it may be anybody's,
	// and places are few. A logger has connected because it has something to send.
	beforeFirst = time.Minute
	// mostRefused is how many frames in a row may have a wrong password, or an MN that is not taken. A logger that is set
	// up wrongly needs no more to hear so, and passwords have six characters.
	mostRefused = 3
)

// connection is one connection of a logger. Reading, acknowledging by the intake, and answering each go on without
// waiting for the other, but no more than unanswered frames ahead.
type connection struct {
	server  *Server
	conn    net.Conn
	address string        // the logger's, without its port
	room    chan struct{} // holds one element for each frame from its reading to its answer
	answers chan answer   // as large as room, so that whoever acknowledges never waits
	segment []byte

	accepted bool // a frame has been: right in every way, and of a station that is taken
	refused  int  // frames since then with a wrong password, or an MN that is not taken
	warned   bool // the log has the first of them
}

func newConnection(s *Server, conn net.Conn) *connection {
	address := conn.RemoteAddr().String()
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	return &connection{server: s, conn: conn, address: address, room: make(chan struct{}, unanswered), answers: make(chan answer, unanswered)}
}

// read offers what comes in until nothing more does.
func (c *connection) read(ctx context.Context) {
	scanner := bufio.NewScanner(c.conn)
	scanner.Buffer(make([]byte, 0, firstBuffer), payload.MaxFrame)
	scanner.Split(payload.SplitFrames)
	for c.scan(scanner) {
		select {
		case c.room <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if err := c.take(ctx, scanner.Bytes()); err != nil {
			c.server.log.Debug("frame not taken", "address", c.address, "reason", err.Error())
			return
		}
		if c.refused == mostRefused {
			c.linger(ctx)
			return
		}
	}
	if err := scanner.Err(); err != nil {
		c.server.log.Debug("data logger gone", "address", c.address, "reason", err.Error())
		return
	}
	c.linger(ctx)
}

// scan waits for the next token, but not longer than a connection may be idle.
func (c *connection) scan(scanner *bufio.Scanner) bool {
	idle := c.server.config.Idle
	if !c.accepted {
		idle = min(idle, beforeFirst)
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(idle))
	return scanner.Scan()
}

// take offers one frame, or what was sent in place of one; it is answered when the intake has acknowledged it.
func (c *connection) take(ctx context.Context, raw []byte) error {
	s := c.server
	frame, err := payload.ReadFrame(raw, s.config.Profiles, "")
	s.metrics.read(err)
	c.judge(&frame, err)
	reply := c.answer(&frame, err)
	message := intake.Message{
		Source: c.source(&frame, err), Unnamed: true, Format: Format, Decode: s.config.Decode,
		Payload: bytes.Clone(raw), Received: time.Now().UnixNano(),
		Acknowledge: func() { c.answers <- reply },
	}
	return s.offer(ctx, message)
}

// judge remembers whether a frame is accepted. What cannot be read says nothing of who sends it: it neither counts against
// a logger nor for it.
func (c *connection) judge(f *payload.Frame, unread error) {
	known := c.server.known(string(f.MN))
	var reason string
	switch {
	case unread == nil && known:
		c.accepted, c.refused = true, 0
		return
	case errors.Is(unread, payload.ErrPassword):
		reason = unread.Error()
	case unread == nil:
		reason = "its MN is that of no station whose frames are taken"
	default:
		return
	}
	c.refused++
	if !c.warned {
		c.server.log.Warn("frames of a data logger are refused", "address", c.address, "mn", reading.Shorten(string(f.MN)), "reason", reason)
	}
	c.warned = true
}

// source names the logger by its MN where the frame is accepted and that is one of the register, else by its address:
// there are only so many of both, whatever is sent, and nobody can send in the name of another.
func (c *connection) source(f *payload.Frame, unread error) string {
	if mn := string(f.MN); unread == nil && reading.CheckID(mn) == nil && c.server.known(mn) {
		return Source + mn
	}
	return Source + c.address
}

func (s *Server) known(mn string) bool { return s.config.Known == nil || s.config.Known(mn) }

// write sends the answers in the order in which they come; what waits goes out together. A frame that wants no answer
// only makes room for the next.
func (c *connection) write(ctx context.Context) {
	var taken []answer
	var frames []byte
	for {
		select {
		case a := <-c.answers:
			taken = append(taken[:0], a)
		case <-ctx.Done():
			return
		}
		for more := true; more; {
			select {
			case a := <-c.answers:
				taken = append(taken, a)
			default:
				more = false
			}
		}
		frames = frames[:0]
		for _, a := range taken {
			frames = append(frames, a.frame...)
		}
		if err := c.send(frames); err != nil {
			c.server.log.Debug("data logger takes no answers", "address", c.address, "reason", err.Error())
			return
		}
		for _, a := range taken {
			if a.frame != nil {
				c.server.metrics.answers.WithLabelValues(a.command).Inc()
			}
			<-c.room
		}
	}
}

func (c *connection) send(frames []byte) error {
	if len(frames) == 0 {
		return nil
	}
	_ = c.conn.SetWriteDeadline(time.Now().Add(answerWithin))
	_, err := c.conn.Write(frames)
	return err
}

// linger waits until every frame is answered.
func (c *connection) linger(ctx context.Context) {
	ended := time.NewTimer(lingering)
	defer ended.Stop()
	for range cap(c.room) {
		select {
		case c.room <- struct{}{}:
		case <-ended.C:
			return
		case <-ctx.Done():
			return
		}
	}
}
