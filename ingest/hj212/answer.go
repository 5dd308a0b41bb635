package hj212

import (
	"errors"
	"strconv"

	"egret/ingest/payload"
)

// The commands of answers (HJ 212-2017 table 9).
const (
	requestAnswer = "9011"
	noticeAnswer  = "9013"
	dataAnswer    = "9014"
)

// The values of QnRtn in the answer to a request (HJ 212-2017).
const (
	ready          = "QnRtn=1"
	wrongPassword  = "QnRtn=3"
	wrongMN        = "QnRtn=4"
	unknownCommand = "QnRtn=8"
)

// mostSegment is the longest data segment (HJ 212-2017 6.3). Only what is no real QN, PW or MN makes an answer longer.
const mostSegment = 1024

// frameEnds is what a frame has around its data segment: ##, length, checksum, CR LF.
const frameEnds = 12

// answer is a frame that is sent when the one that it answers is durable; without a frame nothing is sent.
type answer struct {
	command string
	frame   []byte
}

// answer makes the answer to a frame. ST is 91, system interaction; QN, PW and MN are those of the frame, and Flag its
// edition without the wish for an answer (HJ 212-2017 clause 6 and annex C). What the frame does not have the answer does
// not have either: a logger without a QN, as under HJ/T 212-2005, takes the next answer for its own.
func (c *connection) answer(f *payload.Frame, unread error) answer {
	command, area := c.server.reply(f, unread)
	if command == "" {
		return answer{}
	}
	s := c.segment[:0]
	if len(f.QN) > 0 {
		s = append(append(append(s, "QN="...), f.QN...), ';')
	}
	s = append(append(s, "ST=91;CN="...), command...)
	if len(f.PW) > 0 {
		s = append(append(s, ";PW="...), f.PW...)
	}
	if len(f.MN) > 0 {
		s = append(append(s, ";MN="...), f.MN...)
	}
	s = strconv.AppendUint(append(s, ";Flag="...), uint64(f.Flag&^3), 10)
	s = append(append(append(s, ";CP=&&"...), area...), "&&"...)
	c.segment = s
	if len(s) > mostSegment {
		return answer{}
	}
	return answer{command: command, frame: payload.AppendFrame(make([]byte, 0, len(s)+frameEnds), s)}
}

// reply says which command answers a frame and what stands in its data area; no command: it is not answered. That is
// so of what cannot be read (HJ 212-2017 clause 6: a wrong checksum ends the processing), of frames that want no answer,
// and of answers.
func (s *Server) reply(f *payload.Frame, unread error) (command, area string) {
	if unread != nil && !errors.Is(unread, payload.ErrPassword) || !f.AnswerWanted() {
		return "", ""
	}
	number, err := strconv.ParseUint(string(f.CN), 10, 16)
	switch {
	case err == nil && number >= 9011 && number <= 9014:
		return "", ""
	case !s.known(string(f.MN)): // before the password, which is found by the MN
		return requestAnswer, wrongMN
	case unread != nil:
		return requestAnswer, wrongPassword
	case err != nil:
		return requestAnswer, unknownCommand
	case number >= 2011 && number <= 2111, number == 3019, number == 3020, number == 9015:
		// Data of any kind. What of them Egret cannot read is in quarantine: sending it again would not help.
		return dataAnswer, ""
	case number == 1013: // the logger asks whether its clock is right
		return noticeAnswer, ""
	case number == 9021: // log-in of older loggers
		return requestAnswer, ready
	default:
		return requestAnswer, unknownCommand
	}
}
