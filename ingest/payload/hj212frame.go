package payload

import (
	"bytes"
	"cmp"
	"crypto/subtle"
	"errors"
	"fmt"
)

// Frame is one HJ 212 frame: ##, length, data segment, checksum. Its slices point into the frame's bytes; Area is plain.
type Frame struct {
	QN, ST, CN, PW, MN []byte
	Flag               uint8
	HasFlag            bool
	Resent             bool   // RF=1: HJ 212-2025 marks what is sent again or late
	Area               []byte // what stands between CP=&& and &&
}

// What ReadFrame's errors wrap, for a listener to know how to answer.
var (
	ErrChecksum = errors.New("wrong checksum")
	ErrPassword = errors.New("wrong password (PW)")
)

// AnswerWanted says whether the sender waits for an answer (bit 0 of Flag).
func (f *Frame) AnswerWanted() bool { return f.HasFlag && f.Flag&1 == 1 }

// version returns the edition that Flag names: 0 is HJ/T 212-2005, 1 HJ 212-2017, 2 HJ 212-2025.
func (f *Frame) version() uint8 { return f.Flag >> 2 }

// ReadFrame reads one frame as the profile of its MN, or of the station that the transport names, has it. With an error
// it returns what of the header could be read. Where an area is encrypted, Area is a copy.
func ReadFrame(raw []byte, profiles *Profiles[HJ212Profile], station string) (Frame, error) {
	raw = trimNothing(raw)
	declared, digits := declaredLength(raw)
	if !bytes.HasPrefix(raw, []byte(frameStart)) || digits == 0 {
		return Frame{}, fmt.Errorf("it begins with %q, but a frame begins with ## and its length in 4 digits, such as ##0124QN=", shown(raw[:min(len(raw), 12)]))
	}
	body := raw[len(frameStart)+digits:]
	segment, sum := body[:max(0, len(body)-checksumDigits)], body[max(0, len(body)-checksumDigits):]
	written, ok := hexDigits(sum)
	if !ok {
		f := readHeader(body)
		return f, fmt.Errorf("it is cut off: its length field says %d bytes, it has %d, and it does not end in && and a checksum of 4 hexadecimal digits", declared, len(body))
	}
	f := readHeader(segment)
	profile := cmp.Or(profiles.find(f.MN, station), anyone)
	length, err := f.open(segment, written, profile)
	if err != nil {
		if declared != len(segment) {
			err = fmt.Errorf("%w (its length field says %d, and it has %d bytes before the checksum)", err, declared, len(segment))
		}
		return f, err
	}
	if declared != length && declared != len(segment) && !profile.LenientLength {
		return f, fmt.Errorf("its length field says %d, but the data segment has %d bytes: the logger counts wrong, or part of the frame is lost; where its frames are whole, write lenient_length: true in the station's profile", declared, length)
	}
	if profile.Password != "" && subtle.ConstantTimeCompare([]byte(profile.Password), f.PW) == 0 {
		return f, fmt.Errorf("%w: it is not the one of the station (hj212.password)", ErrPassword)
	}
	if len(f.QN) == 0 {
		f.QN = item(f.Area, "QN")
	}
	return f, nil
}

// open checks the checksum and finds the plain area. It returns the length of the plain segment.
func (f *Frame) open(segment []byte, written uint16, profile *HJ212Profile) (length int, err error) {
	if profile.Checksum.of(segment) == written && (profile.Key == nil || isPlain(f.Area)) {
		return len(segment), nil
	}
	if profile.Key != nil {
		return f.decrypt(segment, written, profile)
	}
	if !isReadable(f.Area) {
		return 0, fmt.Errorf("%w: the data area is no text: it was damaged, or is encrypted with SM4, which needs the station's hj212.key", ErrChecksum)
	}
	for _, other := range checksums {
		if other.checksum == profile.Checksum || other.checksum.of(segment) != written {
			continue
		}
		return 0, fmt.Errorf("%w: %04X is right as %s: if this logger always sends that, write %s in the station's profile", ErrChecksum, written, other.name, other.setting)
	}
	return 0, fmt.Errorf("%w: the frame ends in %04X, but what it says gives %04X: it was damaged on its way, or changed after the checksum was made", ErrChecksum, written, profile.Checksum.of(segment))
}

var checksums = [...]struct {
	checksum      Checksum
	name, setting string
}{
	{StandardChecksum, "the checksum of HJ 212 itself", "checksum: standard"},
	{ModbusChecksum, "CRC-16/MODBUS, high byte first", "checksum: modbus"},
	{ModbusLowChecksum, "CRC-16/MODBUS, low byte first", "checksum: modbus-low"},
}

// AppendFrame appends the frame of a data segment: ##, length, segment, the standard's checksum, CR LF. The standard
// allows segments of up to 1024 bytes, the length field 9999.
func AppendFrame(to, segment []byte) []byte {
	to = fmt.Appendf(to, "%s%04d", frameStart, len(segment))
	to = append(to, segment...)
	return fmt.Appendf(to, "%04X\r\n", StandardChecksum.of(segment))
}
