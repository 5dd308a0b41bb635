package figure

import (
	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/noise"
	"egret/rules/standard"
	"egret/rules/water"
)

// Practice is the ways of judging that may be chosen: what the standards leave open, and where networks do otherwise
// than their letter. The zero Practice is the default.
type Practice struct {
	US bool // the US EPA's index with NowCast instead of HJ 633
	// OzoneRestart lets the 8-hour mean of ozone begin anew at midnight, as the national network published it until
	// 2022: at an hour before 08:00 it is the mean of the hours since.
	OzoneRestart bool
	Air          air.Practice
	Water        water.Settings
	Noise        noise.Settings
}

// Setting is a choice in words, for those who read the figures.
type Setting struct {
	Name      string `json:"name"`
	Value     string `json:"value"`
	Certainty string `json:"certainty"`
}

// Describe names all choices as they are.
func (p *Practice) Describe() []Setting {
	choose := func(other bool, standing, instead string) string {
		if other {
			return instead
		}
		return standing
	}
	seen, reported, assumed := standard.Seen.String(), standard.Reported.String(), standard.Assumed.String()
	all := []Setting{
		{"air.index", choose(p.US, "HJ 633, in the edition of the data's date", "US EPA with NowCast"), seen},
		{"air.hourly_inputs", choose(p.Air.Hour == air.NineByTheStandard, "the six 1 h means, as the national network takes them", "those that HJ 633-2012 lists: 8 h and 24 h means too"), reported},
		{"air.high_so2", choose(p.Air.HighSO2 == air.DayColumn, "by the standard: SO2 1 h above 800 has no index of its own in 2012 and 200 in 2026", "SO2 1 h above 800 is looked up in the 24 h column"), reported},
		{"air.publish", choose(p.Air.Publishing == air.ByTheNetwork, "by HJ 633-2026 5.3.1: a partial index above 100 only", "as the national network does"), seen},
		{"air.rounding", p.Air.Rounding.String() + " before the index, under HJ 633-2026", reported},
		{"air.ozone_8h", choose(p.OzoneRestart, "the latest 8 hours", "begins anew at midnight, as the national network did until 2022"), reported},
		{"air.hours", "an hour of particulates needs 45 minutes, as one of gases does", assumed},
		{"noise.night", p.Noise.Night.String(), assumed},
		{"noise.validity", "three quarters of an hour, of the day hours and of the night hours", assumed},
		{"water.validity", "a day of 4 of 6 values, a month of 60 % of its days", assumed},
	}
	if p.Air.Rounding != reading.HalfEven {
		all[4].Certainty = assumed
	}
	for _, s := range p.Water.Describe() {
		all = append(all, Setting{"water." + s.Name, s.Value, s.Certainty})
	}
	return all
}
