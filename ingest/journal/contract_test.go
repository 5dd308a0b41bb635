package journal

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// opener returns the journal of the running test: empty at the first call, closed and opened again at each later one.
type opener func(t *testing.T, maxBytes int64) Journal

// testContract is what every implementation of [Journal] must do.
func testContract(t *testing.T, open opener) {
	t.Run("a new journal is empty", func(t *testing.T) {
		if got := open(t, 0).State(); got != (State{}) {
			t.Errorf("state is %+v", got)
		}
	})
	t.Run("entries come back in order, without gaps and unchanged", func(t *testing.T) {
		j := open(t, 0)
		want := messages(0, 100)
		for from := 0; from < len(want); from += 20 {
			if head := mustAppend(t, j, messages(from, 20)); head.Sequence != uint64(from+20) {
				t.Fatalf("head is %d after %d messages", head.Sequence, from+20)
			}
		}
		wantEntries(t, readAll(t, j, reading.Position{}, 2000), 1, want)
	})
	t.Run("every field of a record survives", func(t *testing.T) {
		j := open(t, 0)
		want := []reading.Record{
			{Kind: reading.Refused, Transport: reading.Retained | reading.Redelivered, Received: morning, Source: "站/1", Station: "wx-1", Rejected: 7},
			{Kind: reading.Tick, Received: morning + 1},
			{Kind: reading.Register, Received: morning + 2, Source: "register", Lines: []byte("stations,station=wx-1 name=\"锡\" 1\n")},
		}
		mustAppend(t, j, want)
		wantEntries(t, readAll(t, j, reading.Position{}, 1<<20), 1, want)
	})
	t.Run("counts run on from record to record", func(t *testing.T) {
		j := open(t, 0)
		refused := reading.Record{Kind: reading.Refused, Received: morning, Rejected: 3}
		retried := message(1)
		retried.Transport = reading.Retried
		head := mustAppend(t, j, []reading.Record{message(0), refused, retried, {Kind: reading.Tick, Received: morning}})
		state := j.State()
		if state.Messages != 2 || state.Values != 4 || state.Refused != 1 || state.Rejected != 3 || state.Head != head {
			t.Errorf("state is %+v", state)
		}
		if head.Messages != 2 || head.Values != 4 {
			t.Errorf("head is %+v", head)
		}
	})
	t.Run("the time of receipt never goes back", func(t *testing.T) {
		j := open(t, 0)
		late := message(0)
		head := mustAppend(t, j, []reading.Record{message(60), late})
		if head.Received != message(60).Received {
			t.Errorf("head was received at %d", head.Received)
		}
		head = mustAppend(t, open(t, 0), []reading.Record{late})
		if head.Received != message(60).Received {
			t.Errorf("after opening again the head was received at %d", head.Received)
		}
	})
	t.Run("a step that fails beside leaves nothing", func(t *testing.T) {
		j := open(t, 0)
		before := mustAppend(t, j, messages(0, 2))
		full := errors.New("quarantine is ill")
		if _, err := j.Append(t.Context(), messages(2, 3), func(*pebble.Batch) error { return full }); !errors.Is(err, full) {
			t.Fatalf("error is %v", err)
		}
		if got := j.State().Head; got != before {
			t.Errorf("head is %+v, was %+v", got, before)
		}
		mustAppend(t, j, messages(2, 1))
		wantEntries(t, readAll(t, j, reading.Position{}, 1<<20), 1, messages(0, 3))
	})
	t.Run("a step may have something beside and no records", func(t *testing.T) {
		j := open(t, 0)
		before := mustAppend(t, j, messages(0, 1))
		calls := 0
		head, err := j.Append(t.Context(), nil, func(b *pebble.Batch) error { calls++; return b.Set([]byte("q"), nil, nil) })
		if err != nil || head != before || calls != 1 {
			t.Errorf("head %+v after %+v, %d calls, %v", head, before, calls, err)
		}
	})
	t.Run("a read takes about the bytes it is told, and at least one entry", func(t *testing.T) {
		j := open(t, 0)
		mustAppend(t, j, messages(0, 50))
		for _, maxBytes := range []int{-1, 0, 1} {
			if entries, _, err := j.Read(t.Context(), reading.Position{}, maxBytes); err != nil || len(entries) != 1 {
				t.Errorf("%d bytes: %d entries, %v", maxBytes, len(entries), err)
			}
		}
		entries, next, err := j.Read(t.Context(), reading.Position{}, 2000)
		if err != nil || len(entries) < 5 || len(entries) > 20 || next.Sequence != uint64(len(entries)) {
			t.Errorf("2,000 bytes: %d entries up to %d, %v", len(entries), next.Sequence, err)
		}
	})
	t.Run("a read waits for an entry", func(t *testing.T) {
		j := open(t, 0)
		head := mustAppend(t, j, messages(0, 1))
		got := make(chan []reading.Entry)
		go func() {
			entries, _, _ := j.Read(t.Context(), head, 1<<20)
			got <- entries
		}()
		mustAppend(t, j, messages(1, 1))
		wantEntries(t, <-got, 2, messages(1, 1))
	})
	t.Run("a read ends with its context", func(t *testing.T) {
		j := open(t, 0)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(nil)
		if _, _, err := j.Read(ctx, reading.Position{}, 1<<20); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("a reader with another history is refused", func(t *testing.T) {
		j := open(t, 0)
		mustAppend(t, j, messages(0, 2))
		_, from, _ := j.Read(t.Context(), reading.Position{}, 1)
		from.Chain++
		var damaged *DamagedError
		if _, _, err := j.Read(t.Context(), from, 1<<20); !errors.As(err, &damaged) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("what is trimmed is gone, the last entry never", func(t *testing.T) {
		j := open(t, 0)
		mustAppend(t, j, messages(0, 10))
		_, atFour, _ := j.Read(t.Context(), reading.Position{}, 1)
		atThree := atFour
		for atFour.Sequence < 4 {
			atThree = atFour
			_, atFour, _ = j.Read(t.Context(), atFour, 1)
		}
		whole := j.State().Bytes
		must(t, j.Trim(t.Context(), 5))
		if s := j.State(); s.First != 5 || s.Bytes >= whole*7/10 || s.Bytes <= whole*5/10 {
			t.Errorf("after trimming 4 of 10 entries the first is %d, %d of %d bytes", s.First, s.Bytes, whole)
		}
		for _, from := range []reading.Position{{}, atThree} {
			if _, _, err := j.Read(t.Context(), from, 1<<20); !errors.Is(err, ErrTrimmed) {
				t.Errorf("reading after %d: %v", from.Sequence, err)
			}
		}
		wantEntries(t, readAll(t, j, atFour, 1<<20), 5, messages(4, 6))
		must(t, j.Trim(t.Context(), 1000))
		if s := j.State(); s.First != 10 || s.Head.Sequence != 10 {
			t.Errorf("after trimming everything %d to %d are left", s.First, s.Head.Sequence)
		}
	})
	t.Run("a journal opened again goes on where it was", func(t *testing.T) {
		j := open(t, 0)
		mustAppend(t, j, messages(0, 10))
		must(t, j.Trim(t.Context(), 4))
		before := j.State()
		j = open(t, 0)
		if got := j.State(); got != before {
			t.Errorf("state is %+v, was %+v", got, before)
		}
		if head := mustAppend(t, j, messages(10, 1)); head.Sequence != 11 || head.Messages != 11 {
			t.Errorf("head is %+v", head)
		}
	})
	t.Run("a full journal takes nothing until it is trimmed", func(t *testing.T) {
		j := open(t, 2000)
		mustAppend(t, j, messages(0, 20))
		before := j.State()
		if _, err := j.Append(t.Context(), messages(20, 1), nil); !errors.Is(err, ErrFull) {
			t.Fatalf("error is %v", err)
		}
		if got := j.State(); got != before {
			t.Errorf("state is %+v, was %+v", got, before)
		}
		must(t, j.Trim(t.Context(), 19))
		if head := mustAppend(t, j, messages(20, 1)); head.Sequence != 21 {
			t.Errorf("head is %d", head.Sequence)
		}
	})
}

// readAll reads up to the head in portions.
func readAll(t *testing.T, j Journal, from reading.Position, maxBytes int) []reading.Entry {
	t.Helper()
	var all []reading.Entry
	for head := j.State().Head; from.Sequence < head.Sequence; {
		entries, next, err := j.Read(t.Context(), from, maxBytes)
		if err != nil {
			t.Fatal(err)
		}
		all, from = append(all, entries...), next
		if from.Sequence == head.Sequence && from != head {
			t.Errorf("read to %+v, head is %+v", from, head)
		}
	}
	return all
}

func wantEntries(t *testing.T, got []reading.Entry, first uint64, want []reading.Record) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].Sequence != first+uint64(i) {
			t.Errorf("entry %d has sequence %d", i, got[i].Sequence)
		}
		lines := got[i].Lines
		got[i].Lines = nil
		expected := want[i]
		expected.Lines = nil
		if !sameHeader(got[i].Record, expected) || !bytes.Equal(lines, want[i].Lines) {
			t.Errorf("entry %d is %+v %q, want %+v", i, got[i], lines, want[i])
		}
	}
}

func sameHeader(a, b reading.Record) bool {
	return a.Kind == b.Kind && a.Transport == b.Transport && a.Received == b.Received && a.Source == b.Source &&
		a.Station == b.Station && a.Values == b.Values && a.Rejected == b.Rejected
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
