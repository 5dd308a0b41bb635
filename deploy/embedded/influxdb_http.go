package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// influxMaxBody is influxd's own limit of a write, here counted after
	// unpacking, so that a small gzip body cannot fill the memory.
	influxMaxBody = 25_000_000

	// influxMaxQuery limits headers with the URL, and the form of a query: a
	// dashboard that lists a thousand stations in a pattern needs 32 KiB.
	influxMaxQuery = 256 << 10

	// influxMaxValues limits an answer (rows times columns): ten million were
	// seen to take 1.4 GB while the answer is put together, so these take some
	// 600 MB. The engine runs in the process that takes the readings; a
	// careless query must fail and not end that.
	influxMaxValues = 4_000_000

	// influxErrorHeaderLength is where influxd cuts the X-Influxdb-Error header.
	influxErrorHeaderLength = 1024

	influxHealth = `{"checks":[],"message":"ready for queries and writes","name":"influxdb","status":"pass","version":"` + influxVersion + `"}`
)

// influxHandler answers the part of influxd's HTTP interface that clients of
// a single database need: write, query, ping, health.
type influxHandler struct {
	engine    *influxEngine
	maxValues int // in one answer
}

func newInfluxServer(engine *influxEngine, logger *slog.Logger) *http.Server {
	h := &influxHandler{engine: engine, maxValues: influxMaxValues}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /write", h.writeV1)
	mux.HandleFunc("POST /api/v2/write", h.writeV2)
	mux.HandleFunc("GET /query", h.query)
	mux.HandleFunc("POST /query", h.query)
	mux.HandleFunc("GET /ping", h.ping)
	mux.HandleFunc("GET /health", h.health)

	server := &http.Server{
		// Without passwords, any web page open in a browser on this machine
		// could post a DROP to the loopback address: foreign origins may not.
		Handler:           influxIdentity(http.NewCrossOriginProtection().Handler(mux)),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    influxMaxQuery,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(func() { _ = engine.queries.Close() }) // never fails
	return server
}

// influxIdentity puts on every answer the headers by which clients tell the
// version they talk to.
func influxIdentity(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Influxdb-Version", influxVersion)
		w.Header().Set("X-Influxdb-Build", "OSS")
		next.ServeHTTP(w, r)
	})
}

func (h *influxHandler) ping(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Query().Get("verbose") {
	case "", "0", "false":
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"version":"`+influxVersion+`"}`)
	}
}

func (h *influxHandler) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, influxHealth)
}

// influxRefusal is an error with the HTTP status that influxd gives it.
type influxRefusal struct {
	status int
	err    error
}

func (r *influxRefusal) Error() string { return r.err.Error() }
func (r *influxRefusal) Unwrap() error { return r.err }

func refuseInflux(status int, format string, args ...any) error {
	return &influxRefusal{status: status, err: fmt.Errorf(format, args...)}
}

// answerInfluxError writes err as influxd does: the text in the body as JSON
// and, cut short, in the X-Influxdb-Error header.
func answerInfluxError(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if refusal := (*influxRefusal)(nil); errors.As(err, &refusal) {
		status = refusal.status
	}
	text := err.Error()
	w.Header().Set("X-Influxdb-Error", text[:min(len(text), influxErrorHeaderLength)])
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(influxAnswer{Error: text}) // the client may be gone
}
