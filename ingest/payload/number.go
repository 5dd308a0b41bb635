package payload

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"egret/ingest/reading"
)

// NumberProfile says what bare numbers mean.
type NumberProfile struct {
	Names map[string]Target // what the topic's level means; one that is a parameter's key means that parameter
	// Absent are texts and numbers that stand for no value; "", nan, null, unavailable and unknown always do.
	Absent []string
}

// numberPlan is a [NumberProfile] in the form that reading needs.
type numberPlan struct {
	names  map[string]*plannedName
	absent absentMarks
}

// BareNumber returns the decoder of payloads that are one number, such as 35.2 or "35.2"; the topic names the parameter.
func BareNumber(profiles Profiles[NumberProfile]) Decoder {
	plans := prepared(profiles, func(p *NumberProfile) *numberPlan {
		if p == nil {
			p = &NumberProfile{}
		}
		return &numberPlan{plannedNames(p.Names, p.Absent), newAbsentMarks(p.Absent)}
	})
	return func(in *Input, into *Message) error {
		if in.Parameter == "" {
			return errors.New("nobody says which parameter this number is: put {parameter} into the topic of the subscription, such as sensors/{station}/{parameter}")
		}
		if len(in.Parameter) > mostName {
			return fmt.Errorf("the topic's level for the parameter is longer than %d bytes: %s", mostName, reading.Shorten(in.Parameter))
		}
		plan := plans.find(nil, in.Station)
		means, known := plan.names[in.Parameter]
		marks := &plan.absent
		var name []byte
		var m *meaning
		if known {
			name, m, marks = means.name, means.meaning, &means.absent
			if means.leftOut() {
				return nil
			}
		} else {
			name = []byte(in.Parameter)
		}
		number, found := marks.bare(in.Payload)
		switch found {
		case numberAbsent:
			into.Empty++
			return nil
		case numberNone:
			return fmt.Errorf("%s: the payload is not a number: %q", reading.Shorten(in.Parameter), shown(bytes.ToValidUTF8(in.Payload[:min(len(in.Payload), 200)], []byte("?"))))
		}
		value, err := m.value(name, number, nil)
		if found == numberTooLarge || err != nil {
			return fmt.Errorf("%s: %s is too large", reading.Shorten(in.Parameter), shown(bytes.TrimSpace(in.Payload)))
		}
		into.values = append(into.values, value)
		into.Statements = append(into.Statements, Statement{Values: into.values[len(into.values)-1:]})
		return nil
	}
}

// numberFinding is what was found where a number should be.
type numberFinding uint8

const (
	numberFound    numberFinding = iota
	numberAbsent                 // a mark that stands for no value
	numberNone                   // something else than a number
	numberTooLarge               // for [reading.Fixed]
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
	switch c := value[0]; {
	case c == 'n':
		return 0, numberAbsent
	case c == '"':
		content, _ := plainString(value)
		return a.text(content)
	case c == '-' || (c >= '0' && c <= '9'):
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

// parseNumber reads a decimal number, which may have a + or zeros before it as JSON's may not. What strconv takes beyond
// that, such as Inf and hexadecimal digits, is no number.
func parseNumber(text []byte) (float64, numberFinding) {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E':
			return 0, numberNone
		}
	}
	if digits == 0 {
		return 0, numberNone
	}
	number, err := strconv.ParseFloat(string(text), 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, numberNone
	case err != nil || tooLarge(number):
		return 0, numberTooLarge
	}
	return number, numberFound
}
