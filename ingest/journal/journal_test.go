package journal

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/ingest/store"

	"github.com/cockroachdb/pebble/v2"
)

// morning is 2026-11-21 08:00 in Shanghai.
var morning = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC).UnixNano()

// message is the number-th message of a station that sends two values a second.
func message(number int) reading.Record {
	received := morning + int64(number)*int64(time.Second)
	sample := reading.Sample{Domain: reading.Air, Station: "wx-1", Time: received, Values: []reading.Value{
		{Parameter: "pm25", Number: float64(number%500) / 10}, {Parameter: "co", Number: 0.6},
	}}
	return reading.Record{
		Kind: reading.Readings, Received: received, Source: "stations/wx-1/readings", Station: "wx-1",
		Values: 2, Lines: sample.AppendLine(nil),
	}
}

// messages are count messages, the first of them number from.
func messages(from, count int) []reading.Record {
	records := make([]reading.Record, count)
	for i := range records {
		records[i] = message(from + i)
	}
	return records
}

func openStore(directory string, inspect func(*pebble.DB) error) (*pebble.DB, error) {
	return store.Open(store.Options{
		Directory: directory, Inspect: inspect, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Fatal: func(message string) { fmt.Fprintln(os.Stderr, message); os.Exit(1) },
	})
}

// openVerified opens the journal of a directory as the service does.
func openVerified(t *testing.T, directory string, cursors ...Cursor) (*Local, *pebble.DB) {
	t.Helper()
	db, err := openStore(directory, func(db *pebble.DB) error { return Verify(db, directory, cursors, nil) })
	if err != nil {
		t.Fatal(err)
	}
	j, err := OpenLocal(db, directory, 0)
	if err != nil {
		t.Fatal(err)
	}
	return j, db
}

func closeJournal(t *testing.T, j *Local, db *pebble.DB) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustAppend(t *testing.T, j Journal, records []reading.Record) reading.Position {
	t.Helper()
	head, err := j.Append(t.Context(), records, nil)
	if err != nil {
		t.Fatal(err)
	}
	return head
}
