package embedded

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/influxdata/influxdb/models"
	"github.com/influxdata/influxdb/query"
)

// influxAnswer is the JSON of an answer, field by field as influxd orders it.
type influxAnswer struct {
	Results []*influxResult `json:"results,omitempty"`
	Error   string          `json:"error,omitempty"`
}

// influxResult is what one statement gave.
type influxResult struct {
	StatementID int              `json:"statement_id"`
	Series      models.Rows      `json:"series,omitempty"`
	Messages    []*query.Message `json:"messages,omitempty"`
	Partial     bool             `json:"partial,omitempty"`
	Error       string           `json:"error,omitempty"`
}

// add appends a piece of a result. Pieces come in the order of the statements;
// a piece of the statement that came last continues it, an error replaces it.
func (a *influxAnswer) add(piece *query.Result) {
	next := &influxResult{
		StatementID: piece.StatementID,
		Series:      piece.Series,
		Messages:    piece.Messages,
		Partial:     piece.Partial,
	}
	if piece.Err != nil {
		next.Error = piece.Err.Error()
	}

	last := len(a.Results) - 1
	switch {
	case last < 0 || a.Results[last].StatementID != next.StatementID:
		a.Results = append(a.Results, next)
	case next.Error != "":
		a.Results[last] = next
	default:
		a.Results[last].continueWith(next)
	}
}

func (r *influxResult) continueWith(next *influxResult) {
	series := next.Series
	// A series longer than a chunk goes on in the first series of the next.
	if len(r.Series) > 0 && len(series) > 0 {
		if open := r.Series[len(r.Series)-1]; open.SameSeries(series[0]) {
			open.Values = append(open.Values, series[0].Values...)
			open.Partial = series[0].Partial
			series = series[1:]
		}
	}
	r.Series = append(r.Series, series...)
	r.Messages = append(r.Messages, next.Messages...)
	r.Partial = next.Partial
}

// write answers 200 even where a statement failed: its error is in the body.
func (a *influxAnswer) write(w http.ResponseWriter, pretty bool) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	if pretty {
		encoder.SetIndent("", "    ")
	}
	// Encode writes nothing when a value has no JSON, such as a sum that
	// overflowed to infinity; a client that is gone gets nothing either way.
	if err := encoder.Encode(a); err != nil {
		_ = encoder.Encode(influxAnswer{Error: err.Error()})
	}
}

// countInfluxTime replaces the time of each row by the number of whole units
// of epoch since 1970 UTC; an unknown unit counts nanoseconds.
func countInfluxTime(series models.Rows, epoch string) {
	unit := time.Nanosecond
	switch epoch {
	case "u", "µ":
		unit = time.Microsecond
	case "ms":
		unit = time.Millisecond
	case "s":
		unit = time.Second
	case "m":
		unit = time.Minute
	case "h":
		unit = time.Hour
	}
	for _, row := range series {
		for _, values := range row.Values {
			if at, isTime := values[0].(time.Time); isTime {
				values[0] = at.UnixNano() / int64(unit)
			}
		}
	}
}
