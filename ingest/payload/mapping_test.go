package payload

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"egret/ingest/reading"
)

// mapped writes down what a payload became, with the names that stand in it.
func mapped(m *Message) string {
	var text strings.Builder
	for _, s := range m.Statements {
		if len(s.Station) > 0 {
			fmt.Fprintf(&text, "%s: ", s.Station)
		}
		if s.HasTime {
			fmt.Fprintf(&text, "%s ", time.Unix(0, s.Time).UTC().Format(time.RFC3339Nano))
		}
		fmt.Fprint(&text, s.Period)
		for _, v := range s.Values {
			fmt.Fprintf(&text, " %s", v.Parameter)
			if len(v.Name) > 0 {
				fmt.Fprintf(&text, "<%s>", v.Name)
			}
			fmt.Fprintf(&text, "=%v", v.Number)
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
		fmt.Fprintf(&text, "note %s: %s %s %s=%v\n", n.Station, n.Kind, n.Subject, n.Field, n.Number)
	}
	if m.Empty > 0 {
		fmt.Fprintf(&text, "%d empty\n", m.Empty)
	}
	for _, problem := range m.Problems {
		fmt.Fprintf(&text, "! %s\n", problem)
	}
	if m.More > 0 {
		fmt.Fprintf(&text, "! and %d more\n", m.More)
	}
	return text.String()
}

func becomes(profiles Profiles[Mapping], station, payload string) string {
	var m Message
	if err := JSONMapping(profiles)(&Input{Payload: []byte(payload), Station: station}, &m); err != nil {
		return "!! " + err.Error() + "\n"
	}
	return mapped(&m)
}

// wantMapped gives what a payload of the station t-1 becomes.
func wantMapped(t *testing.T, profile Mapping, payload string, want ...string) {
	t.Helper()
	got := becomes(Profiles[Mapping]{Default: &profile}, "t-1", payload)
	lines := strings.Join(want, "\n")
	if lines != "" {
		lines += "\n"
	}
	if got != lines {
		t.Errorf("%s\nbecomes\n%swant\n%s", reading.Shorten(payload), got, lines)
	}
}

// spent returns how many bytes of memory a call takes.
func spent(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestValuesByPath(t *testing.T) {
	profile := Mapping{
		Station: "device.id", Time: "at", PeriodPath: "every", FlagPath: "state",
		Values: []MappedValue{
			{Path: "air.pm", Target: Target{Parameter: "pm25", Unit: "ug/m3"}},
			{Path: `air.PM10\.0`, Target: Target{Parameter: "pm10", Scale: reading.FixedOne / 10}},
			{Path: "climate.0.t", Target: Target{Parameter: "temp", Unit: "Cel", Scale: reading.FixedOne / 100, Offset: -40 * reading.FixedOne, Absent: []string{"65535"}}},
			{Path: "climate.1.p", UnitPath: "units.p", Target: Target{Parameter: "pressure", Unit: "hPa"}},
		},
		Absent: []string{"-1", "n/a"},
	}
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, profile, payload, want...) }
	f(`{"device":{"id":"wx-1"},"at":"2026-11-21T10:00:00+08:00","every":"1h","state":"M","air":{"pm":35.2,"PM10.0":601},"climate":[{"t":5225},{"p":1013.2}],"units":{"p":"kPa"}}`,
		"wx-1: 2026-11-21T02:00:00Z 1h pm25<air.pm>=35.2(M)[ug/m3] pm10<air.PM10\\.0>=60.1(M) temp<climate.0.t>=12.25(M)[Cel] pressure<climate.1.p>=1013.2(M)[kPa]")

	// Numbers as texts; what stands for no value is counted; what is not there is nothing.
	f(`{"air":{"pm":" 35.20 ","PM10.0":"+0601"},"climate":[{},{"p":"1013"}]}`, `rt pm25<air.pm>=35.2[ug/m3] pm10<air.PM10\.0>=60.1 pressure<climate.1.p>=1013[hPa]`)
	f(`{"air":{"pm":-1.0,"PM10.0":"N/A"},"climate":[{"t":65535},{"p":null}]}`, "4 empty")
	f(`{"air":{"pm":"nan","PM10.0":65535},"climate":[{"t":-1}]}`, `rt pm10<air.PM10\.0>=6553.5`, "2 empty")
	f(`{"device":{"id":4711},"air":{"pm":0}}`, "4711: rt pm25<air.pm>=0[ug/m3]")
	f(`{"device":{"id":"\u0077x-1"},"state":"\u004d","every":"\u0031h","air":{"\u0070m":1}}`, "wx-1: 1h pm25<air.pm>=1(M)[ug/m3]")
	f(`{"device":null,"at":null,"every":null,"state":null,"air":{"pm":1}}`, "rt pm25<air.pm>=1[ug/m3]")

	// Mistakes, and good values between them.
	f(`{"air":{"pm":[35.2],"PM10.0":601}}`, `rt pm10<air.PM10\.0>=60.1`, "! air.pm: [35.2] is not a number")
	f(`{"air":{"pm":true,"PM10.0":"35,2"}}`, "! air.pm: true is not a number", `! air.PM10\.0: "35,2" is not a number`)
	f(`{"air":{"pm":1e400,"PM10.0":"0x1F"}}`, "! air.pm: 1e400 is too large", `! air.PM10\.0: "0x1F" is not a number`)
	f(`{"air":{"pm":1,"pm":2}}`, "rt pm25<air.pm>=1[ug/m3]")
	f(`{"device":{"id":{}},"air":{"pm":1}}`, "! {} at device.id does not name a station: it is neither a text nor a number")
	f(`{"every":"2h","air":{"pm":1}}`, `! period "2h" (every) is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d`)
	f(`{"every":60,"air":{"pm":1}}`, `! period 60 (every) is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d`)
	f(`{"at":true,"air":{"pm":1}}`, "! time true (at) is neither a text nor a number")
	f(`{"at":"gestern","air":{"pm":1}}`, `! time "gestern" is not RFC 3339, such as 2026-11-21T10:00:00+08:00, nor seconds or milliseconds since 1970; if it is written in another way, say how under time_format`)

	// Nothing at all.
	f(`{"Air":{"pm":1}}`, `!! the payload holds no readings: none of the paths air.pm, air.PM10\.0, climate.0.t, climate.1.p was found`)
	f(`[]`, `!! the payload holds no readings: none of the paths air.pm, air.PM10\.0, climate.0.t, climate.1.p was found`)
	f(` `, "!! the payload is empty")
	f(`7`, `!! not JSON: expected an object or an array at byte 0, found "7"`)
	f(`{"air":{"pm":1}} x`, `!! not JSON: something follows the end at byte 17, found "x"`)
	f(`{"air":{"pm":1}`, "!! not JSON: expected , or }, but the text ends at byte 15")
	f("{\"a\":\"\xff\",\"air\":{\"pm\":1}}", `!! not JSON: expected UTF-8 at byte 5, found "\"?\",\"air\":{\""`)
	f(strings.Repeat("[", 1<<20), `!! not JSON: it is nested too deep at byte 65, found "[[[[[[[[[[[["`)
}

func TestListsOfNamesAndValues(t *testing.T) {
	profile := Mapping{
		Lists: []MappedList{{Path: "d.list", Name: "what.k", Value: "v", Unit: "u", Flag: "f"}}, FlagPath: "state",
		Names: map[string]Target{"PM": {Parameter: "pm25"}, "CO": {Parameter: "co", Unit: "mg/m3"}, "batt": {}, "7": {Parameter: "so2"}},
	}
	f := func(payload string, want ...string) {
		t.Helper()
		wantMapped(t, profile, `{"state":"N","d":{"list":`+payload+`}}`, want...)
	}
	f(`[{"what":{"k":"PM"},"v":35.2,"u":"mg/m3","f":"M"},{"what":{"k":"CO"},"v":"0.6","u":"ppm"},{"what":{"k":7},"v":8}]`,
		"rt pm25<PM>=35.2(M)[mg/m3] co<CO>=0.6(N)[mg/m3] so2<7>=8(N)")

	// Names that the profile does not have.
	f(`[{"what":{"k":"rh"},"v":61},{"what":{"k":"voc"},"v":0.3},{"what":{"k":"RSSI"},"v":"-59"},{"what":{"k":"signal"},"v":"-59 dBm"},{"what":{"k":"batt"},"v":3.6}]`,
		"rt rh<rh>=61(N) voc<voc>=0.3(N) <RSSI>=-59(N)")
	f(`[{"what":{"k":"batt"},"v":3.6}]`, "")
	f(`[{"what":{"k":"serial"},"v":"A7"}]`, "!! the payload holds no readings: there is no number at d.list")
	f(`[{"what":{"k":"rh"},"v":"defect"}]`, `! rh: "defect" is not a number`)

	// The second of two instruments for one parameter is reported once a station; the same name twice is a mistake.
	f(`[{"what":{"k":"PM"},"v":1},{"what":{"k":"pm25"},"v":2},{"what":{"k":"PM"},"v":3}]`,
		"rt pm25<PM>=1(N) pm25_2<pm25>=2(N)", "! PM: is given twice; the first number stands")
	f(`[{"what":{"k":"PM"},"v":1},{"what":{"k":"pm25"},"v":2},{"what":{"k":"pm25_2"},"v":3}]`, "rt pm25<PM>=1(N) pm25_2<pm25>=2(N) pm25_2_2<pm25_2>=3(N)")

	f(`[7,{"v":1},{"what":{"k":"PM"}},{"what":{"k":"x"}},{"what":{"k":{}},"v":1},{"what":{"k":"PM"},"v":{"a":1}},{"what":{"k":"CO"},"v":1}]`,
		"rt co<CO>=1(N)[mg/m3]", "! 1 of d.list is not an object but 7", `! 2 of d.list has no name at what.k: {"v":1}`,
		`! PM: there is no value at v of {"what":{"k":"PM"}}`, `! 5 of d.list has no name at what.k: {"what":{"k":{}},"v":1}`, `! PM: {"a":1} is not a number`)
	f(`{"PM":1}`, `! d.list is not a list but {"PM":1}`)
	f(`null`, "!! the payload holds no readings: there is no number at d.list")
	f(`[{"what":{"k":"uptime"},"v":1e12},{"what":{"k":"Total"},"v":"1e999"},{"what":{"k":"co"},"v":1e10},{"what":{"k":"PM"},"v":1e10}]`,
		"rt <uptime>=0(N) <Total>=0(N)", "! co: 1e10 is too large", "! PM: 1e10 is too large")
	f(`[{"what":{"k":"`+strings.Repeat("x", 300)+`"},"v":1}]`, "! "+strings.Repeat("x", 80)+"…: the name is longer than 256 bytes")

	wantMapped(t, Mapping{Lists: []MappedList{{Path: "@this", Name: "n", Value: "v"}}}, `[{"n":"pm25","v":1},{"n":"co","v":2}]`, "rt pm25<pm25>=1 co<co>=2")
}

func TestGroupsOfNamesAndValues(t *testing.T) {
	profile := Mapping{
		Groups: []string{"data", "more"}, FlagPath: "data.state", Time: "data.ts",
		Values: []MappedValue{{Path: "data.deep.humidity", Target: Target{Parameter: "rh", Unit: "%"}}},
		Names:  map[string]Target{"PM": {Parameter: "pm25"}, "deep.TempC": {Parameter: "temp", Unit: "Cel"}, "batt": {}, "door": {Parameter: "door"}},
	}
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, profile, payload, want...) }
	// What a path has found is not found again; texts and switches that nobody named are passed over.
	f(`{"data":{"ts":1795226400,"state":"N","PM":35.2,"co":"0.6","serial":"A7","ok":true,"list":[1],"none":null,"batt":3.6,"deep":{"humidity":61,"TempC":-3.5,"er":{"x":1}}}}`,
		"2026-11-21T02:00:00Z rt rh<data.deep.humidity>=61(N)[%] pm25<PM>=35.2(N) co<co>=0.6(N) temp<deep.TempC>=-3.5(N)[Cel] <deep.er.x>=1(N)", "1 empty")
	f(`{"data":{"PM":1},"more":{"co":2}}`, "rt pm25<PM>=1 co<co>=2")
	f(`{"data":{"PM":1},"more":{"PM":2}}`, "rt pm25<PM>=1", "! PM: is given twice; the first number stands")
	f(`{"data":{"PM":{"v":1},"door":"open","co":false,"so2":8}}`, "rt so2<so2>=8", `! PM: {"v":1} is not a number`, `! door: "open" is not a number`, "! co: false is not a number")
	f(`{"data":[1],"more":{"a\"b\u00e9":2}}`, `rt <a"bé>=2`, "! data is not an object but [1]")
	f(`{"data":{}}`, "!! the payload holds no readings: there is no number at data.deep.humidity, data, more")
	f(`{"data":{"batt":3.6}}`, "")

	long := strings.Repeat("x", 200)
	f(`{"data":{"`+long+`":{"`+long+`":1,"`+long+`":{"y":2}},"PM":3}}`, "rt pm25<PM>=3",
		"! "+strings.Repeat("x", 80)+"…: the name is longer than 256 bytes", "! "+strings.Repeat("x", 80)+"…: the name is longer than 256 bytes")

	// The whole message may be the group.
	wantMapped(t, Mapping{Groups: []string{"@this"}, Station: "id", Time: "ts"}, `{"id":7,"ts":1795226400,"pm25":1}`, "7: 2026-11-21T02:00:00Z rt pm25<pm25>=1")

	var many strings.Builder
	for i := range mostValues + 2 {
		fmt.Fprintf(&many, `"n%d":1,`, i)
	}
	got := becomes(Profiles[Mapping]{Default: &profile}, "t-1", `{"data":{`+many.String()+`"rh":1}}`)
	if strings.Count(got, "=1") != mostValues || strings.Count(got, "is more than the 1000 values that one message may hold") != 3 {
		t.Errorf("%d values are taken of %d: %s", strings.Count(got, "=1"), mostValues+3, got[len(got)-200:])
	}
}

// A thermometer that fails for an hour must not make another one temp for that hour.
func TestANameWithoutAValueKeepsItsPlace(t *testing.T) {
	profile := Mapping{
		Groups: []string{"a", "b"}, Lists: []MappedList{{Path: "l", Name: "n", Value: "v"}},
		Names: map[string]Target{"T1": {Parameter: "temp", Absent: []string{"-127"}}, "T2": {Parameter: "temp"}, "T3": {Parameter: "temp"}},
	}
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, profile, payload, want...) }
	f(`{"a":{"T1":1,"T2":2,"T3":3}}`, "rt temp<T1>=1 temp_2<T2>=2 temp_3<T3>=3")
	f(`{"a":{"T1":null,"T2":2,"T3":3}}`, "rt temp_2<T2>=2 temp_3<T3>=3", "1 empty")
	f(`{"a":{"T1":"nan","T2":"","T3":3}}`, "rt temp_3<T3>=3", "2 empty")
	f(`{"a":{"T1":-127,"T2":2}}`, "rt temp_2<T2>=2", "1 empty")
	f(`{"a":{"T1":"defect","T2":2}}`, "rt temp_2<T2>=2", `! T1: "defect" is not a number`)
	f(`{"a":{"T1":1e12,"T2":2}}`, "rt temp_2<T2>=2", "! T1: 1e12 is too large")
	f(`{"a":{"temp":null,"T2":2}}`, "rt temp_2<T2>=2", "1 empty")
	f(`{"l":[{"n":"T1"},{"n":"T2","v":2},{"n":"T3","v":null}]}`, "rt temp_2<T2>=2", "1 empty", `! T1: there is no value at v of {"n":"T1"}`)
	f(`{"l":[{"n":"T1","v":null}],"a":{"T2":2}}`, "rt temp_2<T2>=2", "1 empty")
	f(`{"a":{"T1":null},"b":{"T2":2,"T1":1}}`, "rt temp_2<T2>=2 temp<T1>=1", "1 empty")
	f(`{"a":{"T1":1},"b":{"T1":null,"T2":2}}`, "rt temp<T1>=1 temp_2<T2>=2", "1 empty")

	// The order is that of the message, and what it leaves out has no place.
	f(`{"a":{"T3":3,"T2":null,"T1":1}}`, "rt temp<T3>=3 temp_3<T1>=1", "1 empty")
	f(`{"a":{"T2":2,"T3":3}}`, "rt temp<T2>=2 temp_2<T3>=3")

	profile.Values = []MappedValue{{Path: "b.T3", Target: Target{Parameter: "temp"}}}
	f(`{"a":{"T1":1},"b":{"T3":null,"T2":2}}`, "rt temp_2<T1>=1 temp_3<T2>=2", "1 empty")

	// Each of several messages has places of its own.
	profile.Each = "@this"
	f(`[{"a":{"T1":null,"T2":2}},{"a":{"T2":2}}]`, "rt temp_2<T2>=2", "rt temp<T2>=2", "1 empty")
}

// What the profile says of a unit goes before what the message says: for a parameter's names the unit of each, then that
// at the path of the parameter's unit, then that beside the value.
func TestUnitsOfTheProfileGoBeforeThoseOfTheMessage(t *testing.T) {
	wantMapped(t, Mapping{
		Values: []MappedValue{
			{Path: "x.p", UnitPath: "units.p", Target: Target{Parameter: "pressure", Unit: "Pa"}}, {Path: "x.t", UnitPath: "units.t", Target: Target{Parameter: "temp"}},
		},
		Lists: []MappedList{{Path: "l", Name: "n", Value: "v", Unit: "u"}}, Groups: []string{"g"},
		Names: map[string]Target{"T": {Parameter: "temp"}, "K": {Parameter: "temp", Unit: "K"}, "PM": {Parameter: "pm25"}, "CO": {Parameter: "co", Unit: "ppm"}, "P": {Parameter: "pressure"}},
	}, `{"x":{"p":1013},"units":{"t":"F"},"l":[{"n":"T","v":70,"u":"Cel"},{"n":"K","v":290,"u":"Cel"},{"n":"PM","v":1,"u":"mg/m3"},{"n":"CO","v":2,"u":"mg/m3"},{"n":"rh","v":3,"u":"%"}],"g":{"P":101}}`,
		"rt pressure<x.p>=1013[Pa] temp<T>=70[F] temp_2<K>=290[K] pm25<PM>=1[mg/m3] co<CO>=2[ppm] rh<rh>=3[%] pressure_2<P>=101")
	// The unit is that of the number after scale and offset.
	wantMapped(t, Mapping{Values: []MappedValue{{Path: "t", Target: Target{Parameter: "temp", Unit: "K", Scale: reading.FixedOne / 10}}}}, `{"t":2931.5}`, "rt temp<t>=293.15[K]")
}

func TestMarksOfAStationsOwn(t *testing.T) {
	profile := Mapping{
		FlagPath: "state", Groups: []string{"g"}, Lists: []MappedList{{Path: "l", Name: "n", Value: "v", Flag: "q"}},
		Marks: map[string]string{"OK": "valid", "1": "fault", "true": "maintenance"},
	}
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, profile, payload, want...) }
	f(`{"state":"OK","g":{"co":1}}`, "rt co<co>=1(valid)")
	f(`{"state":1,"g":{"co":1}}`, "rt co<co>=1(fault)")
	f(`{"state":"1","g":{"co":1}}`, "rt co<co>=1(fault)")
	f(`{"state":true,"g":{"co":1}}`, "rt co<co>=1(maintenance)")
	f(`{"state":"M","g":{"co":1}}`, "rt co<co>=1(M)")
	f(`{"state":0,"g":{"co":1}}`, "rt co<co>=1(0)")
	f(`{"g":{"co":1}}`, "rt co<co>=1")
	f(`{"state":"OK","l":[{"n":"co","v":1,"q":1},{"n":"no2","v":2}]}`, "rt co<co>=1(fault) no2<no2>=2(valid)")
	flag, err := reading.HJ212Flags.ParseMark("fault") // as the intake reads what Foreign statements say
	if err != nil || flag != reading.Fault {
		t.Errorf("the name of a flag is read as %v, %v", flag, err)
	}
}

func TestSenderOfWhatHoldsNoReadings(t *testing.T) {
	decode := JSONMapping(Profiles[Mapping]{Default: &Mapping{Each: "list", Station: "dev.id", Groups: []string{"object"}}})
	f := func(payload, want string) { t.Helper(); wantSender(t, decode, payload, want) }
	f(`{"dev":{"id":"roof-7"},"data":"Zm9v"}`, "roof-7")
	f(`{"dev":{"id":"roof-7"},"object":{"mode":"eco"}}`, "roof-7")
	f(`{"dev":{"id":"roof-7"},"object":{"co":[]}}`, "roof-7")
	f(`{"dev":{"id":7},"list":[]}`, "7")
	f(`{"dev":{"id":"roof-7"},"list":7}`, "roof-7")
	f(`{"dev":{"id":"roof-7"},"object":{"co":1`, "roof-7")
	f(`{"list":[{"dev":{"id":"roof-8"},"data":""}]}`, "roof-8")
	f(`{"data":""}`, "")
	f(`{"dev":{"id":{}}}`, "")
}

// Not half a path, and not twenty.
func TestPathsThatAPersonIsToldOf(t *testing.T) {
	f := func(want string, paths ...string) {
		t.Helper()
		if got := firstPaths(paths); got != want {
			t.Errorf("%v is told as %q, want %q", paths, got, want)
		}
	}
	long := strings.Repeat("x", 140)
	f("a", "a")
	f("a, b, c.0.d, e, f, g, h", "a", "b", "c.0.d", "e", "f", "g", "h")
	f(long+", "+long+" and 2 more", long, long, long, "d")
	f(long+long+long+" and 1 more", long+long+long, "b")
	f("")
	wantMapped(t, Mapping{Groups: []string{long, long + "y", "z" + long, "last"}}, `{}`, "!! the payload holds no readings: none of the paths "+long+", "+long+"y and 2 more was found")
}

func TestBatches(t *testing.T) {
	profile := Mapping{Each: "readings", Station: "id", Time: "ts", PeriodPath: "every", FlagPath: "state", Groups: []string{"v"}, ExceptPath: "test"}
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, profile, payload, want...) }
	f(`{"id":"a","ts":1795226400,"every":"1m","state":"N","readings":[{"v":{"co":1}},{"id":"b","ts":1795226460,"every":"1h","state":"M","v":{"co":2}},{"ts":null,"v":{"co":3}}]}`,
		"a: 2026-11-21T02:00:00Z 1m co<co>=1(N)", "b: 2026-11-21T02:01:00Z 1h co<co>=2(M)", "a: 1m co<co>=3(N)")
	f(`{"id":"a","v":{"co":1}}`, "a: rt co<co>=1")
	f(`{"readings":[{"v":{"co":1}},7,{"w":1},{"ts":"x","v":{"co":2}},{"v":{"co":{}}},{"v":{"co":3}}]}`, "rt co<co>=1", "rt co<co>=3",
		"! element 2: is not an object but 7", "! element 3: the payload holds no readings: none of the paths v was found",
		`! element 4: time "x" is not RFC 3339, such as 2026-11-21T10:00:00+08:00, nor seconds or milliseconds since 1970; if it is written in another way, say how under time_format`)
	f(`{"readings":[]}`, "!! the payload holds no readings: the list readings is empty")
	f(`{"readings":{"v":{"co":1}}}`, `!! readings is not a list of messages but {"v":{"co":1}}`)
	f(`{"id":"a","readings":[{"v":{"co":1},"test":true},{"v":{"co":2},"test":false}]}`, "a: rt co<co>=2", "note a: skipped test value=1")
	f(`{"id":"a","test":true,"readings":[{"v":{"co":1}},{"v":{"co":2}}]}`, "note a: skipped test value=1")

	profile.Each = "@this"
	f(`[{"v":{"co":1}},{"v":{"co":2}}]`, "rt co<co>=1", "rt co<co>=2")
	f(`{"v":{"co":1}}`, "rt co<co>=1")

	// Rubbish becomes a hundred problems, not a million.
	got := becomes(Profiles[Mapping]{Default: &profile}, "t-1", `[`+strings.Repeat("7,", 5000)+`8]`)
	if strings.Count(got, "\n") != mostProblems+1 || !strings.HasSuffix(got, "! and 4901 more\n") {
		t.Errorf("rubbish becomes %d lines, the last %q", strings.Count(got, "\n"), got[len(got)-30:])
	}
}

func TestStationsWithMappingsOfTheirOwn(t *testing.T) {
	east := Mapping{Station: "id", Each: "m", Time: "when", Values: []MappedValue{{Path: "x", Target: Target{Parameter: "co"}}}}
	west := Mapping{Station: "other", Time: "ts", Values: []MappedValue{{Path: "y", Target: Target{Parameter: "so2"}}}}
	profiles := Profiles[Mapping]{Default: &east, Of: map[string]*Mapping{"w1": &west, "w2": &west}}
	f := func(station, payload, want string) {
		t.Helper()
		if got := becomes(profiles, station, payload); got != want+"\n" {
			t.Errorf("%s of %q becomes\n%swant\n%s", payload, station, got, want)
		}
	}
	f("", `{"id":"e1","x":1,"y":2}`, "e1: rt co<x>=1")
	f("", `{"id":"w1","x":1,"y":2}`, "w1: rt so2<y>=2")
	f("w2", `{"x":1,"y":2}`, "rt so2<y>=2")
	f("", `{"ts":1795226400,"m":[{"id":"e1","x":1},{"id":"w1","y":2},{"id":"w2","y":3}]}`, "e1: rt co<x>=1\nw1: 2026-11-21T02:00:00Z rt so2<y>=2\nw2: 2026-11-21T02:00:00Z rt so2<y>=3")
	f("", `{"x":1}`, "! it is not known which station this is: there is nothing at id, and the topic names none")

	west.ExceptPath = "test"
	f("", `{"id":"w1","y":2,"test":true}`, "note w1: skipped test value=1")

	profiles.Default = nil
	f("w1", `{"y":2}`, "rt so2<y>=2")
	f("e1", `{"y":2}`, `!! no profile says where the readings of "e1" are: name one at the station or at the subscription`)
}

func TestPathsFindWhatGjsonFinds(t *testing.T) {
	const value = `{"a":{"b":1,"b":2,"c.d":[{"e":true},{"e":[null,"x"]}],"":7},"0":{"1":"zero"},"\u00e4":{"x y":-1e5},"a":{"z":3},"list":[[1,2],[3]]}`
	for _, path := range []string{
		"a", "a.b", `a.c\.d`, `a.c\.d.1.e.1`, `a.c\.d.0`, `a.c\.d.2`, "0.1", "ä.x y", "list.1.0", "list.-1", "list.x", "a.b.c", "none", "A",
		`a.c\.d.#.e`, `a.c\.d.#(e==true).e`, "[none,a.b].0", "[none].0", "list.#", "list|1", "a.c*.0.e", "{a.b}",
	} {
		var p paths
		slot := p.add(path)
		found := make([][]byte, 1)
		if err := p.find(&scanner{text: []byte(value)}, found); err != nil {
			t.Fatal(err)
		}
		if want := gjson.Get(value, path).Raw; string(found[slot]) != want {
			t.Errorf("at %s is %q, gjson finds %q", path, found[slot], want)
		}
	}
}

func TestMessagesAtTheSameTime(t *testing.T) {
	decode := JSONMapping(Profiles[Mapping]{Default: &groupMapping})
	var done sync.WaitGroup
	for i := range 4 {
		done.Go(func() {
			want := fmt.Sprintf("d%d: rt temp<temp>=%d <x.y>=%d\n", i, i, i)
			for range 200 {
				var m Message
				payload := fmt.Sprintf(`{"deviceInfo":{"devEui":"d%d"},"object":{"temp":%d,"x":{"y":%d}}}`, i, i, i)
				if err := decode(&Input{Payload: []byte(payload)}, &m); err != nil || mapped(&m) != want {
					t.Errorf("%v: %s, want %s", err, mapped(&m), want)
				}
			}
		})
	}
	done.Wait()
}
