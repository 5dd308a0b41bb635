package reading

import (
	"fmt"
	"strings"
	"time"
)

// Period is the length of time a reading stands for. A station that sends minute, hour and day values of one
// parameter sends different things, so the period is part of a reading's key.
type Period uint8

// The periods a reading may have. Momentary ("rt") is a sample without a length.
const (
	Momentary Period = iota
	Minute
	Minutes5
	Minutes10
	Minutes15
	Minutes30
	Hour
	Hours4
	Day
)

var (
	periodNames   = [...]string{"rt", "1m", "5m", "10m", "15m", "30m", "1h", "4h", "1d"}
	periodLengths = [...]time.Duration{0, time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour}
)

// String returns the period's tag value: rt, 1m … 1d.
func (p Period) String() string {
	if int(p) < len(periodNames) {
		return periodNames[p]
	}
	return fmt.Sprintf("period(%d)", uint8(p))
}

// Length returns how long the period is, 0 for a momentary reading.
func (p Period) Length() time.Duration { return periodLengths[p] }

// ParsePeriod reads a period's tag value; the empty text is a momentary reading.
func ParsePeriod(name string) (Period, error) {
	if name == "" {
		return Momentary, nil
	}
	for i, n := range periodNames {
		if n == name {
			return Period(i), nil
		}
	}
	// The clone keeps a caller's string(bytes) off the heap in the usual case.
	return 0, fmt.Errorf("period %q is not known: use one of %s", strings.Clone(name), strings.Join(periodNames[:], " "))
}
