package payload

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"unicode/utf8"

	"egret/ingest/reading"
)

func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"time":"2026-11-21T10:00:00+08:00","period":"1h","values":{"pm25":35.2,"co":null,"x":"1"},"flags":{"co":"M"},"units":{"co":"mg\/m3"}}`,
		`[{"values":{"a":1e-5,"a":2}},{"time":1795226400000,"values":{"\ud83d\ude00":-0.0}},7]`,
		`{"values":{"a":1},"units":7}`, `{"values":{"a":1}} `, `[[[[`, "\ufeff{}", `{"a":{"b":[true,false,null,"\u00e9"]}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var m Message
		err := JSON(&Input{Payload: payload}, &m)
		if err == nil && !json.Valid(payload) {
			t.Fatalf("%q is accepted, but is no JSON", payload)
		}
		if len(m.values) > len(payload) || len(m.Problems) > mostProblems {
			t.Fatalf("%d values and %d problems of %d bytes", len(m.values), len(m.Problems), len(payload))
		}
		numbers := numbersIn(payload)
		if !utf8.Valid(payload) || depth(payload) > mostDepth || len(numbers) == 0 || len(numbers) > mostValues {
			return
		}
		if err != nil {
			t.Fatalf("%q is refused: %v", payload, err)
		}
		for _, s := range m.Statements {
			if len(s.Values) != len(numbers) {
				t.Fatalf("%q: %v, encoding/json reads %v", payload, s.Values, numbers)
			}
			for _, v := range s.Values {
				if want, ok := numbers[string(v.Parameter)]; !ok || want != v.Number {
					t.Fatalf("%q: %s is %v, encoding/json reads %v", payload, v.Parameter, v.Number, numbers)
				}
			}
		}
	})
}

// numbersIn reads the numbers of one object of readings with encoding/json, the first of each parameter.
func numbersIn(payload []byte) map[string]float64 {
	var object map[string]json.RawMessage
	if json.Unmarshal(payload, &object) != nil || len(object["values"]) == 0 || object["values"][0] != '{' {
		return nil
	}
	numbers := make(map[string]float64)
	values := json.NewDecoder(bytes.NewReader(object["values"]))
	_, _ = values.Token()
	for values.More() {
		key, _ := values.Token()
		var value any
		err := values.Decode(&value)
		if number, ok := value.(float64); ok && err == nil && math.Abs(number) < reading.MaxFixed {
			if _, again := numbers[key.(string)]; !again {
				numbers[key.(string)] = number
			}
		}
	}
	return numbers
}

func depth(payload []byte) (most int) {
	at := 0
	for _, c := range payload {
		switch c {
		case '{', '[':
			at++
			most = max(most, at)
		case '}', ']':
			at--
		}
	}
	return most
}

func BenchmarkJSONOfEightValues(b *testing.B) {
	payload := []byte(`{"time":"2026-11-21T10:00:00+08:00","values":{"pm25":35.2,"pm10":60.1,"so2":8.4,"no2":31,"co":0.6,"o3":71.5,"temp":12.3,"rh":61}}`)
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		m.Reset()
		if err := JSON(&Input{Payload: payload}, &m); err != nil {
			b.Fatal(err)
		}
	}
}
