package config

import (
	"errors"
	"fmt"

	"egret/ingest/payload"
	"egret/ingest/reading"
	"egret/rules/rule"
)

// Profile says how some stations write a format. The pointer of its format is set; what stands behind it is shared and
// must not be changed. A nil Zone in it is that of the configuration.
type Profile struct {
	ID       string
	Format   Format
	Stations *rule.Selector // the group that it holds for; nil: only those that name it

	HJ212   *payload.HJ212Profile
	Mapping *payload.Mapping
	Number  *payload.NumberProfile
	SenML   *payload.SenMLProfile
	Influx  *payload.InfluxProfile
}

// defaultProfile is the profile of a format where nobody names one, and what profiles without a base start from. What an
// empty field stands for package payload says.
func defaultProfile(format Format) *Profile {
	p := &Profile{Format: format}
	switch format {
	case HJ212:
		p.HJ212 = &payload.HJ212Profile{}
	case Mapping:
		p.Mapping = &payload.Mapping{}
	case Number:
		p.Number = &payload.NumberProfile{}
	case SenML:
		p.SenML = &payload.SenMLProfile{}
	case Influx:
		p.Influx = &payload.InfluxProfile{}
	}
	return p
}

// Profile returns the profile with the id, built-in or of the file.
func (c *Config) Profile(id string) (*Profile, bool) {
	for i := range c.Profiles {
		if c.Profiles[i].ID == id && id != "" {
			return &c.Profiles[i], true
		}
	}
	return nil, false
}

// ProfileNames returns the ids of the profiles, the built-in ones first.
func (c *Config) ProfileNames() []string {
	var names []string
	for i := range c.Profiles {
		if c.Profiles[i].ID != "" { // a mistake that is reported
			names = append(names, c.Profiles[i].ID)
		}
	}
	return names
}

// readProfiles appends the profiles of a document to those that are there, and returns their sections.
func (c *Config) readProfiles(root *section) []*section {
	builtin := len(c.Profiles)
	sections := root.sections("profiles", "id")
	lines, all := map[string]int{}, map[string]int{}
	for _, s := range sections {
		if id, ok := scalarText(s.fields["id"].node); ok {
			all[id] = s.line
		}
	}
	for _, s := range sections {
		var p Profile
		s.id("id", &p.ID, lines)
		for i := range c.Profiles[:builtin] {
			if c.Profiles[i].ID == p.ID && p.ID != "" {
				s.problem("id", "%s: is a built-in profile; give this one another id and write base: %s", p.ID, p.ID)
			}
		}
		base := c.readFormat(s, &p, all)
		if _, given := s.field("stations"); given {
			p.Stations = &rule.Selector{}
			readSelector(s.section("stations"), p.Stations, c.Stations)
		}
		switch p.Format {
		case HJ212:
			p.HJ212 = c.readHJ212Profile(s, base.HJ212)
		case Mapping:
			p.Mapping = c.readMapping(s, base.Mapping)
		case Number:
			p.Number = c.readNumberProfile(s, base.Number)
		case SenML:
			p.SenML = c.readSenMLProfile(s, base.SenML)
		case Influx:
			p.Influx = c.readInfluxProfile(s, base.Influx)
		}
		if p.Format != "" { // else it is not known which fields there are
			s.close()
		}
		c.Profiles = append(c.Profiles, p)
	}
	return sections
}

// readFormat reads the format of a profile, and returns the profile whose fields it starts from. lines are those of all
// profiles of the file.
func (c *Config) readFormat(s *section, p *Profile, lines map[string]int) *Profile {
	take(s, "format", &p.Format, oneOf(HJ212, Mapping, Number, SenML, Influx))
	var base *Profile
	if take(s, "base", &base, c.parseBase(p.ID, lines)) && base.Format != "" {
		if p.Format != "" && p.Format != base.Format {
			s.problem("base", "%s: is of the format %s, and this profile of %s; name one of the same format or remove base", base.ID, base.Format, p.Format)
			return defaultProfile(p.Format)
		}
		if !s.faulty["format"] {
			p.Format = base.Format
		}
		return base
	}
	if _, given := s.field("base"); !given {
		s.require("format")
	}
	return defaultProfile(p.Format)
}

// parseBase finds the base of the profile called own.
func (c *Config) parseBase(own string, lines map[string]int) func(string) (*Profile, error) {
	return func(id string) (*Profile, error) {
		p, err := c.findProfile("no profile before this one has this id")(id)
		line, stands := lines[id]
		switch {
		case err == nil || !stands:
			return p, err
		case id == own:
			return nil, errors.New("is this profile itself; name another one or remove base")
		default:
			return nil, fmt.Errorf("stands below, in line %d; a base must come before", line)
		}
	}
}

// parseProfile finds a profile by its id.
func (c *Config) parseProfile(id string) (*Profile, error) {
	return c.findProfile("no profile has this id")(id)
}

func (c *Config) findProfile(none string) func(string) (*Profile, error) {
	return func(id string) (*Profile, error) {
		if p, ok := c.Profile(id); ok {
			return p, nil
		}
		known := c.ProfileNames()
		if near := nearest(id, known); near != "" {
			return nil, fmt.Errorf("%s; did you mean %s?", none, near)
		}
		return nil, fmt.Errorf("%s; use %s, or add it under profiles", none, alternatives(known))
	}
}

// profileOf returns the profile by which a station writes a format: its own, else the first whose group it is in; nil
// where there is none.
func (c *Config) profileOf(station *reading.Station, format Format) *Profile {
	if own, ok := c.Profile(c.Connections[station.ID].Profile); ok && own.Format == format {
		return own
	}
	for i := range c.Profiles {
		if p := &c.Profiles[i]; p.Format == format && p.Stations != nil && p.Stations.Chooses(station) {
			return p
		}
	}
	return nil
}
