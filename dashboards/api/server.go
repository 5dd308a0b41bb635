// Package api is Egret's HTTP face: what it holds as JSON, its health and its metrics.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"egret/ingest/intake"
	"egret/ingest/journal"
	"egret/ingest/ledger"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
	"egret/rules/engine"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Quarantine is what the API needs of the quarantine.
type Quarantine interface {
	// Get returns an entry, or quarantine.ErrNotFound.
	Get(id uint64) (quarantine.Entry, error)
	// List returns up to most entries with an id above after.
	List(after uint64, most int, station string) ([]quarantine.Entry, error)
}

// Handler answers for the parts of a running Egret. All fields must be set.
type Handler struct {
	Rules      Rules
	Quarantine Quarantine
	// Retry takes an entry again under the present configuration; it returns the values stored and what is still refused.
	Retry func(ctx context.Context, e quarantine.Entry) (stored int, reasons []string, err error)
	// Drop removes an entry for good.
	Drop   func(ctx context.Context, e quarantine.Entry) error
	Ledger func() ledger.Ledger
	// Imports brings history in; Averages returns the numbers of the oldest and the newest entry of averages that wait for
	// the database, 0 and 0 where none does.
	Imports  Imports
	Averages func() (oldest, newest uint64)
	// Ready lists what stands in the way of taking, storing and alerting; empty when all is well.
	Ready   func() []string
	Metrics prometheus.Gatherer
	Log     *slog.Logger
}

// Routes returns the handler of all paths. Requests from other origins may only read.
func (h *Handler) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.index)
	mux.HandleFunc("GET /api/v1/stations", h.stations)
	mux.HandleFunc("GET /api/v1/stations/{id}/latest", h.latest)
	mux.HandleFunc("GET /api/v1/stations/{id}/figures", h.figures)
	mux.HandleFunc("GET /api/v1/stations/{id}/figures/{parameter}/{period}", h.figure)
	mux.HandleFunc("GET /api/v1/aqi", h.indices)
	mux.HandleFunc("GET /api/v1/alerts", h.alerts)
	mux.HandleFunc("GET /api/v1/plans", h.plans)
	mux.HandleFunc("GET /api/v1/plans/{id}", h.plan)
	mux.HandleFunc("GET /api/v1/quarantine", h.quarantineList)
	mux.HandleFunc("GET /api/v1/quarantine/{id}", h.quarantineEntry)
	mux.HandleFunc("POST /api/v1/quarantine/{id}/retry", h.quarantineRetry)
	mux.HandleFunc("DELETE /api/v1/quarantine/{id}", h.quarantineDrop)
	mux.HandleFunc("GET /api/v1/import/{id}", h.importState)
	mux.HandleFunc("POST /api/v1/import/{id}/{chunk}", h.here(h.importTake))
	mux.HandleFunc("DELETE /api/v1/import/{id}", h.here(h.importForget))
	mux.HandleFunc("GET /api/v1/ledger", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, h.Ledger()) })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", h.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.Metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { h.unknown(w, r, mux) })
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.problem(w, r, http.StatusForbidden, "a page of another origin may only read; use Egret's own page or a program")
	}))
	return protection.Handler(mux)
}

// unknown answers for a path that there is not, or not with this method.
func (h *Handler) unknown(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		if _, pattern := mux.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host}); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		h.problem(w, r, http.StatusNotFound, fmt.Sprintf("there is nothing at %s; / lists what there is", r.URL.Path))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	h.problem(w, r, http.StatusMethodNotAllowed, fmt.Sprintf("%s does not take %s, only %s", r.URL.Path, reading.Shorten(r.Method), strings.Join(allowed, ", ")))
}

const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	closeTimeout  = time.Second
	headerBytes   = 16 << 10
)

// Serve answers on a listener until ctx ends.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: headerBytes}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve HTTP on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		_ = server.Close() // requests that outlast the grace are cut
	}
	return ctx.Err()
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, content any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		h.Log.Debug("answer cut short", "path", r.URL.Path, "reason", err.Error())
	}
}

// Problem is the body of an error, RFC 9457.
type Problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (h *Handler) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(Problem{Title: http.StatusText(status), Status: status, Detail: detail}); err != nil {
		h.Log.Debug("answer cut short", "path", r.URL.Path, "reason", err.Error())
	}
}

// fail turns an error into a status, in this one place.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, engine.ErrUnknownStation):
		h.problem(w, r, http.StatusNotFound, "no station "+reading.Shorten(r.PathValue("id"))+" is registered or was heard of; /api/v1/stations lists them")
	case errors.Is(err, quarantine.ErrNotFound), errors.Is(err, engine.ErrNoFigure):
		h.problem(w, r, http.StatusNotFound, err.Error())
	case errors.Is(err, journal.ErrFull), errors.As(err, new(*intake.GateError)):
		h.problem(w, r, http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, errRequest):
		h.problem(w, r, http.StatusBadRequest, err.Error())
	default:
		h.Log.Error("request failed", "path", r.URL.Path, "reason", err.Error())
		h.problem(w, r, http.StatusInternalServerError, "something went wrong inside; the log of egret says what")
	}
}

// errRequest is wrapped by errors that the caller can mend.
var errRequest = errors.New("the request is not right")
