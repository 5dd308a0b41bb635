package config

import (
	"cmp"
	"slices"
	"strings"
)

// checkUse reports what is said of how stations write but can have no effect, because nothing that comes in is read by
// it. The sections are those of the register and of the file's profiles.
func (c *Config) checkUse(stations, profiles []*section) {
	used := map[string]bool{}
	for i, s := range stations {
		connection := c.Connections[c.Stations[i].ID]
		used[connection.Profile] = true
		if p, ok := c.Profile(connection.Profile); ok && p.Format != "" && !c.takes(p.Format) {
			s.problem("profile", "%s: is of the format %s, in which nothing comes in; %s, or remove it", p.ID, p.Format, howToTake(p.Format))
		}
		if (connection.Password != "" || connection.Key != "") && !c.takes(HJ212) {
			s.problem("hj212", "is of no use: nothing comes in by HJ 212; %s, or remove it", howToTake(HJ212))
		}
	}
	own := c.Profiles[len(c.Profiles)-len(profiles):]
	for i, s := range profiles {
		p := &own[i]
		switch {
		case p.Format == "" || (p.Stations == nil && !used[p.ID]):
		case c.takes(p.Format):
			c.checkTopicFields(s, p)
		case p.Stations != nil:
			s.problem("stations", "have no use for this profile: it is of the format %s, in which nothing comes in; %s, or remove it", p.Format, howToTake(p.Format))
		}
	}
}

// takes says whether messages of a format can come in.
func (c *Config) takes(format Format) bool {
	return (format == HJ212 && c.HJ212.Listen != "") ||
		slices.ContainsFunc(c.Subscriptions, func(s Subscription) bool { return s.Format == format })
}

func howToTake(format Format) string {
	if format == HJ212 {
		return "add a topic of this format under subscriptions or set hj212.listen"
	}
	return "add a topic of this format under subscriptions"
}

// checkTopicFields reports fields of a station's or group's profile that say where messages and their stations are. They
// are those of the topic's profile, unless the topic itself names the station: before that is known, so is no profile of
// its own.
func (c *Config) checkTopicFields(s *section, p *Profile) {
	var topics []*Profile
	for i := range c.Subscriptions {
		subscription := &c.Subscriptions[i]
		if subscription.Format != p.Format {
			continue
		}
		if slices.Contains(strings.Split(subscription.Topic, "/"), stationLevel) {
			return
		}
		topic, ok := c.Profile(subscription.Profile)
		if !ok {
			topic = defaultProfile(p.Format)
		}
		topics = append(topics, topic)
	}
	for _, key := range []string{"each", "station", "separators"} {
		value, has := topicField(p, key)
		if _, given := s.field(key); !given || !has || s.faulty[key] || slices.ContainsFunc(topics, func(topic *Profile) bool {
			same, _ := topicField(topic, key)
			return same == value
		}) {
			continue
		}
		s.problem(key, "is looked for as the profile of the topic says, before it is known which station it is; write it in the profile that the subscription names, or remove it")
	}
}

// topicField returns a field that is read before it is known which station a message speaks of, with the default of
// package payload where it is not given.
func topicField(p *Profile, key string) (value string, has bool) {
	switch {
	case key == "each" && p.Mapping != nil:
		return p.Mapping.Each, true
	case key == "station" && p.Mapping != nil:
		return p.Mapping.Station, true
	case key == "station" && p.Influx != nil:
		return cmp.Or(p.Influx.Station, "station"), true
	case key == "separators" && p.SenML != nil:
		separators := []byte(cmp.Or(p.SenML.Separators, "/:"))
		slices.Sort(separators)
		return string(separators), true
	}
	return "", false
}
