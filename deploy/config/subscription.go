package config

import (
	"errors"
	"strings"

	"egret/ingest/reading"
)

// Subscription is a topic that Egret subscribes to, and what its messages hold.
type Subscription struct {
	Topic   string // with {station}, {parameter} and other names in braces as single levels
	Format  Format
	Profile string             // by which stations without one of their own write; "": the format's default
	QoS     byte               // 0 or 1
	Flags   *reading.FlagTable // what the marks beside the values mean; of no effect on HJ 212, whose profile says it
	// Retained takes messages that the broker kept and gives out on subscribing, too: they may be old.
	Retained bool
}

// Format is the form of a station's messages.
type Format string

// The formats.
const (
	JSON    Format = "json"    // Egret's own, an object with `values` or an array of such objects
	HJ212   Format = "hj212"   // frames of HJ 212
	Mapping Format = "mapping" // JSON of any shape; the profile says where readings are
	Number  Format = "number"  // a bare number; the topic names the parameter
	SenML   Format = "senml"   // JSON of RFC 8428
	Influx  Format = "influx"  // InfluxDB line protocol
)

// Filter returns the MQTT filter of the topic.
func (s *Subscription) Filter() string { return filterOf(s.Topic) }

// readSubscriptions reads the topics. It returns false where a mistake hides of which format one is.
func (c *Config) readSubscriptions(root *section) (known bool) {
	entries := root.sections("subscriptions", "topic")
	if _, given := root.field("subscriptions"); !given {
		return true
	}
	if len(entries) == 0 {
		if !root.faulty["subscriptions"] {
			root.problem("subscriptions", "is empty, so no station could send; add a topic or remove the field")
		}
		return false
	}
	known = true
	c.Subscriptions = nil
	lines := map[string]int{}
	for _, s := range entries {
		subscription := Subscription{Format: JSON, QoS: 1, Flags: &reading.HJ212Flags}
		profile := c.readSubscribedFormat(s, &subscription)
		s.require("topic")
		if take(s, "topic", &subscription.Topic, parseTopic) {
			if checkLevels(s, &subscription, profile); !s.faulty["topic"] {
				c.checkTopic(s, subscription.Filter(), lines)
			}
		}
		take(s, "qos", &subscription.QoS, parseQoS)
		readFlags(s, &subscription)
		take(s, "retained", &subscription.Retained, parseBool)
		s.close()
		c.Subscriptions = append(c.Subscriptions, subscription)
		known = known && !s.broken && !s.faulty["format"] && !s.faulty["profile"] && !s.faulty["topic"]
	}
	return known
}

// readFlags reads the table of marks. Frames of HJ 212 bring theirs with them, or have that of their profile.
func readFlags(s *section, to *Subscription) {
	if _, given := s.field("flags"); given && to.Format == HJ212 {
		s.problem("flags", "flags of HJ 212 stations belong to their profile; write flags under profiles")
		return
	}
	take(s, "flags", &to.Flags, parseFlagTable)
}

// readSubscribedFormat reads the format and the profile of a subscription; the profile's format is the subscription's.
func (c *Config) readSubscribedFormat(s *section, to *Subscription) *Profile {
	given := take(s, "format", &to.Format, oneOf(JSON, HJ212, Mapping, Number, SenML, Influx))
	var profile *Profile
	if !take(s, "profile", &profile, c.parseProfile) {
		if to.Format == Mapping && !s.faulty["profile"] {
			s.problem("format", "%s: needs a profile that says where the values are; add profile", Mapping)
		}
		return nil
	}
	if given && profile.Format != to.Format && profile.Format != "" {
		s.problem("format", "%s: the profile %s is of the format %s; remove format or name another profile", to.Format, profile.ID, profile.Format)
	}
	to.Profile = profile.ID
	if profile.Format != "" {
		to.Format = profile.Format
	}
	return profile
}

func (c *Config) checkTopic(s *section, filter string, lines map[string]int) {
	if line, twice := lines[filter]; twice {
		s.problem("topic", "%s: line %d subscribes to the same topics; keep one of them", shown(filter), line)
	}
	lines[filter] = s.fields["topic"].line
	if c.Broker.Embedded() && (strings.HasPrefix(filter, "$share/") || strings.Contains(filter, " ")) {
		s.problem("topic", "%s: the broker in this process knows neither $share nor blanks in topics; use a plain topic or another broker by broker.url", shown(filter))
	}
	if c.Delivery.MQTT && meetsAlerts(filter) {
		s.problem("topic", "%s: takes in the alerts that egret publishes on alerts/{station}/{rule}; use a narrower topic or set delivery.mqtt to false", shown(filter))
	}
}

// meetsAlerts says whether a filter takes in topics of three levels under alerts.
func meetsAlerts(filter string) bool {
	levels := strings.Split(filter, "/")
	for i, own := range []string{"alerts", "+", "+"} {
		if i == len(levels) {
			return false
		}
		switch levels[i] {
		case "#":
			return true
		case "+", own:
		default:
			if own != "+" {
				return false
			}
		}
	}
	return len(levels) == 3 || (len(levels) == 4 && levels[3] == "#")
}

func parseFlagTable(text string) (*reading.FlagTable, error) {
	var choices []named[*reading.FlagTable]
	for _, table := range reading.FlagTables {
		choices = append(choices, named[*reading.FlagTable]{table.Name, table})
	}
	return oneNamed(choices)(text)
}

func parseQoS(text string) (byte, error) {
	switch text {
	case "0":
		return 0, nil
	case "1":
		return 1, nil
	case "2":
		return 0, errors.New("is not needed: egret takes a message that comes twice once; use 1")
	}
	return 0, errors.New("is not a quality of service; use 1, or 0 where losses do not matter")
}
