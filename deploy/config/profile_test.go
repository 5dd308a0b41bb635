package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

func mustProfile(t *testing.T, c *Config, id string) *Profile {
	t.Helper()
	p, ok := c.Profile(id)
	if !ok {
		t.Fatalf("there is no profile %s but %v", id, c.ProfileNames())
	}
	return p
}

func TestBuiltinProfilesAreInOrder(t *testing.T) {
	profiles, err := parseBuiltinProfiles()
	if err != nil {
		t.Fatal(err)
	}
	c := Default()
	if len(profiles) == 0 || len(c.Profiles) != len(profiles) {
		t.Fatalf("%d profiles are built in, the default has %d", len(profiles), len(c.Profiles))
	}
	for i := range profiles {
		id := profiles[i].ID
		if p := mustProfile(t, c, id); p.Stations != nil || c.Decoder(&Subscription{Format: p.Format, Profile: id}) == nil {
			t.Errorf("%s holds for a group, or has no decoder", id)
		}
		_, err := Parse("egret.yaml", []byte("profiles: [{id: "+id+", format: number}]"), environment)
		if err == nil || !strings.Contains(err.Error(), "is a built-in profile") {
			t.Errorf("a second %s: got %v", id, err)
		}
	}
	c.Profiles[0].ID = "changed"
	if Default().Profiles[0].ID == "changed" {
		t.Error("the built-in profiles were changed")
	}
}

func TestProfileStartsFromItsBase(t *testing.T) {
	c := mustLoad(t, "stations.yaml")
	scale, offset := reading.FixedOne/10, -2*reading.FixedOne
	modbus, micro := *mustProfile(t, c, "modbus").HJ212, *mustProfile(t, c, "micro").HJ212
	if modbus.Checksum != payload.ModbusLowChecksum || modbus.Minutes != 0 || modbus.Zone != nil || modbus.Flags != nil || modbus.SurfaceWater ||
		!maps.Equal(modbus.Units, map[string]string{"pm25": "mg/m3"}) ||
		!reflect.DeepEqual(modbus.Codes, map[string]payload.Target{"a99054": {Parameter: "voc"}, "011": {Parameter: "cod"}}) {
		t.Errorf("modbus is %+v", modbus)
	}
	if micro.Checksum != payload.ModbusLowChecksum || micro.Zone.String() != "Asia/Shanghai" || micro.Basis != payload.StandardUnits ||
		micro.Minutes != reading.Minutes5 || !micro.SurfaceWater || micro.Flags != &reading.SurfaceWaterFlags || !micro.MinuteTimes || !micro.LenientLength ||
		!maps.Equal(micro.Units, map[string]string{"pm25": "ug/m3", "so2_max": "ppb"}) ||
		!reflect.DeepEqual(micro.Codes, map[string]payload.Target{"a99054": {Parameter: "voc"}, "011": {Parameter: "codmn", Unit: "ug/L", Scale: scale, Offset: offset}}) {
		t.Errorf("micro is %+v", micro)
	}

	temp := payload.MappedValue{Path: "data.t", Target: payload.Target{Parameter: "temp", Unit: "degF"}}
	pm25 := payload.MappedValue{Path: "data.pm25", Target: payload.Target{Parameter: "pm25"}}
	gateway := payload.Mapping{
		FlagPath: "mark", Marks: map[string]string{"OK": "valid", "1": "fault"},
		Station: "device.id", Time: "at", Layout: payload.TimeLayout{Format: "2006-01-02 15:04:05"},
		Values: []payload.MappedValue{pm25, temp}, Lists: []payload.MappedList{{Path: "sensors", Name: "type", Value: "value"}},
		Groups: []string{"extra"}, Absent: []string{"-1", "nan"},
		Names: map[string]payload.Target{"PM2_5": {Parameter: "pm25", Absent: []string{"0", "-99"}}, "T": {Parameter: "temp"}, "rssi": {}},
	}
	if got := *mustProfile(t, c, "gateway").Mapping; !reflect.DeepEqual(got, gateway) {
		t.Errorf("gateway is\n%+v, not\n%+v", got, gateway)
	}
	lora := payload.Mapping{
		Names: maps.Clone(gateway.Names),
		Marks: map[string]string{"OK": "maintenance", "1": "fault", "true": "below-detection"},
		Each:  "messages", Station: "device.id", Time: "at", Layout: payload.TimeLayout{Unix: time.Microsecond}, Zone: time.UTC,
		Period: reading.Minutes10, PeriodPath: "period", FlagPath: "state", ExceptPath: "simulated",
		Values: []payload.MappedValue{
			pm25, {Path: "object.t", Target: payload.Target{Parameter: "temp"}}, {Path: "object.h", UnitPath: "object.u", Target: payload.Target{Parameter: "rh"}},
		},
		Lists:  []payload.MappedList{{Path: "sensors", Name: "type", Value: "value"}, {Path: "more", Name: "n", Value: "v", Unit: "u", Flag: "f"}},
		Groups: []string{"extra", "object"},
		Absent: []string{"-1", "nan", "NaN"},
	}
	lora.Names["T"] = payload.Target{Parameter: "water_temp"}
	if got := *mustProfile(t, c, "lora").Mapping; !reflect.DeepEqual(got, lora) {
		t.Errorf("lora is\n%+v, not\n%+v", got, lora)
	}

	if p := mustProfile(t, c, "bare").Number; p.Names["hum"].Parameter != "rh" {
		t.Errorf("bare is %+v", p)
	}
	if p := mustProfile(t, c, "things").SenML; p.Separators != "_" || p.Period != reading.Hour || p.Names["t"].Parameter != "temp" {
		t.Errorf("things is %+v", p)
	}
	if p := mustProfile(t, c, "plain-things").SenML; p.Separators != " " || p.Names["t"].Parameter != "temp" {
		t.Errorf("plain-things is %+v", p)
	}
	if p := mustProfile(t, c, "agents").Influx; p.Station != "host" || p.Precision != time.Second || p.Period != reading.Minute {
		t.Errorf("agents is %+v", p)
	}
}

func TestSubscriptionsOfEveryFormat(t *testing.T) {
	c := mustLoad(t, "stations.yaml")
	want := []struct {
		filter, profile string
		format          Format
		retained        bool
	}{
		{"stations/+/readings", "", JSON, false},
		{"hj212/frames", "modbus", HJ212, false},
		{"application/+/device/+/event/up", "lora", Mapping, true},
		{"sensors/+/+/+", "", Number, false},
		{"things/#", "things", SenML, false},
		{"agents", "agents", Influx, false},
	}
	for i, w := range want {
		s := &c.Subscriptions[i]
		if s.Filter() != w.filter || s.Profile != w.profile || s.Format != w.format || s.Retained != w.retained || c.Decoder(s) == nil {
			t.Errorf("subscription %d is %+v", i, s)
		}
	}
	if c.Decoder(&Subscription{Format: "xml"}) != nil {
		t.Error("an unknown format has a decoder")
	}
}

// A station writes as its own profile has it, else as that of its group, else as that of the subscription.
func TestStationsProfileGoesBeforeTheGroups(t *testing.T) {
	c := mustLoad(t, "stations.yaml")
	hj212 := c.HJ212Profiles("modbus")
	if d := hj212.Default; d.Checksum != payload.ModbusLowChecksum || d.Zone.String() != "Europe/Berlin" || d.Password != "" || d.Key != nil {
		t.Errorf("the default is %+v", d)
	}
	if d := c.HJ212Profiles("").Default; d.Checksum != payload.StandardChecksum || d.Minutes != 0 || d.Zone.String() != "Europe/Berlin" {
		t.Errorf("the format's default is %+v", d)
	}
	f := func(name, password, key, zone string, minutes reading.Period) {
		t.Helper()
		p := hj212.Of[name]
		if p == nil || p.Password != password || string(p.Key) != key || p.Zone.String() != zone || p.Minutes != minutes {
			t.Errorf("the profile of %s is %+v", name, p)
		}
	}
	for _, name := range []string{"wx-1", "010000A8900016F000169DC0", "010000a8900016f000169dc0", "0012"} {
		f(name, "123456", "0123456789ABCDEF", "Europe/Berlin", 0) // for its password alone
	}
	f("wx-2", "654321", "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10", "Asia/Shanghai", reading.Minutes5)
	f("wx-3", "1", "", "Europe/Berlin", 0)
	if len(hj212.Of) != 6 {
		t.Errorf("others speak HJ 212 too: %v", slices.Sorted(maps.Keys(hj212.Of)))
	}

	mappings := c.mappings("gateway")
	if d := mappings.Default; d.Zone.String() != "Europe/Berlin" || d.Each != "" {
		t.Errorf("the default is %+v", d)
	}
	if got := slices.Sorted(maps.Keys(mappings.Of)); !slices.Equal(got, []string{"A8404105018BD1D4", "a8404105018bd1d4", "wx-4", "wx-5"}) ||
		mappings.Of["wx-4"] != mappings.Of["wx-5"] || mappings.Of["wx-4"].Zone != time.UTC {
		t.Errorf("mappings of %v", got)
	}
	if numbers := c.numberProfiles(""); len(numbers.Of) != 1 || numbers.Of["wx-5"].Names["hum"].Parameter != "rh" || numbers.Default == nil {
		t.Errorf("numbers are %+v", numbers)
	}
	if p := c.senMLProfiles(""); p.Default.Separators != "" || len(p.Of) != 0 {
		t.Errorf("SenML is %+v", p)
	}
	if p := c.influxProfiles("things"); p.Default.Station != "" || p.Default.Precision != 0 {
		t.Errorf("line protocol is %+v", p)
	}
}

func TestConnections(t *testing.T) {
	c := mustLoad(t, "stations.yaml")
	want := map[string]string{
		"010000A8900016F000169DC0": "wx-1", "010000a8900016f000169dc0": "wx-1", "0012": "wx-1",
		"a8404105018bd1d4": "wx-4", "A8404105018BD1D4": "wx-4",
	}
	if got := c.Aliases(); !maps.Equal(got, want) {
		t.Errorf("aliases are %v", got)
	}
	if got := c.Connections["wx-4"]; got.Profile != "lora" || len(c.Connections) != 5 {
		t.Errorf("connections are %v", c.Connections)
	}
	if h := c.HJ212; h != (HJ212Listener{Listen: "0.0.0.0:9212", MaxConnections: DefaultMaxConnections, Idle: time.Hour, Profile: "modbus"}) {
		t.Errorf("the listener is %+v", h)
	}
	encoded, err := json.Marshal(c.Connections)
	if err != nil {
		t.Fatal(err)
	}
	all := string(encoded) + fmt.Sprintf("%v %+v %#v %x", c, c, c.Connections, c.Connections)
	for _, secret := range []string{"123456", "654321", "0123456789ABCDEF", fmt.Sprintf("%x", "123456"), fmt.Sprintf("%x", "0123456789ABCDEF"), "fedcba98"} {
		if strings.Contains(all, secret) {
			t.Errorf("%s is seen in %s", secret, all)
		}
	}
}

// From other machines only stations with a password are admitted, from this one all.
func TestAdmission(t *testing.T) {
	c := mustLoad(t, "stations.yaml")
	admits := c.Admission()
	for name, want := range map[string]bool{"wx-1": true, "0012": true, "010000a8900016f000169dc0": true, "wx-2": true, "wx-4": false, "a8404105018bd1d4": false, "wx-6": false, "": false, "other": false} {
		if admits(name) != want {
			t.Errorf("%s is admitted: %t", name, !want)
		}
	}
	c.HJ212.Listen = "127.0.0.1:9212"
	if !c.Admission()("other") {
		t.Error("on this machine other is not admitted")
	}
	if c.HJ212.Listen = ""; c.Admission()("other") {
		t.Error("where nothing listens other is admitted")
	}
}

func TestLargeGroupIsQuick(t *testing.T) {
	var text strings.Builder
	text.WriteString("profiles: [{id: micro, format: hj212, stations: {cities: [无锡]}}]\nstations:\n")
	const stations = 5_000
	for i := range stations {
		fmt.Fprintf(&text, "  - {id: wx-%d, domain: air, city: 无锡, aliases: [MN%d]}\n", i, i)
	}
	c, err := Parse("egret.yaml", []byte(text.String()), environment)
	if err != nil {
		t.Fatal(err)
	}
	all := c.HJ212Profiles("")
	if len(all.Of) != 2*stations || all.Of["wx-1"] != all.Of["MN4999"] {
		t.Errorf("%d names have profiles, or each has a copy", len(all.Of))
	}
}

// A number is that of one parameter: what a profile says of a path goes before what its base says of it.
func TestValueGoesBeforeItsBasesOfTheSamePath(t *testing.T) {
	c, err := Parse("egret.yaml", []byte(`profiles:
  - {id: gateway, format: mapping, values: {temp: data.t, rh: data.h, ph: data.ph}}
  - {id: section, base: gateway, values: {water_temp: data.t, rh: data.rh}}`), environment)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range mustProfile(t, c, "section").Mapping.Values {
		got = append(got, v.Parameter+" "+v.Path)
	}
	if want := []string{"ph data.ph", "water_temp data.t", "rh data.rh"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if n := len(mustProfile(t, c, "gateway").Mapping.Values); n != 3 {
		t.Errorf("the base has %d values now", n)
	}
}
