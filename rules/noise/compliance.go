package noise

import (
	"egret/rules/mean"
	"egret/rules/standard"
)

// Method says what the compliance rate (达标率) counts. It is always those that comply in a hundred, by zone and in
// total, day by Ld and night by Ln apart; those without a verdict are not counted.
type Method uint8

// The methods.
const (
	PointTimes  Method = iota // each survey of a point (点次): one assessment a point and quarter
	StationDays               // each valid day of an automatic station: one assessment a point and day
)

// Source returns what orders the method.
func (m Method) Source() standard.Source {
	if m == StationDays {
		return standard.Source{Standard: "环办监测〔2024〕33号", Clause: "达标率", Certainty: standard.Reported}
	}
	return standard.Source{Standard: "GB 3096-2008", Clause: "annex B", Certainty: standard.Remembered}
}

// Tally counts verdicts.
type Tally struct {
	Counted int // with a verdict
	Meeting int
}

// Add counts a verdict, unless there was not enough data for one.
func (t *Tally) Add(v standard.Verdict) {
	switch v {
	case standard.Meets:
		t.Meeting++
		t.Counted++
	case standard.Exceeds:
		t.Counted++
	}
}

// Rate returns the exact share that complies, in per cent; no number where nothing was counted.
func (t Tally) Rate() mean.Ratio {
	return mean.Ratio{Sum: mean.SumOf(int64(t.Meeting) * 100 * int64(dB)), Count: uint64(t.Counted)}
}

// DayNight holds the tallies of days and of nights.
type DayNight struct{ Day, Night Tally }

func (d *DayNight) add(a *Assessment) {
	d.Day.Add(a.Day)
	d.Night.Add(a.Night)
}

// Compliance counts how many assessments comply. Its zero value is ready.
type Compliance struct {
	Total DayNight
	Zones map[string]DayNight // zones of GB 3096-2008 only
}

// Add counts an assessment. Points without limits, and those at construction sites, lie in no functional zone and are
// left out.
func (c *Compliance) Add(a *Assessment) {
	if !a.Limited || a.Zone == ConstructionZone {
		return
	}
	if c.Zones == nil {
		c.Zones = make(map[string]DayNight)
	}
	zone := c.Zones[a.Zone]
	zone.add(a)
	c.Zones[a.Zone] = zone
	c.Total.add(a)
}
