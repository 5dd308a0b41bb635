package config

import (
	"errors"

	"egret/ingest/reading"
)

var lawNames = []named[reading.Law]{{"arithmetic", reading.Arithmetic}, {"energy", reading.Energy}, {"none", reading.NoMean}, {"highest", reading.Highest}, {"lowest", reading.Lowest}}

// The range of numbers that a parameter's bounds may have: what a reading.Fixed holds.
const (
	leastNumber = -9.2e9
	mostNumber  = 9.2e9
)

// readParameters adds the file's parameters to the table and gives built-in ones new bounds.
func readParameters(s *section, table reading.Parameters) {
	for _, key := range s.order {
		p := &reading.Parameter{Key: key}
		builtin, isBuiltin := table[key]
		if isBuiltin {
			*p = *builtin
		} else if err := reading.CheckKey(key); err != nil {
			s.problem(key, "%s", err)
		}
		fields := s.section(key)
		readParameter(fields, p)
		if isBuiltin {
			checkBuiltin(fields, builtin, p)
		} else {
			fields.require("domain", "unit", "low", "high")
			if _, given := fields.field("law"); !given && p.Unit == "dB" {
				fields.problem("law", "is missing; levels in dB do not average as numbers do, so write energy or none")
			}
		}
		if p.Low >= p.High && !fields.faulty["low"] && !fields.faulty["high"] {
			fields.problem("low", "%g: is not below high, %g; exchange or correct them", p.Low, p.High)
		}
		table[key] = p
	}
}

func readParameter(s *section, p *reading.Parameter) {
	take(s, "domain", &p.Domain, parseDomain)
	take(s, "unit", &p.Unit, parseUnit)
	take(s, "low", &p.Low, numberWithin(leastNumber, mostNumber))
	take(s, "high", &p.High, numberWithin(leastNumber, mostNumber))
	take(s, "law", &p.Law, oneNamed(lawNames))
	s.close()
}

// checkBuiltin refuses another domain, unit or law for a built-in parameter: the standards count on them. It restores
// them in p.
func checkBuiltin(s *section, builtin, p *reading.Parameter) {
	const advice = "declare a parameter under another key for it"
	if p.Domain != builtin.Domain {
		s.problem("domain", "%s: the built-in %s is of %s; %s", p.Domain, p.Key, builtin.Domain, advice)
	}
	if !reading.SameUnit(p.Unit, builtin.Unit) {
		s.problem("unit", "%s: the built-in %s is in %s; %s", shown(p.Unit), p.Key, builtin.Unit, advice)
	}
	if p.Law != builtin.Law {
		s.problem("law", "the built-in %s is averaged by the law %s; %s", p.Key, lawNames[builtin.Law].name, advice)
	}
	p.Domain, p.Unit, p.Law = builtin.Domain, builtin.Unit, builtin.Law
}

func parseDomain(text string) (reading.Domain, error) {
	var choices []named[reading.Domain]
	for _, d := range reading.Domains {
		choices = append(choices, named[reading.Domain]{d.String(), d})
	}
	return oneNamed(choices)(text)
}

func parseUnit(text string) (string, error) {
	if text == "" || len(text) > 20 {
		return "", errors.New("is not a unit; write 1 to 20 characters, 1 for a number without a unit")
	}
	return text, nil
}
