package payload

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

var plainLines = InfluxLines(Profiles[InfluxProfile]{})

func TestWhatInfluxLinesSay(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, plainLines, payload, want...) }
	f(`air,station=st17 pm25=35.2,pm10=61i 1795227300000000000`, "st17: 2026-11-21T02:15:00Z rt pm25=35.2 pm10=61")
	f("air,station=st17 pm25=35.2 1795227300000000000\nwater,station=w1,host=x ph=7.1,do=8u 1795227240123456789\n",
		"st17: 2026-11-21T02:15:00Z rt pm25=35.2", "w1: 2026-11-21T02:14:00.123456789Z rt ph=7.1 do=8")

	// Without a time, a tag or both.
	f("air pm25=1", ": rt pm25=1")
	f("air,host=gw pm25=1", ": rt pm25=1")
	f("# a comment\r\n\r\n  air pm25=1  \r\n\t# another, with=x 1\r\nair,station=a pm10=2 1795227300000000000\r\n   \n", ": rt pm25=1", "a: 2026-11-21T02:15:00Z rt pm10=2")

	// Numbers in every form.
	f("m a=1,b=-1.5,c=1e3,d=1.2E-3,e=+2,f=.5,g=5.,h=-3i,i=007", ": rt a=1 b=-1.5 c=1000 d=0.0012 e=2 f=0.5 g=5 h=-3 i=7")
	f("m PM2.5=1,pm_10=2", ": rt <PM2.5>=1 pm_10=2")

	// Escapes.
	f(`my\ air\,x,st\=x=1,station=st\ 17\,b\=c\d pm\ 25=1,a\,b=2,c\=d=3,e\f=4`, `st 17,b=c\d: rt <pm 25>=1 <a,b>=2 <c=d>=3 <e\f>=4`)
	f(`m,station=a\\ pm25=1`, "! line 1: there are no fields: a line is measurement,tag=value field=number,field=number timestamp")

	// Texts that are numbers are numbers; others, and truth values, are names that are not known. A text may hold anything,
	// line ends too.
	f(`m pm25="35.2",voc=" 0.3 ",PM10="61",co="unknown",no2="null"`, ": rt pm25=35.2 voc=0.3 <PM10>=61")
	f(`m pm25="defect",rh=true,so2=1`, ": rt so2=1", "! line 1, pm25: defect is not a number", "! line 1, rh: true is not a number")
	f("m,station=a mode=\"auto, \\\"b\\\" \\\\ = x\",pm25=1,door=t,shut=FALSE,none=\"\" 1795227300000000000", "a: 2026-11-21T02:15:00Z rt <mode>=0 pm25=1 <door>=0 <shut>=0")
	f("m log=\"one\ntwo\n#three\",a=1\nm b=x\n", ": rt <log>=0 a=1", "! line 4, b: x is not a number")

	// Flags, and Egret's own lines.
	f("air,station=wx-1,period=1h pm25=35.2,pm25_flag=0i,co=0.6,co_flag=10i 1795227300000000000", "wx-1: 2026-11-21T02:15:00Z 1h pm25=35.2(0) co=0.6(10)")
	f(`air,period=5m co_flag="M",co=1,so2=2,so2_flag=11u,no2=3,no2_flag="T",no=4,no_flag=12`, ": 5m co=1(M) so2=2(11) no2=3(T) no=4(12)")
	f("air pm25=1.5,pm25_flag=5i,pm25_raw=-0.7,co=1,co_flag=2i,co_raw=3", ": rt pm25=-0.7 co=1(2)")
	f("air pm25_flag=31i,so2_flag=\"D\",x_raw=4,co=1", ": rt co=1 x_raw=4", `note : state pm25 flag="31"`, `note : state so2 flag="D"`)
	f(`air mode_flag="x",co=1,serial_flag=7i`, ": rt co=1 <mode_flag>=0 <serial_flag>=0")
	f("air,period=hourly,station=a,station=b pm25=1", "a: rt pm25=1")
}

func TestInfluxNamesOfAProfile(t *testing.T) {
	hourly := &InfluxProfile{Period: reading.Hour, Precision: time.Millisecond}
	decode := InfluxLines(Profiles[InfluxProfile]{Default: secondsProfile(), Of: map[string]*InfluxProfile{"h1": hourly}})
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, decode, payload, want...) }
	f(`m,station=x,id=y PM2.5=0.035,PM2.5_flag="M",t=352,door=true,mode="auto",bad_flag=7i 1795227300`,
		"y: 2026-11-21T02:15:00Z rt <PM2.5>pm25=0.035(M)[mg/m3] <t>temp=35.2 door=1 <bad_flag>errors=7", `note y: 2026-11-21T02:15:00Z state pump text="auto"`)
	f("m,id=h1 t=352 1795227300250\nm,id=h2 door=f 1795227300", "h1: 2026-11-21T02:15:00.25Z 1h t=352", "h2: 2026-11-21T02:15:00Z rt door=0")
	f(`m t=150,t_flag=5i,t_raw=-7`, ": rt <t>temp=-0.7")
	f(`m rssi=-80,no2=-1,co=-1`, ": rt co=-1")
	f(`m no2=-1i,co=-1i`, ": rt co=-1")
	f(`m no2=-9999999999,co=1`, ": rt co=1")
	f(`m PM2.5="0.035",t="352",door="1",mode="auto" 1795227300`, ": 2026-11-21T02:15:00Z rt <PM2.5>pm25=0.035[mg/m3] <t>temp=35.2 door=1", `note : 2026-11-21T02:15:00Z state pump text="auto"`)
	f(`m t=9.9e9,co=1`, ": rt co=1", "! line 1, t: 9.9e9 is too large")
	f(`m rssi="x",no2="off",no2_flag=31i`, `note : state no2 flag="31"`)
	f(`m PM2.5_flag=31i`, `note : state pm25 flag="31"`)
}

func secondsProfile() *InfluxProfile {
	return &InfluxProfile{Station: "id", Precision: time.Second, Names: map[string]Target{
		"PM2.5": {Parameter: "pm25", Unit: "mg/m3"},
		"t":     {Parameter: "temp", Scale: reading.FixedOne / 10},
		"door":  {Parameter: "door"}, "mode": {Parameter: "pump"},
		"bad_flag": {Parameter: "errors"},
		"rssi":     {}, "no2": {Parameter: "no2", Absent: []string{"-1", "off", "-9999999999"}},
	}}
}

func TestMistakesInLinesAndGoodOnesBetween(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantSpoken(t, plainLines, payload, want...) }
	const noFields = "there are no fields: a line is measurement,tag=value field=number,field=number timestamp"
	f("m a=1\nm\nm b=2\nm,x=y \n,x=y c=1\nm d=4\n", ": rt a=1", ": rt b=2", ": rt d=4",
		"! line 2: "+noFields, "! line 4: "+noFields, "! line 5: there is no measurement before the first comma")
	f("m,x a=1\nm,x= a=1\nm,=y a=1\nm,x=y,a=1\nm, a=1", `! line 1: the tag "x" has no value`, `! line 2: the tag "x" has no value`, `! line 3: the tag "" has no value`,
		"! line 4: "+noFields, `! line 5: the tag "" has no value`)
	f("m a\nm a=\nm =1\nm a=1,\nm a=1,b\nm a=1,,b=2\nm a=,b=2\nm a= 1", `! line 1: the field "a" has no name or no value`, `! line 2: the field "a" has no value`,
		`! line 3: the field "" has no name or no value`, `! line 4: the field "" has no name or no value`, `! line 5: the field "b" has no name or no value`,
		`! line 6: the field "" has no name or no value`, `! line 7: the field "a" has no value`, `! line 8: the field "a" has no value`)

	// A value that is none leaves those beside it.
	f("m a=nan,b=1,c=abc,d=1x,e=1.5i,f=0x10,g=--1,h=1e999,i=9.3e9,j=99999999999999999999i,k=1_0,l=i,n=Inf,co=1e10", ": rt b=1 <h>=0 <i>=0 <j>=0", "! line 1, a: nan is not a number", "! line 1, c: abc is not a number",
		"! line 1, d: 1x is not a number", "! line 1, e: 1.5i is not a number", "! line 1, f: 0x10 is not a number", "! line 1, g: --1 is not a number",
		"! line 1, k: 1_0 is not a number", "! line 1, l: i is not a number", "! line 1, n: Inf is not a number", "! line 1, co: 1e10 is too large")
	f("m a=1,a=2,b=3", ": rt a=1 b=3", "! line 1, a: is given twice; the first number stands")
	f("m a=1,a_flag=5i,a_raw=x", ": rt a=1(5)", "! line 1, a_raw: x is not a number within ±9.2e9")

	// A text that is not closed takes no other line with it.
	f("m a=\"x\nm b=2\nm c=3", ": rt b=2", ": rt c=3", `! line 1: the text of the field "a" has no closing quotation mark`)
	f("m a=\"x\nm b=2\nm c=\"y\"\nm d=4", ": rt b=2", ": rt <c>=0", ": rt d=4", `! line 1: something follows the text of the field "a"`)
	f("m a=\"x\"y,b=2\nm d=4", ": rt d=4", `! line 1: something follows the text of the field "a"`)

	// Times.
	f("m a=1 soon\nm a=1 1.5\nm a=1 1795227300000000000 x\nm a=1 1795227300000000000i\nm a=2", ": rt a=2", "! line 1: the timestamp soon is not a whole number", "! line 2: the timestamp 1.5 is not a whole number",
		"! line 3: the timestamp 1795227300000000000 x is not a whole number", "! line 4: the timestamp 1795227300000000000i is not a whole number")
	f("m a=1 -1\nm a=1 7289654400000000000\nm a=1 99999999999999999999", "! line 1: the timestamp -1 lies outside 1970 to 2200", "! line 2: the timestamp 7289654400000000000 lies outside 1970 to 2200",
		"! line 3: the timestamp 99999999999999999999 lies outside 1970 to 2200")
	f("m a=1 1795227300\nm a=1 1795227300000\nm a=1 0", ": 1970-01-01T00:00:00Z rt a=1", "! line 1: the timestamp 1795227300 is of 1970-01-01: set precision: s in the station's profile",
		"! line 2: the timestamp 1795227300000 is of 1970-01-01: set precision: ms in the station's profile")
	inSeconds := InfluxLines(Profiles[InfluxProfile]{Default: &InfluxProfile{Precision: time.Second}})
	wantSpoken(t, inSeconds, "m a=1 1795227300000000000\nm a=2 1795227300", ": 2026-11-21T02:15:00Z rt a=2", "! line 1: the timestamp 1795227300000000000 lies outside 1970 to 2200: set precision: ns in the station's profile")

	wantSender(t, plainLines, "m,station=a pm25=1 soon", "a")
	wantSender(t, plainLines, "m,x=y\nm,station=a\nm,station=b pm25=1 soon", "a")
	wantSender(t, plainLines, "m pm25=1 soon", "")

	// The payload as a whole.
	f("", "!! the payload is empty")
	f(" \r\n# only a comment\n", "!! the payload is empty")
	f(`{"values":{"pm25":1}}`, "! line 1: "+noFields)
	f("\x00\xff\xfe=", "! line 1: "+noFields)
}

func TestRubbishInLinesAndPacksIsBounded(t *testing.T) {
	f := func(decode Decoder, payload string, want string) {
		t.Helper()
		var m Message
		if err := decode(&Input{Payload: []byte(payload)}, &m); err != nil || len(m.Problems) == 0 || len(m.Statements) > 1 || (len(m.Statements) == 1 && len(m.Statements[0].Values) != mostValues) {
			t.Fatalf("%d statements, %d problems, %v", len(m.Statements), len(m.Problems), err)
		}
		if got := m.Problems[0]; got != want {
			t.Errorf("%s becomes %s, want %s", reading.Shorten(payload), got, want)
		}
	}
	var fields, records strings.Builder
	for i := range mostValues + 5 {
		name := "k" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
		fields.WriteString("," + name + "=1")
		records.WriteString(`,{"n":"` + name + `","v":1}`)
	}
	f(plainLines, "m "+fields.String()[1:], "line 1, "+lastNames(mostValues)+": is more than the 1000 values that one line may hold")
	f(plainSenML, "["+records.String()[1:]+"]", "record 1001, "+lastNames(mostValues)+": is more than the 1000 values that one time may have")
	f(plainLines, "m "+strings.Repeat("n", 300)+"=1", "line 1, "+strings.Repeat("n", 80)+"…: the name has 300 characters, more than 256")
	for _, text := range []string{
		strings.Repeat("m a=\"\n", 100_000), strings.Repeat("m a=x\n", 100_000), strings.Repeat(",", 500_000), strings.Repeat("\r", 500_000) + "m a=1" + strings.Repeat("\r", 500_000),
		"m " + strings.Repeat("a=1,", 100_000), "m " + strings.Repeat(`\`, 500_000), strings.Repeat("m a=1\n", 100_000),
	} {
		wantFrugal(t, plainLines, text)
	}
	for _, text := range []string{
		"[" + strings.Repeat(`{"v":1},`, 50_000) + "1]", "[" + strings.Repeat(`{"n":"a","t":1,"v":1},{"n":"a","t":2,"v":1},`, 20_000) + "1]", strings.Repeat("[", 500_000),
		`[{"bn":"` + strings.Repeat("a", 250) + `"}` + strings.Repeat(`,{"n":"/a","v":1}`, 50_000) + "]", `[{"bn":"` + strings.Repeat("a", 250) + `"}` + strings.Repeat(`,{"n":"a/","vs":""},{"n":"b/c","t":2,"v":1}`, 20_000) + "]",
		`[{"bn":"` + strings.Repeat(`\u0061`, 200) + `"}` + strings.Repeat(`,{"n":"\u002fa","bv":1e-300,"v":1e-300}`, 20_000) + "]",
	} {
		wantFrugal(t, plainSenML, text)
	}
}

func lastNames(i int) string {
	return "k" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
}
