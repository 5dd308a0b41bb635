package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"egret/ingest/intake"
	"egret/ingest/ledger"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/engine"

	"github.com/prometheus/client_golang/prometheus"
)

var noon = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)

// bureau is an Egret with one station on the register and one that nobody knows.
type bureau struct {
	unreadable bool // plans
	t          *testing.T
	server     *httptest.Server
	entries    []quarantine.Entry
	dropped    []uint64
	problems   []string
	retried    error
	handler    *Handler
}

// Stations, Latest and Alerts are its rules; Get and List its quarantine.
func (b *bureau) Stations() []engine.StationStatus {
	return []engine.StationStatus{
		{Station: reading.Station{ID: "unknown-7", Unregistered: true}, FirstSeen: noon.UnixNano(), Received: noon.UnixNano(), Newest: noon.Add(-time.Minute).UnixNano(), Messages: 3, Values: 9, Refused: 1, Late: 2, Duplicate: 4, Corrected: 5},
		{Station: reading.Station{ID: "wx-water-1", Name: "沙渚", Domain: reading.Water, City: "无锡", District: "滨湖", Target: "III", Lat: 31.39, Lon: 120.23}},
	}
}

func (b *bureau) Latest(station string) ([]engine.Latest, error) {
	switch station {
	case "unknown-7":
		return []engine.Latest{{Parameter: "pm25", Period: reading.Hour, Time: noon.UnixNano(), Number: 35_200_000_000}}, nil
	case "wx-water-1":
		return nil, nil
	case "broken":
		return nil, errors.New("/var/lib/egret: secret trouble")
	}
	return nil, fmt.Errorf("%q: %w", station, engine.ErrUnknownStation)
}

func (b *bureau) Alerts() []alert.Alert {
	return []alert.Alert{{ID: "a", State: alert.StateFiring, Value: 81_500_000_000}, {ID: "b", State: alert.StateResolved}}
}

func (b *bureau) Get(id uint64) (quarantine.Entry, error) {
	for _, e := range b.entries {
		if e.ID == id {
			return e, nil
		}
	}
	return quarantine.Entry{}, fmt.Errorf("entry %d: %w", id, quarantine.ErrNotFound)
}

func (b *bureau) List(after uint64, most int, station string) (list []quarantine.Entry, err error) {
	for _, e := range b.entries {
		if e.ID > after && len(list) < most && (station == "" || e.Station == station) {
			list = append(list, e)
		}
	}
	return list, nil
}

func newBureau(t *testing.T) *bureau {
	b := &bureau{t: t}
	for id := uint64(1); id <= 250; id++ {
		b.entries = append(b.entries, quarantine.Entry{ID: id, Received: noon, Station: fmt.Sprint("s", id%2), Reasons: []string{"not JSON"}, Payload: []byte{0xff}})
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "egret_ready", Help: "Readiness."}, func() float64 { return 1 }))
	b.handler = &Handler{
		Rules: b, Quarantine: b, Metrics: registry, Log: slog.New(slog.DiscardHandler),
		Retry: func(_ context.Context, e quarantine.Entry) (int, []string, error) {
			if e.ID == 2 {
				return 0, []string{"still not JSON"}, b.retried
			}
			return 8, nil, b.retried
		},
		Drop:   func(_ context.Context, e quarantine.Entry) error { b.dropped = append(b.dropped, e.ID); return nil },
		Ledger: func() ledger.Ledger { return ledger.Ledger{AddsUp: true, Differences: []string{}} },
		Ready:  func() []string { return b.problems },
	}
	b.server = httptest.NewServer(b.handler.Routes())
	t.Cleanup(b.server.Close)
	return b
}

// ask sends a request and returns its answer with the body read.
func (b *bureau) ask(method, path string, header ...string) (*http.Response, string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response, string(body)
}

// wants asks for JSON and reads it.
func (b *bureau) wants(method, path string, into any) string {
	b.t.Helper()
	response, body := b.ask(method, path)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json; charset=utf-8" || response.Header.Get("X-Content-Type-Options") != "nosniff" {
		b.t.Fatalf("%s %s: %d %v %s", method, path, response.StatusCode, response.Header, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return body
}

// wantsProblem asks for something that must be refused, in the form of RFC 9457.
func (b *bureau) wantsProblem(method, path string, status int, parts ...string) {
	b.t.Helper()
	response, body := b.ask(method, path)
	var problem Problem
	if err := json.Unmarshal([]byte(body), &problem); err != nil || response.Header.Get("Content-Type") != "application/problem+json" {
		b.t.Errorf("%s %s: %v %s: %v", method, path, response.Header, body, err)
		return
	}
	if response.StatusCode != status || problem.Status != status || problem.Title != http.StatusText(status) {
		b.t.Errorf("%s %s: status %d, %+v, want %d", method, path, response.StatusCode, problem, status)
	}
	for _, part := range parts {
		if !strings.Contains(problem.Detail, part) {
			b.t.Errorf("%s %s: %q does not say %q", method, path, problem.Detail, part)
		}
	}
}

func TestStationsWithTheirCounts(t *testing.T) {
	b := newBureau(t)
	var stations []Station
	body := b.wants("GET", "/api/v1/stations", &stations)
	if len(stations) != 2 {
		t.Fatal(body)
	}
	unknown, water := stations[0], stations[1]
	if unknown.Registered || !unknown.Received.Equal(noon) || unknown.Messages != 3 || unknown.Values != 9 || unknown.Refused != 1 || unknown.Late != 2 || unknown.Duplicate != 4 || unknown.Corrected != 5 {
		t.Errorf("%+v", unknown)
	}
	if !water.Registered || water.Domain != "water" || water.Target != "III" || water.Latitude != 31.39 || water.Received != nil || water.Newest != nil {
		t.Errorf("%+v", water)
	}
	if strings.Contains(body, "1970") || strings.Contains(body, "0001-01-01") {
		t.Errorf("a station that never sent has times: %s", body)
	}
}

func TestNewestReadingsOfAStation(t *testing.T) {
	b := newBureau(t)
	var latest []Latest
	body := b.wants("GET", "/api/v1/stations/unknown-7/latest", &latest)
	if len(latest) != 1 || latest[0].Parameter != "pm25" || latest[0].Period != "1h" || !latest[0].Time.Equal(noon) || !strings.Contains(body, `"value": 35.2,`) {
		t.Errorf("newest: %s", body)
	}
	if body := b.wants("GET", "/api/v1/stations/wx-water-1/latest", &latest); strings.TrimSpace(body) != "[]" {
		t.Errorf("a station without readings answers %s", body)
	}
	b.wantsProblem("GET", "/api/v1/stations/nobody/latest", 404, "no station nobody", "/api/v1/stations")
	b.wantsProblem("GET", "/api/v1/stations/%2e%2e%2f%00/latest", 404, "no station")
}

func TestTroubleInsideIsNotTold(t *testing.T) {
	b := newBureau(t)
	b.wantsProblem("GET", "/api/v1/stations/broken/latest", 500, "the log of egret")
	if _, body := b.ask("GET", "/api/v1/stations/broken/latest"); strings.Contains(body, "secret") {
		t.Errorf("the answer tells what went wrong inside: %s", body)
	}
}

func TestAlertsByState(t *testing.T) {
	b := newBureau(t)
	var alerts []alert.Alert
	if body := b.wants("GET", "/api/v1/alerts", &alerts); len(alerts) != 2 || !strings.Contains(body, `"value": 81.5`) {
		t.Errorf("alerts: %s", body)
	}
	if b.wants("GET", "/api/v1/alerts?state=firing", &alerts); len(alerts) != 1 || alerts[0].ID != "a" {
		t.Errorf("firing: %+v", alerts)
	}
	if body := b.wants("GET", "/api/v1/alerts?state=pending", &alerts); strings.TrimSpace(body) != "[]" {
		t.Errorf("pending: %s", body)
	}
}

func TestQuarantineIsReadInPages(t *testing.T) {
	b := newBureau(t)
	read := func(query string) (ids, pages int) {
		for after := uint64(0); ; pages++ {
			var page EntryList
			b.wants("GET", fmt.Sprintf("/api/v1/quarantine?after=%d&%s", after, query), &page)
			for _, e := range page.Entries {
				if e.ID <= after {
					t.Fatalf("entry %d comes after %d", e.ID, after)
				}
				ids++
			}
			if after = page.Next; after == 0 {
				return ids, pages + 1
			}
		}
	}
	f := func(query string, ids, pages int) {
		t.Helper()
		if gotIDs, gotPages := read(query); gotIDs != ids || gotPages != pages {
			t.Errorf("?%s: %d entries on %d pages, want %d on %d", query, gotIDs, gotPages, ids, pages)
		}
	}
	f("", 250, 3)
	f("limit=60", 250, 5)
	f("limit=60&station=s1", 125, 3)
	f("limit=99999", 250, 1)
	f("limit=0&station=s9", 0, 1)
	if response, body := b.ask("GET", "/api/v1/quarantine?station=s9"); response.StatusCode != 200 || !strings.Contains(body, `"entries": []`) {
		t.Errorf("no entries are %s", body)
	}
	b.wantsProblem("GET", "/api/v1/quarantine?after=-1", 400, `after="-1" is not a number`)
	b.wantsProblem("GET", "/api/v1/quarantine?limit=all", 400, `limit="all" is not a number`)
}

func TestAQuarantineEntryIsShownRetriedAndDropped(t *testing.T) {
	b := newBureau(t)
	var e quarantine.Entry
	if b.wants("GET", "/api/v1/quarantine/7", &e); e.ID != 7 || string(e.Payload) != "\xff" {
		t.Errorf("entry 7 is %+v", e)
	}
	var result Retried
	if body := b.wants("POST", "/api/v1/quarantine/7/retry", &result); result.Stored != 8 || !strings.Contains(body, `"still_refused": []`) {
		t.Errorf("retried: %s", body)
	}
	if b.wants("POST", "/api/v1/quarantine/2/retry", &result); result.ID != 2 || len(result.Refused) != 1 {
		t.Errorf("retried: %+v", result)
	}
	if response, body := b.ask("DELETE", "/api/v1/quarantine/9"); response.StatusCode != http.StatusNoContent || body != "" || fmt.Sprint(b.dropped) != "[9]" {
		t.Errorf("dropped %v: %d %q", b.dropped, response.StatusCode, body)
	}
	b.retried = fmt.Errorf("entry 7: %w", intake.ErrCut)
	b.wantsProblem("POST", "/api/v1/quarantine/7/retry", 409, "only the beginning of the payload was kept")
	b.retried = errors.New("the store is away")
	b.wantsProblem("POST", "/api/v1/quarantine/7/retry", 500, "the log of egret")
	for _, id := range []string{"0", "251", "18446744073709551615"} {
		b.wantsProblem("GET", "/api/v1/quarantine/"+id, 404, "no such quarantine entry")
	}
	for _, id := range []string{"seven", "-7", "7.0", "18446744073709551616"} {
		b.wantsProblem("GET", "/api/v1/quarantine/"+id, 400, "is not the number of a quarantine entry")
		b.wantsProblem("POST", "/api/v1/quarantine/"+id+"/retry", 400)
		b.wantsProblem("DELETE", "/api/v1/quarantine/"+id, 400)
	}
	if len(b.dropped) != 1 {
		t.Errorf("dropped: %v", b.dropped)
	}
}

func TestPagesOfOtherOriginsMayOnlyRead(t *testing.T) {
	b := newBureau(t)
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		for method, path := range map[string]string{"POST": "/api/v1/quarantine/7/retry", "DELETE": "/api/v1/quarantine/7"} {
			response, body := b.ask(method, path, header...)
			if response.StatusCode != http.StatusForbidden || response.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s with %v is answered %d %s", method, header, response.StatusCode, body)
			}
		}
		if response, _ := b.ask("GET", "/api/v1/quarantine/7", header...); response.StatusCode != http.StatusOK {
			t.Errorf("GET with %v is answered %d", header, response.StatusCode)
		}
	}
	if len(b.dropped) != 0 {
		t.Errorf("dropped: %v", b.dropped)
	}
	if response, _ := b.ask("DELETE", "/api/v1/quarantine/7", "Origin", b.server.URL); response.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE of Egret's own page is answered %d", response.StatusCode)
	}
}

func TestLedgerHealthAndMetrics(t *testing.T) {
	b := newBureau(t)
	var l ledger.Ledger
	if b.wants("GET", "/api/v1/ledger", &l); !l.AddsUp {
		t.Errorf("ledger %+v", l)
	}
	if response, body := b.ask("GET", "/healthz"); response.StatusCode != 200 || body != "ok\n" {
		t.Errorf("/healthz: %d %q", response.StatusCode, body)
	}
	if response, body := b.ask("GET", "/metrics"); response.StatusCode != 200 || !strings.Contains(body, "\negret_ready 1\n") {
		t.Errorf("/metrics: %d %q", response.StatusCode, body)
	}
	var ready Readiness
	if b.wants("GET", "/readyz", &ready); !ready.Ready || ready.Problems == nil {
		t.Errorf("/readyz: %+v", ready)
	}
	b.problems = []string{"taking: the disk is full", "storing: InfluxDB is away"}
	b.wantsProblem("GET", "/readyz", 503, "taking: the disk is full; storing: InfluxDB is away")
}

func TestThePageLeadsEverywhere(t *testing.T) {
	b := newBureau(t)
	response, page := b.ask("GET", "/")
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("/ answers %d %v", response.StatusCode, response.Header)
	}
	links := 0
	for _, part := range strings.Split(page, `href="`)[1:] {
		path, _, _ := strings.Cut(part, `"`)
		if response, _ := b.ask("GET", "/"+path); response.StatusCode != 200 {
			t.Errorf("the page leads to %s, which answers %d", path, response.StatusCode)
		}
		links++
	}
	if links < 6 {
		t.Errorf("the page has %d links", links)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	b := newBureau(t)
	for _, path := range []string{"/favicon.ico", "/api/v2/stations", "/api/v1/stations/", "/api/v1/stations/unknown-7", "/index.html"} {
		b.wantsProblem("GET", path, 404, "there is nothing at "+path, "/ lists what there is")
	}
	b.wantsProblem("POST", "/api/v1/stations", 405, "GET")
	b.wantsProblem("DELETE", "/api/v1/quarantine", 405, "GET")
}

func TestServingEndsWithItsContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	entered := make(chan struct{})
	release := make(chan struct{})
	defer close(release)
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-release }))
	}()
	go func() {
		if response, err := http.Get("http://" + listener.Addr().String()); err == nil {
			response.Body.Close()
		}
	}()
	<-entered // a request that does not end must not hold the service up
	asked := time.Now()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) || time.Since(asked) > 2*closeTimeout {
		t.Errorf("ended after %s with %v", time.Since(asked), err)
	}
	if _, err := net.Dial("tcp", listener.Addr().String()); err == nil {
		t.Error("the address still answers")
	}
}
