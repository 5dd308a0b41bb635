package payload

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

func TestWhatEachCommandIs(t *testing.T) {
	f := func(cn, area string, want ...string) { t.Helper(); wantDecoded(t, sent("22", cn, area), nil, want...) }
	data := func(cn, period string) {
		t.Helper()
		f(cn, "DataTime=20261121100000;a34004-Avg=1", "2026-11-21T02:00:00Z "+period+" pm25=1[ug/m3]")
	}
	data("2011", "rt")
	data("2013", "rt")
	data("2052", "rt")
	data("2051", "10m")
	data("2061", "1h")
	data("2031", "1d")
	data("2111", "5m")
	for cn := range strings.FieldsSeq("1000 1001 1002 1011 1012 1013 1014 1061 1062 1063 1064 1072 2012 2022 3011 3018 3021 3022 3024 9011 9012 9013 9014 9015 9021 9022") {
		f(cn, "", "from S1")
		f(cn, "DataTime=20261121100000;QnRtn=1", "from S1")
	}
	f("2011", "", "from S1") // the platform asks for it
	f("2051", "BeginTime=20261121000000,EndTime=20261121010000", "from S1")
	f("2000", "DataTime=20261121100000;a34004-Avg=1", "!! CN=2000 is no command that Egret knows: readings come with 2011, 2051, 2061 or 2031")
	f("2071", "", "!! CN=2071 is no command that Egret knows: readings come with 2011, 2051, 2061 or 2031")
	f("", "", "!! the frame has no CN, which says what it is for")

	// States, start-ups, instruments.
	const at = "- 2026-11-21T02:00:00Z "
	f("2021", "DataTime=20261121100000;SB1-RS=1;SB2-RS=0", at+"state of SB1: value=1", at+"state of SB2: value=0")
	f("2041", "DataTime=20261121100000;SB1-RT=23.5", at+"running of SB1: hours=23.5")
	f("2081", "DataTime=20261121100000;RestartTime=20261121095900", `- 2026-11-21T01:59:00Z start: text="the data logger started"`)
	f("2081", "DataTime=20261121100000", at+`start: text="the data logger started"`)
	f("2081", "DataTime=20261121100000;RestartTime=yesterday", at+`start: text="the data logger started"`, `! RestartTime="yesterday" is no time: it has 14 digits, as in 20261121101500`)
	f("3019", "DataTime=20261121100000;a34004-SN=0012345;x1-SN=A-7", at+`instrument of pm25: text="0012345"`, at+`instrument of x1: text="A-7"`)
	f("3020", "DataTime=20261121100000;PolId=w01018,i11001-Info=//12:00;pump, on==//;i12001-Info=8.5", at+`information of cod i11001: text="12:00;pump, on=="`, at+"information of cod i12001: value=8.5")
	f("3020", "i11001-Info=////", `- information of i11001: text=""`)
	f("2011", "DataTime=20261121100000;p00001-Rtd=St;p00002-Rtd=7", "2026-11-21T02:00:00Z rt ?p00002-Rtd=7", at+`state of p00001: text="St"`)
	f("2021", "DataTime=20261121100000;SB1-RS=1;a34004-Rtd=3", "2026-11-21T02:00:00Z rt pm25=3[ug/m3]", at+"state of SB1: value=1")
	f("2021", "DataTime=2026;SB1-RS=1", `! DataTime="2026" is no time: it has 14 digits, as in 20261121101500`)
}

func TestEveryAttribute(t *testing.T) {
	f := func(area, want string, problems ...string) {
		t.Helper()
		wantDecoded(t, sent("22", "2061", "DataTime=20261121100000;"+area), nil, append([]string{"2026-11-21T02:00:00Z 1h " + want}, problems...)...)
	}
	f("a34004-Rtd=1", "pm25=1[ug/m3]")
	f("a34004-Min=1,a34004-Avg=2,a34004-Max=3,a34004-Cou=4,a34004-Flag=D", "pm25_min=1(D)[ug/m3] pm25=2(D)[ug/m3] pm25_max=3(D)[ug/m3] pm25_total=4(D)")
	f("a21026-ZsMin=1,a21026-ZsAvg=2,a21026-ZsMax=3", "so2_converted_min=1[ug/m3] so2_converted=2[ug/m3] so2_converted_max=3[ug/m3]")
	f("a21026-ZsRtd=1", "so2_converted=1[ug/m3]")
	f("a34004-RawAvg=1,a34004-Avg=2", "pm25_unadjusted=1[ug/m3] pm25=2[ug/m3]")
	f("Leq-Data=50;Leq-DayData=51;Leq-NightData=45;Ld-DayData=52;Ln-NightData=46;Ldn-Data=54", "leq=50[dB] leq_day=51[dB] leq_night=45[dB] ld=52[dB] ln=46[dB] ldn=54[dB]")
	f("L5-Data=1;L10-Data=2;L50-Data=3;L90-Data=4;L95-Data=5;LMx-Data=6;LMn-Data=7", "l5=1[dB] l10=2[dB] l50=3[dB] l90=4[dB] l95=5[dB] lmax=6[dB] lmin=7[dB]")
	f("a34004-Avg=1,a34004-EFlag=A01,a34004-ValidNum=4,a34004-TotalNum=60", "pm25=1[ug/m3]")
	f("a34004-Ori=1.5,a34004-Avg=1", "?a34004-Ori=1.5 pm25=1[ug/m3]")
	f("a34004-Note=ab,a34004-Avg=1", "?a34004-Note=0 pm25=1[ug/m3]")

	// No values.
	wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;a34004-Rtd=,a34004-Flag=D;a34002-Rtd=null;a21026-Rtd=NULL;a21004-Rtd=1"), nil, "2026-11-21T02:00:00Z rt no2=1[ug/m3]", "3 empty")
	f("a34002-Avg=1;a34004-Avg=abc", "pm10=1[ug/m3]", `! a34004-Avg: "abc" is not a number`)
	f("a34002-Avg=1;a34004-Avg=0x10;a34004-Min=1e400;a34004-Max=-inf", "pm10=1[ug/m3]", `! a34004-Avg: "0x10" is not a number`,
		"! a34004-Min: 1e400 is not a number that a station can have measured", "! a34004-Max: -inf is not a number that a station can have measured")
	f("a34002-Avg=1;a34004-Avg=1e10", "pm10=1[ug/m3]", "! a34004-Avg: 1e10 is not a number that a station can have measured")
	f("a34002-Avg=1;x-Rtd=NaN;a34004-Avg=+-1;a34004-Min=.", "pm10=1[ug/m3]", "! x-Rtd: NaN is not a number that a station can have measured",
		`! a34004-Avg: "+-1" is not a number`, `! a34004-Min: "." is not a number`)
}

// What loggers do to items, and the standard's own examples.
func TestOddItems(t *testing.T) {
	f := func(area, want string, problems ...string) {
		t.Helper()
		wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;"+area), nil, append([]string{"2026-11-21T02:00:00Z rt " + want}, problems...)...)
	}
	f("a34004--Avg=1;LA-Rtd-Rtd=50; a34002 - Rtd = 2 ;", "pm25=1[ug/m3] leq=50[dB] pm10=2[ug/m3]")
	f("01018-Rtd=1", "?01018-Rtd=1")
	f("A34004-RTD=1,A34004-FLAG=D;LEQ-DATA=50;LMX-DATA=60", "pm25=1(D)[ug/m3] leq=50[dB] lmax=60[dB]")
	f("a34004-Rtd=1,a34004-flag=D;ld-data=50", "pm25=1(D)[ug/m3] ld=50[dB]")
	f("a34004-Rtd=1,a34004-Flag=D,a34002-Rtd=2,a34002-Flag=N", "pm25=1(D)[ug/m3] pm10=2(N)[ug/m3]")
	f("a34004-Rtd=1;a34004-Flag=D;a34002-Rtd=2;Flag=T", "pm25=1(D)[ug/m3] pm10=2(T)[ug/m3]")
	f("a34004-Rtd=1;a34002-Rtd=2,a34002-Flag=N;a34004-Flag=D", "pm25=1(D)[ug/m3] pm10=2(N)[ug/m3]")
	f("a34004-Rtd=1,a34004-Avg=2;a34002-Rtd=2;a34004-Rtd=3;x-Rtd=1;x-Rtd=2", "pm25=1[ug/m3] pm10=2[ug/m3] ?x-Rtd=1",
		"! a34004-Avg: is given twice, or stands for the same as another item; the first number stands",
		"! a34004-Rtd: is given twice, or stands for the same as another item; the first number stands",
		"! x-Rtd: is given twice, or stands for the same as another item; the first number stands")
	f("a34004-Rtd=1,5,a34004-Flag=N;a34002-Rtd=2", "pm10=2[ug/m3]",
		`! a34004: "5" behind a comma is no item; where it is a decimal comma, numbers are written with a point: none of its values is taken`)
	f("a34002-Rtd=2;vendor;;,;a34004-Rtd=1", "pm10=2[ug/m3] pm25=1[ug/m3]", `! "vendor" is no item: one is written as code-Rtd=number`)
	f("QN=20261121101500001;PNUM=1,PNO=1;a34004=1;a34002-Rtd=2", "pm25=1[ug/m3] pm10=2[ug/m3]")
	f("-Rtd=1;=2;a34004-=3", "?-Rtd=1 ?=2 ?a34004-=3")
	wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;Flag=N;a34004-Rtd=1"), nil, "2026-11-21T02:00:00Z rt pm25=1[ug/m3]", "! Flag=N stands without a code: nobody knows what it is of")
	wantDecoded(t, sent("22", "2011", "a34004-Rtd=1"), nil, "! there is no DataTime: nobody knows when this was measured")
	wantDecoded(t, sent("22", "2011", "a34004-Rtd=1;DataTime=20261121100000"), nil, "2026-11-21T02:00:00Z rt pm25=1[ug/m3]")
}

func TestTimesOfHJ212(t *testing.T) {
	f := func(text string, profile *HJ212Profile, want string) {
		t.Helper()
		if strings.HasPrefix(want, "2") {
			want += " rt pm25=1[ug/m3]"
		}
		wantDecoded(t, sent("22", "2011", "DataTime="+text+";a34004-Rtd=1"), profile, want)
	}
	f("20261121101500", nil, "2026-11-21T02:15:00Z")
	f("20261121101500250", nil, "2026-11-21T02:15:00.25Z")
	f("20240229000000", nil, "2024-02-28T16:00:00Z")
	f("20261121101500", &HJ212Profile{Zone: time.FixedZone("", -5*3600)}, "2026-11-21T15:15:00Z")
	const noTime = " is no time: it has 14 digits, as in 20261121101500"
	f("2026112110150", nil, `! DataTime="2026112110150"`+noTime)
	f("202611211015001", nil, `! DataTime="202611211015001"`+noTime)
	f("20261121101500+8", nil, `! DataTime="20261121101500+8"`+noTime)
	f("20261121101500CST", nil, `! DataTime="20261121101500CST"`+noTime)
	f("2026-11-21 10:15", nil, `! DataTime="2026-11-21 10:15"`+noTime)
	f("", nil, `! DataTime=""`+noTime)
	for text := range strings.FieldsSeq("20250229000000 20261301000000 20260001000000 20260100000000 20260431000000 20261121240000 20261121106000 20261121101560") {
		f(text, nil, "! DataTime="+text+" is in no calendar and on no clock")
	}
	f("19691231235959", nil, "! DataTime=19691231235959 lies outside 1970 to 2200")
	f("22010101000000", nil, "! DataTime=22010101000000 lies outside 1970 to 2200")
	wantDecoded(t, sent("21", "2011", "DataTime=20261121101500;w01001-Rtd=7;w01019-SampleTime=2026,w01019-Rtd=2;w01009-SampleTime=,w01009-Rtd=8"), nil,
		"2026-11-21T02:15:00Z rt ph=7[pH] do=8[mg/L]", `! w01019: SampleTime="2026" is no time: it has 14 digits, as in 20261121101500`)
	wantDecoded(t, sent("21", "2011", "w01019-SampleTime=20261121080000,w01019-Rtd=2;w01009-Rtd=8"), nil,
		"2026-11-21T00:00:00Z rt codmn=2[mg/L]", "! there is no DataTime: nobody knows when this was measured")
}

func TestUnits(t *testing.T) {
	mg := &HJ212Profile{Units: map[string]string{"pm25": "mg/m3", "so2": "ppb", "cod": "", "tsp": "mg/m3"}}
	standard := &HJ212Profile{Basis: StandardUnits}
	f := func(st, code string, profile *HJ212Profile, want string) {
		t.Helper()
		if want[0] != '!' {
			want = "2026-11-21T02:00:00Z rt " + want
		}
		wantDecoded(t, sent(st, "2011", "DataTime=20261121100000;"+code+"-Rtd=1"), profile, want)
	}
	nobody := func(code, parameter, standard string) string {
		return "! " + code + " (" + parameter + "): nobody says its unit: HJ 212-2017 has " + standard + ", stations send ug/m3 or mg/m3; write what it is, such as units: {" + parameter + ": mg/m3}, in the station's profile"
	}
	f("22", "a34004", nil, "pm25=1[ug/m3]")
	f("22", "a34004", mg, "pm25=1[mg/m3]")
	f("22", "a34004", standard, "pm25=1[ng/m3]")
	f("39", "a34004", nil, nobody("a34004", "pm25", "ng/m3"))
	f("39", "a34004", mg, "pm25=1[mg/m3]")
	f("39", "a34004", standard, "pm25=1[ng/m3]")
	f("22", "a34001", nil, nobody("a34001", "tsp", "ng/m3"))
	f("22", "a34001", standard, "tsp=1[ng/m3]")
	f("22", "a21026", nil, "so2=1[ug/m3]")
	f("22", "a21026", mg, "so2=1[ppb]")
	f("31", "a21026", nil, nobody("a21026", "so2", "mg/m3"))
	f("31", "a21026", standard, "so2=1[mg/m3]")
	f("22", "a21005", nil, "co=1[mg/m3]")
	f("31", "a21005", nil, nobody("a21005", "co", "mg/m3"))
	f("22", "a05024", nil, "o3=1[ug/m3]")
	f("22", "a21001", nil, "nh3=1[ug/m3]")
	f("22", "a21001", standard, "nh3=1[ng/m3]")
	f("22", "a24088", nil, "nmhc=1") // as it will be declared
	f("22", "a24088", standard, "nmhc=1[mg/m3]")
	f("31", "a34013", nil, "smoke=1[mg/m3]")
	f("32", "w01018", nil, "cod=1[mg/L]")
	f("32", "w01018", mg, "cod=1")
	f("21", "w20115", nil, "cd=1[ug/L]")
	f("39", "a01006", nil, "pressure=1[kPa]")

	// A total is no concentration.
	wantDecoded(t, sent("31", "2061", "DataTime=20261121100000;a21026-Cou=2.5,a21026-Avg=1,a21026-Max=3"), nil, "2026-11-21T02:00:00Z 1h so2_total=2.5", nobody("a21026", "so2", "mg/m3"), nobody("a21026", "so2", "mg/m3"))
}

func TestFactorCodes(t *testing.T) {
	f := func(st, code string, profile *HJ212Profile, want string) {
		t.Helper()
		wantDecoded(t, sent(st, "2011", "DataTime=20261121100000;"+code+"-Rtd=12"), profile, "2026-11-21T02:00:00Z rt "+want)
	}
	// HJ/T 212-2005: a number means something with its system type only.
	f("32", "011", nil, "cod=12[mg/L]")
	f("21", "060", nil, "nh3n=12[mg/L]")
	f("21", "101", nil, "tp=12[mg/L]")
	f("21", "065", nil, "tn=12[mg/L]")
	f("32", "B01", nil, "flow=12[L/s]")
	f("22", "011", nil, "?011-Rtd=12")
	f("22", "03", nil, "nox=12[ug/m3]")
	f("31", "S03", nil, "flue_temp=12")
	f("32", "03", nil, "?03-Rtd=12")
	f("23", "S03", nil, "?S03-Rtd=12")

	profile := &HJ212Profile{Units: map[string]string{"o3": "mg/m3"}, Codes: map[string]Target{
		"o31104": {Parameter: "o3"},
		"a34004": {Parameter: "pm25_second", Unit: "mg/m3"},
		"V7":     {Parameter: "temp", Unit: "Cel", Scale: reading.FixedOne / 10, Offset: -40 * reading.FixedOne},
	}}
	f("22", "o31104", profile, "o3=12[mg/m3]")
	f("22", "O31104", profile, "o3=12[mg/m3]")
	f("22", "a34004", profile, "pm25_second=12[mg/m3]")
	f("22", "V7", profile, "temp=-38.8[Cel]")
	f("22", "v8", profile, "?v8-Rtd=12")
	wantDecoded(t, sent("22", "2061", "DataTime=20261121100000;V7-Min=1,V7-Avg=2,V7-Cou=3;V7=5"), profile, "2026-11-21T02:00:00Z 1h temp_min=-39.9[Cel] temp=-39.8[Cel] temp_total=3",
		"! V7: is given twice, or stands for the same as another item; the first number stands")
	wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;V7-Rtd=9e9"), &HJ212Profile{Codes: map[string]Target{"V7": {Parameter: "temp", Scale: 9 * reading.FixedOne}}},
		"! V7-Rtd: 9e9 is too large for the scale of the station's profile")
	f("22", strings.Repeat("x", 100), nil, "?"+strings.Repeat("x", 100)+"-Rtd=12")
}

// Every code leads to one plain key, and every figure of it to a key of its own.
func TestTableOfCodes(t *testing.T) {
	for _, rows := range [][]codeRow{codeRows, oldWaterRows, oldGasRows} {
		seen := make(map[string]bool)
		for _, row := range rows {
			if err := reading.CheckKey(row.parameter); err != nil || seen[row.code] {
				t.Errorf("%s: %v, given before: %t", row.code, err, seen[row.code])
			}
			seen[row.code] = true
		}
	}
	known := reading.BuiltinParameters()
	for _, f := range codes {
		if p := known[f.parameter]; p != nil {
			if _, err := reading.ConvertUnit(1, string(f.standard), p, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC).UnixNano()); err != nil {
				t.Errorf("%s: %v", f.parameter, err)
			}
			for _, key := range f.keys[1:] {
				if known.Statistic(string(key)) == nil && known[string(key)] == nil {
					t.Errorf("%s is no figure of %s", key, f.parameter)
				}
			}
		}
	}
}

func TestFlagTableOfEachEdition(t *testing.T) {
	f := func(flag string, profile *HJ212Profile, want *reading.FlagTable) {
		t.Helper()
		frame := AppendFrame(nil, []byte("QN=1;ST=22;CN=2011;PW=1;MN=S1;"+flag+"CP=&&DataTime=20261121100000;a01001-Rtd=1,a01001-Flag=N&&"))
		var m Message
		if err := HJ212(Profiles[HJ212Profile]{Default: profile})(&Input{Payload: frame}, &m); err != nil || m.Statements[0].Flags != want {
			t.Errorf("%q: %v, %v", flag, m.Statements, err)
		}
	}
	for flag := range strings.FieldsSeq("Flag=0; Flag=1; Flag=2; Flag=3;") {
		f(flag, nil, &reading.HJ212Flags2005)
	}
	for flag := range strings.FieldsSeq("Flag=4; Flag=5; Flag=6; Flag=7; Flag=8; Flag=9; Flag=11; Flag=255;") {
		f(flag, nil, &reading.HJ212Flags)
	}
	f("", nil, &reading.HJ212Flags)
	f("Flag=x;", nil, &reading.HJ212Flags)
	f("Flag=0;", &HJ212Profile{SurfaceWater: true}, &reading.SurfaceWaterFlags)
	f("Flag=9;", &HJ212Profile{SurfaceWater: true, Flags: &reading.NationalFlags}, &reading.NationalFlags)
}

func TestQualityControlStaysOutOfTheRiver(t *testing.T) {
	f := func(cn, area string, want ...string) {
		t.Helper()
		wantDecoded(t, sent("21", cn, "DataTime=20261121100000;"+area), nil, want...)
		wantDecoded(t, sent("21", cn, "DataTime=20261121100000;"+area), &HJ212Profile{SurfaceWater: true, Codes: map[string]Target{"w21003": {Parameter: "nh3n", Scale: 2 * reading.FixedOne}}}, want...)
	}
	const at = "- 2026-11-21T02:00:00Z "
	f("2062", "w21003-Check=1.02,w21003-StandardValue=1.00,w21003-Flag=N", at+"check of nh3n: value=1.02", at+"check of nh3n: standard_value=1", at+`check of nh3n: flag="N"`)
	f("2062", "w21003-SampleRd=1.02,w21003-StandardValue=1.00,w21003-ResultType=ok", at+"check of nh3n: value=1.02", at+"check of nh3n: standard_value=1", at+`check of nh3n: result_type_text="ok"`)
	f("2063", "w21003-SampleTime=20261121080000,w21003-Rtd=1.4,w21003-Chroma=100,w21003-Volume=500,w21003-DVolume=2,w21003-waterTime=20261121075500",
		"- 2026-11-21T00:00:00Z recovery of nh3n: value=1.4", "- 2026-11-21T00:00:00Z recovery of nh3n: chroma=100", "- 2026-11-21T00:00:00Z recovery of nh3n: volume=500",
		"- 2026-11-21T00:00:00Z recovery of nh3n: dvolume=2", `- 2026-11-21T00:00:00Z recovery of nh3n: water_time_text="20261121075500"`)
	f("2064", "w01019-Rtd=2.5;x9-Rtd=1", at+"duplicate of codmn: value=2.5", at+"duplicate of x9: value=1")
	f("2065", "w21003-Check=0.01,w21003-SpanValue=2", at+"zero of nh3n: value=0.01", at+"zero of nh3n: span_value=2")
	f("2066", "w21003-Check=1.9,w21003-SpanValue=2,w21003-Rtd=1.8,w21003-EFlag=1,w21003-Drift=", at+"span of nh3n: value=1.9", at+"span of nh3n: span_value=2", at+"span of nh3n: rtd=1.8", "1 empty")
	f("2066", "w21003-Check=1.9,w21003-Check=2,w21003-Check=3", at+"span of nh3n: value=1.9", at+"span of nh3n: check=2", "! w21003: the check of span is given twice; the first stands")
	f("2066", "w21003-Check=1.9;w21003-Flag=N;w21003-SpanValue=2;w21003-Flag=N;w21003-Check=2", at+"span of nh3n: value=1.9", at+"span of nh3n: span_value=2", at+`span of nh3n: flag="N"`, "! w21003: the value of span is given twice; the first stands")
	f("2064", "w21003-SampleTime=20261121080000,w21003-Rtd=1;w21003-SampleTime=20261121090000,w21003-Rtd=2", "- 2026-11-21T00:00:00Z duplicate of nh3n: value=1", "- 2026-11-21T01:00:00Z duplicate of nh3n: value=2")
	f("2062", "w21003-Check=1,w21003-Flag=N;w21003-StandardValue=1,w21003-Flag=D", at+"check of nh3n: value=1", at+"check of nh3n: standard_value=1", at+`check of nh3n: flag="N"`, "! w21003: Flag=D is given beside Flag=N, which stands")
	f("2062", "w21003-Flag=N", "! w21003: Flag=N is of no value: the frame has none under this code")

	// A field holds numbers or texts for ever: the first who writes it decides.
	f("2062", "w21003-Check=none,w21003-ResultType=1,w21003-WaterTime=7.5,w21003-StandardValue=1e400", at+`check of nh3n: value_text="none"`, at+"check of nh3n: result_type=1", at+"check of nh3n: water_time=7.5", at+`check of nh3n: standard_value_text="1e400"`)
	f("2062", "w21003-Check=none,w21003-Rtd=1.5", at+`check of nh3n: value_text="none"`, at+"check of nh3n: rtd=1.5")

	// Names that nobody knows are never fields, nor readings.
	f("2062", "w21003-Check=1,w21003-Drift=2,w21003-nh3n=3,w21003-pm25=4,w21003-a b=x", "2026-11-21T02:00:00Z rt ?w21003-Drift=2 ?w21003-nh3n=3 ?w21003-pm25=4 ?w21003-a b=0", at+"check of nh3n: value=1")
	wantNoParameters(t, sent("21", "2066", "DataTime=20261121100000;w21003-nh3n=3;w01001-ZsRtd=4;ph-ph=1;pm25=4;w01001-Min=3,w01001-Max=4"))
}

func wantNoParameters(t *testing.T, payload []byte) {
	t.Helper()
	var m Message
	if err := HJ212(Profiles[HJ212Profile]{})(&Input{Payload: payload}, &m); err != nil || len(m.values) != 6 {
		t.Errorf("%s: %d values, %v", payload, len(m.values), err)
	}
	for _, v := range m.values {
		if len(v.Parameter) > 0 {
			t.Errorf("%s: %s becomes a reading of %s", payload, v.Name, v.Parameter)
		}
	}
}

// A subject is a tag of the database.
func TestNotesAreOfCodes(t *testing.T) {
	const at = "- 2026-11-21T02:00:00Z "
	f := func(cn, area string, want ...string) {
		t.Helper()
		wantDecoded(t, sent("22", cn, "DataTime=20261121100000;"+area), nil, want...)
	}
	f("2021", "SB_1 号泵-RS=1;"+strings.Repeat("y", 40)+"-RS=0;a.b.c.d.e.f.g.h.i.j.k.l-RS=2", at+"state of SB1: value=1", at+"state of yyyyyyyyyy: value=0", at+"state of abcdefghij: value=2")
	f("2021", "号-RS=1;-RS=2", "! 号: is no code: nobody knows what the state is of", "! is no code: nobody knows what the state is of")
	f("2021", "SB_1-RS=1;SB1-RS=0;SB1-RT=2", at+"state of SB1: value=1", at+"running of SB1: hours=2", "! SB1: the value of state is given twice; the first stands")
	f("3020", "PolId=水 w01018,i11001-Info=1", at+"information of w01018 i11001: value=1")
	f("2041", "SB1-RT=23.5;SB1-SampleTime=20261121080000", "- 2026-11-21T00:00:00Z running of SB1: hours=23.5")
}

// Nothing may lose its flag: what then looks valid was none.
func TestFlagsAndTimesMayStandAnywhere(t *testing.T) {
	const at, sampled = "2026-11-21T02:00:00Z rt ", "2026-11-21T00:00:00Z rt "
	f := func(area string, want ...string) {
		t.Helper()
		wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;"+area), nil, want...)
	}
	f("a34004-Flag=D;a01001-Rtd=3;a34004-Rtd=35", at+"temp=3[Cel] pm25=35(D)[ug/m3]")
	f("a34004-Rtd=35;a01001-Rtd=3;a34004-Flag=D", at+"pm25=35(D)[ug/m3] temp=3[Cel]")
	f("a34004-Rtd=35,A34004-Flag=D;A01001-FLAG=M;a01001-Rtd=3", at+"pm25=35(D)[ug/m3] temp=3(M)[Cel]")
	f("a34004-Flag=D;a01001-Rtd=3,a01001-Flag=N;a34004-Min=1;a34004-Max=2", at+"temp=3(N)[Cel] pm25_min=1(D)[ug/m3] pm25_max=2(D)[ug/m3]")
	f("a34004-Min=1,a34004-Flag=D;a01001-Rtd=3;a34004-Max=2", at+"pm25_min=1(D)[ug/m3] temp=3[Cel] pm25_max=2(D)[ug/m3]")
	f("a34004-Rtd=1,a34004-Flag=N;a34004-Cou=2,a34004-Flag=D", at+"pm25=1(N)[ug/m3] pm25_total=2(D)")
	f("x9-Flag=D;x9-Rtd=1", at+"?x9-Rtd=1(D)")
	f("a34004-Rtd=,a34004-Flag=D;a34002-Flag=B;a34002-Rtd=null", "2 empty") // a fault: no number, and why

	f("w01019-SampleTime=20261121080000;w01009-Rtd=8;w01019-Rtd=2.6", at+"do=8[mg/L]", sampled+"codmn=2.6[mg/L]")
	f("w01019-Rtd=2.6;w01009-Rtd=8;W01019-SampleTime=20261121080000", sampled+"codmn=2.6[mg/L]", at+"do=8[mg/L]")
	f("w01019-SampleTime=20261121080000,w01019-Rtd=2.6;w01009-Rtd=8;w01019-Flag=D", sampled+"codmn=2.6(D)[mg/L]", at+"do=8[mg/L]")
	f("w01019-Flag=D;w01009-Rtd=8;w01019-SampleTime=20261121080000,w01019-Rtd=2.6", at+"do=8[mg/L]", sampled+"codmn=2.6(D)[mg/L]")
	f("w01001-Rtd=7;w01019-SampleTime=20261121080000,w01019-Rtd=2.6;w21003-SampleTime=20261121040000,w21003-Rtd=0.3;w01009-Rtd=8;w21011-SampleTime=20261121080000,w21011-Rtd=0.1",
		at+"ph=7[pH] do=8[mg/L]", sampled+"codmn=2.6[mg/L] tp=0.1[mg/L]", "2026-11-20T20:00:00Z rt nh3n=0.3[mg/L]")
	f("w01019-SampleTime=20261121080000,w01019-Rtd=2.6;w01019-SampleTime=20261121040000,w01019-Rtd=2.4,w01019-Flag=T", sampled+"codmn=2.6[mg/L]", "2026-11-20T20:00:00Z rt codmn=2.4(T)[mg/L]")
	f("w01019-SampleTime=20261121100000,w01019-Rtd=2.6;w01009-Rtd=8", at+"codmn=2.6[mg/L] do=8[mg/L]")
	f("w01019-SampleTime=20261121080000,w01019-Rtd=2.6;w01009-Rtd=8;w01019-SampleTime=20261121080000,w01019-Rtd=2.5", sampled+"codmn=2.6[mg/L]", at+"do=8[mg/L]",
		"! w01019-Rtd: is given twice, or stands for the same as another item; the first number stands")
	wantDecoded(t, sent("21", "2011", "w01019-Rtd=2.6;w01009-Rtd=8;w01019-SampleTime=20261121080000"), nil, sampled+"codmn=2.6[mg/L]", "! there is no DataTime: nobody knows when this was measured")
}

func TestFlagsAndTimesThatAreOfNoValueOrOfTwo(t *testing.T) {
	f := func(area string, want ...string) {
		t.Helper()
		wantDecoded(t, sent("22", "2011", "DataTime=20261121100000;a01001-Rtd=3;"+area), nil, append([]string{"2026-11-21T02:00:00Z rt temp=3[Cel]"}, want...)...)
	}
	const none = " is of no value: the frame has none under this code"
	f("a34004-Flag=D", "! a34004: Flag=D"+none)
	f("w01019-SampleTime=20261121080000", "! w01019: SampleTime=20261121080000"+none)
	f("w01019-SampleTime=2026;a34004-EFlag=A1,a34004-Flag=D", "! w01019: SampleTime=2026"+none, "! a34004: Flag=D"+none)
	f("a34004-Flag=,a34004-SampleTime=null")
	two := func(mark, a, b string) string {
		return mark + "=" + a + " and " + mark + "=" + b + " are both given: nobody knows which holds, and none of its values is taken"
	}
	f("a34004-Rtd=35,a34004-Flag=N,a34004-Flag=D", "! a34004: "+two("Flag", "N", "D"))
	f("a34004-Rtd=35,a34004-Flag=N;a01002-Rtd=NaN;a34004-Flag=D", "! a01002-Rtd: NaN is not a number that a station can have measured", "! a34004: "+two("Flag", "N", "D"))
	f("a34004-Rtd=35;a34004-Flag=N;a34004-Flag=D", "! a34004: "+two("Flag", "N", "D"))
	f("w01019-SampleTime=20261121080000;w01019-Rtd=1;w01019-SampleTime=20261121090000;w01019-Rtd=2", "! w01019: "+two("SampleTime", "20261121080000", "20261121090000"), "! w01019: "+two("SampleTime", "20261121080000", "20261121090000"))
	f("a34004-Flag=N;a34004-Flag=N;a34004-Rtd=x,a34004-Flag=N", `! a34004-Rtd: "x" is not a number`)
}

// What a station means by 0 is not what Egret does.
func TestADigitIsNoFlagOf2017(t *testing.T) {
	f := func(flag, mark string, want reading.Flag, refusal string) {
		t.Helper()
		frame := AppendFrame(nil, []byte("QN=1;ST=22;CN=2011;PW=1;MN=S1;Flag="+flag+";CP=&&DataTime=20261121100000;a34004-Rtd=35,a34004-Flag="+mark+"&&"))
		var m Message
		if err := HJ212(Profiles[HJ212Profile]{})(&Input{Payload: frame}, &m); err != nil || len(m.Statements) != 1 || !m.Statements[0].Foreign {
			t.Fatalf("%s: %+v, %v", frame, m.Statements, err)
		}
		s := &m.Statements[0]
		got, err := s.Flags.ParseMark(string(s.Values[0].Flag))
		if refusal != "" && (err == nil || !strings.Contains(err.Error(), refusal)) {
			t.Errorf("-Flag=%s under Flag=%s: %v, %v, want %s", mark, flag, got, err, refusal)
		} else if refusal == "" && (err != nil || got != want) {
			t.Errorf("-Flag=%s under Flag=%s: %v, %v, want %v", mark, flag, got, err, want)
		}
	}
	f("4", "N", reading.Valid, "")
	f("4", "0", reading.Valid, "N F M S D C T B")
	f("9", "1", reading.Valid, "N F M S D C T B")
	f("4", "37", reading.Valid, "N F M S D C T B")
	f("0", "0", reading.Calibration, "") // HJ/T 212-2005 has digits for air stations
}

func TestOneFrameHoldsABoundedNumberOfValues(t *testing.T) {
	var m Message
	profile := &HJ212Profile{LenientLength: true}
	var items strings.Builder
	for i := range 1120 {
		fmt.Fprintf(&items, ",a-%d=1", i)
	}
	payload := sent("22", "2011", "DataTime=20261121100000;"+items.String())
	if err := HJ212(Profiles[HJ212Profile]{Default: profile})(&Input{Payload: payload}, &m); err != nil || len(m.values) != mostValues || len(m.Problems) != mostProblems || m.More != 20 {
		t.Errorf("%d values, %d problems and %d more, %v", len(m.values), len(m.Problems), m.More, err)
	}
}
