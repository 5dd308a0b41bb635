package payload

import (
	"bytes"
	"errors"
	"fmt"
)

// HJ212 returns the decoder of HJ 212 frames, one or several in a payload: editions 2005, 2017 and 2025 and the dialect
// of surface-water stations (HJ 1404-2024). A frame that is refused becomes a problem, the others stand.
//
// DataTime labels the start of an interval (2051, 2061, 2031) or the moment of sampling (2011), as HJ 212-2017 table 4
// has it. A part of a split message (PNUM, PNO) is complete by itself. The sender is that of a frame that was accepted:
// the MN of one with a wrong checksum or password may be anybody's.
func HJ212(profiles Profiles[HJ212Profile]) Decoder {
	dialects := prepared(profiles, dialectOf)
	return func(in *Input, into *Message) error {
		rest := in.Payload
		understood, number := 0, 0
		for {
			advance, token, _ := SplitFrames(rest, true)
			rest = rest[advance:]
			if len(token) == 0 {
				break
			}
			r := areaReader{m: into}
			if bytes.HasPrefix(token, []byte(frameStart)) {
				number++
			} else {
				into.problem("%q stands where a frame should begin with ##", shown(token))
				continue
			}
			if number > 1 || nothingBefore(rest) < len(rest) {
				r.number = number
			}
			frame, err := ReadFrame(token, &profiles, in.Station)
			if err != nil {
				into.problem("%s%s", r.which(&frame), err)
				continue
			}
			if len(into.Sender) == 0 {
				into.Sender = frame.MN
			}
			into.Resent = into.Resent || frame.Resent
			r.dialect, r.Frame = dialects.find(frame.MN, in.Station), frame
			if r.read() {
				understood++
			}
		}
		switch {
		case understood > 0 || len(into.Problems) > 1:
			return nil
		case len(into.Problems) == 1:
			return errors.New(into.Problems[0])
		}
		return errEmpty
	}
}

// which says which frame of several cannot be read.
func (r *areaReader) which(f *Frame) string {
	switch {
	case r.number == 0:
		return ""
	case len(f.QN) == 0:
		return fmt.Sprintf("frame %d: ", r.number)
	}
	return fmt.Sprintf("frame %d (QN %s): ", r.number, shown(f.QN))
}
