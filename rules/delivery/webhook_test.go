package delivery

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestWhatAnswersMean(t *testing.T) {
	var status int
	var requests int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != firing || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" ||
			r.Header.Get("Authorization") != "Bearer s3cret" || r.Header.Get("Idempotency-Key") != "7f3a/firing/0" {
			t.Errorf("got %s %v %q, %v", r.Method, r.Header, body, err)
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	webhook, err := NewWebhook("hook", server.URL, "s3cret")
	if err != nil {
		t.Fatal(err)
	}
	f := func(code int, delivered, wantRetry bool) {
		t.Helper()
		status = code
		retry, err := webhook.Deliver(t.Context(), []byte(firing))
		if (err == nil) != delivered || retry != wantRetry {
			t.Errorf("%d: retry %v, %v", code, retry, err)
		}
	}
	f(200, true, false)
	f(204, true, false)
	f(302, false, true)
	f(400, false, false)
	f(401, false, true)
	f(404, false, true)
	f(413, false, false)
	f(422, false, false)
	f(408, false, true)
	f(425, false, true)
	f(429, false, true)
	f(500, false, true)
	f(503, false, true)

	sent := requests
	for _, payload := range []string{`{`, `{"id":"a"}`, `{"state":"firing"}`} {
		if retry, err := webhook.Deliver(t.Context(), []byte(payload)); err == nil || retry {
			t.Errorf("%s: retry %v, %v", payload, retry, err)
		}
	}
	if requests != sent {
		t.Errorf("%d messages without an id left", requests-sent)
	}
	server.Close()
	if retry, err := webhook.Deliver(t.Context(), []byte(firing)); err == nil || !retry {
		t.Errorf("receiver away: retry %v, %v", retry, err)
	}
}

func TestAlertsStayWithTheirReceiver(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the alert went to another host") }))
	defer other.Close()
	var posts int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		case "/turned-into-get":
			http.Redirect(w, r, "/new", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/new", http.StatusPermanentRedirect)
		case "/new":
			if r.Method == http.MethodPost {
				posts++
			}
		}
	}))
	defer server.Close()
	f := func(path string, delivered bool) {
		t.Helper()
		webhook, err := NewWebhook("hook", server.URL+path, "")
		if err != nil {
			t.Fatal(err)
		}
		if retry, err := webhook.Deliver(t.Context(), []byte(firing)); (err == nil) != delivered || retry == delivered {
			t.Errorf("%s: retry %v, %v", path, retry, err)
		}
	}
	f("/away", false)
	f("/turned-into-get", false)
	f("/moved", true)
	if posts != 1 {
		t.Errorf("%d posts at the new address, want 1", posts)
	}
}

func TestRetryAfterForms(t *testing.T) {
	if after, ok := retryAfter("120"); !ok || after != 2*time.Minute {
		t.Errorf("120: %s %v", after, ok)
	}
	if after, ok := retryAfter(time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)); !ok || after <= 50*time.Second || after > time.Minute {
		t.Errorf("a date in a minute: %s %v", after, ok)
	}
	for _, text := range []string{"", "-5", "soon"} {
		if after, ok := retryAfter(text); ok {
			t.Errorf("%q was read as %s", text, after)
		}
	}
	err := error(&RetryAfterError{After: time.Second, Err: io.EOF})
	if !errors.Is(err, io.EOF) || err.Error() != "EOF" {
		t.Errorf("the reason is hidden: %v", err)
	}
}

func TestBadWebhooksAreRefused(t *testing.T) {
	for _, address := range []string{"", "receiver/alerts", "ftp://receiver/", "https://", "://"} {
		if _, err := NewWebhook("hook", address, ""); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
	if _, err := NewWebhook("hook", "https://receiver/", "two words"); err == nil {
		t.Error("a token with a space was taken")
	}
}
