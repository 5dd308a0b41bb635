//go:build integration

package simulate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"egret/deploy/simulate"
	"egret/ingest/reading"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// broker is a mosquitto on a loopback port of its own.
type broker struct {
	t       testing.TB
	address string
	config  string
	process *exec.Cmd
}

func newBroker(t testing.TB) *broker {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := strings.Cut(address, ":")
	b := &broker{t: t, address: address, config: filepath.Join(t.TempDir(), "mosquitto.conf")}
	text := fmt.Sprintf("listener %s 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n", port)
	if err := os.WriteFile(b.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b.start()
	t.Cleanup(b.kill)
	return b
}

func (b *broker) start() {
	b.t.Helper()
	b.process = exec.Command("mosquitto", "-c", b.config)
	if err := b.process.Start(); err != nil {
		b.t.Fatal(err)
	}
	until(b.t, "the broker listens", func() bool {
		connection, err := net.Dial("tcp", b.address)
		if err == nil {
			connection.Close()
		}
		return err == nil
	})
}

func (b *broker) kill() {
	b.process.Process.Kill()
	b.process.Wait()
}

func (b *broker) url() string { return "tcp://" + b.address }

// until polls: a real broker has to be waited for.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20 s until %s", what)
		}
		<-time.After(10 * time.Millisecond)
	}
}

// heard is what a subscriber got, by topic and time.
type heard struct {
	mu     sync.Mutex
	values map[string]map[string]float64
	client mqtt.Client
}

func (b *broker) subscribe(topic string) *heard {
	b.t.Helper()
	h := &heard{values: make(map[string]map[string]float64)}
	options := mqtt.NewClientOptions().AddBroker(b.url()).SetClientID("subscriber").SetCleanSession(false).SetResumeSubs(true).SetMaxReconnectInterval(time.Second)
	options.SetOnConnectHandler(func(client mqtt.Client) {
		client.Subscribe(topic, 1, func(_ mqtt.Client, m mqtt.Message) {
			var message struct {
				Time   json.RawMessage
				Values map[string]float64
			}
			if err := json.Unmarshal(m.Payload(), &message); err != nil {
				b.t.Errorf("payload %s: %v", m.Payload(), err)
			}
			h.mu.Lock()
			defer h.mu.Unlock()
			h.values[m.Topic()+" "+string(message.Time)] = message.Values
		})
	})
	h.client = mqtt.NewClient(options)
	if token := h.client.Connect(); token.Wait() && token.Error() != nil {
		b.t.Fatal(token.Error())
	}
	b.t.Cleanup(func() { h.client.Disconnect(0) })
	return h
}

func (h *heard) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.values)
}

func TestALoadArrivesValueByValue(t *testing.T) {
	b := newBroker(t)
	h := b.subscribe("stations/+/readings")
	load := &simulate.Load{Messages: 5000, Stations: 40, Values: 6, Start: time.UnixMilli(1_795_000_000_000), Interval: time.Second}
	report, err := simulate.Run(t.Context(), simulate.Config{Broker: b.url(), Source: load, Clients: 4, QoS: 1})
	if err != nil || report.Sent != 5000 || report.Acknowledged != 5000 || report.Lost != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	until(t, "everything is heard", func() bool { return h.count() == 5000 })
	h.mu.Lock()
	defer h.mu.Unlock()
	for message := range load.Messages {
		key := fmt.Sprintf("stations/%s/readings %d", load.Station(message), load.Time(message).UnixMilli())
		values := h.values[key]
		if len(values) != 6 {
			t.Fatalf("message %d (%s): %v", message, key, values)
		}
		for i, parameter := range simulate.LoadParameters[:6] {
			if values[parameter] != simulate.LoadValue(message, i) {
				t.Fatalf("message %d: %s is %v, want %v", message, parameter, values[parameter], simulate.LoadValue(message, i))
			}
		}
	}
}

func TestABrokerThatDiesCostsNothing(t *testing.T) {
	b := newBroker(t)
	load := &simulate.Load{Messages: 3000, Stations: 30, Values: 3, Start: time.UnixMilli(0), Interval: time.Second, Begin: time.Now(), Rate: 1000}
	var report simulate.Report
	var err error
	var publishing sync.WaitGroup
	progress := make(chan simulate.Report, 100)
	publishing.Go(func() {
		report, err = simulate.Run(t.Context(), simulate.Config{Broker: b.url(), Source: load, Clients: 3, QoS: 1,
			Progress: func(r simulate.Report) { progress <- r }})
	})
	if first := <-progress; first.Acknowledged == 0 {
		t.Errorf("after a second: %+v", first)
	}
	b.kill()
	b.start()
	publishing.Wait()
	if err != nil || report.Sent != 3000 || report.Acknowledged != 3000 || report.Lost != 3 {
		t.Errorf("%+v, %v; want all acknowledged and three connections lost", report, err)
	}
}

// A frozen broker takes messages and acknowledges none: the window is what bounds them, and nothing counts as acknowledged.
func TestNothingIsAcknowledgedByAFrozenBroker(t *testing.T) {
	b := newBroker(t)
	ctx, cancel := context.WithCancel(t.Context())
	load := &simulate.Load{Messages: 1000, Stations: 10, Values: 1, Interval: time.Second, Begin: time.Now().Add(time.Second)}
	load.Rate = 1e6
	var report simulate.Report
	var err error
	var publishing sync.WaitGroup
	publishing.Go(func() {
		report, err = simulate.Run(ctx, simulate.Config{Broker: b.url(), Source: load, Clients: 1, QoS: 1, Window: 50,
			Progress: func(r simulate.Report) {
				if r.Sent == 50 {
					cancel()
				}
			}})
	})
	until(t, "it is connected", func() bool { return time.Now().After(load.Begin.Add(-300 * time.Millisecond)) })
	if err := b.process.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	publishing.Wait()
	if report.Sent != 50 || report.Acknowledged != 0 || err == nil {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestADemonstrationSendsEveryStation(t *testing.T) {
	b := newBroker(t)
	h := b.subscribe("stations/+/readings")
	ctx, cancel := context.WithCancel(t.Context())
	demo := &simulate.Demo{Model: &simulate.Model{Seed: 1}, Stations: simulate.Network(), Begin: time.Now(), Start: time.Now().Add(-10 * time.Minute), Speed: 1e6}
	var report simulate.Report
	var err error
	var publishing sync.WaitGroup
	publishing.Go(func() {
		report, err = simulate.Run(ctx, simulate.Config{Broker: b.url(), Source: demo, QoS: 1})
	})
	until(t, "ten minutes of twelve stations are heard", func() bool { return h.count() >= 120 })
	cancel()
	publishing.Wait()
	if err != nil || report.Sent > 144 {
		t.Errorf("%+v, %v: want it to keep to the real clock once it has caught up", report, err)
	}
	parameters := reading.BuiltinParameters()
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, values := range h.values {
		for name, number := range values {
			if p, err := parameters.Find(name); err != nil || number < p.Low || number > p.High {
				t.Errorf("%s: %s %v, %v", key, name, number, err)
			}
		}
	}
}

func TestABrokerThatIsAwayIsAnError(t *testing.T) {
	b := newBroker(t)
	b.kill()
	load := &simulate.Load{Messages: 1, Stations: 1, Values: 1, Interval: time.Second}
	if _, err := simulate.Run(t.Context(), simulate.Config{Broker: b.url(), Source: load, QoS: 1}); err == nil {
		t.Error("no error")
	}
}

// BenchmarkPublish says what a message costs this process, with V=8 and QoS 1.
func BenchmarkPublish(b *testing.B) {
	broker := newBroker(b)
	load := &simulate.Load{Messages: 100_000, Stations: 500, Values: 8, Start: time.Unix(1_795_000_000, 0), Interval: time.Second}
	for b.Loop() {
		var before, after syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		report, err := simulate.Run(b.Context(), simulate.Config{Broker: broker.url(), Source: load, Clients: 4, QoS: 1})
		if err != nil {
			b.Fatal(err)
		}
		syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
		b.ReportMetric(float64(cpu)/1000/float64(report.Acknowledged), "us-cpu/msg")
		b.ReportMetric(float64(report.Acknowledged)/report.Elapsed.Seconds(), "msg/s")
	}
}
