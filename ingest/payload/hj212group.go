package payload

import (
	"bytes"
	"fmt"

	"egret/ingest/reading"
)

// mostGroups bounds the groups of a frame, since those of the same code are looked for pairwise.
const mostGroups = mostValues

// group is what stands together under one code: an item of the area, or several that commas part.
type group struct {
	code             []byte
	values, valueEnd int // where its values begin and end
	notes, noteEnd   int
	holds            bool // it has more than marks, whatever became of that
	marks            [marks]said
	stray            []byte // what stands behind a comma and is no item

	instant int64
	dated   bool
	placed  bool // its values are in a statement, or never will be
}

// The marks that a group may carry.
const (
	flagMark = int(iota)
	timeMark
	marks
)

var markNames = [marks]string{"Flag", "SampleTime"}

// said is what is said under a mark, and something else that is said there too.
type said struct{ text, other []byte }

func (s *said) add(text []byte) {
	switch {
	case s.text == nil:
		s.text = text
	case text != nil && !bytes.Equal(text, s.text):
		s.other = text
	}
}

// group returns the last one.
func (r *areaReader) group() *group { return &r.m.groups[len(r.m.groups)-1] }

func (r *areaReader) openGroup(code []byte) {
	r.closeGroup()
	r.m.groups = append(r.m.groups, group{code: code, values: len(r.m.values), notes: len(r.m.Notes)})
	r.of, r.unitOf, r.unitSaid = r.factor(code, r.ST), nil, false
	if r.of != nil {
		r.unitOf, r.unitSaid = r.unit(r.of, r.ST)
	}
}

// closeGroup ends the last group, if there is one.
func (r *areaReader) closeGroup() {
	if len(r.m.groups) == 0 {
		return
	}
	g := r.group()
	if g.stray != nil {
		r.problem(g.code, "%q behind a comma is no item; where it is a decimal comma, numbers are written with a point: none of its values is taken", shown(g.stray))
		r.m.values, r.m.Notes = r.m.values[:g.values], r.m.Notes[:g.notes]
	}
	g.valueEnd, g.noteEnd = len(r.m.values), len(r.m.Notes)
}

// attribute takes one attribute of the last group.
func (r *areaReader) attribute(kind attribute, name, attr, value []byte) {
	g := r.group()
	absent := len(value) == 0 || bytes.EqualFold(value, []byte("null"))
	switch kind {
	case passedAttribute:
		return
	case flagAttribute, sampleTimeAttribute:
		if !absent {
			g.marks[kind-flagAttribute].add(value)
			r.marked[kind-flagAttribute] = true
		}
		return
	}
	g.holds = true
	switch {
	case absent:
		r.m.Empty++
	case len(r.m.values)-r.values+len(r.m.Notes)-r.notes >= mostValues:
		r.problem(name, "is more than the %d values that one frame may hold", mostValues)
	case r.command.kind == checkCommand:
		r.checkNote(name, attr, value)
	case kind == stateAttribute:
		r.numberNote("state", "value", value)
	case kind == runningAttribute:
		r.numberNote("running", "hours", value)
	case kind == serialAttribute:
		r.textNote("instrument", value)
	case kind == informationAttribute:
		r.numberNote("information", "value", value)
	default:
		r.figure(kind, name, value)
	}
}

// figure takes a number of the group's factor.
func (r *areaReader) figure(kind attribute, name, value []byte) {
	v := Value{Name: name}
	known := r.of != nil && kind != otherAttribute
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
		f := r.of
		v.Parameter = f.keys[kind]
		if kind != totalAttribute { // a total is counted in a unit of its own
			if v.Unit = r.unitOf; !r.unitSaid {
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

// unsaid says of a value that it cannot be taken for want of a unit.
func (r *areaReader) unsaid() string {
	standard := ""
	if len(r.of.standard) > 0 {
		standard = "HJ 212-2017 has " + string(r.of.standard) + ", "
	}
	return fmt.Sprintf("%s (%s): nobody says its unit: %sstations send ug/m3 or mg/m3; write what it is, such as units: {%s: mg/m3}, in the station's profile", r.group().code, r.of.parameter, standard, r.of.parameter)
}
