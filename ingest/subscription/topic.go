// Package subscription takes messages from an MQTT broker and hands them to the intake.
package subscription

import (
	"fmt"
	"strings"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// The levels of a topic template that say something of a message. Any other {name} stands for one level, as + does.
const (
	stationLevel   = "{station}"
	parameterLevel = "{parameter}"
)

// Template is a topic with places for what its levels say, such as stations/{station}/readings, and how its payloads
// are read.
type Template struct {
	Topic    string
	Format   string
	Decode   payload.Decoder
	QoS      byte
	Flags    *reading.FlagTable // of the stations' network; nil: HJ 212
	Retained bool               // messages that the broker has kept are taken too
	levels   []string
	named    bool // the topic says which station it is
}

// NewTemplate checks a topic template.
func NewTemplate(topic, format string, decode payload.Decoder, qos byte) (Template, error) {
	t := Template{Topic: topic, Format: format, Decode: decode, QoS: qos, levels: strings.Split(topic, "/")}
	count := map[string]int{}
	for i, level := range t.levels {
		switch {
		case isPlace(level):
			count[level]++
		case level == "#" && i == len(t.levels)-1, level == "+":
		case strings.ContainsAny(level, "#+"):
			return t, fmt.Errorf("topic %s: + stands for a whole level and # for all levels at the end, nothing else", topic)
		case strings.ContainsAny(level, "{}"):
			return t, fmt.Errorf("topic %s: a name in braces stands for a whole level", topic)
		}
	}
	if count[stationLevel] > 1 || count[parameterLevel] > 1 {
		return t, fmt.Errorf("topic %s may hold %s and %s once each, as whole levels", topic, stationLevel, parameterLevel)
	}
	t.named = count[stationLevel] == 1
	return t, nil
}

// isPlace says whether a level stands for any text, such as {station} or {city}.
func isPlace(level string) bool {
	return len(level) > 2 && level[0] == '{' && level[len(level)-1] == '}'
}

// filter returns the MQTT topic filter of the template.
func (t *Template) filter() string {
	levels := make([]string, len(t.levels))
	for i, level := range t.levels {
		if levels[i] = level; isPlace(level) {
			levels[i] = "+"
		}
	}
	return strings.Join(levels, "/")
}

// match returns what the topic says of the station and the parameter if it fits the template.
func (t *Template) match(topic string) (station, parameter string, ok bool) {
	rest, more := topic, true
	for _, level := range t.levels {
		if level == "#" {
			return station, parameter, true
		}
		if !more {
			return "", "", false
		}
		var part string
		part, rest, more = strings.Cut(rest, "/")
		switch {
		case level == stationLevel:
			station = part
		case level == parameterLevel:
			parameter = part
		case level == "+", level == part, isPlace(level):
		default:
			return "", "", false
		}
	}
	return station, parameter, !more
}
