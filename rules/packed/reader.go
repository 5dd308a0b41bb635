// Package packed reads what the rules keep in the store: numbers as variable-length integers, names behind their
// length, instants in eight bytes.
package packed

import "encoding/binary"

// Reader reads from the front of Rest. After the end, or a number that is none, everything it returns is zero and
// Broken is set, so that it is enough to look at Broken once, before what was read is used.
type Reader struct {
	Rest   []byte
	Broken bool
}

// Take returns the next bytes, which are those of Rest.
func (r *Reader) Take(length uint64) []byte {
	if length > uint64(len(r.Rest)) {
		r.cut()
		return nil
	}
	taken := r.Rest[:length]
	r.Rest = r.Rest[length:]
	return taken
}

// Byte returns the next byte.
func (r *Reader) Byte() byte {
	if b := r.Take(1); b != nil {
		return b[0]
	}
	return 0
}

// Instant returns the next eight bytes, big-endian, as nanoseconds since 1970.
func (r *Reader) Instant() int64 {
	if b := r.Take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

// Uvarint returns a number as [binary.AppendUvarint] has written it.
func (r *Reader) Uvarint() uint64 {
	number, size := binary.Uvarint(r.Rest)
	if size <= 0 {
		r.cut()
		return 0
	}
	r.Rest = r.Rest[size:]
	return number
}

// Varint returns a number as [binary.AppendVarint] has written it.
func (r *Reader) Varint() int64 {
	number, size := binary.Varint(r.Rest)
	if size <= 0 {
		r.cut()
		return 0
	}
	r.Rest = r.Rest[size:]
	return number
}

func (r *Reader) cut() { r.Rest, r.Broken = nil, true }
