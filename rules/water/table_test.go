package water

import (
	"math/big"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/standard"
)

func fixed(t testing.TB, text string) reading.Fixed {
	t.Helper()
	number, err := reading.ParseFixed([]byte(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return number
}

// sample reads values as they stand in a report: "do=5.2 phenol=0.0003L tp=--".
func sample(t testing.TB, text string) []Measured {
	t.Helper()
	var values []Measured
	for _, pair := range strings.Fields(text) {
		key, number, _ := strings.Cut(pair, "=")
		m, err := ParseMeasured(key, number)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, m)
	}
	return values
}

func judged(t testing.TB, settings Settings, kind Type, target Class, text string) *Section {
	t.Helper()
	var section Section
	Judge(&section, &settings, kind, target, sample(t, text))
	return &section
}

// TestTable1 holds every limit of GB 3838-2002 table 1: on it and just beyond it.
func TestTable1(t *testing.T) {
	cases := 0
	classOf := func(kind Type, key string, value reading.Fixed) Class {
		cases++
		var section Section
		Judge(&section, &Settings{}, kind, Unknown, []Measured{{Parameter: key, Value: value, Valid: true}})
		for _, c := range append(section.ByParameter, section.Apart...) {
			return c.Class
		}
		return Unknown
	}
	row := func(kind Type, key string, beyond reading.Fixed, printed ...string) {
		t.Helper()
		for i, text := range printed {
			limit := fixed(t, text)
			best, after := i, i+1 // the best class with this limit, the first one without it
			for best > 0 && printed[best-1] == text {
				best--
			}
			for after < 5 && printed[after] == text {
				after++
			}
			if got := classOf(kind, key, limit); got != ClassI+Class(best) {
				t.Errorf("%s %s=%s is %v, want %v", kind, key, text, got, ClassI+Class(best))
			}
			if got := classOf(kind, key, limit+beyond); got != ClassI+Class(after) {
				t.Errorf("%s %s just beyond %s is %v, want %v", kind, key, text, got, ClassI+Class(after))
			}
			if got := classOf(kind, key, limit-beyond); got != ClassI+Class(best) {
				t.Errorf("%s %s just within %s is %v, want %v", kind, key, text, got, ClassI+Class(best))
			}
		}
	}
	const more, less = 1, -1 // of the ninth decimal
	for _, kind := range []Type{River, Lake} {
		row(kind, "do", less, "7.5", "6", "5", "3", "2")
		row(kind, "codmn", more, "2", "4", "6", "10", "15")
		row(kind, "cod", more, "15", "15", "20", "30", "40")
		row(kind, "bod5", more, "3", "3", "4", "6", "10")
		row(kind, "nh3n", more, "0.15", "0.5", "1.0", "1.5", "2.0")
		row(kind, "cu", more, "0.01", "1.0", "1.0", "1.0", "1.0")
		row(kind, "zn", more, "0.05", "1.0", "1.0", "2.0", "2.0")
		row(kind, "f", more, "1.0", "1.0", "1.0", "1.5", "1.5")
		row(kind, "se", more, "0.01", "0.01", "0.01", "0.02", "0.02")
		row(kind, "as", more, "0.05", "0.05", "0.05", "0.1", "0.1")
		row(kind, "hg", more, "0.00005", "0.00005", "0.0001", "0.001", "0.001")
		row(kind, "cd", more, "0.001", "0.005", "0.005", "0.005", "0.01")
		row(kind, "cr6", more, "0.01", "0.05", "0.05", "0.05", "0.1")
		row(kind, "pb", more, "0.01", "0.01", "0.05", "0.05", "0.1")
		row(kind, "cn", more, "0.005", "0.05", "0.2", "0.2", "0.2")
		row(kind, "phenol", more, "0.002", "0.002", "0.005", "0.01", "0.1")
		row(kind, "oil", more, "0.05", "0.05", "0.05", "0.5", "1.0")
		row(kind, "las", more, "0.2", "0.2", "0.2", "0.3", "0.3")
		row(kind, "sulfide", more, "0.05", "0.1", "0.2", "0.5", "1.0")
		row(kind, "fcoli", more, "200", "2000", "10000", "20000", "40000")
		for value, want := range map[string]Class{"6": ClassI, "7": ClassI, "9": ClassI, "5.999999999": Inferior, "9.000000001": Inferior, "0": Inferior, "14": Inferior} {
			if got := classOf(kind, "ph", fixed(t, value)); got != want {
				t.Errorf("pH %s is %v, want %v", value, got, want)
			}
		}
	}
	row(River, "tp", more, "0.02", "0.1", "0.2", "0.3", "0.4")
	row(Lake, "tp", more, "0.01", "0.025", "0.05", "0.1", "0.2")
	row(Lake, "tn", more, "0.2", "0.5", "1.0", "1.5", "2.0")
	if got := classOf(River, "tn", 9e9); got != Unknown {
		t.Errorf("total nitrogen of a river is %v, but only lakes have a limit", got)
	}
	if got := classOf(River, "water_temp", 20e9); got != Unknown {
		t.Errorf("water temperature gives class %v", got)
	}
	if cases != 2*(20*15+7)+3*15+2 {
		t.Errorf("%d cases", cases)
	}
}

// TestIndicators holds which items give the class: 环办〔2011〕22号, 21 without water temperature, total nitrogen and
// faecal coliform.
func TestIndicators(t *testing.T) {
	for _, kind := range []Type{River, Lake} {
		var indicators []string
		for _, item := range Items(kind) {
			if item.Role == Indicator {
				indicators = append(indicators, item.Key)
			}
			if ItemOf(kind, item.Key) != item {
				t.Errorf("%s is not found", item.Key)
			}
		}
		if got := strings.Join(indicators, " "); got != "ph do codmn cod bod5 nh3n tp cu zn f se as hg cd cr6 pb cn phenol oil las sulfide" {
			t.Errorf("%s: %s", kind, got)
		}
	}
	if !InForce.Covers(calendar.Date(2026, 11, 21)) || InForce.Covers(calendar.Date(2002, 5, 31)) {
		t.Errorf("GB 3838-2002 holds from 2002-06-01: %+v", InForce)
	}
}

// TestTables2And3 holds the limits in their printed order.
func TestTables2And3(t *testing.T) {
	printed := strings.Fields(`250 250 10 0.3 0.1
		.06 .002 .1 .02 .03 .02 .005 .03 .05 .07 .04 .002 .0006 .02 .9 .05 .1 .01 .01 .7
		.3 .5 .25 .3 1.0 .3 .02 .02 .05 .017 .5 .0003 .5 .05 .5 .093 .2 .009 .1 .0002
		.0005 .1 .003 .008 .01 .0001 .2 .2 .5 .005 .01 .001 .002 .0002 .003 .002 .05 .08 .05 .05
		.03 .01 .05 .02 .003 2.8e-6 1.0e-6 2.0e-5 .001 .003 .07 1.0 .002 .5 .005 .02 .7 .05 .1 .0001`)
	items := SourceItems()
	if len(items) != len(printed) || len(items) != 5+80 {
		t.Fatalf("%d items", len(items))
	}
	seen := map[string]bool{}
	for i, item := range items {
		if item.Limit != fixed(t, printed[i]) {
			t.Errorf("%s (%s): %s, want %s", item.Key, item.Chinese, item.Limit, printed[i])
		}
		if err := reading.CheckKey(item.Key); err != nil || seen[item.Key] || reading.BuiltinParameters()[item.Key] != nil {
			t.Errorf("key %s: %v", item.Key, err)
		}
		seen[item.Key] = true
		var source DrinkingSource
		for offset, want := range map[reading.Fixed]standard.Verdict{0: standard.Meets, 1: standard.Exceeds} {
			JudgeSource(&source, &Settings{}, River, SourceTarget, append(sample(t, "do=8"), Measured{Parameter: item.Key, Value: item.Limit + offset, Valid: true}))
			if source.Verdict != want || len(source.Items) != 1 || source.Items[0].Verdict != want {
				t.Errorf("%s=%s: %v, want %v", item.Key, item.Limit+offset, source.Verdict, want)
			}
		}
	}
}

func TestDetectionLimits(t *testing.T) {
	f := func(key, want string) {
		t.Helper()
		if got, ok := DetectionLimit(key); !ok || got != fixed(t, want) {
			t.Errorf("%s: %s", key, got)
		}
	}
	f("do", "0.2")
	f("codmn", "0.5")
	f("cod", "10")
	f("bod5", "2")
	f("nh3n", "0.05")
	f("tp", "0.01")
	f("tn", "0.05")
	f("cu", "0.06")
	f("zn", "0.05")
	if _, ok := DetectionLimit("hg"); ok {
		t.Error("mercury is not on the page of table 4 that was read")
	}
}

// TestOxygenSaturation: 468/(31.6+T), the worked examples H12.
func TestOxygenSaturation(t *testing.T) {
	f := func(temperature, oxygen, wantSaturated, wantPercent string) {
		t.Helper()
		if got := SaturatedOxygen(fixed(t, temperature)).Round(3, reading.HalfEven); got != fixed(t, wantSaturated) {
			t.Errorf("at %s °C water is saturated with %s, want %s", temperature, got, wantSaturated)
		}
		if got := Saturation(fixed(t, oxygen), fixed(t, temperature)).Round(1, reading.HalfEven); got != fixed(t, wantPercent) {
			t.Errorf("%s mg/L at %s °C is %s %%, want %s", oxygen, temperature, got, wantPercent)
		}
	}
	f("30", "7.0", "7.597", "92.1")
	f("30", "6.8", "7.597", "89.5")
	f("5", "11.4", "12.787", "89.2")
	for _, temperature := range []string{"-2", "0", "12.345678901", "50"} {
		want := new(big.Rat).Quo(big.NewRat(468, 1), new(big.Rat).Add(big.NewRat(316, 10), big.NewRat(int64(fixed(t, temperature)), 1e9)))
		difference := new(big.Rat).Sub(big.NewRat(int64(SaturatedOxygen(fixed(t, temperature)).Fixed()), 1e9), want)
		if difference.Abs(difference).Cmp(big.NewRat(1, 2e9)) > 0 {
			t.Errorf("at %s °C water is saturated with %s, want %s", temperature, SaturatedOxygen(fixed(t, temperature)).Fixed(), want.FloatString(9))
		}
	}
	if SaturatedOxygen(-31e9).Known() || Saturation(8e9, -31e9).Known() || Saturation(9e18, 9e18).Known() || Saturation(-1, 20e9).Known() {
		t.Error("a saturation where there is none")
	}
}
