package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// names reads what names in payloads mean: each entry is a parameter's key, none for what is no reading, or a group of
// fields. The entries are added to a copy of base and go before its own.
func (c *Config) names(s *section, base map[string]payload.Target) map[string]payload.Target {
	all := maps.Clone(base)
	for _, name := range s.order {
		if all == nil {
			all = make(map[string]payload.Target, len(s.order))
		}
		var target payload.Target
		switch f, given := s.field(name); {
		case !given:
			s.problem(name, "is empty; write the key of a parameter, such as pm25, or %s to leave it out", leftOut)
		case isScalar(f):
			take(s, name, &target.Parameter, c.parseMeaning)
		default:
			fields := s.section(name)
			c.readTarget(fields, &target)
			target.Absent = readAbsent(fields, nil)
			fields.close()
		}
		all[name] = target
	}
	return all
}

// readTarget reads the fields that say which parameter is meant, and how a number becomes one of it.
func (c *Config) readTarget(s *section, target *payload.Target) {
	take(s, "parameter", &target.Parameter, c.parseKey)
	s.require("parameter")
	c.readScale(s, target)
}

func isScalar(f field) bool {
	_, ok := scalarText(f.node)
	return ok
}

// readScale reads the fields that say how a number becomes one of the target's parameter.
func (c *Config) readScale(s *section, target *payload.Target) {
	take(s, "unit", &target.Unit, c.unitOf(target.Parameter))
	take(s, "scale", &target.Scale, parseScale)
	take(s, "offset", &target.Offset, parseDecimal)
}

// leftOut stands for names that mean no reading.
const leftOut = "none"

func (c *Config) parseMeaning(key string) (string, error) {
	if key == leftOut {
		return "", nil
	}
	return c.parseKey(key)
}

// parseScale refuses 0, which makes all values the same.
func parseScale(text string) (reading.Fixed, error) {
	scale, err := parseDecimal(text)
	if err == nil && scale == 0 {
		return 0, errors.New("makes every value the same; write the number that values are multiplied by, such as 0.1")
	}
	return scale, err
}

// parameter returns the parameter of a key, which may be that of a statistic such as pm25_max; nil if there is none.
func (c *Config) parameter(key string) *reading.Parameter {
	if p, known := c.Parameters[key]; known {
		return p
	}
	return c.Parameters.Statistic(key)
}

func (c *Config) parseKey(key string) (string, error) {
	if c.parameter(key) != nil {
		return key, nil
	}
	if near := nearest(key, slices.Sorted(maps.Keys(c.Parameters))); near != "" {
		return "", fmt.Errorf("is not a parameter; did you mean %s? If not, declare it under parameters with a domain, a unit and a range", near)
	}
	return "", errors.New("is not a parameter; declare it under parameters with a domain, a unit and a range")
}

// unitOf reads the unit in which values of a parameter are sent.
func (c *Config) unitOf(key string) func(string) (string, error) {
	return func(text string) (string, error) {
		unit, err := parseUnit(text)
		if err != nil {
			return "", err
		}
		p := c.parameter(key)
		if p == nil {
			return unit, nil
		}
		if _, err := reading.ConvertUnit(1, unit, p, 0); err != nil {
			return "", fmt.Errorf("cannot be converted to %s, the unit of %s; correct it, or leave it out and write scale", p.Unit, p.Key)
		}
		return unit, nil
	}
}
