package payload

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

func FuzzHJ212(f *testing.F) {
	for _, frame := range frames(f) {
		f.Add(frame, uint8(0))
		f.Add(frame, uint8(7))
	}
	for _, payload := range []string{"##", "####", "##0000FFFF", "##0004&&&&0000", "##12CP=&&a-Rtd=1&&0000", "##00QN=1;CP=&&-=,;=&&12AB##01"} {
		f.Add([]byte(payload), uint8(15))
	}
	f.Add(sent("21", "2011", "DataTime=20261121100000;a-SampleTime=20261121080000,a-Rtd=1;b-Rtd=2;c-SampleTime=20261121070000,c-Rtd=3;b-Flag=D"), uint8(1))
	f.Add(sent("21", "2063", "DataTime=20261121100000;a-SampleTime=20261121080000,a-Chroma=1,a-Flag=N"), uint8(1))
	f.Add(sent("21", "3020", "PolId=w01018,i1-Info=//x;,=//;SB1-RS=1;SB1-RT=2;a-SN=1,5"), uint8(1))
	f.Add(sent("21", "2011", "DataTime=20261121100000;a-Flag=D;b-Rtd=1,a-Rtd=2;A-SampleTime=20261121070000;c-Flag=N,c-Flag=D;c-Rtd=1"), uint8(3))
	f.Add(append([]byte("\ufeff\x00##0140"), sent("21", "2062", "w21003-Check=none,w21003-Drift=1;w21003-Flag=N")...), uint8(0))
	f.Fuzz(func(t *testing.T, payload []byte, settings uint8) {
		profile := &HJ212Profile{LenientLength: settings&1 > 0, MinuteTimes: settings&2 > 0, Checksum: Checksum(settings >> 4 % 3)}
		if settings&4 > 0 {
			profile.Key = zeros
		}
		if settings&8 > 0 {
			profile.Basis, profile.Codes = StandardUnits, map[string]Target{"a": {Parameter: "pm25", Unit: "mg/m3", Scale: 3}}
		}
		decode := HJ212(Profiles[HJ212Profile]{Default: profile})
		var m Message
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := decode(&Input{Payload: payload}, &m)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(100*len(payload)+300_000) {
			t.Fatalf("%d bytes for %d", took, len(payload))
		}
		if len(m.Problems) > mostProblems || len(m.values) > len(payload) || len(m.Statements) > len(payload) || len(m.Notes) > len(payload) {
			t.Fatalf("%d problems, %d values, %d statements, %d notes of %d bytes", len(m.Problems), len(m.values), len(m.Statements), len(m.Notes), len(payload))
		}
		if err == nil && len(m.Statements)+len(m.Notes)+len(m.Problems) == 0 && !bytes.Contains(payload, []byte("##")) {
			t.Fatalf("%q is taken and says nothing", payload)
		}
		for _, s := range m.Statements {
			for i, v := range s.Values {
				if len(v.Name) == 0 && len(v.Parameter) == 0 && !bytes.Contains(payload, []byte("=")) {
					t.Fatalf("%q: a value without a name", payload)
				}
				if profile.Key == nil && !bytes.Contains(payload, v.Name) {
					t.Fatalf("%q: %q is not in it", payload, v.Name)
				}
				if len(v.Parameter) > 0 && given(s.Values[:i], &s.Values[i]) {
					t.Fatalf("%q: %s twice", payload, v.Parameter)
				}
			}
			if len(s.Values) > mostValues {
				t.Fatalf("%d values", len(s.Values))
			}
		}
		for _, n := range m.Notes {
			if ofText := n.Field == "text" || n.Field == "flag" || strings.HasSuffix(n.Field, "_text"); ofText != (n.Text != nil) {
				t.Fatalf("%q: a note with the field %s of number %v or text %q", payload, n.Field, n.Number, n.Text)
			}
			if len(n.Field) > 30 || len(n.Subject) > 40 || bytes.ContainsAny(n.Subject, "\n,=\x00") {
				t.Fatalf("%q: a note of %q in %q", payload, n.Subject, n.Field)
			}
		}
		random := rand.New(rand.NewPCG(uint64(settings), uint64(len(payload))))
		wantSameTokens(t, payload, func() int { return random.IntN(1 + int(settings)) })
	})
}

func BenchmarkHJ212OfElevenFactors(b *testing.B) {
	payload := frames(b)["air-2011"]
	decode := HJ212(Profiles[HJ212Profile]{Default: &HJ212Profile{}})
	in := &Input{Payload: payload}
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		m.Reset()
		if err := decode(in, &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHJ212Encrypted(b *testing.B) {
	payload := frames(b)["sm4-raw"]
	decode := HJ212(Profiles[HJ212Profile]{Default: &HJ212Profile{Key: zeros}})
	in := &Input{Payload: payload}
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		m.Reset()
		if err := decode(in, &m); err != nil {
			b.Fatal(err)
		}
	}
}
