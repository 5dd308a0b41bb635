package payload

import (
	"bytes"
	"fmt"
	"slices"

	"egret/ingest/reading"
)

// group is what stands together under one code.
type group struct {
	code       []byte
	factor     *factor // nil: no table has the code
	unit       []byte
	unitSaid   bool
	values     int // where its values begin
	notes      int
	flag       []byte
	sampleTime []byte
	stray      []byte // what stands behind a comma and is no item
}

func (r *areaReader) openGroup(code []byte) {
	r.group = group{code: code, factor: r.factor(code, r.ST), values: len(r.m.values), notes: len(r.m.Notes)}
	if r.group.factor != nil {
		r.group.unit, r.group.unitSaid = r.unit(r.group.factor, r.ST)
	}
}

// attribute takes one attribute of the group.
func (r *areaReader) attribute(kind attribute, name, attr, value []byte) {
	absent := len(value) == 0 || bytes.EqualFold(value, []byte("null"))
	switch {
	case kind == passedAttribute:
	case kind == flagAttribute:
		if !absent {
			r.group.flag = value
		}
	case kind == sampleTimeAttribute:
		if !absent {
			r.group.sampleTime = value
		}
	case absent:
		r.m.Empty++
	case len(r.m.values)-r.first+len(r.m.Notes)-r.notes >= mostValues:
		r.problem(name, "is more than the %d values that one frame may hold", mostValues)
	case r.command.kind == checkCommand:
		r.checkNote(attr, value)
	case kind == stateAttribute:
		r.note("state", "value", value)
	case kind == runningAttribute:
		r.note("running", "hours", value)
	case kind == serialAttribute:
		r.textNote("instrument", value)
	case kind == informationAttribute:
		r.note("information", "value", value)
	default:
		r.figure(kind, name, value)
	}
}

// figure takes a number of the group's factor.
func (r *areaReader) figure(kind attribute, name, value []byte) {
	r.needStatement()
	v := Value{Name: name}
	known := r.group.factor != nil && kind != otherAttribute
	number, found := parseNumber(value)
	switch {
	case found == numberTooLarge, found == numberNone && isNotFinite(value):
		r.problem(name, "%s is not a number that a station can have measured", shown(value))
		return
	case found == numberFound:
	case known:
		r.problem(name, "%q is not a number", shown(value))
		return
	case kind == valueAttribute:
		r.textNote("state", value) // as HJ 212-2025 sends the conditions of production
		return
	}
	v.Number = number
	if known {
		f := r.group.factor
		v.Parameter = f.keys[kind]
		if kind != totalAttribute { // a total is counted in a unit of its own
			if v.Unit = r.group.unit; !r.group.unitSaid {
				v.Unit, v.Problem = nil, r.unsaid()
			}
			if f.linear {
				scaled, err := reading.Linear(number, f.scale, f.offset)
				if err != nil || tooLarge(scaled) {
					r.problem(name, "%s is too large for the scale of the station's profile", shown(value))
					return
				}
				v.Number = scaled
			}
		}
	}
	r.m.values = append(r.m.values, v)
}

// isNotFinite says whether a text is how programs write what is no finite number.
func isNotFinite(text []byte) bool {
	return bytes.EqualFold(text, []byte("nan")) || bytes.EqualFold(bytes.TrimLeft(text, "+-"), []byte("inf"))
}

// closeGroup gives the values of the group what its other attributes say of them.
func (r *areaReader) closeGroup() {
	g := &r.group
	if g.code == nil {
		return
	}
	if g.stray != nil {
		r.problem(g.code, "%q behind a comma is no item; where it is a decimal comma, numbers are written with a point: none of its values is taken", shown(g.stray))
		r.m.values, r.m.Notes = r.m.values[:g.values], r.m.Notes[:g.notes]
	}
	values := r.m.values[g.values:]
	if g.flag != nil {
		r.mark(values)
	}
	if g.sampleTime != nil {
		r.closeTimedGroup()
	} else {
		r.dropRepeated(r.values)
	}
	g.code = nil
}

// unsaid says of a value that it cannot be taken for want of a unit.
func (r *areaReader) unsaid() string {
	f := r.group.factor
	standard := ""
	if len(f.standard) > 0 {
		standard = "HJ 212-2017 has " + string(f.standard) + ", "
	}
	return fmt.Sprintf("%s (%s): nobody says its unit: %sstations send ug/m3 or mg/m3; write what it is, such as units: {%s: mg/m3}, in the station's profile", r.group.code, f.parameter, standard, f.parameter)
}

// mark gives the group's flag to its values, or where it has none to those that came before under the same code.
func (r *areaReader) mark(values []Value) {
	g := &r.group
	if r.command.kind == checkCommand {
		if len(r.m.Notes) > g.notes {
			r.m.Notes = append(r.m.Notes, Note{Station: r.MN, Kind: r.command.check, Subject: r.subject(), Field: "flag", Text: g.flag})
		}
		return
	}
	for i := range values {
		values[i].Flag = g.flag
	}
	if len(values) > 0 {
		return
	}
	for i := r.values; i < g.values; i++ {
		v := &r.m.values[i]
		if code, _, _ := bytes.Cut(v.Name, []byte("-")); v.Flag == nil && bytes.Equal(trimBlanks(code), g.code) {
			v.Flag = g.flag
		}
	}
}

// closeTimedGroup makes a statement of a group with a time of its own (SampleTime, of an automatic analyser). Its values
// come to lie before those of the frame's time, which stay together so.
func (r *areaReader) closeTimedGroup() {
	g := &r.group
	s := r.newStatement()
	at, err := r.instant("SampleTime", g.sampleTime)
	if err != nil {
		r.problem(g.code, "%s", err)
		r.m.values, r.m.Notes = r.m.values[:g.values], r.m.Notes[:g.notes]
	}
	s.Time, s.HasTime = at, err == nil
	r.dropRepeated(g.values)
	count := len(r.m.values) - g.values
	rotate(r.m.values[r.values:], count)
	end := r.values + count
	s.Values = r.m.values[r.values:end:end]
	r.values = end
	for i := range r.m.Notes[g.notes:] {
		n := &r.m.Notes[g.notes+i]
		n.Time, n.HasTime = at, true
	}
	if r.command.kind != checkCommand {
		r.m.Statements = append(r.m.Statements, s)
	}
}

// rotate moves the last count values to the front.
func rotate(values []Value, count int) {
	if count == 0 || count == len(values) {
		return
	}
	slices.Reverse(values)
	slices.Reverse(values[:count])
	slices.Reverse(values[count:])
}

// dropRepeated drops those of the group's values that the statement, whose values begin at from, has already.
func (r *areaReader) dropRepeated(from int) {
	values := r.m.values
	kept := r.group.values
	for i := r.group.values; i < len(values); i++ {
		if given(values[from:kept], &values[i]) {
			r.problem(values[i].Name, "is given twice, or stands for the same as another item; the first number stands")
			continue
		}
		if kept < i {
			values[kept] = values[i]
		}
		kept++
	}
	r.m.values = values[:kept]
}
