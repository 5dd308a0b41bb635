package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/hours"
	"egret/rules/noise"
	"egret/rules/packed"
	"egret/rules/sheet"
)

// History that was brought in (see [reading.Imported]) is taken however old it is, and all that is made of readings by
// the calendar is made of it, each figure once for an entry. It is muted: it tells no alert, ends none, and is no sign of
// life. What it says of periods that exceed their limits is kept, so that a later correction is told. Windows of rules
// hold its readings where they reach back to them, and are judged and written with the next reading that is sent.

// history is what was brought in and lies before the hours that are kept: its readings are deleted once no hour of them
// can become fuller.
type history struct {
	from int64 // the first hour whose readings are there, noHistory where there is none
	last int64 // the hour of the reading that was stored last: history comes in the order of time
}

const noHistory = int64(math.MaxInt64)

// historyKey keeps the history.
const historyKey = 'i'

const (
	historyBack = 48                        // hours before the last one that may still be completed
	historyRest = int64(7 * 24 * time.Hour) // after which an import that was interrupted is not gone on with
)

// takeHistory takes an entry of history.
func (e *Engine) takeHistory(entry *reading.Entry) error {
	if len(entry.Lines) == 0 {
		return e.endImport()
	}
	// Points of rules' windows are made of what was there when they were: they must not depend on where a step ends.
	if err := e.remakeAverages(); err != nil {
		return err
	}
	if err := e.noteImport(); err != nil {
		return err
	}
	before := e.history
	e.muted = true
	defer func() { e.muted = false }()
	if err := e.takeMessage(entry); err != nil {
		return err
	}
	if e.history == before {
		return nil
	}
	return e.keepHistory()
}

// oldestTaken returns the first hour of which a line is taken, in hours since 1970. Departments report of months that are
// long over.
func (e *Engine) oldestTaken(line *reading.Line) int64 {
	if e.muted || string(line.Domain) == reading.Indicator.String() {
		return 0
	}
	return e.oldest
}

// closedAt returns the hour before which all are over for a feed whose first reading is of a given hour. The clock closes
// hours for all that have sent anything, so it has for history too.
func (e *Engine) closedAt(number int64) int64 {
	if !e.muted {
		return number
	}
	return max(number, e.hourOf(e.swept*sweepEvery))
}

// trimmed says whether readings of an hour may have been deleted.
func (e *Engine) trimmed(number int64) bool { return e.startOf(number) < e.kept*hour }

// forgotten says whether the readings of an hour of the hour store may have been deleted although the newest one is
// remembered.
func (e *Engine) forgotten(hour int64) bool { return e.muted && hour < e.kept }

// keepFuller puts in the place of an hour made anew what it was where that was made of more readings, which are no longer
// there: an import of some of them would else leave less than there was. An hour that is brought in whole counts as it is.
func (e *Engine) keepFuller(f *feed, number int64, fresh []average.Hour) error {
	for i, r := range f.rows {
		was, err := e.hours(f, r, number, number+1)
		if err != nil {
			return err
		}
		if int(e.derived.present[i]) < f.expected && fresh[i].Count < was[0].Count {
			fresh[i] = was[0]
		}
	}
	return nil
}

// gain says how many valid hours more there are with an hour as it is now.
func gain(was, now average.Hour) int8 {
	switch {
	case was.Valid == now.Valid:
		return 0
	case now.Valid:
		return 1
	default:
		return -1
	}
}

// wholeDay says whether the hours that a day's figure was made of were all there before they were changed. Hours are
// not kept as long as days: an import of some of them would else leave less than there was.
func (e *Engine) wholeDay(f *feed, r *revised, day calendar.Day, was sheet.Cell) (bool, error) {
	first := e.hourOf(e.zone.Start(day))
	if f.hoursKept(first) {
		return true, nil
	}
	hours, err := e.hours(f, r.row, first, first+int64(e.zone.Hours(day)))
	if err != nil {
		return false, err
	}
	valid := 0
	for _, h := range hours {
		if h.Valid {
			valid++
		}
	}
	for i, number := range r.hours {
		if e.zone.DayOf(e.startOf(number)) == day {
			valid -= int(r.gains[i])
		}
	}
	return valid >= int(was.Count), nil
}

// fullerNoise says whether the levels that are kept of a noise day were made of more hours, which may no longer be there.
// It does not ask whether they are: corrections of history that leave fewer hours of a day of years ago are not taken.
func (e *Engine) fullerNoise(f *feed, day calendar.Day, a *noise.Assessment) (bool, error) {
	if !e.muted || f.hoursKept(e.hourOf(e.noiseStart(day))) {
		return false, nil
	}
	number, index := sheet.YearOf(day)
	page := &e.derived.otherYear
	if err := e.loadYear(f, page, number); err != nil {
		return false, err
	}
	fuller := func(key string, hours int) bool {
		c := page.Find(key).At(index)
		return !c.Empty() && int(c.Count) > hours
	}
	return fuller(noise.Ld, a.DayHours) || fuller(noise.Ln, a.NightHours), nil
}

// trimmedSpan are hours whose readings the step deletes. The store shows them until it is committed.
type trimmedSpan struct{ from, before int64 }

// trim deletes the readings of hours from one up to and without another.
func (e *Engine) trim(from, before int64) error {
	e.step.trimmed = append(e.step.trimmed, trimmedSpan{from, before})
	if err := hours.Trim(e.step.batch, uint32(from), uint32(before)); err != nil {
		return fmt.Errorf("trim hours: %w", err)
	}
	return nil
}

// trimKept deletes the readings of hours that are no longer kept. Those that an import may still complete wait for it.
func (e *Engine) trimKept(from, before int64) error {
	first, after := before, before
	if e.clock-e.plans.imported < historyRest {
		first, after = max(from, e.history.last-historyBack), min(before, e.history.last+1)
	}
	if first >= after {
		return e.trim(from, before)
	}
	e.history.from = min(e.history.from, first)
	if err := e.keepHistory(); err != nil {
		return err
	}
	if from < first {
		if err := e.trim(from, first); err != nil {
			return err
		}
	}
	if after < before {
		return e.trim(after, before)
	}
	return nil
}

// loadNow reads the hour of a stream as the step leaves it.
func (e *Engine) loadNow(st *stream, hour int64) error {
	for i := len(e.step.trimmed) - 1; i >= 0; i-- {
		if t := e.step.trimmed[i]; hour >= t.from && hour < t.before {
			return e.loadFrom(nothing{}, st, hour, i+1)
		}
	}
	return e.load(st, hour)
}

// nothing is a store that is empty.
type nothing struct{ pebble.Reader }

// Get implements [pebble.Reader].
func (nothing) Get([]byte) ([]byte, io.Closer, error) { return nil, nil, pebble.ErrNotFound }

// noteHistory notes the hour of a reading that was stored although it is older than what is taken as a rule.
func (e *Engine) noteHistory(hour int64) error {
	older := hour < e.kept && hour < e.history.from
	if older {
		e.history.from = hour
	}
	if e.muted { // which keeps it at the end of the entry
		e.history.last = hour
		return nil
	}
	if !older {
		return nil
	}
	return e.keepHistory()
}

// forgetHistory deletes the readings of history that no other entry can complete. It is called once a day.
func (e *Engine) forgetHistory() error {
	before := min(e.kept, e.history.last-historyBack)
	if e.clock-e.plans.imported >= historyRest {
		before = e.kept
	}
	if e.history.from >= before {
		return nil
	}
	if err := e.trim(e.history.from, before); err != nil {
		return err
	}
	if e.history.from = before; before == e.kept {
		e.history.from = noHistory
	}
	return e.keepHistory()
}

func (e *Engine) keepHistory() error {
	value := binary.AppendVarint(binary.AppendVarint(nil, e.history.from), e.history.last)
	return e.step.batch.Set([]byte{historyKey}, value, nil)
}

func (e *Engine) restoreHistory() error {
	e.history.from = noHistory
	value, closer, err := e.db.Get([]byte{historyKey})
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what history was brought in: %w", err)
	}
	r := packed.Reader{Rest: value}
	e.history = history{from: r.Varint(), last: r.Varint()}
	if r.Broken {
		err = errCut
	}
	if err = errors.Join(err, closer.Close()); err != nil {
		return fmt.Errorf("read what history was brought in: %w", err)
	}
	return nil
}
