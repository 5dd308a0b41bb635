package payload

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// decoded writes down what the decoder understands of a payload under a profile, as understood does, with what the
// payload calls each value, its statements' stations and flag tables, and the notes.
func decoded(payload []byte, profile *HJ212Profile) string {
	var m Message
	err := HJ212(Profiles[HJ212Profile]{Default: profile})(&Input{Payload: payload}, &m)
	if err != nil {
		return "!! " + err.Error() + "\n"
	}
	var notes strings.Builder
	for _, n := range m.Notes {
		notes.WriteString("- ")
		if n.HasTime {
			fmt.Fprintf(&notes, "%s ", time.Unix(0, n.Time).UTC().Format(time.RFC3339Nano))
		}
		fmt.Fprintf(&notes, "%s", n.Kind)
		if len(n.Subject) > 0 {
			fmt.Fprintf(&notes, " of %s", n.Subject)
		}
		if n.Text != nil {
			fmt.Fprintf(&notes, ": %s=%q\n", n.Field, n.Text)
		} else {
			fmt.Fprintf(&notes, ": %s=%v\n", n.Field, n.Number)
		}
	}
	for i := range m.Statements {
		for j := range m.Statements[i].Values {
			if v := &m.Statements[i].Values[j]; len(v.Parameter) == 0 {
				v.Parameter = []byte("?" + string(v.Name))
			}
		}
	}
	statements, problems, _ := strings.Cut(understood(&m), "! ")
	if problems != "" {
		problems = "! " + problems
	}
	text := statements + notes.String() + problems
	if m.Empty > 0 {
		text += fmt.Sprintf("%d empty\n", m.Empty)
	}
	if text == "" {
		text = fmt.Sprintf("from %s\n", m.Sender)
	}
	return text
}

// frames reads testdata/hj212/frames.jsonl.
func frames(t testing.TB) map[string][]byte {
	t.Helper()
	file, err := os.Open("testdata/hj212/frames.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all := make(map[string][]byte)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ Name, Text, Hex string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		all[line.Name] = []byte(line.Text)
		if line.Text == "" {
			if all[line.Name], err = hex.DecodeString(line.Hex); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// wantDecoded checks what becomes of a payload; want is written as decoded writes it.
func wantDecoded(t *testing.T, payload []byte, profile *HJ212Profile, want ...string) {
	t.Helper()
	if got := decoded(payload, profile); got != strings.Join(want, "\n")+"\n" {
		t.Errorf("%s\nbecomes\n%swant\n%s", shown(payload), got, strings.Join(want, "\n"))
	}
}

// sent is the frame that a station S1 sends.
func sent(st, cn, area string) []byte {
	return AppendFrame(nil, []byte("QN=20261121101500001;ST="+st+";CN="+cn+";PW=123456;MN=S1;Flag=4;CP=&&"+area+"&&"))
}

func TestEveryFrameOfTheCollection(t *testing.T) {
	all := frames(t)
	f := func(name string, profile *HJ212Profile, want ...string) {
		t.Helper()
		if len(all[name]) == 0 {
			t.Fatalf("there is no frame %s", name)
		}
		wantDecoded(t, all[name], profile, want...)
	}
	const at = "2026-11-21T02:15:00Z rt "
	f("air-2011", nil, at+"pm25=35.2(N)[ug/m3] pm10=61(N)[ug/m3] so2=8.4(N)[ug/m3] no2=27.1(N)[ug/m3] co=0.61(N)[mg/m3] o3=88(N)[ug/m3] temp=-3.5(N)[Cel] rh=44(N)[%RH] pressure=101.9(N)[kPa] wind_speed=2.3(N)[m/s] wind_dir=270(N)[deg]")
	f("air-2051", nil, "2026-11-21T02:00:00Z 10m pm25_total=0(N) pm25_min=30.1(N)[ug/m3] pm25=34(N)[ug/m3] pm25_max=40.9(N)[ug/m3]")
	f("air-2051", &HJ212Profile{Minutes: reading.Minutes5, Zone: time.UTC}, "2026-11-21T10:00:00Z 5m pm25_total=0(N) pm25_min=30.1(N)[ug/m3] pm25=34(N)[ug/m3] pm25_max=40.9(N)[ug/m3]")
	f("water-2011-sample", nil, at+"water_temp=9.8(N)[Cel] ph=7.91(N)[pH]", "2026-11-21T00:00:00Z rt codmn=2.6(N)[mg/L]")
	f("noise-2011", nil, at+"leq=54.3(N)[dB]")
	f("noise-2031", nil, "2026-11-19T16:00:00Z 1d leq=55[dB] ldn=57.9[dB] ld=56[dB] ln=49.3[dB] l10_day=59[dB] l10_night=51[dB]")
	const noUnit = "! a34001 (tsp): nobody says its unit: HJ 212-2017 has ng/m3, stations send ug/m3 or mg/m3; write what it is, such as units: {tsp: mg/m3}, in the station's profile"
	f("dust-2011", nil, at+"leq=61(N)[dB]", noUnit)
	f("dust-2011", &HJ212Profile{Units: map[string]string{"tsp": "mg/m3"}}, at+"tsp=0.183(N)[mg/m3] leq=61(N)[dB]")
	f("split-1of2", nil, "2026-11-21T01:00:00Z 1h pm25=33(N)[ug/m3]")
	f("start-2081", nil, `- 2026-11-21T02:12:03Z start: text="the data logger started"`)
	f("heartbeat-9015", nil, "from SYN000000000000000000001")
	f("ack-9014", nil, "from SYN000000000000000000001")
	f("unknown-code", nil, at+"?x99999-Rtd=1.5(N) ?vendor=0")
	f("crc-wrong", nil, "!! wrong checksum: the frame ends in 0000, but what it says gives 4040: it was damaged on its way, or changed after the checksum was made")
	f("crc-modbus-be", nil, "!! wrong checksum: 6350 is right as CRC-16/MODBUS, high byte first: if this logger always sends that, write checksum: modbus in the station's profile")
	f("crc-modbus-be", &HJ212Profile{Checksum: ModbusChecksum}, at+"pm25=13[ug/m3]")
	f("crc-modbus-be", &HJ212Profile{Checksum: ModbusLowChecksum}, "!! wrong checksum: 6350 is right as CRC-16/MODBUS, high byte first: if this logger always sends that, write checksum: modbus in the station's profile")
	f("crc-lower", nil, at+"pm25=14[ug/m3]")
	f("len-short", nil, "!! its length field says 40, but the data segment has 124 bytes: the logger counts wrong, or part of the frame is lost; where its frames are whole, write lenient_length: true in the station's profile")
	f("len-short", &HJ212Profile{LenientLength: true}, at+"pm25=13[ug/m3]")
	f("len-2digits", nil, at+"pm25=1[ug/m3]")
	f("no-crlf", nil, at+"pm25=15[ug/m3]")
	f("two-in-one-payload", nil, at+"pm25=16[ug/m3]", at+"pm10=17[ug/m3]")
	f("minute-time-12", nil, "! DataTime=202611211015 has 12 digits, the standard has 14: if this station never sends seconds, write minute_times: true in its profile")
	f("minute-time-12", &HJ212Profile{MinuteTimes: true}, "2026-11-21T02:15:00Z 10m pm25=16[ug/m3]")
	f("bad-date", nil, "! DataTime=20260230101500 is in no calendar and on no clock")
	f("future", nil, "2039-12-31T16:00:00Z rt pm25=16[ug/m3]") // the checker compares it with the clock
	f("sci-nan", &HJ212Profile{Units: map[string]string{"tsp": "ug/m3"}}, at+"pm25=16[ug/m3] tsp=19[ug/m3] so2=0.5[ug/m3]",
		"! a34002-Rtd: NaN is not a number that a station can have measured",
		`! a21004: "5" behind a comma is no item; where it is a decimal comma, numbers are written with a point: none of its values is taken`)
	f("sm4-raw", nil, "!! wrong checksum: the data area is no text: it was damaged, or is encrypted with SM4, which needs the station's hj212.key")
	f("sm4-raw", &HJ212Profile{Key: []byte("0000000000000000")}, "2026-11-21T02:00:00Z 10m pm25=34(N)[ug/m3]")
	f("sm4-raw", &HJ212Profile{Key: []byte("1000000000000000")}, "!! wrong checksum: neither what the frame says nor what it says with the station's SM4 key (hj212.key) gives FE41: the frame was damaged, or the key is another one (it is renewed every 90 days)")
	if len(all) != 23 {
		t.Errorf("there are %d frames", len(all))
	}
}

func TestSeveralFramesGoodAndBad(t *testing.T) {
	good := func(area string) string { return string(sent("22", "2011", "DataTime=20261121101500;"+area)) }
	bad := strings.Replace(good("a34004-Rtd=2"), "Rtd=2", "Rtd=3", 1)
	f := func(payload string, want ...string) { t.Helper(); wantDecoded(t, []byte(payload), nil, want...) }
	const at = "2026-11-21T02:15:00Z rt "
	f(good("a34004-Rtd=1")+bad+good("a34002-Rtd=4;a21026-Rtd=x"), at+"pm25=1[ug/m3]", at+"pm10=4[ug/m3]",
		"! frame 2 (QN 20261121101500001): wrong checksum: the frame ends in 6C00, but what it says gives 5000: it was damaged on its way, or changed after the checksum was made",
		`! frame 3: a21026-Rtd: "x" is not a number`)
	f("log: link up\r\n"+good("a34004-Rtd=1")+"[12:00] sent # 1\r\n", at+"pm25=1[ug/m3]",
		`! "log: link up" stands where a frame should begin with ##`, `! "[12:00] sent # 1" stands where a frame should begin with ##`)
	f(bad+bad, "! frame 1 (QN 20261121101500001): wrong checksum: the frame ends in 6C00, but what it says gives 5000: it was damaged on its way, or changed after the checksum was made",
		"! frame 2 (QN 20261121101500001): wrong checksum: the frame ends in 6C00, but what it says gives 5000: it was damaged on its way, or changed after the checksum was made")
	f(good("a34004-Rtd=1")[:60]+"\r\n"+good("a34004-Rtd=2"), at+"pm25=2[ug/m3]",
		"! frame 1 (QN 20261121101500001): it is cut off: its length field says 101 bytes, it has 54, and it does not end in && and a checksum of 4 hexadecimal digits")
	f("", "!! the payload is empty")
	f(" \r\n", "!! the payload is empty")
	f(`{"values":{"pm25":1}}`, `!! "{\"values\":{\"pm25\":1}}" stands where a frame should begin with ##`)
	f("##", `!! it begins with "##", but a frame begins with ## and its length in 4 digits, such as ##0124QN=`)
	f("##O124QN=1;ST=22", `!! it begins with "##O124QN=1;S", but a frame begins with ## and its length in 4 digits, such as ##0124QN=`)
}

// Whoever sends a frame may write anybody's MN into it.
func TestTheSenderIsThatOfAnAcceptedFrame(t *testing.T) {
	decode := HJ212(Profiles[HJ212Profile]{Of: map[string]*HJ212Profile{"S2": {Password: "secret"}}})
	of := func(mn, pw string) string {
		return string(AppendFrame(nil, []byte("QN=1;ST=22;CN=9015;PW="+pw+";MN="+mn+";Flag=4;CP=&&&&")))
	}
	f := func(payload, want string) {
		t.Helper()
		var m Message
		if err := decode(&Input{Payload: []byte(payload)}, &m); string(m.Sender) != want || (err == nil) != (want != "") {
			t.Errorf("%q is from %q, %v, want %q", payload, m.Sender, err, want)
		}
	}
	f(of("S1", "1"), "S1")
	f(of("S2", "secret"), "S2")
	f(of("S2", "1"), "")
	f(strings.Replace(of("S1", "1"), "QN=1", "QN=2", 1), "")
	f(of("S1", "1")[:40], "")
	f(of("S2", "1")+of("S3", "1"), "S3")
}

// What gateways put around frames: NUL bytes and the byte order mark of UTF-8.
func TestWhatSaysNothingAroundFrames(t *testing.T) {
	one, two := string(sent("22", "2011", "DataTime=20261121101500;a34004-Rtd=1")), string(sent("22", "2011", "DataTime=20261121101500;a34002-Rtd=2"))
	const pm25, pm10 = "2026-11-21T02:15:00Z rt pm25=1[ug/m3]", "2026-11-21T02:15:00Z rt pm10=2[ug/m3]"
	f := func(payload string, want ...string) { t.Helper(); wantDecoded(t, []byte(payload), nil, want...) }
	f("\ufeff"+one, pm25)
	f(one+"\x00\x00\x00", pm25)
	f("\x00\ufeff \r\n"+strings.TrimSpace(one)+"\x00"+two+"\ufeff\n\x00", pm25, pm10)
	f("\ufeff\x00", "!! the payload is empty")
	f("\ufefflog: 起动\ufeff\x00"+one, pm25, `! "log: 起动" stands where a frame should begin with ##`)
	f("\xef\xbb"+one, pm25, `! "?" stands where a frame should begin with ##`)
}

func TestProfileOfEachStation(t *testing.T) {
	decode := HJ212(Profiles[HJ212Profile]{
		Default: &HJ212Profile{Basis: StandardUnits},
		Of:      map[string]*HJ212Profile{"S1": {Password: "secret"}, "by-topic": {Units: map[string]string{"pm25": "mg/m3"}}},
	})
	f := func(mn, topic, sender, want string) {
		t.Helper()
		frame := AppendFrame(nil, []byte("QN=1;ST=22;CN=2011;PW=1;MN="+mn+";Flag=4;CP=&&DataTime=20261121101500;a34004-Rtd=1&&"))
		var m Message
		got := ""
		if err := decode(&Input{Payload: frame, Station: topic}, &m); err != nil {
			got = err.Error()
		} else {
			got = string(m.Statements[0].Station) + " " + string(m.Statements[0].Values[0].Unit)
		}
		if got != want || string(m.Sender) != sender {
			t.Errorf("%q from %q: %s, want %s", m.Sender, topic, got, want)
		}
	}
	f("S1", "", "", "wrong password (PW): it is not the one of the station (hj212.password)")
	f("S2", "by-topic", "S2", "S2 mg/m3")
	f("S2", "", "S2", "S2 ng/m3")
}
