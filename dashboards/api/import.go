package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"

	"egret/ingest/intake"
	"egret/ingest/reading"
)

// Imports is what the API needs to bring history in.
type Imports interface {
	// State returns how far an import has come, the zero state of one that was never heard of.
	State(id string) (intake.Import, error)
	// Take journals a chunk; see [intake.Importer.Take].
	Take(ctx context.Context, chunk intake.Chunk) (intake.Import, error)
	// Forget lets an import begin anew.
	Forget(ctx context.Context, id string) error
}

// ImportState is how far an import has come, and which entries of averages wait for the database: those that the rules
// have made of it are there when the oldest is beyond the newest of an earlier answer. Both are 0 where none waits.
type ImportState struct {
	intake.Import
	OldestAverages uint64 `json:"oldest_averages"`
	NewestAverages uint64 `json:"newest_averages"`
}

// MostImportBytes bounds the rows of one chunk, with room for long names.
const MostImportBytes = 12 << 20

// FlagsParameter, SourceParameter and LastParameter are the query parameters of a chunk.
const (
	FlagsParameter  = "flags"
	SourceParameter = "source"
	LastParameter   = "last"
)

func (h *Handler) importState(w http.ResponseWriter, r *http.Request) {
	state, err := h.Imports.State(r.PathValue("id"))
	if err != nil {
		h.failImport(w, r, err)
		return
	}
	oldest, newest := h.Averages()
	h.answer(w, r, ImportState{state, oldest, newest})
}

func (h *Handler) importTake(w http.ResponseWriter, r *http.Request) {
	chunk, err := readChunk(w, r)
	if err == nil {
		var state intake.Import
		if state, err = h.Imports.Take(r.Context(), chunk); err == nil {
			h.answer(w, r, ImportState{Import: state})
			return
		}
	}
	h.failImport(w, r, err)
}

func readChunk(w http.ResponseWriter, r *http.Request) (chunk intake.Chunk, err error) {
	chunk.Import, chunk.Source = r.PathValue("id"), r.URL.Query().Get(SourceParameter)
	if chunk.Number, err = strconv.Atoi(r.PathValue("chunk")); err != nil {
		return chunk, fmt.Errorf("%w: %q is not the number of a chunk", errRequest, reading.Shorten(r.PathValue("chunk")))
	}
	if chunk.Flags, err = reading.FindFlagTable(r.URL.Query().Get(FlagsParameter)); err != nil {
		return chunk, fmt.Errorf("%w: %w", errRequest, err)
	}
	chunk.Last = r.URL.Query().Get(LastParameter) != ""
	if chunk.Rows, err = io.ReadAll(http.MaxBytesReader(w, r.Body, MostImportBytes)); err != nil {
		return chunk, fmt.Errorf("%w: read the rows: %w", errRequest, err)
	}
	return chunk, nil
}

func (h *Handler) importForget(w http.ResponseWriter, r *http.Request) {
	if err := h.Imports.Forget(r.Context(), r.PathValue("id")); err != nil {
		h.failImport(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) failImport(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, intake.ErrRows) {
		h.problem(w, r, http.StatusBadRequest, err.Error())
		return
	}
	h.fail(w, r, err)
}

// here lets only requests of this machine through: whoever may bring history in may change every figure of the past.
func (h *Handler) here(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromHere(r) {
			h.problem(w, r, http.StatusForbidden, "history is only taken from the machine that egret runs on: run egret import there")
			return
		}
		next(w, r)
	}
}

// fromHere says whether a request comes over the loopback, or from the very address that it is sent to.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	from := net.ParseIP(host)
	if err != nil || from == nil {
		return false
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return from.IsLoopback() || (local != nil && local.IP.Equal(from))
}
