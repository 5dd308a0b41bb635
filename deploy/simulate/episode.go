package simulate

import (
	"math"
	"time"
)

// Episode is a stretch of pollution (or of anything else) at one station.
type Episode struct {
	Station    string
	Parameters []string
	Start      time.Time
	Length     time.Duration
	// Strength multiplies what is measured, at the height of the episode: 3 is three times the usual concentration,
	// for sound levels three times the energy. A dip is a strength below 1.
	Strength float64
}

// Breach returns an episode of PM2.5 at the simulated station in Wuxi: some seven times the usual level, well beyond
// any limit, for the given time.
func Breach(start time.Time, length time.Duration) Episode {
	return Episode{Station: "wx-air-1", Parameters: []string{"pm25"}, Start: start, Length: length, Strength: 7}
}

// factor is 1 outside the episode and Strength in its middle half; it rises and falls smoothly over the quarters.
func (e *Episode) factor(at time.Time) float64 {
	part := float64(at.Sub(e.Start)) / float64(e.Length)
	if !(part > 0 && part < 1) {
		return 1
	}
	edge := min(part, 1-part) / 0.25
	if edge >= 1 {
		return e.Strength
	}
	return 1 + (e.Strength-1)*(1-math.Cos(math.Pi*edge))/2
}
