package window

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/mean"
)

const minute = int64(time.Minute)

func TestLimitIsComparedBeforeRounding(t *testing.T) {
	s := NewSeries(reading.Arithmetic)
	w := s.Window(5 * minute)
	for i, number := range []reading.Fixed{75e9, 75e9, 75e9 + 1} { // the mean is 75 and a third of 1e-9
		s.Advance(int64(i) * minute)
		s.Append(Reading{int64(i) * minute, number})
	}
	if w.Total().Mean() != 75e9 || w.Total().Compare(75e9) != 1 {
		t.Errorf("mean %s compares %d with 75, want 75 and 1", w.Total().Mean(), w.Total().Compare(75e9))
	}
}

func TestWindowIsOpenAtItsStartAndClosedAtItsEnd(t *testing.T) {
	s := NewSeries(reading.Arithmetic)
	w := s.Window(2 * minute)
	for i := range int64(3) {
		s.Advance(i * minute)
		s.Append(Reading{i * minute, reading.Fixed(i)})
	}
	if w.Total().Count != 2 || w.Total().Compare(1) != 1 {
		t.Errorf("window (0m, 2m] holds %d readings, mean %d", w.Total().Count, w.Total().Mean())
	}
	w.Advance(3*minute - 1)
	if w.Total().Count != 2 {
		t.Errorf("a nanosecond before it leaves the reading at 1m is gone")
	}
	w.Advance(3 * minute)
	if w.Total().Count != 1 {
		t.Errorf("window (1m, 3m] holds %d readings, want 1", w.Total().Count)
	}
}

// Readings come in order, late, corrected and taken back; after each the windows are held against a plain list.
func TestWindowsAgreeWithAPlainList(t *testing.T) {
	for seed := range uint64(25) {
		random := rand.New(rand.NewPCG(seed, 3))
		law := reading.Law(random.IntN(2))
		s := NewSeries(law)
		lengths := []int64{5 * minute, 60 * minute, 61 * minute}
		for _, length := range lengths {
			s.Window(length).WatchMax()
			if random.IntN(2) == 0 {
				s.Window(length).WatchMin()
			}
		}
		list := map[int64]reading.Fixed{}
		newest := int64(-1)
		for range 400 {
			number := reading.Fixed(random.Int64N(40)) * 1e9
			switch end := newest - random.Int64N(80)*minute; {
			case newest < 0 || random.IntN(3) > 0:
				newest += minute * (1 + random.Int64N(3)*random.Int64N(20))
				s.Advance(newest)
				if random.IntN(8) > 0 {
					s.Append(Reading{newest, number})
					list[newest] = number
				}
			case random.IntN(3) > 0:
				s.Put(Reading{end, number})
				list[end] = number
			default:
				s.Remove(end)
				delete(list, end)
			}
			if random.IntN(50) == 0 {
				s = restored(s, list)
			}
			for _, length := range lengths {
				checkWindow(t, s.Window(length), list, newest, law)
			}
		}
	}
}

// restored returns a series as it is built anew after a restart.
func restored(s *Series, list map[int64]reading.Fixed) *Series {
	fresh := NewSeries(s.law)
	for _, w := range s.windows {
		fresh.Window(w.length).highest.wanted = true
		fresh.Window(w.length).lowest.wanted = w.lowest.wanted
	}
	fresh.Restore(s.newest, sorted(list))
	return fresh
}

func sorted(list map[int64]reading.Fixed) []Reading {
	var all []Reading
	for end, number := range list {
		all = append(all, Reading{end, number})
	}
	slices.SortFunc(all, func(a, b Reading) int { return int((a.End - b.End) / minute) })
	return all
}

func checkWindow(t *testing.T, w *Window, list map[int64]reading.Fixed, at int64, law reading.Law) {
	t.Helper()
	total := mean.Total{Law: law}
	highest, lowest := reading.Fixed(math.MinInt64), reading.Fixed(math.MaxInt64)
	for end, number := range list {
		if end > at-w.length && end <= at {
			total.Add(number)
			highest, lowest = max(highest, number), min(lowest, number)
		}
	}
	if *w.Total() != total {
		t.Fatalf("window of %s: %+v, want %+v", time.Duration(w.length), *w.Total(), total)
	}
	if total.Count > 0 && (w.Max() != highest || w.Min() != lowest) {
		t.Fatalf("window of %s: %s to %s, want %s to %s", time.Duration(w.length), w.Min(), w.Max(), lowest, highest)
	}
	seen := false
	Slide(law, sorted(list), w.length, at-minute, at, minute, func(instant int64, slid *mean.Total) {
		if seen = instant == at; seen && *slid != total {
			t.Fatalf("slide to %d: %+v, want %+v", at, *slid, total)
		}
	})
	if !seen {
		t.Fatal("slide stopped early")
	}
}

func TestExpectedAndCoverage(t *testing.T) {
	f := func(length, interval time.Duration, count, expected int, coverage float64) {
		t.Helper()
		got := Expected(int64(length), int64(interval))
		if got != expected || Coverage(count, got) != coverage {
			t.Errorf("%s by %s: expected %d, coverage %g; want %d, %g", length, interval, got, Coverage(count, got), expected, coverage)
		}
	}
	f(time.Hour, time.Minute, 45, 60, 0.75)
	f(time.Hour, time.Minute, 61, 60, 1)
	f(10*time.Minute, 4*time.Minute, 2, 2, 1)
	f(time.Minute, time.Hour, 1, 1, 1)
}

func benchmarkInOrder(b *testing.B, law reading.Law, watch func(*Series)) {
	s := NewSeries(law)
	watch(s)
	end := int64(0)
	next := func() {
		end += minute
		s.Advance(end)
		s.Append(Reading{end, reading.Fixed(30e9 + end%7919)})
	}
	for range 5000 {
		next()
	}
	b.ReportAllocs()
	for b.Loop() {
		next()
		if s.windows[0].Total().Compare(75e9) > 0 {
			b.Fatal("exceeds")
		}
	}
}

func BenchmarkMean1h8h24h(b *testing.B) {
	benchmarkInOrder(b, reading.Arithmetic, func(s *Series) { s.Window(60 * minute); s.Window(480 * minute); s.Window(1440 * minute) })
}

func BenchmarkMean1h(b *testing.B) {
	benchmarkInOrder(b, reading.Arithmetic, func(s *Series) { s.Window(60 * minute) })
}

func BenchmarkEnergyMean1h(b *testing.B) {
	benchmarkInOrder(b, reading.Energy, func(s *Series) { s.Window(60 * minute) })
}

func BenchmarkMax1h(b *testing.B) {
	benchmarkInOrder(b, reading.Arithmetic, func(s *Series) { s.Window(60 * minute).WatchMax() })
}

func TestInOrderReadingsDoNotAllocate(t *testing.T) {
	s := NewSeries(reading.Arithmetic)
	s.Window(60 * minute).WatchMax()
	end := int64(0)
	next := func() {
		end += minute
		s.Advance(end)
		s.Append(Reading{end, reading.Fixed(end)})
	}
	for range 500 {
		next()
	}
	if n := testing.AllocsPerRun(1000, next); n != 0 {
		t.Errorf("%v allocations for each reading", n)
	}
}
