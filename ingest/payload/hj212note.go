package payload

import (
	"bytes"
	"slices"
)

// mostSubject bounds a code that no table has, in the subject of a note: the standard's have six characters.
const mostSubject = 10

// subject returns what a note under a code speaks of: the parameter's key, else the code; nil where it has no letter or
// digit.
func (r *areaReader) subject(code []byte, of *factor) []byte {
	if of != nil {
		return of.keys[valueAttribute]
	}
	own := plainCode(code)
	if len(own) == 0 || len(r.pollutant) == 0 {
		return own
	}
	about := plainCode(r.pollutant) // PolId=w01018,i11001-Info=…: information on the instrument of a factor
	if f := r.factor(r.pollutant, r.ST); f != nil {
		about = f.keys[valueAttribute]
	}
	return bytes.Join([][]byte{about, own}, []byte(" "))
}

// plainCode returns the first letters and digits of a code: a subject is a tag of the database, and no text.
func plainCode(code []byte) []byte {
	isCode := func(c byte) bool { return isLetter(c) || (c >= '0' && c <= '9') }
	length := 0
	for length < len(code) && isCode(code[length]) {
		length++
	}
	if length == len(code) || length >= mostSubject {
		return code[:min(length, mostSubject)]
	}
	plain := make([]byte, 0, mostSubject)
	for _, c := range code {
		if isCode(c) && len(plain) < mostSubject {
			plain = append(plain, c)
		}
	}
	return plain
}

// numberNote takes a state or information, a number in its field or a text.
func (r *areaReader) numberNote(kind, field string, value []byte) {
	number, found := parseNumber(value)
	if found != numberFound {
		r.textNote(kind, value)
		return
	}
	r.note(Note{Kind: kind, Field: field, Number: number})
}

func (r *areaReader) textNote(kind string, text []byte) {
	if len(text) >= 4 && bytes.HasPrefix(text, []byte("//")) {
		text = bytes.TrimSuffix(text[2:], []byte("//"))
	}
	r.note(Note{Kind: kind, Field: "text", Text: text})
}

func (r *areaReader) note(n Note) {
	n.Station, n.Subject = r.MN, r.subject(r.group().code, r.of)
	if len(n.Subject) == 0 {
		r.problem(r.group().code, "is no code: nobody knows what the %s is of", n.Kind)
		return
	}
	r.m.Notes = append(r.m.Notes, n)
}

// checkField is the field of an attribute of quality control: one of numbers and one of texts, since the database takes
// the type of a field from whoever writes it first, for all stations.
type checkField struct{ number, text string }

func field(name string) checkField { return checkField{name, name + "_text"} }

// checkFields holds them by attribute in lower case (HJ 1404-2024, and the check of HJ 212-2025). They are all there is:
// what a station makes up must not become fields of the database.
var checkFields = map[string]checkField{
	"rtd": field("value"), "check": field("value"), "samplerd": field("value"), "avg": field("value"), "data": field("value"),
	"standardvalue": field("standard_value"), "spanvalue": field("span_value"), "resulttype": field("result_type"), "watertime": field("water_time"),
	"chroma": field("chroma"), "volume": field("volume"), "dvolume": field("dvolume"), // concentration and volumes of what was added
}

// checkNote takes a number or text of quality control as it was sent: the profile's scale is for the river. An attribute
// that is no field is reported as a name that nobody knows.
func (r *areaReader) checkNote(name, attr, value []byte) {
	var buffer [mostCode]byte
	key := lower(&buffer, attr)
	number, found := parseNumber(value)
	f, ok := checkFields[string(key)]
	if !ok {
		r.m.values = append(r.m.values, Value{Name: name, Number: number})
		return
	}
	if r.hasNote(f) { // a result beside the one that was checked, such as Check and Rtd
		f = field(string(key))
	}
	if found == numberFound {
		r.note(Note{Kind: r.command.check, Field: f.number, Number: number})
	} else {
		r.note(Note{Kind: r.command.check, Field: f.text, Text: value})
	}
}

func (r *areaReader) hasNote(f checkField) bool {
	return slices.ContainsFunc(r.m.Notes[r.group().notes:], func(n Note) bool { return n.Field == f.number || n.Field == f.text })
}

// finishNotes gives the notes of the frame their times, and those of quality control their flags.
func (r *areaReader) finishNotes() {
	m := r.m
	if len(m.Notes) == r.notes {
		return
	}
	kept := r.notes
	for i := range r.m.groups {
		g := &r.m.groups[i]
		for _, n := range m.Notes[g.notes:g.noteEnd] {
			n.Time, n.HasTime = g.instant, g.dated
			if noted(m.Notes[r.notes:kept], &n) != nil {
				r.problem(g.code, "the %s of %s is given twice; the first stands", n.Field, n.Kind)
				continue
			}
			m.Notes[kept] = n
			kept++
		}
	}
	clear(m.Notes[kept:])
	m.Notes = m.Notes[:kept]
	if r.command.kind != checkCommand || !r.marked[flagMark] {
		return
	}
	for i := range r.m.groups {
		g := &r.m.groups[i]
		if flag := g.marks[flagMark].text; flag != nil && g.notes < g.noteEnd {
			n := Note{Station: r.MN, Kind: r.command.check, Subject: r.subject(g.code, r.factor(g.code, r.ST)), Field: "flag", Text: flag, Time: g.instant, HasTime: g.dated}
			switch same := noted(m.Notes[r.notes:], &n); {
			case same == nil:
				m.Notes = append(m.Notes, n)
			case !bytes.Equal(same.Text, flag):
				r.problem(g.code, "Flag=%s is given beside Flag=%s, which stands", shown(flag), shown(same.Text))
			}
		}
	}
}

// noted returns the note of the same thing and time among others, nil where there is none.
func noted(notes []Note, n *Note) *Note {
	for i := range notes {
		o := &notes[i]
		if o.Field == n.Field && o.Kind == n.Kind && o.Time == n.Time && o.HasTime == n.HasTime && bytes.Equal(o.Subject, n.Subject) {
			return o
		}
	}
	return nil
}

// start notes that a logger has started (CN=2081), at the time of the start where it can be read, else at the frame's.
func (r *areaReader) start(instant int64, dated, readable bool) {
	n := Note{Station: r.MN, Kind: "start", Field: "text", Text: startText, Time: instant, HasTime: dated}
	if r.restart != nil {
		at, err := r.instant("RestartTime", r.restart)
		if err == nil {
			n.Time, n.HasTime = at, true
		} else {
			r.problem(nil, "%s", err)
		}
	}
	if n.HasTime || readable {
		r.m.Notes = append(r.m.Notes, n)
	}
}

var startText = []byte("the data logger started")
