package simulate

import (
	"math"
	"time"

	"egret/ingest/reading"
)

// water returns what an automatic water station measures: oxygen near saturation, more of it by day; nutrients that
// wander over days; total nitrogen always above ammonia nitrogen.
func (t *moment) water(to []reading.Value) []reading.Value {
	temp := max(0.5, t.climate.warmth+0.8*t.climate.swing*t.season+0.8*(t.peak(16, 5)-0.5)+1.5*t.drift("water_temp", 90*time.Hour))
	// Saturation over temperature at sea level, in mg/L: a fit good to some tenths.
	saturation := 14.6 * math.Exp(-0.0205*temp)
	oxygen := within(saturation*(0.86+0.1*t.sun()+0.05*t.drift("do", 20*time.Hour))*t.raised("do"), 0.1, 20)
	ph := within(7.7+0.2*t.sun()+0.2*t.drift("ph", 40*time.Hour)+0.01*t.jitter("ph"), 6, 9.5)

	load := t.climate.nutrient * math.Exp(0.35*t.drift("load", 60*time.Hour))
	ammonia := max(0.02, 0.42*load*(1+0.1*t.drift("nh3n", 7*time.Hour)+0.02*t.jitter("nh3n"))) * t.raised("nh3n")
	nitrate := max(0.1, 1.3*load*(1+0.15*t.drift("nitrate", 12*time.Hour))) * max(1, t.raised("tn"))
	phosphorus := max(0.01, 0.11*load*(1+0.15*t.drift("tp", 9*time.Hour)+0.02*t.jitter("tp"))) * t.raised("tp")
	permanganate := max(0.5, 3.4*load*(1+0.08*t.drift("codmn", 10*time.Hour)+0.01*t.jitter("codmn"))) * t.raised("codmn")
	turbidity := max(1, 22*math.Exp(0.6*t.drift("turbidity", 26*time.Hour))+t.jitter("turbidity")) * t.raised("turbidity")
	conductivity := (480 + 160*(t.climate.nutrient-1) + 70*t.drift("conductivity", 70*time.Hour)) * t.raised("conductivity")

	return append(to,
		value("water_temp", temp, 10), value("ph", ph, 100), value("do", oxygen, 100), value("conductivity", conductivity, 10),
		value("turbidity", turbidity, 10), value("codmn", permanganate, 100), value("nh3n", ammonia, 1000),
		value("tp", phosphorus, 1000), value("tn", ammonia+nitrate, 100))
}
