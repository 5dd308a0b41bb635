// Package window keeps the readings of a series and the sums of sliding windows over them, exactly, by event time.
//
// A reading that starts at t and stands for a period P ends at t+P. The window of length W at the instant e holds
// the readings that end in (e-W, e].
package window

import (
	"cmp"
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// Reading is a usable reading by its end.
type Reading struct {
	End    int64 // Unix nanoseconds
	Number reading.Fixed
}

// Series is the usable readings of one parameter at one station, as far back as its longest window reaches, and the
// windows over them. All windows stand at the instant Newest.
type Series struct {
	law      reading.Law
	readings []Reading // by end; those before first are gone
	first    int
	newest   int64
	started  bool
	longest  int64
	windows  []*Window
}

// NewSeries returns an empty series without windows.
func NewSeries(law reading.Law) *Series { return &Series{law: law} }

// Window returns the window of that length, which must be asked for before the first reading comes.
func (s *Series) Window(length int64) *Window {
	for _, w := range s.windows {
		if w.length == length {
			return w
		}
	}
	w := &Window{series: s, length: length, total: mean.Total{Law: s.law}}
	s.windows = append(s.windows, w)
	s.longest = max(s.longest, length)
	return w
}

// Longest returns the length of the longest window.
func (s *Series) Longest() int64 { return s.longest }

// Newest returns the instant at which the windows stand, and whether any reading has come yet.
func (s *Series) Newest() (int64, bool) { return s.newest, s.started }

// Restore puts the windows at an instant and fills them with the readings that are given in the order of their ends.
// Those outside of the longest window are left out.
func (s *Series) Restore(newest int64, readings []Reading) {
	s.newest, s.started = newest, true
	for _, r := range readings {
		if r.End > newest-s.longest && r.End <= newest {
			s.Append(r)
		}
	}
	s.Advance(newest)
}

// Advance moves all windows to an instant, which must not lie before Newest.
func (s *Series) Advance(to int64) {
	s.newest, s.started = to, true
	keep := len(s.readings)
	for _, w := range s.windows {
		w.Advance(to)
		keep = min(keep, w.first)
	}
	s.first = keep
}

// Append adds the newest reading. The windows must stand at its end.
func (s *Series) Append(r Reading) {
	if len(s.readings) == cap(s.readings) && s.first > len(s.readings)/2 {
		s.compact() // more than half is free: moving costs less than one step for each reading
	}
	s.readings = append(s.readings, r)
	for _, w := range s.windows {
		w.enter(r.Number)
	}
}

func (s *Series) compact() {
	s.readings = slices.Delete(s.readings, 0, s.first)
	for _, w := range s.windows {
		w.first -= s.first
	}
	s.first = 0
}

func (s *Series) find(end int64) (int, bool) {
	at, found := slices.BinarySearchFunc(s.readings[s.first:], end, func(r Reading, end int64) int { return cmp.Compare(r.End, end) })
	return at + s.first, found
}

// holds says whether an end lies in the longest window.
func (s *Series) holds(end int64) bool {
	return s.started && end <= s.newest && end > s.newest-s.longest
}

// Put adds a late reading, or corrects the one with the same end. A reading older than the longest window is left out.
func (s *Series) Put(r Reading) {
	if !s.holds(r.End) {
		return
	}
	at, found := s.find(r.End)
	if found {
		old := s.readings[at].Number
		s.readings[at] = r
		for _, w := range s.windows {
			if at >= w.first {
				w.leave(old)
				w.enter(r.Number)
			}
		}
		return
	}
	s.readings = slices.Insert(s.readings, at, r)
	for _, w := range s.windows {
		if r.End > s.newest-w.length {
			w.enter(r.Number)
		} else {
			w.first++
		}
	}
}

// Remove takes the reading with that end out, if it is there.
func (s *Series) Remove(end int64) {
	if !s.holds(end) {
		return
	}
	at, found := s.find(end)
	if !found {
		return
	}
	old := s.readings[at].Number
	s.readings = slices.Delete(s.readings, at, at+1)
	for _, w := range s.windows {
		if at >= w.first {
			w.leave(old)
		} else {
			w.first--
		}
	}
}

// Since returns the readings that end after an instant, and whether the series still has all of them. They are valid
// until the series changes.
func (s *Series) Since(after int64) ([]Reading, bool) {
	at, found := s.find(after)
	if found {
		at++
	}
	return s.readings[at:], after >= s.newest-s.longest
}
