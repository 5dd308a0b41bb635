package window

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Window is a sliding window over a series.
type Window struct {
	series  *Series
	length  int64
	first   int // index of its oldest reading; it holds all from there on
	total   mean.Total
	highest extreme
	lowest  extreme
}

// extreme is the largest or smallest number of a window. It is looked for again only after it has left.
type extreme struct {
	wanted bool
	known  bool
	number reading.Fixed
}

// WatchMax makes Max cheap.
func (w *Window) WatchMax() { w.highest.wanted = true }

// WatchMin makes Min cheap.
func (w *Window) WatchMin() { w.lowest.wanted = true }

// Length returns the window's length in nanoseconds.
func (w *Window) Length() int64 { return w.length }

// Total returns the sum and count of the readings in the window.
func (w *Window) Total() *mean.Total { return &w.total }

// Advance moves this window alone to an instant between Newest and the end of the next reading.
func (w *Window) Advance(to int64) {
	readings := w.series.readings
	for after := to - w.length; w.first < len(readings) && readings[w.first].End <= after; w.first++ {
		w.leave(readings[w.first].Number)
	}
}

func (w *Window) enter(number reading.Fixed) {
	w.total.Add(number)
	if w.highest.wanted && (w.total.Count == 1 || (w.highest.known && number > w.highest.number)) {
		w.highest.number, w.highest.known = number, true
	}
	if w.lowest.wanted && (w.total.Count == 1 || (w.lowest.known && number < w.lowest.number)) {
		w.lowest.number, w.lowest.known = number, true
	}
}

func (w *Window) leave(number reading.Fixed) {
	w.total.Remove(number)
	if number == w.highest.number {
		w.highest.known = false
	}
	if number == w.lowest.number {
		w.lowest.known = false
	}
}

// Max returns the largest number in the window, 0 without readings.
func (w *Window) Max() reading.Fixed {
	if w.total.Count == 0 {
		return 0
	}
	if !w.highest.known {
		w.highest.number, w.highest.known = w.series.readings[w.first].Number, w.highest.wanted
		for _, r := range w.series.readings[w.first+1:] {
			w.highest.number = max(w.highest.number, r.Number)
		}
	}
	return w.highest.number
}

// Min returns the smallest number in the window, 0 without readings.
func (w *Window) Min() reading.Fixed {
	if w.total.Count == 0 {
		return 0
	}
	if !w.lowest.known {
		w.lowest.number, w.lowest.known = w.series.readings[w.first].Number, w.lowest.wanted
		for _, r := range w.series.readings[w.first+1:] {
			w.lowest.number = min(w.lowest.number, r.Number)
		}
	}
	return w.lowest.number
}
