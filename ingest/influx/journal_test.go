package influx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// plant is a journal with its quarantine and the source that a writer reads, which can be closed and opened again.
type plant struct {
	*JournalSource
	t          *testing.T
	files      vfs.FS
	directory  string
	db         *pebble.DB
	local      *journal.Local
	quarantine *quarantine.Quarantine
	number     int
}

func newPlant(t *testing.T) *plant {
	p := &plant{t: t, files: vfs.NewMem(), directory: t.TempDir()}
	p.reopen()
	t.Cleanup(p.close)
	return p
}

func (p *plant) close() {
	if p.db != nil {
		must(p.t, errors.Join(p.local.Close(), p.db.Close()))
	}
}

func (p *plant) reopen() {
	p.t.Helper()
	p.close()
	var err error
	p.db, err = pebble.Open("store", &pebble.Options{FS: p.files, Logger: quiet{}})
	must(p.t, err)
	p.local, err = journal.OpenLocal(p.db, p.directory, 0)
	must(p.t, err)
	p.quarantine, err = quarantine.Open(p.db, 100)
	must(p.t, err)
	p.JournalSource, err = OpenJournalSource(p.db, p.local, p.quarantine)
	must(p.t, err)
}

// journals appends messages of two values each, then one that was refused and a tick, which have no lines.
func (p *plant) journals(count int) (lines []string) {
	p.t.Helper()
	var records []reading.Record
	for range count {
		p.number++
		line := fmt.Sprintf("air,station=wx-%d,period=rt pm25=%d,pm25_flag=0i,co=1,co_flag=0i 1795226400000000000", p.number, p.number)
		lines = append(lines, line)
		records = append(records, reading.Record{Kind: reading.Readings, Received: int64(p.number), Values: 2, Lines: []byte(line + "\n")})
	}
	records = append(records, reading.Record{Kind: reading.Refused, Received: int64(p.number), Rejected: 1}, reading.Record{Kind: reading.Tick, Received: int64(p.number)})
	_, err := p.local.Append(p.t.Context(), records, nil)
	must(p.t, err)
	return lines
}

// writes runs a writer until all of the journal is in the database.
func (p *plant) writes(s *stage) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 10*time.Second)
	defer cancel()
	a := newAttempt(s.URL, &untilHead{p.JournalSource, p.local, cancel})
	if err := a.Run(ctx); !errors.Is(err, context.Canceled) {
		p.t.Fatalf("Run ends with %v", err)
	}
}

// untilHead ends the writer when the cursor has reached the journal's head.
type untilHead struct {
	*JournalSource
	journal journal.Journal
	end     func()
}

func (u *untilHead) Done(ctx context.Context, batch Batch, refused []Refusal) error {
	err := u.JournalSource.Done(ctx, batch, refused)
	if u.Written().Position == u.journal.State().Head {
		u.end()
	}
	return err
}

func (p *plant) wantWritten(values, refused uint64) {
	p.t.Helper()
	w := p.Written()
	if w.Values != values || w.RefusedValues != refused || w.Position != p.local.State().Head || w.Values+w.RefusedValues != w.Position.Values {
		p.t.Errorf("written is %+v, want %d and %d values up to %+v", w, values, refused, p.local.State().Head)
	}
}

func TestTheJournalGoesIntoTheDatabaseOnce(t *testing.T) {
	p, s := newPlant(t), newStage(t)
	first := p.journals(500)
	p.writes(s)
	p.wantWritten(1000, 0)
	p.reopen()
	p.wantWritten(1000, 0)
	second := p.journals(500)
	p.writes(s)
	p.wantWritten(2000, 0)
	if got := s.lines(); !slices.Equal(got, append(first, second...)) {
		t.Errorf("%d lines are stored", len(got))
	}
}

func TestRefusedLinesAreInQuarantineAndTheCountsAddUp(t *testing.T) {
	p, s := newPlant(t), newStage(t)
	s.always = s.refuses("station=wx-7,")
	p.journals(20)
	p.writes(s)
	p.wantWritten(38, 2)
	p.reopen()
	p.wantWritten(38, 2)
	entries, err := p.quarantine.List(0, 10, "")
	must(t, err)
	if len(entries) != 1 {
		t.Fatalf("%d entries", len(entries))
	}
	e := entries[0]
	if e.Station != "wx-7" || e.Source != "influxdb" || e.Format != quarantine.FormatLine || e.Rejected != 2 || !e.Whole() ||
		string(e.Payload) != "air,station=wx-7,period=rt pm25=7,pm25_flag=0i,co=1,co_flag=0i 1795226400000000000" || !strings.Contains(e.Reasons[0], "field type conflict") {
		t.Errorf("the entry is %+v", e)
	}
	if got := len(s.lines()); got != 19 {
		t.Errorf("%d lines are stored", got)
	}
}

func TestABatchIsNearItsLines(t *testing.T) {
	p := newPlant(t)
	p.journals(1000)
	batch, err := p.Next(t.Context(), 50, batchBytes)
	must(t, err)
	if got := strings.Count(string(batch.Lines), "\n"); got < 25 || got > 75 {
		t.Errorf("%d lines, 50 were asked for", got)
	}
	again, err := p.Next(t.Context(), 50, batchBytes)
	must(t, err)
	if string(again.Lines) != string(batch.Lines) {
		t.Error("a batch that is not done is not read again")
	}
}

func TestADamagedCursorIsNotTakenForABeginning(t *testing.T) {
	p := newPlant(t)
	must(t, p.db.Set(cursorKey, make([]byte, 20), pebble.Sync))
	if _, err := OpenJournalSource(p.db, p.local, p.quarantine); err == nil {
		t.Error("20 bytes are read as a cursor")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// quiet is a store's log that says nothing.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...))
}
