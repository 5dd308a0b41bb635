package intake

import (
	"context"
	"errors"
	"fmt"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// ErrCut is returned for an entry whose payload was too large to be kept whole.
var ErrCut = errors.New("only the beginning of the payload was kept, so it cannot be taken again; have the station send it again")

// Router finds out how a message of a source is read now; it fills in station, format and decoder.
type Router func(*Message)

// Retry takes a quarantine entry again under the present configuration. What is valid now goes into the journal; the
// entry goes when nothing of it is refused any more. It returns how many values were stored and what is still refused.
func Retry(ctx context.Context, j journal.Journal, q *quarantine.Quarantine, checker *Checker, route Router, e quarantine.Entry) (stored int, reasons []string, err error) {
	if !e.Whole() {
		return 0, nil, fmt.Errorf("entry %d: %w", e.ID, ErrCut)
	}
	m := Message{
		Source: e.Source, Station: e.Station, Format: e.Format, Payload: e.Payload, Size: e.Size, SHA256: e.SHA256,
		Received: e.Received.UnixNano(), Transport: reading.Transport(e.Transport) | reading.Retried,
	}
	record, rest := reading.Record{}, (*quarantine.Entry)(nil)
	if e.Format == quarantine.FormatLine {
		record = lineRecord(&m)
	} else {
		route(&m)
		record, _, rest = checker.Take(&m, nil)
	}
	if rest != nil {
		reasons = rest.Reasons
	}
	if record.Values == 0 && rest != nil {
		return 0, reasons, nil
	}
	record.Rejected = 0 // it was counted when the message came in
	_, err = j.Append(ctx, []reading.Record{record}, func(batch *pebble.Batch) error {
		if rest != nil {
			return nil
		}
		return q.Remove(batch, &e, quarantine.Retried)
	})
	if err != nil {
		return 0, reasons, fmt.Errorf("take entry %d again: %w", e.ID, err)
	}
	return int(record.Values), reasons, nil
}

func lineRecord(m *Message) reading.Record {
	record := reading.Record{
		Kind: reading.Readings, Transport: m.Transport, Received: m.Received, Source: m.Source, Station: m.Station,
		Lines: append(append([]byte(nil), m.Payload...), '\n'),
	}
	var line reading.Line
	if line.Parse(m.Payload) == nil {
		record.Values = uint32(len(line.Fields))
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
