package table

import (
	"bytes"
	"cmp"
	"iter"
	"slices"
	"sort"

	"egret/ingest/payload"
)

// Message is what the tables say of one station, period and instant that came in together: the values of one row, or
// of several rows of a long table.
type Message struct {
	Station   string
	Received  int64             // as the rows say, else the end of the reading's period
	Statement payload.Statement // with a time
	Places    []Place           // where each of the values stands
}

// Place is a row of a file.
type Place struct {
	File string
	Line int
}

// Decode is the [payload.Decoder] of the message: there is no payload to read.
func (m *Message) Decode(_ *payload.Input, into *payload.Message) error {
	into.Statements = append(into.Statements, m.Statement)
	return nil
}

// Parts returns the message as it stands in each of its rows, in the order of the rows.
func (m *Message) Parts() iter.Seq[*Message] {
	places := slices.Clone(m.Places)
	slices.SortFunc(places, func(a, b Place) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	return func(yield func(*Message) bool) {
		for _, place := range slices.Compact(places) {
			part := Message{Station: m.Station, Received: m.Received, Statement: m.Statement}
			part.Statement.Values = nil
			for i, v := range m.Statement.Values {
				if m.Places[i] == place {
					part.Statement.Values, part.Places = append(part.Statement.Values, v), append(part.Places, place)
				}
			}
			if !yield(&part) {
				return
			}
		}
	}
}

// Messages returns what was read in the order of receipts, then of stations, periods and times, its values in the order
// of their parameters: however rows and files were arranged. Only of two values of the same reading the one that was read
// later comes later. A message's memory is used again for the next.
func (t *Table) Messages() iter.Seq[*Message] {
	return t.messages(func(a, b row) int { return cmp.Compare(a.received, b.received) })
}

// Chronological returns what was read in the order in which its periods ended, then as [Table.Messages] does. Of two
// values of the same reading the one that was received later comes later.
func (t *Table) Chronological() iter.Seq[*Message] {
	return t.messages(func(a, b row) int { return cmp.Compare(a.end(), b.end()) })
}

func (r row) end() int64 { return r.time + int64(r.period.Length()) }

func (t *Table) messages(first func(a, b row) int) iter.Seq[*Message] {
	order := t.inOrder(first)
	return func(yield func(*Message) bool) {
		var m Message
		for i := 0; i < len(t.rows); {
			first := &t.rows[i]
			m.Station, m.Received = t.names.texts[first.station], first.received
			m.Statement = payload.Statement{Time: first.time, HasTime: true, Period: first.period, Values: m.Statement.Values[:0]}
			m.Places = m.Places[:0]
			for i < len(t.rows) && order(*first, t.rows[i]) == 0 && t.join(&m, &t.rows[i]) {
				i++
			}
			sort.Sort(byParameter{&m})
			if !yield(&m) {
				return
			}
		}
	}
}

// byParameter sorts the values of a message, each with its place.
type byParameter struct{ *Message }

func (m byParameter) Len() int { return len(m.Places) }

func (m byParameter) Less(i, j int) bool {
	return bytes.Compare(m.Statement.Values[i].Parameter, m.Statement.Values[j].Parameter) < 0
}

func (m byParameter) Swap(i, j int) {
	values := m.Statement.Values
	values[i], values[j] = values[j], values[i]
	m.Places[i], m.Places[j] = m.Places[j], m.Places[i]
}

// inOrder sorts the rows, by first before anything else, and returns their order, in which those of one message are equal.
func (t *Table) inOrder(first func(a, b row) int) func(a, b row) int {
	byName := make([]uint32, len(t.names.texts))
	for i := range byName {
		byName[i] = uint32(i)
	}
	slices.SortFunc(byName, func(a, b uint32) int { return cmp.Compare(t.names.texts[a], t.names.texts[b]) })
	rank := make([]uint32, len(byName))
	for i, name := range byName {
		rank[name] = uint32(i)
	}
	order := func(a, b row) int {
		if at := first(a, b); at != 0 {
			return at
		}
		return cmp.Or(cmp.Compare(rank[a.station], rank[b.station]), cmp.Compare(a.period, b.period), cmp.Compare(a.time, b.time), cmp.Compare(a.received, b.received))
	}
	asRead := func(a, b row) int { return cmp.Or(order(a, b), cmp.Compare(a.first, b.first)) }
	if !slices.IsSortedFunc(t.rows, asRead) {
		slices.SortFunc(t.rows, asRead)
	}
	return order
}

// join adds the values of a row to the message, unless it has one of them already: that row makes a message of its own.
func (t *Table) join(m *Message, r *row) bool {
	values := t.values[r.first : r.first+int(r.count)]
	for i := range values {
		key := t.quantities.all[values[i].quantity].key
		for _, v := range m.Statement.Values {
			if string(v.Parameter) == string(key) {
				return false
			}
		}
	}
	for _, v := range values {
		q := &t.quantities.all[v.quantity]
		m.Statement.Values = append(m.Statement.Values, payload.Value{Parameter: q.key, Number: v.number, Flag: t.names.bytes[v.flag], Unit: q.unit})
		m.Places = append(m.Places, Place{t.files[r.file], int(r.line)})
	}
	return true
}
