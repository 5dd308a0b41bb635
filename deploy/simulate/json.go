package simulate

import (
	"strconv"
	"time"

	"egret/ingest/reading"
)

// AppendJSON appends the message of one instant as stations send it, the time in [China]'s zone:
//
//	{"time":"2026-11-21T10:00:00+08:00","values":{"pm25":35.2,"co":0.6}}
//
// Parameter keys need no escaping (see [reading.CheckKey]); numbers must be finite.
func AppendJSON(to []byte, values []reading.Value, at time.Time) []byte {
	to = append(to, `{"time":"`...)
	to = at.In(China).AppendFormat(to, time.RFC3339Nano)
	to = append(to, `","values":{`...)
	for i := range values {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(to, '"')
		to = append(to, values[i].Parameter...)
		to = append(to, `":`...)
		to = strconv.AppendFloat(to, values[i].Number, 'f', -1, 64)
	}
	return append(to, "}}"...)
}
