package engine

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"egret/rules/alert"
	"egret/rules/rule"
)

// Keys of alerts: open ones by what they are about, ended ones by a running number.
const (
	alertPrefix = 'a'
	openAlert   = 'o'
	endedAlert  = 'r'
)

// mostEnded is how many ended alerts are kept: some weeks of a city's, for the page; the database has all of them.
const mostEnded = 1000

// subject is what an alert is about: there is at most one open alert for it.
type subject struct{ rule, station, parameter string }

func subjectOf(a *alert.Alert) subject { return subject{a.Rule, a.Station, a.Parameter} }

// ledger holds the open alerts and the last ended ones, as they are in the store.
type ledger struct {
	open  map[subject]alert.Alert
	ended []alert.Alert // oldest first
	next  uint64        // number of the next one to end
	gone  []subject     // open, but nothing watches them since Open
}

func (l *ledger) restore(db *pebble.DB, watched func(*alert.Alert) bool) error {
	l.open = map[subject]alert.Alert{}
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{alertPrefix}, UpperBound: []byte{alertPrefix + 1}})
	if err != nil {
		return fmt.Errorf("read the alerts: %w", err)
	}
	for valid := iterator.First(); valid; valid = iterator.Next() {
		key := iterator.Key()
		a, err := alert.ParseStored(iterator.Value())
		if err != nil {
			return errors.Join(fmt.Errorf("alert %q: %w", key, err), iterator.Close())
		}
		switch {
		case len(key) > 2 && key[1] == openAlert:
			l.open[subjectOf(&a)] = a
			if !watched(&a) {
				l.gone = append(l.gone, subjectOf(&a))
			}
		case len(key) == 10 && key[1] == endedAlert:
			l.ended = append(l.ended, a)
			l.next = binary.BigEndian.Uint64(key[2:]) + 1
		}
	}
	if err := iterator.Close(); err != nil {
		return fmt.Errorf("read the alerts: %w", err)
	}
	return nil
}

// state returns where the rule's alert at a station stands.
func (l *ledger) state(r *rule.Rule, station string) alert.State {
	a, ok := l.open[subject{r.ID, station, r.Parameter}]
	if !ok {
		return alert.State{}
	}
	return a.Lifecycle()
}

func (s *subject) key() []byte {
	key := append([]byte{alertPrefix, openAlert}, s.rule...)
	key = append(append(key, 0), s.station...)
	return append(append(key, 0), s.parameter...)
}

func endedKey(number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{alertPrefix, endedAlert}, number)
}

// turn returns how often the alert's id was told of.
func (l *ledger) turn(a *alert.Alert) int {
	if open, ok := l.open[subjectOf(a)]; ok && open.ID == a.ID && open.Turn > 0 {
		return open.Turn
	}
	for _, ended := range slices.Backward(l.ended) {
		if ended.ID == a.ID {
			return ended.Turn
		}
	}
	return 0
}

// count notes that a correction has taken a turn of the open alert that began with the same period.
func (l *ledger) count(batch *pebble.Batch, corrected *alert.Alert) error {
	open, ok := l.open[subjectOf(corrected)]
	if !ok || open.ID != corrected.ID {
		return nil
	}
	open.Turn = corrected.Turn
	return l.put(batch, open)
}

// put stores an alert that is open.
func (l *ledger) put(batch *pebble.Batch, a alert.Alert) error {
	about := subjectOf(&a)
	text, err := a.Store()
	if err != nil {
		return fmt.Errorf("store alert %s: %w", a.ID, err)
	}
	l.open[about] = a
	return batch.Set(about.key(), text, nil)
}

// drop forgets an open alert.
func (l *ledger) drop(batch *pebble.Batch, about subject) error {
	delete(l.open, about)
	return batch.Delete(about.key(), nil)
}

// end moves an alert to those that have ended.
func (l *ledger) end(batch *pebble.Batch, a alert.Alert) error {
	if err := l.drop(batch, subjectOf(&a)); err != nil {
		return err
	}
	return l.note(batch, a)
}

// note keeps an alert among those that have ended.
func (l *ledger) note(batch *pebble.Batch, a alert.Alert) error {
	text, err := a.Store()
	if err != nil {
		return fmt.Errorf("store alert %s: %w", a.ID, err)
	}
	if err := batch.Set(endedKey(l.next), text, nil); err != nil {
		return err
	}
	l.next++
	if l.ended = append(l.ended, a); len(l.ended) <= mostEnded {
		return nil
	}
	l.ended = slices.Delete(l.ended, 0, 1)
	return batch.Delete(endedKey(l.next-1-mostEnded), nil)
}

// tell stores what a transition did and puts what is to be told into the outbox; describe returns the alert in the
// given state.
func (e *Engine) tell(transition alert.Transition, describe func(state string) alert.Alert) error {
	batch := e.step.batch
	switch transition {
	case alert.Began:
		return e.alerts.put(batch, describe(alert.StatePending))
	case alert.Ended:
		a := describe(alert.StatePending)
		return e.alerts.drop(batch, subjectOf(&a))
	case alert.Fired:
		a := describe(alert.StateFiring)
		a.Turn = e.alerts.turn(&a) + 1
		if err := e.alerts.put(batch, a); err != nil {
			return err
		}
		return e.notify(&a)
	case alert.Resolved:
		a := describe(alert.StateResolved)
		a.Turn = e.alerts.turn(&a) + 1
		if err := e.alerts.end(batch, a); err != nil {
			return err
		}
		return e.notify(&a)
	}
	return nil
}

// tellCorrected tells that what was told, or was not, was wrong: its data have changed since.
func (e *Engine) tellCorrected(a *alert.Alert) error {
	a.Turn = e.alerts.turn(a) + 1
	if err := e.alerts.count(e.step.batch, a); err != nil {
		return err
	}
	if err := e.alerts.note(e.step.batch, *a); err != nil {
		return err
	}
	return e.notify(a)
}

// notify puts the alert into the outbox of each channel and among the lines for the database.
func (e *Engine) notify(a *alert.Alert) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write alert %s: %w", a.ID, err)
	}
	for _, channel := range e.config.Channels {
		if err := e.outbox.Add(e.step.batch, channel, text); err != nil {
			return fmt.Errorf("put alert %s into the outbox of %s: %w", a.ID, channel, err)
		}
	}
	e.step.notified = true
	if e.config.DatabaseChannel != "" {
		e.step.lines = a.AppendLine(e.step.lines)
	}
	return nil
}

// withdraw ends the alerts that nothing watches any more. Those that fired are told once.
func (e *Engine) withdraw() error {
	for _, about := range e.alerts.gone {
		a := e.alerts.open[about]
		if a.State != alert.StateFiring {
			if err := e.alerts.drop(e.step.batch, about); err != nil {
				return err
			}
			continue
		}
		a = a.Withdraw(e.clock)
		a.Turn++
		if err := e.alerts.end(e.step.batch, a); err != nil {
			return err
		}
		if err := e.notify(&a); err != nil {
			return err
		}
	}
	e.alerts.gone = nil
	return nil
}

// Alerts returns the open alerts by their ids, then the last ended ones, newest first.
func (e *Engine) Alerts() []alert.Alert {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	all := make([]alert.Alert, 0, len(e.alerts.open)+len(e.alerts.ended))
	for _, a := range e.alerts.open {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b alert.Alert) int { return strings.Compare(a.ID, b.ID) })
	for _, a := range slices.Backward(e.alerts.ended) {
		all = append(all, a)
	}
	return all
}
