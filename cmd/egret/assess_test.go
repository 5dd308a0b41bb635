package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected output in testdata anew")

// Each file in testdata/assess is a session: command lines after $, and what they print.
func TestAssessForPeople(t *testing.T) {
	sessions, err := filepath.Glob("testdata/assess/*.txt")
	if err != nil || len(sessions) != 3 {
		t.Fatalf("sessions: %v, %v", sessions, err)
	}
	for _, session := range sessions {
		t.Run(filepath.Base(session), func(t *testing.T) {
			text, err := os.ReadFile(session)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for line := range strings.Lines(string(text)) {
				if command, ok := strings.CutPrefix(line, "$ egret "); ok {
					got.WriteString(line + mustEgret(t, strings.Fields(command)...) + "\n")
				}
			}
			if *update {
				if err := os.WriteFile(session, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(text); got.String() != want && !*update {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

// The JSON is an outside interface: these keys, with these values.
func TestAssessForPrograms(t *testing.T) {
	f := func(line string, want map[string]string) {
		t.Helper()
		var object map[string]json.RawMessage
		if err := json.Unmarshal([]byte(mustEgret(t, strings.Fields("assess "+line+" --json")...)), &object); err != nil {
			t.Fatal(err)
		}
		for key, text := range want {
			var got, expected any
			if json.Unmarshal(object[key], &got) != nil || json.Unmarshal([]byte(text), &expected) != nil {
				t.Errorf("%s: %s is %s", line, key, object[key])
				continue
			}
			if !contains(got, expected) {
				t.Errorf("%s: %s is %s, want %s", line, key, object[key], text)
			}
		}
	}
	f("air --date 2026-11-21 --period day pm25=78 pm10=120 so2=9 no2=41 co=0.8 o3_8h=90", map[string]string{
		"standard": `"HJ 633-2026"`, "period": `"day"`, "aqi": `117`, "partial_aqi": `117`, "published": `true`, "level": `3`, "category": `"轻度污染"`,
		"primary": `["pm25"]`, "iaqi": `{"pm25":117,"pm10":100,"so2":9,"no2":52,"co":20,"o3_8h":45}`,
		"limits": `[{"parameter":"pm25","statistic":"day","value":78,"limit":60,"standard":"GB 3095-2026","phase":"transitional","meets":false}]`,
	})
	f("air --date 2026-11-21 pm25=45", map[string]string{"aqi": `null`, "partial_aqi": `70`, "published": `false`, "level": `null`, "category": `null`, "primary": `[]`})
	f("air --date 2026-12-31 --period year --grade 1 pm25=15.5", map[string]string{"limits": `[{"parameter":"pm25","value":15.5,"limit":15,"meets":false}]`, "period": `"year"`, "aqi": `null`})
	f("water --type river --target III ph=7.4 do=5.2 codmn=7.5 nh3n=1.32 tp=0.28", map[string]string{
		"standard": `"GB 3838-2002"`, "type": `"river"`, "class": `4`, "class_name": `"Ⅳ"`, "status": `"轻度污染"`, "determining": `["codmn","nh3n","tp"]`,
		"main_pollutants": `[{"parameter":"tp","class":4,"exceeds":0.4},{"parameter":"nh3n","class":4,"exceeds":0.3},{"parameter":"codmn","class":4,"exceeds":0.2}]`,
		"by_parameter":    `{"ph":1,"do":3,"codmn":4,"nh3n":4,"tp":4}`, "target": `3`, "meets": `false`, "black_odorous": `null`, "tli": `null`, "trophic": `null`,
	})
	f("water --type lake do=6.5 codmn=4 tp=0.05 tn=1 chla=10 transparency=1", map[string]string{"type": `"lake"`, "tli": `48.018`, "trophic": `"中营养"`, "target": `null`})
	f("noise --zone 2 --date 2026-11-21 day=55.2 night=50.1", map[string]string{
		"standard": `"GB 3096-2008"`, "zone": `"2"`, "ld": `55.2`, "ln": `50.1`, "day": `{"limit":60,"meets":true}`, "night": `{"limit":50,"meets":false}`,
	})
	// Hours of one level are a day and a night of that level: Ldn = 50 + 10·lg((16+8·10)/24) = 56.020…
	f("noise --zone 1 --date 2026-11-21 hours="+strings.TrimSuffix(strings.Repeat("50,", 24), ","), map[string]string{
		"ld": `50`, "ln": `50`, "ldn": `56.020599913`, "day": `{"limit":55,"meets":true,"hours":16}`, "night": `{"limit":45,"meets":false,"hours":8}`,
	})
	// With three of eight night hours missing nothing is known of the night.
	f("noise --zone 1 --date 2026-11-21 hours=-,-,,"+strings.TrimSuffix(strings.Repeat("50,", 21), ","), map[string]string{
		"ld": `50`, "ln": `null`, "ldn": `null`, "day": `{"meets":true}`, "night": `{"limit":45,"meets":null,"hours":5}`,
	})
}

// contains says whether got has all that is expected: an object may have more keys, a list more entries.
func contains(got, expected any) bool {
	switch want := expected.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		for key, value := range want {
			if inner, there := object[key]; !ok || !there || !contains(inner, value) {
				return false
			}
		}
		return ok
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) < len(want) || (len(want) == 0 && len(list) > 0) {
			return false
		}
		for i := range want {
			if !contains(list[i], want[i]) {
				return false
			}
		}
		return true
	default:
		return got == expected
	}
}

func TestWhatAssessCannotJudge(t *testing.T) {
	f := func(code int, line, want string) {
		t.Helper()
		output, problem, got := egret(t, strings.Fields("assess "+line)...)
		if got != code || !strings.Contains(problem, want) || output != "" {
			t.Errorf("assess %s ends with %d: %s\n%s", line, got, problem, output)
		}
	}
	f(exitUsage, "soil", "unknown command")
	f(exitUsage, "air", "no values: write them as in pm25=78")
	f(exitUsage, "air pm25", `"pm25" is no value: write it as in pm25=78`)
	f(exitUsage, "air --date 2026-02-30 pm25=78", `--date "2026-02-30" is not a date`)
	f(exitUsage, "air --period week pm25=78", `--period "week" is not known: use hour, day or year`)
	f(exitUsage, "air --us --period year pm25=78", "--period year does not go with --us")
	f(exitUsage, "air --loud pm25=78", "unknown flag: --loud")
	f(exitInput, "air --date 2026-11-21 pm25=high", `pm25: "high" is not a number: write one such as 35.2, or - for a missing value`)
	f(exitInput, "air --date 2026-11-21 pm25=78000", "pm25=78000 lies outside the plausible range -5 to 5000 ug/m3")
	f(exitInput, "air --date 2026-11-21 pm25=78 pm25=79", `"pm25" is given twice`)
	f(exitInput, "air --date 2026-11-21 voc=78", `"voc" is not judged here`)
	f(exitInput, "air --date 1990-01-01 pm25=78", "1990-01-01")
	f(exitInput, "air --date 2026-11-21 --grade 3 pm25=78", "grade 3 is not known")
	f(exitUsage, "water --type sea do=5", "--type:")
	f(exitUsage, "water --target VII do=5", `--target: class "VII" is not known`)
	f(exitInput, "water do=wet", `do: "wet" is no value`)
	f(exitInput, "water pm25=5", `"pm25" is no parameter of water`)
	f(exitUsage, "noise day=55", `--zone: zone "" is not known: use 0, 1, 2, 3, 4a, 4b, construction`)
	f(exitUsage, "noise --zone 2 --date today day=55", "--date")
	f(exitInput, "noise --zone 2 day=55 dusk=50", `"dusk" is not known: use day, night, lmax or hours`)
	f(exitInput, "noise --zone 2 day=55 day=56", "day is given twice")
	f(exitInput, "noise --zone 2 day=550", "day=550 lies outside the plausible range 0 to 150 dB")
	f(exitInput, "noise --zone 2 hours=50,51", "hours: 2 levels: give 24, from 00:00 on")
	f(exitInput, "noise --zone 2 night=45 hours="+strings.Repeat("50,", 23)+"50", "hours gives day and night already")
	f(exitInput, "noise --zone 2 hours="+strings.Repeat("50,", 23)+"loud", `hour 23: "loud" is not a number`)
	f(exitInput, "noise --zone 2 lmax=60", "there is no level: give day, night or hours")
}

func TestAssessNeedsNoDate(t *testing.T) {
	wantText(t, mustEgret(t, "assess", "air", "pm25=45"), "POLLUTANT", "ug/m3")
	for _, command := range []string{"air", "water", "noise"} {
		wantText(t, mustEgret(t, "assess", command, "--help"), "Usage:", "Examples:", "--json")
	}
}
