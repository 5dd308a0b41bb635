package config

import (
	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/water"
)

// readStandards reads the ways of judging that may be chosen: what standards leave open, and where networks do
// otherwise than their letter.
func readStandards(s *section, to *figure.Practice) {
	readAir(s.section("air"), to)
	readWater(s.section("water"), &to.Water)
	readNoise(s.section("noise"), &to.Noise)
	s.close()
}

func readAir(s *section, to *figure.Practice) {
	take(s, "index", &to.US, oneNamed([]named[bool]{{"hj633", false}, {"us-epa", true}}))
	take(s, "hourly_inputs", &to.Air.Hour, oneNamed([]named[air.HourInputs]{{"six", air.SixHourly}, {"letter", air.NineByTheStandard}}))
	take(s, "high_so2", &to.Air.HighSO2, oneNamed([]named[air.HighSO2]{{"letter", air.DayMeanDecides}, {"day-column", air.DayColumn}}))
	take(s, "publish", &to.Air.Publishing, oneNamed([]named[air.Publishing]{{"letter", air.ByTheStandard}, {"network", air.ByTheNetwork}}))
	take(s, "ozone_8h", &to.OzoneRestart, oneNamed([]named[bool]{{"trailing", false}, {"restart", true}}))
	take(s, "rounding", &to.Air.Rounding, oneNamed([]named[reading.Rounding]{{"half-even", reading.HalfEven}, {"half-up", reading.HalfUp}}))
	s.close()
}

func readWater(s *section, to *water.Settings) {
	take(s, "compare", &to.Comparison, oneNamed([]named[water.Comparison]{{"raw", water.Raw}, {"rounded", water.Rounded}}))
	take(s, "saturation", &to.Saturation, parseBool)
	for _, item := range s.texts("required") {
		if water.ItemOf(water.River, item.text) == nil {
			s.problemAt(item.line, "required", "%s: is no indicator of GB 3838-2002 table 1; write keys such as do or tp", shown(item.written))
		}
		to.Required = append(to.Required, item.text)
	}
	s.close()
}

func readNoise(s *section, to *noise.Settings) {
	take(s, "night", &to.Night, noise.ParseNightWindow)
	take(s, "day_from", &to.DayFrom, intWithin(0, 23))
	take(s, "day_until", &to.DayUntil, intWithin(1, 24))
	take(s, "day_hours", &to.DayHours, intWithin(1, 24))
	take(s, "night_hours", &to.NightHours, intWithin(1, 24))
	if err := to.Check(); err != nil {
		s.problem("day_from", "%s", err)
	}
	s.close()
}
