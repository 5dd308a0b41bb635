package delivery

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts what happens to messages, per channel.
type Metrics struct {
	sent, failed, refused, repeated *prometheus.CounterVec

	pending *prometheus.Desc
	mu      sync.Mutex
	boxes   map[string]Outbox
}

// NewMetrics registers the metrics. It panics if they are registered already, as registerers do.
func NewMetrics(registerer prometheus.Registerer) *Metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		vector := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"channel"})
		registerer.MustRegister(vector)
		return vector
	}
	m := &Metrics{
		sent:     counter("egret_delivery_sent_total", "Messages that the channel has taken."),
		failed:   counter("egret_delivery_failed_total", "Attempts that failed and are repeated."),
		refused:  counter("egret_delivery_refused_total", "Messages that the channel refused for good."),
		repeated: counter("egret_delivery_repeated_total", "Messages taken that may have left once before a restart."),
		pending:  prometheus.NewDesc("egret_delivery_pending", "Messages that wait in the outbox.", []string{"channel"}, nil),
		boxes:    make(map[string]Outbox),
	}
	registerer.MustRegister(m)
	return m
}

// Describe implements [prometheus.Collector] for the pending gauge.
func (m *Metrics) Describe(descriptions chan<- *prometheus.Desc) { descriptions <- m.pending }

// Collect implements [prometheus.Collector]: what is pending is asked for when it is scraped.
func (m *Metrics) Collect(metrics chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for channel, box := range m.boxes {
		count, _ := box.Pending(channel)
		metrics <- prometheus.MustNewConstMetric(m.pending, prometheus.GaugeValue, float64(count), channel)
	}
}

// counts are the counters of one channel.
type counts struct{ sent, failed, refused, repeated prometheus.Counter }

func (m *Metrics) of(channel string) counts {
	return counts{
		sent:     m.sent.WithLabelValues(channel),
		failed:   m.failed.WithLabelValues(channel),
		refused:  m.refused.WithLabelValues(channel),
		repeated: m.repeated.WithLabelValues(channel),
	}
}

func (m *Metrics) watch(channel string, box Outbox) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boxes[channel] = box
}

func (m *Metrics) forget(channel string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.boxes, channel)
}
