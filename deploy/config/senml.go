package config

import (
	"errors"
	"strings"

	"egret/ingest/payload"
)

// readSenMLProfile reads what the names of SenML records mean, starting from base.
func (c *Config) readSenMLProfile(s *section, base *payload.SenMLProfile) *payload.SenMLProfile {
	p := *base
	take(s, "separators", &p.Separators, parseSeparators)
	p.Names = c.names(s.section("names"), p.Names)
	take(s, "period", &p.Period, parsePeriod)
	return &p
}

// parseSeparators takes the characters that names may hold beside letters and digits (RFC 8428 4.5.1). With none whole
// names are those of parameters.
func parseSeparators(text string) (string, error) {
	if text == "none" {
		return " ", nil // no name holds it
	}
	if text == "" || strings.Trim(text, "-:./_") != "" {
		return "", errors.New("are not separators; write one or more of - : . / _ in quotes, such as \"/\", or none")
	}
	return text, nil
}
