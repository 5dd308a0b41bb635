package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"egret/ingest/reading"
)

const (
	stationPrefix  = 's'
	stationVersion = 2 // 1 had no feeds
)

// station is what the engine knows of a station. Everything but the series and watches is stored.
type station struct {
	register *reading.Station
	id       []byte
	name     string // the id
	isKnown  bool
	known    int64 // journal clock when the station was first known
	first    int64 // receipt of its first message
	received int64 // receipt of its last message
	messages, values, refused,
	late, duplicate, corrected uint64
	streams []*stream
	feed    *feed // its calendar averages, nil before the first reading of the period that feeds them
	city    *city // nil where it does not count for one

	watches []*watch
	silent  int  // watches that fire
	changed bool // in this step
}

// stream is what a station sends of one period.
type stream struct {
	station *station
	period  reading.Period
	newest  []newest // in the order in which parameters were first seen
	ready   bool     // series are built and filled
	// uncommitted holds this step's operands of the hour store: reading the store does not show them yet.
	uncommitted []operand
	dirty       []*series // whose averages a late or corrected reading has touched in this step
}

type operand struct {
	hour  int64
	bytes []byte
}

// newest is the newest reading of one parameter in a stream.
type newest struct {
	parameter string
	time      int64
	number    reading.Fixed
	flag      reading.Flag
	received  int64   // last receipt of any new, late or corrected reading of the parameter
	series    *series // nil where no rule watches it
	row       *row    // nil where its period does not feed the averages, or an average of it would say nothing
}

func (e *Engine) newStation(id string) *station {
	return &station{register: e.entry(id), id: []byte(id), name: id}
}

// period returns which of the station's periods feeds its averages: the one declared, else the one it sent first.
func (s *station) period() reading.Period {
	if s.register.PeriodDeclared || s.register.Period != reading.Momentary || len(s.streams) == 0 {
		return s.register.Period
	}
	return s.streams[0].period
}

// stream returns the stream of a period, new where the station has not sent it before.
func (s *station) stream(period reading.Period) *stream {
	for _, st := range s.streams {
		if st.period == period {
			return st
		}
	}
	st := &stream{station: s, period: period}
	s.streams = append(s.streams, st)
	return st
}

// find returns where the parameter's newest reading is; stations send their parameters in the same order, so the
// guess is mostly right. It returns -1 where there is none.
func (st *stream) find(parameter []byte, guess int) int {
	if guess < len(st.newest) && st.newest[guess].parameter == string(parameter) {
		return guess
	}
	for i := range st.newest {
		if st.newest[i].parameter == string(parameter) {
			return i
		}
	}
	return -1
}

// append appends the station's state as it is stored. Times of readings are kept as differences: mostly zero.
func (s *station) append(to []byte) []byte {
	to = append(to, stationVersion)
	for _, instant := range []int64{s.known, s.first, s.received} {
		to = binary.BigEndian.AppendUint64(to, uint64(instant))
	}
	for _, count := range []uint64{s.messages, s.values, s.refused, s.late, s.duplicate, s.corrected} {
		to = binary.AppendUvarint(to, count)
	}
	to = binary.AppendUvarint(to, uint64(len(s.streams)))
	for _, st := range s.streams {
		latest := st.latest()
		to = append(to, byte(st.period))
		to = binary.BigEndian.AppendUint64(to, uint64(latest))
		to = binary.AppendUvarint(to, uint64(len(st.newest)))
		for i := range st.newest {
			n := &st.newest[i]
			to = binary.AppendUvarint(to, uint64(len(n.parameter)))
			to = append(to, n.parameter...)
			to = binary.AppendVarint(to, latest-n.time)
			to = binary.AppendVarint(to, int64(n.number))
			to = append(to, byte(n.flag))
			to = binary.AppendVarint(to, s.received-n.received)
		}
	}
	return s.feed.append(to)
}

// latest returns the time of the stream's newest reading.
func (st *stream) latest() int64 {
	latest := int64(math.MinInt64)
	for i := range st.newest {
		latest = max(latest, st.newest[i].time)
	}
	return latest
}

// parse reads what append wrote.
func (s *station) parse(value []byte) (state feedState, err error) {
	d := decoder{rest: value}
	version := d.byte()
	if version == 0 || version > stationVersion {
		return state, fmt.Errorf("version %d is not %d: it was written by another release of Egret", version, stationVersion)
	}
	s.isKnown = true
	for _, instant := range []*int64{&s.known, &s.first, &s.received} {
		*instant = d.instant()
	}
	for _, count := range []*uint64{&s.messages, &s.values, &s.refused, &s.late, &s.duplicate, &s.corrected} {
		*count = d.uvarint()
	}
	for range d.uvarint() {
		st := &stream{station: s, period: reading.Period(d.byte())}
		if st.period > reading.Day {
			return state, fmt.Errorf("period %d is not known", st.period)
		}
		latest := d.instant()
		if d.broken {
			return state, errCut
		}
		for range d.uvarint() {
			n := newest{parameter: string(d.take(d.uvarint()))}
			n.time = latest - d.varint()
			n.number = reading.Fixed(d.varint())
			n.flag = reading.Flag(d.byte())
			n.received = s.received - d.varint()
			if d.broken {
				return state, errCut
			}
			st.newest = append(st.newest, n)
		}
		s.streams = append(s.streams, st)
	}
	if version > 1 {
		state = d.feed()
	}
	if d.broken || len(d.rest) != 0 || state.period > reading.Day {
		return feedState{}, errCut
	}
	return state, nil
}

var errCut = errors.New("it is cut short or damaged")

// decoder reads a state; after its end everything is zero and broken is set.
type decoder struct {
	rest   []byte
	broken bool
}

func (d *decoder) take(length uint64) []byte {
	if length > uint64(len(d.rest)) {
		d.rest, d.broken = nil, true
		return nil
	}
	taken := d.rest[:length]
	d.rest = d.rest[length:]
	return taken
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) instant() int64 {
	if b := d.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	number, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.rest, d.broken = nil, true
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

func (d *decoder) varint() int64 {
	number, size := binary.Varint(d.rest)
	if size <= 0 {
		d.rest, d.broken = nil, true
		return 0
	}
	d.rest = d.rest[size:]
	return number
}
