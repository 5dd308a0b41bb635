package payload

import (
	"bytes"
	"strconv"
)

// areaReader reads the data area of one frame into a message. Items follow each other as code-Attribute=value; what
// stands together under one code is a group, whichever of ; and , parts it.
type areaReader struct {
	m *Message
	*dialect
	Frame
	number int // which one of the payload's frames it is; 0: the only one

	command   command
	statement int // of what has no time of its own; -1 while there is none
	values    int // where its values begin: those of groups with a time of their own come to lie before
	first     int // where the values of this frame began
	notes     int // where its notes begin
	dataTime  []byte
	restart   []byte
	pollutant []byte // PolId: what the information that follows is about

	group group
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
	r.statement, r.values, r.first, r.notes = -1, len(r.m.values), len(r.m.values), len(r.m.Notes)
	if r.command.kind == dataCommand {
		r.needStatement()
	}
	follows := byte(';')
	for text := r.Area; len(text) > 0; {
		end, equals := tokenEnd(text)
		r.token(text[:end], equals, follows)
		if end == len(text) {
			break
		}
		follows, text = text[end], text[end+1:]
	}
	r.closeGroup()
	r.close()
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
		case follows == ',' && r.group.code != nil:
			r.group.stray = text
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
	if r.group.code == nil || !bytes.Equal(code, r.group.code) {
		r.closeGroup()
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
	if kind != otherAttribute && r.group.code != nil { // ; stands where , belongs, and the code was left out
		r.attribute(kind, name, name, value)
		return
	}
	if kind != otherAttribute {
		r.problem(nil, "%s=%s stands without a code: nobody knows what it is of", shown(name), shown(value))
		return
	}
	r.closeGroup()
	r.openGroup(name)
	if r.group.factor != nil {
		kind = valueAttribute
	}
	r.attribute(kind, name, name, value)
}

// needStatement makes the statement of what has no time of its own. Which statements a frame has follows from its text
// alone: quarantine speaks of values by the number of their statement, under whichever profile.
func (r *areaReader) needStatement() {
	if r.statement < 0 {
		r.statement = len(r.m.Statements)
		r.m.Statements = append(r.m.Statements, r.newStatement())
	}
}

func (r *areaReader) newStatement() Statement {
	return Statement{Station: r.MN, Period: r.command.period, Flags: r.flags(&r.Frame), Foreign: true}
}

// close gives the statement and the notes of the frame their time.
func (r *areaReader) close() {
	values := r.m.values[r.values:len(r.m.values):len(r.m.values)]
	if r.command.kind == noteCommand && (r.restart != nil || string(r.CN) == "2081") {
		r.start()
	}
	var instant int64
	if r.dataTime != nil {
		at, err := r.instant("DataTime", r.dataTime)
		if err != nil {
			r.problem(nil, "%s", err)
			r.m.values, r.m.Notes = r.m.values[:r.values], r.withTime()
			return
		}
		instant = at
	} else if len(values) > 0 {
		r.problem(nil, "there is no DataTime: nobody knows when this was measured")
		r.m.values = r.m.values[:r.values]
		return
	}
	if r.statement >= 0 {
		s := &r.m.Statements[r.statement]
		s.Time, s.HasTime, s.Values = instant, r.dataTime != nil, values
	}
	for i := range r.m.Notes[r.notes:] {
		if n := &r.m.Notes[r.notes+i]; !n.HasTime {
			n.Time, n.HasTime = instant, r.dataTime != nil
		}
	}
}

// withTime returns the notes without those of this frame that have no time of their own.
func (r *areaReader) withTime() []Note {
	kept := r.m.Notes[:r.notes]
	for _, n := range r.m.Notes[r.notes:] {
		if n.HasTime {
			kept = append(kept, n)
		}
	}
	return kept
}

// start notes that a logger has started (CN=2081), at the time of the start where it can be read.
func (r *areaReader) start() {
	n := Note{Station: r.MN, Kind: "start", Field: "text", Text: startText}
	if r.restart != nil {
		at, err := r.instant("RestartTime", r.restart)
		if err != nil {
			r.problem(nil, "%s", err)
		} else {
			n.Time, n.HasTime = at, true
		}
	}
	r.m.Notes = append(r.m.Notes, n)
}

var startText = []byte("the data logger started")

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
