package engine

import (
	"math"

	"egret/ingest/reading"
)

// station is what the engine knows of a station. Everything but the series and watches is stored.
type station struct {
	register *reading.Station
	id       []byte
	name     string // the id
	isKnown  bool
	known    int64 // journal clock when the station was first known
	first    int64 // receipt of its first message
	received int64 // receipt of its last message or heartbeat
	// heartbeat is the receipt of the last message without readings, 0 where there was none.
	heartbeat int64
	messages, values, refused,
	late, duplicate, corrected uint64
	streams []*stream
	feed    *feed   // its calendar averages, nil before the first reading of the period that feeds them
	cities  []*city // for which it counts, areas of plans among them
	held    []*held // targets of plans that are made of its days

	watches []*watch
	silent  int  // watches that fire
	changed bool // in this step
	renewed bool // in this step: what seldom changes
}

// stream is what a station sends of one period.
type stream struct {
	station *station
	period  reading.Period
	newest  []newest // in the order in which parameters were first seen
	ready   bool     // series are built and filled
	// uncommitted holds this step's operands of the hour store: reading the store does not show them yet.
	uncommitted []operand
	unordered   bool      // uncommitted is not in the order of hours
	dirty       []*series // whose averages a late or corrected reading has touched in this step
}

type operand struct {
	hour  int64
	trims int // how often the step had trimmed hours before
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
	if s.register.PeriodDeclared || s.register.Period != reading.Momentary {
		return s.register.Period
	}
	for _, st := range s.streams {
		if st.measures() {
			return st.period
		}
	}
	return s.register.Period
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

// latest returns the time of the stream's newest reading.
func (st *stream) latest() int64 {
	latest := int64(math.MinInt64)
	for i := range st.newest {
		latest = max(latest, st.newest[i].time)
	}
	return latest
}
