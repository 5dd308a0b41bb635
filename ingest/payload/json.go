package payload

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"egret/ingest/reading"
)

// JSON reads Egret's own format, an object or an array of such objects:
//
//	{"time":"2026-11-21T10:00:00+08:00","period":"1h","values":{"pm25":35.2},"flags":{"co":"M"},"units":{"co":"mg/m3"}}
//
// Only values is required. time is RFC 3339, or epoch seconds or milliseconds. Unknown keys are passed over.
func JSON(in *Input, into *Message) error {
	s := scanner{text: in.Payload}
	if err := s.objects("element", into, func(int) error { return jsonStatement(&s, into) }); err != nil {
		return err
	}
	if into.saysNothing() {
		return errNoReadings
	}
	return nil
}

// jsonStatement reads one object. Its mistakes of meaning become problems; an error is one of JSON itself.
func jsonStatement(s *scanner, into *Message) error {
	var instant, period, values, flags, units []byte
	var other string
	err := s.object(func(key []byte) error {
		start := s.at
		if err := s.skip(); err != nil {
			return err
		}
		part := s.text[start:s.at]
		switch string(key) {
		case "time":
			instant = part
		case "period":
			period = part
		case "values":
			values = part
		case "flags":
			flags = part
		case "units":
			units = part
		default:
			other = string(key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if values == nil || values[0] != '{' {
		hint := ""
		if other != "" {
			hint = fmt.Sprintf(" (it has %q; put the numbers in an object, as in {\"values\":{\"pm25\":35.2}})", reading.Shorten(other))
		}
		into.problem("there is no object %q%s", "values", hint)
		return nil
	}
	statement := Statement{}
	if err := jsonTime(instant, &statement); err != nil {
		into.problem("%s", err)
		return nil
	}
	if period != nil {
		text, ok := plainString(period)
		statement.Period, err = reading.ParsePeriod(string(text))
		if !ok || err != nil {
			into.problem("period %s is not known: use one of rt 1m 5m 10m 15m 30m 1h 4h 1d", shown(period))
			return nil
		}
	}
	return jsonValues(values, flags, units, statement, into)
}

func jsonValues(values, flags, units []byte, statement Statement, into *Message) error {
	start := len(into.values)
	s := scanner{text: values}
	err := s.object(func(key []byte) error {
		from := s.at
		if err := s.skip(); err != nil {
			return err
		}
		text := s.text[from:s.at]
		problem := func(format string, arguments ...any) {
			into.problem("%s: "+format, append([]any{shown(key)}, arguments...)...)
		}
		if text[0] == 'n' {
			into.Empty++
			return nil
		}
		number, found := parseNumber(text)
		v := Value{Parameter: key, Number: number}
		switch {
		case found == numberNone:
			problem("%s is not a number", shown(text))
		case found == numberTooLarge:
			problem("%s is too large", shown(text))
		case len(into.values)-start == mostValues:
			problem("is more than the %d values that one object may hold", mostValues)
		case given(into.values[start:], &v):
			problem("is given twice; the first number stands")
		default:
			into.values = append(into.values, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	statement.Values = into.values[start:len(into.values):len(into.values)]
	for _, a := range [...]annotation{
		{"flags", flags, func(v *Value, text []byte) { v.Flag = text }},
		{"units", units, func(v *Value, text []byte) { v.Unit = text }},
	} {
		if a.object != nil && a.object[0] != '{' && a.object[0] != 'n' {
			// Without what was meant a value may be off by a thousand, or count although it must not.
			for _, v := range statement.Values {
				into.problem("%s: %q is not an object, as in {%q:{%q:…}}", shown(v.Parameter), a.name, a.name, shown(v.Parameter))
			}
			return nil
		}
		if err := annotate(a, statement.Values); err != nil {
			return err
		}
	}
	if len(statement.Values) > 0 {
		into.Statements = append(into.Statements, statement)
	}
	return nil
}

// annotation is the object flags or units, nil if there is none.
type annotation struct {
	name   string
	object []byte
	set    func(*Value, []byte)
}

// annotate gives the values what the annotation says of them.
func annotate(a annotation, values []Value) error {
	if a.object == nil || a.object[0] == 'n' {
		return nil
	}
	count := 0
	s := scanner{text: a.object}
	return s.object(func(key []byte) error {
		from := s.at
		if err := s.skip(); err != nil {
			return err
		}
		if count++; count > mostValues {
			return nil
		}
		text := s.text[from:s.at]
		if content, ok := plainString(text); ok {
			text = content
		} else if text[0] == 'n' {
			return nil
		}
		for i := range values {
			if string(values[i].Parameter) == string(key) {
				a.set(&values[i], text)
				break
			}
		}
		return nil
	})
}

func jsonTime(text []byte, into *Statement) error {
	if text == nil || text[0] == 'n' {
		return nil
	}
	into.HasTime = true
	if content, ok := plainString(text); ok {
		instant, err := time.Parse(time.RFC3339Nano, string(content))
		if err != nil {
			return fmt.Errorf("time %q is not RFC 3339, such as 2026-11-21T10:00:00+08:00", shown(content))
		}
		if into.Time, err = instantOf(instant); err != nil {
			return fmt.Errorf("time %q %w", content, err)
		}
		return nil
	}
	seconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil || seconds < 0 {
		return fmt.Errorf("time %s is neither RFC 3339 nor epoch seconds or milliseconds", shown(text))
	}
	if seconds >= millisecondsFrom {
		seconds /= 1000
	}
	if seconds*1e9 >= float64(instantsEnd) {
		return fmt.Errorf("time %s %w", shown(text), errTimeRange)
	}
	// A float64 of today's seconds is good to a microsecond; finer digits would be noise.
	into.Time = int64(math.Round(seconds*1e6)) * 1000
	return nil
}
