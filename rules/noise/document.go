package noise

import (
	"encoding/json"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// decimal writes a number as itself; a Fixed alone would be written in units of 1e-9.
type decimal reading.Fixed

func (d decimal) MarshalJSON() ([]byte, error) { return reading.Fixed(d).Append(nil), nil }

type document struct {
	Standard  string   `json:"standard"`
	Clause    string   `json:"clause"`
	Certainty string   `json:"certainty"`
	Zone      string   `json:"zone"`
	Date      string   `json:"date"`
	Ld        *decimal `json:"ld"`
	Ln        *decimal `json:"ln"`
	Ldn       *decimal `json:"ldn"`
	Day       judged   `json:"day"`
	Night     judged   `json:"night"`
	Lmax      *maximum `json:"lmax,omitempty"`
	Rounding  string   `json:"rounding"`
}

type judged struct {
	Level *decimal `json:"level"` // as it is compared
	Limit *decimal `json:"limit"`
	Meets *bool    `json:"meets"`
	Hours int      `json:"hours,omitempty"`
}

type maximum struct {
	judged
	Standard  string `json:"standard"`
	Clause    string `json:"clause"`
	Certainty string `json:"certainty"`
}

// MarshalJSON writes the assessment as `egret assess noise --json` does: levels to the ninth decimal, and under day and
// night the level as it was rounded, the limit and whether it meets. What is not valid or not known is null.
func (a Assessment) MarshalJSON() ([]byte, error) {
	source := a.Limits.Source
	d := document{
		Standard: source.Standard, Clause: source.Clause, Zone: a.Zone, Date: a.Date.String(),
		Ld: number(a.Ld), Ln: number(a.Ln), Ldn: number(a.Ldn),
		Day:      a.judged(a.Ld, a.Limits.Day, a.Day, a.DayHours),
		Night:    a.judged(a.Ln, a.Limits.Night, a.Night, a.NightHours),
		Rounding: "half-even to 0.1 dB before comparing (HJ 640-2012 grade tables)",
	}
	if a.Limited {
		d.Certainty = source.Certainty.String()
	}
	if a.Lmax.Valid {
		source := a.Limits.MaxSource
		d.Lmax = &maximum{a.judged(a.Lmax, a.Limits.NightMax, a.Max, 0), source.Standard, source.Clause, source.Certainty.String()}
	}
	return json.Marshal(d)
}

func (a *Assessment) judged(level Level, limit reading.Fixed, verdict standard.Verdict, hours int) judged {
	level.Value = Rounded(level.Value)
	return judged{number(level), number(Level{limit, a.Limited}), verdict.Known(), hours}
}

func number(level Level) *decimal {
	if !level.Valid {
		return nil
	}
	d := decimal(level.Value)
	return &d
}
