package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"egret/dashboards/api"
	"egret/ingest/intake"
	"egret/ingest/journal"
)

// history is where `egret import` brings readings.
type history interface {
	// ImportState returns how far an import has come.
	ImportState(ctx context.Context, id string) (api.ImportState, error)
	// ImportTake brings a chunk, and returns when it is synced; a busyError means that it can be offered again.
	ImportTake(ctx context.Context, chunk *intake.Chunk) (intake.Import, error)
	// ImportForget lets an import begin anew.
	ImportForget(ctx context.Context, id string) error
}

// busyError says why nothing is taken at the moment.
type busyError struct{ error }

func (r *remote) ImportState(ctx context.Context, id string) (state api.ImportState, err error) {
	err = r.call(ctx, http.MethodGet, importPath(id), &state)
	return state, err
}

func (r *remote) ImportForget(ctx context.Context, id string) error {
	return r.call(ctx, http.MethodDelete, importPath(id), nil)
}

func (r *remote) ImportTake(ctx context.Context, chunk *intake.Chunk) (state intake.Import, err error) {
	query := url.Values{api.FlagsParameter: {chunk.Flags.Name}, api.SourceParameter: {chunk.Source}}
	if chunk.Last {
		query.Set(api.LastParameter, "1")
	}
	address := r.base + importPath(chunk.Import) + "/" + strconv.Itoa(chunk.Number) + "?" + query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(chunk.Rows))
	if err != nil {
		return state, fmt.Errorf("ask egret: %w", err)
	}
	request.Header.Set("Content-Type", "text/csv; charset=utf-8")
	response, err := r.client.Do(request)
	if err != nil {
		return state, unreachableError{fmt.Errorf("bring a chunk to the running egret: %w; run the same command again when it is back: it goes on where it was", err)}
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		if err := json.NewDecoder(response.Body).Decode(&state); err != nil {
			return state, unreachableError{fmt.Errorf("read the answer of the running egret at %s: %w; run the same command again: it goes on where it was", r.base, err)}
		}
		return state, nil
	}
	var problem api.Problem
	if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
		return state, fmt.Errorf("bring a chunk to the running egret at %s: status %d", r.base, response.StatusCode)
	}
	if response.StatusCode == http.StatusServiceUnavailable {
		return state, busyError{errors.New(problem.Detail)}
	}
	return state, errors.New(problem.Detail)
}

func importPath(id string) string { return "/api/v1/import/" + url.PathEscape(id) }

func (l *local) ImportState(_ context.Context, id string) (api.ImportState, error) {
	state, err := l.records.importer().State(id)
	return api.ImportState{Import: state}, err
}

func (l *local) ImportForget(ctx context.Context, id string) error {
	return l.records.importer().Forget(ctx, id)
}

func (l *local) ImportTake(ctx context.Context, chunk *intake.Chunk) (intake.Import, error) {
	state, err := l.records.importer().Take(ctx, *chunk)
	if errors.Is(err, journal.ErrFull) {
		err = fmt.Errorf("%w; start egret serve, which works it off, then run the same command again: it goes on where it was", err)
	}
	return state, err
}
