package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"egret/ingest/intake"
	"egret/ingest/journal"

	"github.com/prometheus/client_golang/prometheus"
)

// archive is where history goes in these tests: it notes what is brought, or refuses all of it.
type archive struct {
	brought []string
	refuses error
}

func (a *archive) State(id string) (intake.Import, error) {
	if id == "bad id" {
		return intake.Import{}, fmt.Errorf("%w: import id %q", intake.ErrRows, id)
	}
	return intake.Import{ID: id, Next: len(a.brought), Taken: 7}, nil
}

func (a *archive) Take(_ context.Context, c intake.Chunk) (intake.Import, error) {
	if a.refuses != nil {
		return intake.Import{}, a.refuses
	}
	a.brought = append(a.brought, fmt.Sprintf("%s %d %v %s %s %s", c.Import, c.Number, c.Last, c.Source, c.Flags.Name, c.Rows))
	return intake.Import{ID: c.Import, Next: c.Number + 1, Done: c.Last}, nil
}

func (a *archive) Forget(context.Context, string) error { a.brought = nil; return nil }

func TestHistoryOverHTTP(t *testing.T) {
	a := &archive{}
	h := &Handler{Imports: a, Averages: func() (oldest, newest uint64) { return 3, 9 }, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}
	server := httptest.NewServer(h.Routes())
	defer server.Close()
	f := func(method, path, content string, status int, parts ...string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != status {
			t.Errorf("%s %s: %d %v %s", method, path, response.StatusCode, err, body)
		}
		for _, part := range parts {
			if !strings.Contains(string(body), part) {
				t.Errorf("%s %s: %q is not in %s", method, path, part, body)
			}
		}
	}
	const chunk = "/api/v1/import/cafe/4?flags=national&source=import+a.csv"
	f("GET", "/api/v1/import/cafe", "", 200, `"id": "cafe"`, `"next": 0`, `"taken": 7`, `"oldest_averages": 3`, `"newest_averages": 9`)
	f("POST", chunk+"&last=1", "rows", 200, `"next": 5`, `"done": true`)
	f("POST", chunk, "", 200, `"done": false`)
	want := []string{"cafe 4 true import a.csv national rows", "cafe 4 false import a.csv national "}
	if fmt.Sprint(a.brought) != fmt.Sprint(want) {
		t.Errorf("brought was %q", a.brought)
	}
	f("POST", "/api/v1/import/cafe/x?flags=hj212", "", 400, `\"x\" is not the number of a chunk`)
	f("POST", "/api/v1/import/cafe/1", "", 400, "flag table")
	f("POST", chunk, strings.Repeat("x", MostImportBytes+1), 400, "too large")
	f("GET", "/api/v1/import/bad%20id", "", 400, "import id")
	f("PUT", "/api/v1/import/cafe", "", 405, "only GET, DELETE")
	f("DELETE", "/api/v1/import/cafe", "", 204)
	if len(a.brought) > 0 {
		t.Errorf("still there is %q", a.brought)
	}
	for refuses, status := range map[error]int{
		fmt.Errorf("%w: row 3", intake.ErrRows):             400,
		fmt.Errorf("%w: later", journal.ErrFull):            503,
		&intake.GateError{Reason: errors.New("disk")}:       503,
		errors.New("/var/lib/egret: something went astray"): 500,
	} {
		a.refuses = refuses
		f("POST", chunk, "", status)
	}
}
