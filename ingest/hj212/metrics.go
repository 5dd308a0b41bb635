package hj212

import (
	"errors"

	"egret/ingest/payload"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what happens on the connections of data loggers.
type Metrics struct {
	open                                                    prometheus.Gauge
	opened, refused, frames, checksum, password, unreadable prometheus.Counter
	answers                                                 *prometheus.CounterVec
}

// NewMetrics registers the server's metrics.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "egret", Subsystem: "hj212", Name: name, Help: help})
	}
	m := &Metrics{
		open:       prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "egret", Subsystem: "hj212", Name: "open_connections", Help: "Connections of data loggers."}),
		opened:     counter("connections_total", "Connections of data loggers that were taken."),
		refused:    counter("refused_connections_total", "Connections closed at once because there were too many."),
		frames:     counter("frames_total", "Frames, and what was sent in place of one, read from connections."),
		checksum:   counter("checksum_errors_total", "Frames with a wrong checksum; they are kept in quarantine and not answered."),
		password:   counter("wrong_passwords_total", "Frames with another password (PW) than that in their station's profile; they are kept in quarantine and answered so."),
		unreadable: counter("unreadable_total", "What else is no frame that can be read; it is kept in quarantine and not answered."),
		answers:    prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "egret", Subsystem: "hj212", Name: "answers_total", Help: "Answers sent, by their command (CN)."}, []string{"cn"}),
	}
	registry.MustRegister(m.open, m.opened, m.refused, m.frames, m.checksum, m.password, m.unreadable, m.answers)
	return m
}

// read counts a frame that was read, or could not be.
func (m *Metrics) read(err error) {
	m.frames.Inc()
	switch {
	case err == nil:
	case errors.Is(err, payload.ErrPassword):
		m.password.Inc()
	case errors.Is(err, payload.ErrChecksum):
		m.checksum.Inc()
	default:
		m.unreadable.Inc()
	}
}
