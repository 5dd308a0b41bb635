package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/reading"
)

// Subscription is a topic that Egret subscribes to, and what its messages hold.
type Subscription struct {
	Topic  string // with {station} as one level
	Format Format
	QoS    byte               // 0 or 1
	Flags  *reading.FlagTable // what the marks beside the values mean
}

// Format is the form of a station's messages.
type Format string

// JSON is Egret's own format, an object with `values` or an array of such objects.
const JSON Format = "json"

// StationLevel stands in a topic for the level that is the station's id.
const StationLevel = "{station}"

// Filter returns the MQTT filter of the topic.
func (s *Subscription) Filter() string { return strings.Replace(s.Topic, StationLevel, "+", 1) }

func (c *Config) readSubscriptions(root *section) {
	entries := root.sections("subscriptions", "topic")
	if _, given := root.field("subscriptions"); !given {
		return
	}
	if len(entries) == 0 {
		if !root.faulty["subscriptions"] {
			root.problem("subscriptions", "is empty, so no station could send; add a topic or remove the field")
		}
		return
	}
	c.Subscriptions = nil
	lines := map[string]int{}
	for _, s := range entries {
		subscription := Subscription{Format: JSON, QoS: 1, Flags: &reading.HJ212Flags}
		s.require("topic")
		if take(s, "topic", &subscription.Topic, parseTopic) {
			c.checkTopic(s, subscription.Filter(), lines)
		}
		take(s, "format", &subscription.Format, oneOf(JSON))
		take(s, "qos", &subscription.QoS, parseQoS)
		take(s, "flags", &subscription.Flags, parseFlagTable)
		s.close()
		c.Subscriptions = append(c.Subscriptions, subscription)
	}
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

func parseTopic(topic string) (string, error) {
	if len(topic) > 1024 {
		return "", errors.New("is longer than 1024 bytes; shorten it")
	}
	levels := strings.Split(topic, "/")
	for i, level := range levels {
		switch {
		case level == StationLevel || level == "+":
		case level == "#" && i == len(levels)-1:
		case strings.Contains(level, "#"):
			return "", errors.New("holds # before its end; # may only be the last level")
		case strings.Contains(level, "+"):
			return "", errors.New("holds + beside other characters; + stands for a whole level")
		case strings.ContainsAny(level, "{}"):
			return "", fmt.Errorf("holds { or } that is no %s; write that once, as a whole level", StationLevel)
		}
	}
	if slices.Index(levels, StationLevel) < 0 {
		return "", fmt.Errorf("does not say which level is the station's id; write %s in its place, such as %s", StationLevel, DefaultTopic)
	}
	if strings.Count(topic, StationLevel) > 1 {
		return "", fmt.Errorf("holds %s twice; keep the one that is the station's id and write + for the other", StationLevel)
	}
	return topic, nil
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
