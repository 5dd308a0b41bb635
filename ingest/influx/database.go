// Package influx brings lines of line protocol into an InfluxDB, each source from its own cursor, and loses none: what
// the database cannot take now is offered again for ever, what it will never take goes to quarantine.
package influx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	influxdb2 "github.com/influxdata/influxdb-client-go/v2"
	"github.com/influxdata/influxdb-client-go/v2/api"
	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"
)

// Config says which database to write to.
type Config struct {
	URL     string
	Org     string
	Bucket  string // for 1.8 the database, or database/retention-policy
	Token   string // for 1.8 user:password
	Timeout time.Duration
}

// Database is an InfluxDB reached over HTTP: 1.8, 2.x, 3, or the embedded one.
type Database struct {
	config Config
	client influxdb2.Client
	write  api.WriteAPIBlocking
	http   *http.Client
}

// NewDatabase returns the database; nothing is sent yet.
func NewDatabase(config Config) *Database {
	client := &http.Client{Timeout: config.Timeout, Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 4, IdleConnTimeout: 90 * time.Second,
	}}
	c := influxdb2.NewClientWithOptions(config.URL, config.Token, influxdb2.DefaultOptions().SetHTTPClient(client).SetLogLevel(0))
	return &Database{config: config, client: c, write: c.WriteAPIBlocking(config.Org, config.Bucket), http: client}
}

// Write sends lines. The error is an *Error that says what to make of it.
func (d *Database) Write(ctx context.Context, lines []byte) error {
	err := d.write.WriteRecord(ctx, string(lines))
	if err == nil {
		return nil
	}
	return classify(err, d.config)
}

// Create makes the database on an InfluxDB 1.x, where a missing one answers 404. On 2.x a bucket is made by its owner.
func (d *Database) Create(ctx context.Context) error {
	name, _, _ := strings.Cut(d.config.Bucket, "/")
	return d.query(ctx, "CREATE DATABASE "+quoteIdentifier(name))
}

func (d *Database) query(ctx context.Context, statement string) error {
	form := url.Values{"q": {statement}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(d.config.URL, "/")+"/query", strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("ask InfluxDB at %s: %w", d.config.URL, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if d.config.Token != "" {
		request.Header.Set("Authorization", "Token "+d.config.Token)
	}
	response, err := d.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask InfluxDB at %s: %w", d.config.URL, err)
	}
	defer response.Body.Close()
	var answer struct {
		Error   string
		Results []struct{ Error string }
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, response.Body, 1<<20)).Decode(&answer); err != nil {
		return fmt.Errorf("ask InfluxDB at %s: status %d, not JSON: %w", d.config.URL, response.StatusCode, err)
	}
	for _, result := range answer.Results {
		answer.Error += result.Error
	}
	if answer.Error != "" || response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask InfluxDB at %s: status %d: %s", d.config.URL, response.StatusCode, answer.Error)
	}
	return nil
}

// Close gives the connections up.
func (d *Database) Close() { d.client.Close() }

func quoteIdentifier(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name) + `"`
}

// Remedy is what an error of the database asks for.
type Remedy int

// The remedies.
const (
	Wait    Remedy = iota + 1 // the database is away or busy: the same lines again later
	Halve                     // something in the lines is not acceptable: find out what
	Operate                   // a person must act: access, a missing database, a limit
)

// Error is an answer of the database that is not success.
type Error struct {
	Remedy     Remedy
	Status     int
	Missing    bool // the database or bucket does not exist
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// ofInfluxDB tells the database's own answer from that of a proxy or a wrong port before it, which says nothing about
// the lines: on its word the whole journal would go to quarantine. InfluxDB 3 sets no header, but speaks of the lines.
func ofInfluxDB(header http.Header, message string) bool {
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return media == "application/json" || header.Get("X-Influxdb-Version") != "" || header.Get("X-Influxdb-Error") != "" ||
		strings.Contains(message, "partial write") || strings.Contains(message, "line protocol")
}

// limitMarks are in the messages of a database that has reached a configured limit: the line is good, the database is full.
var limitMarks = []string{"max-series-per-database", "max-values-per-tag", "max-series", "limit exceeded", "exceeds limit", "limit reached", "would exceed"}

func classify(err error, config Config) *Error {
	var answer *influxhttp.Error
	if !errors.As(err, &answer) || answer.StatusCode == 0 {
		return &Error{Remedy: Wait, Err: fmt.Errorf("InfluxDB at %s does not answer: %w", config.URL, err)}
	}
	e := &Error{Status: answer.StatusCode, RetryAfter: time.Duration(answer.RetryAfter) * time.Second,
		Err: fmt.Errorf("InfluxDB at %s answers %d: %s", config.URL, answer.StatusCode, answer.Error())}
	message := strings.ToLower(answer.Error())
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e.Remedy = Operate
		e.Err = fmt.Errorf("%w; set influxdb.token to one that may write to bucket %q", e.Err, config.Bucket)
	case status == http.StatusRequestEntityTooLarge: // of a proxy too, and whatever limit its text speaks of
		e.Remedy = Halve
	case status == http.StatusNotFound:
		e.Remedy, e.Missing = Operate, true
		e.Err = fmt.Errorf("%w; create the bucket or database %q, or name another as influxdb.bucket", e.Err, config.Bucket)
	case (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) && ofInfluxDB(answer.Header, message):
		e.Remedy = Halve
		for _, mark := range limitMarks {
			if strings.Contains(message, mark) {
				e.Remedy = Operate
				e.Err = fmt.Errorf("%w; raise that limit in the database", e.Err)
			}
		}
	case status == http.StatusRequestTimeout, status >= http.StatusTooManyRequests:
		e.Remedy = Wait
	default:
		e.Remedy = Operate
		e.Err = fmt.Errorf("%w; see whether influxdb.url leads to the database itself", e.Err)
	}
	return e
}
