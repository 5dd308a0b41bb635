package air

import (
	"math/big"
	"strconv"
	"strings"
	"testing"
)

const (
	epaNow    = "2024-05-06"
	epaBefore = "2024-05-05"
)

// usIndex takes values in the units of the US table and gives them in ug/m3, CO in mg/m3, which is exact.
func usIndex(t testing.TB, date, values string) *Index {
	t.Helper()
	units := map[string]string{"o3": "1961.9", "o3_8h": "1961.9", "so2": "2.6186", "so2_24h": "2.6186", "no2": "1.8804", "co": "1.1449"}
	given := measured(t, values)
	for i, m := range given {
		if unit := units[m.Parameter]; unit != "" {
			product := new(big.Rat).Mul(fraction(m.Value), fraction(fixed(t, unit)))
			given[i].Value = fixed(t, product.FloatString(9))
			if product.Cmp(fraction(given[i].Value)) != 0 {
				t.Fatalf("%s times %s has more than nine decimals", m.Value, unit)
			}
		}
	}
	var index Index
	USDayIndex(&index, on(t, date), given)
	return &index
}

func wantUS(t *testing.T, date, parameter, value string, want int) {
	t.Helper()
	if got := sub(usIndex(t, date, parameter+"="+value), parameter); got != strconv.Itoa(want) {
		t.Errorf("%s %s %s: index %s, want %d", date, parameter, value, got, want)
	}
}

// Table 6 of EPA-454/B-24-002, typed a second time: both bounds of every class; digits beyond the table's are cut off.
func TestEveryBoundOfTheUSTable(t *testing.T) {
	now := []int{0, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500}
	before := []int{0, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 400, 401, 500}
	f := func(date, parameter string, indices []int, beyond, row string) {
		t.Helper()
		for i, bound := range strings.Fields(row) {
			wantUS(t, date, parameter, bound, indices[i])
			tail := bound + "99"
			if !strings.Contains(bound, ".") {
				tail = bound + ".99"
			}
			wantUS(t, date, parameter, tail, indices[i])
		}
		value, want, _ := strings.Cut(beyond, "→") // the last line goes on
		index, _ := strconv.Atoi(want)
		wantUS(t, date, parameter, value, index)
	}
	f(epaNow, "pm25", now, "350→549", "0.0 9.0 9.1 35.4 35.5 55.4 55.5 125.4 125.5 225.4 225.5 325.4")
	f(epaNow, "pm10", now, "700→607", "0 54 55 154 155 254 255 354 355 424 425 604")
	f(epaNow, "co", now, "60→596", "0.0 4.4 4.5 9.4 9.5 12.4 12.5 15.4 15.5 30.4 30.5 50.4")
	f(epaNow, "no2", now, "2400→587", "0 53 54 100 101 360 361 649 650 1249 1250 2049")
	f(epaNow, "o3", now[4:], "0.7→596", "0.125 0.164 0.165 0.204 0.205 0.404 0.405 0.604")
	f(epaNow, "so2_24h", now[8:], "1200→598", "305 604 605 1004")
	f(epaBefore, "pm25", before, "550→533", "0.0 12.0 12.1 35.4 35.5 55.4 55.5 150.4 150.5 250.4 250.5 350.4 350.5 500.4")
	f(epaBefore, "pm10", before, "700→596", "0 54 55 154 155 254 255 354 355 424 425 504 505 604")
	f(epaBefore, "co", before, "60→596", "0.0 4.4 4.5 9.4 9.5 12.4 12.5 15.4 15.5 30.4 30.5 40.4 40.5 50.4")
	f(epaBefore, "no2", before, "2400→587", "0 53 54 100 101 360 361 649 650 1249 1250 1649 1650 2049")
	f(epaBefore, "o3", before[4:], "0.7→596", "0.125 0.164 0.165 0.204 0.205 0.404 0.405 0.504 0.505 0.604")
	f(epaBefore, "so2_24h", before[8:], "1200→598", "305 604 605 804 805 1004")
	for _, date := range []string{epaBefore, epaNow} {
		for i, bound := range strings.Fields("0.000 0.054 0.055 0.070 0.071 0.085 0.086 0.105 0.106 0.200") {
			wantUS(t, date, "o3_8h", bound, now[i])
		}
		for i, bound := range strings.Fields("0 35 36 75 76 185 186 304") {
			wantUS(t, date, "so2", bound, now[i])
		}
	}
}

// Worked examples of facts 8.4.
func TestUSIndices(t *testing.T) {
	f := func(parameter, pairs string) {
		t.Helper()
		for _, pair := range strings.Fields(pairs) {
			value, want, _ := strings.Cut(pair, "→")
			index, _ := strconv.Atoi(want)
			wantUS(t, epaNow, parameter, value, index)
		}
	}
	f("pm25", "5.0→28 9.0→50 9.05→50 9.1→51 12.0→56 20.0→71 35.49→100 55.4→150 125.4→200 150.5→226 225.4→300 250.5→351 325.4→500")
	f("pm10", "40→37 54.9→50 150→98 420→294 504→389 604→500")
	f("no2", "200→120 600→192 1249→300")
	f("so2_24h", "400→232 805→401")
	f("o3_8h", "0.040→37 0.090→161 0.150→247")
	f("o3", "0.150→132 0.350→273 0.162→147") // TAD prints 148 for 0.162; its equation gives 147.49
	f("co", "5.0→56 15.0→193 40.4→400")
	f("o3_8h", "0.07853333→126") // published in TAD: exactly 125.5
	wantUS(t, epaBefore, "pm10", "3427", 3323)
	wantUS(t, epaBefore, "pm25", "644.0", 595)
}

func TestUSOzoneAndSO2TakeTheLargerOfTwo(t *testing.T) {
	f := func(values string, aqi int, primary string) {
		t.Helper()
		if index := usIndex(t, epaNow, values); index.AQI != aqi || !primaryIs(index, primary) {
			t.Errorf("%s: AQI %d %v, want %d %s", values, index.AQI, index.Primary, aqi, primary)
		}
	}
	f("o3_8h=0.070 o3=0.124", 100, "o3_8h") // 1 h values below 0.125 are ignored
	f("o3_8h=0.070 o3=0.125", 101, "o3")
	f("o3_8h=0.105 o3=0.130", 200, "o3_8h")
	f("o3_8h=0.201 o3=0.405", 301, "o3") // the 8 h value gives none above 0.200
	f("so2=305 so2_24h=304", 200, "so2")
	f("so2=2000 so2_24h=100", 200, "so2")
	f("so2=2000 so2_24h=605", 301, "so2_24h")
	f("pm25=9.0 pm10=54", 50, "pm10 pm25")
	f("pm25=20", 71, "pm25")
}

func TestUSEditions(t *testing.T) {
	f := func(date, standard string, aqi int) {
		t.Helper()
		if index := usIndex(t, date, "pm25=12.0"); index.Standard != standard || index.AQI != aqi {
			t.Errorf("%s: %q AQI %d, want %q %d", date, index.Standard, index.AQI, standard, aqi)
		}
	}
	f("2012-12-31", "", 0)
	f("2013-01-01", "US EPA AQI before May 2024", 50)
	f("2024-05-05", "US EPA AQI before May 2024", 50)
	f("2024-05-06", "US EPA AQI (EPA-454/B-24-002, May 2024)", 56)
}

func TestNowCast(t *testing.T) {
	f := func(newestFirst string, places int, want string) {
		t.Helper()
		var hours []Measured
		for _, text := range strings.Fields(newestFirst) {
			hours = append(hours, measured(t, "pm25="+text)...)
		}
		got := "none"
		if value, known := NowCast(hours, places); known {
			got = value.String()
		}
		if got != want {
			t.Errorf("NowCast of %s: %s, want %s", newestFirst, got, want)
		}
	}
	f("64.1 58.3 52.0 49.6 45.2 40.8 38.5 37.0 35.9 34.2 33.8 33.0", 1, "58.5")
	f("64.1 58.3 52.0 49.6 45.2 40.8 38.5 37.0 35.9 34.2 33.8 33.0", 0, "58")
	f("44.0 - 41.5 40.0 38.2 36.9 35.0 34.4 - 33.1 32.7 32.0", 1, "40.4")
	f("30 20 10", 1, "24.2")
	f("- - 10", 1, "none")
	f("10 - - 10 10 10", 1, "none")
	f("- 20 10", 1, "16.6") // (20/2 + 10/4) / (1/2 + 1/4)
	f("10 10", 1, "10")
	f("10", 1, "none")
	f("", 1, "none")
	f("20 20 20 20 20 20 20 20 20 20 20 20", 1, "20")
	f("0 0 0", 1, "0")
	f("20 20 20 20 20 20 20 20 20 20 20 20 900 900", 1, "20") // only 12 hours count
	f("-2 -2 -2", 1, "none")
	f("-4 2 2", 1, "none") // -1.4
	f("-1 2 2", 1, "0.2")  // (-1 + 2/2 + 2/4) / (1 + 1/2 + 1/4) = 0.28…
	f("10 5 10", 1, "8.5") // w is exactly 1/2: 15/1.75 = 8.571…
}

func TestNegativeMeansOfADayCountAsZero(t *testing.T) {
	wantUS(t, epaNow, "pm25", "-0.4", 0) // as AQS has them
	wantUS(t, epaNow, "co", "-0.1", 0)
}

func TestUSIndexOfNowCasts(t *testing.T) {
	wantUS(t, epaNow, "pm25", "58.5", 153)
	wantUS(t, epaNow, "pm25", "40.4", 113)
}

func TestUSValuesAreBroughtToTheUnitsOfTheTable(t *testing.T) {
	f := func(values, parameter, inUnits string, aqi int) {
		t.Helper()
		var index Index
		USDayIndex(&index, on(t, epaNow), measured(t, values))
		for _, s := range index.Sub {
			if s.Parameter == parameter && (s.Value != fixed(t, inUnits) || s.IAQI != aqi) {
				t.Errorf("%s: %s gives %d, want %s, %d", values, s.Value, s.IAQI, inUnits, aqi)
			}
		}
	}
	f("o3_8h=137.333", "o3_8h", "0.070", 100)                    // exactly 0.070 ppm
	f("o3_8h=137.332999999", "o3_8h", "0.069", 97)               // 96.73
	f("o3_8h=139.294899999", "o3_8h", "0.070", 100)              // just below 0.071 ppm
	f("o3_8h=139.2949", "o3_8h", "0.071", 101)                   // 0.071 ppm
	f("no2=99.6612", "no2", "53", 50)                            // 53 ppb
	f("no2=101.5416", "no2", "54", 51)                           // 54 ppb
	f("co=10.76206", "co", "9.4", 100)                           // 9.4 ppm
	f("so2=92", "so2", "35", 50)                                 // 35.13 ppb
	f("so2_24h=9000000000", "so2_24h", "3436951042", 1714168564) // nothing overflows
}
