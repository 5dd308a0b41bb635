// Package figure holds what follows from readings as it leaves the rules: the averages, indices, classes and levels of
// a station, as lines for the database and as JSON.
package figure

import (
	"strconv"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/mean"
)

// Average is an average of one parameter over a period.
type Average struct {
	Station   string
	Parameter string
	Period    string // 1h 8h 24h day night month quarter year ytd 30d 365d
	Start     int64  // of the period, Unix nanoseconds; for ytd, 30d and 365d of the last day, so that its course can be drawn
	average.Figure
	Percentile   int        // of the days of a year, 0: none
	AtPercentile mean.Ratio // not Known where there were no valid days
}

// AppendLine appends the average as a point of the measurement averages. Where nothing is left of an average it stands
// without a value: a point cannot be taken back from the database.
func (a *Average) AppendLine(to []byte) []byte {
	to = append(to, "averages,station="...)
	to = reading.AppendTag(to, a.Station)
	to = append(to, ",parameter="...)
	to = append(to, a.Parameter...)
	to = append(to, ",period="...)
	to = append(to, a.Period...)
	to = append(to, ' ')
	if a.Value.Known() {
		to = append(to, "value="...)
		to = append(a.Value.Fixed().Append(to), ',')
	}
	if a.AtPercentile.Known() {
		to = append(to, 'p')
		to = strconv.AppendInt(to, int64(a.Percentile), 10)
		to = append(to, '=')
		to = append(a.AtPercentile.Fixed().Append(to), ',')
	}
	to = append(to, "count="...)
	to = strconv.AppendInt(to, int64(a.Count), 10)
	to = append(to, "i,coverage="...)
	to = appendShare(to, a.Count, a.Expected)
	to = append(to, ",valid="...)
	to = strconv.AppendBool(to, a.Valid)
	to = append(to, ' ')
	to = strconv.AppendInt(to, a.Start, 10)
	return append(to, '\n')
}

// appendShare appends a coverage; a full one, which most are, costs nothing.
func appendShare(to []byte, count, expected int) []byte {
	if count >= expected {
		return append(to, '1')
	}
	if count == 0 {
		return append(to, '0')
	}
	return strconv.AppendFloat(to, float64(count)/float64(expected), 'f', -1, 64)
}
