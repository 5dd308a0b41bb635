package payload

import (
	"bytes"
	"strconv"
)

// areaReader reads the data area of one frame into a message. Items follow each other as code-Attribute=value; what
// stands together under one code is a group. What groups of the same code say of each other is known at the end only.
type areaReader struct {
	m *Message
	*dialect
	Frame
	number int // which one of the payload's frames it is; 0: the only one

	command   command
	values    int // where the frame's values begin
	notes     int // where its notes begin
	dataTime  []byte
	restart   []byte
	pollutant []byte // PolId: what the information that follows is about

	loose    bool        // some groups hold nothing but marks
	marked   [marks]bool // whether any group has the mark
	of       *factor     // of the last group; nil: no table has its code
	unitOf   []byte
	unitSaid bool
}

// read reads the area and says whether the frame is one that Egret understands.
func (r *areaReader) read() bool {
	r.command = r.commandOf(r.CN)
	switch r.command.kind {
	case unknownCommand:
		if len(r.CN) == 0 {
			r.problem(nil, "the frame has no CN, which says what it is for")
		} else {
			r.problem(nil, "CN=%s is no command that Egret knows: readings come with 2011, 2051, 2061 or 2031", shown(r.CN))
		}
		return false
	case talkCommand:
		return true
	}
	r.m.groups = emptied(r.m.groups)
	r.values, r.notes = len(r.m.values), len(r.m.Notes)
	follows := byte(';')
	for text := r.Area; len(text) > 0; {
		if len(r.m.groups) == mostGroups {
			r.problem(nil, "holds more than %d items with a code, and is read up to there", mostGroups)
			break
		}
		end, equals := tokenEnd(text)
		r.token(text[:end], equals, follows)
		if end == len(text) {
			break
		}
		follows, text = text[end], text[end+1:]
	}
	r.closeGroup()
	r.finish()
	return true
}

// tokenEnd returns where the first item of an area ends, and where its = stands, -1 where it has none. Information of
// CN=3020 stands between // and //, and may hold anything.
func tokenEnd(text []byte) (end, equals int) {
	equals = -1
	for end = 0; end < len(text); end++ {
		switch text[end] {
		case ';', ',':
			return end, equals
		case '=':
			if equals < 0 {
				equals = end
				if bytes.HasPrefix(text[end+1:], []byte("//")) {
					if length := bytes.Index(text[end+3:], []byte("//")); length >= 0 {
						end += length + 4
					}
				}
			}
		}
	}
	return end, equals
}

func (r *areaReader) token(text []byte, equals int, follows byte) {
	if equals < 0 {
		text = trimBlanks(text)
		switch {
		case len(text) == 0:
		case follows == ',' && len(r.m.groups) > 0:
			r.group().stray = text
		default:
			r.problem(nil, "%q is no item: one is written as code-Rtd=number", shown(text))
		}
		return
	}
	name, value := trimBlanks(text[:equals]), trimBlanks(text[equals+1:])
	dash := bytes.IndexByte(name, '-')
	if dash < 0 {
		r.bare(name, value)
		return
	}
	code, end := trimBlanks(name[:dash]), bytes.LastIndexByte(name, '-') // the standard itself has a34004--Avg and LA-Rtd-Rtd
	if follows == ';' || len(r.m.groups) == 0 || !bytes.EqualFold(code, r.group().code) {
		r.openGroup(code)
	}
	attr := trimBlanks(name[end+1:])
	r.attribute(attributeOf(attr), name, attr, value)
}

// bare takes an item without a code.
func (r *areaReader) bare(name, value []byte) {
	var buffer [mostCode]byte
	switch string(lower(&buffer, name)) {
	case "datatime":
		r.dataTime = value
		return
	case "restarttime":
		r.restart = value
		return
	case "polid":
		r.pollutant = value
		return
	case "qn", "st", "cn", "pw", "mn", "pnum", "pno", "rf", "begintime", "endtime": // of the header, or of a request
		return
	}
	kind := attributeOf(name)
	if kind != otherAttribute && len(r.m.groups) > 0 { // ; stands where , belongs, and the code was left out
		r.attribute(kind, name, name, value)
		return
	}
	if kind != otherAttribute {
		r.problem(nil, "%s=%s stands without a code: nobody knows what it is of", shown(name), shown(value))
		return
	}
	r.openGroup(name)
	if r.of != nil {
		kind = valueAttribute
	}
	r.attribute(kind, name, name, value)
}

// problem says what is wrong with an item, and in which frame.
func (r *areaReader) problem(of []byte, format string, arguments ...any) {
	where := ""
	if r.number > 0 {
		where = "frame " + strconv.Itoa(r.number) + ": "
	}
	if len(of) > 0 {
		where += shown(of) + ": "
	}
	r.m.problem("%s"+format, append([]any{where}, arguments...)...)
}
