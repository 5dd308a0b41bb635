package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"egret/ingest/reading"
)

// Webhook is the channel that posts each message as JSON to an address.
type Webhook struct {
	name   string
	url    string
	token  string
	client *http.Client
}

// NewWebhook returns a channel that posts to the http or https address; token, if not empty, is sent as bearer token.
func NewWebhook(name, address, token string) (*Webhook, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("webhook %s: read url: %w", name, err)
	}
	if (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
		return nil, fmt.Errorf("webhook %s: url %q must be http://… or https://…", name, parsed.Redacted())
	}
	if !headerText(token) {
		return nil, fmt.Errorf("webhook %s: the token holds spaces or characters that a header cannot carry", name)
	}
	return &Webhook{name: name, url: address, token: token, client: &http.Client{CheckRedirect: sameReceiver}}, nil
}

// sameReceiver follows a redirect only where the message arrives as it was posted and the token stays where it was
// meant for: same scheme and host, method kept (a 301 or 302 would turn the post into an empty get).
func sameReceiver(request *http.Request, via []*http.Request) error {
	first := via[0]
	if request.URL.Host != first.URL.Host || request.URL.Scheme != first.URL.Scheme || request.Method != first.Method || len(via) > 3 {
		return http.ErrUseLastResponse
	}
	return nil
}

// Name returns the channel's name.
func (w *Webhook) Name() string { return w.name }

// Deliver posts the message. Its Idempotency-Key is the alert's id, state and turn, so that a receiver can tell a
// repetition. A redirect that is not followed is tried again: the address can be corrected, a lost alert cannot.
func (w *Webhook) Deliver(ctx context.Context, payload []byte) (retry bool, err error) {
	var alert struct {
		ID, State string
		Turn      int
	}
	if err := json.Unmarshal(payload, &alert); err != nil {
		return false, fmt.Errorf("read message: %w", err)
	}
	key := fmt.Sprintf("%s/%s/%d", alert.ID, alert.State, alert.Turn)
	if alert.ID == "" || alert.State == "" {
		return false, fmt.Errorf("read message: id %q and state %q make no idempotency key", alert.ID, alert.State)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(payload))
	if err != nil {
		return false, fmt.Errorf("build request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", inHeader(key))
	if w.token != "" {
		request.Header.Set("Authorization", "Bearer "+w.token)
	}
	response, err := w.client.Do(request)
	if err != nil {
		return true, fmt.Errorf("post message: %w", withoutAddress(err))
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10)) // only for the log: the status alone decides
	return judge(response, body)
}

// judge says what an answer means. Only an answer that speaks of the message itself is final: a wrong token or address
// can be corrected, a lost alert cannot.
func judge(response *http.Response, body []byte) (retry bool, err error) {
	code := response.StatusCode
	if code >= 200 && code < 300 {
		return false, nil
	}
	err = fmt.Errorf("post message: receiver answered %s: %q", response.Status, reading.Shorten(string(body)))
	if after, ok := retryAfter(response.Header.Get("Retry-After")); ok {
		err = &RetryAfterError{After: after, Err: err}
	}
	refused := code == http.StatusBadRequest || code == http.StatusRequestEntityTooLarge || code == http.StatusUnprocessableEntity
	return !refused, err
}

// retryAfter reads the header's two forms, seconds and an HTTP date.
func retryAfter(text string) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if instant, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(instant)), true
	}
	return 0, false
}

// withoutAddress drops the URL from an error of net/http: addresses of chat services carry their secret.
func withoutAddress(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// inHeader writes a text in visible ASCII, as a URL does: an alert's id may hold the name of a city.
func inHeader(text string) string {
	var to strings.Builder
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == '%' {
			fmt.Fprintf(&to, "%%%02X", c)
		} else {
			to.WriteByte(c)
		}
	}
	return to.String()
}

// headerText says whether text consists of visible ASCII characters.
func headerText(text string) bool {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
