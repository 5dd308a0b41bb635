package engine

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
	"egret/rules/rule"
)

// latestTime bounds the times of readings, so that the end of a window can be reckoned for each.
const latestTime = math.MaxInt64 - 4*int64(rule.LongestWindow)

// takeLine takes the values of one instant: new ones, late ones, corrections; what is there already changes nothing.
func (e *Engine) takeLine(s *station, line *reading.Line) error {
	count := uint64(len(line.Fields))
	e.counts.Values += count
	s.values += count
	hour := hours.Of(line.Time)
	if hour < e.oldestTaken(line) || line.Time > latestTime {
		e.counts.BeyondHorizon += count
		return nil
	}
	st := s.stream(line.Period)
	if err := e.prepare(st); err != nil {
		return err
	}
	f, err := e.feedOf(st)
	if err != nil {
		return err
	}
	taken, loaded := e.step.fields[:0], false
	for i := range line.Fields {
		field := &line.Fields[i]
		at := st.find(field.Parameter, i)
		if at < 0 {
			at = len(st.newest)
			n := newest{parameter: string(field.Parameter), time: math.MinInt64}
			n.series = e.newSeries(st, n.parameter)
			if f != nil {
				n.row = e.row(f, n.parameter)
			}
			s.order(st, n.parameter)
			st.newest = append(st.newest, n)
			s.renewed = true
		}
		n := &st.newest[at]
		fresh := line.Time > n.time
		if fresh {
			n.time, n.number, n.flag = line.Time, field.Number, field.Flag
			if n.series != nil {
				if err := e.takeNewest(n.series, field, line.Time); err != nil {
					return err
				}
			}
		} else {
			inStore := line.Time < n.time || e.forgotten(hour)
			if inStore && !loaded {
				if err := e.loadNow(st, hour); err != nil {
					return err
				}
				loaded = true
			}
			old, found := hours.Row{Number: n.number, Flag: n.flag}, true
			if inStore {
				old, found = e.step.block.Find(line.Time, field.Parameter)
			}
			if found && old.Number == field.Number && old.Flag == field.Flag {
				e.counts.Duplicates++
				s.duplicate++
				continue
			}
			if err := e.takeOlder(st, n, field, line.Time, old, found); err != nil {
				return err
			}
		}
		if !e.muted {
			n.received = e.clock
		}
		if !field.Flag.Usable() {
			e.counts.Unusable++
		}
		if n.row != nil {
			if err := e.feedValue(f, n.row, field, line.Time, fresh); err != nil {
				return err
			}
		}
		taken = append(taken, *field)
	}
	e.step.fields = taken
	if len(taken) == 0 {
		return nil
	}
	if err := e.store(st, hour, line, taken); err != nil {
		return err
	}
	if st.measures() {
		if err := e.takeByDay(st, f, line, taken); err != nil {
			return err
		}
	}
	e.touchSites(s, line.Time)
	if err := e.takeForecasts(s, line, taken); err != nil {
		return err
	}
	if s.silent > 0 && !e.muted {
		return e.resolveSilences(st, taken)
	}
	return nil
}

// takeOlder takes a correction of the old reading, or a late reading where none was found.
func (e *Engine) takeOlder(st *stream, n *newest, f *reading.Field, instant int64, old hours.Row, found bool) error {
	if found {
		e.counts.Corrected++
		st.station.corrected++
	} else if !e.muted {
		e.counts.Late++
		st.station.late++
	}
	if instant == n.time {
		n.number, n.flag = f.Number, f.Flag
	}
	wasUsable := found && old.Flag.Usable()
	if n.series == nil || (!wasUsable && !f.Flag.Usable()) {
		return nil
	}
	return e.takeLate(st, n.series, f, instant)
}

// store writes what was taken of the line to the hour store.
func (e *Engine) store(st *stream, hour int64, line *reading.Line, taken []reading.Field) error {
	whole := line.Fields
	line.Fields = taken
	var written []byte
	var err error
	e.step.operands, written, err = hours.Add(e.step.batch, line, e.step.operands)
	line.Fields = whole
	if err != nil {
		return err
	}
	if len(st.uncommitted) == 0 {
		e.step.streams = append(e.step.streams, st)
		st.unordered = false
	} else if st.uncommitted[len(st.uncommitted)-1].hour > hour {
		st.unordered = true
	}
	if e.muted || hour < e.oldest {
		if err := e.noteHistory(hour); err != nil {
			return err
		}
	}
	st.uncommitted = append(st.uncommitted, operand{hour, len(e.step.trimmed), written})
	return nil
}

// load reads the hour of a stream into the step's block, with what this step has added to it. Hours that this step has
// trimmed are still there.
func (e *Engine) load(st *stream, hour int64) error { return e.loadFrom(e.db, st, hour, 0) }

// loadFrom reads an hour from a store, with what this step has added to it since it had trimmed so often.
func (e *Engine) loadFrom(store pebble.Reader, st *stream, hour int64, trims int) error {
	var memory [16][]byte
	own := memory[:0]
	for _, o := range st.added(hour) {
		if o.hour == hour && o.trims >= trims {
			own = append(own, o.bytes)
		}
	}
	if err := e.step.block.Load(store, uint32(hour), st.station.id, st.period, own...); err != nil {
		return fmt.Errorf("look at earlier readings: %w", err)
	}
	return nil
}

// added returns the operands among which those of an hour are. Mostly hours come in their order, of history by the
// thousand.
func (st *stream) added(hour int64) []operand {
	if st.unordered {
		return st.uncommitted
	}
	first, _ := slices.BinarySearchFunc(st.uncommitted, hour, func(o operand, hour int64) int { return cmp.Compare(o.hour, hour) })
	last, _ := slices.BinarySearchFunc(st.uncommitted, hour+1, func(o operand, hour int64) int { return cmp.Compare(o.hour, hour) })
	return st.uncommitted[first:last]
}
