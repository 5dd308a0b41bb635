package payload

import (
	"bytes"
	"strconv"

	"egret/ingest/reading"
)

// field takes one field: a number as a value, another text as a state.
func (l *influxLine) field(key, value []byte) {
	if len(key) > mostName {
		l.problem(key, "the name has %d characters, more than %d", len(key), mostName)
		return
	}
	named := l.names[string(key)]
	if named.leftOut() {
		return
	}
	text := value[0] == '"'
	var number float64
	var truth bool
	var found numberFinding
	if text {
		value = unquoted(value)
		number, found = named.marks().text(value)
	} else {
		number, truth, found = influxNumber(value)
	}
	if named != nil && !text {
		if _, mark := named.absent.text(withoutType(value)); mark == numberAbsent {
			found = numberAbsent
		}
	}
	switch {
	case found == numberFound && (!truth || named != nil):
		v, err := named.value(key, number, nil)
		if err != nil {
			l.problem(key, "%s is too large", shown(value))
			return
		}
		l.add(v)
	case found == numberAbsent:
		l.into.Empty++
	case found == numberNone && !text:
		l.problem(key, "%s is not a number", shown(value))
	case found == numberNone && named != nil:
		l.note(named.parameter, "text", value)
	case !named.meansReading(key):
		l.add(unknown(key))
	case found == numberTooLarge:
		l.problem(key, "%s is too large", shown(value))
	default:
		l.problem(key, "%s is not a number", shown(value))
	}
}

// add adds a value unless there is one of its parameter or name already.
func (l *influxLine) add(v Value) {
	switch before := l.into.values[l.from:]; {
	case len(before) == mostValues:
		l.problem(v.Name, "is more than the %d values that one line may hold", mostValues)
	case given(before, &v):
		l.problem(v.Name, "is given twice; the first number stands")
	default:
		l.into.values = append(l.into.values, v)
	}
}

// companions calls do with each field that ends so and no profile names, and with the value beside it, nil where there
// is none.
func (l *influxLine) companions(ending string, do func(key, value []byte, beside *Value)) {
	for fields := l.fields; len(fields) > 0; {
		var key, value []byte
		key, value, fields = nextField(fields)
		if _, named := l.names[string(key)]; named || !endsIn(key, ending) {
			continue
		}
		var beside *Value
		for i := range l.into.values[l.from:] {
			if v := &l.into.values[l.from+i]; isOf(key, ending, v) {
				beside = v
			}
		}
		do(key, value, beside)
	}
}

// isOf says whether a key is the name of the value and the ending.
func isOf(key []byte, ending string, v *Value) bool {
	return bytes.Equal(key[:len(key)-len(ending)], v.Name)
}

func (l *influxLine) flag(key, value []byte, beside *Value) {
	if value[0] == '"' {
		value = unquoted(value)
	} else {
		value = withoutType(value)
	}
	if beside != nil {
		beside.Flag = value
		return
	}
	of := key[:len(key)-len(flagEnding)] // such as a fault, of which there is no number
	switch named := l.names[string(of)]; {
	case named.leftOut():
	case named.meansReading(of):
		l.note(named.key(of), "flag", value)
	case len(key) <= mostName:
		l.add(unknown(key))
	}
}

// raw takes the number that a station sent in place of the one that Egret put there: it is judged again.
func (l *influxLine) raw(key, value []byte, beside *Value) {
	if beside == nil {
		l.field(key, value)
		return
	}
	if string(beside.Flag) != lowReplaced {
		return
	}
	number, truth, found := influxNumber(value)
	v, err := l.names[string(beside.Name)].value(beside.Name, number, nil)
	if found != numberFound || err != nil || truth {
		l.problem(key, "%s is not a number within ±9.2e9", shown(value))
		return
	}
	*beside = v
}

var lowReplaced = strconv.Itoa(int(reading.LowReplaced))

// note says something of a parameter in words. There are only as many subjects as the profile and Egret have names, for
// each is a series in the database.
func (l *influxLine) note(parameter []byte, field string, text []byte) {
	s := &l.statement
	l.into.Notes = append(l.into.Notes, Note{
		Station: s.Station, Time: s.Time, HasTime: s.HasTime, Kind: "state", Subject: parameter, Field: field, Text: text,
	})
}

func (l *influxLine) problem(key []byte, format string, arguments ...any) {
	l.into.problem("line %d, %s: "+format, append([]any{l.number, shown(key)}, arguments...)...)
}

// influxNumber reads the value of a field that is no text; truth says that it is true or false, as 1 or 0.
func influxNumber(value []byte) (number float64, truth bool, found numberFinding) {
	switch string(value) {
	case "t", "T", "true", "True", "TRUE":
		return 1, true, numberFound
	case "f", "F", "false", "False", "FALSE":
		return 0, true, numberFound
	}
	digits := withoutType(value)
	if len(digits) < len(value) && bytes.ContainsAny(digits, ".eE") {
		return 0, false, numberNone
	}
	number, found = parseNumber(digits)
	if len(digits) < len(value) && number == 0 {
		number = 0 // a whole number has no negative zero
	}
	return number, false, found
}

// withoutType cuts off the letter that stands behind a whole number.
func withoutType(value []byte) []byte {
	if last := len(value) - 1; last > 0 && (value[last] == 'i' || value[last] == 'u') {
		return value[:last]
	}
	return value
}
