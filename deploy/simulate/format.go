package simulate

import (
	"fmt"
	"time"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// Format is how simulated stations write their messages; the empty one is JSON.
type Format string

// The formats, each with a topic of its own: stations/{station}/readings, …/senml and …/hj212.
const (
	JSON  Format = "json"
	SenML Format = "senml"
	HJ212 Format = "hj212"
)

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case JSON, SenML, HJ212:
		return f, nil
	}
	return "", fmt.Errorf("format %q is not known: use json, senml or hj212", name)
}

// level is the last level of the topics.
func (f Format) level() string {
	if f == SenML || f == HJ212 {
		return string(f)
	}
	return "readings"
}

var builtin = reading.BuiltinParameters()

// append appends the message of a station of a domain at an instant.
func (f Format) append(to []byte, station string, domain reading.Domain, values []reading.Value, at time.Time) []byte {
	switch f {
	case SenML:
		return payload.AppendSenML(to, station, values, builtin, at.UnixNano())
	case HJ212: // without the wish for an answer: PUBACK is one
		return AppendHJ212(to, values, at, at, &HJ212Station{ST: systemTypes[domain], MN: station, Password: "123456", Flag: 4})
	}
	return AppendJSON(to, values, at)
}
