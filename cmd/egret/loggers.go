package main

import (
	"crypto/tls"
	"fmt"
	"iter"
	"net"

	"egret/deploy/config"
	"egret/ingest/hj212"
	"egret/ingest/payload"
	"egret/ingest/reading"
)

// openLoggers listens for data loggers that speak HJ 212 over TCP, where the configuration wants it.
func (s *service) openLoggers() error {
	c := s.config.HJ212
	if c.Listen == "" {
		return nil
	}
	var security *tls.Config
	if c.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return fmt.Errorf("hj212.cert_file, hj212.key_file: %w", err)
		}
		security = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return listenHint("listen for HJ 212", "hj212.listen", err)
	}
	if security != nil {
		listener = tls.NewListener(listener, security)
	}
	s.loggersListener = listener
	profiles := s.config.HJ212Profiles(c.Profile)
	s.loggers = hj212.New(listener, hj212.Config{
		Profiles: &profiles, Decode: s.records.frames, Known: s.mayLog(), MaxConnections: c.MaxConnections, Idle: c.Idle,
	}, s.offer(func() bool { return s.subscription.Problem() == nil }), hj212.NewMetrics(s.registry), s.log)
	return nil
}

// mayLog returns which names may speak over TCP: those whose readings are taken.
func (s *service) mayLog() func(name string) bool {
	known, admitted, limits := register(s.config), s.config.Admission(), s.records.limits()
	return func(name string) bool { return admitted(name) && known.Takes(name, limits) }
}

// frameDecoder returns what reads the frames that come over TCP. Where other machines reach the listener it refuses
// those of stations without a password, for which anyone could speak.
func frameDecoder(c *config.Config) payload.Decoder {
	decode, admitted := payload.HJ212(c.HJ212Profiles(c.HJ212.Profile)), c.Admission()
	return func(in *payload.Input, into *payload.Message) error {
		if err := decode(in, into); err != nil {
			return err
		}
		for name := range speakers(into) {
			if !admitted(string(name)) {
				into.Reset()
				into.Sender = name
				return fmt.Errorf("MN %q may not send over TCP: make it an alias of its station, and give that an hj212.password", reading.Shorten(string(name)))
			}
		}
		return nil
	}
}

// speakers yields every name under which a message speaks.
func speakers(m *payload.Message) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !yield(m.Sender) {
			return
		}
		for i := range m.Statements {
			if !yield(m.Statements[i].Station) {
				return
			}
		}
		for i := range m.Notes {
			if !yield(m.Notes[i].Station) {
				return
			}
		}
	}
}
