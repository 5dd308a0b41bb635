// Package subscription takes messages from an MQTT broker and hands them to the intake.
package subscription

import (
	"fmt"
	"strings"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// stationLevel is the level of a topic template that holds the station's id.
const stationLevel = "{station}"

// Template is a topic with a place for the station, such as stations/{station}/readings, and how its payloads are read.
type Template struct {
	Topic  string
	Format string
	QoS    byte
	Flags  *reading.FlagTable // of the stations' network; nil: HJ 212
	decode payload.Decoder
	levels []string
}

// NewTemplate checks a topic template.
func NewTemplate(topic, format string, qos byte) (Template, error) {
	t := Template{Topic: topic, Format: format, QoS: qos, decode: payload.Decoders[format], levels: strings.Split(topic, "/")}
	if t.decode == nil {
		return t, fmt.Errorf("format %q of topic %s is not known", format, topic)
	}
	count := 0
	for i, level := range t.levels {
		switch {
		case level == stationLevel:
			count++
		case level == "#" && i == len(t.levels)-1, level == "+":
		case strings.ContainsAny(level, "#+"):
			return t, fmt.Errorf("topic %s: + stands for a whole level and # for all levels at the end, nothing else", topic)
		}
	}
	if count != 1 {
		return t, fmt.Errorf("topic %s must hold %s exactly once, as a whole level", topic, stationLevel)
	}
	return t, nil
}

// Filter returns the MQTT topic filter of the template.
func (t *Template) Filter() string {
	return strings.ReplaceAll(t.Topic, stationLevel, "+")
}

// match returns the station if the topic fits the template.
func (t *Template) match(topic string) (station string, ok bool) {
	rest, more := topic, true
	for _, level := range t.levels {
		if level == "#" {
			return station, true
		}
		if !more {
			return "", false
		}
		var part string
		part, rest, more = strings.Cut(rest, "/")
		switch level {
		case stationLevel:
			station = part
		case "+", part:
		default:
			return "", false
		}
	}
	return station, !more
}
