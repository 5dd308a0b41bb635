package payload

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// spoken writes down what was understood of a payload in full: of each statement its station, time, period and values, a
// name that is not the parameter's key in brackets before it; then notes and problems.
func spoken(m *Message) string {
	var text strings.Builder
	instant := func(at int64, has bool) string {
		if !has {
			return ""
		}
		return time.Unix(0, at).UTC().Format(time.RFC3339Nano) + " "
	}
	for _, s := range m.Statements {
		fmt.Fprintf(&text, "%s: %s%s", s.Station, instant(s.Time, s.HasTime), s.Period)
		for _, v := range s.Values {
			text.WriteByte(' ')
			if string(v.Name) != string(v.Parameter) {
				fmt.Fprintf(&text, "<%s>", v.Name)
			}
			fmt.Fprintf(&text, "%s=%v", v.Parameter, v.Number)
			if len(v.Flag) > 0 {
				fmt.Fprintf(&text, "(%s)", v.Flag)
			}
			if len(v.Unit) > 0 {
				fmt.Fprintf(&text, "[%s]", v.Unit)
			}
		}
		text.WriteByte('\n')
	}
	for _, n := range m.Notes {
		fmt.Fprintf(&text, "note %s: %s%s %s %s=%q\n", n.Station, instant(n.Time, n.HasTime), n.Kind, n.Subject, n.Field, n.Text)
	}
	for _, problem := range m.Problems {
		fmt.Fprintf(&text, "! %s\n", problem)
	}
	return text.String()
}

// receipt is when the payloads of these tests are received: 2026-11-21T02:15:00Z.
const receipt = 1795227300 * int64(time.Second)

func wantSpoken(t *testing.T, decode Decoder, payload string, want ...string) {
	t.Helper()
	var m Message
	got := ""
	if err := decode(&Input{Payload: []byte(payload), Station: "transport", Received: receipt}, &m); err != nil {
		got = "!! " + err.Error() + "\n"
	} else {
		got = spoken(&m)
	}
	if got != strings.Join(want, "\n")+"\n" {
		t.Errorf("%s\nbecomes\n%swant\n%s", reading.Shorten(payload), got, strings.Join(want, "\n"))
	}
}

// wantSender checks which station is named by a payload of which nothing is stored.
func wantSender(t *testing.T, decode Decoder, payload, want string) {
	t.Helper()
	var m Message
	err := decode(&Input{Payload: []byte(payload), Received: receipt}, &m)
	if (err == nil && len(m.Statements) > 0) || string(m.Sender) != want {
		t.Errorf("%s is of %q, want %q (%v)", payload, m.Sender, want, err)
	}
}

var plainSenML = SenML(Profiles[SenMLProfile]{})

func TestWhatASenMLPackSays(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, plainSenML, payload, want...) }
	f(`[{"bn":"st17/","bt":1795227300,"n":"pm25","u":"ug/m3","v":35.2},{"n":"temp","u":"Cel","t":-60,"v":-3.5}]`,
		"st17: 2026-11-21T02:15:00Z rt pm25=35.2[ug/m3]", "st17: 2026-11-21T02:14:00Z rt temp=-3.5[Cel]")

	// The examples of RFC 8428, section 5.1, with times of today.
	f(`[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]`, "urn:dev:ow: rt <10e2073a01080063>=23.1[Cel]")
	f(`[{"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","u":"V","v":120.1},{"n":"current","u":"A","v":1.2}]`,
		"urn:dev:ow:10e2073a01080063: rt voltage=120.1[V] current=1.2[A]")
	f(`[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.795227300001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3}]`,
		"urn:dev:ow:10e2073a0108006: 2026-11-21T02:15:00.001Z rt voltage=120.1[V]",
		"urn:dev:ow:10e2073a0108006: 2026-11-21T02:14:55.001Z rt current=1.2[A]", "urn:dev:ow:10e2073a0108006: 2026-11-21T02:14:56.001Z rt current=1.3[A]")
	f(`[{"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},{"n":"label","vs":"Machine Room"},{"n":"open","vb":false},{"n":"nfc-reader","vd":"aGkgCg"}]`,
		"urn:dev:ow:10e2073a01080063: rt temp=23.1[Cel] <label>=0 <open>=0",
		"! record 4, nfc-reader: it holds data (vd), which is no reading")
	f(`[{"bn":"2001:db8::2/","bt":1795227249,"n":"temperature","u":"Cel","v":25.2},{"n":"humidity","u":"%RH","v":30},{"bn":"2001:db8::1/","n":"temperature","u":"Cel","v":12.3},{"n":"humidity","u":"%RH","v":67}]`,
		"2001:db8::2: 2026-11-21T02:14:09Z rt temperature=25.2[Cel] humidity=30[%RH]", "2001:db8::1: 2026-11-21T02:14:09Z rt temperature=12.3[Cel] humidity=67[%RH]")

	// Who speaks: what stands before the last separator, wherever the base name ends.
	f(`[{"n":"urn:dev:mac:0024befffe804ff1:temp","v":1}]`, "urn:dev:mac:0024befffe804ff1: rt temp=1")
	f(`[{"bn":"urn:dev:ow:10e2073a01080063/","n":"temp","v":1}]`, "urn:dev:ow:10e2073a01080063: rt temp=1")
	f(`[{"bn":"city/st","n":"17/pm25","v":1},{"n":"17/pm10","v":2},{"n":"18/pm10","v":3}]`, "city/st17: rt pm25=1 pm10=2", "city/st18: rt pm10=3")
	f(`[{"bn":"st17/pm","n":"25","v":1},{"n":"10","v":2}]`, "st17: rt pm25=1 pm10=2")
	f(`[{"bn":"st17/pm25","v":1,"t":-1},{"v":2,"t":-2}]`, "st17: 2026-11-21T02:14:59Z rt pm25=1", "st17: 2026-11-21T02:14:58Z rt pm25=2")
	f(`[{"n":"pm25","v":1},{"n":"PM2.5","v":2}]`, ": rt pm25=1 <PM2.5>=2")
	f(`{"n":"pm25","v":1}`, ": rt pm25=1")
	f(`[{"bn":"s\u0074\/","n":"pm\u0032","u":"ug\/m3","v":1}]`, "st: rt pm2=1[ug/m3]")

	// Base fields hold until they change, also from records that say nothing else.
	f(`[{"bn":"a/","bt":1795227300,"bu":"Cel"},{"n":"x","v":1},{"n":"y","u":"m","v":2},{"bn":"b/","bt":1795227000},{"n":"x","v":3},{"bu":"","n":"y","v":4}]`,
		"a: 2026-11-21T02:15:00Z rt x=1[Cel] y=2[m]", "b: 2026-11-21T02:10:00Z rt x=3[Cel] y=4")
	f(`[{"bv":20,"n":"a","v":0.3},{"n":"b","v":-0.1},{"n":"c"},{"bv":-0.1,"n":"d","v":0.3}]`, ": rt a=20.3 b=19.9 c=20 d=0.2")
	f(`[{"bv":1e-12,"n":"a","v":1e-12}]`, ": rt a=2e-12")
	f(`[{"bver":10,"n":"a","v":1},{"bver":26,"n":"b","v":2}]`, ": rt a=1 b=2")

	// Times. None and zero are now; below 2^28 they count from the receipt.
	f(`[{"n":"a","t":0,"v":1},{"n":"b","v":1},{"bt":-60,"t":60,"n":"c","v":1}]`, ": rt a=1 b=1 c=1")
	f(`[{"n":"a","t":-0.5,"v":1},{"n":"b","t":2.25,"v":1},{"n":"c","t":268435455,"v":1}]`,
		": 2026-11-21T02:14:59.5Z rt a=1", ": 2026-11-21T02:15:02.25Z rt b=1", ": 2035-05-24T23:39:15Z rt c=1")
	f(`[{"n":"a","t":268435456,"v":1}]`, ": 1978-07-04T21:24:16Z rt a=1")
	f(`[{"n":"a","t":1795227300.123456,"v":1},{"n":"b","t":1795227300.1234561,"v":1},{"n":"c","t":1.7952273001234559e9,"v":1}]`, ": 2026-11-21T02:15:00.123456Z rt a=1 b=1 c=1")
	f(`[{"bt":1795227300.1,"t":0.2,"n":"a","v":1}]`, ": 2026-11-21T02:15:00.3Z rt a=1")

	// Records of one time become one statement, adjacent or not.
	f(`[{"bn":"a/","n":"x","t":-1,"v":1},{"n":"x","t":-2,"v":2},{"n":"y","t":-1,"v":3},{"n":"y","t":-2,"v":4},{"n":"z","t":-1,"v":5},{"n":"z","t":-2,"v":6}]`,
		"a: 2026-11-21T02:14:59Z rt x=1 y=3 z=5", "a: 2026-11-21T02:14:58Z rt x=2 y=4 z=6")

	// A ratio is no percentage.
	f(`[{"n":"soc","u":"%","v":0.35},{"n":"open","u":"/","v":0.5},{"n":"rh","u":"%RH","v":44},{"n":"level","u":"/100","v":44},{"bu":"%","n":"x","v":1}]`,
		": rt soc=0.35[1] open=0.5[1] rh=44[%RH] level=44[/100] x=1[1]")

	// Sums are another thing than values, update times and links are of no use here, null is no value.
	f(`[{"bs":100,"n":"flow","v":2,"s":20.5,"ut":60},{"n":"rain","u":"mm","s":3,"l":"x"}]`, ": rt flow=2 <flow_sum>=120.5 <rain_sum>=103")
	f(`[{"n":"a","v":null},{"n":"b","v":1,"vs":null,"u":null,"t":null,"bn":null,"maker":"x"}]`, ": rt b=1")
}

func TestSenMLNamesOfAProfile(t *testing.T) {
	station := &SenMLProfile{Period: reading.Hour, Names: map[string]Target{"t": {Parameter: "water_temp"}}}
	decode := SenML(Profiles[SenMLProfile]{
		Default: &SenMLProfile{Separators: "/", Names: map[string]Target{
			"PM2.5":                       {Parameter: "pm25", Unit: "ug/m3"},
			"t":                           {Parameter: "temp", Unit: "Cel", Scale: reading.FixedOne / 10, Offset: -40 * reading.FixedOne},
			"open":                        {Parameter: "door"},
			"mode":                        {Parameter: "pump"},
			"rain_sum":                    {Parameter: "rain", Unit: "mm"},
			"urn:dev:ow:10e2073a01080063": {Parameter: "temp"},
			"whole/name":                  {Parameter: "rh"},
			"rssi":                        {},
			"no2":                         {Parameter: "no2", Absent: []string{"-1", "off"}},
		}},
		Of: map[string]*SenMLProfile{"w1": station},
	})
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, decode, payload, want...) }
	f(`[{"bn":"a:b/","n":"PM2.5","v":35.2},{"n":"t","v":352},{"n":"x:y","v":1}]`, "a:b: rt <PM2.5>pm25=35.2[ug/m3] <t>temp=-4.8[Cel] <x:y>=1")
	f(`[{"bn":"a/","n":"PM2.5","u":"mg/m3","v":35.2}]`, "a: rt <PM2.5>pm25=35.2[ug/m3]")
	f(`[{"bn":"a/","n":"open","vb":true},{"n":"mode","vs":"auto"},{"n":"shut","vb":true}]`, "a: rt <open>door=1 <shut>=0", `note a: state pump text="auto"`)
	f(`[{"bn":"a/","n":"mode","vs":"7"},{"n":"t","u":"Cel","vs":"352"},{"n":"t","t":-1,"vs":"9.9e9"}]`, "a: rt <mode>pump=7 <t>temp=-4.8[Cel]", "! record 3, t: 9.9e9 is not a number that can be stored")
	f(`[{"bn":"a/","n":"rain","u":"m","s":7}]`, "a: rt <rain_sum>rain=7[mm]")
	f(`[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1},{"n":"whole/name","v":44}]`, ": rt <urn:dev:ow:10e2073a01080063>temp=23.1[Cel] <whole/name>rh=44")
	f(`[{"bn":"w1/","n":"t","v":8},{"bn":"a/","n":"t","v":400}]`, "w1: 1h <t>water_temp=8", "a: rt <t>temp=0[Cel]")
	f(`[{"n":"rssi","v":-80},{"n":"no2","v":-1},{"n":"no2","vs":"off"},{"n":"rssi","vs":"x"},{"n":"co","v":-1}]`, ": rt co=-1")
	f(`[{"n":"t","v":-9.2e9},{"n":"PM2.5","v":1}]`, ": rt <t>temp=-9.2000004e+08[Cel] <PM2.5>pm25=1[ug/m3]")
}

func TestMistakesInSenMLAndGoodRecordsBetween(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, plainSenML, payload, want...) }
	f(`[{"n":"a","v":"1"},{"n":"b","v":2},{"n":"c","v":true},{"n":"d","v":9.3e9},{"n":"e","v":1e999}]`, ": rt b=2 <d>=0 <e>=0",
		`! record 1, a: "1" is not a number: write it without quotation marks`, "! record 3, c: true is not a number")
	f(`[{"n":"co","v":1e10},{"n":"rh","vs":"defect"},{"n":"ph","vb":true},{"n":"b","v":2}]`, ": rt b=2",
		"! record 1, co: 1e10 is too large", "! record 2, rh: defect is not a number that can be stored", "! record 3, ph: true is not a number that can be stored")

	// A text that is a number is one; another text is a name that is not known, like a truth value.
	f(`[{"n":"pm25","u":"ug/m3","vs":"35.2"},{"n":"voc","vs":"0.3"},{"n":"PM10","vs":"61"},{"n":"rh","vs":"unknown"},{"n":"mode","vs":"auto"},{"n":"open","vb":false},{"n":"large","vs":"1e99"}]`,
		": rt pm25=35.2[ug/m3] voc=0.3 <PM10>=61 <mode>=0 <open>=0 <large>=0")
	f(`[7,{"n":"b","v":2},"x",[1],null]`, ": rt b=2", "! record 1 is not an object but 7", `! record 3 is not an object but "x"`, "! record 4 is not an object but [1]", "! record 5 is not an object but null")
	f(`[{"n":"b","v":2,"fix_":1},{"n":"c","v":3,"fix":1}]`, ": rt c=3", `! record 1: the field "fix_" must be understood by who reads it (RFC 8428 section 4.4), and is not`)
	f(`[{"bn":"a/","n":"b","v":2},{"n":"b","v":3}]`, "a: rt b=2", "! record 2, b: is given twice for one time; the first number stands")
	f(`[{"n":"a","v":1,"vs":"x"},{"n":"b","name":"c","value":1},{"n":"c"},{}]`,
		"! record 1, a: it has several of v, vs, vb and vd, and may have one", `! record 2, b: there is no value v (it has "value")`, "! record 3, c: there is no value v",
		`! record 4: the name "" is no SenML name: letters, digits and - : . / _, a letter or digit first`)
	f(`[{"n":"-a","v":1},{"n":"湿度","v":1},{"n":"a b","v":1},{"n":7,"v":1},{"n":"st17/","v":1},{"n":"b","v":1}]`, ": rt b=1",
		`! record 1: the name "-a" is no SenML name: letters, digits and - : . / _, a letter or digit first`,
		`! record 2: the name "湿度" is no SenML name: letters, digits and - : . / _, a letter or digit first`,
		`! record 3: the name "a b" is no SenML name: letters, digits and - : . / _, a letter or digit first`,
		`! record 4: the name 7 is not a text`, `! record 5: the name "st17/" ends where the name of a parameter should follow`)
	f(`[{"n":"a","u":7,"v":1},{"n":"b","vs":1},{"n":"c","vb":1},{"n":"d","s":"1"}]`, "! record 1, a: the unit 7 is not a text", "! record 2, b: vs 1 is not a text", "! record 3, c: vb 1 is neither true nor false",
		`! record 4, d: "1" is not a number: write it without quotation marks`)
	f(`[{"n":"a","t":"now","v":1},{"n":"a","t":1e12,"v":1},{"n":"a","t":7289654400,"v":1},{"n":"a","t":-7e9,"v":1},{"n":"a","v":2}]`, ": rt a=2",
		`! record 1: time "now" is not seconds since 1970 up to 2200, nor seconds from now`, `! record 2: time 1e12 is not seconds since 1970 up to 2200, nor seconds from now`,
		`! record 3: time 7289654400 is not seconds since 1970 up to 2200, nor seconds from now`, `! record 4: time -7000000000 s lies outside 1970 to 2200`)
	f(`[{"bt":9e9,"t":-8e9,"n":"a","v":1},{"n":"b","v":1}]`, ": 2001-09-09T01:46:40Z rt a=1", "! record 2: time 9000000000 s lies outside 1970 to 2200")

	// Without the base nobody knows whose, when or what the values are.
	f(`[{"n":"a","v":1},{"bn":7,"n":"b","v":1},{"n":"c","v":1}]`, ": rt a=1", "! record 2: bn 7 is not a text: nothing can be read from there on (2 records)")
	f(`[{"bt":"2026-11-21","n":"b","v":1}]`, `! record 1: bt "2026-11-21" is not a time in seconds: nothing can be read from there on (1 records)`)
	f(`[{"bu":1},{"n":"b","v":1}]`, `! record 1: bu 1 is not a text: nothing can be read from there on (2 records)`)
	f(`[{"bv":"1"},{"n":"b","v":1}]`, `! record 1: bv "1" is not a number within ±9.2e9: nothing can be read from there on (2 records)`)
	f(`[{"bs":1e10},{"n":"b","v":1}]`, `! record 1: bs 1e10 is not a number within ±9.2e9: nothing can be read from there on (2 records)`)
	for _, version := range []string{"11", "27", "42", `"10"`, "1e999", "true"} {
		f(`[{"bver":`+version+`,"n":"b","v":1}]`, `! record 1: version bver `+version+` is not one that can be read: 10, or 26 with secondary units: nothing can be read from there on (1 records)`)
	}
	f(`[{"bn":"`+strings.Repeat("a", 257)+`"}]`, "! record 1: bn has 257 characters, more than 256: nothing can be read from there on (1 records)")
	f(`[{"bn":"`+strings.Repeat("a", 200)+`"},{"n":"`+strings.Repeat("b", 57)+`","v":1}]`, "! record 2: the name has 257 characters, more than 256")

	wantSender(t, plainSenML, `[{"n":"st17/pm25","vd":"aGk"}]`, "st17")
	wantSender(t, plainSenML, `[{"bn":"st17/"}]`, "st17")
	wantSender(t, plainSenML, `[{"bn":"city/st","n":"17/pm25","v":1},{"n":"18/pm25","v":1}`, "city/st17")
	wantSender(t, plainSenML, `[{"n":"pm25","v":null}]`, "")

	// The payload as a whole.
	f(``, `!! the payload is empty`)
	f(`[]`, `!! the payload holds no readings`)
	f(`[{"bn":"a/"}]`, `!! the payload holds no readings`)
	f(`[{"n":"a","v":null}]`, `!! the payload holds no readings`)
	f(`35.2`, `!! not JSON: expected an object or an array at byte 0, found "35.2"`)
	f(`[{"n":"a","v":1}`, `!! not JSON: expected , or ], but the text ends at byte 16`)
	f(`[{"n":"a","v":1}]]`, `!! not JSON: something follows the end at byte 17, found "]"`)
}

func TestSenMLRoundTrip(t *testing.T) {
	parameters := reading.BuiltinParameters()
	var values []reading.Value
	for key, p := range parameters {
		values = append(values, reading.Value{Parameter: key, Number: (p.Low + p.High) / 3})
	}
	values = append(values, reading.Value{Parameter: "pm1", Number: 1e-7}, reading.Value{Parameter: "gone", Number: 1, Flag: reading.Fault})
	for _, instant := range []int64{0, receipt, receipt + 250_000_000, receipt + 123_456_000, 268435456e9} {
		text := AppendSenML(nil, "wx-1", values, parameters, instant)
		var m Message
		if err := plainSenML(&Input{Payload: text, Received: receipt}, &m); err != nil || len(m.Statements) != 1 || len(m.Problems) != 0 {
			t.Fatalf("%s becomes %v %v", text, spoken(&m), err)
		}
		s := m.Statements[0]
		if string(s.Station) != "wx-1" || s.Time != instant || s.HasTime != (instant != 0) || len(s.Values) != len(values)-1 {
			t.Errorf("%d becomes %d, station %s, %d values", instant, s.Time, s.Station, len(s.Values))
		}
		for i, v := range s.Values {
			unit := ""
			if p := parameters[values[i].Parameter]; p != nil {
				unit = p.Unit
			}
			if string(v.Parameter) != values[i].Parameter || v.Number != values[i].Number || string(v.Unit) != unit {
				t.Errorf("%v becomes %s=%v %s", values[i], v.Parameter, v.Number, v.Unit)
			}
		}
	}
	f := func(want string, values ...reading.Value) {
		t.Helper()
		if got := string(AppendSenML([]byte(">"), "wx-1", values, parameters, receipt)); got != ">"+want {
			t.Errorf("%v is written %s, want %s", values, got, want)
		}
	}
	f(`[{"bn":"wx-1/","bt":1795227300,"n":"pm25","u":"ug/m3","v":35.2},{"n":"temp","u":"Cel","v":-3.5}]`,
		reading.Value{Parameter: "pm25", Number: 35.2}, reading.Value{Parameter: "co", Number: 1, Flag: reading.Calibration}, reading.Value{Parameter: "temp", Number: -3.5})
	f(``, reading.Value{Parameter: "co", Number: 1, Flag: reading.Calibration})
	f(``)
	parameters["humus"] = &reading.Parameter{Key: "humus", Unit: "%"}
	f(`[{"bn":"wx-1/","bt":1795227300,"n":"humus","u":"/100","v":4}]`, reading.Value{Parameter: "humus", Number: 4})
}
