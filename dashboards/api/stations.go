package api

import (
	"net/http"
	"time"

	"egret/rules/alert"
	"egret/rules/engine"
)

// Rules is what the API needs of the rules.
type Rules interface {
	// Stations returns all stations that are registered or were heard of, by id.
	Stations() []engine.StationStatus
	// Latest returns a station's newest readings, or engine.ErrUnknownStation.
	Latest(station string) ([]engine.Latest, error)
	// Alerts returns the open alerts, then those lately ended, newest first.
	Alerts() []alert.Alert
	// Figures returns the newest figures of a station or city:NAME, or engine.ErrUnknownStation.
	Figures(station string) ([]engine.Figure, error)
	// Explain returns a figure with what it is made of, or engine.ErrUnknownStation or engine.ErrNoFigure.
	Explain(station, parameter, period string, start int64) (engine.Figure, error)
	// ExplainAlert returns the figure that an alert is about, or engine.ErrNoFigure.
	ExplainAlert(*alert.Alert) (engine.Figure, error)
	// Indices returns the newest air quality index, of 1h or day, of all stations and cities.
	Indices(period string) ([]engine.Figure, error)
	// Plans returns where all plans stand, in the order of the configuration.
	Plans() ([]engine.Standings, error)
	// Zone returns the place whose days the figures go by.
	Zone() *time.Location
}

// Station is a station as the API shows it. Times are UTC and absent where there was none.
type Station struct {
	ID         string     `json:"id"`
	Name       string     `json:"name,omitempty"`
	Domain     string     `json:"domain,omitempty"`
	City       string     `json:"city,omitempty"`
	District   string     `json:"district,omitempty"`
	Zone       string     `json:"zone,omitempty"`
	Target     string     `json:"target,omitempty"`
	Latitude   float64    `json:"lat,omitempty"`
	Longitude  float64    `json:"lon,omitempty"`
	Registered bool       `json:"registered"`
	FirstSeen  *time.Time `json:"first_seen,omitempty"`
	Received   *time.Time `json:"received,omitempty"` // receipt of the last readings
	Newest     *time.Time `json:"newest,omitempty"`   // time of the newest reading
	Messages   uint64     `json:"messages"`
	Values     uint64     `json:"values"`
	Refused    uint64     `json:"refused"` // messages of which nothing could be stored
	Late       uint64     `json:"late"`
	Duplicate  uint64     `json:"duplicate"`
	Corrected  uint64     `json:"corrected"`
}

// Latest is a station's newest reading of one parameter and period.
type Latest struct {
	Parameter string       `json:"parameter"`
	Period    string       `json:"period"`
	Time      time.Time    `json:"time"` // start of the period
	Value     alert.Number `json:"value"`
	Flag      uint8        `json:"flag"`
	FlagName  string       `json:"flag_name"`
}

func (h *Handler) stations(w http.ResponseWriter, r *http.Request) {
	all := h.Rules.Stations()
	list := make([]Station, len(all))
	for i := range all {
		list[i] = describe(&all[i])
	}
	h.answer(w, r, list)
}

func describe(status *engine.StationStatus) Station {
	s := &status.Station
	station := Station{
		ID: s.ID, Name: s.Name, City: s.City, District: s.District, Zone: s.Zone, Target: s.Target, Latitude: s.Lat, Longitude: s.Lon,
		Registered: !s.Unregistered, FirstSeen: instant(status.FirstSeen), Received: instant(status.Received), Newest: instant(status.Newest),
		Messages: status.Messages, Values: status.Values, Refused: status.Refused, Late: status.Late, Duplicate: status.Duplicate, Corrected: status.Corrected,
	}
	if s.Domain != 0 {
		station.Domain = s.Domain.String()
	}
	return station
}

func (h *Handler) latest(w http.ResponseWriter, r *http.Request) {
	all, err := h.Rules.Latest(r.PathValue("id"))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	list := make([]Latest, len(all))
	for i, l := range all {
		list[i] = Latest{Parameter: l.Parameter, Period: l.Period.String(), Time: time.Unix(0, l.Time).UTC(), Value: alert.Number(l.Number), Flag: uint8(l.Flag), FlagName: l.Flag.String()}
	}
	h.answer(w, r, list)
}

func instant(nanoseconds int64) *time.Time {
	if nanoseconds == 0 {
		return nil
	}
	t := time.Unix(0, nanoseconds).UTC()
	return &t
}
