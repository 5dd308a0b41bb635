// Package quarantine keeps what could not be stored, with the reason, until somebody looks at it.
package quarantine

import (
	"encoding/json"
	"fmt"
	"time"
)

// Entry is one message, or one line that the database refused, that could not be stored in whole.
type Entry struct {
	ID        uint64    `json:"id"`
	Received  time.Time `json:"received"`
	Station   string    `json:"station,omitempty"`
	Source    string    `json:"source"`           // such as an MQTT topic
	Format    string    `json:"format,omitempty"` // how the payload was read
	Transport uint8     `json:"transport,omitempty"`
	Reasons   []string  `json:"reasons"`
	More      int       `json:"more_reasons,omitempty"` // reasons beyond those listed
	Stored    uint32    `json:"stored_values"`          // values of the message that were stored all the same
	Taken     []byte    `json:"taken,omitempty"`        // where some were: which, for the intake to know them again
	Rejected  uint32    `json:"rejected_values"`
	Size      int       `json:"size"`    // of the payload as received, bytes
	SHA256    string    `json:"sha256"`  // of the whole payload
	Payload   []byte    `json:"payload"` // its beginning
}

// FormatLine is the format of an entry that is a line of line protocol which the database refused.
const FormatLine = "line"

// MostReasons is how many reasons an entry lists; the rest are counted.
const MostReasons = 20

// Whole says whether the payload was kept in whole, so that it can be taken again.
func (e *Entry) Whole() bool { return len(e.Payload) == e.Size }

const entryVersion = 1

func (e *Entry) encode() ([]byte, error) {
	content, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write quarantine entry: %w", err)
	}
	return append([]byte{entryVersion}, content...), nil
}

func decode(id uint64, from []byte) (Entry, error) {
	var e Entry
	if len(from) == 0 || from[0] != entryVersion {
		return e, fmt.Errorf("quarantine entry %d was written by a newer version of Egret", id)
	}
	if err := json.Unmarshal(from[1:], &e); err != nil {
		return e, fmt.Errorf("read quarantine entry %d: %w", id, err)
	}
	e.ID = id
	return e, nil
}
