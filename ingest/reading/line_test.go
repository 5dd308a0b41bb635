package reading

import (
	"errors"
	"math"
	"reflect"
	"testing"
)

func sample(values ...Value) Sample {
	return Sample{Domain: Air, Station: "wx-1", Period: Momentary, Time: 1795227300000000000, Values: values}
}

func TestALineHasAFlagBesideEachValue(t *testing.T) {
	f := func(s Sample, want string) {
		t.Helper()
		if got := string(s.AppendLine(nil)); got != want {
			t.Errorf("line is\n%swant\n%s", got, want)
		}
	}
	f(sample(Value{Parameter: "pm25", Number: 35.2}), "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i 1795227300000000000\n")
	f(Sample{Domain: Noise, Station: "N.2_a", Period: Hour, Time: -1, Values: []Value{{Parameter: "leq", Number: 55, Flag: Maintenance}, {Parameter: "lmax", Number: 71.5, Flag: Fault}}},
		"noise,station=N.2_a,period=1h leq=55,leq_flag=10i,lmax=71.5,lmax_flag=31i -1\n")
	f(sample(Value{Parameter: "so2", Number: 0, Raw: -3.5, HasRaw: true}), "air,station=wx-1,period=rt so2=0,so2_flag=0i,so2_raw=-3.5 1795227300000000000\n")
	f(sample(Value{Parameter: "fcoli", Number: 1e9}, Value{Parameter: "hg", Number: 1e-7}),
		"air,station=wx-1,period=rt fcoli=1000000000,fcoli_flag=0i,hg=0.0000001,hg_flag=0i 1795227300000000000\n")
}

func TestALineIsReadBack(t *testing.T) {
	s := sample(
		Value{Parameter: "o3", Number: 71.5, Flag: Maintenance}, Value{Parameter: "o3_8h", Number: 64, Flag: Corrected},
		Value{Parameter: "co", Number: -0.1, Raw: 5, HasRaw: true}, Value{Parameter: "co2", Number: 412.25, Flag: Fault},
	)
	s.Period = Hour
	var line Line
	for range 2 { // the second time into the same memory
		if err := line.Parse(s.AppendLine(nil)); err != nil {
			t.Fatal(err)
		}
		want := []Field{{[]byte("o3"), fixed("71.5"), Maintenance}, {[]byte("o3_8h"), fixed("64"), Corrected}, {[]byte("co"), fixed("-0.1"), Valid}, {[]byte("co2"), fixed("412.25"), Fault}}
		if !reflect.DeepEqual(line.Fields, want) {
			t.Errorf("fields are %v, want %v", line.Fields, want)
		}
		if string(line.Domain) != "air" || string(line.Station) != "wx-1" || line.Period != Hour || line.Time != s.Time {
			t.Errorf("line is %+v", line)
		}
	}
}

func TestWhatIsNoLineIsRefused(t *testing.T) {
	for _, text := range []string{"", "\n", "air", "air pm25=1 1", "air,station=a pm25=1 1", "air,period=rt,station=a pm25=1 1", "air,station=a,period=2h pm25=1 1",
		"air,station=a,period=rt pm25=1", "air,station=a,period=rt pm25=1 x", "air,station=a,period=rt pm25 1", "air,station=a,period=rt pm25=\"1\" 1",
		"air,station=a,period=rt pm25=1,pm25_flag=300i 1", "air,station=a,period=rt pm25=1,pm25_flag=x 1", "air,station=a,period=rt pm25=1e10 1"} {
		var line Line
		if err := line.Parse([]byte(text)); !errors.Is(err, ErrLine) {
			t.Errorf("%q is read as %+v, %v", text, line, err)
		}
	}
}

func fixed(text string) Fixed {
	number, err := ParseFixed([]byte(text))
	if err != nil {
		panic(err)
	}
	return number
}

func FuzzLine(f *testing.F) {
	f.Add("wx-1", "pm25", "o3_8h", 35.2, -0.1, uint8(0), uint8(31), uint8(6), int64(1795227300000000000), true)
	f.Add("N.2_a", "o3", "o3_8h", 1e9, 1e-9, uint8(10), uint8(255), uint8(0), int64(-1), false)
	f.Fuzz(func(t *testing.T, station, first, second string, a, b float64, flagA, flagB, period uint8, instant int64, raw bool) {
		x, errX := FixedOf(a)
		y, errY := FixedOf(b)
		if CheckID(station) != nil || CheckKey(first) != nil || CheckKey(second) != nil || first == second || errX != nil || errY != nil {
			return
		}
		s := Sample{Domain: Water, Station: station, Period: Period(period % uint8(len(periodNames))), Time: instant, Values: []Value{
			{Parameter: first, Number: a, Flag: Flag(flagA), Raw: b, HasRaw: raw}, {Parameter: second, Number: b, Flag: Flag(flagB)},
		}}
		var line Line
		if err := line.Parse(s.AppendLine(nil)); err != nil {
			t.Fatal(err)
		}
		want := Line{Domain: []byte("water"), Station: []byte(station), Period: s.Period, Time: instant,
			Fields: []Field{{[]byte(first), x, Flag(flagA)}, {[]byte(second), y, Flag(flagB)}}}
		if !reflect.DeepEqual(line, want) {
			t.Fatalf("line is %+v, want %+v", line, want)
		}
	})
}

func FuzzParseLine(f *testing.F) {
	s := sample(Value{Parameter: "pm25", Number: 35.2, Raw: 1, HasRaw: true}, Value{Parameter: "co", Number: math.Pi})
	f.Add(s.AppendLine(nil))
	f.Add([]byte("air,station=,period=rt =1,=_flag 1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var line Line
		if err := line.Parse(text); err != nil && !errors.Is(err, ErrLine) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

func eightValues() Sample {
	var values []Value
	for i, key := range []string{"pm25", "pm10", "so2", "no2", "co", "o3", "temp", "rh"} {
		values = append(values, Value{Parameter: key, Number: 35.2 + float64(i)})
	}
	return sample(values...)
}

func BenchmarkAppendLine(b *testing.B) {
	s := eightValues()
	to := s.AppendLine(nil)
	b.ReportAllocs()
	for b.Loop() {
		to = s.AppendLine(to[:0])
	}
}

func BenchmarkLineParse(b *testing.B) {
	s := eightValues()
	text := s.AppendLine(nil)
	var line Line
	b.ReportAllocs()
	for b.Loop() {
		if err := line.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func TestLinesTakeNoMemory(t *testing.T) {
	s := eightValues()
	text := s.AppendLine(nil)
	var line Line
	if n := testing.AllocsPerRun(100, func() {
		text = s.AppendLine(text[:0])
		if err := line.Parse(text); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations for a line", n)
	}
}

func TestATagIsEscaped(t *testing.T) {
	if got := string(AppendTag(nil, `city:New York, a=b\`)); got != `city:New\ York\,\ a\=b\\` {
		t.Errorf("tag %s", got)
	}
}

func TestTheTextOfAFieldIsEscaped(t *testing.T) {
	if got := string(AppendText(nil, "a \"b\" c\\d\ne")); got != `a \"b\" c\\d e` {
		t.Errorf("text %s", got)
	}
}
