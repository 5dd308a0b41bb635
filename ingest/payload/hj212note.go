package payload

import (
	"bytes"
	"slices"
)

// subject returns what a note of the group speaks of: the parameter's key, else the code.
func (r *areaReader) subject() []byte {
	switch {
	case r.group.factor != nil:
		return r.group.factor.keys[valueAttribute]
	case len(r.pollutant) == 0:
		return r.group.code
	}
	of := r.pollutant // PolId=w01018,i11001-Info=…: information on the instrument of a factor
	if f := r.factor(of, r.ST); f != nil {
		of = f.keys[valueAttribute]
	}
	return bytes.Join([][]byte{of, r.group.code}, []byte(" "))
}

// note takes a state or information, a number in its field or a text.
func (r *areaReader) note(kind, field string, value []byte) {
	number, found := parseNumber(value)
	if found != numberFound {
		r.textNote(kind, value)
		return
	}
	r.m.Notes = append(r.m.Notes, Note{Station: r.MN, Kind: kind, Subject: r.subject(), Field: field, Number: number})
}

func (r *areaReader) textNote(kind string, text []byte) {
	if len(text) >= 4 && bytes.HasPrefix(text, []byte("//")) {
		text = bytes.TrimSuffix(text[2:], []byte("//"))
	}
	r.m.Notes = append(r.m.Notes, Note{Station: r.MN, Kind: kind, Subject: r.subject(), Field: "text", Text: text})
}

// checkFields names the fields of quality control by attribute in lower case.
var checkFields = map[string]string{
	"rtd": "value", "check": "value", "samplerd": "value", "avg": "value", "data": "value",
	"standardvalue": "standard_value", "spanvalue": "span_value", "resulttype": "result_type", "watertime": "water_time",
	"chroma": "chroma", "volume": "volume", "dvolume": "dvolume", // concentration and volumes of what was added
}

// checkNote takes a number or text of quality control as it was sent: the profile's scale is for the river.
func (r *areaReader) checkNote(attr, value []byte) {
	var buffer [mostCode]byte
	name := lower(&buffer, attr)
	field, ok := checkFields[string(name)]
	if !ok || r.hasNote(field) {
		if field = string(name); !keyLike(name) || r.hasNote(field) {
			r.problem(r.group.code, "%s=%s of quality control is not understood, or given twice", shown(attr), shown(value))
			return
		}
	}
	n := Note{Station: r.MN, Kind: r.command.check, Subject: r.subject(), Field: field}
	number, found := parseNumber(value)
	if n.Number = number; found != numberFound {
		n.Text = value
	}
	r.m.Notes = append(r.m.Notes, n)
}

func (r *areaReader) hasNote(field string) bool {
	return slices.ContainsFunc(r.m.Notes[r.group.notes:], func(n Note) bool { return n.Field == field })
}
