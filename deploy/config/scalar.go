package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"egret/ingest/reading"
)

// scalarText returns the text of a single value as it stands in the file, numbers included: 75.10 stays 75.10.
func scalarText(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		if node.Value == nil {
			return "", false
		}
		return node.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node.GetToken().Value, true
	default:
		return "", false
	}
}

// scalar returns the text of a field as written, and with the variables of the environment in their places. Messages
// show only the text as written: the environment holds secrets.
func (s *section) scalar(key string) (written, text string, ok bool) {
	f, ok := s.field(key)
	if !ok {
		return "", "", false
	}
	written, ok = scalarText(f.node)
	if !ok {
		s.problem(key, "is %s; write one value", kindOf(f.node))
		return "", "", false
	}
	text, err := s.document.expand(written, f.node)
	if err == nil {
		_, err = oneLine(text)
	}
	if err != nil {
		s.problem(key, "%s", err)
		return "", "", false
	}
	return written, text, true
}

// take reads a field with parse, whose error says what is wrong and what to do without showing the value. It returns
// whether *to was set.
func take[T any](s *section, key string, to *T, parse func(string) (T, error)) bool {
	written, text, ok := s.scalar(key)
	if !ok {
		return false
	}
	value, err := parse(text)
	if err != nil {
		s.problem(key, "%s: %s", shown(written), err)
		return false
	}
	*to = value
	return true
}

// shown returns a text so that it fits in a message of one line.
func shown(text string) string {
	text = strings.ToValidUTF8(reading.Shorten(text), "")
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// oneLine refuses line breaks and control characters, which no value needs and no topic, tag or header can hold.
func oneLine(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("holds a line break or a control character; write it on one line")
	}
	return text, nil
}

func notEmpty(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("is empty; write a value or remove the field")
	}
	return text, nil
}

func parseBool(text string) (bool, error) {
	switch text {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, errors.New("is neither true nor false; write one of them")
}

// parseZone loads a time zone. "Local" would make averages depend on the machine.
func parseZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, errors.New("is not a time zone; write its IANA name, such as Asia/Shanghai")
}

// parseDecimal reads an exact decimal.
func parseDecimal(text string) (reading.Fixed, error) {
	number, err := reading.ParseFixed([]byte(text))
	if err != nil {
		return 0, fmt.Errorf("is %w; write digits with a point, such as 75 or 0.05", err)
	}
	return number, nil
}

// numberWithin reads a decimal as a float64 within least and most.
func numberWithin(least, most float64) func(string) (float64, error) {
	return func(text string) (float64, error) {
		number, err := parseDecimal(text)
		if err != nil {
			return 0, err
		}
		if f := number.Float(); f >= least && f <= most {
			return f, nil
		}
		return 0, fmt.Errorf("is outside %g to %g", least, most)
	}
}

func intWithin(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		number, err := strconv.Atoi(text)
		if err != nil {
			return 0, fmt.Errorf("is not a whole number; write one from %d to %d", least, most)
		}
		if number < least || number > most {
			return 0, fmt.Errorf("is outside %d to %d", least, most)
		}
		return number, nil
	}
}

func durationWithin(least, most time.Duration) func(string) (time.Duration, error) {
	return func(text string) (time.Duration, error) {
		duration, err := time.ParseDuration(text)
		if err != nil {
			return 0, errors.New("is not a duration; write a number and a unit, such as 30s, 5m or 48h")
		}
		if duration < least || duration > most {
			return 0, fmt.Errorf("is outside %s to %s", shortDuration(least), shortDuration(most))
		}
		return duration, nil
	}
}

// shortDuration writes 48h, not 48h0m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
