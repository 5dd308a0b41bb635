package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// ErrCut is returned for an entry whose payload was too large to be kept whole.
var ErrCut = errors.New("only the beginning of the payload was kept, so it cannot be taken again; have the station send it again")

// ErrOld is returned for an entry of an earlier version, of which some values were stored and nobody knows which.
var ErrOld = errors.New("it was kept by an earlier version of Egret, which did not note what of the message was stored; have the station send the rest again")

// Router finds out how a message of a source is read now; it fills in station, format and decoder.
type Router func(*Message)

// Retry takes a quarantine entry again under the present configuration. Of what was refused, and of nothing else, what
// is valid now goes into the journal: what was stored before may have been corrected since. The entry goes when nothing
// of it is refused any more. It returns how many values were stored and what is still refused.
func Retry(ctx context.Context, j journal.Journal, q *quarantine.Quarantine, checker *Checker, route Router, e quarantine.Entry) (stored int, reasons []string, err error) {
	if !e.Whole() {
		return 0, nil, fmt.Errorf("entry %d: %w", e.ID, ErrCut)
	}
	if e.Stored > 0 && len(e.Taken) == 0 {
		return 0, nil, fmt.Errorf("entry %d: %w", e.ID, ErrOld)
	}
	m := Message{
		Source: e.Source, Station: e.Station, Format: e.Format, Payload: e.Payload, Size: e.Size, SHA256: e.SHA256,
		Received: e.Received.UnixNano(), Transport: reading.Transport(e.Transport)&^reading.Deaf | reading.Retried, // nobody is deaf now
	}
	record, rest := reading.Record{}, (*quarantine.Entry)(nil)
	switch {
	case e.Format == quarantine.FormatLine:
		record = lineRecord(&m)
	case strings.HasPrefix(e.Format, formatRows):
		if record, rest, err = checker.rowsAgain(&m, &e); err != nil {
			return 0, nil, fmt.Errorf("take entry %d again: %w", e.ID, err)
		}
	default:
		route(&m)
		record, rest = checker.again(&m, &e)
	}
	if rest != nil {
		reasons = rest.Reasons
	}
	records := []reading.Record{record}
	if notes, ok := checker.Notes(&m, record); ok {
		records = append(records, notes)
	}
	if record.Values == 0 && rest != nil {
		return 0, reasons, nil
	}
	records[0].Rejected = 0 // it was counted when the message came in
	for i := range records {
		records[i].Received = max(records[i].Received, j.State().Head.Received) // else it looks as if the clock was set back
	}
	_, err = j.Append(ctx, records, func(batch *pebble.Batch) error {
		if rest != nil {
			return q.Update(batch, rest)
		}
		return q.Remove(batch, &e, quarantine.Retried)
	})
	if err != nil {
		return 0, reasons, fmt.Errorf("take entry %d again: %w", e.ID, err)
	}
	return int(record.Values), reasons, nil
}

// again takes a message once more without the readings that it has brought already; rest is the entry as it is then, nil
// if nothing is refused.
func (c *Checker) again(m *Message, e *quarantine.Entry) (record reading.Record, rest *quarantine.Entry) {
	c.taken = readTaken(e.Taken)
	defer func() { c.taken = nil }()
	record, _, still := c.Take(m, nil)
	if still == nil {
		return record, nil
	}
	left := *e
	left.Reasons, left.More, left.Stored, left.Rejected = still.Reasons, still.More, e.Stored+record.Values, still.Rejected
	left.Taken = appendTaken(slices.Clone(e.Taken), record.Lines)
	return record, &left
}

// lineRecord is a line that the database refused, to be offered again. The rules know its readings already; where it
// holds averages or alerts they have nothing to do with it.
func lineRecord(m *Message) reading.Record {
	record := reading.Record{
		Kind: reading.Register, Transport: m.Transport, Received: m.Received, Source: m.Source, Station: m.Station,
		Lines: append(append([]byte(nil), m.Payload...), '\n'),
	}
	var line reading.Line
	if line.Parse(m.Payload) == nil {
		record.Kind, record.Values = reading.Readings, uint32(len(line.Fields))
	}
	return record
}

// Drop removes an entry by hand.
func Drop(ctx context.Context, j journal.Journal, q *quarantine.Quarantine, e quarantine.Entry) error {
	_, err := j.Append(ctx, nil, func(batch *pebble.Batch) error { return q.Remove(batch, &e, quarantine.Dropped) })
	if err != nil {
		return fmt.Errorf("drop entry %d: %w", e.ID, err)
	}
	return nil
}
