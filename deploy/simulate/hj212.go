package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// HJ212Station is how a simulated data logger names itself.
type HJ212Station struct {
	ST       string // system type; "": 22, air quality
	MN       string // 24 characters
	Password string // PW, 6 characters
	Flag     uint8  // 5: HJ 212-2017, 9: HJ 212-2025, each with the wish for an answer
}

// systemTypes are the codes of ST (HJ 212-2017 table 5) for what the simulated stations watch.
var systemTypes = map[reading.Domain]string{reading.Air: "22", reading.Water: "21", reading.Noise: "23"}

// hj212Codes are the factor codes of parameters (HJ 212-2017 annex B; ozone from HJ 524-2009, turbidity from HJ 525-2009).
var hj212Codes = map[string]string{
	"pm25": "a34004", "pm10": "a34002", "tsp": "a34001", "so2": "a21026", "no2": "a21004", "nox": "a21002", "co": "a21005", "o3": "a05024",
	"temp": "a01001", "rh": "a01002", "pressure": "a01006", "wind_speed": "a01007", "wind_dir": "a01008",

	"water_temp": "w01010", "ph": "w01001", "do": "w01009", "conductivity": "w01014", "turbidity": "w01003", "codmn": "w01019",
	"nh3n": "w21003", "tp": "w21011", "tn": "w21001",

	"leq": "LA",
}

// AppendHJ212 appends a frame with real-time data (CN=2011) as networks send it: DataTime in [China]'s zone in whole
// seconds, pressure in kPa, all else in the parameters' own units. QN is the time at which the frame is made, in
// milliseconds: by it the answer is known. Parameters without a factor code are left out.
func AppendHJ212(to []byte, values []reading.Value, at, made time.Time, station *HJ212Station) []byte {
	segment := make([]byte, 0, 128+48*len(values))
	segment = append(segment, "QN="...)
	segment = appendQN(segment, made)
	segment = fmt.Appendf(segment, ";ST=%s;CN=2011;PW=%s;MN=%s;Flag=%d;CP=&&DataTime=", cmp.Or(station.ST, systemTypes[reading.Air]), station.Password, station.MN, station.Flag)
	segment = at.In(China).AppendFormat(segment, "20060102150405")
	for i := range values {
		code, ok := hj212Codes[values[i].Parameter]
		if !ok {
			continue
		}
		number := values[i].Number
		if values[i].Parameter == "pressure" {
			number = math.Round(number*10) / 100 // hPa in tenths become kPa in hundredths
		}
		segment = append(append(append(segment, ';'), code...), "-Rtd="...)
		segment = strconv.AppendFloat(segment, number, 'f', -1, 64)
		segment = append(append(append(segment, ','), code...), "-Flag=N"...)
	}
	return payload.AppendFrame(to, append(segment, "&&"...))
}

// appendQN appends a time as a request's number.
func appendQN(to []byte, made time.Time) []byte {
	made = made.In(China)
	to = made.AppendFormat(to, "20060102150405")
	milliseconds := made.Nanosecond() / 1e6
	return append(to, byte('0'+milliseconds/100), byte('0'+milliseconds/10%10), byte('0'+milliseconds%10))
}

// HJ212LoadValues is how many of [LoadParameters], from the first, an HJ 212 load can hold: those with a factor code.
const HJ212LoadValues = 11

// HJ212Load is a load test whose messages are HJ 212 frames. No two have the same QN.
type HJ212Load struct {
	*Load
	Password string
	Flag     uint8
}

// LoadMN returns the MN of a station of a load test, by its number from 0.
func LoadMN(number int) string { return fmt.Sprintf("010000A8900016F0%08d", number) }

// Append implements [Source]; the station is the MN.
func (l *HJ212Load) Append(to []byte, message int) ([]byte, string) {
	station := HJ212Station{MN: LoadMN(message % l.Stations), Password: l.Password, Flag: l.Flag}
	made := l.Start.Add(time.Duration(message) * time.Millisecond)
	return AppendHJ212(to, l.values(message), l.Time(message), made, &station), station.MN
}

func (l *HJ212Load) check() error {
	if l.Flag&1 == 0 {
		return fmt.Errorf("HJ 212 load with Flag=%d: without the wish for an answer (bit 0) nothing is ever acknowledged", l.Flag)
	}
	return errors.Join(l.checkHJ212(), l.Load.check())
}

// checkHJ212 says what of a load HJ 212 cannot hold.
func (l *Load) checkHJ212() error {
	switch {
	case l.Values > HJ212LoadValues:
		return fmt.Errorf("HJ 212 load with %d values a message: use 1 to %d", l.Values, HJ212LoadValues)
	case l.Interval%time.Second != 0 || l.Start.Nanosecond() != 0:
		return fmt.Errorf("HJ 212 load every %s from %s: times of HJ 212 are whole seconds", l.Interval, l.Start.Format(time.RFC3339Nano))
	}
	return nil
}
