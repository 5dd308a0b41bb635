package config

import "egret/ingest/payload"

// Decoder returns what reads the payloads of a subscription, nil for a format that is not known. A station's own profile,
// or that of its group, goes before the subscription's.
func (c *Config) Decoder(s *Subscription) payload.Decoder {
	switch s.Format {
	case HJ212:
		return payload.HJ212(c.HJ212Profiles(s.Profile))
	case Mapping:
		return payload.JSONMapping(c.mappings(s.Profile))
	case Number:
		return payload.BareNumber(c.numberProfiles(s.Profile))
	case SenML:
		return payload.SenML(c.senMLProfiles(s.Profile))
	case Influx:
		return payload.InfluxLines(c.influxProfiles(s.Profile))
	case JSON:
		return payload.JSON
	default:
		return nil
	}
}

// HJ212Profiles returns how stations write HJ 212, with their passwords and keys; those of no other profile as the
// named one has it, and as the format's default where the name is empty.
func (c *Config) HJ212Profiles(profile string) payload.Profiles[payload.HJ212Profile] {
	return profilesOf(c, HJ212, profile, func(p *Profile, station *Connection) *payload.HJ212Profile {
		own := *p.HJ212
		if own.Zone == nil {
			own.Zone = c.Zone
		}
		own.Password = string(station.Password)
		if station.Key != "" {
			own.Key = []byte(station.Key)
		}
		return &own
	})
}

// mappings is as HJ212Profiles.
func (c *Config) mappings(profile string) payload.Profiles[payload.Mapping] {
	return profilesOf(c, Mapping, profile, func(p *Profile, _ *Connection) *payload.Mapping {
		own := *p.Mapping
		if own.Zone == nil {
			own.Zone = c.Zone
		}
		return &own
	})
}

// numberProfiles is as HJ212Profiles.
func (c *Config) numberProfiles(profile string) payload.Profiles[payload.NumberProfile] {
	return profilesOf(c, Number, profile, func(p *Profile, _ *Connection) *payload.NumberProfile { return p.Number })
}

// senMLProfiles is as HJ212Profiles.
func (c *Config) senMLProfiles(profile string) payload.Profiles[payload.SenMLProfile] {
	return profilesOf(c, SenML, profile, func(p *Profile, _ *Connection) *payload.SenMLProfile { return p.SenML })
}

// influxProfiles is as HJ212Profiles.
func (c *Config) influxProfiles(profile string) payload.Profiles[payload.InfluxProfile] {
	return profilesOf(c, Influx, profile, func(p *Profile, _ *Connection) *payload.InfluxProfile { return p.Influx })
}

// profilesOf collects the profiles of a format. complete makes a profile that of a station.
func profilesOf[P any](c *Config, format Format, profile string, complete func(*Profile, *Connection) *P) payload.Profiles[P] {
	otherwise := defaultProfile(format)
	if p, ok := c.Profile(profile); ok && p.Format == format {
		otherwise = p
	}
	var nothing Connection
	shared := map[*Profile]*P{otherwise: complete(otherwise, &nothing)}
	all := payload.Profiles[P]{Default: shared[otherwise], Of: make(map[string]*P)}
	for i := range c.Stations {
		station := &c.Stations[i]
		connection := c.Connections[station.ID]
		secret := format == HJ212 && (connection.Password != "" || connection.Key != "")
		p := c.profileOf(station, format)
		switch {
		case p == nil && !secret:
			continue
		case p == nil:
			p = otherwise
		}
		own := shared[p]
		if secret || own == nil {
			own = complete(p, &connection)
		}
		if !secret {
			shared[p] = own // a large group needs no copy for each station
		}
		all.Of[station.ID] = own
		for _, name := range connection.names() {
			all.Of[name] = own
		}
	}
	return all
}
