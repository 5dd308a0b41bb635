package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"egret/ingest/payload"
)

// presetMessage is a message as a device with a built-in profile sends it, and what is understood of it.
type presetMessage struct {
	parameter string // in the topic, of a bare number
	payload   string
	want      string
}

// airrohr returns a message of an airrohr with the readings, name and value by turns, and what it sends of itself.
func airrohr(readings ...string) string {
	readings = append(readings, "samples", "924605", "min_micro", "147", "max_micro", "23514", "interval", "145000", "signal", "-52")
	var pairs []string
	for i := 0; i < len(readings); i += 2 {
		pairs = append(pairs, fmt.Sprintf(`{"value_type":%q,"value":%q}`, readings[i], readings[i+1]))
	}
	return `{"esp8266id":"4711","software_version":"NRZ-2024-135","sensordatavalues":[` + strings.Join(pairs, ",") + `]}`
}

const (
	chirpStackUp = `{"deduplicationId":"5f1c","time":"2026-11-21T02:15:00.25+00:00","deviceInfo":{"tenantId":"t","applicationName":"air","deviceName":"Roof 7","devEui":"70b3d57ed0001234","tags":{"city":"x"}},` +
		`"devAddr":"00189440","fPort":2,"data":"Zm9v","object":%s,"rxInfo":[{"gatewayId":"aa","rssi":-57,"snr":10.2}],"txInfo":{"frequency":868100000}}`
	thingsStackUp = `{"end_device_ids":{"device_id":"roof-7","dev_eui":"70B3D57ED0001234"},"received_at":"2026-11-21T02:15:02.5Z"%s,"uplink_message":{"f_port":2,"f_cnt":7,"frm_payload":"Zm9v"%s,` +
		`"rx_metadata":[{"rssi":-57}],"received_at":"2026-11-21T02:15:01Z"}}`
	normalized = "uplink_message.normalized_payload.0."
)

var presetMessages = map[string][]presetMessage{
	"sensor-community": {
		// -1 is a temperature, but no dust.
		{"", airrohr("SDS_P1", "61.00", "SDS_P2", "-1.00", "BME280_temperature", "-1.00", "BME280_pressure", "101325.00", "BME280_humidity", "44.00"),
			"4711: rt pm10<SDS_P1>=61[ug/m3] temp<BME280_temperature>=-1[Cel] pressure<BME280_pressure>=101325[Pa] rh<BME280_humidity>=44[%RH] 1 empty"},
		// In the firmware last_value_HPM_P1 is that of PM10.
		{"", airrohr("HPM_P1", "61", "HPM_P2", "35", "DNMS_noise_LAeq", "54.30", "DNMS_noise_LA_min", "41.00", "DNMS_noise_LA_max", "72.10"),
			"4711: rt pm10<HPM_P1>=61[ug/m3] pm25<HPM_P2>=35[ug/m3] leq<DNMS_noise_LAeq>=54.3[dB] lmin<DNMS_noise_LA_min>=41[dB] lmax<DNMS_noise_LA_max>=72.1[dB]"},
		{"", airrohr("PMS_P0", "7.00", "PMS_P1", "61.00", "PMS_P2", "35.20", "temperature", "19.00", "humidity", "44.00", "DS18B20_temperature", "21.53"),
			"4711: rt <PMS_P0>=7 pm10<PMS_P1>=61[ug/m3] pm25<PMS_P2>=35.2[ug/m3] temp<temperature>=19[Cel] rh<humidity>=44[%RH] temp_2<DS18B20_temperature>=21.53[Cel]"},
		{"", airrohr("NPM_P0", "7.00", "NPM_P1", "61.00", "NPM_P2", "35.20", "SHT3X_temperature", "19.00", "SHT3X_humidity", "44.00"),
			"4711: rt <NPM_P0>=7 pm10<NPM_P1>=61[ug/m3] pm25<NPM_P2>=35.2[ug/m3] temp<SHT3X_temperature>=19[Cel] rh<SHT3X_humidity>=44[%RH]"},
		{"", airrohr("SPS30_P2", "35.20", "SPS30_P4", "50.00", "SPS30_P1", "61.00", "HTU21D_temperature", "19.00", "HTU21D_humidity", "44.00", "BMP280_pressure", "101325.00", "BMP280_temperature", "20.00"),
			"4711: rt pm25<SPS30_P2>=35.2[ug/m3] <SPS30_P4>=50 pm10<SPS30_P1>=61[ug/m3] temp<HTU21D_temperature>=19[Cel] rh<HTU21D_humidity>=44[%RH] pressure<BMP280_pressure>=101325[Pa] temp_2<BMP280_temperature>=20[Cel]"},
		{"", airrohr("IPS_P1", "61.00", "IPS_P2", "35.20", "BMP_pressure", "101325.00", "BMP_temperature", "20.00"),
			"4711: rt pm10<IPS_P1>=61[ug/m3] pm25<IPS_P2>=35.2[ug/m3] pressure<BMP_pressure>=101325[Pa] temp<BMP_temperature>=20[Cel]"},
	},
	"chirpstack": {
		{"", fmt.Sprintf(chirpStackUp, `{"pm25":35.2,"temp":-3.5,"BatV":3.61,"status":"ok","ts":1795227300000}`),
			"70b3d57ed0001234: 2026-11-21T02:15:00.25Z rt pm25<pm25>=35.2 temp<temp>=-3.5 <BatV>=3.61 <ts>=0"},
		{"", fmt.Sprintf(chirpStackUp, `{"temperatureSensor":{"1":-3.5},"humiditySensor":{"2":44}}`),
			"70b3d57ed0001234: 2026-11-21T02:15:00.25Z rt <temperatureSensor.1>=-3.5 <humiditySensor.2>=44"},
		{"", `{"time":"2026-11-21T02:15:00Z","deviceInfo":{"devEui":"70b3d57ed0001234"},"fPort":2,"data":"Zm9v"}`,
			"of 70b3d57ed0001234: the payload holds no readings: none of the paths object was found"},
	},
	"the-things-stack": {
		{"", fmt.Sprintf(thingsStackUp, "", `,"decoded_payload":{"temp":21.5,"pm25":35.2,"battery":3.6,"mode":"eco"},"normalized_payload":[{"air":{"temperature":21.5,"relativeHumidity":44,"pressure":1013.2},"wind":{"speed":3.1,"direction":0},"time":"2026-11-21T02:15:00Z"}]`),
			"roof-7: 2026-11-21T02:15:00Z rt temp<" + normalized + "air.temperature>=21.5[Cel] rh<" + normalized + "air.relativeHumidity>=44[%RH] pressure<" + normalized + "air.pressure>=1013.2[hPa]" +
				" wind_speed<" + normalized + "wind.speed>=3.1[m/s] wind_dir<" + normalized + "wind.direction>=0[deg] temp_2<temp>=21.5 pm25<pm25>=35.2 battery<battery>=3.6"},
		{"", fmt.Sprintf(thingsStackUp, "", `,"decoded_payload":{"pm25":35.2}`), "roof-7: 2026-11-21T02:15:01Z rt pm25<pm25>=35.2"},
		{"", `{"end_device_ids":{"device_id":"roof-7"},"received_at":"2026-11-21T02:15:02Z","uplink_message":{"decoded_payload":{"pm25":35.2}}}`, "roof-7: 2026-11-21T02:15:02Z rt pm25<pm25>=35.2"},
		{"", fmt.Sprintf(thingsStackUp, `,"simulated":true`, `,"decoded_payload":{"pm25":35.2}`), "roof-7: skipped simulated"},
		{"", fmt.Sprintf(thingsStackUp, "", ""), "of roof-7: the payload holds no readings: none of the paths " + normalized + "air.temperature, " + normalized + "air.relativeHumidity, " +
			normalized + "air.pressure, " + normalized + "wind.speed, " + normalized + "wind.direction, uplink_message.decoded_payload was found"},
	},
	"telegraf-json": {
		{"", `{"fields":{"pm25":35.2,"pm10":61,"host_ok":true},"name":"air","tags":{"station":"st17"},"timestamp":1795227300}`, "st17: 2026-11-21T02:15:00Z rt pm25<pm25>=35.2 pm10<pm10>=61"},
		{"", `{"metrics":[{"fields":{"pm25":35.2},"name":"air","tags":{"station":"st17"},"timestamp":1795227300},{"fields":{"total":16777216000,"leq":54.3},"name":"mem","tags":{"station":"st18"},"timestamp":1795227300000}]}`,
			"st17: 2026-11-21T02:15:00Z rt pm25<pm25>=35.2; st18: 2026-11-21T02:15:00Z rt <total>=0 leq<leq>=54.3"},
	},
	"tasmota": { // the time has no zone: it is that of the default, Asia/Shanghai
		{"", `{"Time":"2026-11-21T10:15:00","SDS0X1":{"PM2.5":35.2,"PM10":61.0},"BME280":{"Temperature":-3.5,"Humidity":44,"DewPoint":-13.9,"Pressure":1019,"SeaPressure":1021},"PressureUnit":"hPa","TempUnit":"C"}`,
			"2026-11-21T02:15:00Z rt temp<BME280.Temperature>=-3.5[C] pressure<BME280.Pressure>=1019[hPa] pm25<SDS0X1.PM2.5>=35.2[ug/m3] pm10<SDS0X1.PM10>=61[ug/m3] rh<BME280.Humidity>=44[%RH]"},
		{"", `{"Time":"2026-11-21T02:15:00Z","PMS5003":{"CF1":20,"CF2.5":30,"CF10":40,"PM1":20,"PM2.5":35,"PM10":61,"PB0.3":3000,"PB0.5":900,"PB1":200,"PB2.5":20,"PB5":3,"PB10":1}}`,
			"2026-11-21T02:15:00Z rt <PMS5003.PM1>=20 pm25<PMS5003.PM2.5>=35[ug/m3] pm10<PMS5003.PM10>=61[ug/m3]"},
		{"", `{"Time":"2026-11-21T10:15:00","PMS3003":{"CF1":20,"CF2.5":30,"CF10":40,"PM1":20,"PM2.5":35,"PM10":61}}`,
			"2026-11-21T02:15:00Z rt <PMS3003.PM1>=20 pm25<PMS3003.PM2.5>=35[ug/m3] pm10<PMS3003.PM10>=61[ug/m3]"},
		// In Fahrenheit all thermometers are; one that fails leaves the others their names.
		{"", `{"Time":"2026-11-21T10:15:00","AM2301":{"Temperature":null,"Humidity":null,"DewPoint":null},"DS18B20":{"Id":"030597796812","Temperature":71.1},"ESP32":{"Temperature":127.9},"TempUnit":"F"}`,
			"2026-11-21T02:15:00Z rt temp_2<DS18B20.Temperature>=71.1[F] 2 empty"},
		{"", `{"Time":"2026-11-21T10:15:00","BME680":{"Temperature":70.1,"Humidity":44,"DewPoint":47.1,"Pressure":30.1,"Gas":50.21},"SHT3X":{"Temperature":71.1,"Humidity":45,"DewPoint":48.1},"DHT11":{"Temperature":72.1,"Humidity":46,"DewPoint":49.1},"PressureUnit":"inHg","TempUnit":"F"}`,
			"2026-11-21T02:15:00Z rt temp<BME680.Temperature>=70.1[F] rh<BME680.Humidity>=44[%RH] pressure<BME680.Pressure>=30.1[inHg] <BME680.Gas>=50.21 temp_2<SHT3X.Temperature>=71.1[F] rh_2<SHT3X.Humidity>=45[%RH] temp_3<DHT11.Temperature>=72.1[F] rh_3<DHT11.Humidity>=46[%RH]"},
		{"", `{"Time":"2026-11-21T10:15:00","BMP280":{"Temperature":20.5,"Pressure":1013.2},"DS18B20-1":{"Id":"0305977968BE","Temperature":21.5},"ANALOG":{"A0":512},"PressureUnit":"hPa","TempUnit":"C"}`,
			"2026-11-21T02:15:00Z rt temp<BMP280.Temperature>=20.5[C] pressure<BMP280.Pressure>=1013.2[hPa] <DS18B20-1.Temperature>=21.5 <ANALOG.A0>=512"},
	},
	"esphome": {
		{"pm_2_5", "35.2", "rt pm25<pm_2_5>=35.2[ug/m3]"},
		{"pm_10_0", "61", "rt pm10<pm_10_0>=61[ug/m3]"},
		{"temperature", "-3.5", "rt temp<temperature>=-3.5[Cel]"},
		{"humidity", "nan", "1 empty"},
		{"humidity", "44", "rt rh<humidity>=44[%RH]"},
		{"pressure", "1013.2", "rt pressure<pressure>=1013.2[hPa]"},
		{"wifi_signal", "-57", "rt wifi_signal<wifi_signal>=-57"},
	},
}

// understood writes down what a decoder understood of a message.
func understood(decode payload.Decoder, message presetMessage) string {
	var m payload.Message
	if err := decode(&payload.Input{Payload: []byte(message.payload), Parameter: message.parameter}, &m); err != nil {
		return fmt.Sprintf("of %s: %s", m.Sender, err)
	}
	var parts []string
	for _, s := range m.Statements {
		var text strings.Builder
		if len(s.Station) > 0 {
			fmt.Fprintf(&text, "%s: ", s.Station)
		}
		if s.HasTime {
			fmt.Fprintf(&text, "%s ", time.Unix(0, s.Time).UTC().Format(time.RFC3339Nano))
		}
		fmt.Fprint(&text, s.Period)
		for _, v := range s.Values {
			fmt.Fprintf(&text, " %s<%s>=%v", v.Parameter, v.Name, v.Number)
			if len(v.Unit) > 0 {
				fmt.Fprintf(&text, "[%s]", v.Unit)
			}
		}
		parts = append(parts, text.String())
	}
	for _, n := range m.Notes {
		parts = append(parts, fmt.Sprintf("%s: %s %s", n.Station, n.Kind, n.Subject))
	}
	text := strings.Join(parts, "; ")
	if m.Empty > 0 {
		text += fmt.Sprintf(" %d empty", m.Empty)
	}
	for _, problem := range m.Problems {
		text += "! " + problem
	}
	return strings.TrimSpace(text)
}

func TestEveryBuiltinProfileReadsWhatItsDevicesSend(t *testing.T) {
	c := Default()
	if len(c.Profiles) != len(presetMessages) {
		t.Errorf("there are messages for %d profiles of %d", len(presetMessages), len(c.Profiles))
	}
	for _, id := range c.ProfileNames() {
		if len(presetMessages[id]) == 0 {
			t.Errorf("nothing shows what %s reads", id)
		}
		decode := c.Decoder(&Subscription{Format: mustProfile(t, c, id).Format, Profile: id})
		for _, message := range presetMessages[id] {
			if got := understood(decode, message); got != message.want {
				t.Errorf("%s: %s%s\nis understood as\n%s\nnot as\n%s", id, message.parameter, message.payload, got, message.want)
			}
		}
	}
}
