package air

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
)

// HourInputs says which figures enter the hourly index under HJ 633-2012.
type HourInputs uint8

// The national network has always used the six 1 h values; HJ 633-2012 itself lists the 8 h mean of ozone (o3_8h) and the
// running 24 h means of particles (pm25_24h, pm10_24h) as well. HJ 633-2026 has the six 1 h values.
const (
	SixHourly HourInputs = iota
	NineByTheStandard
)

// HighSO2 says what an SO2 1 h value above 800 ug/m3 gives under HJ 633-2012.
type HighSO2 uint8

// The standard takes the index of the 24 h mean (so2_24h) instead; Jinan's platform looks the 1 h value up in the 24 h
// column. Under HJ 633-2026 the index is 200.
const (
	DayMeanDecides HighSO2 = iota
	DayColumn
)

// Publishing says when an index is published although a pollutant is missing.
type Publishing uint8

// HJ 633-2026 5.3.1 publishes it above 100 only; 2012 has no such rule, so it is published from what is there. The
// national network withheld it under 2012 where both PM10 and PM2.5 were missing, and under 2026 publishes it where
// only PM10 is missing (small samples).
const (
	ByTheStandard Publishing = iota
	ByTheNetwork
)

// Practice is how an index is made where standards and networks differ. The zero Practice is the default: inputs as the
// national network takes them, publishing as the standard orders.
type Practice struct {
	Hour       HourInputs
	HighSO2    HighSO2
	Publishing Publishing
	Rounding   reading.Rounding // of concentrations before the formula, which HJ 633-2026 orders; HalfEven or HalfUp
	// Unmonitored are parameters outside the station's monitoring plan: their absence does not hold an index back
	// (HJ 633-2026 5.3.2).
	Unmonitored []string
}

// HourIndex fills into with the index of an hour of the day, from 1 h means. It does not allocate once into has been used.
func (p *Practice) HourIndex(into *Index, day calendar.Day, values []Measured) {
	e := editionAt(hj633, day)
	if e == nil {
		into.clear()
		return
	}
	e.fill(into, e.hourInputs(p), values, p)
}

// DayIndex fills into with the index of the day: from day means, the largest 8 h mean of ozone (o3_8h) and under
// HJ 633-2012 the largest 1 h mean of ozone (o3).
func (p *Practice) DayIndex(into *Index, day calendar.Day, values []Measured) {
	e := editionAt(hj633, day)
	if e == nil {
		into.clear()
		return
	}
	e.fill(into, e.day, values, p)
}

func (e *indexEdition) hourInputs(p *Practice) []input {
	if p.Hour == NineByTheStandard && e.hourLetter != nil {
		return e.hourLetter
	}
	return e.hour
}
