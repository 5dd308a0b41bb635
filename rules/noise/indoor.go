package noise

import (
	"slices"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// Room is the kind of room into which a building carries the noise of its plant.
type Room uint8

// The rooms of table 2.
const (
	Bedroom   Room = iota // A: for sleep, quiet at night
	OtherRoom             // B: used by day
)

// Bands names the octave bands that table 3 limits by their centre frequency in Hz.
var Bands = [5]string{"31.5", "63", "125", "250", "500"}

// Octaves holds a level for each of Bands, in dB.
type Octaves [len(Bands)]Level

// Indoor is what noise that a building carries from its plant (结构传播固定设备室内噪声) must not exceed in a room.
type Indoor struct {
	Leq         reading.Fixed             // dB(A)
	Octaves     [len(Bands)]reading.Fixed // dB
	UnsteadyMax reading.Fixed             // the highest Lmax of unsteady noise; 0 where the standard has no such rule
	Sources     struct{ Leq, Octaves, UnsteadyMax standard.Source }
}

type octaves [len(Bands)]int64

// indoorRow is a row of tables 2 and 3, which are the same in GB 12348-2008 and GB 22337-2008. All in whole dB.
type indoorRow struct {
	Zones                    []string
	Room                     Room
	Day, Night               int64
	DayOctaves, NightOctaves octaves
}

var indoorRows = []indoorRow{
	{[]string{"0"}, Bedroom, 40, 30, octaves{76, 59, 48, 39, 34}, octaves{69, 51, 39, 30, 24}},
	{[]string{"0"}, OtherRoom, 40, 30, octaves{76, 59, 48, 39, 34}, octaves{69, 51, 39, 30, 24}},
	{[]string{"1"}, Bedroom, 40, 30, octaves{76, 59, 48, 39, 34}, octaves{69, 51, 39, 30, 24}},
	{[]string{"1"}, OtherRoom, 45, 35, octaves{79, 63, 52, 44, 38}, octaves{72, 55, 43, 35, 29}},
	{[]string{"2", "3", "4", "4a", "4b"}, Bedroom, 45, 35, octaves{79, 63, 52, 44, 38}, octaves{72, 55, 43, 35, 29}},
	{[]string{"2", "3", "4", "4a", "4b"}, OtherRoom, 50, 40, octaves{82, 67, 56, 49, 43}, octaves{76, 59, 48, 39, 34}},
}

// indoorTable is one edition that has these tables.
type indoorTable struct {
	Activity    Activity
	Standard    string
	Held        standard.Validity
	UnsteadyMax maxRule
}

var indoorTables = []indoorTable{
	{
		Activity: Industry,
		Standard: "GB 12348-2008",
		Held:     standard.Validity{From: calendar.Date(2008, time.October, 1)},
	},
	{
		Activity:    SocialLife,
		Standard:    "GB 22337-2008",
		Held:        standard.Validity{From: calendar.Date(2008, time.October, 1)},
		UnsteadyMax: maxRule{10 * dB, standard.Source{Standard: "GB 22337-2008", Clause: "4.2.2"}},
	},
}

// IndoorLimits returns the limits of a room by day or at night; false where no edition or row fits.
func IndoorLimits(activity Activity, zone string, room Room, night bool, day calendar.Day) (Indoor, bool) {
	for i := range indoorTables {
		table := &indoorTables[i]
		if table.Activity != activity || !table.Held.Covers(day) {
			continue
		}
		for j := range indoorRows {
			if row := &indoorRows[j]; row.Room == room && slices.Contains(row.Zones, zone) {
				return table.indoor(row, night), true
			}
		}
	}
	return Indoor{}, false
}

func (t *indoorTable) indoor(row *indoorRow, night bool) Indoor {
	leq, bands := row.Day, row.DayOctaves
	if night {
		leq, bands = row.Night, row.NightOctaves
	}
	limits := Indoor{Leq: reading.Fixed(leq) * dB}
	for i, level := range bands {
		limits.Octaves[i] = reading.Fixed(level) * dB
	}
	limits.Sources.Leq = standard.Source{Standard: t.Standard, Clause: "table 2"}
	limits.Sources.Octaves = standard.Source{Standard: t.Standard, Clause: "table 3"}
	if t.UnsteadyMax.Amount != 0 {
		limits.UnsteadyMax = limits.Leq + t.UnsteadyMax.Amount
		limits.Sources.UnsteadyMax = t.UnsteadyMax.Source
	}
	return limits
}

// JudgeLeq holds Leq in the room against the limit.
func (l *Indoor) JudgeLeq(leq Level) standard.Verdict { return within(leq, l.Leq) }

// JudgeUnsteady holds Lmax of unsteady noise, such as a lift's, against what is allowed of it; false where there is no rule.
func (l *Indoor) JudgeUnsteady(lmax Level) (standard.Verdict, bool) {
	if l.UnsteadyMax == 0 {
		return standard.NotEnough, false
	}
	return within(lmax, l.UnsteadyMax), true
}

// JudgeOctaves holds each band against its limit: one that exceeds decides, and one that is missing leaves it open.
func (l *Indoor) JudgeOctaves(levels *Octaves) standard.Verdict {
	all := standard.Meets
	for i, level := range levels {
		switch within(level, l.Octaves[i]) {
		case standard.Exceeds:
			return standard.Exceeds
		case standard.NotEnough:
			all = standard.NotEnough
		}
	}
	return all
}
