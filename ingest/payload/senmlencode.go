package payload

import (
	"encoding/json"
	"strconv"

	"egret/ingest/reading"
)

// AppendSenML appends the values of a station at an instant (Unix nanoseconds, after 1978-07-04; 0: no time) as one SenML
// pack, with the units of the parameters:
//
//	[{"bn":"wx-1/","bt":1795227300,"n":"pm25","u":"ug/m3","v":35.2},{"n":"temp","u":"Cel","v":-3.5}]
//
// SenML has no place for flags, so values that may not enter an average are left out; where none is left, nothing is
// appended. Units that SenML does not register, such as mg/L, are written as they are.
func AppendSenML(to []byte, station string, values []reading.Value, parameters reading.Parameters, instant int64) []byte {
	first := true
	for i := range values {
		v := &values[i]
		if !v.Flag.Usable() {
			continue
		}
		if first {
			to = append(to, `[{"bn":"`...)
			to = append(to, station...)
			to = append(to, `/",`...)
			if instant != 0 {
				to = append(to, `"bt":`...)
				to = reading.Fixed(instant).Append(to)
				to = append(to, ',')
			}
			first = false
		} else {
			to = append(to, `,{`...)
		}
		to = append(to, `"n":"`...)
		to = append(to, v.Parameter...)
		to = append(to, `",`...)
		if p := parameters[v.Parameter]; p != nil && p.Unit != "" {
			to = append(to, `"u":`...)
			to = appendUnit(to, p.Unit)
			to = append(to, ',')
		}
		to = append(to, `"v":`...)
		to = strconv.AppendFloat(to, v.Number, 'f', -1, 64)
		to = append(to, '}')
	}
	if first {
		return to
	}
	return append(to, ']')
}

// appendUnit appends a unit as SenML spells it: % there is a ratio, so hundredths are /100 (RFC 8798).
func appendUnit(to []byte, unit string) []byte {
	if unit == "%" {
		unit = "/100"
	}
	text, err := json.Marshal(unit)
	if err != nil { // a text can always be written
		text = []byte(`""`)
	}
	return append(to, text...)
}
