package water

import (
	"encoding/json"
	"strings"
	"testing"
)

func assessedJSON(t testing.TB, settings Settings, kind Type, target Class, values string) map[string]any {
	t.Helper()
	a, err := Assess(&settings, kind, target, sample(t, values))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// TestAssessment holds the keys that others read: `egret assess water` is an interface to the outside.
func TestAssessment(t *testing.T) {
	f := func(object map[string]any, key, want string) {
		t.Helper()
		value, there := object[key]
		text, err := json.Marshal(value)
		if err != nil || !there || string(text) != want {
			t.Errorf("%s is %s, want %s", key, text, want)
		}
	}
	// Worked example H3.
	river := assessedJSON(t, Settings{}, River, ClassIII, "ph=7.4 do=5.2 codmn=7.5 cod=26 bod5=5.1 nh3n=1.32 tp=0.28")
	f(river, "standard", `"GB 3838-2002"`)
	f(river, "type", `"river"`)
	f(river, "class", "4")
	f(river, "class_name", `"Ⅳ"`)
	f(river, "status", `"轻度污染"`)
	f(river, "determining", `["codmn","cod","bod5","nh3n","tp"]`)
	f(river, "main_pollutants", `[{"class":4,"exceeds":0.4,"parameter":"tp"},{"class":4,"exceeds":0.3,"parameter":"nh3n"},{"class":4,"exceeds":0.3,"parameter":"cod"}]`)
	f(river, "by_parameter", `{"bod5":4,"cod":4,"codmn":4,"do":3,"nh3n":4,"ph":1,"tp":4}`)
	f(river, "target", "3")
	f(river, "meets", "false")
	f(river, "black_odorous", "null")
	f(river, "tli", "null")
	f(river, "trophic", "null")
	f(river, "at_least", "4")
	f(river, "missing", "[]")
	f(river, "apart", "{}")
	f(river, "status_english", `"lightly polluted"`)
	if _, there := river["source_items"]; there {
		t.Error("items of drinking water that were not given")
	}

	// A lake, with the values of worked example H15.
	lake := assessedJSON(t, Settings{}, Lake, Unknown, "do=6.5 chla=10 tp=0.05 tn=1 transparency=1 codmn=4 fcoli=200 cu=0.06L")
	f(lake, "class", "3")
	f(lake, "class_name", `"Ⅲ"`)
	f(lake, "status", `"良好"`)
	f(lake, "determining", `["tp"]`)
	f(lake, "main_pollutants", "[]")
	f(lake, "by_parameter", `{"codmn":2,"cu":null,"do":2,"tp":3}`)
	f(lake, "apart", `{"fcoli":1,"tn":3}`)
	f(lake, "target", "null")
	f(lake, "meets", "null")
	f(lake, "tli", "48.018")
	f(lake, "trophic", `"中营养"`)
	f(lake, "trophic_levels", `{"chla":50.006,"codmn":37.979,"tn":54.53,"tp":45.709,"transparency":51.18}`)

	// What cannot be told is null.
	lacking := assessedJSON(t, Settings{}, River, ClassIII, "do=-- nh3n=16")
	f(lacking, "class", "null")
	f(lacking, "class_name", `""`)
	f(lacking, "status", `""`)
	f(lacking, "determining", "[]")
	f(lacking, "missing", `["do"]`)
	f(lacking, "at_least", "6")
	f(lacking, "meets", "false")
	f(lacking, "exceeding", `[{"class":6,"exceeds":15,"parameter":"nh3n"}]`)
	f(lacking, "black_odorous", `"heavy"`)

	inferior := assessedJSON(t, Settings{}, River, ClassV, "ph=9.3 do=9 codmn=3 mn=0.2")
	f(inferior, "class", "6")
	f(inferior, "class_name", `"劣Ⅴ"`)
	f(inferior, "main_pollutants", `[{"class":6,"exceeds":null,"parameter":"ph"}]`)
	f(inferior, "source_items", `[{"clause":"table 2","limit":0.1,"meets":false,"parameter":"mn","value":0.2}]`)

	f(assessedJSON(t, Settings{}, River, Unknown, "chla=10 tp=0.05 tn=1 transparency=1 codmn=4"), "tli", "null") // a river has no trophic state
	clean := assessedJSON(t, Settings{}, River, ClassII, good)
	f(clean, "black_odorous", `"none"`)
}

func TestAssessmentNamesItsSettings(t *testing.T) {
	text := func(settings Settings) string {
		written, err := json.Marshal(assessedJSON(t, settings, River, Unknown, "do=8")["settings"])
		if err != nil {
			t.Fatal(err)
		}
		return string(written)
	}
	usual, changed := text(Settings{}), text(Settings{Comparison: Rounded, Saturation: true, PHMean: HydrogenPH, Required: []string{"do", "tp"}})
	for _, word := range []string{"raw values", "mg/L alone", "arithmetic mean of pH", "half of the detection limit", "all items the section measures"} {
		if !strings.Contains(usual, word) {
			t.Errorf("%q is not in %s", word, usual)
		}
	}
	for _, word := range []string{"half-even to the published decimals", "90 % of saturation", "hydrogen ions", "do, tp"} {
		if !strings.Contains(changed, word) {
			t.Errorf("%q is not in %s", word, changed)
		}
	}
}

func TestAssessRefuses(t *testing.T) {
	f := func(values, want string) {
		t.Helper()
		_, err := Assess(&Settings{}, River, ClassIII, sample(t, values))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", values, err, want)
		}
	}
	f("", "no values")
	f("pm25=35", "no parameter of water")
	f("doo=5", "no parameter of water")
	f("do=5 do=6", "given twice")
	f("do=250", "outside 0 to 40 mg/L")
	f("nh3n=-0.1", "outside 0 to 500 mg/L")
	f("benzene=-1", "negative")
}

func TestParseMeasured(t *testing.T) {
	f := func(text string, want Measured) {
		t.Helper()
		want.Parameter = "phenol"
		if got, err := ParseMeasured("phenol", text); err != nil || got != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
	f("0.0021", Measured{Value: 0.0021e9, Valid: true})
	f("0.0003L", Measured{Value: 0.0003e9, Valid: true, BelowDetection: true})
	f("--", Measured{})
	f("", Measured{})
	for _, text := range []string{"x", "L", "1,5", "-", "5 mg/L"} {
		if m, err := ParseMeasured("phenol", text); err == nil {
			t.Errorf("%q is read as %+v", text, m)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]Class{"1": ClassI, "I": ClassI, "Ⅰ": ClassI, "ii": ClassII, "III": ClassIII, "Ⅲ类": ClassIII, "IV": ClassIV, " V ": ClassV, "Ⅴ": ClassV, "6": Inferior, "劣Ⅴ": Inferior, "劣Ⅴ类": Inferior} {
		if got, err := ParseClass(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "7", "VI", "类", "III-IV"} {
		if got, err := ParseClass(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	if _, err := ParseTarget("劣Ⅴ"); err == nil {
		t.Error("a target inferior to class V")
	}
	if got, err := ParseTarget("V"); err != nil || got != ClassV {
		t.Errorf("%v, %v", got, err)
	}
	for _, kind := range []Type{River, Lake} {
		if got, err := ParseType(kind.String()); err != nil || got != kind {
			t.Errorf("%v, %v", got, err)
		}
	}
	if _, err := ParseType("reservoir"); err == nil {
		t.Error("a reservoir is given as a lake")
	}
	// Statuses and colours of 环办〔2011〕22号.
	f := func(class Class, name, chinese, english, colour string) {
		t.Helper()
		s := class.Status()
		if class.String() != name || s.String() != chinese || s.English() != english || s.Colour() != colour {
			t.Errorf("%v is %v, %s, %s", class, s, s.English(), s.Colour())
		}
	}
	f(ClassI, "Ⅰ", "优", "excellent", "blue")
	f(ClassII, "Ⅱ", "优", "excellent", "blue")
	f(ClassIII, "Ⅲ", "良好", "good", "green")
	f(ClassIV, "Ⅳ", "轻度污染", "lightly polluted", "yellow")
	f(ClassV, "Ⅴ", "中度污染", "moderately polluted", "orange")
	f(Inferior, "劣Ⅴ", "重度污染", "heavily polluted", "red")
	f(Unknown, "", "", "", "")
}
