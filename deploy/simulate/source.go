package simulate

import (
	"fmt"
	"strconv"
	"time"

	"egret/ingest/reading"
)

// Source is what a publisher sends. Its methods are pure and may be called from several goroutines.
type Source interface {
	// Count is how many messages there are; 0: without end.
	Count() int
	// Append appends the payload of a message and returns it with the station that sends it. Messages count from 0.
	Append(to []byte, message int) (payload []byte, station string)
	// Due is when the message is sent; the zero time: at once.
	Due(message int) time.Time
}

// Demo is the source of a demonstration: every station's whole set of readings once a simulated minute. The simulated
// clock begins at Start when the real one shows Begin, and runs Speed times as fast until it has caught up with the
// real one; from then on they are the same.
type Demo struct {
	Model    *Model
	Stations []reading.Station
	Start    time.Time // rounded down to a minute
	Begin    time.Time
	Speed    float64 // above 1; otherwise the clock never catches up
	Format   Format
}

// Count returns 0: a demonstration goes on.
func (d *Demo) Count() int { return 0 }

// Append appends the readings of one station in one minute; messages go through the stations, then to the next minute.
func (d *Demo) Append(to []byte, message int) ([]byte, string) {
	station := &d.Stations[message%len(d.Stations)]
	at := d.minute(message)
	var values [16]reading.Value
	return d.Format.append(to, station.ID, station.Domain, d.Model.Readings(values[:0], station, at), at), station.ID
}

// Due returns when the real clock shows or the simulated clock reaches the message's minute, whichever is later.
func (d *Demo) Due(message int) time.Time {
	at := d.minute(message)
	reached := d.Begin.Add(time.Duration(float64(at.Sub(d.Start)) / d.Speed))
	if reached.After(at) {
		return reached
	}
	return at
}

func (d *Demo) minute(message int) time.Time {
	return d.Start.Truncate(time.Minute).Add(time.Duration(message/len(d.Stations)) * time.Minute)
}

// Load is the source of a load test: Messages messages of Values values each, from Stations stations in turn. Every
// value follows from the message's number and the parameter's, so that a database can be checked value by value.
// To keep a station's messages in order, Stations should be a multiple of the publisher's connections.
type Load struct {
	Messages int
	Stations int
	Values   int           // 1 to len(LoadParameters)
	Start    time.Time     // the time of each station's first message
	Interval time.Duration // between two messages of a station; whole milliseconds
	Begin    time.Time     // when the first message is due, if there is a Rate
	Rate     float64       // messages a second over all connections; 0: as fast as they go
	Format   Format        // HJ212 holds the first [HJ212LoadValues] parameters and whole seconds only
}

// LoadParameters are the parameters of a load test, in the order in which messages carry them: those of the domain
// air whose plausible range holds 1 to 56.
var LoadParameters = []string{"pm25", "pm10", "so2", "no2", "nox", "co", "o3", "temp", "rh", "wind_speed", "wind_dir", "rain", "tsp", "o3_8h", "dustfall"}

// LoadValue returns the value of a parameter (by its place in LoadParameters) in a message: 0 to 55, three decimals,
// rising with the parameter so that PM10 is never below PM2.5.
func LoadValue(message, parameter int) float64 {
	return float64(loadThousandths(message, parameter)) / 1000
}

func loadThousandths(message, parameter int) uint64 {
	base := scramble(uint64(message))
	return base%40_000 + uint64(parameter)*1000 + scramble(base+uint64(parameter))%1000
}

// LoadStation returns the id of a station of a load test, by its number from 0.
func LoadStation(number int) string { return fmt.Sprintf("load-%05d", number) }

// Station returns the id of the station that sends the message.
func (l *Load) Station(message int) string { return LoadStation(message % l.Stations) }

// Time returns the time of the message's readings.
func (l *Load) Time(message int) time.Time {
	return l.Start.Add(time.Duration(message/l.Stations) * l.Interval)
}

// Count returns the number of messages.
func (l *Load) Count() int { return l.Messages }

// Append appends the message's payload. In JSON numbers are written without going through float64.
func (l *Load) Append(to []byte, message int) ([]byte, string) {
	if l.Format != "" && l.Format != JSON {
		station := l.Station(message)
		return l.Format.append(to, station, reading.Air, l.values(message), l.Time(message)), station
	}
	to = append(to, `{"time":`...)
	to = strconv.AppendInt(to, l.Time(message).UnixMilli(), 10)
	to = append(to, `,"values":{`...)
	for parameter, key := range LoadParameters[:l.Values] {
		if parameter > 0 {
			to = append(to, ',')
		}
		to = append(to, '"')
		to = append(to, key...)
		to = append(to, `":`...)
		thousandths := loadThousandths(message, parameter)
		to = strconv.AppendUint(to, thousandths/1000, 10)
		rest := thousandths % 1000
		to = append(to, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	}
	return append(to, "}}"...), l.Station(message)
}

func (l *Load) values(message int) []reading.Value {
	values := make([]reading.Value, l.Values)
	for i := range values {
		values[i] = reading.Value{Parameter: LoadParameters[i], Number: LoadValue(message, i)}
	}
	return values
}

// Due spreads the messages evenly at the rate.
func (l *Load) Due(message int) time.Time {
	if l.Rate <= 0 {
		return time.Time{}
	}
	return l.Begin.Add(time.Duration(float64(message) / l.Rate * float64(time.Second)))
}
