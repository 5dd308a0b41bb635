package api

import (
	"encoding/json"
	"math/big"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/alert"
	"egret/rules/engine"
	"egret/rules/mean"
	"egret/rules/standard"
)

// Figure is a figure as the API shows it. Times are in the stations' zone; a value that is not known is null.
type Figure struct {
	Station    string          `json:"station"`
	Parameter  string          `json:"parameter"`
	Period     string          `json:"period"`
	Start      time.Time       `json:"start"`
	End        time.Time       `json:"end"` // of what has passed of the period
	Value      *alert.Number   `json:"value"`
	Exact      string          `json:"exact,omitempty"` // the value as a fraction where nine decimals do not hold it
	Unit       string          `json:"unit,omitempty"`
	Count      int             `json:"count"`
	Expected   int             `json:"expected"`
	Coverage   float64         `json:"coverage"` // 0 to 1
	Valid      bool            `json:"valid"`
	Reason     string          `json:"reason,omitempty"` // why it is not valid
	Judgement  *Judgement      `json:"judgement"`        // null where no standard limits it
	Percentile *Percentile     `json:"percentile,omitempty"`
	Index      *Index          `json:"index,omitempty"`
	Class      json.RawMessage `json:"class,omitempty"` // as egret replay prints it
	Why        *Why            `json:"why,omitempty"`
}

// Judgement is a figure held against the limit of a standard.
type Judgement struct {
	Verdict   string        `json:"verdict"` // meets, exceeds or not enough valid data
	Meets     *bool         `json:"meets"`   // null where there is not enough valid data
	Limit     alert.Number  `json:"limit"`
	Compared  *alert.Number `json:"compared"` // the figure as it was rounded to be compared
	Rounding  string        `json:"rounding,omitempty"`
	Standard  string        `json:"standard"`
	Phase     string        `json:"phase,omitempty"`
	Clause    string        `json:"clause"`
	Certainty string        `json:"certainty"`
	Grade     int           `json:"grade,omitempty"`
}

// Percentile is a percentile of the days of a year.
type Percentile struct {
	Of        int           `json:"of_days"` // such as 95
	Value     *alert.Number `json:"value"`
	Judgement *Judgement    `json:"judgement"`
}

// Index is an air quality index.
type Index struct {
	Standard    string            `json:"standard"`
	AQI         *int              `json:"aqi"` // null where it may not be published
	Partial     *int              `json:"partial_aqi"`
	Published   bool              `json:"published"`
	Level       *int              `json:"level"`
	Category    *string           `json:"category"`
	English     *string           `json:"category_english"`
	Colour      *string           `json:"colour"`
	Primary     []string          `json:"primary"`
	IAQI        map[string]int    `json:"iaqi"`
	WithoutIAQI map[string]string `json:"without_iaqi"` // the pollutants that have none, and why
}

// Why is what a figure was made of.
type Why struct {
	Of      string `json:"of"`
	Values  []Part `json:"values"`
	Missing []Part `json:"missing"`
	Note    string `json:"note,omitempty"`
}

// Part is a value that a figure was made of, or one that is missing. One that is not valid has not entered the figure.
type Part struct {
	Station   string        `json:"station,omitempty"`
	Parameter string        `json:"parameter,omitempty"`
	Start     time.Time     `json:"start"`
	Value     *alert.Number `json:"value,omitempty"`
	Count     int           `json:"count,omitempty"`
	Valid     *bool         `json:"valid,omitempty"`
	Flag      string        `json:"flag,omitempty"` // of a reading
	Reason    string        `json:"reason,omitempty"`
}

// show returns a figure as the API shows it.
func show(f *engine.Figure, zone *time.Location) (Figure, error) {
	in := func(instant int64) time.Time { return time.Unix(0, instant).In(zone) }
	shown := Figure{
		Station: f.Station, Parameter: f.Parameter, Period: f.Period, Start: in(f.Start), End: in(f.End), Value: decimal(f.Value), Exact: fraction(f.Value), Unit: f.Unit,
		Count: f.Count, Expected: f.Expected, Coverage: f.Coverage(), Valid: f.Valid, Reason: f.Reason, Judgement: showJudgement(f.Judgement),
	}
	if f.Percentile > 0 {
		shown.Percentile = &Percentile{Of: f.Percentile, Value: decimal(f.AtPercentile), Judgement: showJudgement(f.OfPercentile)}
	}
	if f.Index != nil {
		shown.Index = showIndex(f.Index)
	}
	if f.Class != nil {
		text, err := f.Class.MarshalIn(zone)
		if err != nil {
			return Figure{}, err
		}
		shown.Class = text
	}
	if f.Why != nil {
		shown.Why = &Why{Of: f.Why.Of, Values: []Part{}, Missing: []Part{}, Note: f.Why.Note}
		for i := range f.Why.Values {
			p := &f.Why.Values[i]
			part := Part{Station: p.Station, Parameter: p.Parameter, Start: in(p.Start), Value: decimal(p.Value), Count: p.Count, Valid: &p.Valid, Reason: p.Reason}
			if p.Flag != reading.Valid {
				part.Flag = p.Flag.String()
			}
			shown.Why.Values = append(shown.Why.Values, part)
		}
		for i := range f.Why.Missing {
			p := &f.Why.Missing[i]
			shown.Why.Missing = append(shown.Why.Missing, Part{Station: p.Station, Parameter: p.Parameter, Start: in(p.Start), Reason: p.Reason})
		}
	}
	return shown, nil
}

// decimal returns a figure rounded half-even to the ninth decimal, nil where there is none.
func decimal(r mean.Ratio) *alert.Number {
	if !r.Known() {
		return nil
	}
	n := alert.Number(r.Fixed())
	return &n
}

// fraction writes a figure as an exact fraction, empty where nine decimals hold it.
func fraction(r mean.Ratio) string {
	if !r.Known() || r.Compare(r.Fixed()) == 0 {
		return ""
	}
	sum := new(big.Int).Lsh(big.NewInt(r.Sum.High), 64)
	sum.Add(sum, new(big.Int).SetUint64(r.Sum.Low))
	count := new(big.Int).Mul(new(big.Int).SetUint64(r.Count), big.NewInt(int64(reading.FixedOne)))
	return new(big.Rat).SetFrac(sum, count).RatString()
}

func showJudgement(j *engine.Judgement) *Judgement {
	if j == nil {
		return nil
	}
	shown := &Judgement{
		Verdict: j.Verdict.String(), Meets: j.Verdict.Known(), Limit: alert.Number(j.Limit), Rounding: j.Rounding,
		Standard: j.Source.Standard, Phase: j.Phase, Clause: j.Source.Clause, Certainty: j.Source.Certainty.String(), Grade: j.Grade,
	}
	if j.Verdict != standard.NotEnough {
		compared := alert.Number(j.Compared)
		shown.Compared = &compared
	}
	return shown
}

func showIndex(i *air.Index) *Index {
	shown := &Index{Standard: i.Standard, Published: i.Published, Primary: append([]string{}, i.Primary...), IAQI: map[string]int{}, WithoutIAQI: map[string]string{}}
	for k := range i.Sub {
		if s := &i.Sub[k]; s.Known() {
			shown.IAQI[s.Parameter] = s.IAQI
		} else {
			shown.WithoutIAQI[s.Parameter] = s.Reason.String()
		}
	}
	if i.Known {
		shown.Partial = &i.Partial
	}
	if i.Published {
		c := i.Category
		shown.AQI, shown.Level, shown.Category, shown.English, shown.Colour = &i.AQI, &c.Level, &c.Name, &c.English, &c.Colour
	}
	return shown
}
