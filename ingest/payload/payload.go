// Package payload turns what stations send into statements. A decoder is a pure function of the payload and of the profile
// that says how its sender writes: it knows nothing of MQTT, of the register or of what is plausible. It says what the
// payload says, and what in it cannot be understood.
//
// A format has a file of its name that holds its decoder; longer ones have further files that begin with it:
//
//	json.go        Egret's own format
//	hj212.go       HJ 212: hj212split, end, frame, header, crc and sm4 find a frame and open it; hj212area, group, attribute,
//	               code, command, note and time read what it says, finish ends that; hj212profile and dialect say how a
//	               station writes
//	mapping.go     JSON of any shape, by paths
//	barenumber.go  a number alone
//	senml.go       SenML
//	influxline.go  InfluxDB line protocol
//
// The other files serve several formats: scanner and jsonvalue read JSON; number, absent, instant and timelayout read
// numbers and times; target says what a name means, profile who writes how; statement and problem hold what comes of it.
package payload

import "egret/ingest/reading"

// Input is a payload and what its transport says of it.
type Input struct {
	Payload   []byte
	Station   string // the sender; "" where only the payload names it
	Parameter string // of a payload that is a bare number; "" otherwise
	Received  int64  // Unix nanoseconds
}

// Decoder reads a payload into an empty message, which may point into the payload. An error means that nothing of it
// could be understood.
type Decoder func(in *Input, into *Message) error

// Statement is what a payload says of one instant.
type Statement struct {
	Station []byte // the name under which the payload speaks of the station; empty: the one that the transport names
	Time    int64  // Unix nanoseconds; only if HasTime
	HasTime bool
	Period  reading.Period
	Flags   *reading.FlagTable // what the marks beside the values mean; nil: what the subscription says
	Foreign bool               // the marks are the station's own: a number among them is no code of Egret's
	Values  []Value
}

// Value is one value as it was sent.
type Value struct {
	Parameter []byte // its key; empty for a name that the format's table does not know
	// Name is what stands in the payload where that is not the parameter's key, such as a34004-Avg. A named value whose
	// parameter is not known is reported once a station instead of each time.
	Name   []byte
	Number float64
	Flag   []byte // as written; empty if none was
	Unit   []byte // as written, or as the profile has it; empty: the parameter's own
	// Problem is why the value cannot be taken under this profile, though another may take it; "" where it can.
	Problem string
}

// Written returns what the value is called in the payload.
func (v *Value) Written() []byte {
	if len(v.Name) > 0 {
		return v.Name
	}
	return v.Parameter
}

// Note is something that a payload says beside readings: the result of a check with a known sample, a state in words,
// a start-up. Notes with the same station, kind, subject and time are one point in the database.
type Note struct {
	Station []byte // as in Statement
	Time    int64
	HasTime bool
	Kind    string // such as check, span, state or start
	Subject []byte // what it speaks of: a parameter's key or a code; empty: the station
	Field   string // such as value, standard_value or text
	Number  float64
	Text    []byte // where not nil, in place of Number
}

// Message is a decoded payload. Its memory is used again for the next.
type Message struct {
	Statements []Statement
	Notes      []Note
	Resent     bool     // the sender says that it sends this again, or late
	Sender     []byte   // who the payload says it is from, for one without statements, such as a heartbeat
	Problems   []string // what could not be understood, up to mostProblems; the rest of the message stands
	More       int      // problems beyond those listed
	Empty      int      // values given as null
	values     []Value
	groups     []group // of an HJ 212 frame
}

// mostKept bounds the memory that a message keeps for the next, in entries: far more than stations send at once.
const mostKept = 4096

// Reset empties the message and keeps its memory, unless a payload of many megabytes has made it large.
func (m *Message) Reset() {
	*m = Message{Statements: emptied(m.Statements), Notes: emptied(m.Notes), Problems: emptied(m.Problems), values: emptied(m.values), groups: emptied(m.groups)}
}

// emptied returns the slice without its entries, which may point into a payload.
func emptied[T any](slice []T) []T {
	if cap(slice) > mostKept {
		return nil
	}
	clear(slice)
	return slice[:0]
}
