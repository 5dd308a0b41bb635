package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"egret/deploy/config"
	"egret/ingest/intake"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
	"egret/ingest/table"
	"egret/rules/engine"
	"egret/rules/hours"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

const (
	// replayTick is how often the clock ticks where nothing comes in; serve writes a tick at least so often.
	replayTick = int64(time.Minute)
	// replayQuiet is how long it does so: longer than any rule for missing readings waits. A file with a reading of
	// 1970 between those of this year would tick for ever.
	replayQuiet = int64(32 * 24 * time.Hour)
	// replayStep bounds the entries and replayBytes the lines of one step of the rules.
	replayStep  = 4096
	replayBytes = 1 << 20
	// replayMemTable is small: the hours trimmed in a year are thousands of deletions of overlapping spans, which take
	// long to sort when they come together.
	replayMemTable = 2 << 20
	// replayChannel is the outbox channel of alerts.
	replayChannel = "replay"
)

// replayed is the rules over a store in memory, and what has been offered to them.
type replayed struct {
	db      *pebble.DB
	rules   *engine.Engine
	checker *intake.Checker
	marks   *reading.FlagTable
	out     *printer

	clock    int64 // the last receipt or tick
	begun    bool
	position reading.Position
	entries  []reading.Entry
	lines    []byte

	offered, taken, refused int // values
	told                    int // alerts
}

func openReplay(c *config.Config, marks *reading.FlagTable, windows bool, out *printer) (*replayed, error) {
	r := &replayed{checker: intake.NewChecker(c.Parameters, register(c), c.Zone, intakeLimits(c)), marks: marks, out: out}
	var err error
	if r.db, err = pebble.Open("replay", &pebble.Options{Merger: hours.Merger, FS: vfs.NewMem(), MemTableSize: replayMemTable, Logger: memoryLog{}}); err != nil {
		return nil, fmt.Errorf("open a store in memory: %w", err)
	}
	if r.rules, err = engine.Open(r.db, r, engine.Config{
		Stations: c.Stations, Parameters: c.Parameters, Rules: c.Rules, Plans: c.Plans, Channels: []string{replayChannel}, Horizon: c.Limits.Horizon,
		Zone: c.Zone, Practice: c.Practice, Sink: &figures{out, c.Zone}, SinkWindows: windows,
	}); err != nil {
		return nil, errors.Join(err, r.db.Close())
	}
	return r, nil
}

// take offers a message to the checks and what they let through to the rules.
func (r *replayed) take(ctx context.Context, m *table.Message) error {
	if err := r.tickTo(ctx, m.Received); err != nil {
		return err
	}
	record, lines, refused := r.check(m, r.lines)
	r.lines = lines
	r.offered += len(m.Places)
	r.taken += int(record.Values)
	r.refused += len(m.Places) - int(record.Values)
	if refused != nil {
		for part := range m.Parts() {
			if err := r.refuse(part); err != nil {
				return err
			}
		}
	}
	return r.add(ctx, record)
}

func (r *replayed) check(m *table.Message, lines []byte) (reading.Record, []byte, *quarantine.Entry) {
	return r.checker.Take(&intake.Message{Source: m.Places[0].File, Station: m.Station, Decode: m.Decode, Flags: r.marks, Received: m.Received}, lines)
}

// refusal is a line of what was refused.
type refusal struct {
	Type    string `json:"type"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"` // of a cell that could not be read
	Station string `json:"station,omitempty"`
	Reason  string `json:"reason"`
}

// refuse prints what the checks say of a row of which something may have been refused.
func (r *replayed) refuse(m *table.Message) error {
	_, _, refused := r.check(m, nil)
	if refused == nil {
		return nil
	}
	reasons := refused.Reasons
	if refused.More > 0 {
		reasons = append(reasons, fmt.Sprintf("and %d more", refused.More))
	}
	for _, reason := range reasons {
		if err := r.out.print(refusal{Type: "refused", File: m.Places[0].File, Line: m.Places[0].Line, Station: m.Station, Reason: reason}); err != nil {
			return err
		}
	}
	return nil
}

// tickTo moves the clock to an instant, as it moves while nothing comes in: rules for missing readings hear it.
func (r *replayed) tickTo(ctx context.Context, instant int64) error {
	if !r.begun {
		r.begun, r.clock = true, instant
	}
	for quiet := r.clock + replayQuiet; r.clock+replayTick < instant && r.clock < quiet; r.clock += replayTick {
		if err := r.add(ctx, reading.Record{Kind: reading.Tick, Received: r.clock + replayTick}); err != nil {
			return err
		}
	}
	r.clock = max(r.clock, instant)
	return nil
}

// finish lets the clock run on to an instant.
func (r *replayed) finish(ctx context.Context, until int64) error {
	if err := r.tickTo(ctx, until); err != nil {
		return err
	}
	if err := r.add(ctx, reading.Record{Kind: reading.Tick, Received: until}); err != nil {
		return err
	}
	return r.step(ctx)
}

// add puts a record behind those that wait for the next step.
func (r *replayed) add(ctx context.Context, record reading.Record) error {
	r.position.Sequence++
	r.position.Received = record.Received
	r.position.Values += uint64(record.Values)
	if record.Kind != reading.Tick {
		r.position.Messages++
	}
	r.entries = append(r.entries, reading.Entry{Sequence: r.position.Sequence, Record: record})
	if len(r.entries) < replayStep && len(r.lines) < replayBytes {
		return nil
	}
	return r.step(ctx)
}

// step hands to the rules what waits for them.
func (r *replayed) step(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.rules.Step(r.entries, r.position); err != nil {
		return err
	}
	r.entries, r.lines = r.entries[:0], make([]byte, 0, len(r.lines)) // what the rules were given is theirs
	return r.out.flush()
}

// Add implements [engine.Outbox]: an alert is printed as it is told.
func (r *replayed) Add(_ *pebble.Batch, _ string, payload []byte) error {
	r.told++
	return r.out.alert(payload)
}

// Committed implements [engine.Outbox].
func (r *replayed) Committed() {}

// Close forgets everything.
func (r *replayed) Close() error { return r.db.Close() }

// memoryLog passes over the store's chatter.
type memoryLog struct{}

func (memoryLog) Infof(string, ...any) {}

func (memoryLog) Errorf(format string, arguments ...any) {
	slog.Error("store in memory", "message", fmt.Sprintf(format, arguments...))
}

func (memoryLog) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...)) // it has no disk that could fail
}

// printer writes JSON objects, one a line.
type printer struct {
	to      *bufio.Writer
	encoder *json.Encoder
	line    []byte
}

func newPrinter(to io.Writer) *printer {
	buffered := bufio.NewWriterSize(to, 64<<10)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	return &printer{to: buffered, encoder: encoder}
}

// print writes a figure, which says its type itself.
func (p *printer) print(figure any) error {
	if err := p.encoder.Encode(figure); err != nil {
		return fmt.Errorf("write the output: %w", err)
	}
	return nil
}

// alert writes the JSON of an alert as it is delivered, with its type before it.
func (p *printer) alert(payload []byte) error {
	return p.print(json.RawMessage(append([]byte(`{"type":"alert",`), bytes.TrimPrefix(payload, []byte("{"))...)))
}

func (p *printer) flush() error {
	if err := p.to.Flush(); err != nil {
		return fmt.Errorf("write the output: %w", err)
	}
	return nil
}
