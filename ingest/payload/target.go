package payload

import "egret/ingest/reading"

// Target is what a name in a payload means. What it says goes before what the message says: a profile corrects a sender.
type Target struct {
	Parameter string // its key; "": the name is left out on purpose, as no reading
	// Unit is that of the number after Scale and Offset: of tenths of a degree with a Scale of 0.1 it is Cel. "": the unit
	// that the message says, and where it says none the parameter's own.
	Unit string
	// A number as sent is multiplied by Scale and then Offset is added, in decimal; 0 stands for a Scale of 1.
	Scale, Offset reading.Fixed
	// Absent are further texts and numbers that stand for no value here: -1 is no PM10, but may well be a temperature.
	Absent []string
}

// mostName bounds the name of a station or value in a payload, far beyond any device URN: names are remembered.
const mostName = 256

// meaning is a [Target] in the form that reading needs; nil is that of a name of which no profile says anything.
type meaning struct {
	name, parameter, unit []byte
	scale, offset         reading.Fixed
	absent                absentMarks
	unitSlot              int // of the path of its unit in a message; noPath: there is none
}

// meanings returns what names mean. absent are marks that hold for all of them.
func meanings(names map[string]Target, absent []string) map[string]*meaning {
	table := make(map[string]*meaning, len(names))
	for name, t := range names {
		table[name] = meaningOf(name, t, absent)
	}
	return table
}

func meaningOf(name string, t Target, absent []string) *meaning {
	marks := append(absent[:len(absent):len(absent)], t.Absent...)
	return &meaning{[]byte(name), []byte(t.Parameter), []byte(t.Unit), t.Scale, t.Offset, newAbsentMarks(marks), noPath}
}

var commonMarks absentMarks

// marks returns what stands for no value under the name.
func (m *meaning) marks() *absentMarks {
	if m == nil {
		return &commonMarks
	}
	return &m.absent
}

// leftOut says whether a profile leaves the name out on purpose.
func (m *meaning) leftOut() bool { return m != nil && len(m.parameter) == 0 }

// value returns the value of a number under a name: that of the table, else the parameter with that key. The name stands
// beside it in any case, so that one that nobody declared is reported once a station.
func (m *meaning) value(name []byte, number float64, unit []byte) (Value, error) {
	if m == nil {
		return Value{Parameter: m.key(name), Name: name, Number: number, Unit: unit}, nil
	}
	number, err := reading.Linear(number, m.scale, m.offset)
	if err == nil && tooLarge(number) {
		err = reading.ErrNotFixed
	}
	if len(m.unit) > 0 {
		unit = m.unit
	}
	return Value{Parameter: m.parameter, Name: name, Number: number, Unit: unit}, err
}

// key returns the parameter that a name means, nil if it can be none.
func (m *meaning) key(name []byte) []byte {
	switch {
	case m != nil:
		return m.parameter
	case keyLike(name):
		return name
	}
	return nil
}

// unknown is the value of a name without a meaning that holds no number to be stored: the name is reported once a station.
func unknown(name []byte) Value { return Value{Name: name} }

var builtinParameters = reading.BuiltinParameters()

// meansReading says whether a name is a reading's: what stands there and cannot be taken is a problem of its own, while
// under other names it may be a serial number, a counter or a switch.
func (m *meaning) meansReading(name []byte) bool {
	return m != nil || builtinParameters[string(name)] != nil
}

// keyLike says whether a name can be the key of a parameter, see [reading.CheckKey].
func keyLike(name []byte) bool {
	for i, c := range name {
		if (c < 'a' || c > 'z') && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return false
		}
	}
	return len(name) > 0
}
