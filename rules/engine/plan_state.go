package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"egret/rules/calendar"
	"egret/rules/packed"
	"egret/rules/plan"
)

// planPrefix begins the keys of plans: alone it holds when history was last brought in; with plan and target which days
// are judged; with the first day of a span behind them the state of each of its days.
const (
	planPrefix  = 'p'
	planVersion = 1
)

// spanStates are the states that a target had after each day of a span.
type spanStates struct {
	span   calendar.Span
	states []byte
}

func (s *spanStates) at(day calendar.Day) plan.State {
	if i := int(day - s.span.First); i >= 0 && i < len(s.states) {
		return plan.State(s.states[i])
	}
	return plan.NotEnough
}

func (s *spanStates) put(day calendar.Day, state plan.State) {
	i := int(day - s.span.First)
	for len(s.states) <= i {
		s.states = append(s.states, byte(plan.NotEnough))
	}
	s.states[i] = byte(state)
}

// cut forgets the days after one, which were judged by a clock that was ahead.
func (s *spanStates) cut(after calendar.Day) {
	s.states = s.states[:min(len(s.states), max(0, int(after-s.span.First)+1))]
}

// ended says whether the span was judged to its end.
func (s *spanStates) ended() bool { return len(s.states) >= s.span.Days() }

// last returns the state after the last day that was judged.
func (s *spanStates) last() plan.State { return s.at(s.span.First + calendar.Day(len(s.states)) - 1) }

// since returns from which day on there has been no other state than on the day.
func (s *spanStates) since(day calendar.Day) calendar.Day {
	state := s.at(day)
	for day > s.span.First && s.at(day-1) == state {
		day--
	}
	return day
}

func (h *held) key() []byte {
	key := append([]byte{planPrefix}, h.plan.ID...)
	key = append(append(key, 0), h.target.ID...)
	return append(key, 0)
}

func (h *held) spanKey(first calendar.Day) []byte {
	return binary.BigEndian.AppendUint32(h.key(), uint32(first))
}

// renewHeld marks a target to be stored with the step.
func (e *Engine) renewHeld(h *held) {
	if !h.renewed {
		h.renewed = true
		e.step.held = append(e.step.held, h)
	}
}

// keepHeld stores which days of changed targets are judged.
func (e *Engine) keepHeld() error {
	for _, h := range e.step.held {
		h.renewed = false
		value := binary.BigEndian.AppendUint64([]byte{planVersion}, h.fingerprint)
		value = binary.AppendVarint(binary.AppendVarint(value, int64(h.changed)), int64(h.judged))
		if err := e.step.batch.Set(h.key(), value, nil); err != nil {
			return fmt.Errorf("store where plan %s stands: %w", h.plan.ID, err)
		}
	}
	e.step.held = e.step.held[:0]
	return nil
}

// restoreHeld reads which days of a target are judged. Where the target, or the stations that it is made of, are no
// longer what they were, it is judged anew from its beginning.
func (e *Engine) restoreHeld(h *held) error {
	value, closer, err := e.db.Get(h.key())
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r := packed.Reader{Rest: value}
	version := r.Byte()
	fingerprint := uint64(r.Instant())
	changed, judged := calendar.Day(r.Varint()), calendar.Day(r.Varint())
	switch {
	case version != planVersion:
		err = fmt.Errorf("its version is not %d: it was written by another release of Egret", planVersion)
	case r.Broken:
		err = errCut
	case fingerprint == h.fingerprint:
		h.changed, h.judged = changed, judged
	default:
		h.changed, h.judged = h.plan.Period.From, judged
	}
	return errors.Join(err, closer.Close())
}

// statesOf returns the states of a span, from the store where they are not in memory.
func (e *Engine) statesOf(h *held, span calendar.Span) (*spanStates, error) {
	if s := h.spans[span.First]; s != nil {
		return s, nil
	}
	s := &spanStates{span: span}
	value, closer, err := e.db.Get(h.spanKey(span.First))
	switch {
	case errors.Is(err, pebble.ErrNotFound):
	case err != nil:
		return nil, fmt.Errorf("read the states of earlier days: %w", err)
	default:
		s.states = append(s.states, value...)
		if err := closer.Close(); err != nil {
			return nil, fmt.Errorf("read the states of earlier days: %w", err)
		}
	}
	h.spans[span.First] = s
	return s, nil
}

func (e *Engine) keepStates(h *held, s *spanStates) error {
	return e.step.batch.Set(h.spanKey(s.span.First), s.states, nil)
}

func (e *Engine) restoreImported() error {
	value, closer, err := e.db.Get([]byte{planPrefix})
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read when history was brought in: %w", err)
	}
	r := packed.Reader{Rest: value}
	e.plans.imported = r.Instant()
	return closer.Close()
}

func (e *Engine) keepImported() error {
	return e.step.batch.Set([]byte{planPrefix}, binary.BigEndian.AppendUint64(nil, uint64(e.plans.imported)), nil)
}
