package config

import (
	"errors"
	"strings"
)

// parsePath reads a path of gjson. What other languages of paths write it takes for names, which no payload has, so that
// is refused here; a \ before a sign makes it part of a name.
func parsePath(text string) (string, error) {
	const advice = `; write data.v or list.0.v`
	switch {
	case text == "":
		return "", errors.New("is empty; write a path such as values.pm25, or remove the field")
	case len(text) > 200:
		return "", errors.New("is longer than 200 bytes; shorten it")
	case text[0] == '$':
		return "", errors.New("begins with $, as paths of another language do" + advice)
	}
	var open []byte // the brackets that are waited for
	name := 0       // bytes of the name so far
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			if i++; i == len(text) {
				return "", errors.New(`ends with \, which stands before a sign that is part of a name` + advice)
			}
			name++
		case c == '"' && len(open) > 0:
			end := endOfQuotes(text[i+1:])
			if end < 0 {
				return "", errors.New("holds a quote that is not closed" + advice)
			}
			i += 1 + end
		case (c == '.' || c == '|') && len(open) == 0:
			if name == 0 {
				return "", errors.New("holds an empty name" + advice)
			}
			name = 0
		case c == '[' && len(open) == 0 && name > 0 && text[i-1] != ':': // @name:[…] is an argument
			return "", errors.New("holds [ behind a name" + advice)
		case strings.IndexByte("([{", c) >= 0:
			open = append(open, closing[c])
			name++
		case strings.IndexByte(")]}", c) >= 0:
			if len(open) == 0 || open[len(open)-1] != c {
				return "", errors.New("holds " + string(c) + " that closes no bracket" + advice)
			}
			open = open[:len(open)-1]
		default:
			name++
		}
	}
	switch {
	case len(open) > 0:
		return "", errors.New("opens a bracket that it does not close: " + string(open[len(open)-1]) + " is missing" + advice)
	case name == 0:
		return "", errors.New("ends with an empty name" + advice)
	}
	return text, nil
}

var closing = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// endOfQuotes returns where a text that began before is closed, -1 if it is not.
func endOfQuotes(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
