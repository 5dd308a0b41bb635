package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"egret/deploy/config"
	"egret/ingest/ledger"
	"egret/rules/alert"
	"egret/rules/delivery"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// promptly is how soon a service must have ended after Ctrl-C.
const promptly = 2 * time.Second

// embeddedConfig is a service with everything embedded, on ports that nobody has.
func embeddedConfig(directory string) *config.Config {
	c := config.Default()
	c.Data = directory
	c.Broker.Listen, c.InfluxDB.Listen, c.HTTP.Listen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	c.Journal.DiskReserve = 16 << 20
	return c
}

// running is a service that a test has started and ends.
type running struct {
	*service
	t      *testing.T
	cancel context.CancelFunc
	ended  chan error
	stop   func() time.Duration // ends the service and returns how long that took
}

func open(t *testing.T, c *config.Config, channels ...delivery.Channel) *running {
	t.Helper()
	s, err := startService(c, "egret serve", channels, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r := &running{service: s, t: t, ended: make(chan error, 1)}
	r.stop = sync.OnceValue(r.end)
	t.Cleanup(func() { r.stop() })
	return r
}

// run lets the service take readings and waits until stations may come.
func (r *running) run() {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.ended <- r.Run(ctx) }()
	admission, give := context.WithTimeout(ctx, time.Minute)
	defer give()
	if err := r.admitted(admission); err != nil {
		r.t.Fatalf("stations are not let in: %v", err)
	}
}

func start(t *testing.T, c *config.Config, channels ...delivery.Channel) *running {
	t.Helper()
	r := open(t, c, channels...)
	r.run()
	return r
}

func (r *running) end() time.Duration {
	asked := time.Now()
	if r.cancel != nil {
		r.cancel()
		if err := <-r.ended; !errors.Is(err, context.Canceled) {
			r.t.Errorf("the service ended with %v", err)
		}
	}
	if err := r.Close(); err != nil {
		r.t.Errorf("close: %v", err)
	}
	return time.Since(asked)
}

// settle waits until every message has come, and all of it is stored, judged and told.
func (r *running) settle(messages int) ledger.Ledger {
	r.t.Helper()
	await(r.t, "everything is stored, judged and told", func() bool {
		l := r.ledger()
		waiting := l.Values.Waiting + l.Rules.Waiting
		for _, queue := range append([]string{databaseChannel}, r.channelNames()...) {
			count, _ := r.outbox.Pending(queue)
			waiting += count
		}
		return l.Messages.Received >= uint64(messages) && waiting == 0
	})
	return r.ledger()
}

func (r *running) channelNames() []string {
	names := make([]string, len(r.channels))
	for i, channel := range r.channels {
		names[i] = channel.Name()
	}
	return names
}

// get asks the API.
func (r *running) get(path string, into any) {
	r.t.Helper()
	if status, body := request(r.t, http.MethodGet, r.httpURL()+path); status != http.StatusOK {
		r.t.Fatalf("GET %s: %d %s", path, status, body)
	} else if err := json.Unmarshal([]byte(body), into); err != nil {
		r.t.Fatalf("GET %s: %v in %s", path, err, body)
	}
}

func request(t *testing.T, method, address string) (status int, body string) {
	t.Helper()
	question, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(question)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

type series struct {
	Tags    map[string]string
	Columns []string
	Values  [][]json.RawMessage
}

// query asks the database in InfluxQL.
func (r *running) query(statement string) []series {
	r.t.Helper()
	form := url.Values{"q": {statement}, "db": {r.config.InfluxDB.Bucket}, "epoch": {"ns"}}
	response, err := http.PostForm(r.databaseURL()+"/query", form)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Results []struct {
			Series []series
			Error  string
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Results) != 1 || answer.Results[0].Error != "" {
		r.t.Fatalf("%s: %v %+v", statement, err, answer)
	}
	return answer.Results[0].Series
}

// points returns all points of a measurement as text, to be compared with another time's.
func (r *running) points(measurement string) map[string]string {
	r.t.Helper()
	all := make(map[string]string)
	for _, s := range r.query("SELECT * FROM " + measurement + " GROUP BY *") {
		for _, row := range s.Values {
			text, err := json.Marshal(row[1:])
			if err != nil {
				r.t.Fatal(err)
			}
			all[fmt.Sprint(s.Tags, " ", string(row[0]))] = fmt.Sprint(s.Columns[1:], string(text))
		}
	}
	return all
}

// client connects as a station does.
func (r *running) client(id string) (mqtt.Client, error) {
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(r.brokerURL()).SetClientID(id).SetConnectTimeout(10 * time.Second))
	token := client.Connect()
	token.Wait()
	return client, token.Error()
}

// publishers counts the clients that have published.
var publishers atomic.Int64

// publish sends one reading message and waits until it is acknowledged.
func (r *running) publish(topic, payload string) {
	r.t.Helper()
	// Each is another client: the broker holds back one that comes again before it has seen it leave.
	client, err := r.client(fmt.Sprint("station-", publishers.Add(1)))
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Disconnect(100)
	if token := client.Publish(topic, 1, false, payload); token.Wait() && token.Error() != nil {
		r.t.Fatal(token.Error())
	}
}

// dutyRoom is a channel that notes what it is told.
type dutyRoom struct {
	mutex sync.Mutex
	heard map[string]int // by id and state
}

func (d *dutyRoom) Name() string { return "duty-room" }

func (d *dutyRoom) Deliver(_ context.Context, payload []byte) (retry bool, err error) {
	var a alert.Alert
	if err := json.Unmarshal(payload, &a); err != nil {
		return false, err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.heard == nil {
		d.heard = make(map[string]int)
	}
	d.heard[a.ID+" "+a.State]++
	return false, nil
}

func (d *dutyRoom) told() map[string]int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	copied := make(map[string]int, len(d.heard))
	for what, times := range d.heard {
		copied[what] = times
	}
	return copied
}

// await polls until the condition holds; the time only bounds a failure.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(time.Minute); !holds(); <-ticker.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}
