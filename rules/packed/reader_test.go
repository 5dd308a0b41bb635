package packed

import (
	"encoding/binary"
	"math"
	"testing"
)

// state is a text as the rules write one: a name, a byte, an instant and two numbers.
func state() []byte {
	to := binary.AppendUvarint(nil, 4)
	to = append(to, "pm25"...)
	to = append(to, 7)
	to = binary.BigEndian.AppendUint64(to, uint64(math.MaxUint64)) // -1
	to = binary.AppendUvarint(to, math.MaxUint64)
	return binary.AppendVarint(to, math.MinInt64)
}

func TestReaderReturnsWhatWasWritten(t *testing.T) {
	r := Reader{Rest: append(state(), 9)}
	name := string(r.Take(r.Uvarint()))
	if name != "pm25" || r.Byte() != 7 || r.Instant() != -1 || r.Uvarint() != math.MaxUint64 || r.Varint() != math.MinInt64 {
		t.Errorf("read %q and other numbers than were written", name)
	}
	if r.Broken || len(r.Rest) != 1 || r.Rest[0] != 9 {
		t.Errorf("broken %t, rest %x", r.Broken, r.Rest)
	}
	if empty := r.Take(0); len(empty) != 0 || r.Broken || len(r.Rest) != 1 {
		t.Errorf("nothing taken is %x, broken %t", empty, r.Broken)
	}
}

// A text cut short anywhere is broken, and stays so.
func TestReaderKnowsWhatIsCutShort(t *testing.T) {
	whole := state()
	for length := range whole {
		r := Reader{Rest: whole[:length:length]}
		r.Take(r.Uvarint())
		r.Byte()
		r.Instant()
		r.Uvarint()
		if last := r.Varint(); !r.Broken || last != 0 {
			t.Errorf("%d of %d bytes: broken %t, last number %d", length, len(whole), r.Broken, last)
		}
		if r.Take(1) != nil || r.Byte() != 0 || r.Instant() != 0 || r.Uvarint() != 0 || r.Varint() != 0 || !r.Broken || len(r.Rest) != 0 {
			t.Errorf("%d of %d bytes: something comes after the end", length, len(whole))
		}
	}
}

func TestReaderRefusesWhatIsNoNumber(t *testing.T) {
	f := func(read func(*Reader)) {
		t.Helper()
		r := Reader{Rest: []byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1}} // over 64 bits
		if read(&r); !r.Broken || r.Rest != nil {
			t.Errorf("broken %t, rest %x", r.Broken, r.Rest)
		}
	}
	f(func(r *Reader) { r.Uvarint() })
	f(func(r *Reader) { r.Varint() })
	f(func(r *Reader) { r.Take(13) })
	f(func(r *Reader) { r.Take(math.MaxUint64) })
}
