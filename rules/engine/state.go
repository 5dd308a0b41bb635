package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"egret/ingest/reading"
	"egret/rules/packed"
)

// What is stored of a station stands under two keys: what seldom changes, which its parameters are, and what every
// reading changes, which is written with every step and therefore short.
const (
	stationPrefix  = 's'
	movingPrefix   = 't'
	stationVersion = 2
	// heartbeatVersion is that of the moving half of a station that has sent a heartbeat, whose receipt it holds beside
	// what stationVersion does.
	heartbeatVersion = 3
)

// append appends what seldom changes of the station.
func (s *station) append(to []byte) []byte {
	to = append(to, stationVersion)
	to = binary.BigEndian.AppendUint64(to, uint64(s.known))
	to = binary.BigEndian.AppendUint64(to, uint64(s.first))
	to = binary.AppendUvarint(to, uint64(len(s.streams)))
	for _, st := range s.streams {
		to = append(to, byte(st.period))
		to = binary.AppendUvarint(to, uint64(len(st.newest)))
		for i := range st.newest {
			to = binary.AppendUvarint(to, uint64(len(st.newest[i].parameter)))
			to = append(to, st.newest[i].parameter...)
		}
	}
	if s.feed == nil {
		return append(to, 0)
	}
	return s.feed.appendRows(append(to, 1, byte(s.feed.stream.period)))
}

// appendMoving appends what every reading changes. Times are kept as differences, mostly zero.
func (s *station) appendMoving(to []byte) []byte {
	if s.heartbeat == 0 {
		to = append(to, stationVersion)
		to = binary.BigEndian.AppendUint64(to, uint64(s.received))
	} else {
		to = append(to, heartbeatVersion)
		to = binary.BigEndian.AppendUint64(to, uint64(s.received))
		to = binary.AppendVarint(to, s.received-s.heartbeat)
	}
	for _, count := range []uint64{s.messages, s.values, s.refused, s.late, s.duplicate, s.corrected} {
		to = binary.AppendUvarint(to, count)
	}
	for _, st := range s.streams {
		latest := st.latest()
		to = binary.BigEndian.AppendUint64(to, uint64(latest))
		for i := range st.newest {
			n := &st.newest[i]
			to = binary.AppendVarint(to, latest-n.time)
			to = binary.AppendVarint(to, int64(n.number))
			to = append(to, byte(n.flag))
			to = binary.AppendVarint(to, s.received-n.received)
		}
	}
	if s.feed == nil {
		return to
	}
	return s.feed.appendHours(to)
}

// parse reads what append wrote.
func (s *station) parse(value []byte) (rows feedRows, err error) {
	r := packed.Reader{Rest: value}
	if version := r.Byte(); version != stationVersion {
		return rows, fmt.Errorf("version %d is not %d: it was written by another release of Egret", version, stationVersion)
	}
	s.isKnown, s.known, s.first = true, r.Instant(), r.Instant()
	for range r.Uvarint() {
		st := &stream{station: s, period: reading.Period(r.Byte())}
		switch {
		case r.Broken:
			return rows, errCut
		case st.period > reading.Day:
			return rows, fmt.Errorf("period %d is not known", st.period)
		}
		for range r.Uvarint() {
			st.newest = append(st.newest, newest{parameter: string(r.Take(r.Uvarint())), time: math.MinInt64})
			if r.Broken {
				return rows, errCut
			}
		}
		s.streams = append(s.streams, st)
	}
	if r.Byte() != 0 {
		rows.stored, rows.period = true, reading.Period(r.Byte())
		rows.rows = readFeedRows(&r)
	}
	if r.Broken || len(r.Rest) != 0 || rows.period > reading.Day {
		return feedRows{}, errCut
	}
	return rows, nil
}

// parseMoving reads what appendMoving wrote, after parse.
func (s *station) parseMoving(value []byte, fed bool) (hours feedHours, err error) {
	r := packed.Reader{Rest: value}
	version := r.Byte()
	if version != stationVersion && version != heartbeatVersion {
		return hours, fmt.Errorf("version %d is not %d or %d: it was written by another release of Egret", version, stationVersion, heartbeatVersion)
	}
	s.received = r.Instant()
	if version == heartbeatVersion {
		s.heartbeat = s.received - r.Varint()
	}
	for _, count := range []*uint64{&s.messages, &s.values, &s.refused, &s.late, &s.duplicate, &s.corrected} {
		*count = r.Uvarint()
	}
	for _, st := range s.streams {
		latest := r.Instant()
		for i := range st.newest {
			n := &st.newest[i]
			n.time, n.number, n.flag = latest-r.Varint(), reading.Fixed(r.Varint()), reading.Flag(r.Byte())
			n.received = s.received - r.Varint()
		}
	}
	if fed {
		hours = readFeedHours(&r)
	}
	if r.Broken || len(r.Rest) != 0 {
		return feedHours{}, errCut
	}
	return hours, nil
}

var errCut = errors.New("it is cut short or damaged")
