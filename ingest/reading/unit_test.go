package reading

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// instants on both sides of the amendment of GB 3095-2012.
var (
	year2017 = time.Date(2017, 6, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	year2026 = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC).UnixNano()
)

func TestAUnitBecomesThatOfTheParameter(t *testing.T) {
	f := func(number float64, from, to string, want float64) {
		t.Helper()
		if got, err := ConvertUnit(number, from, &Parameter{Key: "x", Unit: to}, year2026); err != nil || got != want {
			t.Errorf("%v %s is %v %s, %v, want %v", number, from, got, to, err, want)
		}
	}
	f(0.0352, "mg/m3", "ug/m3", 35.2)
	f(75600, "ng/m3", "ug/m3", 75.6)
	f(0.0007, "mg/m³", "µg/m³", 0.7)
	f(600, "μg/m^3", "mg/m3", 0.6)
	f(600, "㎍/㎥", "mg/m3", 0.6)
	f(0.6, "mg.m-3", "mg/m3", 0.6)
	f(3.52e-8, "kg/m3", "ug/m3", 35.2)
	f(35.2, " ug/m3 ", "ug/m3", 35.2)
	f(0, "mg/m3", "ug/m3", 0)

	f(101.325, "kPa", "hPa", 1013.25)
	f(101325, "Pa", "hPa", 1013.25)
	f(1013.25, "mbar", "hPa", 1013.25)
	f(1.01325, "bar", "hPa", 1013.25)
	f(1, "atm", "hPa", 1013.25)
	f(760, "mmHg", "hPa", 1013.25)
	f(380, "inHg", "hPa", 12868.275)
	f(-3.3, "℃", "Cel", -3.3)
	f(269.85, "K", "Cel", -3.3)
	f(0, "K", "Cel", -273.15)
	f(26.06, "°F", "Cel", -3.3)
	f(-40, "F", "Cel", -40)
	f(212, "degF", "Cel", 100)
	f(0, "Cel", "F", 32)
	f(61, "%", "%RH", 61)
	f(0.61, "1", "%RH", 61)
	f(0.07, "/", "%RH", 7)
	f(61, "/100", "%RH", 61)
	f(12.6, "km/h", "m/s", 3.5)
	f(3600, "knot", "m/s", 1852)
	f(10, "mph", "m/s", 4.4704)
	f(350, "cm/s", "m/s", 3.5)
	f(math.Pi, "rad", "deg", 180)
	f(1.2, "L/m2", "mm", 1.2)
	f(0.1, "in", "mm", 2.54)
	f(0.85, "kW/m2", "W/m2", 850)
	f(7.5, "g/m2", "t/km2", 7.5)
	f(7500, "mg/m2", "t/km2", 7.5)

	f(35.2, "ug/L", "mg/L", 0.0352)
	f(0.29, "mg/l", "ug/L", 290)
	f(0.29, "g/m3", "mg/L", 0.29)
	f(29, "mg/m3", "mg/L", 0.029)
	f(29, "mg/m3", "ug/L", 29)
	f(7.1, "", "pH", 7.1)
	f(7.1, "-", "pH", 7.1)
	f(1.1, "mS/cm", "uS/cm", 1100)
	f(1.1, "μS/cm", "uS/cm", 1.1)
	f(43.3, "mS/m", "uS/cm", 433)
	f(0.0433, "S/m", "uS/cm", 433)
	f(12, "FNU", "NTU", 12)
	f(230, "MPN/L", "1/L", 230)
	f(23, "MPN/100ml", "1/L", 230)
	f(23, "个/mL", "1/L", 23000)
	f(180, "cm", "m", 1.8)
	f(0.21, "V", "mV", 210)
	f(36, "m3/h", "L/s", 10)
	f(10, "l/s", "m3/s", 0.01)

	f(55.2, "dB(A)", "dB", 55.2)
	f(55.2, "db（A）", "dB", 55.2)
	f(5.52, "Bspl", "dB", 55.2)

	f(412, "ppm", "ppb", 412000)
	f(3, "Bq/m³", "Bq/m3", 3) // no table knows it
	f(3, "anything", "", 3)
}

func TestAChlorophyllInCubicMetresOfWater(t *testing.T) {
	chla := &Parameter{Key: "chla2", Domain: Water, Unit: "mg/m3"}
	if got, err := ConvertUnit(12.5, "ug/L", chla, year2026); err != nil || got != 12.5 {
		t.Errorf("12.5 ug/L is %v mg/m3, %v", got, err)
	}
}

func TestPartsOfAGasByTheReferenceStateInForce(t *testing.T) {
	table := BuiltinParameters()
	table["no"] = &Parameter{Key: "no", Domain: Air, Unit: "ug/m3"}
	f := func(key, from string, instant int64, want string) {
		t.Helper()
		parameter := table[key]
		if parameter == nil {
			parameter = table.Statistic(key)
		}
		got, err := ConvertUnit(1, from, parameter, instant)
		if err != nil || strconv.FormatFloat(got, 'f', 4, 64) != want {
			t.Errorf("1 %s of %s is %.4f %s, %v, want %s", from, key, got, parameter.Unit, err, want)
		}
	}
	// The factors in print: ug/m3 for 1 ppb, CO mg/m3 for 1 ppm.
	f("so2", "ppb", year2026, "2.6186")
	f("no2", "ppb", year2026, "1.8804")
	f("nox", "ppb", year2026, "1.8804")
	f("no", "nmol/mol", year2026, "1.2265")
	f("o3", "ppb", year2026, "1.9619")
	f("o3_8h", "ppb", year2026, "1.9619")
	f("o3_max", "ppb", year2026, "1.9619")
	f("co", "ppm", year2026, "1.1449")
	f("so2", "ppb", year2017, "2.8583")
	f("no2", "ppb", year2017, "2.0525")
	f("no", "ppb", year2017, "1.3387")
	f("o3", "ppb", year2017, "2.1414")
	f("co", "umol/mol", year2017, "1.2497")
	f("co", "ppb", year2026, "0.0011")
	f("o3", "ppm", year2026, "1961.8806")

	first := time.Date(2018, 8, 31, 16, 0, 0, 0, time.UTC).UnixNano() // 2018-09-01 00:00 in China
	f("so2", "ppb", first-1, "2.8583")
	f("so2", "ppb", first, "2.6186")

	table["co2"] = &Parameter{Key: "co2", Domain: Air, Unit: "ppm"}
	if got, err := ConvertUnit(749.9, "mg/m3", table["co2"], year2026); err != nil || math.Abs(got-416.9) > 0.05 {
		t.Errorf("749.9 mg/m3 of CO2 is %v ppm, %v", got, err)
	}
	if got, err := ConvertUnit(-2, "ppb", table["o3"], year2026); err != nil || got > -3.9 || got < -4 {
		t.Errorf("-2 ppb of O3 is %v ug/m3, %v", got, err)
	}
}

func TestTheMolarVolumes(t *testing.T) {
	f := func(air *big.Rat, want string) {
		t.Helper()
		litres := new(big.Rat).Quo(big.NewRat(1000, 1), air)
		if got := litres.FloatString(4); got != want {
			t.Errorf("1 mol takes %s L, want %s", got, want)
		}
	}
	f(referenceAir, "24.4654")
	f(standardAir, "22.4140")
}

func TestAUnitThatCannotBeMeantIsRefused(t *testing.T) {
	table := BuiltinParameters()
	table["staff"] = &Parameter{Key: "staff", Domain: Indicator, Unit: "people"}
	f := func(key, from, want string) {
		t.Helper()
		_, err := ConvertUnit(1, from, table[key], year2026)
		if err == nil || err.Error() != want {
			t.Errorf("%s in %s: %v, want %s", key, from, err, want)
		}
	}
	f("pm25", "ppb", `unit "ppb" cannot be converted to ug/m3: pm25 is no gas whose molar mass is known; write ng/m3, ug/m3, mg/m3, g/m3 or kg/m3`)
	f("o3", "mg/L", `unit "mg/L" cannot be converted to ug/m3: write ng/m3, ug/m3, mg/m3, g/m3, kg/m3, ppt, ppb or ppm`)
	f("do", "ppm", `unit "ppm" cannot be converted to mg/L: write ng/L, ug/L, mg/L, g/L or kg/L`)
	f("temp", "hPa", `unit "hPa" cannot be converted to Cel: write Cel, K or F`)
	f("rain", "mm/h", `unit "mm/h" cannot be converted to mm: write mm, cm, m, km or in`)
	f("leq", "", `unit "" cannot be converted to dB: write dB or Bspl`)
	f("pressure", "mPa", `unit "mPa" cannot be converted to hPa: write Pa, hPa, kPa, MPa, bar, atm, mmHg or inHg`)
	f("staff", "persons", `unit "persons" cannot be converted to people: write people`)
	f("pm10", strings.Repeat("长", 200), `unit "`+strings.Repeat("长", 26)+`…" cannot be converted to ug/m3: write ng/m3, ug/m3, mg/m3, g/m3 or kg/m3`)
	f("pm10", "\xff\xff", `unit "\xff\xff" cannot be converted to ug/m3: write ng/m3, ug/m3, mg/m3, g/m3 or kg/m3`)

	for _, number := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e307} {
		for _, from := range []string{"mg/m3", "ppm"} {
			if got, err := ConvertUnit(number, from, table["so2"], year2026); err == nil {
				t.Errorf("%v %s is %v ug/m3", number, from, got)
			}
		}
	}
}

func TestSameUnitKnowsSpellings(t *testing.T) {
	for _, pair := range [][2]string{{"ug/m3", "μg/m³"}, {"hPa", "mbar"}, {"dB(A)", "dB"}, {"°C", "Cel"}, {"", "pH"}, {"t/km2", "g/m2"}, {"Bq/m³", "Bq/m3"}, {"", ""}, {"x", "x"}} {
		if !SameUnit(pair[0], pair[1]) {
			t.Errorf("%q and %q are not the same", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"ug/m3", "mg/m3"}, {"K", "Cel"}, {"F", "Cel"}, {"mg/L", "g/m3"}, {"1", "pH"}, {"", "x"}, {"x", "y"}, {"people", "ug/m3"}, {strings.Repeat("x", 50), strings.Repeat("y", 50)}} {
		if SameUnit(pair[0], pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}

func TestEachUnitIsWrittenOnceAndConverts(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range unitTable {
		for _, name := range strings.Fields(row.names) {
			if seen[name] {
				t.Errorf("%s stands in two rows", name)
			}
			seen[name] = true
			u := units[name]
			if u.scale.Sign() <= 0 {
				t.Errorf("the scale of %s, %q, is no number", name, row.scale)
			}
			if u.shift.Sign() == 0 && row.shift != "" {
				t.Errorf("the shift of %s, %q, is no number", name, row.shift)
			}
			exact := new(big.Rat).Mul(decimal{1, u.power}.rat(), big.NewRat(1, 1))
			if u.isDecimal && (exact.Cmp(u.scale) != 0 || u.offset.rat().Cmp(u.shift) != 0) {
				t.Errorf("%s is %v, %v in rational and %v, %v in decimal", name, u.scale, u.shift, exact, u.offset)
			}
		}
	}
	for _, p := range BuiltinParameters() {
		if findUnit(p.Unit) == nil {
			t.Errorf("the unit of %s, %s, is in no table", p.Key, p.Unit)
		}
	}
}

// A number with the digits that instruments send comes back as it was from a unit that differs by a power of ten or a
// decimal shift, and else within two units in the last place: one for each reading of a number in decimal and rounding.
func TestUnitsThereAndBack(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 11))
	so2 := *BuiltinParameters()["so2"]
	f := func(from, to *unit) {
		there, back := so2, so2
		there.Unit, back.Unit = to.name, from.name
		for range 20 {
			number := float64(random.IntN(2_000_000)-1_000_000) / 100
			middle, err := ConvertUnit(number, from.name, &there, year2026)
			if err != nil {
				t.Fatalf("%v %s in %s: %v", number, from.name, to.name, err)
			}
			got, err := ConvertUnit(middle, to.name, &back, year2026)
			if err != nil {
				t.Fatalf("%v %s in %s: %v", middle, to.name, from.name, err)
			}
			largest := math.Abs(number)
			if from.shift.Sign() != 0 || to.shift.Sign() != 0 { // the sum with a shift is what is rounded
				largest = max(largest, math.Abs(middle), 500)
			}
			if ulp := math.Nextafter(largest, math.Inf(1)) - largest; math.Abs(got-number) > 2*ulp {
				t.Errorf("%v %s is %v %s, and that is %v %s", number, from.name, middle, to.name, got, from.name)
			}
			if from.quantity == to.quantity && from.isDecimal && to.isDecimal && got != number {
				t.Errorf("%v %s is %v %s, and that is %v %s, though both are decimal", number, from.name, middle, to.name, got, from.name)
			}
		}
	}
	for _, from := range unitTable {
		for _, to := range unitTable {
			a, b := units[strings.Fields(from.names)[0]], units[strings.Fields(to.names)[0]]
			gas := (a.quantity == massInAir && b.quantity == gasFraction) || (a.quantity == gasFraction && b.quantity == massInAir)
			if a.quantity == b.quantity || gas {
				f(a, b)
			}
		}
	}
}

func TestConversionsAreExactInDecimal(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 12))
	ug := &Parameter{Key: "pm25", Domain: Air, Unit: "ug/m3"}
	for range 2000 {
		thousandths := random.IntN(10_000_000) // an instrument that sends mg/m3 with up to six places
		written := strconv.Itoa(thousandths) + "e-6"
		number, _ := strconv.ParseFloat(written, 64)
		want, _ := strconv.ParseFloat(strconv.Itoa(thousandths)+"e-3", 64)
		if got, err := ConvertUnit(number, "mg/m3", ug, year2026); err != nil || got != want {
			t.Fatalf("%s mg/m3 is %v ug/m3, %v, want %v", written, got, err, want)
		}
	}
}

func TestKnownUnitsTakeNoMemory(t *testing.T) {
	table := BuiltinParameters()
	for _, c := range []struct{ key, from string }{{"pm25", "ug/m3"}, {"pm25", "μg/m³"}, {"pm25", "mg/m3"}, {"leq", "dB(A)"}, {"temp", "K"}} {
		from := []byte(c.from)
		if allocations := testing.AllocsPerRun(100, func() {
			if _, err := ConvertUnit(35.2, string(from), table[c.key], year2026); err != nil {
				t.Fatal(err)
			}
		}); allocations > 0 {
			t.Errorf("%s in %s takes %v allocations", c.key, c.from, allocations)
		}
	}
}

func BenchmarkConvertUnit(b *testing.B) {
	table := BuiltinParameters()
	f := func(key, from string) {
		b.Run(key+" "+strings.ReplaceAll(from, "/", "_"), func(b *testing.B) {
			b.ReportAllocs()
			text, parameter := []byte(from), table[key]
			for b.Loop() {
				if _, err := ConvertUnit(35.2, string(text), parameter, year2026); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	f("pm25", "ug/m3")
	f("pm25", "μg/m³")
	f("pm25", "mg/m3")
	f("temp", "K")
	f("temp", "F")
	f("so2", "ppb")
}
