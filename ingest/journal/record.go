package journal

import (
	"encoding/binary"
	"errors"
	"math"

	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
)

// An entry is stored as a fixed header, the source, the station and the lines. All numbers are big endian.
//
//	 0 version   1 kind   2 transport   3 zero
//	 4 received (ns)      12 chain
//	20 messages  28 values  36 refused  44 rejected  52 bytes   (running totals, this record included)
//	60 values (u32)  64 rejected (u32)  68 length of source (u16)  70 length of station (u16)
const (
	recordVersion = 1
	headerSize    = 72
	chainOffset   = 12
)

var (
	errRecordCut     = errors.New("the record is cut short")
	errRecordVersion = errors.New("the record was written by a newer version of Egret")
)

// appendRecord appends the record that follows totals and chain, and returns both as they are after it.
func appendRecord(to []byte, sequence, chain uint64, totals Totals, r *reading.Record) ([]byte, uint64, Totals) {
	start := len(to)
	source := r.Source[:min(len(r.Source), math.MaxUint16)]
	station := r.Station[:min(len(r.Station), math.MaxUint16)]
	if counts(r) {
		totals.Messages++
		if r.Kind == reading.Refused {
			totals.Refused++
		}
	}
	totals.Values += uint64(r.Values)
	totals.Rejected += uint64(r.Rejected)
	totals.Bytes += uint64(headerSize + len(source) + len(station) + len(r.Lines))

	to = append(to, recordVersion, byte(r.Kind), byte(r.Transport), 0)
	to = binary.BigEndian.AppendUint64(to, uint64(r.Received))
	to = append(to, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, total := range [...]uint64{totals.Messages, totals.Values, totals.Refused, totals.Rejected, totals.Bytes} {
		to = binary.BigEndian.AppendUint64(to, total)
	}
	to = binary.BigEndian.AppendUint32(to, r.Values)
	to = binary.BigEndian.AppendUint32(to, r.Rejected)
	to = binary.BigEndian.AppendUint16(to, uint16(len(source)))
	to = binary.BigEndian.AppendUint16(to, uint16(len(station)))
	to = append(to, source...)
	to = append(to, station...)
	to = append(to, r.Lines...)
	chain = linkChain(chain, sequence, to[start:])
	binary.BigEndian.PutUint64(to[start+chainOffset:], chain)
	return to, chain, totals
}

// counts says whether a record is a message that was not counted before.
func counts(r *reading.Record) bool {
	return (r.Kind == reading.Readings || r.Kind == reading.Refused) && r.Transport&reading.Retried == 0
}

// linkChain returns the checksum of a record chained to the one before it; the record's own chain field counts as zero.
func linkChain(before, sequence uint64, record []byte) uint64 {
	var digest xxhash.Digest
	digest.Reset()
	var link [24]byte
	binary.BigEndian.PutUint64(link[:], before)
	binary.BigEndian.PutUint64(link[8:], sequence)
	digest.Write(link[:16])
	digest.Write(record[:chainOffset])
	digest.Write(link[16:])
	digest.Write(record[chainOffset+8:])
	return digest.Sum64()
}

// storedRecord is a record read back; its slices point into the bytes it was read from.
type storedRecord struct {
	chain  uint64
	totals Totals
	record reading.Record
}

func parseRecord(from []byte) (storedRecord, error) {
	var s storedRecord
	if len(from) < headerSize {
		return s, errRecordCut
	}
	if from[0] != recordVersion {
		return s, errRecordVersion
	}
	u64 := func(at int) uint64 { return binary.BigEndian.Uint64(from[at:]) }
	s.chain = u64(chainOffset)
	s.totals = Totals{Messages: u64(20), Values: u64(28), Refused: u64(36), Rejected: u64(44), Bytes: u64(52)}
	source := int(binary.BigEndian.Uint16(from[68:]))
	station := int(binary.BigEndian.Uint16(from[70:]))
	if len(from) < headerSize+source+station {
		return s, errRecordCut
	}
	s.record = reading.Record{
		Kind:      reading.Kind(from[1]),
		Transport: reading.Transport(from[2]),
		Received:  int64(u64(4)),
		Values:    binary.BigEndian.Uint32(from[60:]),
		Rejected:  binary.BigEndian.Uint32(from[64:]),
		Source:    string(from[headerSize : headerSize+source]),
		Station:   string(from[headerSize+source : headerSize+source+station]),
		Lines:     from[headerSize+source+station:],
	}
	return s, nil
}

func (s *storedRecord) position(sequence uint64) reading.Position {
	return reading.Position{Sequence: sequence, Chain: s.chain, Messages: s.totals.Messages, Values: s.totals.Values, Received: s.record.Received}
}
