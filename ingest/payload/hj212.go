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
// has it. A part of a split message (PNUM, PNO) is complete by itself.
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
			frame, err := ReadFrame(token, &profiles, in.Station)
			if len(into.Sender) == 0 {
				into.Sender = frame.MN
			}
			if number > 1 || len(trimBlanks(rest)) > 0 {
				r.number = number
			}
			if err != nil {
				r.refused(token, &frame, err)
				continue
			}
			into.Resent = into.Resent || frame.Resent
			r.dialect, r.Frame = dialects.find(frame.MN, in.Station), frame
			if r.read() {
				understood++
			}
		}
		for len(into.Statements) > 0 && len(into.Statements[len(into.Statements)-1].Values) == 0 {
			into.Statements = into.Statements[:len(into.Statements)-1]
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

// refused says which frame cannot be read and why, and keeps the places of its statements: the numbers of those that
// follow must be the same when the payload is read again under a profile that takes the frame.
func (r *areaReader) refused(token []byte, f *Frame, err error) {
	which := ""
	if r.number > 0 {
		which = fmt.Sprintf("frame %d: ", r.number)
		if len(f.QN) > 0 {
			which = fmt.Sprintf("frame %d (QN %s): ", r.number, shown(f.QN))
		}
	}
	r.m.problem("%s%s", which, err)
	if r.number == 0 || isTalk(f.CN) {
		return
	}
	for range 1 + bytes.Count(token, []byte("-SampleTime=")) {
		r.m.Statements = append(r.m.Statements, Statement{Station: f.MN})
	}
}
