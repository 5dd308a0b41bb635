package payload

import (
	"bytes"
	"errors"
	"fmt"
)

// influxLine is one line: first its parts, then what is made of them.
type influxLine struct {
	number          int
	station, period []byte // of tags
	fields, stamp   []byte

	into      *Message
	names     map[string]*meaning
	statement Statement
	from      int // of the line's values
}

var errNoFields = errors.New("there are no fields: a line is measurement,tag=value field=number,field=number timestamp")

// split finds the parts of the line with which text begins, and returns where the next one begins. Fields are well formed
// then: each has a name and a value.
func (l *influxLine) split(text []byte, stationTag string) (next int, err error) {
	at := until(text, 0, ", ")
	if at == 0 {
		return 0, errors.New("there is no measurement before the first comma")
	}
	for at < len(text) && text[at] == ',' {
		start := at + 1
		equals := until(text, start, "=, ")
		if equals == start || equals == len(text) || text[equals] != '=' {
			return 0, fmt.Errorf("the tag %q has no value", shown(text[start:equals]))
		}
		if at = until(text, equals+1, ", "); at == equals+1 {
			return 0, fmt.Errorf("the tag %q has no value", shown(text[start:equals]))
		}
		switch key := text[start:equals]; {
		case l.station == nil && string(key) == stationTag:
			l.station = unescaped(trimReturn(text[equals+1 : at]))
		case l.period == nil && string(key) == "period":
			l.period = text[equals+1 : at]
		}
	}
	start := spaces(text, at)
	if start == at || ended(text, start) {
		return 0, errNoFields
	}
	for at = start; ; at++ {
		if at, err = fieldEnd(text, at); err != nil {
			return 0, err
		}
		if at == len(text) || text[at] != ',' {
			break
		}
	}
	l.fields = trimReturn(text[start:at])
	start = spaces(text, at)
	if at = until(text, start, ""); at < len(text) {
		next = at + 1
	} else {
		next = at
	}
	l.stamp = bytes.TrimRight(text[start:at], " \t\r")
	return next, nil
}

// fieldEnd returns where the field ends that begins at start.
func fieldEnd(text []byte, start int) (int, error) {
	at := until(text, start, "=, ")
	if at == len(text) || text[at] != '=' || at == start {
		return 0, fmt.Errorf("the field %q has no name or no value", shown(text[start:at]))
	}
	name := text[start:at]
	if at++; at < len(text) && text[at] == '"' {
		if at = textEnd(text, at); at < 0 {
			return 0, fmt.Errorf("the text of the field %q has no closing quotation mark", shown(name))
		}
		if at < len(text) && text[at] != ',' && text[at] != ' ' && !ended(text, at) {
			return 0, fmt.Errorf("something follows the text of the field %q", shown(name))
		}
		return at, nil
	}
	value := at
	for at < len(text) && text[at] != ',' && text[at] != ' ' && text[at] != '\n' {
		at++
	}
	if len(trimReturn(text[value:at])) == 0 {
		return 0, fmt.Errorf("the field %q has no value", shown(name))
	}
	return at, nil
}

// nextField takes the first of well-formed fields from the list. A text keeps its quotation marks.
func nextField(fields []byte) (key, value, rest []byte) {
	end, _ := fieldEnd(fields, 0)
	equals := until(fields, 0, "=")
	key, value = unescaped(fields[:equals]), fields[equals+1:end]
	if end < len(fields) {
		end++
	}
	return key, value, fields[end:]
}

// until returns where the first of the characters is, from start on, that has no backslash before it; else the end of the
// line.
func until(text []byte, start int, characters string) int {
	for at := start; at < len(text); at++ {
		if text[at] == '\n' {
			return at
		}
		for i := range len(characters) {
			if text[at] == characters[i] && (at == start || text[at-1] != '\\') {
				return at
			}
		}
	}
	return len(text)
}

// textEnd returns what follows the closing quotation mark of the text at start, or -1. A text may hold line ends.
func textEnd(text []byte, start int) int {
	for at := start + 1; at < len(text); at++ {
		switch text[at] {
		case '"':
			return at + 1
		case '\\':
			at++
		}
	}
	return -1
}

func spaces(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	return at
}

// ended says whether only the end of the line is at the place.
func ended(text []byte, at int) bool {
	if at < len(text) && text[at] == '\r' {
		at++
	}
	return at >= len(text) || text[at] == '\n'
}

// trimReturn cuts all returns off the end: a value that is well formed without them stays so when it is cut again.
func trimReturn(text []byte) []byte { return bytes.TrimRight(text, "\r") }

func endsIn(key []byte, ending string) bool {
	return len(key) > len(ending) && string(key[len(key)-len(ending):]) == ending
}

// unescaped returns a name or a tag's value as it was meant. Only one with escapes takes memory.
func unescaped(text []byte) []byte { return without(text, ", =") }

// unquoted returns the content of a text in quotation marks.
func unquoted(value []byte) []byte { return without(value[1:len(value)-1], `"\`) }

// without leaves out the backslashes before the characters.
func without(text []byte, characters string) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && bytes.IndexByte([]byte(characters), text[i+1]) >= 0 {
			i++
		}
		plain = append(plain, text[i])
	}
	return plain
}
