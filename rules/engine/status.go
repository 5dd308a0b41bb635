package engine

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"egret/ingest/reading"
)

// StationStatus is what the rules know of a station that is registered or was heard of. Instants are Unix nanoseconds.
type StationStatus struct {
	Station   reading.Station
	FirstSeen int64 // receipt of its first readings; 0: none yet
	Received  int64 // receipt of its last readings or heartbeat; 0: none yet
	Newest    int64 // time of its newest reading; 0: none yet
	Messages  uint64
	Values    uint64
	Refused   uint64 // messages of which nothing could be stored
	Late      uint64 // values
	Duplicate uint64 // values
	Corrected uint64 // values
}

// Stations returns all stations by id.
func (e *Engine) Stations() []StationStatus {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	all := make([]StationStatus, 0, len(e.stations))
	for _, s := range e.stations {
		status := StationStatus{
			Station: *s.register, FirstSeen: s.first, Received: s.received,
			Messages: s.messages, Values: s.values, Refused: s.refused, Late: s.late, Duplicate: s.duplicate, Corrected: s.corrected,
		}
		newest := int64(math.MinInt64)
		for _, st := range s.streams {
			newest = max(newest, st.latest())
		}
		if newest != math.MinInt64 {
			status.Newest = newest
		}
		all = append(all, status)
	}
	slices.SortFunc(all, func(a, b StationStatus) int { return cmp.Compare(a.Station.ID, b.Station.ID) })
	return all
}

// Latest is the newest reading of one parameter and period.
type Latest struct {
	Parameter string
	Period    reading.Period
	Time      int64 // start of the period, Unix nanoseconds
	Number    reading.Fixed
	Flag      reading.Flag
	Received  int64 // last receipt of a reading of the parameter, Unix nanoseconds
}

// ErrUnknownStation is returned for a station that is not registered and was never heard of.
var ErrUnknownStation = errors.New("station is not known")

// Latest returns the station's newest readings by parameter and period, however old they are.
func (e *Engine) Latest(id string) ([]Latest, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	s, ok := e.stations[id]
	if !ok {
		return nil, fmt.Errorf("%q: %w", reading.Shorten(id), ErrUnknownStation)
	}
	all := []Latest{}
	for _, st := range s.streams {
		for i := range st.newest {
			n := &st.newest[i]
			all = append(all, Latest{Parameter: n.parameter, Period: st.period, Time: n.time, Number: n.number, Flag: n.flag, Received: n.received})
		}
	}
	slices.SortFunc(all, func(a, b Latest) int {
		return cmp.Or(cmp.Compare(a.Parameter, b.Parameter), cmp.Compare(a.Period, b.Period))
	})
	return all, nil
}

// Counts returns the totals.
func (e *Engine) Counts() Counts {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.counts
}
