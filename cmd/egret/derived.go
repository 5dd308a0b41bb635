package main

import (
	"context"

	"egret/ingest/influx"
	"egret/rules/outbox"

	"github.com/cockroachdb/pebble/v2"
)

// derivedSource brings the lines that the rules have derived to the database, from their queue in the outbox.
type derivedSource struct {
	outbox  *outbox.Outbox
	records *records
	after   uint64
}

var _ influx.Source = (*derivedSource)(nil)

// Name implements [influx.Source].
func (d *derivedSource) Name() string { return "averages" }

// Next implements [influx.Source].
func (d *derivedSource) Next(ctx context.Context, maxLines, maxBytes int) (influx.Batch, error) {
	entries, err := d.outbox.Read(ctx, databaseChannel, d.after, min(maxBytes, maxLines*100))
	if err != nil {
		return influx.Batch{}, err
	}
	var lines []byte
	for i := range entries {
		lines = append(lines, entries[i].Payload...)
	}
	return influx.Batch{Lines: lines, Token: entries[len(entries)-1].Sequence}, nil
}

// Done implements [influx.Source]. Entries that come back after a crash only write the same points again.
func (d *derivedSource) Done(ctx context.Context, batch influx.Batch, refused []influx.Refusal) error {
	if len(refused) > 0 {
		nothing := func(*pebble.Batch) error { return nil }
		if err := influx.Keep(ctx, d.records.db, d.records.journal, d.records.quarantine, refused, "influxdb, averages", nothing); err != nil {
			return err
		}
	}
	d.after = batch.Token.(uint64)
	return d.outbox.Done(databaseChannel, d.after, false)
}
