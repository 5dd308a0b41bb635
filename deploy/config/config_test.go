package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

var update = flag.Bool("update", false, "write the expected messages in testdata/bad anew")

// The values of these must never be seen in a message.
func environment(name string) (string, bool) {
	value, ok := map[string]string{
		"MQTT_USER":     "egret",
		"MQTT_PASSWORD": "hunter2-mqtt",
		"INFLUX_TOKEN":  "hunter2-influx",
		"DUTY_TOKEN":    "hunter2-duty",
	}[name]
	return value, ok
}

func mustLoad(t *testing.T, name string) *Config {
	t.Helper()
	c, err := Load(filepath.Join("testdata", "good", name), environment)
	if err != nil {
		t.Fatalf("load %s:\n%s", name, err)
	}
	return c
}

// Every file in testdata/bad gives exactly the messages beside it.
func TestMistakesAreSaidWithLineAndRemedy(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("found %d files with mistakes (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			_, err := Load(file, environment)
			var mistakes *Error
			if !errors.As(err, &mistakes) || len(mistakes.Problems) == 0 {
				t.Fatalf("no mistakes were found: %v", err)
			}
			got := strings.ReplaceAll(err.Error(), filepath.Dir(file)+string(filepath.Separator), "") + "\n"
			if strings.Contains(got, "hunter2") {
				t.Errorf("a secret is shown:\n%s", got)
			}
			expected := filepath.Join("testdata", "bad", name+".txt")
			if *update {
				if err := os.WriteFile(expected, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(expected)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestEmptyFileIsTheDefault(t *testing.T) {
	c, want := mustLoad(t, "empty.yaml"), Default()
	want.File = c.File
	if got, want := dump(t, c), dump(t, want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDefaultIsEmbeddedOnLoopback(t *testing.T) {
	c := Default()
	if !c.Broker.Embedded() || !c.InfluxDB.Embedded() || c.Zone.String() != "Asia/Shanghai" || c.UnknownStations != Accept || c.LowValues != ReplaceLow {
		t.Errorf("default is %+v", c)
	}
	for _, address := range []string{c.Broker.Listen, c.InfluxDB.Listen, c.HTTP.Listen} {
		if _, err := loopback("")(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for i, filter := range []string{"stations/+/readings", "stations/+/senml", "stations/+/hj212"} {
		if topic, err := parseTopic(c.Subscriptions[i].Topic); err != nil || c.Subscriptions[i].Filter() != filter {
			t.Errorf("%s: %v", topic, err)
		}
	}
	if len(c.Register()) != 0 || c.Register() == nil {
		t.Error("the default has a register")
	}
}

func TestOwnServers(t *testing.T) {
	c := mustLoad(t, "own-servers.yaml")
	want := Broker{URL: "ssl://broker.example.org:8883", ClientID: "egret-1", User: "egret", Password: "a${b}hunter2-mqtt", Listen: DefaultBrokerListen, MaxBytes: DefaultBrokerMaxBytes}
	if c.Broker != want || string(c.Broker.Password) != string(want.Password) {
		t.Errorf("broker is %+v with the password %q", c.Broker, string(c.Broker.Password))
	}
	if string(c.InfluxDB.Token) != "influx-token-from-file" || c.InfluxDB.Timeout != time.Minute || c.InfluxDB.BatchLines != 1000 || c.InfluxDB.Org != "环境局" {
		t.Errorf("database is %+v", c.InfluxDB)
	}
	if got := c.Subscriptions; len(got) != 2 || got[0] != (Subscription{Topic: "city/+/{station}/data/#", Format: JSON, Flags: &reading.NationalFlags}) || got[1].Flags != &reading.HJ212Flags || got[1].QoS != 1 || got[1].Filter() != "$share/egret/stations/+/readings" {
		t.Errorf("subscriptions are %+v", got)
	}
	if w := c.Delivery.Webhooks; c.Delivery.MQTT || len(w) != 1 || string(w[0].URL) != "https://oapi.example.org/robot?access_token=hunter2-duty" || string(w[0].Token) != "hunter2-duty" {
		t.Errorf("delivery is %+v", c.Delivery)
	}
	if c.HTTP.Listen != "[::1]:9090" || c.Log != (Log{slog.LevelDebug, LogJSON}) || c.Zone.String() != "Europe/Berlin" || c.Data != "/var/lib/egret" {
		t.Errorf("%+v %+v %s %s", c.HTTP, c.Log, c.Zone, c.Data)
	}
}

func TestCityWithRegisterAndRules(t *testing.T) {
	c := mustLoad(t, "city.yaml")
	register := c.Register()
	if s := register["1001"]; s == nil || s.Name != "雪浪" || s.Domain != reading.Air || s.Lat != 31.5 || s.Interval != 5*time.Minute || s.Period != reading.Momentary {
		t.Errorf("station 1001 is %+v", s)
	}
	if s := register["wx-noise-1"]; s == nil || s.Zone != "4a" || s.Period != reading.Hour {
		t.Errorf("station wx-noise-1 is %+v", s)
	}
	if c.UnknownStations != Accept || c.LowValues != KeepLow {
		t.Errorf("unknown stations: %s, low values: %s", c.UnknownStations, c.LowValues)
	}
	if p := c.Parameters["pm25"]; p.High != 3000 || p.Low != -5 || p.Unit != "ug/m3" {
		t.Errorf("pm25 is %+v", p)
	}
	if p := c.Parameters["drone"]; p.Law != reading.Energy || p.Domain != reading.Noise {
		t.Errorf("drone is %+v", p)
	}
	if reading.BuiltinParameters()["pm25"].High == 3000 {
		t.Error("the built-in table was changed")
	}
	high, low, silent := c.Rules[0], c.Rules[1], c.Rules[2]
	if *high.Above != 75_100_000_000 || *high.Clear != 60*reading.FixedOne || high.Below != nil || *high.Period != reading.Momentary ||
		high.Statistic != rule.Max || high.Window != time.Hour || high.For != 10*time.Minute || high.MinCoverage != 0.5 ||
		high.Severity != rule.Critical || !slices.Equal(high.Stations.IDs, []string{"1001"}) {
		t.Errorf("pm25-high is %+v", high)
	}
	if *low.Below != -15*reading.FixedOne || *low.Clear != -14*reading.FixedOne || low.Above != nil || low.Period != nil ||
		low.Statistic != rule.Mean || low.MinCoverage != rule.DefaultMinCoverage || low.Severity != rule.Warning {
		t.Errorf("noise-low is %+v", low)
	}
	if silent.Missing != 30*time.Minute || silent.Severity != rule.Info {
		t.Errorf("silent is %+v", silent)
	}
}

func TestExampleParsesAndSaysTheDefaults(t *testing.T) {
	c, err := Parse("example.yaml", []byte(Example), environment)
	if err != nil {
		t.Fatal(err)
	}
	d := Default()
	if len(c.Stations) != 3 || len(c.Rules) != 18+4+6 || len(c.Plans) != 2 || c.UnknownStations != Quarantine {
		t.Errorf("%d stations, %d rules, unknown stations %s", len(c.Stations), len(c.Rules), c.UnknownStations)
	}
	c.Profiles = c.Profiles[:len(d.Profiles)]
	c.File, c.Stations, c.Plans, c.Rules, c.Parameters, c.UnknownStations, c.Delivery = "", nil, nil, nil, d.Parameters, d.UnknownStations, d.Delivery
	if got, want := dump(t, c), dump(t, d); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The lines that the example has in comments are valid too.
func TestExampleForOwnServersParses(t *testing.T) {
	text := Example
	for _, line := range []string{"  listen: 127.0.0.1:1883\n", "  listen: 127.0.0.1:8086\n"} {
		text = strings.Replace(text, line, "", 1)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  max_bytes: 10GiB") {
			lines[i] = ""
		}
		for _, key := range []string{"url", "user", "password", "org", "token"} {
			if at := strings.Index(line, "# "+key+": "); at >= 0 {
				lines[i] = line[:at] + line[at+2:]
			}
		}
	}
	c, err := Parse("example.yaml", []byte(strings.Join(lines, "\n")), func(string) (string, bool) { return "secret", true })
	if err != nil {
		t.Fatal(err)
	}
	if c.Broker.Embedded() || c.InfluxDB.Embedded() || c.Broker.Password == "" || c.InfluxDB.Token == "" || c.Delivery.Webhooks[0].Token == "" {
		t.Errorf("%+v", c)
	}
}

// So are those about HJ 212 stations.
func TestExampleForConnectedStationsParses(t *testing.T) {
	lines := strings.Split(Example, "\n")
	for i, line := range lines {
		before, after, _ := strings.Cut(line, "# ")
		for _, start := range []string{"aliases:", "hj212:", "  password:", "  key:", "profile:", "listen: 127.0.0.1:9212", "each:", "- {topic:"} {
			if strings.TrimSpace(before) == "" && strings.HasPrefix(after, start) {
				lines[i] = before + after
			}
		}
	}
	c, err := Parse("example.yaml", []byte(strings.Join(lines, "\n")), func(string) (string, bool) { return "0123456789ABCDEF", true })
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Connections["wx-air-1"]; got.Profile != "micro-stations" || len(got.Aliases) != 1 || got.Password == "" || got.Key == "" {
		t.Errorf("wx-air-1 is connected as %+v", got)
	}
	if len(c.Subscriptions) != 5 || c.HJ212.Listen == "" || c.HJ212.Profile != "micro-stations" {
		t.Errorf("%+v %+v", c.Subscriptions, c.HJ212)
	}
}

func TestWindowsFileIsRead(t *testing.T) {
	c, err := Parse("egret.yaml", []byte("\ufeffdata: d\r\nstations:\r\n  - id: wx-1\r\n    domain: air\r\n"), environment)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "d" || c.Stations[0].ID != "wx-1" {
		t.Errorf("%q %+v", c.Data, c.Stations)
	}
}

func TestFileThatIsNotThere(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "egret.yaml"), environment)
	var mistakes *Error
	if !errors.Is(err, os.ErrNotExist) || errors.As(err, &mistakes) {
		t.Errorf("got %v", err)
	}
}

func TestSecretIsNeverSeen(t *testing.T) {
	c := mustLoad(t, "own-servers.yaml")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "password", c.Broker.Password, "broker", c.Broker)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "password", c.Broker.Password, "broker", c.Broker)
	encoded, err := json.Marshal(c.Delivery)
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb, c.Broker) + fmt.Sprintf(verb, &c.Delivery) + fmt.Sprintf(verb, c.Broker.Password)
	}
	for _, part := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), "access_token"} {
		if strings.Contains(all, part) {
			t.Errorf("%s is seen in %s", part, all)
		}
	}
	if got := fmt.Sprintf("%v %v", Secret("x"), Secret("")); got != "(set) (empty)" {
		t.Errorf("got %s", got)
	}
}

func TestLargeRegister(t *testing.T) {
	var text strings.Builder
	text.WriteString("stations:\n")
	const stations = 20_000
	for i := range stations {
		fmt.Fprintf(&text, "  - {id: wx-%d, name: 站点 %d, domain: air, city: 无锡, district: 滨湖, lat: 31.5, lon: 120.3}\n", i, i)
	}
	c, err := Parse("egret.yaml", []byte(text.String()), environment)
	if err != nil || len(c.Register()) != stations {
		t.Fatalf("%v", err)
	}
}

func dump(t *testing.T, c *Config) string {
	t.Helper()
	type plain Config
	flat := *c
	zone := flat.Zone.String()
	flat.Zone = nil
	text, err := json.MarshalIndent(plain(flat), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return zone + string(text)
}
