// Package hj212 listens for data loggers (数采仪) that speak HJ 212 over TCP, hands what they send to the intake, and
// answers what is durable.
package hj212

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"egret/ingest/intake"
	"egret/ingest/payload"
)

const (
	// Source is how the sources of messages begin that came over TCP, the logger's MN or its address behind it. The +
	// keeps them apart from the topics of MQTT, which cannot hold one.
	Source = "hj212+tcp/"
	// Format is the format of these messages.
	Format = "hj212"
)

const (
	// acceptAgain is the pause after a connection could not be accepted, such as for want of file descriptors.
	acceptAgain = time.Second
	// handshakeWithin bounds a TLS handshake.
	handshakeWithin = 10 * time.Second
)

// Config says how loggers are read and how many of them may come.
type Config struct {
	Profiles *payload.Profiles[payload.HJ212Profile]
	Decode   payload.Decoder // of HJ 212 by the same profiles
	// Known says whether an MN is that of a station whose readings are taken; nil: every one is. It decides on the answer
	// only: the intake refuses what is not to be taken.
	Known          func(mn string) bool
	MaxConnections int
	// Idle is how long a connection stays that brings no frame.
	Idle time.Duration
}

// Offer hands a message to the intake; see [intake.Intake.Offer]. It calls the message's Acknowledge at most once.
type Offer func(ctx context.Context, m intake.Message) error

// Server takes frames from loggers. A frame is answered only when the intake has acknowledged it: it is then in the
// journal or in quarantine, and the logger may forget it.
type Server struct {
	listener net.Listener
	config   Config
	offer    Offer
	metrics  *Metrics
	log      *slog.Logger
	problem  atomic.Pointer[error] // why no logger can connect; nil where all is well
}

// New returns a server on a listener, which may be one of crypto/tls. Run makes it work, and closes the listener.
func New(listener net.Listener, config Config, offer Offer, metrics *Metrics, log *slog.Logger) *Server {
	return &Server{listener: listener, config: config, offer: offer, metrics: metrics, log: log}
}

// Run takes connections until ctx ends, and returns its error when all of them are closed. What is not answered then
// the loggers send again.
func (s *Server) Run(ctx context.Context) error {
	var serving sync.WaitGroup
	defer serving.Wait()
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer s.listener.Close()
	context.AfterFunc(ctx, func() { s.listener.Close() })
	room := make(chan struct{}, s.config.MaxConnections)
	full := false
	for {
		conn, err := s.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return ctx.Err()
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("listen for HJ 212 on %s: %w", s.listener.Addr(), err)
		case err != nil:
			s.fail(err)
			select {
			case <-time.After(acceptAgain):
			case <-ctx.Done():
			}
			continue
		}
		s.problem.Store(nil)
		select {
		case room <- struct{}{}:
			full = false
		default:
			conn.Close()
			s.metrics.refused.Inc()
			if !full {
				s.log.Warn("data loggers are turned away: raise hj212.max_connections", "connections", s.config.MaxConnections, "address", conn.RemoteAddr().String())
			}
			full = true
			continue
		}
		s.metrics.opened.Inc()
		s.metrics.open.Inc()
		serving.Go(func() {
			s.serve(ctx, conn)
			s.metrics.open.Dec()
			<-room
		})
	}
}

// Problem returns why no logger can connect at the moment, nil where all is well.
func (s *Server) Problem() error {
	if p := s.problem.Load(); p != nil {
		return *p
	}
	return nil
}

func (s *Server) fail(err error) {
	err = fmt.Errorf("take connections of HJ 212 data loggers: %w", err)
	if last := s.problem.Swap(&err); last == nil || (*last).Error() != err.Error() {
		s.log.Warn("no data logger can connect", "reason", err.Error())
	}
}

// serve takes the frames of one connection until it breaks, is idle for too long, or ctx ends.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer conn.Close()
	context.AfterFunc(ctx, func() { conn.Close() })
	if err := handshake(ctx, conn); err != nil {
		s.log.Warn("data logger turned away: its TLS handshake failed", "address", conn.RemoteAddr().String(), "reason", err.Error())
		return
	}
	c := newConnection(s, conn)
	var writing sync.WaitGroup
	defer writing.Wait()
	writing.Go(func() {
		c.write(ctx)
		end() // also where the logger takes no answers: it has to come again
	})
	c.read(ctx)
	end()
}

// handshake makes a TLS connection's handshake, which reading would do without a time limit of its own.
func handshake(ctx context.Context, conn net.Conn) error {
	secured, ok := conn.(interface{ HandshakeContext(context.Context) error })
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeWithin)
	defer cancel()
	return secured.HandshakeContext(ctx)
}
