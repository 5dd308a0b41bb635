package air

import "egret/rules/standard"

const (
	transitional = "transitional" // 过渡阶段, until 2030-12-31 (GB 3095-2026 4.4)
	final        = "final"
)

// The states to which volumes refer: GB 3095-2012 3.14, its amendment of 2018, GB 3095-2026 4.3.
const (
	standardState = "standard state: 273 K, 101.325 kPa"
	stateOfGases  = "reference state: 298.15 K, 1013.25 hPa"
	stateOfDust   = "temperature and pressure at the time of monitoring"
)

// limitEditions is in order of time. GB 3095-2012 was in force nationwide from 2016 and earlier in the first cities; it
// is applied to all data since its publication.
var limitEditions = []LimitEdition{
	{
		Standard: "GB 3095-2012",
		Validity: standard.Validity{From: published2012, Until: referenceState - 1},
		GasState: standardState, ParticleState: standardState,
		tables: tables2012, places: places2013, completeness: completeness2012,
	},
	{
		Standard: "GB 3095-2012 (amendment 2018)",
		Validity: standard.Validity{From: referenceState, Until: inForce2026 - 1},
		GasState: stateOfGases, ParticleState: stateOfDust,
		tables: tables2012, places: places2013, completeness: completeness2012,
	},
	{
		Standard: "GB 3095-2026", Phase: transitional,
		Validity: standard.Validity{From: inForce2026, Until: finalLimits - 1},
		GasState: stateOfGases, ParticleState: stateOfDust,
		tables: tables2026, places: places2026, completeness: completeness2026,
	},
	{
		Standard: "GB 3095-2026", Phase: final,
		Validity: standard.Validity{From: finalLimits},
		GasState: stateOfGases, ParticleState: stateOfDust,
		tables: tables2026, column: 2, places: places2026, completeness: completeness2026,
	},
}

// tables2012 are tables 1 and 2 of GB 3095-2012. Columns: grade I, grade II.
var tables2012 = []limitTable{
	{"table 1", standard.Reported, []limitRow{
		{"so2", Year, printed("20 60")},
		{"so2", Day, printed("50 150")},
		{"so2", Hour, printed("150 500")},
		{"no2", Year, printed("40 40")},
		{"no2", Day, printed("80 80")},
		{"no2", Hour, printed("200 200")},
		{"co", Day, printed("4 4")},
		{"co", Hour, printed("10 10")},
		{"o3_8h", Day, printed("100 160")},
		{"o3", Hour, printed("160 200")},
		{"pm10", Year, printed("40 70")},
		{"pm10", Day, printed("50 150")},
		{"pm25", Year, printed("15 35")},
		{"pm25", Day, printed("35 75")},
	}},
	{"table 2", standard.Reported, []limitRow{
		{"tsp", Year, printed("80 200")},
		{"tsp", Day, printed("120 300")},
		{"nox", Year, printed("50 50")},
		{"nox", Day, printed("100 100")},
		{"nox", Hour, printed("250 250")},
		{"pb", Year, printed("0.5 0.5")},
		{"pb", Quarter, printed("1 1")},
		{"bap", Year, printed("0.001 0.001")},
		{"bap", Day, printed("0.0025 0.0025")},
	}},
}

// tables2026 are tables 1 and 2 of GB 3095-2026. Columns: transitional I and II, final I and II. The transitional NOx
// limits stand in a footnote of table 2; its other rows know no phases. Table 2 applies where the State Council's
// department or the province decides so (4.5).
var tables2026 = []limitTable{
	{"table 1", standard.Seen, []limitRow{
		{"so2", Year, printed("20 60  20 20")},
		{"so2", Day, printed("50 150  50 50")},
		{"so2", Hour, printed("150 500  150 150")},
		{"no2", Year, printed("40 40  30 30")},
		{"no2", Day, printed("80 80  50 50")},
		{"no2", Hour, printed("200 200  200 200")},
		{"co", Day, printed("4 4  4 4")},
		{"co", Hour, printed("10 10  10 10")},
		{"o3_8h", Day, printed("100 160  100 160")},
		{"o3", Hour, printed("160 200  160 200")},
		{"pm10", Year, printed("40 60  20 50")},
		{"pm10", Day, printed("50 120  50 100")},
		{"pm25", Year, printed("15 30  10 25")},
		{"pm25", Day, printed("35 60  25 50")},
	}},
	{"table 2", standard.Seen, []limitRow{
		{"tsp", Year, printed("80 200  80 200")},
		{"tsp", Day, printed("120 300  120 300")},
		{"nox", Year, printed("50 50  40 40")},
		{"nox", Day, printed("100 100  70 70")},
		{"nox", Hour, printed("250 250  250 250")},
		{"pb", Year, printed("0.5 0.5  0.5 0.5")},
		{"pb", Quarter, printed("1.0 1.0  1.0 1.0")},
		{"bap", Year, printed("0.001 0.001  0.001 0.001")},
		{"bap", Day, printed("0.0025 0.0025  0.0025 0.0025")},
	}},
}

var (
	rounding2013 = standard.Source{Standard: "HJ 663-2013", Clause: "6, data rounded by GB/T 8170", Certainty: standard.Remembered}
	rounding2026 = standard.Source{Standard: "HJ 663-2026", Clause: "data rounded for the verdict", Certainty: standard.Reported}
)

// places2013 and places2026 are the decimals of figures that are compared with limits. For Pb and BaP those of 2026
// were not found: the old ones stand in.
var (
	places2013 = []decimals{
		{"co", 1, rounding2013},
		{"pb", 2, rounding2013},
		{"bap", 4, rounding2013},
		{"", 0, rounding2013},
	}
	places2026 = []decimals{
		{"co", 1, rounding2026},
		{"pb", 2, rounding2013},
		{"bap", 4, rounding2013},
		{"", 0, rounding2026},
	}
)
