package subscription

import "github.com/prometheus/client_golang/prometheus"

// Metrics count what happens at the broker.
type Metrics struct {
	connected                   prometheus.Gauge
	lost, redelivered, retained prometheus.Counter
}

// NewMetrics registers the subscription's metrics.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		connected:   prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "egret", Subsystem: "mqtt", Name: "subscribed", Help: "1 while subscribed at the broker."}),
		lost:        prometheus.NewCounter(prometheus.CounterOpts{Namespace: "egret", Subsystem: "mqtt", Name: "connections_lost_total", Help: "Connections to the broker that broke."}),
		redelivered: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "egret", Subsystem: "mqtt", Name: "messages_redelivered_total", Help: "Messages that the broker marked as delivered again."}),
		retained:    prometheus.NewCounter(prometheus.CounterOpts{Namespace: "egret", Subsystem: "mqtt", Name: "messages_retained_total", Help: "Messages that the broker had kept and gave out on subscribing, passed over: subscriptions take them only with retained: true."}),
	}
	registry.MustRegister(m.connected, m.lost, m.redelivered, m.retained)
	return m
}
