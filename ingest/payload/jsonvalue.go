package payload

import (
	"bytes"
	"encoding/json"
)

// plainString returns what a text in quotation marks says; ok is false if the value is no text. Only one with escapes,
// such as "mg\/m3", takes memory.
func plainString(value []byte) (content []byte, ok bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	content = value[1 : len(value)-1]
	if bytes.IndexByte(content, '\\') < 0 {
		return content, true
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		return content, true
	}
	return []byte(text), true
}

// begins says whether a value is of the kind that begins so: { [ " n for null.
func begins(value []byte, with byte) bool { return len(value) > 0 && value[0] == with }

// word returns what a text says, or a number as it is written. It is empty where there is nothing, or null; ok is false
// for a value of another kind.
func word(value []byte) (content []byte, ok bool) {
	if len(value) == 0 || value[0] == 'n' {
		return nil, true
	}
	if content, isText := plainString(value); isText {
		return content, true
	}
	return value, beginsNumber(value)
}

// isTrue says whether a mark is set.
func isTrue(value []byte) bool {
	switch string(value) {
	case "true", `"true"`, "1":
		return true
	}
	return false
}

// beginsNumber says whether a value is a number.
func beginsNumber(value []byte) bool {
	return len(value) > 0 && (value[0] == '-' || (value[0] >= '0' && value[0] <= '9'))
}
