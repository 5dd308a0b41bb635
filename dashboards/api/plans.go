package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"egret/ingest/reading"
	"egret/rules/engine"
	"egret/rules/plan"
)

// Plan is a plan as the API shows it.
type Plan struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Document string         `json:"document,omitempty"`
	About    string         `json:"about,omitempty"`
	Language plan.Language  `json:"language"`
	From     string         `json:"from"`          // its first day
	Until    string         `json:"until"`         // its last day
	Day      string         `json:"day,omitempty"` // the last day that is over
	States   map[string]int `json:"states"`        // how many targets have each state
	// Targets holds where each target stands, as replay prints it; those that were never judged are left out.
	Targets []json.RawMessage `json:"targets,omitempty"`
	Duties  []Duty            `json:"duties,omitempty"`
}

// Duty is what a plan orders to be done again and again.
type Duty struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Every string `json:"every"`
	Due   string `json:"due,omitempty"` // the last day of the period that runs
}

// plans answers with all plans, and how many of their targets have each state.
func (h *Handler) plans(w http.ResponseWriter, r *http.Request) {
	all, err := h.Rules.Plans()
	if err != nil {
		h.fail(w, r, err)
		return
	}
	list := []Plan{}
	for i := range all {
		list = append(list, outline(&all[i]))
	}
	h.answer(w, r, list)
}

// plan answers with one plan and where each of its targets stands.
func (h *Handler) plan(w http.ResponseWriter, r *http.Request) {
	all, err := h.Rules.Plans()
	if err != nil {
		h.fail(w, r, err)
		return
	}
	for i := range all {
		if all[i].Plan.ID != r.PathValue("id") {
			continue
		}
		shown, err := h.whole(&all[i])
		if err != nil {
			h.fail(w, r, err)
			return
		}
		h.answer(w, r, shown)
		return
	}
	h.problem(w, r, http.StatusNotFound, fmt.Sprintf("no plan %s is configured under plans; /api/v1/plans lists those that are", reading.Shorten(r.PathValue("id"))))
}

func outline(s *engine.Standings) Plan {
	p := s.Plan
	shown := Plan{
		ID: p.ID, Title: p.Title, Document: p.Document, Language: p.Language,
		From: p.Period.From.String(), Until: p.Period.Until.String(), States: map[string]int{},
	}
	if s.Day != 0 {
		shown.Day = s.Day.String()
	}
	for i := range s.Targets {
		shown.States[s.Targets[i].State.String()]++
	}
	return shown
}

func (h *Handler) whole(s *engine.Standings) (Plan, error) {
	shown := outline(s)
	shown.About = s.Plan.About
	for i := range s.Targets {
		target, err := s.Targets[i].MarshalIn(h.Rules.Zone())
		if err != nil {
			return shown, fmt.Errorf("show target %s: %w", s.Targets[i].Target.ID, err)
		}
		shown.Targets = append(shown.Targets, target)
	}
	for _, d := range s.Plan.Duties {
		duty := Duty{ID: d.ID, Name: d.Name, Every: d.Every}
		if s.Day != 0 {
			if due, ok := d.Next(s.Plan, s.Day+1); ok {
				duty.Due = due.String()
			}
		}
		shown.Duties = append(shown.Duties, duty)
	}
	return shown, nil
}
