package payload

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// scanner walks over JSON text (RFC 8259) without building anything from it.
type scanner struct {
	text  []byte
	at    int
	depth int
}

// mostDepth bounds nesting, so that a payload of brackets cannot exhaust the stack.
const mostDepth = 64

func (s *scanner) end() bool { return s.at >= len(s.text) }

func (s *scanner) fail(what string) error {
	if s.end() {
		return fmt.Errorf("not JSON: %s, but the text ends at byte %d", what, len(s.text))
	}
	return fmt.Errorf("not JSON: %s at byte %d, found %q", what, s.at, bytes.ToValidUTF8(s.text[s.at:min(len(s.text), s.at+12)], []byte("?")))
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) take(c byte) bool {
	s.space()
	if !s.end() && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// object calls member with each key, the scanner at its value; member must move past the value.
func (s *scanner) object(member func(key []byte) error) error {
	return s.list('{', '}', func() error {
		s.space()
		start := s.at
		if err := s.string(); err != nil {
			return err
		}
		key := s.text[start+1 : s.at-1]
		if bytes.IndexByte(key, '\\') >= 0 {
			key, _ = plainString(s.text[start:s.at])
		}
		if !s.take(':') {
			return s.fail("expected a colon")
		}
		s.space()
		return member(key)
	})
}

// array calls element for each element, the scanner at it; element must move past it.
func (s *scanner) array(element func() error) error {
	return s.list('[', ']', func() error {
		s.space()
		return element()
	})
}

// objects calls object with the number of each object, from 1, of a text that is one or an array of them, the scanner at
// it. An element of another kind is a problem; element is what it is called. An error is one of JSON.
func (s *scanner) objects(element string, into *Message, object func(number int) error) error {
	number := 0
	one := func() error {
		number++
		if !s.end() && s.text[s.at] == '{' {
			return object(number)
		}
		start := s.at
		if err := s.skip(); err != nil {
			return err
		}
		into.problem("%s %d is not an object but %s", element, number, shown(s.text[start:s.at]))
		return nil
	}
	var err error
	switch s.space(); {
	case s.end():
		return errEmpty
	case s.text[s.at] == '[':
		err = s.array(one)
	case s.text[s.at] == '{':
		err = one()
	default:
		return s.fail("expected an object or an array")
	}
	if err != nil {
		return err
	}
	return s.finish()
}

// finish returns an error unless nothing but white space follows.
func (s *scanner) finish() error {
	if s.space(); !s.end() {
		return s.fail("something follows the end")
	}
	return nil
}

func (s *scanner) list(open, closing byte, item func() error) error {
	if !s.take(open) {
		return s.fail("expected " + string(open))
	}
	if s.depth++; s.depth > mostDepth {
		return s.fail("it is nested too deep")
	}
	defer func() { s.depth-- }()
	if s.take(closing) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.take(closing) {
			return nil
		}
		if !s.take(',') {
			return s.fail("expected , or " + string(closing))
		}
	}
}

// skip moves past one value of any kind and checks that it is well formed.
func (s *scanner) skip() error {
	s.space()
	if s.end() {
		return s.fail("expected a value")
	}
	switch c := s.text[s.at]; {
	case c == '{':
		return s.object(func([]byte) error { return s.skip() })
	case c == '[':
		return s.array(s.skip)
	case c == '"':
		return s.string()
	case beginsNumber(s.text[s.at:]):
		return s.number()
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(s.text[s.at:], []byte(word)) {
			s.at += len(word)
			return nil
		}
	}
	return s.fail("expected a value")
}

func (s *scanner) string() error {
	if s.end() || s.text[s.at] != '"' {
		return s.fail("expected a text in quotation marks")
	}
	start := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			if !utf8.Valid(s.text[start:s.at]) {
				s.at = start
				return s.fail("expected UTF-8")
			}
			return nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		case c < ' ':
			return s.fail("a control character must be escaped")
		}
	}
	return s.fail("expected a closing quotation mark")
}

// escape moves to the last byte of an escape sequence.
func (s *scanner) escape() error {
	s.at++
	if s.end() {
		return s.fail("expected an escaped character")
	}
	if s.text[s.at] != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), s.text[s.at]) < 0 {
			return s.fail("expected an escaped character")
		}
		return nil
	}
	if s.at+4 >= len(s.text) {
		s.at = len(s.text)
		return s.fail("expected four hexadecimal digits")
	}
	if _, err := strconv.ParseUint(string(s.text[s.at+1:s.at+5]), 16, 16); err != nil {
		return s.fail("expected four hexadecimal digits")
	}
	s.at += 4
	return nil
}

func (s *scanner) number() error {
	if s.text[s.at] == '-' {
		s.at++
	}
	leadingZero := !s.end() && s.text[s.at] == '0'
	if count := s.digits(); count == 0 || (leadingZero && count > 1) {
		return s.fail("expected a number")
	}
	if !s.end() && s.text[s.at] == '.' {
		s.at++
		if s.digits() == 0 {
			return s.fail("expected digits after the point")
		}
	}
	if !s.end() && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		if !s.end() && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return s.fail("expected digits of an exponent")
		}
	}
	return nil
}

func (s *scanner) digits() (count int) {
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
		count++
	}
	return count
}
