package payload

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"egret/ingest/reading"
)

// The mappings of the built-in profiles, as deploy/config/profiles.yaml has them.
var (
	sensorCommunity = Mapping{
		Station: "esp8266id",
		Lists:   []MappedList{{Path: "sensordatavalues", Name: "value_type", Value: "value"}},
		Names: map[string]Target{
			"SDS_P1": {Parameter: "pm10", Unit: "ug/m3", Absent: []string{"-1"}}, "SDS_P2": {Parameter: "pm25", Unit: "ug/m3", Absent: []string{"-1"}},
			"HPM_P1": {Parameter: "pm25", Unit: "ug/m3", Absent: []string{"-1"}}, "HPM_P2": {Parameter: "pm10", Unit: "ug/m3", Absent: []string{"-1"}},
			"temperature": {Parameter: "temp", Unit: "Cel"}, "humidity": {Parameter: "rh", Unit: "%RH", Absent: []string{"-1"}},
			"BME280_temperature": {Parameter: "temp", Unit: "Cel"}, "BME280_humidity": {Parameter: "rh", Unit: "%RH", Absent: []string{"-1"}},
			"BME280_pressure": {Parameter: "pressure", Unit: "Pa", Absent: []string{"-1"}},
			"DNMS_noise_LAeq": {Parameter: "leq", Unit: "dB"}, "DNMS_noise_LA_min": {Parameter: "lmin", Unit: "dB"}, "DNMS_noise_LA_max": {Parameter: "lmax", Unit: "dB"},
			"samples": {}, "min_micro": {}, "max_micro": {}, "signal": {},
		},
	}
	chirpStack     = Mapping{Station: "deviceInfo.devEui", Time: "time", Groups: []string{"object"}}
	theThingsStack = Mapping{
		Station: "end_device_ids.device_id", Time: "[uplink_message.normalized_payload.0.time,uplink_message.received_at,received_at].0",
		Values: []MappedValue{
			{Path: "uplink_message.normalized_payload.0.air.temperature", Target: Target{Parameter: "temp", Unit: "Cel"}},
			{Path: "uplink_message.normalized_payload.0.air.relativeHumidity", Target: Target{Parameter: "rh", Unit: "%RH"}},
			{Path: "uplink_message.normalized_payload.0.air.pressure", Target: Target{Parameter: "pressure", Unit: "hPa"}},
			{Path: "uplink_message.normalized_payload.0.wind.speed", Target: Target{Parameter: "wind_speed", Unit: "m/s"}},
			{Path: "uplink_message.normalized_payload.0.wind.direction", Target: Target{Parameter: "wind_dir", Unit: "deg"}},
		},
		Groups: []string{"uplink_message.decoded_payload"}, Skip: "simulated",
	}
	telegraf = Mapping{Each: "metrics", Station: "tags.station", Time: "timestamp", Groups: []string{"fields"}}
	tasmota  = Mapping{
		Time: "Time",
		Values: []MappedValue{
			{Path: `[SDS0X1.PM2\.5,PMS5003.PM2\.5].0`, Target: Target{Parameter: "pm25", Unit: "ug/m3"}},
			{Path: `[SDS0X1.PM10,PMS5003.PM10].0`, Target: Target{Parameter: "pm10", Unit: "ug/m3"}},
			{Path: `BME280.Temperature`, UnitPath: "TempUnit", Target: Target{Parameter: "temp"}},
			{Path: `BME280.Humidity`, Target: Target{Parameter: "rh", Unit: "%RH"}},
			{Path: `BME280.Pressure`, UnitPath: "PressureUnit", Target: Target{Parameter: "pressure"}},
		},
	}
)

const (
	airrohr = `{"esp8266id":"4711","software_version":"NRZ-2024-135","sensordatavalues":[{"value_type":"SDS_P1","value":"61.00"},{"value_type":"SDS_P2","value":"35.20"},` +
		`{"value_type":"BME280_temperature","value":"-1.00"},{"value_type":"BME280_pressure","value":"101325.00"},{"value_type":"BME280_humidity","value":"44.00"},` +
		`{"value_type":"samples","value":"924605"},{"value_type":"min_micro","value":"147"},{"value_type":"signal","value":"-52"}]}`
	uplink = `{"deduplicationId":"5f1c","time":"2026-11-21T02:15:00.25+00:00","deviceInfo":{"tenantId":"t","applicationName":"air","deviceName":"Roof 7","devEui":"70b3d57ed0001234","tags":{"city":"x"}},` +
		`"devAddr":"00189440","fPort":2,"data":"Zm9v","object":{"pm25":35.2,"temp":-3.5,"BatV":3.61,"status":"ok","rain":0},"rxInfo":[{"gatewayId":"aa","rssi":-57,"snr":10.2}],"txInfo":{"frequency":868100000}}`
	thingsUplink = `{"end_device_ids":{"device_id":"roof-7","dev_eui":"70B3D57ED0001234"},"received_at":"2026-11-21T02:15:02.5Z","uplink_message":{"f_port":2,"f_cnt":7,"frm_payload":"Zm9v",` +
		`"decoded_payload":{"temp":21.5,"pm25":35.2,"battery":3.6,"mode":"eco"},"normalized_payload":[{"air":{"temperature":21.5,"relativeHumidity":44,"pressure":1013.2},"wind":{"speed":3.1,"direction":0},"time":"2026-11-21T02:15:00Z"}],` +
		`"rx_metadata":[{"rssi":-57}],"received_at":"2026-11-21T02:15:01Z"}}`
	sensor = `{"Time":"2026-11-21T10:15:00","SDS0X1":{"PM2.5":35.2,"PM10":61.0},"BME280":{"Temperature":-3.5,"Humidity":44,"Pressure":1019},"PressureUnit":"hPa","TempUnit":"C"}`
)

func TestSensorCommunity(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, sensorCommunity, payload, want...) }
	// -1 is a temperature, but no dust.
	f(airrohr, "4711: rt pm10<SDS_P1>=61[ug/m3] pm25<SDS_P2>=35.2[ug/m3] temp<BME280_temperature>=-1[Cel] pressure<BME280_pressure>=101325[Pa] rh<BME280_humidity>=44[%RH]")
	f(strings.Replace(airrohr, "61.00", "-1.00", 1), "4711: rt pm25<SDS_P2>=35.2[ug/m3] temp<BME280_temperature>=-1[Cel] pressure<BME280_pressure>=101325[Pa] rh<BME280_humidity>=44[%RH]", "1 empty")
	// The Honeywell sensor counts the other way round; a second thermometer is not lost and no mistake.
	f(`{"esp8266id":4711,"sensordatavalues":[{"value_type":"HPM_P1","value":"35"},{"value_type":"HPM_P2","value":"61"},{"value_type":"temperature","value":"19.00"},{"value_type":"BME280_temperature","value":"21.53"},{"value_type":"DNMS_noise_LAeq","value":"54.3"}]}`,
		"4711: rt pm25<HPM_P1>=35[ug/m3] pm10<HPM_P2>=61[ug/m3] temp<temperature>=19[Cel] temp_2<BME280_temperature>=21.53[Cel] leq<DNMS_noise_LAeq>=54.3[dB]")
	f(`{"esp8266id":"4711","sensordatavalues":[{"value_type":"PMS_P0","value":"7"},{"value_type":"signal","value":"-59 dBm"}]}`, "4711: rt <PMS_P0>=7")
}

func TestChirpStack(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, chirpStack, payload, want...) }
	f(uplink, "70b3d57ed0001234: 2026-11-21T02:15:00.25Z rt pm25<pm25>=35.2 temp<temp>=-3.5 <BatV>=3.61 rain<rain>=0")
	// What is left out is not zero.
	f(strings.Replace(uplink, `,"rain":0`, "", 1), "70b3d57ed0001234: 2026-11-21T02:15:00.25Z rt pm25<pm25>=35.2 temp<temp>=-3.5 <BatV>=3.61")
	f(`{"time":"2026-11-21T02:15:00Z","deviceInfo":{"devEui":"70b3d57ed0001234"},"fPort":2,"data":"Zm9v"}`, "!! the payload holds no readings: none of the paths object was found")

	cayenne := chirpStack
	cayenne.Names = map[string]Target{"temperatureSensor.1": {Parameter: "temp", Unit: "Cel"}}
	wantMapped(t, cayenne, `{"deviceInfo":{"devEui":"70b3d57ed0001234"},"object":{"temperatureSensor":{"1":-3.5},"humiditySensor":{"2":44}}}`,
		"70b3d57ed0001234: rt temp<temperatureSensor.1>=-3.5[Cel] <humiditySensor.2>=44")
}

func TestTheThingsStack(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, theThingsStack, payload, want...) }
	const normalized = "uplink_message.normalized_payload.0."
	f(thingsUplink, "roof-7: 2026-11-21T02:15:00Z rt temp<"+normalized+"air.temperature>=21.5[Cel] rh<"+normalized+"air.relativeHumidity>=44[%RH] pressure<"+normalized+"air.pressure>=1013.2[hPa]"+
		" wind_speed<"+normalized+"wind.speed>=3.1[m/s] wind_dir<"+normalized+"wind.direction>=0[deg] temp_2<temp>=21.5 pm25<pm25>=35.2 battery<battery>=3.6")
	f(`{"end_device_ids":{"device_id":"roof-7"},"received_at":"2026-11-21T02:15:02Z","uplink_message":{"decoded_payload":{"pm25":35.2},"received_at":"2026-11-21T02:15:01Z"}}`, "roof-7: 2026-11-21T02:15:01Z rt pm25<pm25>=35.2")
	f(`{"end_device_ids":{"device_id":"roof-7"},"received_at":"2026-11-21T02:15:02Z","uplink_message":{"decoded_payload":{"pm25":35.2}}}`, "roof-7: 2026-11-21T02:15:02Z rt pm25<pm25>=35.2")
	f(strings.Replace(thingsUplink, `"received_at"`, `"simulated":true,"received_at"`, 1), "note roof-7: skipped simulated value=1")
	f(`{"end_device_ids":{"device_id":"roof-7"},"uplink_message":{"frm_payload":"Zm9v"}}`, "!! the payload holds no readings: none of the paths "+reading.Shorten(theThingsStack.Values[0].Path+", "+theThingsStack.Values[1].Path)+" was found")
}

func TestTelegraf(t *testing.T) {
	f := func(payload string, want ...string) { t.Helper(); wantMapped(t, telegraf, payload, want...) }
	f(`{"fields":{"pm25":35.2,"pm10":61,"host_ok":true},"name":"air","tags":{"station":"st17"},"timestamp":1795227300}`, "st17: 2026-11-21T02:15:00Z rt pm25<pm25>=35.2 pm10<pm10>=61")
	f(`{"metrics":[{"fields":{"pm25":35.2},"name":"air","tags":{"station":"st17"},"timestamp":1795227300},{"fields":{"leq":54.3},"name":"noise","tags":{"station":"st18"},"timestamp":1795227300000}]}`,
		"st17: 2026-11-21T02:15:00Z rt pm25<pm25>=35.2", "st18: 2026-11-21T02:15:00Z rt leq<leq>=54.3")
}

func TestTasmota(t *testing.T) {
	local := tasmota
	local.Zone = mustZone(t, "Asia/Shanghai")
	wantMapped(t, local, sensor, `2026-11-21T02:15:00Z rt pm25<[SDS0X1.PM2\.5,PMS5003.PM2\.5].0>=35.2[ug/m3] pm10<[SDS0X1.PM10,PMS5003.PM10].0>=61[ug/m3]`+
		` temp<BME280.Temperature>=-3.5[C] rh<BME280.Humidity>=44[%RH] pressure<BME280.Pressure>=1019[hPa]`)
	wantMapped(t, local, `{"Time":"2026-11-21T02:15:00Z","PMS5003":{"CF2.5":30,"PM1":20,"PM2.5":35,"PM10":61}}`,
		`2026-11-21T02:15:00Z rt pm25<[SDS0X1.PM2\.5,PMS5003.PM2\.5].0>=35[ug/m3] pm10<[SDS0X1.PM10,PMS5003.PM10].0>=61[ug/m3]`)
	wantMapped(t, tasmota, sensor, `! time "2026-11-21T10:15:00" carries no zone: name it under zone`)
}

func FuzzMapping(f *testing.F) {
	for _, text := range []string{airrohr, uplink, thingsUplink, sensor, `{"metrics":[{"fields":{"a":{"b":{"c":1}}},"tags":{"station":7},"timestamp":"1e9"}]}`,
		`{"a":1,"m":[{"s":"x","n":"PM","v":"-1"},{"n":"pm25","v":2,"u":"mg\/m3"}],"t":"2026-11-21 10:00:00","skip":1}`, `[[{"pm25":1}]]`, `{"\u0061":{"":{"":1}}}`} {
		for which := range byte(6) {
			f.Add(which, []byte(text))
		}
	}
	berlin := reading.FixedOne / 3
	all := Mapping{
		Each: "m", Station: "s", Time: "t", PeriodPath: "p", FlagPath: "f", Skip: "skip", Absent: []string{"-1", "x"},
		Values: []MappedValue{{Path: "a", UnitPath: "u", Target: Target{Parameter: "co", Scale: berlin, Offset: berlin}}, {Path: "#.a|0", Target: Target{Parameter: "co"}}},
		Lists:  []MappedList{{Path: "@this", Name: "n", Value: "v", Unit: "u", Flag: "f"}}, Groups: []string{"@this", "a"}, Names: map[string]Target{"PM": {Parameter: "pm25"}, "a": {}},
	}
	var decoders []Decoder
	for _, m := range []Mapping{sensorCommunity, chirpStack, theThingsStack, telegraf, tasmota, all} {
		decoders = append(decoders, JSONMapping(Profiles[Mapping]{Default: &m, Of: map[string]*Mapping{"x": &all}}))
	}
	f.Fuzz(func(t *testing.T, which byte, payload []byte) {
		decode := decoders[int(which)%len(decoders)]
		var m Message
		var err error
		if used := spent(func() { err = decode(&Input{Payload: payload}, &m) }); used > uint64(200*len(payload)+100_000) {
			t.Errorf("%d bytes of memory for a payload of %d", used, len(payload))
		}
		if len(m.Problems) > mostProblems || len(m.values) > len(payload) || len(m.Notes) > len(payload) {
			t.Errorf("%d problems, %d values and %d notes of %d bytes", len(m.Problems), len(m.values), len(m.Notes), len(payload))
		}
		for _, problem := range m.Problems {
			if len(problem) > 2048 {
				t.Errorf("a problem of %d bytes", len(problem))
			}
		}
		if err == nil && len(m.Statements)+len(m.Problems)+len(m.Notes)+m.Empty == 0 && which%6 != 0 && which%6 != 5 {
			t.Errorf("%q is taken and nothing is said of it", payload)
		}
		for _, s := range m.Statements {
			written := map[string]bool{}
			for _, v := range s.Values {
				if name := string(v.Written()); written[name] || len(name) > mostName {
					t.Errorf("%q names %q twice, or too long", payload, name)
				} else {
					written[name] = true
				}
				if math.IsNaN(v.Number) || math.Abs(v.Number) >= reading.MaxFixed {
					t.Errorf("%q holds %v", payload, v.Number)
				}
			}
			if len(s.Values) == 0 || len(s.Values) > mostValues {
				t.Errorf("a statement of %d values", len(s.Values))
			}
		}
	})
}

func benchmarkMapping(b *testing.B, m Mapping, payload string, values int) {
	decode := JSONMapping(Profiles[Mapping]{Default: &m})
	in := &Input{Payload: []byte(payload)}
	var message Message
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		message.Reset()
		if err := decode(in, &message); err != nil {
			b.Fatal(err)
		}
	}
	if len(message.values) != values {
		b.Fatal(mapped(&message))
	}
}

// eight are names and numbers as stations have them.
var eight = []struct {
	key    string
	number float64
}{{"pm25", 35.2}, {"pm10", 60.1}, {"so2", 8.4}, {"no2", 31}, {"co", 0.6}, {"o3", 71.5}, {"temp", 12.3}, {"rh", 61}}

func BenchmarkMappingOfEightPaths(b *testing.B) {
	m := Mapping{Station: "id", Time: "time"}
	var members []string
	for _, e := range eight {
		m.Values = append(m.Values, MappedValue{Path: "data." + e.key, Target: Target{Parameter: e.key}})
		members = append(members, fmt.Sprintf("%q:%v", e.key, e.number))
	}
	benchmarkMapping(b, m, `{"id":"wx-1","time":"2026-11-21T10:00:00+08:00","data":{`+strings.Join(members, ",")+`}}`, 8)
}

func BenchmarkMappingOfEightPairs(b *testing.B) {
	var pairs []string
	for _, e := range eight {
		pairs = append(pairs, fmt.Sprintf(`{"value_type":%q,"value":"%v"}`, e.key, e.number))
	}
	m := Mapping{Station: "id", Lists: sensorCommunity.Lists, Names: map[string]Target{}}
	for _, e := range eight {
		m.Names[e.key] = Target{Parameter: e.key, Unit: "ug/m3"}
	}
	benchmarkMapping(b, m, `{"id":"wx-1","sensordatavalues":[`+strings.Join(pairs, ",")+`]}`, 8)
}

func BenchmarkMappingOfAGroupOfEight(b *testing.B) {
	var members []string
	for _, e := range eight {
		members = append(members, fmt.Sprintf("%q:%v", e.key, e.number))
	}
	benchmarkMapping(b, Mapping{Station: "id", Time: "time", Groups: []string{"object"}}, `{"id":"wx-1","time":"2026-11-21T10:00:00+08:00","object":{`+strings.Join(members, ",")+`}}`, 8)
}

func BenchmarkMappingOfAChirpStackUplink(b *testing.B) { benchmarkMapping(b, chirpStack, uplink, 4) }

func BenchmarkMappingOfAnAirrohr(b *testing.B) { benchmarkMapping(b, sensorCommunity, airrohr, 5) }
