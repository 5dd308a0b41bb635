package payload

import "bytes"

// mostValues bounds the values of one statement: no station measures more, and duplicates are looked for pairwise.
const mostValues = 1000

// statementsBack is how far back the statement of a station and time is looked for. A pack that jumps further between
// times gets a second statement of the same instant, which becomes the same point.
const statementsBack = 64

// speak returns the index of the statement of the station at the time, among the last ones, or -1.
func (m *Message) speak(station []byte, instant int64, hasTime bool) int {
	for i := len(m.Statements) - 1; i >= max(0, len(m.Statements)-statementsBack); i-- {
		s := &m.Statements[i]
		if s.Time == instant && s.HasTime == hasTime && bytes.Equal(s.Station, station) {
			return i
		}
	}
	return -1
}

// add adds a value to a statement: to the last one in the message's own memory.
func (m *Message) add(statement int, v Value) {
	s := &m.Statements[statement]
	if statement < len(m.Statements)-1 {
		s.Values = append(s.Values, v)
		return
	}
	m.values = append(m.values, v)
	from, to := len(m.values)-1-len(s.Values), len(m.values)
	s.Values = m.values[from:to:to]
}

// given says whether one of the values is of the same parameter, or where that has none, of the same name.
func given(values []Value, v *Value) bool {
	for i := range values {
		if bytes.Equal(values[i].Parameter, v.Parameter) && (len(v.Parameter) > 0 || bytes.Equal(values[i].Name, v.Name)) {
			return true
		}
	}
	return false
}
