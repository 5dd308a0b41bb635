package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"egret/dashboards/api"
	"egret/ingest/intake"
	"egret/ingest/ledger"
	"egret/ingest/quarantine"
)

// remote asks a running serve over HTTP.
type remote struct {
	base   string
	client *http.Client
}

func newRemote(base string) *remote {
	return &remote{base: base, client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}}}
}

func (r *remote) call(ctx context.Context, method, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, nil)
	if err != nil {
		return fmt.Errorf("ask egret: %w", err)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return unreachableError{fmt.Errorf("ask the running egret: %w", err)}
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		var problem api.Problem
		if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
			return fmt.Errorf("ask the running egret at %s: status %d", r.base, response.StatusCode)
		}
		if response.StatusCode == http.StatusConflict {
			return intake.ErrCut // the only conflict there is
		}
		return fmt.Errorf("%s", problem.Detail)
	}
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer of the running egret at %s: %w", r.base, err)
	}
	return nil
}

func (r *remote) Ledger(ctx context.Context) (l ledger.Ledger, err error) {
	err = r.call(ctx, http.MethodGet, "/api/v1/ledger", &l)
	return l, err
}

func (r *remote) List(ctx context.Context, after uint64, limit int, station string) (page api.EntryList, err error) {
	query := url.Values{"after": {strconv.FormatUint(after, 10)}, "limit": {strconv.Itoa(limit)}, "station": {station}}
	err = r.call(ctx, http.MethodGet, "/api/v1/quarantine?"+query.Encode(), &page)
	return page, err
}

func (r *remote) Show(ctx context.Context, id uint64) (e quarantine.Entry, err error) {
	err = r.call(ctx, http.MethodGet, entryPath(id), &e)
	return e, err
}

func (r *remote) Retry(ctx context.Context, id uint64) (result api.Retried, err error) {
	err = r.call(ctx, http.MethodPost, entryPath(id)+"/retry", &result)
	return result, err
}

func (r *remote) Drop(ctx context.Context, id uint64) error {
	return r.call(ctx, http.MethodDelete, entryPath(id), nil)
}

func (r *remote) Close() error { return nil }

func entryPath(id uint64) string { return "/api/v1/quarantine/" + strconv.FormatUint(id, 10) }
