package figure

import (
	"encoding/json"
	"strconv"
	"time"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/standard"
	"egret/rules/water"
)

// AppendJSON appends the average as an object, its start in the zone. Its value is null where nothing was valid.
func (a *Average) AppendJSON(to []byte, zone *time.Location) []byte {
	to = append(to, `{"type":"average","station":"`...)
	to = append(to, a.Station...) // ids and keys need no escaping
	to = append(to, `","parameter":"`...)
	to = append(to, a.Parameter...)
	to = append(to, `","period":"`...)
	to = append(to, a.Period...)
	to = append(to, `","start":"`...)
	to = time.Unix(0, a.Start).In(zone).AppendFormat(to, time.RFC3339)
	to = append(to, `","value":`...)
	to = appendRatio(to, a.Value)
	to = append(to, `,"count":`...)
	to = strconv.AppendInt(to, int64(a.Count), 10)
	to = append(to, `,"expected":`...)
	to = strconv.AppendInt(to, int64(a.Expected), 10)
	to = append(to, `,"coverage":`...)
	to = appendShare(to, a.Count, a.Expected)
	to = append(to, `,"valid":`...)
	to = strconv.AppendBool(to, a.Valid)
	if a.Percentile > 0 {
		to = append(to, `,"p`...)
		to = strconv.AppendInt(to, int64(a.Percentile), 10)
		to = append(to, `":`...)
		to = appendRatio(to, a.AtPercentile)
	}
	return append(to, '}')
}

func appendRatio(to []byte, r mean.Ratio) []byte {
	if !r.Known() {
		return append(to, "null"...)
	}
	return r.Fixed().Append(to)
}

// Decimal is a Fixed as JSON.
type Decimal reading.Fixed

// MarshalJSON writes the exact decimal.
func (d Decimal) MarshalJSON() ([]byte, error) { return reading.Fixed(d).Append(nil), nil }

func level(l noise.Level) *Decimal {
	if !l.Valid {
		return nil
	}
	d := Decimal(l.Value)
	return &d
}

// head is what the objects of all figures begin with.
type head struct {
	Type    string `json:"type"`
	Station string `json:"station"`
	Period  string `json:"period,omitempty"`
	Start   string `json:"start"`
}

// MarshalIn returns the index as an object, its start in the zone.
func (i *Index) MarshalIn(zone *time.Location) ([]byte, error) {
	o := struct {
		head
		Standard  string         `json:"standard"`
		AQI       *int           `json:"aqi"`
		Partial   *int           `json:"partial_aqi"`
		Published bool           `json:"published"`
		Level     *int           `json:"level"`
		Category  *string        `json:"category"`
		Primary   []string       `json:"primary"`
		IAQI      map[string]int `json:"iaqi"`
	}{head: head{"aqi", i.Station, i.Period, show(i.Start, zone)}, Standard: i.Standard, Published: i.Published, Primary: i.Primary, IAQI: map[string]int{}}
	if o.Primary == nil {
		o.Primary = []string{}
	}
	if i.Known {
		o.Partial = &i.Partial
	}
	if i.Published {
		o.AQI, o.Level, o.Category = &i.AQI, &i.Category.Level, &i.Category.Name
	}
	for k := range i.Sub {
		if i.Sub[k].Known() {
			o.IAQI[i.Sub[k].Parameter] = i.Sub[k].IAQI
		}
	}
	return json.Marshal(&o)
}

// MarshalIn returns the class as an object, its start in the zone.
func (c *Class) MarshalIn(zone *time.Location) ([]byte, error) {
	type pollutant struct {
		Parameter string      `json:"parameter"`
		Class     water.Class `json:"class"`
		Exceeds   *Decimal    `json:"exceeds"`
	}
	o := struct {
		head
		Standard       string                  `json:"standard"`
		WaterType      string                  `json:"water_type"`
		Class          *water.Class            `json:"class"`
		ClassName      string                  `json:"class_name"`
		Status         string                  `json:"status"`
		Determining    []string                `json:"determining"`
		MainPollutants []pollutant             `json:"main_pollutants"`
		ByParameter    map[string]*water.Class `json:"by_parameter"`
		Missing        []string                `json:"missing"`
		Target         *water.Class            `json:"target"`
		Meets          *bool                   `json:"meets"`
	}{
		head: head{"water_class", c.Station, c.Period, show(c.Start, zone)}, Standard: water.Standard, WaterType: c.Type.String(),
		ClassName: c.Section.Class.String(), Status: c.Status.String(), Determining: append([]string{}, c.Determining...),
		MainPollutants: []pollutant{}, ByParameter: map[string]*water.Class{}, Missing: append([]string{}, c.Missing...),
		Class: known(c.Section.Class), Target: known(c.Target), Meets: c.Verdict.Known(),
	}
	for k := range c.Main {
		p := pollutant{Parameter: c.Main[k].Parameter, Class: c.Main[k].Class}
		if c.Main[k].HasMultiple {
			exceeds := Decimal(c.Main[k].Exceeds)
			p.Exceeds = &exceeds
		}
		o.MainPollutants = append(o.MainPollutants, p)
	}
	for k := range c.ByParameter {
		o.ByParameter[c.ByParameter[k].Parameter] = known(c.ByParameter[k].Class)
	}
	return json.Marshal(&o)
}

func known(c water.Class) *water.Class {
	if c == water.Unknown {
		return nil
	}
	return &c
}

// MarshalIn returns the levels as an object, the start of their day in the zone.
func (n *Noise) MarshalIn(zone *time.Location) ([]byte, error) {
	type judged struct {
		Limit *Decimal `json:"limit"`
		Meets *bool    `json:"meets"`
		Hours int      `json:"hours"`
	}
	limited := func(limit reading.Fixed, verdict standard.Verdict, hours int) judged {
		j := judged{Meets: verdict.Known(), Hours: hours}
		if n.Limited {
			d := Decimal(limit)
			j.Limit = &d
		}
		return j
	}
	return json.Marshal(&struct {
		head
		Standard string   `json:"standard"`
		Zone     string   `json:"zone"`
		Ld       *Decimal `json:"ld"`
		Ln       *Decimal `json:"ln"`
		Ldn      *Decimal `json:"ldn"`
		Day      judged   `json:"day"`
		Night    judged   `json:"night"`
		Lmax     *Decimal `json:"lmax"`
		Max      judged   `json:"night_max"`
	}{
		head: head{"noise", n.Station, "day", show(n.Start, zone)}, Standard: n.Limits.Source.Standard, Zone: n.Zone,
		Ld: level(n.Ld), Ln: level(n.Ln), Ldn: level(n.Ldn), Lmax: level(n.Lmax),
		Day: limited(n.Limits.Day, n.Assessment.Day, n.DayHours), Night: limited(n.Limits.Night, n.Night, n.NightHours), Max: limited(n.Limits.NightMax, n.Max, n.NightHours),
	})
}

func show(instant int64, zone *time.Location) string {
	return time.Unix(0, instant).In(zone).Format(time.RFC3339)
}
