package simulate

import (
	"math"
	"slices"
	"time"

	"egret/ingest/reading"
)

// China is the zone of the simulated stations: UTC+8 all year.
var China = time.FixedZone("CST", 8*3600)

// Model says what a station measures at an instant. It is a pure function of the seed, the episodes, the station and
// the instant: whoever asks again gets the same values. It must not be changed while it is in use.
type Model struct {
	Seed     uint64
	Episodes []Episode
}

// Readings appends the station's values at the instant, rounded as its instruments round. Each domain has its own set
// of parameters, always complete and in the same order; a station of another domain has none.
func (m *Model) Readings(to []reading.Value, station *reading.Station, at time.Time) []reading.Value {
	moment := m.moment(station, at)
	switch station.Domain {
	case reading.Air:
		return moment.air(to)
	case reading.Water:
		return moment.water(to)
	case reading.Noise:
		return moment.noise(to)
	default:
		return to
	}
}

// moment is one station at one instant.
type moment struct {
	model   *Model
	station *reading.Station
	at      time.Time
	climate climate
	clock   float64 // local time of day in hours
	season  float64 // 1 in mid-July, -1 in mid-January
	key     uint64
}

func (m *Model) moment(station *reading.Station, at time.Time) *moment {
	local := at.In(China)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, China)
	place, ok := climates[station.City]
	if !ok {
		place = elsewhere
	}
	key := m.Seed
	for _, c := range []byte(station.ID) {
		key = scramble(key ^ uint64(c))
	}
	return &moment{
		model: m, station: station, at: at, climate: place, key: key,
		clock:  local.Sub(midnight).Hours(),
		season: -math.Cos(2 * math.Pi * float64(local.YearDay()-15) / 365.25),
	}
}

// drift returns a number in -1..1 that wanders smoothly and is new after every span. Each name wanders by itself.
func (t *moment) drift(name string, span time.Duration) float64 {
	key := t.key
	for _, c := range []byte(name) {
		key = scramble(key ^ uint64(c))
	}
	nanos := t.at.UnixNano()
	step := nanos / int64(span)
	if nanos < 0 && nanos%int64(span) != 0 {
		step--
	}
	part := float64(nanos-step*int64(span)) / float64(span)
	from, to := lattice(key, step), lattice(key, step+1)
	return from + (to-from)*part*part*(3-2*part)
}

// jitter returns a number in -1..1 that is new every minute.
func (t *moment) jitter(name string) float64 { return t.drift(name+"~", time.Minute) }

// peak returns 1 at the hour of the day, falling to 0 on both sides as a bell of the given width in hours.
func (t *moment) peak(hour, width float64) float64 {
	distance := math.Abs(t.clock - hour)
	distance = min(distance, 24-distance) / width
	return math.Exp(-distance * distance / 2)
}

// sun returns 0 at night and up to 1 at noon.
func (t *moment) sun() float64 { return max(0, math.Sin((t.clock-6.2)/11.6*math.Pi)) }

// raised returns by what the episodes multiply a parameter now, 1 without any.
func (t *moment) raised(parameter string) float64 {
	factor := 1.0
	for i := range t.model.Episodes {
		e := &t.model.Episodes[i]
		if e.Station == t.station.ID && slices.Contains(e.Parameters, parameter) {
			factor *= e.factor(t.at)
		}
	}
	return factor
}

func lattice(key uint64, step int64) float64 {
	return float64(scramble(key^uint64(step))>>11)/(1<<52) - 1
}

// scramble spreads the bits of x over all 64 (the finaliser of splitmix64).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// value rounds number to an instrument's step, given as steps per unit.
func value(parameter string, number, steps float64) reading.Value {
	return reading.Value{Parameter: parameter, Number: math.Round(number*steps) / steps}
}

func within(number, low, high float64) float64 { return min(max(number, low), high) }
