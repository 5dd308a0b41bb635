package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"egret/ingest/reading"
	"egret/rules/engine"
)

// figures answers with the newest figures of a station or a city.
func (h *Handler) figures(w http.ResponseWriter, r *http.Request) {
	why, err := asked(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	all, err := h.Rules.Figures(r.PathValue("id"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answerFigures(w, r, all, why)
}

// answerFigures answers with figures, each with what it is made of where that was asked for.
func (h *Handler) answerFigures(w http.ResponseWriter, r *http.Request, all []engine.Figure, why bool) {
	list := make([]Figure, 0, len(all))
	for i := range all {
		one := &all[i]
		if why {
			explained, err := h.Rules.Explain(one.Station, one.Parameter, one.Period, one.Start)
			if errors.Is(err, engine.ErrNoFigure) {
				continue // a correction has taken it back meanwhile
			}
			if err != nil {
				h.fail(w, r, err)
				return
			}
			one = &explained
		}
		shown, err := show(one, h.Rules.Zone())
		if err != nil {
			h.fail(w, r, err)
			return
		}
		list = append(list, shown)
	}
	h.answer(w, r, list)
}

// figure answers with one figure: of the period that holds ?start=, else the newest.
func (h *Handler) figure(w http.ResponseWriter, r *http.Request) {
	why, err := asked(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	id, parameter, period := r.PathValue("id"), r.PathValue("parameter"), r.PathValue("period")
	start, err := h.start(r, id, parameter, period)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	one, err := h.Rules.Explain(id, parameter, period, start)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if !why {
		one.Why = nil
	}
	shown, err := show(&one, h.Rules.Zone())
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, shown)
}

// start returns the instant that names the period: as the request gives it, else that of the newest figure.
func (h *Handler) start(r *http.Request, id, parameter, period string) (int64, error) {
	text := r.URL.Query().Get("start")
	if text != "" {
		return parseStart(text, h.Rules.Zone())
	}
	all, err := h.Rules.Figures(id)
	if err != nil {
		return 0, err
	}
	for i := range all {
		if all[i].Parameter == parameter && all[i].Period == period {
			return all[i].Start, nil
		}
	}
	return 0, fmt.Errorf("%w: %s of %s; the figures of the station list what there is", engine.ErrNoFigure, reading.Shorten(period), reading.Shorten(parameter))
}

// The years of which Unix nanoseconds can be written; what lies outside is no time of a reading.
const (
	firstYear = 1970
	lastYear  = 2261
)

// parseStart reads an instant, or a date in the stations' zone.
func parseStart(text string, zone *time.Location) (int64, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, text, zone)
	}
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, fmt.Errorf("%w: start=%q is neither a date such as 2026-02-28 nor a time such as 2026-02-28T13:00:00+08:00 (in an address + is written %%2B)", errRequest, reading.Shorten(text))
	}
	return t.UnixNano(), nil
}

// indices answers with the newest air quality index of all stations and cities.
func (h *Handler) indices(w http.ResponseWriter, r *http.Request) {
	why, err := asked(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	period := r.URL.Query().Get("period")
	switch period {
	case "":
		period = "1h"
	case "1h", "day":
	default:
		h.fail(w, r, fmt.Errorf("%w: period=%q is not known: use 1h or day", errRequest, reading.Shorten(period)))
		return
	}
	all, err := h.Rules.Indices(period)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answerFigures(w, r, all, why)
}

// asked says whether a request asks for what its figures are made of.
func asked(r *http.Request) (bool, error) {
	text := r.URL.Query().Get("why")
	if text == "" {
		return false, nil
	}
	why, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%w: why=%q is neither 1 nor 0", errRequest, reading.Shorten(text))
	}
	return why, nil
}
