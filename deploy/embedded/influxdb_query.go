package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/influxdata/influxdb/query"
	"github.com/influxdata/influxql"
)

// influxChunk is how many points the engine hands over at a time; the pieces
// are put together again before they are answered.
const influxChunk = 10_000

// query runs the statements of parameter q. Parameters: db, rp, epoch
// (ns, u, µ, ms, s, m, h; without it times are RFC 3339 in UTC), params (bound
// parameters as a JSON object), and, in the URL only, pretty. The answer is
// always one piece: "chunked" is allowed to be ignored.
func (h *influxHandler) query(w http.ResponseWriter, r *http.Request) {
	if err := readInfluxForm(w, r); err != nil {
		answerInfluxError(w, err)
		return
	}
	statements, err := parseInfluxQuery(r.FormValue("q"), r.FormValue("params"))
	if err != nil {
		answerInfluxError(w, err)
		return
	}
	readOnly := r.Method != http.MethodPost
	if err := admitInfluxStatements(statements, readOnly); err != nil {
		if readOnly {
			w.Header().Set("Allow", http.MethodPost)
		}
		answerInfluxError(w, err)
		return
	}

	answer, err := h.execute(r, statements, readOnly)
	if err != nil {
		answerInfluxError(w, err)
		return
	}
	answer.write(w, r.URL.Query().Get("pretty") == "true")
}

// readInfluxForm reads the parameters from the URL and a form in the body.
func readInfluxForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, influxMaxQuery)
	err := r.ParseForm()
	if err == nil {
		err = r.ParseMultipartForm(influxMaxQuery)
	}
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case err == nil || errors.Is(err, http.ErrNotMultipart):
		return nil
	case errors.As(err, &tooLarge):
		return refuseInflux(http.StatusRequestEntityTooLarge, "read query parameters: %w", err)
	default:
		return refuseInflux(http.StatusBadRequest, "read query parameters: %w", err)
	}
}

// execute runs the statements until they are done, the client goes away or the
// answer grows too large.
func (h *influxHandler) execute(r *http.Request, statements *influxql.Query, readOnly bool) (*influxAnswer, error) {
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	results := h.engine.queries.ExecuteQuery(statements, query.ExecutionOptions{
		Database:         r.FormValue("db"),
		RetentionPolicy:  r.FormValue("rp"),
		Authorizer:       query.OpenAuthorizer,
		CoarseAuthorizer: query.OpenCoarseAuthorizer,
		ChunkSize:        influxChunk,
		ReadOnly:         readOnly,
		AbortCh:          ctx.Done(),
	}, nil)

	var answer influxAnswer
	values := 0
	epoch := r.FormValue("epoch")
	for result := range results { // to the end, or the engine would wait for ever
		if result == nil || values > h.maxValues {
			continue
		}
		for _, row := range result.Series {
			values += len(row.Values) * len(row.Columns)
		}
		if values > h.maxValues {
			stop()
			continue
		}
		if epoch != "" {
			countInfluxTime(result.Series, epoch)
		}
		answer.add(result)
	}
	if values > h.maxValues {
		return nil, refuseInflux(http.StatusBadRequest,
			"the answer has more than %d values: ask for less time, fewer fields or longer intervals", h.maxValues)
	}
	return &answer, nil
}

// parseInfluxQuery parses the statements of text, in which $name stands for
// the value of that name in parameters, a JSON object or empty.
func parseInfluxQuery(text, parameters string) (*influxql.Query, error) {
	if strings.TrimSpace(text) == "" {
		return nil, refuseInflux(http.StatusBadRequest, `missing required parameter "q"`)
	}
	parser := influxql.NewParser(strings.NewReader(text))
	if parameters != "" {
		bound, err := parseInfluxParameters(parameters)
		if err != nil {
			return nil, err
		}
		parser.SetParams(bound)
	}
	statements, err := parser.ParseQuery()
	if err != nil {
		return nil, refuseInflux(http.StatusBadRequest, "error parsing query: %w", err)
	}
	return statements, nil
}

// parseInfluxParameters keeps whole numbers whole: an integer that went
// through a float would no longer match an integer field.
func parseInfluxParameters(text string) (map[string]any, error) {
	var bound map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&bound); err != nil {
		return nil, refuseInflux(http.StatusBadRequest, "error parsing query parameters: %w", err)
	}
	for name, value := range bound {
		number, isNumber := value.(json.Number)
		if !isNumber {
			continue
		}
		var err error
		if strings.ContainsAny(number.String(), ".eE") {
			bound[name], err = number.Float64()
		} else {
			bound[name], err = number.Int64()
		}
		if err != nil {
			return nil, refuseInflux(http.StatusBadRequest, "error parsing json value: %w", err)
		}
	}
	return bound, nil
}

// admitInfluxStatements refuses what a read-only request may not do, and what
// would be accepted and then never happen: no service here runs continuous
// queries or feeds subscriptions.
func admitInfluxStatements(statements *influxql.Query, readOnly bool) error {
	for _, statement := range statements.Statements {
		if readOnly && changesInflux(statement) {
			return refuseInflux(http.StatusMethodNotAllowed, "%s changes the database: send it with POST", statement)
		}
		switch statement.(type) {
		case *influxql.CreateContinuousQueryStatement, *influxql.CreateSubscriptionStatement:
			return refuseInflux(http.StatusBadRequest,
				"the embedded database runs no continuous queries and no subscriptions: use an InfluxDB server for %s", statement)
		}
	}
	return nil
}

func changesInflux(statement influxql.Statement) bool {
	switch s := statement.(type) {
	case *influxql.SelectStatement:
		return s.Target != nil
	case *influxql.ExplainStatement:
		return s.Statement.Target != nil
	}
	// All the other statements that only read, and no others, begin so.
	return !strings.HasPrefix(statement.String(), "SHOW ")
}
