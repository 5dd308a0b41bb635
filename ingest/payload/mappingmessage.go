package payload

import (
	"fmt"
	"slices"
	"sync"

	"egret/ingest/reading"
)

// mappingReader reads one payload.
type mappingReader struct {
	in      *Input
	into    *Message
	plans   *Profiles[mappingPlan]
	first   *mappingPlan // of the transport's station: it says where the messages and their stations are
	root    []byte
	element int                          // of the list of messages, from 1; 0: the payload is one message
	outside map[*mappingPlan]mappingHead // what stands outside of the list, by profile
	sender  []byte
	leftOut bool // something was, on purpose

	// Of the message that is read:
	plan  *mappingPlan
	found [][]byte // by slot
	start int      // of its values in those of the payload
	flag  []byte
	used  []*byte // where what paths found begins, which groups pass over
	name  []byte  // of a member of a group
	kept  []Value // names without values, and the parameters whose places they keep
}

// mappingReaders keeps the memory of readers for the next payload.
var mappingReaders = sync.Pool{New: func() any { return new(mappingReader) }}

func (r *mappingReader) release() {
	clear(r.found[:cap(r.found)])
	clear(r.used[:cap(r.used)])
	clear(r.kept[:cap(r.kept)])
	*r = mappingReader{found: r.found[:0], used: r.used[:0], name: r.name[:0], kept: r.kept[:0]}
	mappingReaders.Put(r)
}

// mappingHead is what holds for all values of a message.
type mappingHead [headSlots][]byte

func (r *mappingReader) problem(format string, arguments ...any) {
	if r.element > 0 && len(r.into.Problems) < mostProblems {
		format, arguments = "element %d: "+format, append([]any{r.element}, arguments...)
	}
	r.into.problem(format, arguments...)
}

// payload reads the messages. An error means that there are none.
func (r *mappingReader) payload() error {
	s := scanner{text: r.in.Payload}
	switch s.space(); {
	case s.end():
		return errEmpty
	case s.text[s.at] != '{' && s.text[s.at] != '[':
		return s.fail("expected an object or an array")
	}
	start := s.at
	err := r.find(r.first, &s)
	head := r.headOf(r.first, mappingHead{})
	if station, ok := word(head[headStation]); ok {
		r.sender = station // also of a message that cannot be read to its end
	}
	if err != nil {
		return err
	}
	r.root = s.text[start:s.at]
	if err := s.finish(); err != nil {
		return err
	}
	list := slotOf(r.found, r.first.each)
	switch {
	case isTrue(slotOf(r.found, r.first.skip)):
		r.skip(head, r.sender)
		return nil
	case begins(list, '['):
		return r.messages(list)
	case len(list) == 0, r.first.Each == "@this":
		return r.message(r.root)
	}
	return fmt.Errorf("%s is not a list of messages but %s", r.first.Each, shown(list))
}

// find finds what a profile looks for in the value at the scanner.
func (r *mappingReader) find(plan *mappingPlan, s *scanner) error {
	r.found = slices.Grow(r.found[:0], len(plan.paths.names))[:len(plan.paths.names)]
	r.plan = plan
	return plan.find(s, r.found)
}

// messages reads a list of messages.
func (r *mappingReader) messages(list []byte) error {
	if r.first.Each != "@this" {
		r.outside = map[*mappingPlan]mappingHead{r.first: r.headOf(r.first, mappingHead{})}
	}
	s := scanner{text: list}
	err := s.array(func() error {
		r.element++
		from := s.at
		if err := r.find(r.first, &s); err != nil {
			return err
		}
		n := s.text[from:s.at]
		switch {
		case !begins(n, '{') && !begins(n, '['):
			r.problem("is not an object but %s", shown(n))
		case isTrue(slotOf(r.found, r.first.skip)):
			head := r.headOf(r.first, r.outside[r.first])
			station, _ := word(head[headStation])
			r.skip(head, station)
		default:
			if err := r.message(n); err != nil {
				r.problem("%s", err)
			}
		}
		return nil
	})
	if err == nil && r.element == 0 {
		return fmt.Errorf("the payload holds no readings: the list %s is empty", r.first.Each)
	}
	return err
}

// headOf returns what was found for all values of a message, and where nothing was what stands outside.
func (r *mappingReader) headOf(plan *mappingPlan, outside mappingHead) mappingHead {
	for i, slot := range plan.head {
		if value := slotOf(r.found, slot); value != nil {
			outside[i] = value
		}
	}
	return outside
}

// own finds what the profile of the station that a message names looks for, in place of the first one.
func (r *mappingReader) own(plan *mappingPlan, n []byte) (mappingHead, error) {
	outside, known := r.outside[plan]
	if r.outside != nil && !known { // once: a list may be long
		if err := r.find(plan, &scanner{text: r.root}); err != nil {
			return outside, err
		}
		outside = r.headOf(plan, outside)
		r.outside[plan] = outside
	}
	err := r.find(plan, &scanner{text: n})
	return r.headOf(plan, outside), err
}

// skip notes that a message is no measurement by its own word.
func (r *mappingReader) skip(head mappingHead, station []byte) {
	note := Note{Station: station, Kind: "skipped", Subject: []byte(r.plan.ExceptPath), Field: "value", Number: 1}
	note.Time, note.HasTime, _ = r.plan.instant(head[headTime]) // the receipt will do
	r.into.Notes = append(r.into.Notes, note)
	r.sender = station
}

// instant returns the time of a message, has is false where it says none.
func (plan *mappingPlan) instant(written []byte) (instant int64, has bool, err error) {
	text, ok := word(written)
	if !ok {
		return 0, false, fmt.Errorf("time %s (%s) is neither a text nor a number", shown(written), plan.Time)
	}
	if len(text) == 0 {
		return 0, false, nil
	}
	instant, err = plan.Layout.read(text, plan.Zone)
	return instant, err == nil, err
}

// message reads one message, in which what the first profile looks for has been found. An error means that nothing was
// where readings should be.
func (r *mappingReader) message(n []byte) error {
	head := r.headOf(r.plan, r.outside[r.plan])
	station, ok := word(head[headStation])
	switch {
	case !ok:
		r.problem("%s at %s does not name a station: it is neither a text nor a number", shown(head[headStation]), r.plan.Station)
		return nil
	case len(station) == 0 && r.plan.Station != "" && r.in.Station == "":
		r.problem("it is not known which station this is: there is nothing at %s, and the topic names none", r.plan.Station)
		return nil
	}
	r.sender = station
	statement := Statement{Station: station, Foreign: true}
	var err error
	if own := r.plans.find(station, r.in.Station); own != r.plan && own != nil {
		if head, err = r.own(own, n); err != nil {
			return err
		}
		if isTrue(slotOf(r.found, own.skip)) {
			r.skip(head, station)
			return nil
		}
	}
	if statement.Time, statement.HasTime, err = r.plan.instant(head[headTime]); err != nil {
		r.problem("%s", err)
		return nil
	}
	statement.Period = r.plan.Period
	if text, ok := word(head[headPeriod]); len(text) > 0 || !ok {
		if statement.Period, err = reading.ParsePeriod(string(text)); err != nil || !ok {
			r.problem("period %s (%s) is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d", shown(head[headPeriod]), r.plan.PeriodPath)
			return nil
		}
	}
	if r.flag, ok = word(head[headFlag]); !ok {
		r.flag = head[headFlag] // no table knows it, and so the values are refused
	}
	r.start, r.used, r.kept = len(r.into.values), r.used[:0], r.kept[:0]
	for _, value := range head {
		r.use(value)
	}
	if !r.values() {
		return fmt.Errorf("the payload holds no readings: none of the paths %s was found", r.plan.where)
	}
	end := len(r.into.values)
	if statement.Values = r.into.values[r.start:end:end]; end > r.start {
		r.into.Statements = append(r.into.Statements, statement)
	}
	return nil
}

// use keeps what a path has found from being found in a group again.
func (r *mappingReader) use(value []byte) {
	if len(r.plan.groups) > 0 && len(value) > 0 {
		r.used = append(r.used, &value[0])
	}
}
