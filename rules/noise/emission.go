package noise

import (
	"slices"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

// Activity is what makes the noise that is measured at a boundary.
type Activity uint8

// The activities that have a standard of their own.
const (
	Industry     Activity = iota // the boundary of a factory (工业企业厂界)
	SocialLife                   // places of trade and entertainment (社会生活)
	Construction                 // the boundary of a construction site (建筑施工场界)
)

// Place says where the noise of a boundary was measured.
type Place uint8

// The places. Where the boundary is within 1 m of a building to be protected, it is measured in the building.
const (
	Outdoors Place = iota
	Indoors
)

// Boundary is what may be emitted at a boundary, in dB(A). Frequent and Occasional say by how much Lmax at night may
// exceed the night limit, where noise comes often or now and then; 0 where the standard has no such rule.
type Boundary struct {
	Day, Night           reading.Fixed
	Frequent, Occasional reading.Fixed
	Source               standard.Source
	FrequentSource       standard.Source
	OccasionalSource     standard.Source
}

// emissionTable is one edition of an emission standard.
type emissionTable struct {
	Activity             Activity
	Held                 standard.Validity
	Source               standard.Source
	Frequent, Occasional maxRule
	Indoors              maxRule // by how much both limits are lower indoors
	Rows                 []emissionRow
}

type maxRule struct {
	Amount reading.Fixed
	Source standard.Source
}

// emissionRow holds the limits of zones; without zones, those of every place.
type emissionRow struct {
	Zones      []string
	Day, Night reading.Fixed
}

// emissionZones is table 1 of both GB 12348-2008 and GB 22337-2008. Zone 4 of theirs is 4a and 4b of GB 3096-2008.
var emissionZones = []emissionRow{
	{[]string{"0"}, 50 * dB, 40 * dB},
	{[]string{"1"}, 55 * dB, 45 * dB},
	{[]string{"2"}, 60 * dB, 50 * dB},
	{[]string{"3"}, 65 * dB, 55 * dB},
	{[]string{"4", "4a", "4b"}, 70 * dB, 55 * dB},
}

var emissionTables = []emissionTable{
	{
		Activity:   Industry,
		Held:       standard.Validity{From: calendar.Date(2008, time.October, 1)},
		Source:     standard.Source{Standard: "GB 12348-2008", Clause: "table 1"},
		Frequent:   maxRule{10 * dB, standard.Source{Standard: "GB 12348-2008", Clause: "4.1.2"}},
		Occasional: maxRule{15 * dB, standard.Source{Standard: "GB 12348-2008", Clause: "4.1.3"}},
		Indoors:    maxRule{10 * dB, standard.Source{Standard: "GB 12348-2008", Clause: "table 1, indoors by 4.1.5"}},
		Rows:       emissionZones,
	},
	{
		Activity: SocialLife,
		Held:     standard.Validity{From: calendar.Date(2008, time.October, 1)},
		Source:   standard.Source{Standard: "GB 22337-2008", Clause: "table 1"},
		Indoors:  maxRule{10 * dB, standard.Source{Standard: "GB 22337-2008", Clause: "table 1, less 10 dB indoors"}},
		Rows:     emissionZones,
	},
	{
		Activity:   Construction,
		Held:       standard.Validity{From: calendar.Date(2012, time.July, 1), Until: calendar.Date(2025, time.December, 31)},
		Source:     standard.Source{Standard: "GB 12523-2011", Clause: "table 1"},
		Frequent:   maxRule{15 * dB, standard.Source{Standard: "GB 12523-2011", Clause: "4.2"}},
		Occasional: maxRule{15 * dB, standard.Source{Standard: "GB 12523-2011", Clause: "4.2"}},
		Indoors:    maxRule{10 * dB, standard.Source{Standard: "GB 12523-2011", Clause: "table 1, indoors by 4.3"}},
		Rows:       []emissionRow{{nil, 70 * dB, 55 * dB}},
	},
	{
		// Of the new edition only the two limits are known; the other rules of 2011 are taken on.
		Activity:   Construction,
		Held:       standard.Validity{From: calendar.Date(2026, time.January, 1)},
		Source:     standard.Source{Standard: "GB 12523-2025", Clause: "limits", Certainty: standard.Reported},
		Frequent:   maxRule{15 * dB, standard.Source{Standard: "GB 12523-2025", Clause: "as 4.2 of the edition of 2011", Certainty: standard.Assumed}},
		Occasional: maxRule{15 * dB, standard.Source{Standard: "GB 12523-2025", Clause: "as 4.2 of the edition of 2011", Certainty: standard.Assumed}},
		Indoors:    maxRule{10 * dB, standard.Source{Standard: "GB 12523-2025", Clause: "indoors as 4.3 of the edition of 2011", Certainty: standard.Assumed}},
		Rows:       []emissionRow{{nil, 70 * dB, 55 * dB}},
	},
}

// BoundaryLimits returns what an activity may emit in a zone on the day; false where no edition or row fits. The zone
// of a construction site does not matter.
func BoundaryLimits(activity Activity, zone string, day calendar.Day, place Place) (Boundary, bool) {
	for i := range emissionTables {
		table := &emissionTables[i]
		if table.Activity != activity || !table.Held.Covers(day) {
			continue
		}
		for _, row := range table.Rows {
			if row.Zones == nil || slices.Contains(row.Zones, zone) {
				return table.boundary(row, place), true
			}
		}
	}
	return Boundary{}, false
}

func (t *emissionTable) boundary(row emissionRow, place Place) Boundary {
	b := Boundary{
		Day: row.Day, Night: row.Night, Source: t.Source,
		Frequent: t.Frequent.Amount, FrequentSource: t.Frequent.Source,
		Occasional: t.Occasional.Amount, OccasionalSource: t.Occasional.Source,
	}
	if place == Indoors {
		b.Day -= t.Indoors.Amount
		b.Night -= t.Indoors.Amount
		b.Source = t.Indoors.Source
	}
	return b
}

// JudgeDay holds Leq by day against the limit.
func (b *Boundary) JudgeDay(leq Level) standard.Verdict { return within(leq, b.Day) }

// JudgeNight holds Leq at night against the limit.
func (b *Boundary) JudgeNight(leq Level) standard.Verdict { return within(leq, b.Night) }

// JudgeFrequent holds Lmax of frequent noise at night against what is allowed of it; false where there is no rule.
func (b *Boundary) JudgeFrequent(lmax Level) (standard.Verdict, bool) {
	return b.judgeMax(lmax, b.Frequent)
}

// JudgeOccasional holds Lmax of occasional noise at night against what is allowed of it; false where there is no rule.
func (b *Boundary) JudgeOccasional(lmax Level) (standard.Verdict, bool) {
	return b.judgeMax(lmax, b.Occasional)
}

func (b *Boundary) judgeMax(lmax Level, excess reading.Fixed) (standard.Verdict, bool) {
	if excess == 0 {
		return standard.NotEnough, false
	}
	return within(lmax, b.Night+excess), true
}

// within judges a level as it is rounded: on the limit it meets.
func within(level Level, limit reading.Fixed) standard.Verdict {
	if !level.Valid {
		return standard.NotEnough
	}
	return standard.Of(Rounded(level.Value) <= limit)
}
