package simulate

import (
	"math"
	"time"

	"egret/ingest/reading"
)

// air returns what an air station measures: more particulates in winter, at night and in the rush hours; ozone at
// noon, the more the less nitrogen dioxide there is to eat it; PM10 always above PM2.5, NOx above NO2.
func (t *moment) air(to []reading.Value) []reading.Value {
	rush := t.peak(8, 1.3) + t.peak(18.5, 1.7)
	stagnation := math.Exp(0.45 * t.drift("stagnation", 40*time.Hour))
	night := t.peak(2, 4)
	sun := t.sun()

	pm25 := t.climate.dust * 24 * stagnation * (1 - 0.35*t.season) * (1 + 0.25*rush + 0.25*night - 0.15*sun)
	pm25 = max(1, pm25*(1+0.06*t.jitter("pm25"))) * t.raised("pm25")
	coarse := t.climate.coarse * (1 + 0.5*t.drift("coarse", 9*time.Hour) + 0.1*t.jitter("coarse"))
	pm10 := (pm25 + max(1, coarse)) * max(1, t.raised("pm10"))

	no2 := max(1, t.climate.dust*18*stagnation*(1+0.7*rush+0.3*night-0.4*sun)*(1+0.05*t.jitter("no2"))) * t.raised("no2")
	nox := (no2 + max(0.5, 6*rush+4*night)) * max(1, t.raised("nox"))
	so2 := max(1, t.climate.dust*6*stagnation*(1+0.2*t.drift("so2", 5*time.Hour)+0.05*t.jitter("so2"))) * t.raised("so2")
	co := max(0.1, t.climate.dust*0.45*stagnation*(1+0.3*rush+0.2*night)*(1+0.04*t.jitter("co"))) * t.raised("co")
	o3 := 28 + sun*(85+45*t.season+25*t.drift("o3", 30*time.Hour)) - 0.25*(no2-18)
	o3 = max(2, o3+3*t.jitter("o3")) * t.raised("o3")

	temp := t.climate.warmth + t.climate.swing*t.season + 4.5*(t.peak(15, 5)-0.5) + 4*t.drift("temp", 50*time.Hour) + 0.1*t.jitter("temp")
	rh := within(t.climate.damp-22*(t.peak(15, 5)-0.5)+12*t.drift("rh", 30*time.Hour)+0.5*t.jitter("rh"), 8, 100)
	pressure := t.climate.pressure - 8*t.season + 6*t.drift("pressure", 60*time.Hour)
	wind := max(0.1, 1.8+1.3*sun+1.2*t.drift("wind", 6*time.Hour)+0.6*t.jitter("wind"))
	direction := math.Mod(720+200*t.drift("direction", 18*time.Hour)+15*t.jitter("direction"), 360)

	return append(to,
		value("pm25", pm25, 10), value("pm10", pm10, 10), value("so2", so2, 10), value("no2", no2, 10), value("nox", nox, 10),
		value("co", co, 100), value("o3", o3, 10), value("temp", temp, 10), value("rh", rh, 10),
		value("pressure", pressure, 10), value("wind_speed", wind, 10), value("wind_dir", math.Floor(direction), 1))
}
