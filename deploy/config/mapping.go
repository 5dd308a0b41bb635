package config

import (
	"slices"

	"egret/ingest/payload"
)

// readMapping reads where in JSON the readings are, starting from base.
func (c *Config) readMapping(s *section, base *payload.Mapping) *payload.Mapping {
	m := *base
	take(s, "each", &m.Each, parsePath)
	take(s, "station", &m.Station, parsePath)
	take(s, "time", &m.Time, parsePath)
	take(s, "time_format", &m.Layout, parseTimeLayout)
	take(s, "zone", &m.Zone, parseZone)
	take(s, "period", &m.Period, parsePeriod)
	take(s, "period_path", &m.PeriodPath, parsePath)
	take(s, "flag_path", &m.FlagPath, parsePath)
	m.Marks = readMarks(s.section("marks"), m.Marks)
	take(s, "skip", &m.ExceptPath, parsePath)
	m.Values = c.readMappedValues(s.section("values"), m.Values)
	m.Lists = readMappedLists(s, m.Lists)
	m.Groups = slices.Clip(m.Groups)
	for _, path := range s.texts("groups") {
		if _, err := parsePath(path.text); err != nil {
			s.problemAt(path.line, "groups", "%s: %s", shown(path.written), err)
		}
		m.Groups = append(m.Groups, path.text)
	}
	m.Names = c.names(s.section("names"), m.Names)
	m.Absent = readAbsent(s, m.Absent)
	if len(m.Values)+len(m.Lists)+len(m.Groups) == 0 && !s.faulty["values"] && !s.faulty["lists"] && !s.faulty["groups"] {
		s.complain("says nowhere where values are; add values, lists or groups")
	}
	if _, given := s.field("time_format"); given && m.Time == "" && !s.faulty["time"] {
		s.problem("time_format", "stands without time; add the path of the time, or remove it")
	}
	if _, given := s.field("marks"); given && m.FlagPath == "" && !s.faulty["flag_path"] && !s.faulty["lists"] &&
		!slices.ContainsFunc(m.Lists, func(l payload.MappedList) bool { return l.Flag != "" }) {
		s.problem("marks", "stand without a place where the message has them; add flag_path, or flag in an entry of lists")
	}
	return &m
}

// readMappedValues reads the paths of parameters. An entry goes before one of base for the same parameter,
// and before one for the same path: a number is that of one parameter.
func (c *Config) readMappedValues(s *section, base []payload.MappedValue) []payload.MappedValue {
	all := slices.Clone(base)
	first := map[string]string{}
	for _, key := range s.order {
		value := payload.MappedValue{Target: payload.Target{Parameter: key}}
		f, given := s.field(key)
		if _, err := c.parseKey(key); err != nil {
			s.problem(key, "%s", err)
			continue
		}
		switch {
		case !given:
			s.problem(key, "is empty; write the path of its value")
		case isScalar(f):
			take(s, key, &value.Path, parsePath)
		default:
			fields := s.section(key)
			take(fields, "path", &value.Path, parsePath)
			fields.require("path")
			take(fields, "unit_path", &value.UnitPath, parsePath)
			c.readScale(fields, &value.Target)
			value.Absent = readAbsent(fields, nil)
			fields.close()
		}
		if other := first[value.Path]; other != "" {
			s.problem(key, "%s is the path of %s, too; a number is that of one parameter, so correct one of them", shown(value.Path), other)
		} else if value.Path != "" {
			first[value.Path] = key
		}
		all = slices.DeleteFunc(all, func(v payload.MappedValue) bool {
			return v.Parameter == key || (v.Path == value.Path && first[v.Path] == key)
		})
		all = append(all, value)
	}
	return all
}

func readMappedLists(s *section, base []payload.MappedList) []payload.MappedList {
	all := slices.Clip(base)
	for _, entry := range s.sections("lists", "") {
		var list payload.MappedList
		take(entry, "path", &list.Path, parsePath)
		take(entry, "name", &list.Name, parsePath)
		take(entry, "value", &list.Value, parsePath)
		take(entry, "unit", &list.Unit, parsePath)
		take(entry, "flag", &list.Flag, parsePath)
		entry.require("path", "name", "value")
		entry.close()
		all = append(all, list)
	}
	return all
}

// readAbsent reads the texts and numbers that stand for no value, after those of base.
func readAbsent(s *section, base []string) []string {
	all := slices.Clip(base)
	for _, item := range s.texts("absent") {
		all = append(all, item.text)
	}
	return all
}
