package simulate

import (
	"math"
	"time"

	"egret/ingest/reading"
)

// daytimeLevel is the usual level by day in each functional zone, some dB below the zone's limit.
var daytimeLevel = map[string]float64{"0": 47, "1": 51, "2": 55, "3": 60, "4a": 66, "4b": 66}

// noise returns a noise point's minute: the level, and the levels exceeded in 5, 10, 50, 90 and 95 percent of it,
// which never cross. Nights are 8 to 9 dB lower than days.
func (t *moment) noise(to []reading.Value) []reading.Value {
	day, ok := daytimeLevel[t.station.Zone]
	if !ok {
		day = daytimeLevel["2"]
	}
	night := 1 / (1 + math.Exp(-2*(min(math.Abs(t.clock-2), 24-math.Abs(t.clock-2))-4))) // 0 around 2 h, 1 by day
	leq := day - 8.5*(1-night) + 1.5*t.drift("leq", 3*time.Hour) + 1.5*t.jitter("leq")
	leq += 10 * math.Log10(max(t.raised("leq"), 1e-3))
	spread := 1 + 0.3*t.jitter("spread")

	return append(to,
		value("leq", leq, 10), value("lmax", leq+9.5*spread, 10), value("lmin", leq-8.5*spread, 10),
		value("l5", leq+4.2*spread, 10), value("l10", leq+2.8*spread, 10), value("l50", leq-1.4*spread, 10),
		value("l90", leq-4.6*spread, 10), value("l95", leq-5.6*spread, 10))
}
