package reading

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// AppendLine appends the sample as one line of line protocol with its \n:
//
//	air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i 1795227300000000000
//
// Ids and keys must have passed [CheckID] and [CheckKey], so nothing needs escaping. Each value has its flag beside
// it, always, so that a correction can clear it.
func (s *Sample) AppendLine(to []byte) []byte {
	to = append(to, s.Domain.String()...)
	to = append(to, ",station="...)
	to = append(to, s.Station...)
	to = append(to, ",period="...)
	to = append(to, s.Period.String()...)
	separator := byte(' ')
	for i := range s.Values {
		v := &s.Values[i]
		to = append(to, separator)
		separator = ','
		to = append(to, v.Parameter...)
		to = append(to, '=')
		to = strconv.AppendFloat(to, v.Number, 'f', -1, 64)
		to = append(to, ',')
		to = append(to, v.Parameter...)
		to = append(to, FlagSuffix+"="...)
		to = strconv.AppendUint(to, uint64(v.Flag), 10)
		to = append(to, 'i')
		if v.HasRaw {
			to = append(to, ',')
			to = append(to, v.Parameter...)
			to = append(to, rawSuffix+"="...)
			to = strconv.AppendFloat(to, v.Raw, 'f', -1, 64)
		}
	}
	to = append(to, ' ')
	to = strconv.AppendInt(to, s.Time, 10)
	return append(to, '\n')
}

// AppendTag appends the value of a tag. Ids need no escaping; the name of a city, which may stand where a station's id
// would, may.
func AppendTag(to []byte, value string) []byte {
	for i := range len(value) {
		switch value[i] {
		case ' ', ',', '=', '\\':
			to = append(to, '\\')
		}
		to = append(to, value[i])
	}
	return to
}

// AppendText appends the text of a string field, without its quotes; a line break would end the line for some readers.
func AppendText(to []byte, text string) []byte {
	for _, c := range []byte(text) {
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\n', '\r':
			to = append(to, ' ')
		default:
			to = append(to, c)
		}
	}
	return to
}

// CityPrefix begins what stands for a city where a station's id would: the averages and the index of its stations.
const CityPrefix = "city:"

// AreaPrefix begins what stands for the area of a plan that is not just a city.
const AreaPrefix = "area:"

// PlanPrefix begins what stands for a plan in its alerts.
const PlanPrefix = "plan:"

// FlagSuffix follows a parameter's key in the field of its flag.
const FlagSuffix = "_flag"

const rawSuffix = "_raw" // of the number that the station sent where another was put in its place

// Field is one value of a line that is being read, pointing into the line's bytes.
type Field struct {
	Parameter []byte
	Number    Fixed
	Flag      Flag
}

// Line is a line of a sample that is being read back. Its slices point into the journal record.
type Line struct {
	Domain  []byte
	Station []byte
	Period  Period
	Time    int64
	Fields  []Field
}

// ErrLine is wrapped by the errors of [Line.Parse].
var ErrLine = errors.New("not a line of readings")

// Parse reads one line that [Sample.AppendLine] wrote, with or without its \n. The memory of Fields is used again.
func (l *Line) Parse(line []byte) error {
	line = bytes.TrimSuffix(line, []byte{'\n'})
	head, rest, ok := bytes.Cut(line, []byte{' '})
	fields, instant, ok2 := bytes.Cut(rest, []byte{' '})
	if !ok || !ok2 {
		return fmt.Errorf("%w: %q", ErrLine, Shorten(string(line)))
	}
	domain, tags, _ := bytes.Cut(head, []byte(",station="))
	station, period, found := bytes.Cut(tags, []byte(",period="))
	if !found {
		return fmt.Errorf("%w: no station and period in %q", ErrLine, Shorten(string(line)))
	}
	l.Domain, l.Station, l.Fields = domain, station, l.Fields[:0]
	var err error
	if l.Period, err = ParsePeriod(string(period)); err != nil {
		return fmt.Errorf("%w: %w", ErrLine, err)
	}
	if l.Time, err = strconv.ParseInt(string(instant), 10, 64); err != nil {
		return fmt.Errorf("%w: time %q", ErrLine, instant)
	}
	for len(fields) > 0 {
		var field []byte
		field, fields, _ = bytes.Cut(fields, []byte{','})
		key, value, _ := bytes.Cut(field, []byte{'='})
		if err := l.addField(key, value); err != nil {
			return err
		}
	}
	return nil
}

// addField takes a number as a new field and a flag as part of the field before it.
func (l *Line) addField(key, value []byte) error {
	if last := len(l.Fields) - 1; last >= 0 && len(key) > len(l.Fields[last].Parameter) && bytes.HasPrefix(key, l.Fields[last].Parameter) {
		switch string(key[len(l.Fields[last].Parameter):]) {
		case FlagSuffix:
			code, err := strconv.ParseUint(string(bytes.TrimSuffix(value, []byte{'i'})), 10, 8)
			if err != nil {
				return fmt.Errorf("%w: flag %q", ErrLine, value)
			}
			l.Fields[last].Flag = Flag(code)
			return nil
		case rawSuffix:
			return nil
		}
	}
	number, err := ParseFixed(value)
	if err != nil {
		return fmt.Errorf("%w: %s=%q: %w", ErrLine, key, value, err)
	}
	l.Fields = append(l.Fields, Field{Parameter: key, Number: number})
	return nil
}
