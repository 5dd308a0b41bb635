package payload

import (
	"bytes"
	"strconv"

	"egret/ingest/reading"
)

// field takes one field: a number as a value, a text as a state.
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
	if text {
		value = unquoted(value)
	}
	if named != nil {
		if _, found := named.absent.text(value); found == numberAbsent {
			l.into.Empty++
			return
		}
	}
	if text {
		l.note(key, named, "text", value)
		return
	}
	number, truth, found := influxNumber(value)
	switch {
	case found == numberNone:
		l.problem(key, "%s is not a number", shown(value))
		return
	case found == numberTooLarge:
		l.problem(key, "%s is too large", shown(value))
		return
	case truth && named == nil:
		l.note(key, nil, "text", value)
		return
	case len(l.into.values)-l.from == mostValues:
		l.problem(key, "is more than the %d values that one line may hold", mostValues)
		return
	}
	v, err := named.value(key, number, nil)
	switch {
	case err != nil:
		l.problem(key, "%s is too large", shown(value))
	case given(l.into.values[l.from:], &v):
		l.problem(key, "is given twice; the first number stands")
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
	switch last := value[len(value)-1]; {
	case value[0] == '"':
		value = unquoted(value)
	case len(value) > 1 && (last == 'i' || last == 'u'):
		value = value[:len(value)-1]
	}
	if beside == nil { // such as a fault, of which there is no number
		of := key[:len(key)-len(flagEnding)]
		l.note(of, l.names[string(of)], "flag", value)
		return
	}
	beside.Flag = value
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

func (l *influxLine) note(key []byte, named *meaning, field string, text []byte) {
	if named != nil {
		if named.leftOut() {
			return
		}
		key = named.parameter
	}
	s := &l.statement
	l.into.Notes = append(l.into.Notes, Note{
		Station: s.Station, Time: s.Time, HasTime: s.HasTime, Kind: "state", Subject: key[:min(len(key), mostName)], Field: field, Text: text,
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
	if last := len(value) - 1; value[last] == 'i' || value[last] == 'u' { // a whole number
		if value = value[:last]; bytes.ContainsAny(value, ".eE") {
			return 0, false, numberNone
		}
	}
	number, found = parseNumber(value)
	return number, false, found
}
