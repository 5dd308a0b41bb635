package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"egret/ingest/reading"
)

// What is stored of a station stands under two keys: what seldom changes, which its parameters are, and what every
// reading changes, which is written with every step and therefore short.
const (
	stationPrefix  = 's'
	movingPrefix   = 't'
	stationVersion = 2
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
	to = append(to, stationVersion)
	to = binary.BigEndian.AppendUint64(to, uint64(s.received))
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
	d := decoder{rest: value}
	if version := d.byte(); version != stationVersion {
		return rows, fmt.Errorf("version %d is not %d: it was written by another release of Egret", version, stationVersion)
	}
	s.isKnown, s.known, s.first = true, d.instant(), d.instant()
	for range d.uvarint() {
		st := &stream{station: s, period: reading.Period(d.byte())}
		if st.period > reading.Day {
			return rows, fmt.Errorf("period %d is not known", st.period)
		}
		for range d.uvarint() {
			st.newest = append(st.newest, newest{parameter: string(d.take(d.uvarint())), time: math.MinInt64})
			if d.broken {
				return rows, errCut
			}
		}
		s.streams = append(s.streams, st)
	}
	if d.byte() != 0 {
		rows.stored, rows.period = true, reading.Period(d.byte())
		rows.rows = d.rows()
	}
	if d.broken || len(d.rest) != 0 || rows.period > reading.Day {
		return feedRows{}, errCut
	}
	return rows, nil
}

// parseMoving reads what appendMoving wrote, after parse.
func (s *station) parseMoving(value []byte, fed bool) (hours feedHours, err error) {
	d := decoder{rest: value}
	if version := d.byte(); version != stationVersion {
		return hours, fmt.Errorf("version %d is not %d: it was written by another release of Egret", version, stationVersion)
	}
	s.received = d.instant()
	for _, count := range []*uint64{&s.messages, &s.values, &s.refused, &s.late, &s.duplicate, &s.corrected} {
		*count = d.uvarint()
	}
	for _, st := range s.streams {
		latest := d.instant()
		for i := range st.newest {
			n := &st.newest[i]
			n.time, n.number, n.flag = latest-d.varint(), reading.Fixed(d.varint()), reading.Flag(d.byte())
			n.received = s.received - d.varint()
		}
	}
	if fed {
		hours = d.hours()
	}
	if d.broken || len(d.rest) != 0 {
		return feedHours{}, errCut
	}
	return hours, nil
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
