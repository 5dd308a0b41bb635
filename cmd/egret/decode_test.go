package main

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// receivedThen is when the frames of these tests came in.
const receivedThen = "2026-11-21T10:15:02+08:00"

// capture writes what a station sent into a file.
func capture(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const waterFrame = "##0248QN=20261121101500004;ST=21;CN=2011;PW=123456;MN=SYN000000000000000000001;Flag=5;CP=&&DataTime=20261121101500;w01010-Rtd=9.8,w01010-Flag=N;w01001-Rtd=7.91,w01001-Flag=N;w01019-SampleTime=20261121080000,w01019-Rtd=2.6,w01019-Flag=N,w01019-EFlag=A01&&8F81\r\n"

func TestDecodeShowsAnInstallerWhatAFrameBecomes(t *testing.T) {
	f := func(content, want string, code int, arguments ...string) {
		t.Helper()
		output, problem, got := egret(t, append(append([]string{"decode", "--received", receivedThen}, arguments...), capture(t, content))...)
		if output != want || got != code {
			t.Errorf("%v: exit code %d, %s\n%swant %d\n%s", arguments, got, problem, output, code, want)
		}
	}
	f(waterFrame, `from station SYN000000000000000000001; times are of Asia/Shanghai and mark the start of the period

NAME        READ AS   BECOMES               FLAG   PERIOD  TIME                 STATION
w01010-Rtd  9.8 Cel   water_temp  9.8 Cel   valid  rt      2026-11-21 10:15:00  SYN000000000000000000001
w01001-Rtd  7.91 pH   ph          7.91 pH   valid  rt      2026-11-21 10:15:00  SYN000000000000000000001
w01019-Rtd  2.6 mg/L  codmn       2.6 mg/L  valid  rt      2026-11-21 08:00:00  SYN000000000000000000001
`, exitDone, "--format", "hj212")
	f(`##0163QN=20261121101500009;ST=39;CN=2011;PW=123456;MN=SYN000000000000000000001;Flag=4;CP=&&DataTime=20261121101500;a34001-Rtd=0.183,a34001-Flag=N;LA-Rtd=61.0,LA-Flag=M&&D1C1`, `from station SYN000000000000000000001; times are of Asia/Shanghai and mark the start of the period

NAME        READ AS  BECOMES         FLAG         PERIOD  TIME                 STATION
a34001-Rtd  0.183    refused                      rt      2026-11-21 10:15:00  SYN000000000000000000001
LA-Rtd      61 dB    leq      61 dB  maintenance  rt      2026-11-21 10:15:00  SYN000000000000000000001

refused; serve keeps it in quarantine:
  a34001 (tsp): nobody says its unit: HJ 212-2017 has ng/m3, stations send ug/m3 or mg/m3; write what it is, such as units: {tsp: mg/m3}, in the station's profile
`, exitInput, "--format", "hj212")
}

func TestDecodeReadsWhatItIsToldTo(t *testing.T) {
	f := func(content string, arguments ...string) decoded {
		t.Helper()
		output, _, _ := egret(t, append(append([]string{"decode", "--json", "--received", receivedThen}, arguments...), capture(t, content))...)
		var d decoded
		if err := json.Unmarshal([]byte(output), &d); err != nil {
			t.Fatalf("%v: %v in\n%s", arguments, err, output)
		}
		return d
	}
	want := func(d decoded, station, values string, refused ...string) {
		t.Helper()
		got := ""
		for _, v := range d.Values {
			if v.Taken {
				got += v.Parameter + "=" + string(v.Value) + " " + v.In + ";"
			}
		}
		if d.Station != station || got != values || strings.Join(d.Refused, "\n") != strings.Join(refused, "\n") {
			t.Errorf("station %q, values %s, refused %q", d.Station, got, d.Refused)
		}
	}
	want(f(`{"values":{"pm25":0.0352},"units":{"pm25":"mg/m3"}}`, "--format", "json"), standIn, "pm25=35.2 ug/m3;")
	want(f(`{"values":{"pm25":1}}`, "--format", "json", "--station", "wx-1"), "wx-1", "pm25=1 ug/m3;")
	want(f("7.5\n", "--format", "number", "--station", "wx-1", "--parameter", "no2"), "wx-1", "no2=7.5 ug/m3;")
	want(f(`[{"bn":"wx-5/","n":"temp","u":"K","v":293.15}]`, "--format", "senml"), "wx-5", "temp=20 Cel;")
	want(f("air,station=wx-4 co=600 1795227300000000000", "--format", "influx"), "wx-4", "",
		"co: 600 mg/m3 lies outside the plausible range -1 to 150")

	configuration := write(t, `
stations: [{id: wx-3, domain: air, aliases: [SYN000000000000000000001], hj212: {key: "0000000000000000"}}]
subscriptions: [{topic: "up/{station}", format: hj212}]`)
	want(f(waterFrame, "-c", configuration, "--topic", "up/wx-3"), "wx-3", "water_temp=9.8 Cel;ph=7.91 pH;codmn=2.6 mg/L;")
	want(f(waterFrame, "-c", configuration, "--topic", "down/wx-3"), "",
		"", "no subscription takes the topic \"down/wx-3\": add it under `subscriptions`, or publish to one that is there (stations/{station}/readings where none is written)")
	encrypted := "232330313430514e3d32303236313132313130313530303032383b53543d32323b434e3d323035313b50573d3132333435363b4d4e3d53594e3030303030303030303030303030303030303030313b466c61673d393b43503d262621de89b4b996fd6ddaa82b5484ef7e7642a54ce813470ba88c11b498a22e9d168b8e7e5a9b3cc875d0c96261bd31518a6c61673d4e2626464534310d0a"
	d := f(encrypted, "-c", configuration, "--format", "hj212", "--hex")
	if d.Station != "wx-3" || len(d.Values) == 0 || !d.Values[0].Taken || len(d.Refused) > 0 {
		t.Errorf("the encrypted frame becomes %+v", d)
	}
	raw, err := hex.DecodeString(encrypted)
	if err != nil {
		t.Fatal(err)
	}
	if again := f(string(raw), "-c", configuration, "--format", "hj212"); again.Values[0] != d.Values[0] {
		t.Errorf("as bytes it becomes %+v", again)
	}
}

// A gateway's message speaks of two stations: what became of a value is said of the station whose it is.
func TestDecodeTellsStationsApart(t *testing.T) {
	output := mustEgret(t, "decode", "--received", receivedThen, "--format", "influx", capture(t, "air,station=st17 pm25=35.2 1795227300000000000\nair,station=st18 pm25=99 1795227300000000000"))
	wantText(t, output, "pm25  35.2     pm25     35.2 ug/m3  valid  rt      2026-11-21 10:15:00  st17", "pm25  99       pm25     99 ug/m3    valid  rt      2026-11-21 10:15:00  st18")

	// One that names no station is read all the same, and the installer is told what the topic must do.
	output = mustEgret(t, "decode", "--received", receivedThen, "--profile", "telegraf-json", capture(t, `{"name":"air","fields":{"pm25":35.2},"tags":{},"timestamp":1795227300}`))
	wantText(t, output, "the payload does not say which station it is: its topic must, by {station}", "pm25")
	// A sign of life is called so only where there is nothing else.
	output = mustEgret(t, "decode", "--received", receivedThen, "--format", "hj212", capture(t, string(frameOf("2081", "S1", "123456", "DataTime=20261121101500;RestartTime=20261121101203"))))
	if strings.Contains(output, "a sign of life") || !strings.Contains(output, "kind=start") {
		t.Errorf("a start-up is shown as\n%s", output)
	}
}

// What the listener takes is shown as it takes it: by its own profile.
func TestDecodeReadsFramesAsTheListenerDoes(t *testing.T) {
	configuration := write(t, `
hj212: {listen: "127.0.0.1:0", profile: dusty}
profiles: [{id: dusty, format: hj212, units: {tsp: mg/m3}}]`)
	output := mustEgret(t, "decode", "--received", receivedThen, "-c", configuration, "--format", "hj212", capture(t, string(frameOf("2011", "S1", "123456", "DataTime=20261121101500;a34001-Rtd=0.183"))))
	wantText(t, output, "tsp      183 ug/m3")

	// Without a listener it is the first topic of the format that says how.
	configuration = write(t, `
subscriptions: [{topic: "up/{station}", profile: dusty}]
profiles: [{id: dusty, format: hj212, units: {tsp: mg/m3}}]`)
	output = mustEgret(t, "decode", "--received", receivedThen, "-c", configuration, "--format", "hj212", capture(t, string(frameOf("2011", "S1", "123456", "DataTime=20261121101500;a34001-Rtd=0.183"))))
	wantText(t, output, "tsp      183 ug/m3")
}

func TestDecodeSaysWhatIsMissing(t *testing.T) {
	f := func(code int, problem string, arguments ...string) {
		t.Helper()
		if _, got, exit := egret(t, append([]string{"decode"}, arguments...)...); exit != code || !strings.Contains(got, problem) {
			t.Errorf("%v ends with %d: %s", arguments, exit, got)
		}
	}
	file := capture(t, waterFrame)
	f(exitUsage, "say how to read it: --format json, hj212", file)
	f(exitUsage, `format "xml" is not known: use json, hj212, senml, influx`, "--format", "xml", file)
	f(exitUsage, `profile "lorawan" is not known: use one of `, "--profile", "lorawan", file)
	f(exitUsage, "profile chirpstack is of format mapping, not hj212: leave out --format", "--profile", "chirpstack", "--format", "hj212", file)
	f(exitUsage, "--topic chooses format and profile", "--topic", "a/b", "--format", "hj212", file)
	f(exitUsage, "is not RFC 3339", "--received", "today", "--format", "hj212", file)
	f(exitInput, "--hex wants pairs of hexadecimal digits", "--format", "hj212", "--hex", file)
	f(exitInput, "no such file", "--format", "hj212", file+"-not")
	f(exitInput, "refused: 1 reason", "--format", "hj212", capture(t, "##0010garbage"))
	f(exitUsage, "arg(s)", "--format", "hj212")
}
