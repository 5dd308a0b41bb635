package air

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// assessed returns the assessment as those who read the JSON see it.
func assessed(t *testing.T, date, period string, grade int, values string, practice *Practice) map[string]any {
	t.Helper()
	a, err := Assess(on(t, date), period, grade, measured(t, values), practice)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, a)
}

func decoded(t *testing.T, a Assessment) map[string]any {
	t.Helper()
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

// wantFields compares fields with JSON values: "aqi=117".
func wantFields(t *testing.T, object map[string]any, fields ...string) {
	t.Helper()
	for _, field := range fields {
		key, text, _ := strings.Cut(field, "=")
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		got, there := object[key]
		if !there || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %s", key, got, text)
		}
	}
}

func limitLine(t *testing.T, object map[string]any, i int) map[string]any {
	t.Helper()
	lines := object["limits"].([]any)
	if i >= len(lines) {
		t.Fatalf("%d limits", len(lines))
	}
	return lines[i].(map[string]any)
}

func TestAssessADay(t *testing.T) {
	a := assessed(t, "2026-11-21", "day", Grade2, "pm25=78.2 pm10=120 o3_8h=90", &Practice{})
	wantFields(t, a, `standard="HJ 633-2026"`, `date="2026-11-21"`, `period="day"`, `aqi=117`, `partial_aqi=117`, `published=true`, `level=3`,
		`category="轻度污染"`, `category_english="lightly polluted"`, `colour="orange"`, `primary=["pm25"]`,
		`iaqi={"pm25":117,"pm10":100,"o3_8h":45}`, `without_iaqi={"so2":"no valid value","no2":"no valid value","co":"no valid value"}`)
	wantFields(t, limitLine(t, a, 0), `parameter="pm25"`, `statistic="day"`, `value=78.2`, `compared=78`, `limit=60`, `grade=2`, `standard="GB 3095-2026"`,
		`phase="transitional"`, `clause="table 1"`, `certainty="seen in the standard"`, `meets=false`)
	wantFields(t, limitLine(t, a, 1), `parameter="pm10"`, `value=120`, `limit=120`, `meets=true`)
	wantFields(t, limitLine(t, a, 2), `parameter="o3_8h"`, `value=90`, `limit=160`, `meets=true`)
	if !strings.Contains(limitLine(t, a, 0)["rounding"].(string), "half-even to 0 decimals, HJ 663-2026") {
		t.Errorf("rounding: %v", limitLine(t, a, 0)["rounding"])
	}
}

func TestAssessWhatMustNotBePublished(t *testing.T) {
	a := assessed(t, "2026-11-21", "day", Grade2, "pm25=45", &Practice{})
	wantFields(t, a, `aqi=null`, `partial_aqi=70`, `published=false`, `level=null`, `category=null`, `primary=[]`, `iaqi={"pm25":70}`)
	a = assessed(t, "2026-11-21", "day", Grade2, "pm25=-", &Practice{})
	wantFields(t, a, `aqi=null`, `partial_aqi=null`, `published=false`, `iaqi={}`)
	wantFields(t, limitLine(t, a, 0), `parameter="pm25"`, `value=null`, `compared=null`, `limit=60`, `meets=null`)
}

func TestAssessAnHour(t *testing.T) {
	a := assessed(t, "2026-11-21", "hour", Grade1, "pm25=28 pm10=51 so2=860 no2=40 co=1.4 o3=35", &Practice{})
	wantFields(t, a, `aqi=200`, `primary=["so2"]`, `level=4`)
	wantFields(t, limitLine(t, a, 0), `parameter="so2"`, `statistic="1h"`, `limit=150`, `grade=1`, `meets=false`)
	wantFields(t, limitLine(t, a, 1), `parameter="no2"`, `limit=200`, `meets=true`)
	a = assessed(t, "2020-06-01", "hour", Grade2, "so2=818 so2_24h=150", &Practice{})
	wantFields(t, a, `standard="HJ 633-2012"`, `aqi=100`)
	wantFields(t, limitLine(t, a, 0), `standard="GB 3095-2012 (amendment 2018)"`, `phase=""`, `limit=500`, `meets=false`)
}

func TestAssessAYear(t *testing.T) {
	a := assessed(t, "2031-12-31", "year", Grade2, "pm25=25.4 co=1.1 o3_8h=161 tsp=150 pb=0.5", &Practice{})
	wantFields(t, a, `standard="GB 3095-2026"`, `aqi=null`, `published=false`, `iaqi={}`)
	wantFields(t, limitLine(t, a, 0), `parameter="pm25"`, `statistic="year"`, `value=25.4`, `limit=25`, `phase="final"`, `meets=true`)
	wantFields(t, limitLine(t, a, 1), `parameter="co"`, `statistic="day"`, `limit=4`, `meets=true`)
	wantFields(t, limitLine(t, a, 2), `parameter="o3_8h"`, `statistic="day"`, `limit=160`, `meets=false`)
	wantFields(t, limitLine(t, a, 3), `parameter="tsp"`, `clause="table 2"`, `limit=200`, `meets=true`)
	wantFields(t, limitLine(t, a, 4), `parameter="pb"`, `limit=0.5`, `meets=true`)
}

func TestAssessUS(t *testing.T) {
	a, err := AssessUS(on(t, "2026-11-21"), measured(t, "pm25=12.0 o3_8h=154.1"))
	if err != nil {
		t.Fatal(err)
	}
	wantFields(t, decoded(t, a), `standard="US EPA AQI (EPA-454/B-24-002, May 2024)"`, `aqi=126`, `category="Unhealthy for Sensitive Groups"`,
		`primary=["o3_8h"]`, `limits=[]`)
}

func TestAssessRefusesWhatItCannotJudge(t *testing.T) {
	f := func(date, period string, grade int, values, want string) {
		t.Helper()
		_, err := Assess(on(t, date), period, grade, measured(t, values), &Practice{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %s %d %s: %v, want %q", date, period, grade, values, err, want)
		}
	}
	f("2026-11-21", "week", 2, "pm25=1", `period "week" is not known: use hour, day or year`)
	f("2026-11-21", "day", 3, "pm25=1", `grade 3 is not known: use 1 (class-1 areas) or 2`)
	f("2026-11-21", "day", 2, "pm2.5=1", `parameter "pm2.5" is not judged here: use bap, co, no2, nox, o3_8h, pm10, pm25, so2, tsp`)
	f("2026-11-21", "hour", 2, "o3_8h=1", `use co, no2, nox, o3, pm10, pm25, so2`)
	f("2020-06-01", "hour", 2, "temp=1", `use co, no2, nox, o3, pm10, pm25, so2, so2_24h`)
	f("2026-11-21", "year", 2, "temp=1", `use bap, co, no2, nox, o3_8h, pb, pm10, pm25, so2, tsp`)
	f("2026-11-21", "day", 2, "pm25=- pm25=1", `parameter "pm25" is given twice`)
	f("1999-11-21", "day", 2, "pm25=1", `holds from 2012-02-29`)
	if _, err := AssessUS(on(t, "2026-11-21"), measured(t, "tsp=1")); err == nil || !strings.Contains(err.Error(), "use co, no2, o3, o3_8h, pm10, pm25, so2, so2_24h") {
		t.Errorf("US: %v", err)
	}
	if _, err := AssessUS(on(t, "2012-12-31"), nil); err == nil || !strings.Contains(err.Error(), "holds from 2013-01-01") {
		t.Errorf("US: %v", err)
	}
}
