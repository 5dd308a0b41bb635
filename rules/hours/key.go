// Package hours keeps the readings inside the horizon in the store, one block for each hour, station and period.
// A line of readings is added with one merge operand; nothing is read or rewritten on the way in.
package hours

import (
	"encoding/binary"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
)

// Prefix is the first byte of all keys of the hour store.
const Prefix = 'h'

// length is one hour in nanoseconds.
const length = int64(time.Hour)

// Of returns the hour that holds the instant, in hours since 1970, negative before.
func Of(instant int64) int64 {
	hour := instant / length
	if instant%length < 0 {
		hour--
	}
	return hour
}

// AppendKey appends the key of a block. Keys start with the time, so that old hours are one range.
func AppendKey(to []byte, hour uint32, station []byte, period reading.Period) []byte {
	to = append(to, Prefix)
	to = binary.BigEndian.AppendUint32(to, hour)
	to = append(to, station...)
	return append(to, 0, byte(period))
}

// Trim deletes the blocks of hours from one up to and without another. Spans that lie beside each other cost the store
// less than ones that all begin at the first hour.
func Trim(batch *pebble.Batch, from, before uint32) error {
	return batch.DeleteRange(binary.BigEndian.AppendUint32([]byte{Prefix}, from), binary.BigEndian.AppendUint32([]byte{Prefix}, before), nil)
}
