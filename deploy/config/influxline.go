package config

import (
	"time"

	"egret/ingest/payload"
)

// readInfluxProfile reads what lines of InfluxDB line protocol mean, starting from base.
func (c *Config) readInfluxProfile(s *section, base *payload.InfluxProfile) *payload.InfluxProfile {
	p := *base
	take(s, "station", &p.Station, notEmpty)
	take(s, "precision", &p.Precision, oneNamed([]named[time.Duration]{
		{"ns", time.Nanosecond}, {"us", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second},
	}))
	p.Names = c.names(s.section("names"), p.Names)
	take(s, "period", &p.Period, parsePeriod)
	return &p
}
