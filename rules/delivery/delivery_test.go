package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"egret/rules/outbox"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/prometheus/client_golang/prometheus"
)

const (
	firing   = `{"id":"7f3a","rule":"pm25-high","station":"wx-1","state":"firing","value":81.5,"limit":75,"message":"PM2.5 81.5 > 75"}`
	resolved = `{"id":"7f3a","rule":"pm25-high","station":"wx-1","state":"resolved","value":62}`
)

// post is an outbox on a disk of its own, with the Runs that empty it.
type post struct {
	t       *testing.T
	disk    *vfs.MemFS
	db      *pebble.DB
	box     *outbox.Outbox
	metrics *Metrics
	gauges  *prometheus.Registry
	stop    context.CancelFunc
	ctx     context.Context
	runs    sync.WaitGroup
}

func newPost(t *testing.T, channels ...string) *post {
	p := &post{t: t, disk: vfs.NewCrashableMem()}
	p.open(channels)
	t.Cleanup(p.close)
	return p
}

func (p *post) open(channels []string) {
	p.t.Helper()
	var err error
	if p.db, err = pebble.Open("store", &pebble.Options{FS: p.disk, Logger: quiet{}}); err != nil {
		p.t.Fatal(err)
	}
	if p.box, err = outbox.Open(p.db, channels); err != nil {
		p.t.Fatal(err)
	}
	p.gauges = prometheus.NewRegistry()
	p.metrics = NewMetrics(p.gauges)
	p.ctx, p.stop = context.WithCancel(context.Background())
}

func (p *post) close() {
	p.stop()
	p.runs.Wait()
	p.db.Close()
}

// crash starts again with what was synced.
func (p *post) crash(channels ...string) {
	p.t.Helper()
	p.disk = p.disk.CrashClone(vfs.CrashCloneCfg{})
	p.close()
	p.open(channels)
}

func (p *post) add(channel string, payloads ...string) {
	p.t.Helper()
	batch := p.db.NewBatch()
	for _, payload := range payloads {
		if err := p.box.Add(batch, channel, []byte(payload)); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		p.t.Fatal(err)
	}
	p.box.Committed()
}

func (p *post) run(channel Channel) {
	p.runs.Go(func() {
		if err := Run(p.ctx, p.box, channel, p.metrics, slog.New(slog.DiscardHandler), func() float64 { return 0 }); err != nil {
			p.t.Errorf("run of %s: %v", channel.Name(), err)
		}
	})
}

// want checks lines such as `egret_delivery_sent_total{channel="hook"} 2`.
func (p *post) want(lines ...string) {
	p.t.Helper()
	families, err := p.gauges.Gather()
	if err != nil {
		p.t.Fatal(err)
	}
	var got []string
	for _, family := range families {
		for _, metric := range family.Metric {
			value := metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
			got = append(got, fmt.Sprintf("%s{channel=%q} %g", family.GetName(), metric.Label[0].GetValue(), value))
		}
	}
	for _, line := range lines {
		if !slices.Contains(got, line) {
			p.t.Errorf("no metric %s in\n%s", line, strings.Join(got, "\n"))
		}
	}
}

type quiet struct{}

func (quiet) Infof(string, ...any)           {}
func (quiet) Errorf(string, ...any)          {}
func (quiet) Fatalf(format string, _ ...any) { panic(format) }

// receiver is the other side of a webhook, without a network.
type receiver struct {
	mu       sync.Mutex
	answers  []int // statuses in turn; the last one stays; 0 hangs
	arrived  []string
	keys     []string
	instants []time.Time
	header   http.Header
}

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	status := r.answers[0]
	if len(r.answers) > 1 {
		r.answers = r.answers[1:]
	}
	r.arrived = append(r.arrived, string(body))
	r.keys = append(r.keys, request.Header.Get("Idempotency-Key"))
	r.instants = append(r.instants, time.Now())
	r.mu.Unlock()
	if status == 0 {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: r.header, Body: io.NopCloser(strings.NewReader("")), Request: request}, nil
}

func webhookTo(t *testing.T, name string, r *receiver) *Webhook {
	t.Helper()
	webhook, err := NewWebhook(name, "https://receiver.example/alerts", "")
	if err != nil {
		t.Fatal(err)
	}
	webhook.client.Transport = r
	return webhook
}

// messages returns what has arrived so far.
func (r *receiver) messages() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.arrived)
}

func (r *receiver) gaps() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	var gaps []time.Duration
	for i := 1; i < len(r.instants); i++ {
		gaps = append(gaps, r.instants[i].Sub(r.instants[i-1]))
	}
	return gaps
}

func TestAFailureIsTriedAgainAndOrderIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hook")
		r := &receiver{answers: []int{500, 200}}
		p.add("hook", firing, resolved)
		p.run(webhookTo(t, "hook", r))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if want := []string{firing, firing, resolved}; strings.Join(r.messages(), "\n") != strings.Join(want, "\n") {
			t.Errorf("arrived %q, want %q", r.messages(), want)
		}
		if r.keys[0] != "7f3a/firing/0" || r.keys[1] != "7f3a/firing/0" || r.keys[2] != "7f3a/resolved/0" {
			t.Errorf("idempotency keys %q", r.keys)
		}
		p.want(`egret_delivery_sent_total{channel="hook"} 2`, `egret_delivery_failed_total{channel="hook"} 1`,
			`egret_delivery_repeated_total{channel="hook"} 0`, `egret_delivery_pending{channel="hook"} 0`)
	})
}

func TestARefusedMessageIsSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hook")
		r := &receiver{answers: []int{400, 200}}
		p.add("hook", firing, resolved)
		p.run(webhookTo(t, "hook", r))
		synctest.Wait()
		if len(r.messages()) != 2 || r.messages()[1] != resolved {
			t.Errorf("arrived %q", r.messages())
		}
		p.want(`egret_delivery_sent_total{channel="hook"} 1`, `egret_delivery_refused_total{channel="hook"} 1`, `egret_delivery_pending{channel="hook"} 0`)
	})
}

func TestBackOffDoublesToAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hook")
		r := &receiver{answers: []int{503}}
		p.add("hook", firing)
		p.run(webhookTo(t, "hook", r))
		time.Sleep(4 * time.Minute)
		synctest.Wait()
		want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60}
		got := r.gaps()
		if len(got) < len(want) {
			t.Fatalf("pauses %v, want %v seconds", got, want)
		}
		for i := range want {
			if got[i] != want[i]*time.Second {
				t.Errorf("pause %d is %s, want %d s", i, got[i], want[i])
			}
		}
	})
}

func TestJitterAndRetryAfter(t *testing.T) {
	f := func(failures int, jitter float64, asked, want time.Duration) {
		t.Helper()
		err := errors.New("busy")
		if asked > 0 {
			err = &RetryAfterError{After: asked, Err: err}
		}
		if got := pause(failures, jitter, err); got != want {
			t.Errorf("pause(%d, %g, %s) = %s, want %s", failures, jitter, asked, got, want)
		}
	}
	f(0, 0, 0, time.Second)
	f(0, 1, 0, 1250*time.Millisecond)
	f(1000, 0.5, 0, 67500*time.Millisecond)
	f(0, 0, 2*time.Minute, 2*time.Minute)
	f(3, 0, 2*time.Second, 8*time.Second)
	f(0, 0, 48*time.Hour, time.Hour)
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hook")
		r := &receiver{answers: []int{429, 200}, header: http.Header{"Retry-After": {"17"}}}
		p.add("hook", firing)
		p.run(webhookTo(t, "hook", r))
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := r.gaps(); len(got) != 1 || got[0] != 17*time.Second {
			t.Errorf("tried again after %v, want 17 s", got)
		}
	})
}

func TestAReceiverThatHangsHarmsNoOtherChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hangs", "works")
		hanging, working := &receiver{answers: []int{0}}, &receiver{answers: []int{200}}
		p.run(webhookTo(t, "hangs", hanging))
		p.run(webhookTo(t, "works", working))
		for range 3 {
			p.add("hangs", firing)
			p.add("works", firing)
			synctest.Wait()
		}
		if len(working.messages()) != 3 || len(hanging.messages()) != 1 {
			t.Errorf("%d messages arrived, %d at the receiver that hangs; want 3 and 1", len(working.messages()), len(hanging.messages()))
		}
		time.Sleep(11*time.Second + time.Millisecond)
		synctest.Wait()
		if got := hanging.gaps(); len(got) != 1 || got[0] != 11*time.Second {
			t.Errorf("tried again after %v, want the timeout of 10 s and the pause of 1 s", got)
		}
		p.want(`egret_delivery_pending{channel="hangs"} 3`, `egret_delivery_sent_total{channel="works"} 3`)
	})
}

// crashing is a channel whose message arrives, and then the process ends before that is recorded.
type crashing struct {
	arrived []string
	power   context.CancelFunc
}

func (c *crashing) Name() string { return "hook" }

func (c *crashing) Deliver(ctx context.Context, payload []byte) (bool, error) {
	c.arrived = append(c.arrived, string(payload))
	c.power()
	return true, ctx.Err()
}

func TestACrashAfterSendingRepeatsTheMessageAndCountsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPost(t, "hook")
		p.add("hook", firing, resolved)
		first := &crashing{power: p.stop}
		p.run(first)
		p.runs.Wait()
		if len(first.arrived) != 1 {
			t.Fatalf("arrived before the crash: %q", first.arrived)
		}

		p.crash("hook")
		r := &receiver{answers: []int{200}}
		p.run(webhookTo(t, "hook", r))
		synctest.Wait()
		if len(r.messages()) != 2 || r.messages()[0] != first.arrived[0] || r.messages()[1] != resolved {
			t.Errorf("arrived after the crash: %q, want the same message again and the next", r.messages())
		}
		p.want(`egret_delivery_repeated_total{channel="hook"} 1`, `egret_delivery_sent_total{channel="hook"} 2`)

		p.crash("hook")
		p.run(webhookTo(t, "hook", r))
		synctest.Wait()
		if len(r.messages()) != 2 {
			t.Errorf("a message left again after it was done: %q", r.messages())
		}
	})
}

// closing is a channel during whose first message the program is asked to end.
type closing struct{ crashing }

func (c *closing) Deliver(ctx context.Context, payload []byte) (bool, error) {
	_, _ = c.crashing.Deliver(ctx, payload)
	return false, nil
}

func TestAMessageTakenWhileTheProgramEndsIsNotRepeated(t *testing.T) {
	p := newPost(t, "hook")
	p.add("hook", firing, resolved)
	first := &closing{crashing{power: p.stop}}
	p.run(first)
	p.runs.Wait()
	p.want(`egret_delivery_sent_total{channel="hook"} 1`)

	p.crash("hook")
	second := &closing{crashing{power: p.stop}}
	p.run(second)
	p.runs.Wait()
	if len(second.arrived) != 1 || second.arrived[0] != resolved {
		t.Errorf("after the restart %q arrived, want the second message alone", second.arrived)
	}
	p.want(`egret_delivery_repeated_total{channel="hook"} 0`)
}

func TestTheLogShowsTheFieldsOfAnAlert(t *testing.T) {
	var out bytes.Buffer
	channel := NewLog("log", slog.New(slog.NewTextHandler(&out, nil)))
	for _, payload := range []string{firing, resolved} {
		if _, err := channel.Deliver(t.Context(), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(out.String(), "\n")
	for _, want := range []string{"level=WARN", "msg=alert", "station=wx-1", "value=81.5", "limit=75", `text="PM2.5 81.5 > 75"`} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("the line of the firing alert lacks %s: %s", want, lines[0])
		}
	}
	if !strings.Contains(lines[1], "level=INFO") {
		t.Errorf("resolved: %s", lines[1])
	}
	if retry, err := channel.Deliver(t.Context(), []byte("{")); err == nil || retry {
		t.Errorf("a message that is no JSON: retry %v, %v", retry, err)
	}
}

func TestTheTopicOfAnAlert(t *testing.T) {
	f := func(payload, want string, retained bool) {
		t.Helper()
		if topic, kept, err := alertTopic([]byte(payload)); err != nil || topic != want || kept != retained {
			t.Errorf("topic %q, retained %t, %v; want %q, %t", topic, kept, err, want, retained)
		}
	}
	f(firing, "alerts/wx-1/pm25-high", true)
	f(`{"station":"city:无锡","rule":"r","state":"resolved"}`, "alerts/city:无锡/r", true)
	f(`{"station":"city:New York/#+","rule":"r","state":"firing"}`, "alerts/city:New_York___/r", true)
	f(`{"station":"s","rule":"r","state":"corrected"}`, "alerts/s/r", false) // the present state stays
	for _, payload := range []string{`{`, `{"station":"a/b","rule":"r"}`, `{"station":"#","rule":"r"}`, `{"station":"s"}`} {
		if topic, _, err := alertTopic([]byte(payload)); err == nil {
			t.Errorf("%s became topic %q", payload, topic)
		}
	}
}
