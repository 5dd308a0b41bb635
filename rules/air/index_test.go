package air

import (
	"strconv"
	"strings"
	"testing"

	"egret/ingest/reading"
)

// Values that others publish for HJ 633-2026 (tests of caiyunapp/aqi-hub), and that the table gives.
func TestPublishedNodesOf2026(t *testing.T) {
	f := func(period, parameter string, pairs ...string) {
		t.Helper()
		for _, pair := range pairs {
			value, want, _ := strings.Cut(pair, "→")
			if got := sub(indexOf(t, "2026-11-21", period, parameter+"="+value), parameter); got != want {
				t.Errorf("%s %s %s: %s, want %s", period, parameter, value, got, want)
			}
		}
	}
	f("day", "pm25", "0→0", "35→50", "59→98", "60→100", "75→114", "115→150", "150→200", "250→300", "350→400", "500→500", "600→500")
	f("day", "pm10", "0→0", "50→50", "118→99", "120→100", "150→112", "250→150", "350→200", "420→300", "500→400", "600→500")
	f("hour", "so2", "800→200", "1600→200")
	f("day", "o3_8h", "265→200", "800→300", "1000→300", "1200→300")
	f("hour", "no2", "700→150", "3840→500")
	f("hour", "co", "35→150")
	f("hour", "o3", "400→200", "1500→500")
	f("hour", "pm10", "119→100", "120→100", "121→101")
}

func TestInputIsRoundedHalfEvenIn2026Only(t *testing.T) {
	f := func(parameter, value, want2026, want2012 string) {
		t.Helper()
		index := indexOf(t, "2026-11-21", "day", parameter+"="+value)
		for _, s := range index.Sub {
			if s.Parameter == parameter && s.Value != fixed(t, want2026) {
				t.Errorf("%s %s enters as %s, want %s", parameter, value, s.Value, want2026)
			}
		}
		if got := sub(indexOf(t, "2020-06-01", "day", parameter+"="+value), parameter); got != want2012 {
			t.Errorf("2012: IAQI of %s %s is %s, want %s", parameter, value, got, want2012)
		}
	}
	f("pm25", "35.5", "36", "51")
	f("pm25", "36.5", "36", "52")
	f("pm25", "60.5", "60", "82")
	f("pm25", "61.5", "62", "84")
	f("pm25", "60.50001", "61", "82")
	f("co", "0.85", "0.8", "22")
	f("co", "0.75", "0.8", "19")
	f("co", "2.25", "2.2", "57")
	f("co", "2.35", "2.4", "59")
	f("co", "2.251", "2.3", "57")
	f("pm10", "71.5", "72", "61")
	f("pm10", "120.5", "120", "86")
	f("pm25", "216", "216", "266")   // Beijing 2015-12-08 was shown as 216 with AQI 267:
	f("pm25", "216.4", "216", "267") // the mean was not rounded
}

func TestHalfUpInputs(t *testing.T) {
	var index Index
	up := Practice{Rounding: reading.HalfUp}
	up.DayIndex(&index, on(t, "2026-11-21"), measured(t, "pm25=60.5 co=0.85"))
	if sub(&index, "pm25") != "101" || sub(&index, "co") != "23" {
		t.Errorf("half-up: %+v", index.Sub)
	}
}

// Days of facts 8.2. The figures of 2012 were worked out from the rounded concentrations.
func TestDays(t *testing.T) {
	parameters := []string{"pm25", "pm10", "so2", "no2", "co", "o3_8h"}
	f := func(name, date, concentrations, indices string, aqi int, primary, category string) {
		t.Helper()
		var values strings.Builder
		for i, value := range strings.Fields(concentrations) {
			values.WriteString(parameters[i] + "=" + value + " ")
		}
		index := indexOf(t, date, "day", values.String())
		for i, want := range strings.Fields(indices) {
			if got := sub(index, parameters[i]); got != want {
				t.Errorf("%s: IAQI of %s %s, want %s", name, parameters[i], got, want)
			}
		}
		if !index.Published || index.AQI != aqi || index.Partial != aqi || !primaryIs(index, primary) || (category != "" && index.Category.Name != category) {
			t.Errorf("%s: AQI %d %v %+v, want %d %s %s", name, index.AQI, index.Primary, index.Category, aqi, primary, category)
		}
	}
	const now, before = "2026-11-21", "2025-11-21"
	f("A1", now, "38.4 71.5 9 34 0.85 127", "56 66 9 43 20 73", 73, "o3_8h", "良")
	f("A2", now, "62 120.5 11 52 1.25 88", "102 100 11 65 30 44", 102, "pm25", "轻度污染")
	f("A3", now, "60.5 119 8 45 0.9 110", "100 100 8 57 23 59", 100, "pm10 pm25", "良")
	f("A4", now, "23 44 6 31 0.6 92", "33 44 6 39 15 46", 46, "", "优")
	f("A5", now, "34 77 9 26 0.6 176", "49 70 9 33 15 115", 115, "o3_8h", "轻度污染")
	f("A6", now, "168 231 18 86 2.15 31", "218 143 18 103 55 16", 218, "pm25", "重度污染")
	f("A7", now, "212 655 10 25 0.8 60", "262 500 10 32 20 30", 500, "pm10", "严重污染")
	f("A8", now, "35 50 20 40 1 100", "50 50 20 50 25 50", 50, "", "优")
	f("A9", now, "150 350 30 60 2 70", "200 200 30 75 50 35", 200, "pm10 pm25", "中度污染")
	f("A10", now, "25 48 8 20 0.7 830", "36 48 8 25 18 300", 300, "o3_8h", "重度污染")
	f("A1", before, "38 72 9 34 0.8 127", "", 73, "o3_8h", "良")
	f("A2", before, "62 120 11 52 1.2 88", "", 85, "pm10", "良")
	f("A3", before, "60 119 8 45 0.9 110", "", 85, "pm10", "良")
	f("A4", before, "23 44 6 31 0.6 92", "", 46, "", "优")
	f("A5", before, "34 77 9 26 0.6 176", "", 115, "o3_8h", "轻度污染")
	f("A6", before, "168 231 18 86 2.2 31", "", 218, "pm25", "重度污染")
	f("A7", before, "212 655 10 25 0.8 60", "", 500, "pm10", "严重污染")
	f("A8", before, "35 50 20 40 1 100", "", 50, "", "优")
	f("A9", before, "150 350 30 60 2 70", "", 200, "pm10 pm25", "中度污染")
	// Published examples for 2026 (facts 8.1).
	f("B", now, "115 120 50 40 4 160", "150 100 50 50 100 100", 150, "pm25", "轻度污染")
	f("60, 40", now, "60 0 0 40 0 0", "100 0 0 50 0 0", 100, "pm25", "良")
}

// Hours of facts 8.3.
func TestHours(t *testing.T) {
	parameters := []string{"pm25", "pm10", "so2", "no2", "co", "o3"}
	f := func(name, concentrations, indices string, aqi int, primary string) {
		t.Helper()
		var values strings.Builder
		for i, value := range strings.Fields(concentrations) {
			values.WriteString(parameters[i] + "=" + value + " ")
		}
		index := indexOf(t, "2026-11-21", "hour", values.String())
		for i, want := range strings.Fields(indices) {
			if got := sub(index, parameters[i]); got != want {
				t.Errorf("%s: IAQI of %s %s, want %s", name, parameters[i], got, want)
			}
		}
		if !index.Published || index.AQI != aqi || !primaryIs(index, primary) {
			t.Errorf("%s: AQI %d %v, want %d %s", name, index.AQI, index.Primary, aqi, primary)
		}
	}
	f("B1", "47 82 12 66 1.1 158", "74 73 4 33 11 50", 74, "pm25")
	f("B2", "28 51 860 40 1.4 35", "40 51 200 20 14 11", 200, "so2")
	f("B3", "30 45 9 21 0.8 214", "43 45 3 11 8 107", 107, "o3")
	f("B4", "30 45 9 240 12.5 20", "43 45 3 104 105 7", 105, "co")
	f("B5", "520 610 40 90 4.2 5", "500 500 14 45 42 2", 500, "pm10 pm25")
	f("ties", "60 120 500 200 10 200", "100 100 100 100 100 100", 100, "so2 no2 pm10 pm25 o3 co")
	f("clean", "0 0 0 0 0 0", "0 0 0 0 0 0", 1, "")
}

func TestCleanAirIs0In2012(t *testing.T) {
	index := indexOf(t, "2020-06-01", "hour", "pm25=0 pm10=0 so2=0 no2=0 co=0 o3=0")
	if !index.Published || index.AQI != 0 || index.Level() != 1 {
		t.Errorf("AQI %d, level %d", index.AQI, index.Level())
	}
}

func TestAboveTheTableIn2012(t *testing.T) {
	index := indexOf(t, "2020-06-01", "day", "o3_8h=830 o3=900 pm25=10")
	if sub(index, "o3_8h") != AboveTable.String() || index.AQI != 350 || !primaryIs(index, "o3") {
		t.Errorf("ozone above 800: AQI %d %v, o3_8h %s", index.AQI, index.Primary, sub(index, "o3_8h"))
	}
	index = indexOf(t, "2020-06-01", "day", "o3_8h=830 pm25=25 pm10=48 so2=8 no2=20 co=0.7") // facts 8.2, A10: needs the 1 h value
	if index.Published || index.Partial != 48 || index.Complete {
		t.Errorf("ozone above 800 without its 1 h value: published %t, partial %d", index.Published, index.Partial)
	}
	f := func(practice Practice, values, so2 string, aqi int) {
		t.Helper()
		var index Index
		practice.HourIndex(&index, on(t, "2020-06-01"), measured(t, values))
		if got := sub(&index, "so2"); got != so2 || index.AQI != aqi {
			t.Errorf("%s: IAQI of SO2 %s, AQI %d, want %s, %d", values, got, index.AQI, so2, aqi)
		}
	}
	f(Practice{}, "so2=818 pm25=35", AboveTable.String(), 0) // too high for the others to be published
	f(Practice{}, "so2=818 so2_24h=150 pm25=35", "100", 100)
	f(Practice{}, "so2=818 so2_24h=- pm25=35", AboveTable.String(), 0)
	f(Practice{}, "so2=800 so2_24h=150 pm25=35", "200", 200)
	// Two hours of Jinan's platform in 2020.
	f(Practice{HighSO2: DayColumn}, "so2=818", "203", 203)
	f(Practice{HighSO2: DayColumn}, "so2=908", "214", 214)
	f(Practice{HighSO2: DayColumn}, "so2=9000", "500", 500)
}

func TestHourInputs(t *testing.T) {
	const values = "pm25=35 pm10=50 so2=9 no2=21 co=0.8 o3=100 o3_8h=215 pm25_24h=115 pm10_24h=250"
	f := func(date string, inputs HourInputs, aqi int, primary string) {
		t.Helper()
		var index Index
		practice := Practice{Hour: inputs}
		practice.HourIndex(&index, on(t, date), measured(t, values))
		if index.AQI != aqi || !primaryIs(&index, primary) {
			t.Errorf("%s: AQI %d %v, want %d %s", date, index.AQI, index.Primary, aqi, primary)
		}
	}
	f("2020-06-01", SixHourly, 50, "")
	f("2020-06-01", NineByTheStandard, 150, "pm10_24h pm25_24h o3_8h")
	f("2026-11-21", SixHourly, 50, "")
	f("2026-11-21", NineByTheStandard, 50, "") // which are six in 2026
}

func TestOzoneHourIsNotInTheDayOf2026(t *testing.T) {
	const values = "pm25=20 pm10=40 so2=9 no2=21 co=0.8 o3_8h=90 o3=400"
	if index := indexOf(t, "2026-11-21", "day", values); index.AQI != 45 || sub(index, "o3") != "does not enter" {
		t.Errorf("AQI %d", index.AQI)
	}
	if index := indexOf(t, "2020-06-01", "day", values); index.AQI != 200 || !primaryIs(index, "o3") {
		t.Errorf("2012: AQI %d %v", index.AQI, index.Primary)
	}
}

func TestPublishingAPartialIndex(t *testing.T) {
	f := func(date, period string, practice Practice, values, partial, published string) {
		t.Helper()
		var index Index
		if period == "hour" {
			practice.HourIndex(&index, on(t, date), measured(t, values))
		} else {
			practice.DayIndex(&index, on(t, date), measured(t, values))
		}
		got, aqi := "none", "none"
		if index.Known {
			got = strconv.Itoa(index.Partial)
		}
		if index.Published {
			aqi = strconv.Itoa(index.AQI)
		}
		if got != partial || aqi != published {
			t.Errorf("%s %s: partial %s, published %s; want %s, %s", date, values, got, aqi, partial, published)
		}
		if !index.Published && (index.Category != nil || len(index.Primary) != 0 || index.Level() != 0) {
			t.Errorf("%s %s: a category or primary pollutant without an index", date, values)
		}
	}
	letter, network := Practice{}, Practice{Publishing: ByTheNetwork}
	f("2026-11-21", "day", letter, "pm25=45", "70", "none")
	f("2026-11-21", "day", letter, "pm25=60", "100", "none")
	f("2026-11-21", "day", letter, "pm25=61", "101", "101")
	f("2026-11-21", "day", letter, "pm25=66", "106", "106")
	f("2026-11-21", "hour", letter, "pm25=45 pm10=- so2=3 no2=2 co=1 o3=4", "70", "none")
	f("2026-11-21", "hour", letter, "pm25=-1 pm10=30 so2=3 no2=2 co=1 o3=4", "30", "none") // no concentration is below 0
	f("2026-11-21", "hour", letter, "pm25=-0.4 pm10=30 so2=3 no2=2 co=1 o3=4", "30", "30") // rounded it is 0
	f("2026-11-21", "hour", letter, "pm25=- pm10=-", "none", "none")
	f("2026-11-21", "hour", letter, "", "none", "none")
	f("2026-11-21", "hour", Practice{Unmonitored: []string{"so2", "co"}}, "pm25=8 pm10=11 no2=9 o3=63", "20", "20")
	f("2026-11-21", "hour", Practice{Unmonitored: []string{"so2", "co"}}, "pm25=8 pm10=11 no2=- o3=63", "20", "none")
	f("2020-06-01", "day", letter, "pm25=45", "63", "63")
	f("2020-06-01", "hour", letter, "so2=3", "1", "1")
	f("2020-06-01", "hour", letter, "pm25=-", "none", "none")
	f("2020-06-01", "hour", network, "so2=3 no2=2 co=1 o3=400", "200", "none")
	f("2020-06-01", "hour", network, "so2=3 pm10=50", "50", "50")
	f("2020-06-01", "hour", network, "so2=3 pm25=35", "50", "50")
	// The national feed of 2026-03-01T09: PM10 hidden; one gas missing; instruments that are not there.
	f("2026-03-01", "hour", network, "pm10=- pm25=54 o3=32 no2=12 so2=3 co=0.9", "88", "88")
	f("2026-03-01", "hour", letter, "pm10=- pm25=54 o3=32 no2=12 so2=3 co=0.9", "88", "none")
	f("2026-03-01", "hour", network, "pm10=10 pm25=8 o3=29 no2=5 so2=- co=0.3", "12", "none")
	f("2026-03-01", "hour", Practice{Publishing: ByTheNetwork, Unmonitored: []string{"so2", "co"}}, "pm10=8 pm25=6 o3=61 no2=10", "20", "20")
	f("2026-03-01", "day", network, "pm10=- pm25=54 o3_8h=32 no2=12 so2=3 co=0.9", "88", "88")
}

func TestReasons(t *testing.T) {
	var index Index
	practice := Practice{Unmonitored: []string{"so2", "co"}}
	practice.HourIndex(&index, on(t, "2026-11-21"), measured(t, "pm25=- no2=-3 co=1 o3=10"))
	f := func(parameter, want string) {
		t.Helper()
		if got := sub(&index, parameter); got != want {
			t.Errorf("%s: %s, want %s", parameter, got, want)
		}
	}
	f("pm25", "no valid value")
	f("pm10", "no valid value")
	f("so2", "outside the monitoring plan")
	f("no2", "a negative concentration")
	f("co", "10") // given although not in the plan: it counts
	f("o3", "4")
}

func TestHourIndexDoesNotAllocate(t *testing.T) {
	var index Index
	practice := Practice{Unmonitored: []string{"so2"}}
	day, values := on(t, "2026-11-21"), measured(t, "pm25=60 pm10=120 no2=200 co=10 o3=200")
	practice.HourIndex(&index, day, values)
	if n := testing.AllocsPerRun(100, func() { practice.HourIndex(&index, day, values) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkHourIndex(b *testing.B) {
	var index Index
	var practice Practice
	day, values := on(b, "2026-11-21"), measured(b, "pm25=47 pm10=82 so2=12 no2=66 co=1.1 o3=158")
	b.ReportAllocs()
	for b.Loop() {
		practice.HourIndex(&index, day, values)
	}
}
