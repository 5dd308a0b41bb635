package delivery

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// An alert of a city has the city's name in its id: it is posted, with a key that a header can hold.
func TestTheAlertOfACityIsPosted(t *testing.T) {
	key := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { key = r.Header.Get("Idempotency-Key") }))
	defer server.Close()
	webhook, err := NewWebhook("hook", server.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := webhook.Deliver(t.Context(), []byte(`{"id":"r/city:无锡/aqi/2026","state":"firing","turn":1}`)); err != nil || key != "r/city:%E6%97%A0%E9%94%A1/aqi/2026/firing/1" {
		t.Errorf("key %q, %v", key, err)
	}
}
