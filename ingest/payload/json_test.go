package payload

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// understood writes down what was understood of a payload, one line a statement, then the problems, first those of
// single values.
func understood(m *Message) string {
	var text, problems strings.Builder
	for _, s := range m.Statements {
		var line strings.Builder
		for _, v := range s.Values {
			if v.Problem != "" {
				fmt.Fprintf(&problems, "! %s\n", v.Problem)
				continue
			}
			fmt.Fprintf(&line, " %s=%v", v.Parameter, v.Number)
			if len(v.Flag) > 0 {
				fmt.Fprintf(&line, "(%s)", v.Flag)
			}
			if len(v.Unit) > 0 {
				fmt.Fprintf(&line, "[%s]", v.Unit)
			}
		}
		if line.Len() == 0 && len(s.Values) > 0 {
			continue
		}
		if s.HasTime {
			fmt.Fprintf(&text, "%s ", time.Unix(0, s.Time).UTC().Format(time.RFC3339Nano))
		}
		fmt.Fprintf(&text, "%s%s\n", s.Period, &line)
	}
	text.WriteString(problems.String())
	for _, problem := range m.Problems {
		fmt.Fprintf(&text, "! %s\n", problem)
	}
	if m.More > 0 {
		fmt.Fprintf(&text, "! and %d more\n", m.More)
	}
	return text.String()
}

func wantUnderstood(t *testing.T, payload string, want ...string) {
	t.Helper()
	var m Message
	got := ""
	if err := JSON(&Input{Payload: []byte(payload)}, &m); err != nil {
		got = "!! " + err.Error() + "\n"
	} else {
		got = understood(&m)
	}
	if got != strings.Join(want, "\n")+"\n" {
		t.Errorf("%s\nbecomes\n%swant\n%s", reading.Shorten(payload), got, strings.Join(want, "\n"))
	}
}

func TestWhatStationsSend(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantUnderstood(t, payload, want...) }
	f(`{"values":{"pm25":35.2,"co":0.6}}`, "rt pm25=35.2 co=0.6")
	f(`{"time":"2026-11-21T10:00:00+08:00","period":"1h","values":{"pm25":35.2,"co":0.6},"flags":{"co":"M"},"units":{"co":"mg/m3"}}`,
		"2026-11-21T02:00:00Z 1h pm25=35.2 co=0.6(M)[mg/m3]")
	f("\n { \"values\" :\t{ \"pm25\" : 1e1 , \"temp\" : -0.5 } }\r\n", "rt pm25=10 temp=-0.5")
	f(`{"values":{"pm25":35.2},"station":"wx-1","nested":{"a":[1,{"b":null}]}}`, "rt pm25=35.2")

	// Times, all of the same instant.
	f(`{"time":"2026-11-21T02:00:00Z","values":{"pm25":1}}`, "2026-11-21T02:00:00Z rt pm25=1")
	f(`{"time":"2026-11-20T21:00:00.250-05:00","values":{"pm25":1}}`, "2026-11-21T02:00:00.25Z rt pm25=1")
	f(`{"time":1795226400,"values":{"pm25":1}}`, "2026-11-21T02:00:00Z rt pm25=1")
	f(`{"time":1795226400.5,"values":{"pm25":1}}`, "2026-11-21T02:00:00.5Z rt pm25=1")
	f(`{"time":1795226400250,"values":{"pm25":1}}`, "2026-11-21T02:00:00.25Z rt pm25=1")
	f(`{"time":1.7952264e9,"values":{"pm25":1}}`, "2026-11-21T02:00:00Z rt pm25=1")
	f(`{"time":null,"values":{"pm25":1}}`, "rt pm25=1")

	// Arrays.
	f(`[{"values":{"pm25":1}},{"time":1795226400,"values":{"pm25":2}}]`, "rt pm25=1", "2026-11-21T02:00:00Z rt pm25=2")
	f(`[{"values":{}},{"values":{"pm25":2}}]`, "rt pm25=2")

	// Texts with escapes, as PHP and Python write them.
	f(`{"values":{"pm\u0032\u0035":1,"co":2},"units":{"co":"mg\/m\u00b3"},"flags":{"pm25":"\u004d"}}`, "rt pm25=1(M) co=2[mg/m³]")
	f(`{"va\u006cues":{"pm25":1},"time":"2026\u002d11-21T02:00:00Z","period":"\u0031h"}`, "2026-11-21T02:00:00Z 1h pm25=1")
	f(`{"values":{"\ud83d\ude00\"\/\n":1}}`, "rt 😀\"/\n=1")

	// null is no value; flags and units may be null too.
	f(`{"values":{"pm25":null,"co":2},"flags":null,"units":{"co":null}}`, "rt co=2")
	f(`{"values":{"pm25":1},"flags":{"pm25":10,"co":"M"}}`, "rt pm25=1(10)")
	f(`{"values":{"a":1},"values":{"b":2}}`, "rt b=2")
	f(`{"values":{"pm25":-0,"co":1e-400}}`, "rt pm25=-0 co=0")
}

func TestMistakesOfAStationAndGoodValuesBetween(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantUnderstood(t, payload, want...) }
	f(`{"values":{"so2":8,"pm25":"35.2","no2":31,"co":true,"o3":71}}`, "rt so2=8 no2=31 o3=71", `! pm25: "35.2" is not a number`, "! co: true is not a number")
	f(`{"values":{"so2":8,"pm25":[1,2],"no2":31,"co":{"value":1},"o3":71}}`, "rt so2=8 no2=31 o3=71", "! pm25: [1,2] is not a number", `! co: {"value":1} is not a number`)
	f(`{"values":{"so2":8,"pm25":1e400,"no2":31,"co":-1e10}}`, "rt so2=8 no2=31", "! pm25: 1e400 is too large", "! co: -1e10 is too large")
	f(`{"values":{"pm25":1,"pm25":2,"pm\u00325":3,"co":4}}`, "rt pm25=1 co=4", "! pm25: is given twice; the first number stands", "! pm25: is given twice; the first number stands")
	f(`[{"values":{"pm25":"x"}},7,{"values":{"pm25":2}},"a",[1],null]`, "rt pm25=2", `! pm25: "x" is not a number`,
		"! element 2 is not an object but 7", `! element 4 is not an object but "a"`, "! element 5 is not an object but [1]", "! element 6 is not an object but null")
	f(`[{"time":"yesterday","values":{"pm25":1}},{"values":{"pm25":2}}]`, "rt pm25=2", `! time "yesterday" is not RFC 3339, such as 2026-11-21T10:00:00+08:00`)

	// Without units or flags nobody knows what the values mean.
	f(`[{"values":{"pm25":0.0352,"co":1},"units":"mg/m3"},{"values":{"no2":2}}]`, "rt no2=2",
		`! pm25: "units" is not an object, as in {"units":{"pm25":…}}`, `! co: "units" is not an object, as in {"units":{"co":…}}`)
	f(`{"values":{"pm25":1},"flags":"M"}`, `! pm25: "flags" is not an object, as in {"flags":{"pm25":…}}`)
}

func TestWhatAPersonIsToldOfAPayload(t *testing.T) {
	f := func(payload, want string) { t.Helper(); wantUnderstood(t, payload, want) }
	f(`{"pm25":35.2}`, `! there is no object "values" (it has "pm25"; put the numbers in an object, as in {"values":{"pm25":35.2}})`)
	f(`{}`, `! there is no object "values"`)
	f(`{"values":[35.2]}`, `! there is no object "values"`)
	f(`{"time":"2026-11-21 10:00:00","values":{"pm25":1}}`, `! time "2026-11-21 10:00:00" is not RFC 3339, such as 2026-11-21T10:00:00+08:00`)
	f(`{"time":"2026-11-21T10:00:00","values":{"pm25":1}}`, `! time "2026-11-21T10:00:00" is not RFC 3339, such as 2026-11-21T10:00:00+08:00`)
	f(`{"time":"1969-12-31T00:00:00Z","values":{"pm25":1}}`, `! time "1969-12-31T00:00:00Z" lies outside 1970 to 2200`)
	f(`{"time":"9999-12-31T00:00:00Z","values":{"pm25":1}}`, `! time "9999-12-31T00:00:00Z" lies outside 1970 to 2200`)
	f(`{"time":-5,"values":{"pm25":1}}`, `! time -5 is neither RFC 3339 nor epoch seconds or milliseconds`)
	f(`{"time":true,"values":{"pm25":1}}`, `! time true is neither RFC 3339 nor epoch seconds or milliseconds`)
	f(`{"time":{},"values":{"pm25":1}}`, `! time {} is neither RFC 3339 nor epoch seconds or milliseconds`)
	f(`{"time":1e400,"values":{"pm25":1}}`, `! time 1e400 is neither RFC 3339 nor epoch seconds or milliseconds`)
	f(`{"time":1795226400000000000,"values":{"pm25":1}}`, `! time 1795226400000000000 lies outside 1970 to 2200`)
	f(`{"period":"2h","values":{"pm25":1}}`, `! period "2h" is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d`)
	f(`{"period":60,"values":{"pm25":1}}`, `! period 60 is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d`)

	// The payload as a whole.
	f(``, `!! the payload is empty`)
	f(" \n", `!! the payload is empty`)
	f(`{"values":{}}`, `!! the payload holds no readings`)
	f(`{"values":{"pm25":null}}`, `!! the payload holds no readings`)
	f(`[]`, `!! the payload holds no readings`)
	f(`35.2`, `!! not JSON: expected an object or an array at byte 0, found "35.2"`)
	f("\ufeff{}", `!! not JSON: expected an object or an array at byte 0, found "\ufeff{}"`)
	f(`pm25=35.2`, `!! not JSON: expected an object or an array at byte 0, found "pm25=35.2"`)
	f(`{"values":{"pm25":35.2}`, `!! not JSON: expected , or }, but the text ends at byte 23`)
	f(`{"values":{"pm25":35.2}}}`, `!! not JSON: something follows the end at byte 24, found "}"`)
	f(`{"values":{"pm25":NaN}}`, `!! not JSON: expected a value at byte 18, found "NaN}}"`)
	f(`{"values":{"pm25":}}`, `!! not JSON: expected a value at byte 18, found "}}"`)
	f(`{"values":{"pm25":01}}`, `!! not JSON: expected a number at byte 20, found "}}"`)
	f(`{"values":{"pm25":1.}}`, `!! not JSON: expected digits after the point at byte 20, found "}}"`)
	f(`{"values":{"pm25":1e}}`, `!! not JSON: expected digits of an exponent at byte 20, found "}}"`)
	f(`{"values":{"pm25":-}}`, `!! not JSON: expected a number at byte 19, found "}}"`)
	f(`{"values":{"pm25":1,}}`, `!! not JSON: expected a text in quotation marks at byte 20, found "}}"`)
	f(`{"values":{pm25:1}}`, `!! not JSON: expected a text in quotation marks at byte 11, found "pm25:1}}"`)
	f(`{'values':{}}`, `!! not JSON: expected a text in quotation marks at byte 1, found "'values':{}}"`)
	f(`{"values" {}}`, `!! not JSON: expected a colon at byte 10, found "{}}"`)
	f(`{"values":{"a":"\x"}}`, `!! not JSON: expected an escaped character at byte 17, found "x\"}}"`)
	f(`{"values":{"a":"\u12g4"}}`, `!! not JSON: expected four hexadecimal digits at byte 17, found "u12g4\"}}"`)
	f(`{"a":"\u12`, `!! not JSON: expected four hexadecimal digits, but the text ends at byte 10`)
	f("{\"a\":\"\n\"}", `!! not JSON: a control character must be escaped at byte 6, found "\n\"}"`)
	f("{\"a\":\"\xff\"}", `!! not JSON: expected UTF-8 at byte 5, found "\"?\"}"`)
	f(`{"a":"b`, `!! not JSON: expected a closing quotation mark, but the text ends at byte 7`)
	f(strings.Repeat("[", 100_000), `!! not JSON: it is nested too deep at byte 65, found "[[[[[[[[[[[["`)
	f(`{"values":{"a":`+strings.Repeat(`{"a":`, 100_000), `!! not JSON: it is nested too deep at byte 326, found "\"a\":{\"a\":{\"a"`)
}

func TestRubbishIsBounded(t *testing.T) {
	values := func(count int) string {
		var text strings.Builder
		for i := range count {
			fmt.Fprintf(&text, `"k%d":%d,`, i, i)
		}
		return `{"values":{` + text.String() + `"last":1}}`
	}
	var m Message
	if err := JSON(&Input{Payload: []byte(values(mostValues + 5))}, &m); err != nil || len(m.Statements[0].Values) != mostValues || len(m.Problems) != 6 {
		t.Errorf("%d values, problems %v, %v", len(m.Statements[0].Values), m.Problems, err)
	}
	if want := "last: is more than the 1000 values that one object may hold"; m.Problems[5] != want {
		t.Errorf("problem is %q, want %q", m.Problems[5], want)
	}
	m.Reset()
	if err := JSON(&Input{Payload: []byte("[" + strings.Repeat("1,", 250_000) + `{"values":{"pm25":1}}]`)}, &m); err != nil || len(m.Problems) != mostProblems || m.More != 250_000-mostProblems || len(m.Statements) != 1 {
		t.Errorf("%d statements, %d problems and %d more, %v", len(m.Statements), len(m.Problems), m.More, err)
	}
	m.Reset()
	if len(m.Problems) != 0 || m.More != 0 || len(m.Statements) != 0 || m.Empty != 0 {
		t.Errorf("after Reset the message is %+v", m)
	}
	if bytes := allocated(strings.Repeat("[1,", 20) + "1"); bytes > 100_000 {
		t.Errorf("%d bytes for rubbish", bytes)
	}
	megabyte := "[" + strings.Repeat(`{"values":{"a":"b"}},`, 50_000) + "1]"
	if bytes := allocated(megabyte); bytes > 8*len(megabyte) {
		t.Errorf("%d bytes for a megabyte of rubbish", bytes)
	}
}

// allocated returns how many bytes reading a payload takes.
func allocated(payload string) int {
	text := []byte(payload)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var m Message
	_ = JSON(&Input{Payload: text}, &m)
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}
