package engine

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
)

// step is the memory of the step that is being made, used again by the next.
type step struct {
	batch    *pebble.Batch
	operands []byte // memory of the operands that streams hold until the commit
	lines    []byte // for the database
	value    []byte
	notified bool
	stations []*station      // changed
	streams  []*stream       // with uncommitted operands
	dirty    []*stream       // with averages to make anew
	feeds    []*feed         // with uncommitted operands of pages
	held     []*held         // targets of plans of which days have changed or were judged
	cities   []*city         // touched by the entry that is being taken
	touched  []*feed         // by the entry that is being taken
	said     map[string]bool // verdicts of this step: reading the store does not show them yet
	line     reading.Line
	fields   []reading.Field
	block    hours.Block
	kept     int64         // first hour that was not trimmed when the step began
	trimmed  []trimmedSpan // deleted by this step
	due      []*watch
}

// Step takes journal entries, in their order and none twice, and stores all that follows from them in one atomic
// batch; after is the position behind the last of them. After an error the engine's memory may be ahead of the
// store, so it takes no further step: open it anew.
func (e *Engine) Step(entries []reading.Entry, after reading.Position) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.broken != nil {
		return fmt.Errorf("the rules stopped at an earlier error and must be opened anew: %w", e.broken)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := e.take(entries, after); err != nil {
		e.broken = err
		return err
	}
	e.outbox.Committed()
	return nil
}

func (e *Engine) take(entries []reading.Entry, after reading.Position) error {
	e.step.batch = e.db.NewBatch()
	defer e.step.batch.Close()
	e.step.kept, e.step.trimmed = e.kept, e.step.trimmed[:0]
	e.step.operands, e.step.lines, e.step.notified = e.step.operands[:0], e.step.lines[:0], false
	for i := range entries {
		entry := &entries[i]
		if entry.Sequence <= e.position.Sequence {
			return fmt.Errorf("take journal entry %d: the rules are at %d already", entry.Sequence, e.position.Sequence)
		}
		e.position.Sequence = entry.Sequence
		if err := e.takeEntry(entry); err != nil {
			return fmt.Errorf("take journal entry %d: %w", entry.Sequence, err)
		}
	}
	e.position = after
	if err := e.remakeAverages(); err != nil {
		return err
	}
	return e.commit()
}

func (e *Engine) takeEntry(entry *reading.Entry) error {
	e.counts.Entries++
	if err := e.advanceClock(entry.Received); err != nil {
		return err
	}
	if entry.Transport&reading.Deaf != 0 {
		e.heard = e.clock
	}
	if !e.begun {
		if err := e.begin(); err != nil {
			return err
		}
	}
	if err := e.fireSilences(); err != nil {
		return err
	}
	if err := e.sweep(); err != nil {
		return err
	}
	switch entry.Kind {
	case reading.Refused:
		if s := e.stations[entry.Station]; s != nil { // whoever sends only rubbish is not remembered
			s.refused++
			e.change(s)
		}
	case reading.Readings:
		e.counts.Messages++
		switch {
		case entry.Transport&reading.Imported != 0:
			return e.takeHistory(entry)
		case len(entry.Lines) == 0:
			return e.takeHeartbeat(entry)
		}
		return e.takeMessage(entry)
	}
	return nil
}

// takeMessage takes the lines of a message.
func (e *Engine) takeMessage(entry *reading.Entry) error {
	var sender *station
	for rest := entry.Lines; len(rest) > 0; {
		var text []byte
		text, rest, _ = bytes.Cut(rest, []byte{'\n'})
		line := &e.step.line
		if err := line.Parse(text); err != nil {
			// The journal is checked, so this is a fault of the program: one line must not stop all rules.
			e.counts.Unreadable++
			slog.Error("journal line left out of the rules", "sequence", entry.Sequence, "error", err)
			continue
		}
		s := e.station(line.Station)
		if !e.muted {
			if s != sender {
				sender = s
				s.messages++
			}
			e.hear(s)
		}
		e.change(s)
		if err := e.takeLine(s, line); err != nil {
			return err
		}
	}
	return e.settleTouched()
}

// station returns the station with the id, new where it was never heard of.
func (e *Engine) station(id []byte) *station {
	if s, ok := e.stations[string(id)]; ok {
		return s
	}
	s := e.newStation(string(id))
	s.isKnown, s.known, s.renewed = true, e.clock, true
	e.stations[string(id)] = s
	return s
}

// hear notes that a station sends readings. With its first ones the rules for missing readings begin to wait for a
// station that stands in no register.
func (e *Engine) hear(s *station) {
	s.received = e.clock
	if s.first != 0 {
		return
	}
	s.first, s.renewed = e.clock, true
	if !s.register.Unregistered {
		return
	}
	s.watches, s.silent = nil, 0
	e.watch(s)
	for _, w := range s.watches {
		if !w.firing {
			e.watches.add(w, e.heard)
		}
	}
}

// change marks the station's state to be stored with this step.
func (e *Engine) change(s *station) {
	if !s.changed {
		s.changed = true
		e.step.stations = append(e.step.stations, s)
	}
}

// longestQuiet is the longest time between two records while Egret runs: a tick is journaled at least every minute.
const longestQuiet = int64(2 * time.Minute)

// advanceClock moves the clock to the latest receipt and trims the hours that it leaves behind. A receipt more than
// an hour back means that the clock had been wrong and was set right.
func (e *Engine) advanceClock(received int64) error {
	begins := e.clock == math.MinInt64
	setBack := !begins && e.clock-received > reading.ClockSetBack
	if !begins && !setBack && received <= e.clock {
		return nil
	}
	if begins || setBack || received-e.clock > longestQuiet {
		e.heard = received
	}
	e.clock = received
	if setBack {
		e.setSilencesRight()
		if err := e.setRight(); err != nil {
			return err
		}
	}
	kept := e.kept
	e.setHorizon()
	if e.kept == kept {
		return nil
	}
	return e.trimKept(max(0, kept), e.kept)
}

// begin does what waits for the first record after Open, because it needs the clock.
func (e *Engine) begin() error {
	e.begun = true
	for i := range e.config.Stations {
		if s := e.stations[e.config.Stations[i].ID]; !s.isKnown {
			s.isKnown, s.known, s.renewed = true, e.clock, true
			e.change(s)
		}
	}
	for _, s := range e.stations {
		for _, w := range s.watches {
			if !w.firing {
				e.watches.add(w, e.heard)
			}
		}
	}
	if err := e.withdraw(); err != nil {
		return err
	}
	return e.foundNew()
}

// mostPayload bounds what the database is given in one go, where a month of history makes ten million bytes of lines. No
// line is as long.
const mostPayload = 1 << 20

// commit stores the step: changed stations, lines for the database and the cursor.
func (e *Engine) commit() error {
	batch := e.step.batch
	var memory [1 + reading.MaxStationID]byte
	for _, s := range e.step.stations {
		s.changed = false
		if s.renewed {
			s.renewed = false
			e.step.value = s.append(e.step.value[:0])
			if err := batch.Set(append(append(memory[:0], stationPrefix), s.id...), e.step.value, nil); err != nil {
				return fmt.Errorf("store station %s: %w", s.id, err)
			}
		}
		e.step.value = s.appendMoving(e.step.value[:0])
		if err := batch.Set(append(append(memory[:0], movingPrefix), s.id...), e.step.value, nil); err != nil {
			return fmt.Errorf("store station %s: %w", s.id, err)
		}
	}
	e.step.stations = e.step.stations[:0]
	for rest := e.step.lines; len(rest) > 0; {
		size := len(rest)
		if size > mostPayload {
			size = bytes.LastIndexByte(rest[:mostPayload], '\n') + 1
		}
		if err := e.outbox.Add(batch, e.config.DatabaseChannel, rest[:size]); err != nil {
			return fmt.Errorf("put lines into the outbox: %w", err)
		}
		rest = rest[size:]
	}
	if err := e.keepHeld(); err != nil {
		return err
	}
	e.step.value = e.appendCursor(e.step.value[:0])
	if err := batch.Set([]byte{cursorKey}, e.step.value, nil); err != nil {
		return fmt.Errorf("store the rules' cursor: %w", err)
	}
	// Without a notification nothing has left that a step made anew after a crash could contradict.
	mode := pebble.NoSync
	if e.step.notified {
		mode = pebble.Sync
	}
	if err := batch.Commit(mode); err != nil {
		return fmt.Errorf("commit the rules' step: %w", err)
	}
	for _, st := range e.step.streams {
		st.uncommitted = st.uncommitted[:0]
	}
	e.step.streams = e.step.streams[:0]
	for _, f := range e.step.feeds {
		f.operands = f.operands[:0]
	}
	e.step.feeds = e.step.feeds[:0]
	clear(e.step.said)
	return nil
}
