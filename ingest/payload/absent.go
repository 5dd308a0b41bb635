package payload

import (
	"bytes"
	"slices"
	"strings"
)

// absentMarks are the texts and numbers that stand for no value.
type absentMarks struct {
	texts   []string
	numbers []float64
}

// absentTexts stand for no value in any payload. Programs write them so where a sensor gave nothing.
var absentTexts = []string{"", "nan", "null", "unavailable", "unknown"}

func newAbsentMarks(marks []string) absentMarks {
	var a absentMarks
	for _, mark := range marks {
		if number, found := parseNumber([]byte(mark)); found == numberFound {
			a.numbers = append(a.numbers, number)
		} else {
			a.texts = append(a.texts, strings.TrimSpace(mark))
		}
	}
	return a
}

// json returns the number that a JSON value stands for, also one in quotation marks.
func (a *absentMarks) json(value []byte) (float64, numberFinding) {
	switch {
	case begins(value, 'n'):
		return 0, numberAbsent
	case begins(value, '"'):
		content, _ := plainString(value)
		return a.text(content)
	case beginsNumber(value):
		return a.text(value)
	}
	return 0, numberNone
}

// bare returns the number that a payload stands for.
func (a *absentMarks) bare(payload []byte) (float64, numberFinding) {
	payload = bytes.TrimSpace(payload)
	if len(payload) > 0 && payload[0] == '"' {
		s := scanner{text: payload}
		if s.string() != nil || !s.end() {
			return 0, numberNone
		}
		payload, _ = plainString(payload)
	}
	return a.text(payload)
}

func (a *absentMarks) text(text []byte) (float64, numberFinding) {
	text = bytes.TrimSpace(text)
	number, found := parseNumber(text)
	if found != numberFound {
		for _, marks := range [...][]string{absentTexts, a.texts} {
			for _, mark := range marks {
				if len(mark) == len(text) && strings.EqualFold(mark, string(text)) {
					return 0, numberAbsent
				}
			}
		}
		return number, found
	}
	if len(a.numbers) > 0 && slices.Contains(a.numbers, number) {
		return 0, numberAbsent
	}
	return number, found
}
