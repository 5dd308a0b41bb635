package influx

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// answer is what the staged database says to a write.
type answer func(w http.ResponseWriter, body string)

// stage is an InfluxDB over HTTP that plays faults: each write takes the next answer of the script, then it stores.
type stage struct {
	*httptest.Server
	mutex      sync.Mutex
	script     []answer
	always     answer // where not nil, instead of storing
	stored     []string
	offered    []string // bodies of all writes
	created    []string
	flying     int
	mostFlying int
}

func newStage(t *testing.T, script ...answer) *stage {
	s := &stage{script: script}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path == "/query" {
		s.create(w, string(body))
		return
	}
	s.mutex.Lock()
	s.offered = append(s.offered, string(body))
	s.flying++
	s.mostFlying = max(s.mostFlying, s.flying)
	next := s.always
	if len(s.script) > 0 {
		next, s.script = s.script[0], s.script[1:]
	}
	s.mutex.Unlock()
	if next == nil {
		next = s.store
	}
	next(w, string(body))
	s.mutex.Lock()
	s.flying--
	s.mutex.Unlock()
}

func (s *stage) create(w http.ResponseWriter, body string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.created = append(s.created, body)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"results":[{"statement_id":0}]}`)
}

func (s *stage) store(w http.ResponseWriter, body string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.stored = append(s.stored, strings.SplitAfter(strings.TrimSuffix(body, "\n"), "\n")...)
	w.WriteHeader(http.StatusNoContent)
}

// lines are what was stored, in order, without line ends.
func (s *stage) lines() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var lines []string
	for _, line := range s.stored {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines
}

// says answers with InfluxDB's own JSON.
func says(status int, message string, headers ...string) answer {
	return func(w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, `{"code":"staged","message":"`+message+`"}`)
	}
}

// refuses answers 400 to any body with the marker and stores the others.
func (s *stage) refuses(marker string) answer {
	return func(w http.ResponseWriter, body string) {
		if strings.Contains(body, marker) {
			says(http.StatusBadRequest, "partial write: field type conflict")(w, body)
			return
		}
		s.store(w, body)
	}
}

// takesUpTo answers 413 above a size.
func (s *stage) takesUpTo(size int) answer {
	return func(w http.ResponseWriter, body string) {
		if len(body) > size {
			says(http.StatusRequestEntityTooLarge, "request exceeds limit")(w, body)
			return
		}
		s.store(w, body)
	}
}

func hangs(d time.Duration) answer {
	return func(http.ResponseWriter, string) { <-time.After(d) }
}
