package reading

import (
	"strconv"
	"strings"
)

// Note is something that a station says beside readings: the result of a check with a known sample, a state in words, a
// start-up. It becomes a point of the measurement `notes`, which no average and no rule looks at.
type Note struct {
	Station string // its id
	Kind    string // such as check, span, state or start
	Subject string // what it speaks of, such as a parameter's key; may be empty
	Field   string // such as value or text
	Number  float64
	Text    string // if HasText, in place of Number
	HasText bool
	Time    int64 // Unix nanoseconds
}

// The longest texts of a note; what is longer is cut.
const (
	mostSubject = 64
	mostText    = 1024
)

// AppendLine appends the note as one line of line protocol with its \n. Kind and Field must be plain words; Subject and
// Text may hold anything.
func (n *Note) AppendLine(to []byte) []byte {
	to = append(to, "notes,station="...)
	to = append(to, n.Station...)
	to = append(to, ",kind="...)
	to = append(to, n.Kind...)
	if subject := oneLine(n.Subject, mostSubject); subject != "" {
		to = append(to, ",subject="...)
		to = append(to, tagEscape.Replace(subject)...)
	}
	to = append(to, ' ')
	to = append(to, n.Field...)
	to = append(to, '=')
	if n.HasText {
		to = append(to, '"')
		to = append(to, stringEscape.Replace(oneLine(n.Text, mostText))...)
		to = append(to, '"')
	} else {
		to = strconv.AppendFloat(to, n.Number, 'f', -1, 64)
	}
	to = append(to, ' ')
	to = strconv.AppendInt(to, n.Time, 10)
	return append(to, '\n')
}

// oneLine returns a text as UTF-8 without control characters and not longer than most bytes.
func oneLine(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return strings.TrimSpace(text)
}
