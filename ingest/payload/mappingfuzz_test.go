package payload

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"egret/ingest/reading"
)

// pairMapping and groupMapping are those of the two shapes that most devices have, with messages of them.
var (
	pairMapping = Mapping{
		Station: "esp8266id", Lists: []MappedList{{Path: "sensordatavalues", Name: "value_type", Value: "value"}},
		Names: map[string]Target{
			"SDS_P1": {Parameter: "pm10", Unit: "ug/m3", Absent: []string{"-1"}}, "SDS_P2": {Parameter: "pm25", Unit: "ug/m3", Absent: []string{"-1"}},
			"BME280_temperature": {Parameter: "temp", Unit: "Cel"}, "BME280_humidity": {Parameter: "rh", Unit: "%RH"}, "BME280_pressure": {Parameter: "pressure", Unit: "Pa"},
			"samples": {}, "min_micro": {}, "signal": {},
		},
	}
	groupMapping = Mapping{Station: "deviceInfo.devEui", Time: "time", Groups: []string{"object"}}
)

const (
	airrohr = `{"esp8266id":"4711","software_version":"NRZ-2024-135","sensordatavalues":[{"value_type":"SDS_P1","value":"61.00"},{"value_type":"SDS_P2","value":"35.20"},` +
		`{"value_type":"BME280_temperature","value":"-1.00"},{"value_type":"BME280_pressure","value":"101325.00"},{"value_type":"BME280_humidity","value":"44.00"},` +
		`{"value_type":"samples","value":"924605"},{"value_type":"min_micro","value":"147"},{"value_type":"signal","value":"-52"}]}`
	uplink = `{"deduplicationId":"5f1c","time":"2026-11-21T02:15:00.25+00:00","deviceInfo":{"tenantId":"t","applicationName":"air","deviceName":"Roof 7","devEui":"70b3d57ed0001234","tags":{"city":"x"}},` +
		`"devAddr":"00189440","fPort":2,"data":"Zm9v","object":{"pm25":35.2,"temp":-3.5,"BatV":3.61,"status":"ok","rain":0},"rxInfo":[{"gatewayId":"aa","rssi":-57,"snr":10.2}],"txInfo":{"frequency":868100000}}`
)

func FuzzMapping(f *testing.F) {
	for _, text := range []string{airrohr, uplink, `{"Time":"2026-11-21T10:15:00","A":{"PM2.5":35.2},"B":{"T":null,"id":"x"},"C":{"T":5},"unit":"C"}`, `{"metrics":[{"fields":{"a":{"b":{"c":1}}},"tags":{"station":7},"timestamp":"1e9"}]}`,
		`{"a":1,"m":[{"s":"x","n":"PM","v":"-1"},{"n":"pm25","v":2,"u":"mg\/m3"}],"t":"2026-11-21 10:00:00","skip":1}`, `[[{"pm25":1}]]`, `{"\u0061":{"":{"":1}}}`} {
		for which := range byte(4) {
			f.Add(which, []byte(text))
		}
	}
	berlin := reading.FixedOne / 3
	all := Mapping{
		Each: "m", Station: "s", Time: "t", PeriodPath: "p", FlagPath: "f", ExceptPath: "skip", Absent: []string{"-1", "x"},
		Values: []MappedValue{{Path: "a", UnitPath: "u", Target: Target{Parameter: "co", Scale: berlin, Offset: berlin}}, {Path: "#.a|0", Target: Target{Parameter: "co"}}},
		Lists:  []MappedList{{Path: "@this", Name: "n", Value: "v", Unit: "u", Flag: "f"}}, Groups: []string{"@this", "a"}, Marks: map[string]string{"1": "fault"}, Names: map[string]Target{"PM": {Parameter: "pm25"}, "a": {}},
	}
	var decoders []Decoder
	whole := Mapping{
		Time: "Time", Groups: []string{"@this"}, Values: []MappedValue{{Path: "A.T", UnitPath: "unit", Target: Target{Parameter: "temp"}}},
		Names: map[string]Target{"B.T": {Parameter: "temp"}, "C.T": {Parameter: "temp"}, "A.PM2.5": {Parameter: "pm25", Unit: "ug/m3"}},
	}
	for _, m := range []Mapping{pairMapping, all, groupMapping, whole} {
		decoders = append(decoders, JSONMapping(Profiles[Mapping]{Default: &m, Of: map[string]*Mapping{"x": &all}}))
	}
	f.Fuzz(func(t *testing.T, which byte, payload []byte) {
		decode := decoders[int(which)%len(decoders)]
		var m Message
		var err error
		if used := spent(func() { err = decode(&Input{Payload: payload}, &m) }); used > uint64(200*len(payload)+100_000) {
			t.Errorf("%d bytes of memory for a payload of %d", used, len(payload))
		}
		if len(m.Problems) > mostProblems || len(m.values) > len(payload) || len(m.Notes) > len(payload) {
			t.Errorf("%d problems, %d values and %d notes of %d bytes", len(m.Problems), len(m.values), len(m.Notes), len(payload))
		}
		for _, problem := range m.Problems {
			if len(problem) > 2048 {
				t.Errorf("a problem of %d bytes", len(problem))
			}
		}
		if err == nil && len(m.Statements)+len(m.Problems)+len(m.Notes)+m.Empty == 0 && which%4 > 1 {
			t.Errorf("%q is taken and nothing is said of it", payload)
		}
		for _, s := range m.Statements {
			written := map[string]bool{}
			for _, v := range s.Values {
				if name := string(v.Written()); written[name] || len(name) > mostName {
					t.Errorf("%q names %q twice, or too long", payload, name)
				} else {
					written[name] = true
				}
				if math.IsNaN(v.Number) || math.Abs(v.Number) >= reading.MaxFixed {
					t.Errorf("%q holds %v", payload, v.Number)
				}
			}
			if len(s.Values) == 0 || len(s.Values) > mostValues {
				t.Errorf("a statement of %d values", len(s.Values))
			}
		}
	})
}

func benchmarkMapping(b *testing.B, m Mapping, payload string, values int) {
	decode := JSONMapping(Profiles[Mapping]{Default: &m})
	in := &Input{Payload: []byte(payload)}
	var message Message
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		message.Reset()
		if err := decode(in, &message); err != nil {
			b.Fatal(err)
		}
	}
	if len(message.values) != values {
		b.Fatal(mapped(&message))
	}
}

// eight are names and numbers as stations have them.
var eight = []struct {
	key    string
	number float64
}{{"pm25", 35.2}, {"pm10", 60.1}, {"so2", 8.4}, {"no2", 31}, {"co", 0.6}, {"o3", 71.5}, {"temp", 12.3}, {"rh", 61}}

func BenchmarkMappingOfEightPaths(b *testing.B) {
	m := Mapping{Station: "id", Time: "time"}
	var members []string
	for _, e := range eight {
		m.Values = append(m.Values, MappedValue{Path: "data." + e.key, Target: Target{Parameter: e.key}})
		members = append(members, fmt.Sprintf("%q:%v", e.key, e.number))
	}
	benchmarkMapping(b, m, `{"id":"wx-1","time":"2026-11-21T10:00:00+08:00","data":{`+strings.Join(members, ",")+`}}`, 8)
}

func BenchmarkMappingOfEightPairs(b *testing.B) {
	var list []string
	for _, e := range eight {
		list = append(list, fmt.Sprintf(`{"value_type":%q,"value":"%v"}`, e.key, e.number))
	}
	m := Mapping{Station: "id", Lists: pairMapping.Lists, Names: map[string]Target{}}
	for _, e := range eight {
		m.Names[e.key] = Target{Parameter: e.key, Unit: "ug/m3"}
	}
	benchmarkMapping(b, m, `{"id":"wx-1","sensordatavalues":[`+strings.Join(list, ",")+`]}`, 8)
}

func BenchmarkMappingOfAGroupOfEight(b *testing.B) {
	var members []string
	for _, e := range eight {
		members = append(members, fmt.Sprintf("%q:%v", e.key, e.number))
	}
	benchmarkMapping(b, Mapping{Station: "id", Time: "time", Groups: []string{"object"}}, `{"id":"wx-1","time":"2026-11-21T10:00:00+08:00","object":{`+strings.Join(members, ",")+`}}`, 8)
}

func BenchmarkMappingOfAChirpStackUplink(b *testing.B) { benchmarkMapping(b, groupMapping, uplink, 4) }

func BenchmarkMappingOfAnAirrohr(b *testing.B) { benchmarkMapping(b, pairMapping, airrohr, 5) }
