package payload

import (
	"fmt"
	"math"
	"testing"

	"egret/ingest/reading"
)

// wantNumber gives what a payload under a level of the topic becomes.
func wantNumber(t *testing.T, profile *NumberProfile, parameter, payload, want string) {
	t.Helper()
	var m Message
	got := ""
	if err := BareNumber(Profiles[NumberProfile]{Default: profile})(&Input{Payload: []byte(payload), Station: "roof-1", Parameter: parameter}, &m); err != nil {
		got = "!! " + err.Error() + "\n"
	} else {
		got = mapped(&m)
	}
	if got != want+"\n" && !(got == "" && want == "") {
		t.Errorf("%s %q becomes\n%swant\n%s", parameter, payload, got, want)
	}
}

func TestBareNumbersOfAnESPHomeNode(t *testing.T) {
	profile := &NumberProfile{
		Names: map[string]Target{
			"outdoor_temperature": {Parameter: "temp", Unit: "Cel"},
			"pm_2_5":              {Parameter: "pm25", Scale: reading.FixedOne / 10, Offset: -reading.FixedOne / 2, Absent: []string{"65535"}},
			"wifi_signal":         {},
		},
		Absent: []string{"-999", "Fault"},
	}
	f := func(parameter, payload, want string) { t.Helper(); wantNumber(t, profile, parameter, payload, want) }
	f("outdoor_temperature", "-3.5", "rt temp<outdoor_temperature>=-3.5[Cel]")
	f("pm_2_5", " 352\r\n", "rt pm25<pm_2_5>=34.7")
	f("pm_2_5", `"352"`, "rt pm25<pm_2_5>=34.7")
	f("pm_2_5", `"\u0033\u0035"`, "rt pm25<pm_2_5>=3")
	f("rh", "61", "rt rh<rh>=61")
	f("voc", "0.3", "rt voc<voc>=0.3")
	f("VOC index", "120", "rt <VOC index>=120")
	f("rh", "+061.50", "rt rh<rh>=61.5")
	f("rh", "6.1e1", "rt rh<rh>=61")
	f("uptime", "1e12", "rt <uptime>=0") // it is no parameter, and said once

	// What ESPHome and Home Assistant send where a sensor gave nothing, and what the profile adds.
	for _, text := range []string{"nan", "NaN", "unavailable", "unknown", "", " ", "null", `""`, `"nan"`, "-999", "-999.0", "fault"} {
		f("rh", text, "1 empty")
	}
	f("pm_2_5", "65535", "1 empty")
	f("outdoor_temperature", "65535", "rt temp<outdoor_temperature>=65535[Cel]")
	f("wifi_signal", "-61", "")
	f("wifi_signal", "weak", "")
}

func TestWhatAPersonIsToldOfABareNumber(t *testing.T) {
	f := func(parameter, payload, want string) { t.Helper(); wantNumber(t, nil, parameter, payload, want) }
	f("", "35.2", "!! nobody says which parameter this number is: put {parameter} into the topic of the subscription, such as sensors/{station}/{parameter}")
	f("rh", "ON", `!! rh: the payload is not a number: "ON"`)
	f("rh", "61 %", `!! rh: the payload is not a number: "61 %"`)
	f("rh", "61,5", `!! rh: the payload is not a number: "61,5"`)
	f("rh", "0x10", `!! rh: the payload is not a number: "0x10"`)
	f("rh", "inf", `!! rh: the payload is not a number: "inf"`)
	f("rh", "1-2", `!! rh: the payload is not a number: "1-2"`)
	f("rh", "-", `!! rh: the payload is not a number: "-"`)
	f("rh", `"61`, `!! rh: the payload is not a number: "\"61"`)
	f("rh", `{"rh":61}`, `!! rh: the payload is not a number: "{\"rh\":61}"`)
	f("rh", "\xff\xfe", `!! rh: the payload is not a number: "?"`)
	f("rh", "1e400", "!! rh: 1e400 is too large")
	f("rh", "9300000000", "!! rh: 9300000000 is too large")
}

func FuzzBareNumber(f *testing.F) {
	for _, text := range []string{"35.2", `"35.2"`, " nan ", "unavailable", "1e400", "+.5e-3", `"\u0031"`, "-", "0x1p4", "1_0", `"`} {
		f.Add("rh", []byte(text))
	}
	f.Add("PM 2.5", []byte("12"))
	decode := BareNumber(Profiles[NumberProfile]{Default: &NumberProfile{
		Names: map[string]Target{"PM 2.5": {Parameter: "pm25", Unit: "mg/m3", Scale: reading.FixedOne / 3, Offset: 7}}, Absent: []string{"-1", "Fault"},
	}})
	f.Fuzz(func(t *testing.T, parameter string, payload []byte) {
		var m Message
		bound := 8*len(payload) + 2*len(parameter) + 8192
		used := spent(func() {
			if err := decode(&Input{Payload: payload, Parameter: parameter}, &m); err == nil && len(m.values)+m.Empty != 1 {
				t.Errorf("%q becomes %d values and %d empty", payload, len(m.values), m.Empty)
			} else if err != nil && len(err.Error()) > 8192 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
		if used > uint64(bound) {
			t.Errorf("%d bytes for a payload of %d", used, len(payload))
		}
		for _, v := range m.values {
			if math.IsNaN(v.Number) || math.Abs(v.Number) >= reading.MaxFixed || len(v.Name) == 0 {
				t.Errorf("%q becomes %v under %q", payload, v.Number, v.Name)
			}
			var shown string
			if parameter != "PM 2.5" {
				shown = fmt.Sprint(v.Number)
				if number, found := parseNumber([]byte(shown)); found != numberFound || number != v.Number {
					t.Errorf("%s is not read as it is written", shown)
				}
			}
		}
	})
}

func BenchmarkBareNumber(b *testing.B) {
	decode := BareNumber(Profiles[NumberProfile]{Default: &NumberProfile{Names: map[string]Target{"pm_2_5": {Parameter: "pm25"}}}})
	in := &Input{Payload: []byte("35.2"), Station: "roof-1", Parameter: "pm_2_5"}
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		m.Reset()
		if err := decode(in, &m); err != nil {
			b.Fatal(err)
		}
	}
}
