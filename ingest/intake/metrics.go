package intake

import (
	"time"

	"egret/ingest/reading"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what the intake does.
type Metrics struct {
	received, acknowledged, values, empty, unknown, resent, rejected, quarantined prometheus.Counter
	blocked                                                                       prometheus.Gauge
	delay, step                                                                   prometheus.Histogram
}

// NewMetrics registers the intake's metrics.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: "egret", Subsystem: "ingest", Name: name, Help: help})
		registry.MustRegister(c)
		return c
	}
	m := &Metrics{
		received:     counter("messages_received_total", "Messages handed over by a transport since the start."),
		acknowledged: counter("messages_durable_total", "Messages made durable, and acknowledged, since the start."),
		values:       counter("values_journaled_total", "Values written to the journal."),
		empty:        counter("values_empty_total", "Values given as null: there was nothing to store."),
		unknown:      counter("values_unknown_total", "Values whose names no table and no profile knows, after the first of their station, which is in quarantine."),
		resent:       counter("messages_resent_total", "Messages that their stations marked as sent again or late."),
		rejected:     counter("values_rejected_total", "Single values refused to quarantine."),
		quarantined:  counter("messages_quarantined_total", "Messages that have a quarantine entry."),
		blocked:      prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "egret", Subsystem: "ingest", Name: "blocked", Help: "1 while nothing is taken: the journal or the disk is full."}),
		delay:        prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "egret", Subsystem: "ingest", Name: "durable_delay_seconds", Help: "From the receipt of a message to its being durable.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}),
		step:         prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "egret", Subsystem: "ingest", Name: "step_messages", Help: "Messages that shared one synced commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 13)}),
	}
	registry.MustRegister(m.blocked, m.delay, m.step)
	return m
}

func (m *Metrics) committed(s *step) {
	m.acknowledged.Add(float64(len(s.messages)))
	m.values.Add(float64(s.values))
	m.empty.Add(float64(s.counts.empty))
	m.unknown.Add(float64(s.counts.unknown))
	m.quarantined.Add(float64(len(s.entries)))
	m.step.Observe(float64(len(s.messages)))
	now := time.Now().UnixNano()
	for i := range s.records {
		m.rejected.Add(float64(s.records[i].Rejected))
		if s.records[i].Kind != reading.Register && s.records[i].Transport&reading.Resent != 0 {
			m.resent.Inc()
		}
	}
	if len(s.messages) > 0 {
		m.delay.Observe(time.Duration(now - s.messages[0].Received).Seconds())
	}
}
