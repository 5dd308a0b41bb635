package payload

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"time"

	"egret/ingest/reading"
)

// InfluxProfile says what lines of InfluxDB line protocol mean. A nil profile means that of the defaults.
type InfluxProfile struct {
	// Station is the tag that names the station; "" stands for the tag station. It is that of the profile that goes by the
	// transport's name. A line without the tag is of the station that the transport names.
	Station   string
	Precision time.Duration     // of timestamps; 0 stands for nanoseconds
	Names     map[string]Target // by field; a field that is a parameter's key means that parameter
	Period    reading.Period    // of lines whose tag period does not name one
}

const defaultStationTag = "station"

// influxPlan is an [InfluxProfile] in the form that reading needs.
type influxPlan struct {
	station   string
	precision int64
	names     map[string]*meaning
	period    reading.Period
}

// InfluxLines returns the decoder of InfluxDB line protocol, one point a line; the measurement means nothing. Numbers are
// values, also those in quotation marks. Under names that the profile has truth values are so, too, as 0 or 1, and other
// texts become notes of the kind state; under other names they are values of names that are not known. <field>_flag, a
// text or a number, is the flag of the value beside it. A line that is not understood is a problem with its number, and so
// is a value; the rest stands. Profiles are read once.
func InfluxLines(profiles Profiles[InfluxProfile]) Decoder {
	plans := prepared(profiles, func(p *InfluxProfile) *influxPlan {
		p = cmp.Or(p, &InfluxProfile{})
		return &influxPlan{cmp.Or(p.Station, defaultStationTag), int64(cmp.Or(p.Precision, time.Nanosecond)), meanings(p.Names, nil), p.Period}
	})
	return func(in *Input, into *Message) error { return influxLines(in, into, &plans) }
}

// influxLines reads all lines of a payload.
func influxLines(in *Input, into *Message, plans *Profiles[influxPlan]) error {
	own := plans.find(nil, in.Station)
	var sender []byte
	number, empty := 1, true
	for rest := in.Payload; len(rest) > 0; number++ {
		rest = bytes.TrimLeft(rest, " \t")
		ending := bytes.IndexByte(rest, '\n') + 1
		if ending == 0 {
			ending = len(rest)
		}
		if line := bytes.TrimRight(rest[:ending], " \t\r\n"); len(line) == 0 || line[0] == '#' {
			rest = rest[ending:]
			continue
		}
		empty = false
		l := influxLine{number: number}
		after, err := l.split(rest, own.station)
		if len(sender) == 0 {
			sender = l.station
		}
		if err == nil {
			ending = after
			err = l.take(in, into, plans.find(l.station, in.Station))
		}
		if err != nil {
			into.problem("line %d: %s", number, err)
		}
		number += bytes.Count(rest[:max(ending-1, 0)], []byte{'\n'}) // of line ends within texts
		rest = rest[ending:]
	}
	if len(into.Statements) == 0 {
		into.Sender = sender
	}
	switch {
	case empty:
		return errEmpty
	case into.saysNothing():
		return errNoReadings
	}
	return nil
}

// The endings of fields that stand beside a value: its flag, and in Egret's own lines the number that the station sent
// where another was put in its place.
const (
	flagEnding = reading.FlagSuffix
	rawEnding  = "_raw"
)

// take takes what a line says. An error means that nothing of it stands.
func (l *influxLine) take(in *Input, into *Message, profile *influxPlan) error {
	s := &l.statement
	s.Station, s.Period = l.station, profile.period
	if period, err := reading.ParsePeriod(string(l.period)); err == nil && len(l.period) > 0 {
		s.Period = period
	}
	if err := l.time(s, in.Received, profile.precision); err != nil {
		return err
	}
	l.into, l.names, l.from = into, profile.names, len(into.values)
	flags, raws := false, false
	for fields := l.fields; len(fields) > 0; {
		var key, value []byte
		key, value, fields = nextField(fields)
		switch _, named := l.names[string(key)]; {
		case !named && endsIn(key, flagEnding):
			if last := len(into.values) - 1; last >= l.from && isOf(key, flagEnding, &into.values[last]) { // as Egret writes it
				l.flag(key, value, &into.values[last])
			} else {
				flags = true
			}
		case !named && endsIn(key, rawEnding):
			raws = true
		default:
			l.field(key, value)
		}
	}
	if flags {
		l.companions(flagEnding, l.flag)
	}
	if raws {
		l.companions(rawEnding, l.raw)
	}
	if len(into.values) > l.from {
		s.Values = into.values[l.from:len(into.values):len(into.values)]
		into.Statements = append(into.Statements, *s)
	}
	return nil
}

// time reads the timestamp.
func (l *influxLine) time(s *Statement, received, precision int64) error {
	if len(l.stamp) == 0 {
		return nil
	}
	stamp, err := strconv.ParseInt(string(l.stamp), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return fmt.Errorf("the timestamp %s is not a whole number", shown(l.stamp))
	case err != nil || stamp < 0 || stamp >= instantsEnd/precision:
		return fmt.Errorf("the timestamp %s %w%s", shown(l.stamp), errTimeRange, precisionHint(stamp, received, precision))
	}
	s.Time, s.HasTime = stamp*precision, true
	if received-s.Time > decades {
		if hint := precisionHint(stamp, received, precision); hint != "" {
			return fmt.Errorf("the timestamp %d is of %s%s", stamp, time.Unix(0, s.Time).UTC().Format(time.DateOnly), hint)
		}
	}
	return nil
}

// A time decades ago is a wrong precision where another one brings it within a year of the receipt.
const (
	year    = int64(365 * 24 * time.Hour)
	decades = 20 * year
)

func precisionHint(stamp, received, precision int64) string {
	for _, other := range [...]struct {
		name   string
		length time.Duration
	}{{"s", time.Second}, {"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", time.Nanosecond}} {
		if length := int64(other.length); length != precision && stamp > (received-year)/length && stamp < (received+year)/length {
			return fmt.Sprintf(": set precision: %s in the station's profile", other.name)
		}
	}
	return ""
}
