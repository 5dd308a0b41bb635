package influx

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what is written to the database, by source.
type Metrics struct {
	lines, refused, failed *prometheus.CounterVec
	stopped                *prometheus.GaugeVec
	duration               *prometheus.HistogramVec
}

// NewMetrics registers the writers' metrics.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	labels := []string{"source"}
	counter := func(name, help string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "egret", Subsystem: "influxdb", Name: name, Help: help}, labels)
		registry.MustRegister(c)
		return c
	}
	m := &Metrics{
		lines:    counter("lines_written_total", "Lines that the database has taken."),
		refused:  counter("lines_refused_total", "Lines that the database refused for good; they are in quarantine."),
		failed:   counter("attempts_failed_total", "Attempts that the database did not answer or answered with an error to be tried again."),
		stopped:  prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "egret", Subsystem: "influxdb", Name: "stopped", Help: "1 while the database takes nothing."}, labels),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "egret", Subsystem: "influxdb", Name: "write_duration_seconds", Help: "How long the database takes for one batch.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 15)}, labels),
	}
	registry.MustRegister(m.stopped, m.duration)
	return m
}

func (m *Metrics) written(source string, lines, refused int) {
	m.lines.WithLabelValues(source).Add(float64(lines))
	m.refused.WithLabelValues(source).Add(float64(refused))
}

func (m *Metrics) took(source string, d time.Duration) {
	m.duration.WithLabelValues(source).Observe(d.Seconds())
}
