package figure

import (
	"strconv"

	"egret/ingest/reading"
	"egret/rules/air"
)

// Index is the air quality index of a station or city for an hour or a day.
type Index struct {
	Station string
	Period  string // 1h or day
	Start   int64  // Unix nanoseconds
	Again   bool   // it was made before
	*air.Index
}

// AppendLine appends the index as a point of the measurement aqi. Where it may not be published there is no field aqi,
// unless one was written before: a field cannot be taken back, so it becomes 0.
func (i *Index) AppendLine(to []byte) []byte {
	to = append(to, "aqi,station="...)
	to = reading.AppendTag(to, i.Station)
	to = append(to, ",period="...)
	to = append(to, i.Period...)
	to = append(to, ' ')
	if i.Published || i.Again {
		to = append(to, "aqi="...)
		to = strconv.AppendInt(to, int64(i.AQI), 10)
		to = append(to, "i,"...)
	}
	to = append(to, "level="...)
	to = strconv.AppendInt(to, int64(i.Level()), 10)
	to = append(to, "i,primary=\""...)
	for n, parameter := range i.Primary {
		if n > 0 {
			to = append(to, ',')
		}
		to = append(to, parameter...)
	}
	to = append(to, "\",published="...)
	to = strconv.AppendBool(to, i.Published)
	if i.Known || i.Again {
		to = append(to, ",partial="...)
		to = strconv.AppendInt(to, int64(i.Partial), 10)
		to = append(to, 'i')
	}
	to = append(to, ' ')
	to = strconv.AppendInt(to, i.Start, 10)
	return append(to, '\n')
}
