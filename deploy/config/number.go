package config

import "egret/ingest/payload"

// readNumberProfile reads what bare numbers mean, starting from base.
func (c *Config) readNumberProfile(s *section, base *payload.NumberProfile) *payload.NumberProfile {
	p := *base
	p.Names = c.names(s.section("names"), p.Names)
	p.Absent = readAbsent(s, p.Absent)
	return &p
}
