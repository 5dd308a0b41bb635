package noise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// Limits is what Leq must not exceed by day and by night, in dB(A), and the highest Lmax allowed at night.
type Limits struct {
	Day, Night reading.Fixed
	NightMax   reading.Fixed
	Source     standard.Source // of Day and Night
	MaxSource  standard.Source // of NightMax
}

const dB = reading.FixedOne

// zoneTable is an edition of the limits of functional zones.
type zoneTable struct {
	Held      standard.Validity
	Source    standard.Source
	MaxExcess reading.Fixed // by how much a sudden Lmax at night may exceed the night limit
	MaxSource standard.Source
	Rows      []zoneRow
}

type zoneRow struct {
	Zone       string
	Day, Night reading.Fixed
}

// zoneTables: 4b is for new trunk railways, approved from 2011-01-01.
var zoneTables = []zoneTable{
	{
		Held:      standard.Validity{From: calendar.Date(2008, time.October, 1)},
		Source:    standard.Source{Standard: "GB 3096-2008", Clause: "table 1", Certainty: standard.Reported},
		MaxExcess: 15 * dB,
		MaxSource: standard.Source{Standard: "GB 3096-2008", Clause: "5.4", Certainty: standard.Remembered},
		Rows: []zoneRow{
			{"0", 50 * dB, 40 * dB},  // convalescence
			{"1", 55 * dB, 45 * dB},  // homes, hospitals, schools, offices
			{"2", 60 * dB, 50 * dB},  // commerce, and homes among it
			{"3", 65 * dB, 55 * dB},  // industry, storage
			{"4a", 70 * dB, 55 * dB}, // trunk roads, inland waterways
			{"4b", 70 * dB, 60 * dB}, // trunk railways
		},
	},
}

// ConstructionZone is the zone of a point at the boundary of a construction site, to which GB 12523 applies.
const ConstructionZone = "construction"

// Zones returns the zones a point may have: the classes of GB 3096-2008, and construction sites.
func Zones() []string { return []string{"0", "1", "2", "3", "4a", "4b", ConstructionZone} }

// CheckZone returns an error unless there are limits for the zone.
func CheckZone(zone string) error {
	if !slices.Contains(Zones(), zone) {
		return fmt.Errorf("zone %q is not known: use %s", reading.Shorten(zone), strings.Join(Zones(), ", "))
	}
	return nil
}

// ZoneLimits returns the limits of a zone for data of the day; false where the zone is not known or no edition that is
// known here held on the day.
func ZoneLimits(zone string, day calendar.Day) (Limits, bool) {
	if zone == ConstructionZone {
		b, ok := BoundaryLimits(Construction, "", day, Outdoors)
		return Limits{b.Day, b.Night, b.Night + b.Occasional, b.Source, b.OccasionalSource}, ok
	}
	for i := range zoneTables {
		table := &zoneTables[i]
		if !table.Held.Covers(day) {
			continue
		}
		for _, row := range table.Rows {
			if row.Zone == zone {
				return Limits{row.Day, row.Night, row.Night + table.MaxExcess, table.Source, table.MaxSource}, true
			}
		}
	}
	return Limits{}, false
}
