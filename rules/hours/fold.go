package hours

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// fold appends the block that the operands make, given from oldest to newest: instants in rising order, and the
// newest value of each parameter in each. A parameter keeps the place where it first stood. That makes folding
// associative to the byte, so it does not matter in which groups the store folds.
func fold(to []byte, operands [][]byte) ([]byte, error) {
	var memory [64]instant
	instants, sorted := memory[:0], true
	for _, operand := range operands {
		if len(operand) == 0 || operand[0] != version {
			return nil, errMalformed
		}
		last := int64(-1) // within one operand offsets rise
		for rest := operand[1:]; len(rest) > 0; {
			var one instant
			var err error
			if one, rest, err = nextInstant(rest); err != nil {
				return nil, err
			}
			if one.offset <= last {
				return nil, errMalformed
			}
			last = one.offset
			sorted = sorted && (len(instants) == 0 || instants[len(instants)-1].offset < one.offset)
			instants = append(instants, one)
		}
	}
	if !sorted {
		slices.SortStableFunc(instants, func(a, b instant) int { return cmp.Compare(a.offset, b.offset) })
	}
	to = append(to, version)
	for first := 0; first < len(instants); {
		after := first + 1
		for after < len(instants) && instants[after].offset == instants[first].offset {
			after++
		}
		to = appendInstant(to, instants[first:after])
		first = after
	}
	return to, nil
}

// appendInstant appends what the writes of one instant make, given from oldest to newest.
func appendInstant(to []byte, writes []instant) []byte {
	to = appendOffset(to, writes[0].offset)
	if len(writes) == 1 {
		to = binary.AppendUvarint(to, uint64(writes[0].count))
		return append(to, writes[0].fields...)
	}
	type entry struct{ name, encoded []byte }
	var entries []entry
	for _, write := range writes {
		for rest := write.fields; len(rest) > 0; {
			field, after, err := nextField(rest)
			if err != nil {
				break // cannot be: nextInstant has walked the fields
			}
			encoded := rest[:len(rest)-len(after)]
			rest = after
			known := slices.IndexFunc(entries, func(e entry) bool { return bytes.Equal(e.name, field.Parameter) })
			if known >= 0 {
				entries[known].encoded = encoded
			} else {
				entries = append(entries, entry{field.Parameter, encoded})
			}
		}
	}
	to = binary.AppendUvarint(to, uint64(len(entries)))
	for _, e := range entries {
		to = append(to, e.encoded...)
	}
	return to
}
