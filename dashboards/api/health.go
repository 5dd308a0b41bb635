package api

import (
	"net/http"
	"strings"
)

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready    bool     `json:"ready"`
	Problems []string `json:"problems"`
}

func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	problems := h.Ready()
	if len(problems) > 0 {
		h.problem(w, r, http.StatusServiceUnavailable, strings.Join(problems, "; "))
		return
	}
	h.answer(w, r, Readiness{Ready: true, Problems: []string{}})
}

const indexPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Egret</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}code{font-size:.95em}</style>
<h1>Egret 白鹭</h1>
<p>Readings in, rolling averages held against their limits, alerts out.</p>
<ul>
<li><a href="api/v1/stations">Stations</a> and, for each, <code>/api/v1/stations/{id}/latest</code> and <code>/api/v1/stations/{id}/figures?why=1</code></li>
<li><a href="api/v1/aqi">Air quality index</a> of all stations and cities</li>
<li><a href="api/v1/plans">Plans</a>: where the targets stand, <code>/api/v1/plans/{id}</code> in detail</li>
<li><a href="api/v1/alerts">Alerts</a></li>
<li><a href="api/v1/quarantine">Quarantine</a>: what could not be stored, and why</li>
<li><a href="api/v1/ledger">Ledger</a>: where everything is that was ever received</li>
<li><a href="readyz">Ready?</a> · <a href="metrics">Metrics</a></li>
</ul>
`

func (h *Handler) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_, _ = w.Write([]byte(indexPage)) // a reader that went away needs no answer
}
