package engine

import (
	"fmt"
	"time"

	"egret/ingest/reading"
	"egret/rules/window"
)

// Rolling is a sliding mean as it stands.
type Rolling struct {
	Parameter string
	Period    reading.Period // of the readings in it
	Window    time.Duration
	At        int64         // end of the window, Unix nanoseconds
	Mean      reading.Fixed // in the parameter's unit
	Count     int
	Coverage  float64 // share of the expected readings, 0 to 1
	Valid     bool    // the coverage is what the rules ask for
}

// Rolling returns the station's sliding means at its newest readings. After a start a parameter appears with its
// first reading. The error is ErrUnknownStation.
func (e *Engine) Rolling(id string) ([]Rolling, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	s, ok := e.stations[id]
	if !ok {
		return nil, fmt.Errorf("%q: %w", reading.Shorten(id), ErrUnknownStation)
	}
	all := []Rolling{}
	for _, st := range s.streams {
		for i := range st.newest {
			if n := &st.newest[i]; n.series != nil {
				all = n.series.rolling(all, n.parameter, st.period)
			}
		}
	}
	return all, nil
}

func (s *series) rolling(to []Rolling, parameter string, period reading.Period) []Rolling {
	at, _ := s.data.Newest()
	for i := range s.averages {
		a := &s.averages[i]
		total := a.window.Total()
		if total.Count == 0 {
			continue
		}
		coverage := window.Coverage(total.Count, a.expected)
		to = append(to, Rolling{
			Parameter: parameter, Period: period, Window: time.Duration(a.window.Length()), At: at,
			Mean: total.Mean(), Count: total.Count, Coverage: coverage, Valid: coverage >= a.minCoverage,
		})
	}
	return to
}
