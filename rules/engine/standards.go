package engine

import (
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/noise"
	"egret/rules/water"
)

// grade returns the grade of limits of GB 3095 that the station's area has: zone 1 is a class-1 area.
func (s *station) grade() int {
	if s.register.Zone == "1" {
		return air.Grade1
	}
	return air.Grade2
}

// section returns which limits a water section has and which class it is asked to reach.
func (s *station) section() (water.Type, water.Class) {
	kind := water.River
	if s.register.Lake {
		kind = water.Lake
	}
	target, _ := water.ParseTarget(s.register.Target) // checked with the configuration; none is no target
	return kind, target
}

// noiseStart returns the first instant of a noise day: of its day hours, or midnight where its night is that of the
// same date.
func (e *Engine) noiseStart(d calendar.Day) int64 {
	if e.config.Practice.Noise.Night == noise.SameDate {
		return e.zone.Start(d)
	}
	from, _ := e.config.Practice.Noise.Day()
	return e.zone.At(d, from)
}

// noiseEnd returns the first instant after a noise day and its night.
func (e *Engine) noiseEnd(d calendar.Day) int64 { return e.noiseStart(d + 1) }

// nightStart returns the first instant of the night that belongs to a day.
func (e *Engine) nightStart(d calendar.Day) int64 {
	if e.config.Practice.Noise.Night == noise.SameDate {
		return e.zone.Start(d)
	}
	_, until := e.config.Practice.Noise.Day()
	return e.zone.At(d, until)
}
