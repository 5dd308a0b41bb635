package reading

import "time"

// Kind says what a journal record holds.
type Kind uint8

// The kinds of records.
const (
	Readings Kind = iota + 1 // a message and the lines it became
	Refused                  // a message of which nothing could be stored: it is in quarantine as a whole
	Tick                     // nothing arrived: the clock that rules go by
	Register                 // lines that hold no readings: the station register as it is now, derived lines taken again
)

// Transport holds what the way of a message says about it.
type Transport uint8

// Transport marks, a bit set.
const (
	Retained    Transport = 1 << iota // the broker kept it and gave it out on subscribing
	Redelivered                       // delivered again: the first acknowledgement may be lost
	Retried                           // taken again from quarantine
	Resent                            // the station says that it sends this again, or late (HJ 212-2025: RF=1)
	Deaf                              // it came while another way in was closed, so others may be silent for Egret's fault
	Imported                          // history that was brought in: its age is no fault, it is no sign of life, and nobody is alerted
)

// Record is what became of one message: a header and the complete lines of line protocol it held.
type Record struct {
	Kind      Kind
	Transport Transport
	Received  int64  // when Egret took it
	Source    string // where it came from, such as an MQTT topic
	Values    uint32 // values in Lines
	Rejected  uint32 // values of the message that went to quarantine
	Station   string // the sender where it is known, also of a refused message
	Lines     []byte // each line ends in \n
}

// ClockSetBack is how far a receipt may lie before the one in front of it until it means that the clock had been wrong
// and was set right: an hour in nanoseconds, more than any clock is set back for in good order.
const ClockSetBack = int64(time.Hour)

// Entry is a record with its place in the journal. Sequences start at 1 and have no gaps.
type Entry struct {
	Sequence uint64
	Record
}
