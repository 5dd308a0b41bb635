package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"egret/ingest/intake"
	"egret/ingest/quarantine"
)

// EntryList is a page of the quarantine, without payloads. Next is the value for ?after= that continues it, 0 at the end.
type EntryList struct {
	Entries []quarantine.Entry `json:"entries"`
	Next    uint64             `json:"next"`
}

const (
	defaultPage = 100
	mostPage    = 1000
)

func (h *Handler) quarantineList(w http.ResponseWriter, r *http.Request) {
	after, err := number(r, "after", 0)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	limit, err := number(r, "limit", defaultPage)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	limit = min(max(limit, 1), mostPage)
	entries, err := h.Quarantine.List(after, int(limit), r.URL.Query().Get("station"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, Page(entries, int(limit)))
}

// Page makes a page of a list of at most limit entries.
func Page(entries []quarantine.Entry, limit int) EntryList {
	page := EntryList{Entries: append([]quarantine.Entry{}, entries...)}
	for i := range page.Entries {
		page.Entries[i].Payload = nil
	}
	if len(entries) == limit {
		page.Next = entries[len(entries)-1].ID
	}
	return page
}

func (h *Handler) quarantineEntry(w http.ResponseWriter, r *http.Request) {
	if e, ok := h.entry(w, r); ok {
		h.answer(w, r, e)
	}
}

// Retried is the answer to a retry.
type Retried struct {
	ID      uint64   `json:"id"`
	Stored  int      `json:"stored_values"`
	Refused []string `json:"still_refused"`
}

func (h *Handler) quarantineRetry(w http.ResponseWriter, r *http.Request) {
	e, ok := h.entry(w, r)
	if !ok {
		return
	}
	stored, reasons, err := h.Retry(r.Context(), e)
	switch {
	case errors.Is(err, intake.ErrCut):
		h.problem(w, r, http.StatusConflict, err.Error())
	case err != nil:
		h.fail(w, r, err)
	default:
		h.answer(w, r, Retried{ID: e.ID, Stored: stored, Refused: append([]string{}, reasons...)})
	}
}

func (h *Handler) quarantineDrop(w http.ResponseWriter, r *http.Request) {
	e, ok := h.entry(w, r)
	if !ok {
		return
	}
	if err := h.Drop(r.Context(), e); err != nil {
		h.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// entry returns the entry that the path names, or answers why there is none.
func (h *Handler) entry(w http.ResponseWriter, r *http.Request) (quarantine.Entry, bool) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		h.fail(w, r, fmt.Errorf("%w: %q is not the number of a quarantine entry", errRequest, r.PathValue("id")))
		return quarantine.Entry{}, false
	}
	e, err := h.Quarantine.Get(id)
	if err != nil {
		h.fail(w, r, err)
		return e, false
	}
	return e, true
}

// number reads a query parameter.
func number(r *http.Request, name string, fallback uint64) (uint64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s=%q is not a number", errRequest, name, text)
	}
	return n, nil
}
