package intake

import (
	"bytes"
	"encoding/binary"

	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
)

// taken holds the keys of readings that a message has brought already, each as a hash. A quarantine entry keeps them, so
// that what it takes again is never one of those: it may have been corrected since.
type taken map[uint64]bool

// readTaken reads the keys that a quarantine entry keeps.
func readTaken(from []byte) taken {
	keys := make(taken, len(from)/8)
	for ; len(from) >= 8; from = from[8:] {
		keys[binary.BigEndian.Uint64(from)] = true
	}
	return keys
}

// appendTaken appends the keys of the readings in lines.
func appendTaken(to, lines []byte) []byte {
	var line reading.Line
	for text := range bytes.Lines(lines) {
		if line.Parse(text) != nil {
			continue
		}
		for i := range line.Fields {
			to = binary.BigEndian.AppendUint64(to, readingKey(line.Station, line.Period, line.Time, line.Fields[i].Parameter))
		}
	}
	return to
}

// readingKey is the hash of what makes a reading itself: station, parameter, period and time.
func readingKey[T string | []byte](station T, period reading.Period, instant int64, parameter []byte) uint64 {
	var memory [reading.MaxStationID + 64]byte
	key := append(memory[:0], station...)
	key = append(key, 0, byte(period))
	key = binary.BigEndian.AppendUint64(key, uint64(instant))
	return xxhash.Sum64(append(key, parameter...))
}
