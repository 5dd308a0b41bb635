package config

import (
	"fmt"
	"maps"
	"strings"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// readHJ212Profile reads how stations write HJ 212, starting from base.
func (c *Config) readHJ212Profile(s *section, base *payload.HJ212Profile) *payload.HJ212Profile {
	p := *base
	take(s, "checksum", &p.Checksum, oneNamed([]named[payload.Checksum]{
		{"standard", payload.StandardChecksum}, {"modbus", payload.ModbusChecksum}, {"modbus-low", payload.ModbusLowChecksum},
	}))
	take(s, "zone", &p.Zone, parseZone)
	take(s, "units_of", &p.Basis, oneNamed([]named[payload.UnitBasis]{{"network", payload.NetworkUnits}, {"standard", payload.StandardUnits}}))
	p.Units = c.readUnits(s.section("units"), p.Units)
	p.Codes = c.readCodes(s.section("codes"), p.Codes)
	take(s, "minutes", &p.Minutes, parseMinutes)
	take(s, "dialect", &p.SurfaceWater, oneNamed([]named[bool]{{"standard", false}, {"surface-water", true}}))
	take(s, "flags", &p.Flags, parseFlagTable)
	take(s, "minute_times", &p.MinuteTimes, parseBool)
	take(s, "lenient_length", &p.LenientLength, parseBool)
	return &p
}

// readCodes reads what factor codes mean, and adds them to a copy of base. Loggers write codes in small and in capital
// letters; here they are small.
func (c *Config) readCodes(s *section, base map[string]payload.Target) map[string]payload.Target {
	all := maps.Clone(base)
	if all == nil {
		all = map[string]payload.Target{}
	}
	first := map[string]string{}
	for _, name := range s.order {
		code := strings.ToLower(name)
		var target payload.Target
		switch f, given := s.field(name); {
		case !given:
			s.problem(name, "is empty; write the key of a parameter, such as pm25")
		case first[code] != "":
			s.problem(name, "is %s in other letters; keep one of them", shown(first[code]))
		case isScalar(f):
			take(s, name, &target.Parameter, c.parseKey)
		default:
			fields := s.section(name)
			c.readTarget(fields, &target)
			fields.close()
		}
		first[code], all[code] = name, target
	}
	return all
}

// readUnits reads units by the keys of parameters, and adds them to a copy of base.
func (c *Config) readUnits(s *section, base map[string]string) map[string]string {
	all := maps.Clone(base)
	for _, key := range s.order {
		if all == nil {
			all = make(map[string]string, len(s.order))
		}
		if _, err := c.parseKey(key); err != nil {
			s.field(key)
			s.problem(key, "%s", err)
			continue
		}
		var unit string
		if take(s, key, &unit, c.unitOf(key)) {
			all[key] = unit
		} else if !s.faulty[key] {
			s.problem(key, "is empty; write the unit in which it is sent, such as mg/m3")
		}
	}
	return all
}

// parseMinutes reads a period of minutes.
func parseMinutes(text string) (reading.Period, error) {
	var choices []named[reading.Period]
	for p := reading.Minute; p <= reading.Minutes30; p++ {
		choices = append(choices, named[reading.Period]{p.String(), p})
	}
	period, err := oneNamed(choices)(text)
	if err != nil {
		return 0, fmt.Errorf("%w, the time that a value of CN=2051 stands for", err)
	}
	return period, nil
}
