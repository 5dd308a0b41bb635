package api

import (
	"errors"
	"net/http"

	"egret/rules/alert"
	"egret/rules/engine"
)

// ExplainedAlert is an alert with the figure it is about, null for alerts of sliding windows of samples and of missing
// readings, whose value, limit and coverage say all.
type ExplainedAlert struct {
	alert.Alert
	Figure *Figure `json:"figure"`
}

func (h *Handler) alerts(w http.ResponseWriter, r *http.Request) {
	why, err := asked(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	state := r.URL.Query().Get("state")
	list := []alert.Alert{}
	for _, a := range h.Rules.Alerts() {
		if state == "" || a.State == state {
			list = append(list, a)
		}
	}
	if !why {
		h.answer(w, r, list)
		return
	}
	explained := make([]ExplainedAlert, len(list))
	for i := range list {
		explained[i].Alert = list[i]
		if explained[i].Figure, err = h.figureOf(&list[i]); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	h.answer(w, r, explained)
}

// figureOf returns the figure that an alert is about, nil where there is none.
func (h *Handler) figureOf(a *alert.Alert) (*Figure, error) {
	one, err := h.Rules.ExplainAlert(a)
	if errors.Is(err, engine.ErrNoFigure) || errors.Is(err, engine.ErrUnknownStation) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	shown, err := show(&one, h.Rules.Zone())
	return &shown, err
}
