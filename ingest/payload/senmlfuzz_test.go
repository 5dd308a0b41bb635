package payload

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/influxdb/models"

	"egret/ingest/reading"
)

// mostMemory is how many bytes a byte of payload may take in all: a line of six bytes is a statement and a value of 184,
// which the growth of their lists takes several times over.
const mostMemory = 200

// wantFrugal checks that a payload takes memory only in proportion to its length, and that what comes of it is bounded.
func wantFrugal(t *testing.T, decode Decoder, payload string) *Message {
	t.Helper()
	in := Input{Payload: []byte(payload), Received: receipt}
	m := new(Message)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := decode(&in, m)
	runtime.ReadMemStats(&after)
	if used := int(after.TotalAlloc - before.TotalAlloc); used > mostMemory*len(payload)+100_000 {
		t.Fatalf("%q of %d bytes takes %d bytes", reading.Shorten(payload), len(payload), used)
	}
	values := 0
	for _, s := range m.Statements {
		values += len(s.Values)
		if len(s.Values) == 0 || len(s.Values) > mostValues || (s.HasTime && (s.Time < 0 || s.Time >= instantsEnd)) {
			t.Fatalf("%q becomes %+v", payload, s)
		}
		for _, v := range s.Values {
			if len(v.Name) == 0 || len(v.Name) > mostName+len("_sum") || tooLarge(v.Number) {
				t.Fatalf("%q becomes %+v", payload, v)
			}
		}
	}
	if values+len(m.Notes) > len(payload) || len(m.Problems) > mostProblems {
		t.Fatalf("%q becomes %d values, %d notes and %d problems", payload, values, len(m.Notes), len(m.Problems))
	}
	if err == nil && values+len(m.Notes)+len(m.Problems) == 0 {
		t.Fatalf("nothing comes of %q, and nobody says so", payload)
	}
	if err != nil {
		return nil
	}
	return m
}

func FuzzSenML(f *testing.F) {
	for _, text := range []string{
		`[{"bn":"st17/","bt":1795227300,"n":"pm25","u":"ug/m3","v":35.2},{"n":"temp","u":"Cel","t":-60,"v":-3.5}]`,
		`[{"bn":"urn:dev:ow:1:","bt":1.795227300001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2},{"n":"x","vs":"y"},{"vb":true},{"vd":"aGk"}]`,
		`[{"bv":20,"bs":1,"n":"a","v":0.3,"s":2},{"n":"b_","x_":1},{"n":"c","v":null},7]`, `{"n":"pm25","v":1e-5}`,
		`[{"bn":"a/\u0062","n":"c/d","v":1},{"n":"e","u":"%","t":268435456.5,"v":2},{"bn":"","n":"e","v":2}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		m := wantFrugal(t, plainSenML, payload)
		if m == nil {
			return
		}
		var records []map[string]any
		if !json.Valid([]byte(payload)) {
			t.Fatalf("%q is taken, but is no JSON", payload)
		}
		if json.Unmarshal([]byte(payload), &records) != nil || len(m.Problems) > 0 {
			return
		}
		// What encoding/json reads, resolved by the book.
		var want, got []string
		base := map[string]any{"bn": "", "bt": 0.0, "bu": ""}
		for _, r := range records {
			for label := range base {
				if r[label] != nil {
					base[label] = r[label]
				}
			}
			if r["bv"] != nil || r["s"] != nil {
				return
			}
			v, ok := r["v"].(float64)
			if text, isText := r["vs"].(string); isText {
				var found numberFinding
				v, found = commonMarks.text([]byte(text))
				ok = found != numberAbsent
			}
			if _, truth := r["vb"].(bool); truth || ok {
				name, _ := r["n"].(string)
				name = base["bn"].(string) + name
				unit := base["bu"].(string)
				if u, ok := r["u"].(string); ok {
					unit = u
				}
				at, _ := r["t"].(float64)
				at += base["bt"].(float64)
				if at != 0 && at < 1<<28 {
					at += float64(receipt) / 1e9
				}
				if unit == "%" || unit == "/" {
					unit = "1"
				}
				if tooLarge(v) {
					v = 0 // of a name that is not known
				}
				if v == 0 { // which has no unit
					unit = ""
				}
				want = append(want, fmt.Sprintf("%s=%v[%s] at %.0f", strings.ReplaceAll(name, ":", "/"), v, unit, at))
			}
		}
		for _, s := range m.Statements {
			for _, v := range s.Values {
				name := string(v.Name)
				if len(s.Station) > 0 {
					name = string(s.Station) + "/" + name
				}
				unit := string(v.Unit)
				if v.Number == 0 {
					unit = ""
				}
				got = append(got, fmt.Sprintf("%s=%v[%s] at %.0f", strings.ReplaceAll(name, ":", "/"), v.Number, unit, float64(s.Time)/1e9))
			}
		}
		sort.Strings(want)
		sort.Strings(got)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("%q\nbecomes\n%s\nencoding/json reads\n%s", payload, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func FuzzInfluxLines(f *testing.F) {
	for _, text := range []string{
		"air,station=st17 pm25=35.2,pm10=61i 1795227300000000000", "# x\nm,a=b,station=st\\ 17 a=1,b=t,c=\"x,y \\\" z\" 1\r\n\nm a=-1e3",
		"air,station=wx-1,period=1h pm25=35.2,pm25_flag=5i,pm25_raw=-1 1795227300000000000", "m a=\"x\nm b=2\nm c=\"y\"", `m\,x,b\=c=d\,e f\ g=1,h\,=2`, "m a=1u,b=.5,c=nan 1795227300",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		m := wantFrugal(t, plainLines, payload)
		points, err := models.ParsePointsWithPrecision(bytes.Clone([]byte(payload)), time.Unix(0, 0), "n")
		// InfluxDB takes a tab or a zero byte before a line or a number for white space, and counts only some quotation
		// marks; what stands beside values is not compared.
		if m == nil || err != nil || len(m.Problems) > 0 || strings.ContainsAny(payload, "\t\x00\"\r") || strings.Contains(payload, `\\`) || strings.Contains(payload, "_flag") || strings.Contains(payload, "_raw") {
			return
		}
		var want, got []string
		for _, p := range points {
			fields, err := p.Fields()
			if err != nil {
				return
			}
			at := int64(0)
			if p.UnixNano() != 0 {
				at = p.UnixNano()
			}
			for key, value := range fields {
				var number float64
				switch value := value.(type) {
				case bool:
					number = 0
				case float64:
					number = value
				case int64:
					number = float64(value)
				default:
					continue
				}
				if tooLarge(number) {
					number = 0 // of a name that is not known
				}
				want = append(want, fmt.Sprintf("%s %s=%v at %d", p.Tags().GetString("station"), key, number, at))
			}
		}
		for _, s := range m.Statements {
			for _, v := range s.Values {
				got = append(got, fmt.Sprintf("%s %s=%v at %d", s.Station, v.Name, v.Number, s.Time))
			}
		}
		sort.Strings(want)
		sort.Strings(got)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("%q\nbecomes\n%s\nInfluxDB reads\n%s", payload, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func benchmarkDecoder(b *testing.B, decode Decoder, payload string) {
	in := Input{Payload: []byte(payload), Station: "st17", Received: receipt}
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		m.Reset()
		if err := decode(&in, &m); err != nil || len(m.Statements) != 1 || len(m.Statements[0].Values) != 8 {
			b.Fatal(spoken(&m), err)
		}
	}
}

func BenchmarkSenMLOfEightValues(b *testing.B) {
	benchmarkDecoder(b, plainSenML, `[{"bn":"st17/","bt":1795227300,"n":"pm25","u":"ug/m3","v":35.2},{"n":"pm10","u":"ug/m3","v":60.1},{"n":"so2","u":"ug/m3","v":8.4},{"n":"no2","u":"ug/m3","v":31},`+
		`{"n":"co","u":"mg/m3","v":0.6},{"n":"o3","u":"ug/m3","v":71.5},{"n":"temp","u":"Cel","v":12.3},{"n":"rh","u":"%RH","v":61}]`)
}

func BenchmarkInfluxLineOfEightValues(b *testing.B) {
	benchmarkDecoder(b, plainLines, "air,station=st17 pm25=35.2,pm10=60.1,so2=8.4,no2=31,co=0.6,o3=71.5,temp=12.3,rh=61 1795227300000000000")
}

func BenchmarkInfluxLineOfEightValuesWithFlags(b *testing.B) {
	benchmarkDecoder(b, plainLines, "air,station=st17,period=1h pm25=35.2,pm25_flag=0i,pm10=60.1,pm10_flag=0i,so2=8.4,so2_flag=0i,no2=31,no2_flag=0i,co=0.6,co_flag=0i,o3=71.5,o3_flag=0i,temp=12.3,temp_flag=0i,rh=61,rh_flag=0i 1795227300000000000")
}
