// Package payload turns what stations send into statements, one file per format. A decoder knows nothing of MQTT, of
// stations or of what is plausible: it says what the payload says, and what in it cannot be understood.
package payload

import (
	"fmt"

	"egret/ingest/reading"
)

// Statement is what a payload says of one instant.
type Statement struct {
	Time    int64 // Unix nanoseconds; only if HasTime
	HasTime bool
	Period  reading.Period
	Values  []Value
}

// Value is one value as it was sent.
type Value struct {
	Parameter []byte // points into the payload
	Number    float64
	Flag      []byte // as written; empty if none was
	Unit      []byte // as written; empty if none was
}

// Message is a decoded payload. Its memory is used again for the next.
type Message struct {
	Statements []Statement
	Problems   []string // what could not be understood, up to mostProblems; the rest of the message stands
	More       int      // problems beyond those listed
	Empty      int      // values given as null
	values     []Value
}

// Reset empties the message and keeps its memory.
func (m *Message) Reset() {
	*m = Message{Statements: m.Statements[:0], Problems: m.Problems[:0], values: m.values[:0]}
}

// mostProblems bounds what is said of one payload, so that a megabyte of rubbish does not become a hundred of messages.
const mostProblems = 100

func (m *Message) problem(format string, arguments ...any) {
	if len(m.Problems) == mostProblems {
		m.More++
		return
	}
	m.Problems = append(m.Problems, fmt.Sprintf(format, arguments...))
}

// Decoder reads a payload into an empty message. An error means that nothing of the payload could be understood.
type Decoder func(payload []byte, into *Message) error

// Decoders are the formats by the name they have in the configuration.
var Decoders = map[string]Decoder{"json": JSON}
