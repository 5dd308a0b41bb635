package outbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Keys: 'o' channel 0x00 sequence holds a message, 'o' 0x00 channel the next sequence of a queue. Channel names are
// not empty and hold no 0x00, so the two never meet, and all counters sort before all messages.
const owner = 'o'

func entryKey(channel string, sequence uint64) []byte {
	key := make([]byte, 0, len(channel)+10)
	key = append(key, owner)
	key = append(key, channel...)
	key = append(key, 0)
	return binary.BigEndian.AppendUint64(key, sequence)
}

func counterKey(channel string) []byte { return append([]byte{owner, 0}, channel...) }

func counterValue(next uint64) []byte { return binary.BigEndian.AppendUint64(nil, next) }

func entryValue(attempts uint32, payload []byte) []byte {
	value := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(payload)), attempts)
	return append(value, payload...)
}

// parseEntry returns what entryValue wrote; payload points into value.
func parseEntry(value []byte) (attempts uint32, payload []byte, err error) {
	if len(value) < 4 {
		return 0, nil, fmt.Errorf("a message of %d bytes is cut short: the store is damaged", len(value))
	}
	return binary.BigEndian.Uint32(value), value[4:], nil
}

func parseEntryKey(key []byte) (channel string, sequence uint64, err error) {
	end := bytes.IndexByte(key, 0)
	if end < 2 || len(key) != end+9 {
		return "", 0, fmt.Errorf("key %q is not an outbox key: the store is damaged", key)
	}
	return string(key[1:end]), binary.BigEndian.Uint64(key[end+1:]), nil
}

// readNext returns the sequence that the channel's next message gets; the first is 1.
func readNext(db *pebble.DB, channel string) (uint64, error) {
	value, closer, err := db.Get(counterKey(channel))
	if errors.Is(err, pebble.ErrNotFound) {
		return 1, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read counter of %s: %w", channel, err)
	}
	var next uint64
	if len(value) == 8 {
		next = binary.BigEndian.Uint64(value)
	}
	if err := closer.Close(); err != nil {
		return 0, fmt.Errorf("read counter of %s: %w", channel, err)
	}
	if next == 0 {
		return 0, fmt.Errorf("counter of %s is not a sequence: the store is damaged", channel)
	}
	return next, nil
}

// scanAll calls visit for every message of every channel, in the order of channels and sequences.
func scanAll(db *pebble.DB, visit func(channel string, sequence uint64) error) error {
	return scan(db, []byte{owner, 1}, []byte{owner + 1}, func(iterator *pebble.Iterator) (bool, error) {
		channel, sequence, err := parseEntryKey(iterator.Key())
		if err == nil {
			err = visit(channel, sequence)
		}
		return true, err
	})
}

// readEntries returns copies of the messages first to last, as many as fit into maxBytes, at least one if there is one.
func readEntries(db *pebble.DB, channel string, first, last uint64, maxBytes int) ([]Entry, error) {
	var entries []Entry
	size := 0
	err := scan(db, entryKey(channel, first), entryKey(channel, last+1), func(iterator *pebble.Iterator) (bool, error) {
		_, sequence, err := parseEntryKey(iterator.Key())
		if err != nil {
			return false, err
		}
		value, err := iterator.ValueAndErr()
		if err != nil {
			return false, err
		}
		attempts, payload, err := parseEntry(value)
		if err != nil {
			return false, err
		}
		if size += len(payload); size > maxBytes && len(entries) > 0 {
			return false, nil
		}
		entries = append(entries, Entry{Sequence: sequence, Attempts: attempts, Payload: bytes.Clone(payload)})
		return true, nil
	})
	return entries, err
}

// scan calls visit for each key from lower up to but not including upper, until it says false or fails.
func scan(db *pebble.DB, lower, upper []byte, visit func(*pebble.Iterator) (more bool, err error)) (err error) {
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, iterator.Close()) }()
	for valid := iterator.First(); valid; valid = iterator.Next() {
		if more, err := visit(iterator); err != nil || !more {
			return err
		}
	}
	return iterator.Error()
}
