package rule

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// standing returns a rule against the limit of the standard in force.
func standing(parameter, period string) Rule {
	return Rule{ID: "r", Parameter: parameter, Average: period, Standard: true, Severity: Warning}
}

// numbered returns a rule against a number of its own.
func numbered(parameter, period, above string) Rule {
	return Rule{ID: "r", Parameter: parameter, Average: period, Above: number(above), Severity: Warning}
}

// withBenzopyrene adds a parameter that GB 3095 limits (table 2), and one that no standard knows.
func withBenzopyrene(unit string) reading.Parameters {
	p := reading.BuiltinParameters()
	p["bap"] = &reading.Parameter{Key: "bap", Domain: reading.Air, Unit: unit, High: 1}
	p["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, Unit: "mg/m3", High: 100}
	return p
}

func TestFiguresThatRulesMayWatch(t *testing.T) {
	f := func(r Rule) {
		t.Helper()
		if err := r.Check(withBenzopyrene("ug/m3")); err != nil {
			t.Errorf("%s %s: %v", r.Parameter, r.Average, err)
		}
	}
	for _, key := range []string{"pm25", "pm10", "so2", "no2"} { // GB 3095-2026 table 1
		f(standing(key, "day"))
		f(standing(key, "year"))
		f(standing(key, "ytd"))
		f(standing(key, "365d"))
		f(numbered(key, "30d", "75"))
		f(numbered(key, "24h", "75"))
		f(numbered(key, "month", "75"))
	}
	for _, key := range []string{"so2", "no2", "co", "o3", "nox"} {
		f(standing(key, "1h"))
	}
	f(standing("co", "day"))
	f(standing("o3_8h", "day"))
	f(standing("tsp", "day")) // table 2
	f(standing("bap", "year"))
	f(numbered("o3", "8h", "160"))
	f(numbered("o3_8h", "year", "160"))
	f(numbered("o3_8h", "30d", "160"))
	f(numbered("codmn", "365d", "4"))
	f(numbered("voc", "quarter", "1"))
	f(numbered("do", "month", "5"))
	f(numbered("temp", "1h", "35"))

	f(numbered("aqi", "1h", "150"))
	f(numbered("aqi", "day", "200"))
	f(numbered("warning", "day", "0"))
	f(numbered("warning_forecast", "day", "0"))
	for _, period := range []string{"1h", "4h", "day", "month", "quarter", "year"} {
		f(standing("water_class", period))
		f(numbered("water_class", period, "5"))
	}

	f(standing("ld", "day"))
	f(standing("ln", "night"))
	f(standing("leq", "1h"))
	f(standing("lmax", "1h"))
	f(standing("lmax", "night"))
	f(numbered("ldn", "day", "60"))
	f(numbered("leq", "day", "60"))
	f(numbered("lmin", "1h", "50"))

	r := numbered("do", "day", "0")
	r.Above, r.Below, r.Clear, r.For = nil, number("5"), number("6"), 48*time.Hour
	f(r)
}

func TestAMistakeInARuleOnFiguresNamesTheFieldAndTheRemedy(t *testing.T) {
	f := func(r Rule, message string) {
		t.Helper()
		err := r.Check(withBenzopyrene("ng/m3"))
		if err == nil || err.Error() != message {
			t.Errorf("%s %s: %v\nwant %s", r.Parameter, r.Average, err, message)
		}
	}
	with := func(r Rule, change func(*Rule)) Rule {
		change(&r)
		return r
	}
	pm25, o3 := standing("pm25", "day"), numbered("o3", "1h", "160")
	const one = "above, below: set exactly one of them, or limit: standard or plan"
	f(with(pm25, func(r *Rule) { r.Standard = false }), one)
	f(with(pm25, func(r *Rule) { r.Above = number("75") }), one)
	f(with(o3, func(r *Rule) { r.Below = number("75") }), one)
	f(with(pm25, func(r *Rule) { r.Window = time.Hour }), "window: goes with samples; beside average remove it")
	f(with(pm25, func(r *Rule) { r.Period = new(reading.Hour) }), "period: the station's profile says which of its periods feed the averages; remove it")
	f(with(pm25, func(r *Rule) { r.Statistic = Max }), "statistic: the standards say how averages are made; beside average remove it")
	f(with(pm25, func(r *Rule) { r.MinCoverage = 0.5 }), "min_coverage: the standards say when averages are valid; beside average remove it")
	f(with(pm25, func(r *Rule) { r.Clear = number("60") }), "limit: an alert by the standard ends when the standard is met; remove the clear limit")
	f(with(pm25, func(r *Rule) { r.For = -1 }), "for: -1ns is negative")
	f(with(o3, func(r *Rule) { r.Clear = number("161") }), "clear_below: 161 lies above the limit 160")
	f(numbered("pm25", "week", "75"), `average: "week" is not known: use one of 1h 2h 4h 8h 24h day night month quarter year ytd 30d 365d`)

	// Periods for which nothing is made would never alert.
	f(numbered("pm25", "8h", "75"), "average: pm25 is not made for 8h; use 1h 24h day month quarter year ytd 30d 365d")
	f(numbered("do", "4h", "5"), "average: do is not made for 4h; use 1h day month quarter year ytd 30d 365d")
	f(numbered("o3", "day", "160"), "average: o3 is not made for day; use 1h 8h, or the parameter o3_8h, which is its figure of the day")
	f(numbered("dustfall", "30d", "9"), "average: dustfall is not made for 30d; use 1h day month quarter year ytd")
	f(standing("ld", "night"), "average: ld is not made for night; use day")
	f(standing("ln", "day"), "average: ln is not made for day; use night")
	f(numbered("aqi", "month", "100"), "average: aqi is not made for month; use 1h day")
	f(numbered("warning", "1h", "0"), "average: warning is not made for 1h; use day")
	f(standing("water_class", "ytd"), "average: water_class is not made for ytd; use 1h 2h 4h day month quarter year")
	f(numbered("wind_dir", "day", "180"), "average: wind_dir is not made for day; it has no averages: write window and a statistic")

	// Figures that no standard limits.
	f(standing("aqi", "1h"), "limit: no standard known here limits aqi of 1h; write above or below")
	f(numbered("aqi_forecast", "day", "200"), "average: aqi_forecast is not made for day; it has no averages: write window and a statistic")
	f(standing("warning", "day"), "limit: no standard known here limits warning of day; write above or below")
	f(standing("pm25", "1h"), "limit: no standard known here limits pm25 of 1h; write above or below")
	f(standing("pm25", "month"), "limit: no standard known here limits pm25 of month; write above or below")
	f(standing("pm25", "30d"), "limit: no standard known here limits pm25 of 30d; write above or below")
	f(standing("leq", "day"), "limit: no standard known here limits leq of day; write above or below")
	f(standing("ldn", "day"), "limit: no standard known here limits ldn of day; write above or below")
	f(standing("do", "day"), "limit: no standard known here limits do of day; write above or below")
	f(standing("voc", "day"), "limit: no standard known here limits voc of day; write above or below")
	f(standing("pb", "year"), "limit: no standard known here limits pb of year; write above or below")   // lead in water, GB 3095 limits that in the air
	f(standing("bap", "year"), "limit: no standard known here limits bap of year; write above or below") // in ng/m3, the limit is in ug/m3
}

// A parameter of the configuration may have the name of a figure: in a window it is that parameter.
func TestAParameterWithTheNameOfAFigure(t *testing.T) {
	parameters := reading.BuiltinParameters()
	parameters["aqi"] = &reading.Parameter{Key: "aqi", Domain: reading.Indicator, Unit: "1", High: 500}
	r := Rule{ID: "r", Parameter: "aqi", Window: time.Hour, Statistic: Mean, Above: number("100"), MinCoverage: 0.5, Severity: Warning}
	if err := r.Check(parameters); err != nil {
		t.Error(err)
	}
	r = numbered("aqi", "month", "100")
	if err := r.Check(parameters); err == nil || !strings.Contains(err.Error(), "use 1h day") {
		t.Errorf("got %v", err)
	}
}
