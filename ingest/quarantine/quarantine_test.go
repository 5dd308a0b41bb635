package quarantine

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// ward is a quarantine in a store that can be closed and opened again.
type ward struct {
	*Quarantine
	t          *testing.T
	files      vfs.FS
	db         *pebble.DB
	perStation int
}

func open(t *testing.T, perStation int) *ward {
	w := &ward{t: t, files: vfs.NewMem(), perStation: perStation}
	w.reopen()
	t.Cleanup(func() { w.db.Close() })
	return w
}

func (w *ward) reopen() {
	w.t.Helper()
	if w.db != nil {
		must(w.t, w.db.Close())
	}
	var err error
	w.db, err = pebble.Open("store", &pebble.Options{FS: w.files, Logger: quiet{}})
	must(w.t, err)
	w.Quarantine, err = Open(w.db, w.perStation)
	must(w.t, err)
}

func (w *ward) add(entries ...Entry) {
	w.t.Helper()
	batch := w.db.NewBatch()
	must(w.t, w.Add(batch, entries))
	must(w.t, batch.Commit(pebble.Sync))
}

func (w *ward) remove(e Entry, outcome Outcome) error {
	batch := w.db.NewBatch()
	if err := w.Remove(batch, &e, outcome); err != nil {
		return errors.Join(err, batch.Close())
	}
	return batch.Commit(pebble.Sync)
}

// ids lists the entries of a station, of all where it is empty.
func (w *ward) ids(station string) []uint64 {
	w.t.Helper()
	var ids []uint64
	entries, err := w.List(0, 1000, station)
	must(w.t, err)
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

func refused(station string, number int) Entry {
	payload := fmt.Sprintf("payload %d", number)
	return Entry{
		Received: time.Date(2026, 11, 21, 0, number, 0, 0, time.UTC), Station: station, Source: "stations/" + station + "/readings",
		Format: "json", Transport: 1, Reasons: []string{"parameter \"颗粒物\" is not known"}, More: 2, Stored: 1, Rejected: 3,
		Size: len(payload), SHA256: "ab", Payload: []byte(payload),
	}
}

func TestAnEntryComesBackAsItWas(t *testing.T) {
	w := open(t, 10)
	want := refused("wx-1", 1)
	w.add(want)
	got, err := w.Get(1)
	must(t, err)
	want.ID = 1
	if !reflect.DeepEqual(got, want) {
		t.Errorf("entry is %+v, want %+v", got, want)
	}
	if !got.Whole() {
		t.Error("the payload is said to be cut")
	}
	if _, err := w.Get(2); !errors.Is(err, ErrNotFound) {
		t.Errorf("an entry that is not there: %v", err)
	}
}

func TestListPagesInOrder(t *testing.T) {
	w := open(t, 100)
	for i := range 9 {
		w.add(refused([]string{"wx-1", "wx-2", ""}[i%3], i))
	}
	var pages [][]uint64
	for after := uint64(0); ; {
		entries, err := w.List(after, 4, "")
		must(t, err)
		if len(entries) == 0 {
			break
		}
		var page []uint64
		for _, e := range entries {
			page = append(page, e.ID)
			after = e.ID
		}
		pages = append(pages, page)
	}
	if want := [][]uint64{{1, 2, 3, 4}, {5, 6, 7, 8}, {9}}; !reflect.DeepEqual(pages, want) {
		t.Errorf("pages are %v", pages)
	}
	if got := w.ids("wx-2"); !reflect.DeepEqual(got, []uint64{2, 5, 8}) {
		t.Errorf("entries of wx-2 are %v", got)
	}
}

func TestAStationOverItsQuotaLosesItsOwnOldest(t *testing.T) {
	w := open(t, 3)
	w.add(refused("quiet", 0))
	for i := range 5 {
		w.add(refused("noisy", i))
	}
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{1, 4, 5, 6}) {
		t.Errorf("entries are %v", got)
	}
	want := Counts{Added: 6, Kept: 4, Evicted: 2, NextID: 7, Bytes: 4 * 9}
	if got := w.Counts(); got != want {
		t.Errorf("counts are %+v, want %+v", got, want)
	}
}

func TestOneStepOverTheQuota(t *testing.T) {
	w := open(t, 2)
	w.add(refused("a", 0), refused("a", 1), refused("b", 2), refused("a", 3), refused("a", 4))
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{3, 4, 5}) {
		t.Errorf("entries are %v", got)
	}
}

func TestTheOldestOfAllGoesWhenPayloadsTakeUpTooMuch(t *testing.T) {
	w := open(t, 100)
	w.mostBytes = 4 * 9
	for i, station := range []string{"a", "b", "c", "d", "e", "f"} {
		w.add(refused(station, i))
	}
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{3, 4, 5, 6}) {
		t.Errorf("entries are %v", got)
	}
	if c := w.Counts(); c.Evicted != 2 || c.Bytes != 4*9 {
		t.Errorf("counts are %+v", c)
	}
}

func TestCountsAndOrderSurviveOpeningAgain(t *testing.T) {
	w := open(t, 3)
	for i := range 5 {
		w.add(refused("wx-1", i))
	}
	e, _ := w.Get(4)
	must(t, w.remove(e, Retried))
	before := w.Counts()
	w.reopen()
	if got := w.Counts(); got != before {
		t.Errorf("counts are %+v, were %+v", got, before)
	}
	w.add(refused("wx-1", 5), refused("wx-1", 6))
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{5, 6, 7}) {
		t.Errorf("entries are %v", got)
	}
}

func TestALowerQuotaIsReachedWithTheNextEntry(t *testing.T) {
	w := open(t, 10)
	for i := range 8 {
		w.add(refused("wx-1", i))
	}
	w.perStation = 3
	w.reopen()
	w.add(refused("wx-1", 8))
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{7, 8, 9}) {
		t.Errorf("entries are %v", got)
	}
	if c := w.Counts(); c.Evicted != 6 || c.Kept != 3 {
		t.Errorf("counts are %+v", c)
	}
}

func TestAnEntryIsRemovedOnce(t *testing.T) {
	w := open(t, 10)
	w.add(refused("wx-1", 0), refused("wx-1", 1), refused("wx-1", 2))
	first, _ := w.Get(1)
	second, _ := w.Get(2)
	must(t, w.remove(second, Dropped))
	must(t, w.remove(first, Retried))
	if err := w.remove(second, Dropped); !errors.Is(err, ErrNotFound) {
		t.Errorf("removing again: %v", err)
	}
	if got := w.ids(""); !reflect.DeepEqual(got, []uint64{3}) {
		t.Errorf("entries are %v", got)
	}
	if got, want := w.Counts(), (Counts{Added: 3, Kept: 1, Retried: 1, Dropped: 1, NextID: 4, Bytes: 9}); got != want {
		t.Errorf("counts are %+v, want %+v", got, want)
	}
}

func TestAnEntryOfANewerVersionIsNotGuessedAt(t *testing.T) {
	w := open(t, 10)
	w.add(refused("wx-1", 0))
	must(t, w.db.Set(entryKey(1), []byte{entryVersion + 1, '{', '}'}, pebble.Sync))
	if _, err := w.Get(1); err == nil || err.Error() != "quarantine entry 1 was written by a newer version of Egret" {
		t.Errorf("error is %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// quiet is a store's log that says nothing.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, arguments ...any) {
	panic(fmt.Sprintf(format, arguments...))
}
