package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"egret/deploy/config"
	"egret/ingest/payload"
)

// connected is a configuration with a topic for each format, and loggers over TCP.
const connected = `
broker: {listen: "127.0.0.1:0"}
influxdb: {listen: "127.0.0.1:0"}
http: {listen: "127.0.0.1:0"}
hj212: {listen: "127.0.0.1:0"}
subscriptions:
  - {topic: "stations/{station}/readings"}
  - {topic: "stations/{station}/senml", format: senml}
  - {topic: "stations/{station}/hj212", format: hj212}
  - {topic: "gateway/up", profile: gateway}
  - {topic: "influx/lines", format: influx}
  - {topic: "sensors/{city}/{station}/{parameter}", format: number}
profiles:
  - {id: gateway, format: mapping, station: dev, time: at, values: {pm25: {path: data.dust, unit: mg/m3}}}
  - {id: bureau, format: hj212, units: {tsp: mg/m3}}
stations:
  - {id: wx-1, domain: air, aliases: ["0101010101010101"]}
  - {id: wx-2, domain: air, aliases: ["010000A8900016F000169DC0"], profile: bureau, hj212: {password: "123456"}}
  - {id: wx-3, domain: water, aliases: ["A320200_0001"]}
`

// frameOf writes a frame of HJ 212.
func frameOf(command, mn, password, area string) []byte {
	segment := fmt.Sprintf("QN=20261121101500001;ST=22;CN=%s;PW=%s;MN=%s;Flag=5;CP=&&%s&&", command, password, mn, area)
	return payload.AppendFrame(nil, []byte(segment))
}

func connectedService(t *testing.T, directory string) *running {
	t.Helper()
	return configuredService(t, directory, connected)
}

func configuredService(t *testing.T, directory, text string) *running {
	t.Helper()
	c, err := config.Parse("egret.yaml", []byte(text), anyEnvironment)
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.Journal.DiskReserve = directory, 16<<20
	return start(t, c)
}

func TestAStationOfEachFormatIsStored(t *testing.T) {
	s := connectedService(t, t.TempDir())
	at := time.Now().Add(-time.Minute).Truncate(time.Minute)
	stamp := at.In(s.config.Zone).Format("20060102150405")
	s.publish("stations/wx-1/readings", fmt.Sprintf(`{"time":%d,"values":{"pm25":1}}`, at.Unix()))
	s.publish("stations/0101010101010101/senml", fmt.Sprintf(`[{"bt":%d,"n":"pm10","u":"kg/m3","v":2e-9}]`, at.Unix()))
	s.publish("stations/wx-2/hj212", string(frameOf("2011", "010000A8900016F000169DC0", "123456", "DataTime="+stamp+";a34001-Rtd=0.183,a34001-Flag=N;a05024-Rtd=3,a05024-Flag=M")))
	s.publish("gateway/up", fmt.Sprintf(`{"dev":"wx-2","at":%d,"data":{"dust":0.004}}`, at.Unix()))
	s.publish("influx/lines", fmt.Sprintf("air,station=wx-1 temp=-5.5,rh=61i %d\nair,station=wx-2 temp=6 %d", at.UnixNano(), at.UnixNano()))
	s.publish("sensors/wuxi/wx-1/no2", "7.5")
	s.publish("stations/wx-3/hj212", string(frameOf("2062", "A320200_0001", "123456", "DataTime="+stamp+";w01019-Check=4.02,w01019-StandardValue=4")))
	s.publish("stations/wx-3/hj212", string(frameOf("9015", "A320200_0001", "123456", "")))
	s.settle(8)

	f := func(statement, want string) {
		t.Helper()
		got := ""
		for _, series := range s.query(statement) {
			for _, row := range series.Values {
				for _, cell := range row[1:] {
					got += string(cell) + " "
				}
			}
		}
		if got = strings.TrimSpace(got); got != want {
			t.Errorf("%s\nis %q, want %q", statement, got, want)
		}
	}
	f(`SELECT pm25, pm10, temp, rh FROM air WHERE station='wx-1' AND period='rt' AND time = `+fmt.Sprint(at.UnixNano()), "1 2 -5.5 61")
	f(`SELECT no2 FROM air WHERE station='wx-1'`, "7.5")
	f(`SELECT tsp, o3, o3_flag, pm25, temp FROM air WHERE station='wx-2'`, "183 3 10 4 6")
	notes := `SELECT value, standard_value FROM notes WHERE station='wx-3' AND kind='check' AND subject='codmn'`
	await(t, "the note, which is no value that is counted, is stored", func() bool { return len(s.query(notes)) > 0 })
	f(notes, "4.02 4")
	f(`SELECT codmn FROM water`, "")
	if l := s.ledger(); !l.AddsUp || l.Messages.Refused != 0 || s.records.quarantine.Counts().Kept != 0 {
		t.Errorf("the ledger is\n%s", l)
	}
}

func TestALoggerIsAnsweredOverTCPWhenItsFrameIsDurable(t *testing.T) {
	s := connectedService(t, t.TempDir())
	logger, err := net.Dial("tcp", s.loggersListener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer logger.Close()
	answers := bufio.NewReader(logger)
	f := func(frame []byte, want string) {
		t.Helper()
		if _, err := logger.Write(frame); err != nil {
			t.Fatal(err)
		}
		if err := logger.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		answer, err := answers.ReadString('\n')
		if err != nil || !strings.Contains(answer, want) {
			t.Errorf("%s is answered %q, %v, want %s", frame, answer, err, want)
		}
	}
	stamp := time.Now().Add(-time.Minute).In(s.config.Zone).Format("20060102150405")
	f(frameOf("2011", "010000A8900016F000169DC0", "123456", "DataTime="+stamp+";a34004-Rtd=35.2"), "CN=9014;")
	f(frameOf("2011", "010000A8900016F000169DC0", "654321", "DataTime="+stamp+";a34004-Rtd=999"), "CN=9011;PW=654321;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=3&&")
	f(frameOf("2011", "NOBODY", "123456", "DataTime="+stamp+";a34004-Rtd=999"), "QnRtn=4")
	f(frameOf("1013", "010000A8900016F000169DC0", "123456", ""), "CN=9013;")
	s.settle(4)
	values := s.query(`SELECT pm25 FROM air`)
	if len(values) != 1 || len(values[0].Values) != 1 || string(values[0].Values[0][1]) != "35.2" {
		t.Errorf("the database holds %v", values)
	}
	if kept := s.records.quarantine.Counts().Kept; kept != 2 {
		t.Errorf("%d frames are in quarantine, want those of the wrong password and of nobody", kept)
	}
}

func TestWhatTheBrokerHasKeptIsPassedOver(t *testing.T) {
	directory := t.TempDir()
	s := connectedService(t, directory)
	client, err := s.client("station")
	if err != nil {
		t.Fatal(err)
	}
	client.Publish("sensors/wuxi/wx-1/no2", 1, true, "7.5").Wait()
	client.Disconnect(100)
	s.settle(1) // it came as it was published
	s.stop()

	s = connectedService(t, directory)
	s.publish("sensors/wuxi/wx-1/so2", "3")
	s.settle(2)
	if l := s.ledger(); l.Messages.Received != 2 || l.Values.Journaled != 2 || !l.AddsUp {
		t.Errorf("the ledger is\n%s", l)
	}
	_, metrics := request(t, "GET", s.httpURL()+"/metrics")
	wantText(t, metrics, "egret_mqtt_messages_retained_total 1")
}

// What a profile did not know is in quarantine, and comes back when the profile knows it: that alone, and not what was
// stored at once and may have been corrected since.
func TestAProfileThatIsCompletedBringsBackWhatWasRefused(t *testing.T) {
	directory := t.TempDir()
	stamp := time.Now().Add(-time.Minute).In(config.Default().Zone).Format("20060102150405")
	s := configuredService(t, directory, strings.ReplaceAll(connected, "units: {tsp: mg/m3}", "minutes: 5m"))
	s.publish("stations/wx-2/hj212", string(frameOf("2011", "MN", "123456", "DataTime="+stamp+";a34001-Rtd=0.183;a34004-Rtd=35;a34002-SampleTime="+stamp+",a34002-Rtd=50")))
	s.publish("stations/wx-2/hj212", string(frameOf("2011", "MN", "123456", "DataTime="+stamp+";a34004-Rtd=36")))
	s.settle(2)
	entries, err := s.records.quarantine.List(0, 10, "")
	if err != nil || len(entries) != 1 || entries[0].Stored != 2 || entries[0].Rejected != 1 {
		t.Fatalf("in quarantine is %+v, %v", entries, err)
	}
	wantText(t, entries[0].Reasons[0], "a34001 (tsp): nobody says its unit")
	s.stop()

	s = connectedService(t, directory)
	stored, reasons, err := s.records.retry(t.Context(), entries[0])
	if stored != 1 || len(reasons) > 0 || err != nil {
		t.Fatalf("taken again: %d, %v, %v", stored, reasons, err)
	}
	s.settle(2)
	values := s.query(`SELECT tsp, pm25, pm10 FROM air`)
	if len(values) != 1 || len(values[0].Values) != 1 || fmt.Sprintf("%s", values[0].Values[0][1:]) != "[183 36 50]" {
		t.Errorf("the database holds %s", values)
	}
}
