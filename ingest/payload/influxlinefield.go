package payload

import (
	"bytes"
	"errors"
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
	if named != nil && named.leftOut() {
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
	number, truth, err := influxNumber(value)
	switch {
	case err != nil:
		l.problem(key, "%s %s", reading.Shorten(string(value)), err)
		return
	case truth && named == nil:
		l.note(key, nil, "text", value)
		return
	case len(l.into.values)-l.from == mostValues:
		l.problem(key, "is more than the %d values that one line may hold", mostValues)
		return
	}
	v, err := named.means().value(key, number, nil)
	switch {
	case err != nil:
		l.problem(key, "%s is too large", reading.Shorten(string(value)))
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
	var v Value
	number, truth, err := influxNumber(value)
	if err == nil {
		v, err = l.names[string(beside.Name)].means().value(beside.Name, number, nil)
	}
	if err != nil || truth {
		l.problem(key, "%s is not a number within ±9.2e9", reading.Shorten(string(value)))
		return
	}
	*beside = v
}

var lowReplaced = strconv.Itoa(int(reading.LowReplaced))

func (l *influxLine) note(key []byte, named *plannedName, field string, text []byte) {
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
	l.into.problem("line %d, %s: "+format, append([]any{l.number, reading.Shorten(string(key))}, arguments...)...)
}

var (
	errNotNumber = errors.New("is not a number")
	errTooLarge  = errors.New("is too large")
)

// influxNumber reads the value of a field that is no text; truth says that it is true or false, as 1 or 0.
func influxNumber(value []byte) (number float64, truth bool, err error) {
	switch string(value) {
	case "t", "T", "true", "True", "TRUE":
		return 1, true, nil
	case "f", "F", "false", "False", "FALSE":
		return 0, true, nil
	}
	digits, whole := value, false
	if last := value[len(value)-1]; last == 'i' || last == 'u' {
		digits, whole = value[:len(value)-1], true
	}
	for i, c := range digits { // ParseFloat reads more, such as Inf and 0x1p-2
		sign := c == '-' || c == '+'
		if (c < '0' || c > '9') && (whole || (c != '.' && c != 'e' && c != 'E' && !sign)) && (!sign || i > 0) {
			return 0, false, errNotNumber
		}
	}
	number, err = strconv.ParseFloat(string(digits), 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, false, errNotNumber
	case err != nil || tooLarge(number):
		return 0, false, errTooLarge
	}
	return number, false, nil
}
