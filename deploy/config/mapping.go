package config

import (
	"errors"
	"slices"
	"strings"
	"time"

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
	take(s, "skip", &m.Skip, parsePath)
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
	return &m
}

// readMappedValues reads the paths of parameters. An entry goes before one of base for the same parameter.
func (c *Config) readMappedValues(s *section, base []payload.MappedValue) []payload.MappedValue {
	all := slices.Clone(base)
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
		all = slices.DeleteFunc(all, func(v payload.MappedValue) bool { return v.Parameter == key })
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

var unixLayouts = []named[payload.TimeLayout]{
	{"rfc3339", payload.TimeLayout{}},
	{"unix", payload.TimeLayout{Unix: time.Second}},
	{"unix-ms", payload.TimeLayout{Unix: time.Millisecond}},
	{"unix-us", payload.TimeLayout{Unix: time.Microsecond}},
	{"unix-ns", payload.TimeLayout{Unix: time.Nanosecond}},
}

// parseTimeLayout reads the name of a layout, or a layout of package time.
func parseTimeLayout(text string) (payload.TimeLayout, error) {
	if !strings.Contains(text, "2006") {
		layout, err := oneNamed(unixLayouts)(text)
		if err != nil {
			return layout, errors.New("is not known; use rfc3339, unix, unix-ms, unix-us or unix-ns, or write how 15:04:05 on 2 January 2006 would stand there, such as 2006-01-02 15:04:05")
		}
		return layout, nil
	}
	// A layout that loses the date would put all readings on one day.
	moment := time.Date(2034, 11, 27, 20, 41, 39, 0, time.UTC)
	read, err := time.Parse(text, moment.Format(text))
	if err != nil || read.Year() != moment.Year() || read.YearDay() != moment.YearDay() {
		return payload.TimeLayout{}, errors.New("does not hold the whole date; write how 15:04:05 on 2 January 2006 would stand there, such as 2006-01-02 15:04:05")
	}
	return payload.TimeLayout{Format: text}, nil
}
