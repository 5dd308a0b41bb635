package hours

import (
	"encoding/binary"
	"errors"

	"egret/ingest/reading"
)

// version is the first byte of operands and blocks. An operand is a block of one instant; a block holds instants in
// rising order:
//
//	version, then for each instant: offset, count, count × (name length, name, number, flag)
//
// The offset counts from the start of the hour: milliseconds·2 where they say it exactly, else nanoseconds·2+1.
// The number is a zigzag varint of its Fixed.
const version = 1

const millisecond = 1_000_000

var errMalformed = errors.New("malformed block of the hour store")

// instant is one instant of a block; fields points into the block.
type instant struct {
	offset int64
	count  int
	fields []byte
}

// AppendOperand appends the merge operand that holds the line's fields. Of a parameter that stands in the line twice
// the last value counts.
func AppendOperand(to []byte, line *reading.Line) []byte {
	to = append(to, version)
	to = appendOffset(to, line.Time-Of(line.Time)*length)
	count := 0
	for i := range line.Fields {
		if !repeated(line.Fields, i) {
			count++
		}
	}
	to = binary.AppendUvarint(to, uint64(count))
	for i := range line.Fields {
		if count != len(line.Fields) && repeated(line.Fields, i) {
			continue
		}
		f := &line.Fields[i]
		to = binary.AppendUvarint(to, uint64(len(f.Parameter)))
		to = append(to, f.Parameter...)
		to = binary.AppendVarint(to, int64(f.Number))
		to = append(to, byte(f.Flag))
	}
	return to
}

// repeated says whether the field's parameter comes again after it.
func repeated(fields []reading.Field, i int) bool {
	for j := i + 1; j < len(fields); j++ {
		if string(fields[j].Parameter) == string(fields[i].Parameter) {
			return true
		}
	}
	return false
}

func appendOffset(to []byte, offset int64) []byte {
	if offset%millisecond == 0 {
		return binary.AppendUvarint(to, uint64(offset/millisecond)<<1)
	}
	return binary.AppendUvarint(to, uint64(offset)<<1|1)
}

// nextInstant splits the first instant off the rest of a block.
func nextInstant(rest []byte) (instant, []byte, error) {
	code, size := binary.Uvarint(rest)
	if size <= 0 || code>>1 >= uint64(length) {
		return instant{}, nil, errMalformed
	}
	rest = rest[size:]
	offset := int64(code >> 1)
	if code&1 == 0 {
		offset *= millisecond
	}
	count, size := binary.Uvarint(rest)
	if size <= 0 || offset < 0 || offset >= length || count == 0 || count > uint64(len(rest)) {
		return instant{}, nil, errMalformed
	}
	rest = rest[size:]
	after := rest
	for range count {
		var err error
		if _, after, err = nextField(after); err != nil {
			return instant{}, nil, err
		}
	}
	return instant{offset: offset, count: int(count), fields: rest[:len(rest)-len(after)]}, after, nil
}

// nextField splits the first field off the rest of an instant's fields.
func nextField(rest []byte) (reading.Field, []byte, error) {
	name, size := binary.Uvarint(rest)
	if size <= 0 || name > uint64(len(rest)-size) {
		return reading.Field{}, nil, errMalformed
	}
	f := reading.Field{Parameter: rest[size : size+int(name)]}
	rest = rest[size+int(name):]
	number, size := binary.Varint(rest)
	if size <= 0 || size == len(rest) {
		return reading.Field{}, nil, errMalformed
	}
	f.Number, f.Flag = reading.Fixed(number), reading.Flag(rest[size])
	return f, rest[size+1:], nil
}
