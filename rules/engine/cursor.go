package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	"egret/ingest/reading"
)

const (
	cursorKey     = 'r'
	cursorVersion = 2
)

// counters lists the counts in the order in which the cursor keeps them.
func (c *Counts) counters() []*uint64 {
	return []*uint64{&c.Entries, &c.Messages, &c.Values, &c.Duplicates, &c.Corrected, &c.Late, &c.BeyondHorizon, &c.Unusable, &c.Unreadable}
}

// appendCursor appends the position, the format's version, the clock, since when it has run evenly, the first
// hour kept, when silent stations were looked at, and the counts.
func (e *Engine) appendCursor(to []byte) []byte {
	to = e.position.Append(to)
	to = append(to, cursorVersion)
	to = binary.BigEndian.AppendUint64(to, uint64(e.clock))
	to = binary.BigEndian.AppendUint64(to, uint64(e.heard))
	to = binary.BigEndian.AppendUint64(to, uint64(e.kept))
	to = binary.BigEndian.AppendUint64(to, uint64(e.swept))
	for _, c := range e.counts.counters() {
		to = binary.BigEndian.AppendUint64(to, *c)
	}
	return to
}

func (e *Engine) parseCursor(value []byte) error {
	position, rest, err := reading.ParsePosition(value)
	if err != nil {
		return err
	}
	counters := e.counts.counters()
	if len(rest) == 0 || rest[0] != cursorVersion {
		return fmt.Errorf("its version is not %d: it was written by another release of Egret", cursorVersion)
	}
	if rest = rest[1:]; len(rest) != 8*(4+len(counters)) {
		return errors.New("it has the wrong length")
	}
	e.position = position
	for i, instant := range []*int64{&e.clock, &e.heard, &e.kept, &e.swept} {
		*instant = int64(binary.BigEndian.Uint64(rest[8*i:]))
	}
	for i, c := range counters {
		*c = binary.BigEndian.Uint64(rest[8*(i+4):])
	}
	return nil
}
