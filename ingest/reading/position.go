package reading

import (
	"encoding/binary"
	"errors"
)

// Position is how far a reader of the journal has come: the last entry it has finished with, the checksum chain up
// to there, and the running counts of messages and values. A reader keeps it in the same atomic step as what it did
// with the entries; at the next start it is checked against the journal.
type Position struct {
	Sequence uint64
	Chain    uint64
	Messages uint64
	Values   uint64
	Received int64 // when the last entry was received
}

const positionSize = 40

// Append appends the position's 40 bytes.
func (p Position) Append(to []byte) []byte {
	to = binary.BigEndian.AppendUint64(to, p.Sequence)
	to = binary.BigEndian.AppendUint64(to, p.Chain)
	to = binary.BigEndian.AppendUint64(to, p.Messages)
	to = binary.BigEndian.AppendUint64(to, p.Values)
	return binary.BigEndian.AppendUint64(to, uint64(p.Received))
}

// ParsePosition reads what Append wrote; bytes after it are returned.
func ParsePosition(from []byte) (Position, []byte, error) {
	if len(from) < positionSize {
		return Position{}, nil, errors.New("position is cut short")
	}
	return Position{
		Sequence: binary.BigEndian.Uint64(from),
		Chain:    binary.BigEndian.Uint64(from[8:]),
		Messages: binary.BigEndian.Uint64(from[16:]),
		Values:   binary.BigEndian.Uint64(from[24:]),
		Received: int64(binary.BigEndian.Uint64(from[32:])),
	}, from[positionSize:], nil
}
