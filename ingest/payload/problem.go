package payload

import (
	"errors"
	"fmt"
	"strings"

	"egret/ingest/reading"
)

// mostProblems bounds what is said of one payload, so that a megabyte of rubbish does not become a hundred of messages.
const mostProblems = 100

// What is wrong with a payload as a whole, whatever its format.
var (
	errEmpty      = errors.New("the payload is empty")
	errNoReadings = errors.New("the payload holds no readings")
)

func (m *Message) problem(format string, arguments ...any) {
	if len(m.Problems) == mostProblems {
		m.More++
		return
	}
	m.Problems = append(m.Problems, fmt.Sprintf(format, arguments...))
}

// saysNothing says whether there is nothing in the message, not even a problem.
func (m *Message) saysNothing() bool { return len(m.Statements)+len(m.Notes)+len(m.Problems) == 0 }

// shown returns a part of a payload as a message to people has it: not long, and UTF-8 whatever was sent.
func shown(part []byte) string {
	return reading.Shorten(strings.ToValidUTF8(string(part[:min(len(part), 200)]), "?"))
}
