package engine

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"egret/ingest/reading"
	"egret/rules/hours"
)

// storedBox is an outbox in the store itself: what a crash takes back is taken back from it too.
type storedBox struct {
	t    *testing.T
	db   *pebble.DB
	next uint64
}

func (b *storedBox) Add(batch *pebble.Batch, channel string, payload []byte) error {
	b.next++
	return batch.Set(binary.BigEndian.AppendUint64([]byte{'o', channel[0]}, b.next), payload, nil)
}

func (b *storedBox) Committed() {}

// read returns the payloads of a channel in their order, and finds where the queue ends.
func (b *storedBox) read(channel string) []string {
	b.t.Helper()
	iterator, err := b.db.NewIter(&pebble.IterOptions{LowerBound: []byte{'o', channel[0]}, UpperBound: []byte{'o', channel[0] + 1}})
	if err != nil {
		b.t.Fatal(err)
	}
	defer iterator.Close()
	var all []string
	for valid := iterator.First(); valid; valid = iterator.Next() {
		b.next = max(b.next, binary.BigEndian.Uint64(iterator.Key()[2:]))
		all = append(all, string(iterator.Value()))
	}
	return all
}

// A machine that loses power anywhere, with any part of what was not synced, ends where one ends that never did; and
// an alert that could have left before is not taken back.
func TestCrashesChangeNothing(t *testing.T) {
	lost := uint64(0) // entries that crashes took back
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 11))
		journal := threeDays(random, 20*time.Hour)
		want := run(t, journal, random, false)

		fs := vfs.NewCrashableMem()
		w := newWorld(t, cityStations, cityRules()...)
		var crashed *storedBox
		open := func() {
			db, err := pebble.Open("store", &pebble.Options{Merger: hours.Merger, FS: fs, Logger: quiet{}})
			if err != nil {
				t.Fatal(err)
			}
			crashed = &storedBox{t: t, db: db}
			crashed.read("influxdb")
			crashed.read("mqtt")
			if w.engine, err = Open(db, crashed, w.config); err != nil {
				t.Fatal(err)
			}
		}
		open()
		crashes := 0
		for {
			from := int(w.engine.Position().Sequence)
			if from == len(journal) {
				break
			}
			size := min(len(journal)-from, 1+random.IntN(8))
			w.sequence = uint64(from)
			var entries []reading.Entry
			for _, m := range journal[from : from+size] {
				entries = append(entries, w.entry(reading.Readings, m.received, m.station, line(m.station, m.period, m.at, m.values...)))
			}
			w.step(entries...)
			if crashes < 10 && random.IntN(8) == 0 {
				crashes++
				told := crashed.read("mqtt")
				after := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: random.IntN(2) * random.IntN(101), RNG: random})
				if err := crashed.db.Close(); err != nil {
					t.Fatal(err)
				}
				fs = after
				before := w.engine.Position().Sequence
				open()
				lost += before - w.engine.Position().Sequence
				if kept := crashed.read("mqtt"); !slices.Equal(kept, told) {
					t.Fatalf("seed %d: %d alerts before the crash, %d after", seed, len(told), len(kept))
				}
			}
		}
		if crashes < 10 {
			t.Fatalf("only %d crashes", crashes)
		}
		if alerts := crashed.read("mqtt"); !slices.Equal(alerts, want.alerts) {
			t.Errorf("seed %d: %d alerts after crashes differ from %d", seed, len(alerts), len(want.alerts))
		}
		w.box.left["influxdb"] = crashed.read("influxdb")
		samePoints(t, "after crashes", w.points(), want.points)
		if got := w.engine.Counts(); got != want.counts {
			t.Errorf("seed %d: counts %+v, want %+v", seed, got, want.counts)
		}
		if err := crashed.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if lost == 0 {
		t.Error("no crash took anything back: that tests nothing")
	}
}
