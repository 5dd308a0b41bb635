package water

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// text writes main pollutants as bulletins do: tp(0.4) do.
func text(pollutants []Pollutant) string {
	var words []string
	for _, p := range pollutants {
		if p.HasMultiple {
			words = append(words, fmt.Sprintf("%s(%s)", p.Parameter, p.Exceeds))
		} else {
			words = append(words, p.Parameter)
		}
	}
	return strings.Join(words, " ")
}

// TestSections holds worked examples H1 to H8.
func TestSections(t *testing.T) {
	f := func(kind Type, values string, class Class, status, main string) {
		t.Helper()
		s := judged(t, Settings{}, kind, Unknown, values)
		if s.Class != class || s.AtLeast != class || s.Status.String() != status || text(s.Main) != main {
			t.Errorf("%s\nis %v (at least %v) %v, main %q\nwant %v %s %q", values, s.Class, s.AtLeast, s.Status, text(s.Main), class, status, main)
		}
	}
	f(River, "ph=7.8 do=8.1 codmn=1.8 cod=12 bod5=1.5 nh3n=0.12 tp=0.015", ClassI, "优", "")
	f(River, "ph=7.6 do=6.4 codmn=3.9 cod=14 bod5=2.8 nh3n=0.43 tp=0.09", ClassII, "优", "")
	f(River, "ph=7.5 do=5.4 codmn=5.1 cod=18 bod5=3.6 nh3n=0.88 tp=0.17", ClassIII, "良好", "")
	f(River, "ph=7.4 do=5.2 codmn=7.5 cod=26 bod5=5.1 nh3n=1.32 tp=0.28", ClassIV, "轻度污染", "tp(0.4) nh3n(0.3) cod(0.3)")
	f(River, "ph=7.1 do=2.6 codmn=9.2 cod=38 bod5=8.8 nh3n=1.86 tp=0.36 oil=0.30", ClassV, "中度污染", "bod5(1.2) cod(0.9) nh3n(0.9)")
	f(River, "ph=7.0 do=1.4 codmn=16.5 cod=62 bod5=14 nh3n=6.3 tp=0.85", Inferior, "重度污染", "nh3n(5.3) tp(3.2) bod5(2.5)")
	f(River, "ph=9.3 do=9.0 codmn=3.0 nh3n=0.2 tp=0.05", Inferior, "重度污染", "ph")
	f(Lake, "ph=8.2 do=7.9 codmn=4.6 nh3n=0.2 tp=0.08", ClassIV, "轻度污染", "tp(0.6)")
	f(River, "ph=8.2 do=7.9 codmn=4.6 nh3n=0.2 tp=0.08", ClassIII, "良好", "")
	f(River, "ph=7.2 do=6.5 codmn=3.0 nh3n=0.3 tp=0.08 hg=0.0003 cd=0.006", ClassV, "中度污染", "cd(0.2) hg(2)")
	// Cyanide goes first although ammonia is a class worse; what has no multiple goes behind what has one.
	f(River, "nh3n=2.5 cn=0.21 tp=0.25 do=4", Inferior, "重度污染", "cn(0) nh3n(1.5) tp(0.2)")
	f(River, "do=1.9 nh3n=2.1 cod=31", Inferior, "重度污染", "nh3n(1.1) do cod(0.6)")
	f(River, "do=1.9 ph=9.1 nh3n=1.1", Inferior, "重度污染", "ph do nh3n(0.1)")
	// Equals stand in the order of the table, in whichever order the values came.
	f(River, "tp=0.3 nh3n=1.5 cod=30", ClassIV, "轻度污染", "cod(0.5) nh3n(0.5) tp(0.5)")
}

// TestBoundaries holds worked example H10 and the equal limits of the facts.
func TestBoundaries(t *testing.T) {
	f := func(kind Type, value string, want Class) {
		t.Helper()
		if s := judged(t, Settings{}, kind, Unknown, value); s.Class != want {
			t.Errorf("%s is %v, want %v", value, s.Class, want)
		}
	}
	f(River, "do=7.5", ClassI)
	f(River, "do=7.49", ClassII)
	f(River, "do=2.0", ClassV)
	f(River, "do=1.99", Inferior)
	f(River, "nh3n=2.0", ClassV)
	f(River, "nh3n=2.01", Inferior)
	f(River, "tp=0.4", ClassV)
	f(River, "tp=0.41", Inferior)
	f(Lake, "tp=0.2", ClassV)
	f(River, "cod=15", ClassI)
	f(River, "cod=15.1", ClassIII)
	f(River, "pb=0.01", ClassI)
	f(River, "pb=0.011", ClassIII)
	f(River, "cu=0.01", ClassI)
	f(River, "cu=0.011", ClassII)
	f(River, "cu=1.1", Inferior)
	f(River, "cod=14", ClassI)
	f(River, "pb=0.03", ClassIII)
	f(River, "cu=0.5", ClassII)
}

// TestComparison: the two samples that prove that the national platform compares raw values (official-feeds 1.3).
func TestComparison(t *testing.T) {
	f := func(values string, raw, rounded Class) {
		t.Helper()
		if s := judged(t, Settings{}, River, Unknown, values); s.Class != raw {
			t.Errorf("%s raw is %v, want %v", values, s.Class, raw)
		}
		if s := judged(t, Settings{Comparison: Rounded}, River, Unknown, values); s.Class != rounded {
			t.Errorf("%s rounded is %v, want %v", values, s.Class, rounded)
		}
	}
	f("codmn=2.0036", ClassII, ClassI)
	f("nh3n=0.5002", ClassIII, ClassII)
	f("do=5.995", ClassIII, ClassII) // 5.995 is 6.00 half-even, 5.985 is 5.98
	f("do=5.985", ClassIII, ClassIII)
	f("tp=0.2005", ClassIV, ClassIII)
	f("tp=0.2015", ClassIV, ClassIV)
	f("hg=0.000050001", ClassIII, ClassIII) // no decimals are known for mercury
}

// TestSaturation holds worked example H12.
func TestSaturation(t *testing.T) {
	f := func(values string, on, off Class) {
		t.Helper()
		if s := judged(t, Settings{Saturation: true}, River, Unknown, values); s.Class != on {
			t.Errorf("%s with saturation is %v, want %v", values, s.Class, on)
		}
		if s := judged(t, Settings{}, River, Unknown, values); s.Class != off {
			t.Errorf("%s without saturation is %v, want %v", values, s.Class, off)
		}
	}
	f("do=7.0 water_temp=30", ClassI, ClassII)
	f("water_temp=30 do=6.8", ClassII, ClassII)
	f("do=11.4 water_temp=5", ClassI, ClassI)
	f("do=7.0 water_temp=--", ClassII, ClassII)
	f("do=7.0", ClassII, ClassII)
	f("do=7.0 water_temp=-31", ClassII, ClassII)   // no saturation is known
	f("do=5.85 water_temp=40.4", ClassI, ClassIII) // 5.85·72/4.68 = 90 % exactly
	f("do=5.849999999 water_temp=40.4", ClassIII, ClassIII)
}

// TestMissing: a class takes all items; a target exceeded by one is exceeded whatever is missing; met it is only by all.
func TestMissing(t *testing.T) {
	f := func(values string, target, class, atLeast Class, verdict standard.Verdict) {
		t.Helper()
		s := judged(t, Settings{}, River, target, values)
		if s.Class != class || s.AtLeast != atLeast || s.Verdict != verdict || s.Status != class.Status() {
			t.Errorf("%s for %v is %v, at least %v, %v; want %v, %v, %v", values, target, s.Class, s.AtLeast, s.Verdict, class, atLeast, verdict)
		}
		if class == Unknown && len(s.Determining) > 0 {
			t.Errorf("%s: %v determine an unknown class", values, s.Determining)
		}
	}
	f("do=6.5 nh3n=0.4 tp=0.08", ClassIII, ClassII, ClassII, standard.Meets)
	f("do=6.5 nh3n=0.4 tp=0.08", ClassII, ClassII, ClassII, standard.Meets)
	f("do=6.5 nh3n=0.4 tp=0.08", ClassI, ClassII, ClassII, standard.Exceeds)
	f("do=6.5 nh3n=0.4 tp=0.08", Unknown, ClassII, ClassII, standard.NotEnough)
	f("do=6.5 nh3n=0.4 tp=--", ClassIII, Unknown, ClassII, standard.NotEnough)
	f("do=4.5 nh3n=0.4 tp=--", ClassIII, Unknown, ClassIV, standard.Exceeds)
	f("do=1.5 nh3n=0.4 tp=--", ClassV, Unknown, Inferior, standard.Exceeds)
	f("do=-- nh3n=-- tp=--", ClassIII, Unknown, Unknown, standard.NotEnough)
	f("", ClassIII, Unknown, Unknown, standard.NotEnough)
	f("water_temp=20 tn=3 conductivity=500", ClassIII, Unknown, Unknown, standard.NotEnough)
	f("fcoli=50000 do=8", ClassIII, ClassI, ClassI, standard.Meets)
	f("fcoli=-- do=8", ClassIII, ClassI, ClassI, standard.Meets) // what stands apart does not hold the class back

	required := Settings{Required: []string{"do", "nh3n", "tp", "fcoli", "water_temp"}}
	s := judged(t, required, River, ClassIII, "do=6.5 nh3n=0.4")
	if s.Class != Unknown || s.Verdict != standard.NotEnough || !slices.Equal(s.Missing, []string{"tp"}) {
		t.Errorf("without total phosphorus: %v, %v, missing %v", s.Class, s.Verdict, s.Missing)
	}
	s = judged(t, required, River, ClassIII, "do=6.5 nh3n=0.4 tp=--")
	if !slices.Equal(s.Missing, []string{"tp"}) {
		t.Errorf("missing %v", s.Missing)
	}
	s = judged(t, required, River, ClassIII, "do=6.5 nh3n=0.4 tp=0.1")
	if s.Class != ClassII || s.Verdict != standard.Meets || len(s.Missing) > 0 {
		t.Errorf("with all: %v, %v, missing %v", s.Class, s.Verdict, s.Missing)
	}
}

// TestNonDetects: a value below its detection limit is judged where that decides; otherwise the other items may.
func TestNonDetects(t *testing.T) {
	f := func(values string, target, class, atLeast Class, verdict standard.Verdict) {
		t.Helper()
		s := judged(t, Settings{}, River, target, values)
		if s.Class != class || s.AtLeast != atLeast || s.Verdict != verdict {
			t.Errorf("%s for %v is %v, at least %v, %v; want %v, %v, %v", values, target, s.Class, s.AtLeast, s.Verdict, class, atLeast, verdict)
		}
	}
	f("phenol=0.0003L", ClassIII, ClassI, ClassI, standard.Meets)
	f("phenol=0.002L", ClassIII, ClassI, ClassI, standard.Meets)
	f("cu=0.06L", ClassI, Unknown, ClassI, standard.NotEnough) // Ⅰ or Ⅱ
	f("cu=0.06L", ClassII, Unknown, ClassI, standard.Meets)
	f("cu=0.06L do=6.5", ClassII, ClassII, ClassII, standard.Meets) // Ⅱ by oxygen, either way
	f("cu=0L do=6.5", ClassI, ClassII, ClassII, standard.Exceeds)   // 0.06 by table 4
	f("cu=0L", ClassI, Unknown, ClassI, standard.NotEnough)
	f("hg=0.0002L", ClassIII, Unknown, ClassI, standard.NotEnough)
	f("do=0.2L", ClassV, Inferior, Inferior, standard.Exceeds)
}

func TestDeterminingAndExceeding(t *testing.T) {
	s := judged(t, Settings{}, Lake, ClassII, "do=4.5 codmn=8 nh3n=0.6 tp=0.05 tn=2.4 fcoli=300 ph=9.5L water_temp=20")
	if s.Class != Inferior || !slices.Equal(s.Determining, []string{"ph"}) {
		t.Errorf("class %v by %v", s.Class, s.Determining)
	}
	s = judged(t, Settings{}, Lake, ClassII, "do=4.5 codmn=8 nh3n=0.6 tp=0.05 tn=2.4 fcoli=300 water_temp=20")
	if s.Class != ClassIV || !slices.Equal(s.Determining, []string{"do", "codmn"}) || text(s.Main) != "codmn(0.3) do" {
		t.Errorf("class %v by %v, main %s", s.Class, s.Determining, text(s.Main))
	}
	// The multiples are those of the target's limits: 8/4, 0.05/0.025, 0.6/0.5.
	if s.Verdict != standard.Exceeds || text(s.Exceeding) != "codmn(1) do tp(1) nh3n(0.2)" {
		t.Errorf("%v: %s", s.Verdict, text(s.Exceeding))
	}
	if want := []ParameterClass{{"tn", Inferior}, {"fcoli", ClassII}}; !slices.Equal(s.Apart, want) {
		t.Errorf("apart %v", s.Apart)
	}
	if want := []ParameterClass{{"do", ClassIV}, {"codmn", ClassIV}, {"nh3n", ClassIII}, {"tp", ClassIII}}; !slices.Equal(s.ByParameter, want) {
		t.Errorf("by parameter %v", s.ByParameter)
	}
}

// TestMultipleIsExact: worked examples H9 (0.05 is a tie) and H5, and a value no water has.
func TestMultipleIsExact(t *testing.T) {
	f := func(value, limit, want string) {
		t.Helper()
		if got := multiple(fixed(t, value), fixed(t, limit)).Round(1, reading.HalfEven); got != fixed(t, want) {
			t.Errorf("%s over %s is %s times, want %s", value, limit, got, want)
		}
	}
	f("0.21", "0.2", "0")
	f("0.210000001", "0.2", "0.1")
	f("0.85", "0.2", "3.2")
	f("1.133333333", "1", "0.1")
	f("0.0003", "0.0001", "2")
	f("1e9", "40000", "24999")
	f("9e9", "0.00005", "9e9")
}

func TestJudgeUsesItsMemoryAgain(t *testing.T) {
	var section Section
	polluted := sample(t, "ph=7.1 do=2.6 codmn=9.2 cod=38 bod5=8.8 nh3n=1.86 tp=0.36 oil=0.30 tn=-- cd=-- water_temp=20")
	clean := sample(t, "do=8")
	settings := Settings{Saturation: true, Required: []string{"do", "zn"}}
	Judge(&section, &settings, Lake, ClassIII, polluted)
	if n := testing.AllocsPerRun(100, func() { Judge(&section, &settings, Lake, ClassIII, polluted) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	Judge(&section, &Settings{}, River, Unknown, clean)
	if section.Class != ClassI || len(section.ByParameter) != 1 || len(section.Main)+len(section.Missing)+len(section.Apart)+len(section.Exceeding) != 0 || section.Verdict != standard.NotEnough {
		t.Errorf("the sample before is still there: %+v", section)
	}
}

// TestOrderOfValues: the judgement is the same in whichever order the values come.
func TestOrderOfValues(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	values := sample(t, "ph=9.1 do=1.6 codmn=9 cod=30 bod5=6 nh3n=1.5 tp=0.3 cn=0.25 zn=1.2 oil=0.1 se=0.3")
	var first, section Section
	Judge(&first, &Settings{}, River, ClassII, values)
	for range 200 {
		random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		Judge(&section, &Settings{}, River, ClassII, values)
		if section.Class != first.Class || text(section.Main) != text(first.Main) || text(section.Exceeding) != text(first.Exceeding) {
			t.Fatalf("%v\n%s, %s\nwant %s, %s", values, text(section.Main), text(section.Exceeding), text(first.Main), text(first.Exceeding))
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	values := sample(b, "water_temp=18.5 ph=7.28 do=5.72 conductivity=686.5 turbidity=2.6 codmn=6.49 nh3n=1.2 tp=0.27 tn=6.94")
	var section Section
	settings := &Settings{}
	b.ReportAllocs()
	for b.Loop() {
		Judge(&section, settings, River, ClassIII, values)
	}
}
