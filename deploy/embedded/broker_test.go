package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

const brokerPatience = 15 * time.Second

func brokerStarted(t testing.TB, directory string) *Broker {
	t.Helper()
	b, err := StartBroker(BrokerConfig{Directory: directory, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func brokerDone(t testing.TB, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(brokerPatience) {
		t.Fatal("the broker did not answer")
	}
	if err := token.Error(); err != nil {
		t.Fatal(err)
	}
}

func brokerStation(url, id string) *mqtt.ClientOptions {
	return mqtt.NewClientOptions().AddBroker(url).SetClientID(id).SetAutoReconnect(false).SetOrderMatters(false).SetProtocolVersion(4)
}

func brokerConnected(t testing.TB, options *mqtt.ClientOptions) mqtt.Client {
	t.Helper()
	client := mqtt.NewClient(options)
	brokerDone(t, client.Connect())
	t.Cleanup(func() { client.Disconnect(0) })
	return client
}

// egretSession is Egret's persistent session with acknowledgement by hand.
type egretSession struct {
	client   mqtt.Client
	messages chan mqtt.Message
}

func egretConnects(t testing.TB, url, user, password string) *egretSession {
	t.Helper()
	s := &egretSession{messages: make(chan mqtt.Message, 50_000)}
	options := brokerStation(url, "egret-ingest").SetUsername(user).SetPassword(password).SetCleanSession(false).
		SetAutoAckDisabled(true).SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) { s.messages <- m })
	s.client = brokerConnected(t, options)
	brokerDone(t, s.client.Subscribe("stations/#", 1, nil))
	return s
}

func egretSubscribes(t testing.TB, b *Broker) *egretSession {
	t.Helper()
	user, password := b.Credentials()
	s := egretConnects(t, b.URL(), user, password)
	b.Admit()
	return s
}

func (s *egretSession) next(t testing.TB) mqtt.Message {
	t.Helper()
	select {
	case m := <-s.messages:
		m.Ack()
		return m
	case <-time.After(brokerPatience):
		t.Fatal("no message arrived")
		return nil
	}
}

// wants takes exactly these payloads, in any order, and then a last one that proves that nothing else was before it.
func (s *egretSession) wants(t testing.TB, station mqtt.Client, payloads ...string) {
	t.Helper()
	open := map[string]int{}
	for _, p := range payloads {
		open[p]++
	}
	for range payloads {
		m := s.next(t)
		if open[string(m.Payload())]--; open[string(m.Payload())] < 0 {
			t.Errorf("%s: %.40q arrived and was not expected", m.Topic(), m.Payload())
		}
	}
	brokerDone(t, station.Publish("stations/last/readings", 1, false, "last"))
	if m := s.next(t); string(m.Payload()) != "last" {
		t.Errorf("%s: %.40q arrived once too often", m.Topic(), m.Payload())
	}
}

func TestBrokerRefusesStationsUntilEgretHasSubscribed(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	early := mqtt.NewClient(brokerStation(b.URL(), "s1"))
	token := early.Connect()
	if !token.WaitTimeout(brokerPatience) || !errors.Is(token.Error(), packets.ErrorRefusedNotAuthorised) {
		t.Fatalf("a station that comes too early got %v, want not authorised", token.Error())
	}
	egret := egretSubscribes(t, b)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	brokerDone(t, station.Publish("stations/s1/readings", 1, false, "one"))
	egret.wants(t, station, "one")
	if n := b.Refused(); n != 0 {
		t.Errorf("refused %d publishes, want 0: a refused connection is not a publish", n)
	}
}

func TestBrokerGuardsEgretsAccountAndSession(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	egret := egretSubscribes(t, b)
	f := func(what string, options *mqtt.ClientOptions) {
		t.Helper()
		token := mqtt.NewClient(options).Connect()
		if !token.WaitTimeout(brokerPatience) || !errors.Is(token.Error(), packets.ErrorRefusedNotAuthorised) {
			t.Errorf("%s got %v, want not authorised", what, token.Error())
		}
	}
	f("a wrong password", brokerStation(b.URL(), "x").SetUsername("egret").SetPassword("guess"))
	f("Egret's client id", brokerStation(b.URL(), "egret-ingest"))
	f("Egret's client id with a user", brokerStation(b.URL(), "egret-ingest").SetUsername("s1").SetPassword("any"))
	if !egret.client.IsConnectionOpen() {
		t.Error("Egret lost its connection")
	}
}

func TestBrokerKeepsMessagesWhileEgretIsAway(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	egret := egretSubscribes(t, b)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	brokerDone(t, station.Publish("stations/s1/readings", 1, false, "before"))
	if m := egret.next(t); string(m.Payload()) != "before" {
		t.Fatalf("got %q", m.Payload())
	}
	egret.client.Disconnect(100)

	want := make([]string, 200)
	for i := range want {
		want[i] = fmt.Sprint("away ", i)
		brokerDone(t, station.Publish("stations/s1/readings", 1, false, want[i]))
	}
	brokerDone(t, station.Publish("elsewhere/s1", 1, false, "nobody asked"))
	egretSubscribes(t, b).wants(t, station, want...)
}

func TestBrokerKeepsAlertsToEgret(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	egret := egretSubscribes(t, b)
	brokerDone(t, egret.client.Publish("alerts/s1/pm25-day", 1, true, "exceeds"))
	station := brokerConnected(t, brokerStation(b.URL(), "s1").SetWill("alerts/s1/will", "forged", 1, true))

	// Permission: acknowledged and dropped, counted.
	for _, topic := range []string{"alerts/s1/pm25-day", "alerts", "alerts/", "$SYS/REQ/SERVER/PING", "$JS/API/STREAM/DELETE/$MQTT_msgs", "$MQTT/msgs/stations/s1/readings"} {
		brokerDone(t, station.Publish(topic, 1, true, "forged"))
	}
	if n := b.Refused(); n != 6 {
		t.Errorf("refused %d publishes, want 6", n)
	}

	office := brokerConnected(t, brokerStation(b.URL(), "office"))
	alerts := make(chan mqtt.Message, 10)
	brokerDone(t, office.Subscribe("alerts/#", 1, func(_ mqtt.Client, m mqtt.Message) { alerts <- m }))
	got := func(topic, payload string, retained bool) {
		t.Helper()
		select {
		case m := <-alerts:
			if m.Topic() != topic || string(m.Payload()) != payload || m.Retained() != retained {
				t.Errorf("got %s %q retained=%v, want %s %q retained=%v", m.Topic(), m.Payload(), m.Retained(), topic, payload, retained)
			}
		case <-time.After(brokerPatience):
			t.Fatalf("no alert on %s", topic)
		}
	}
	got("alerts/s1/pm25-day", "exceeds", true)
	brokerDone(t, egret.client.Publish("alerts/s2/leq", 1, true, "meets"))
	got("alerts/s2/leq", "meets", false)

	for _, filter := range []string{"#", "+/#", "stations/#", "stations/s1/readings", "$SYS/#", "$MQTT/#", "$JS/#"} {
		token := office.Subscribe(filter, 1, nil).(*mqtt.SubscribeToken)
		if !token.WaitTimeout(brokerPatience) || token.Result()[filter] != 0x80 {
			t.Errorf("a reader of alerts gets %#x for %s, want 0x80", token.Result()[filter], filter)
		}
	}
}

func TestBrokerEndsTheConnectionOfAMalformedPublish(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	egretSubscribes(t, b)
	f := func(topic string, payload []byte, refused uint64) {
		t.Helper()
		lost := make(chan struct{})
		station := brokerConnected(t, brokerStation(b.URL(), "s1").SetConnectionLostHandler(func(mqtt.Client, error) { close(lost) }))
		station.Publish(topic, 1, false, payload)
		select {
		case <-lost:
		case <-time.After(brokerPatience):
			t.Fatal("the station is still connected")
		}
		if n := b.Refused(); n != refused {
			t.Errorf("%.30q of %d bytes: refused %d publishes, want %d", topic, len(payload), n, refused)
		}
	}
	f("stations/s 1/readings", []byte("1"), 1)
	f("stations/s1/readings", make([]byte, BrokerMaxPayload+100_000), 2)
}

func TestBrokerCarriesTopicsAndPayloadsUnchanged(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	egret := egretSubscribes(t, b)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	f := func(topic string, payload []byte) {
		t.Helper()
		brokerDone(t, station.Publish(topic, 1, false, payload))
		if m := egret.next(t); m.Topic() != topic || !bytes.Equal(m.Payload(), payload) {
			t.Errorf("got %s with %d bytes, want %s with %d", m.Topic(), len(m.Payload()), topic, len(payload))
		}
	}
	for _, topic := range []string{"stations/a.b/readings", "stations/.a..b./readings", "stations/白鹭-1/readings", "stations//readings", "stations/s1/", "stations/a*b>c/readings"} {
		f(topic, []byte("35.2"))
	}
	f("stations/s1/readings", []byte{})
	f("stations/s1/readings", bytes.Repeat([]byte("0123456789"), 100_000))
	f("stations/s1/readings", bytes.Repeat([]byte("0123456789"), 1_000_000))
}

func TestBrokerSaysWhyItCannotStart(t *testing.T) {
	f := func(cfg BrokerConfig, want ...string) {
		t.Helper()
		b, err := StartBroker(cfg)
		if err == nil {
			b.Close()
			t.Fatalf("started, want an error with %q", want)
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("error %q does not say %q", err, w)
			}
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	f(BrokerConfig{Directory: t.TempDir(), Listen: address}, address, "taken", "broker.listen")
	f(BrokerConfig{Directory: t.TempDir(), Listen: "192.0.2.1:1883"}, "192.0.2.1:1883", "cannot listen", "broker.listen")
	f(BrokerConfig{Directory: t.TempDir(), Listen: "1883"}, `"1883"`, "127.0.0.1:1883")
	f(BrokerConfig{Directory: t.TempDir(), Listen: "localhost:mqtt"}, "port must be a number")

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f(BrokerConfig{Directory: filepath.Join(file, "broker"), Listen: "127.0.0.1:0"}, file, "under data")

	directory := t.TempDir()
	brokerStarted(t, directory)
	f(BrokerConfig{Directory: directory, Listen: "127.0.0.1:0"}, directory, "stop the other process")
}

func TestBrokerLogsWarningsAndCountsRefusals(t *testing.T) {
	var text bytes.Buffer
	l := &brokerLog{log: slog.New(slog.NewTextHandler(&text, nil))}
	l.Noticef("Server is ready")
	l.Debugf("detail %d", 1)
	l.Errorf("127.0.0.1:1 - mid:5 - \"s1\" - Publish Violation - Subject %q", "alerts.x")
	l.Errorf("127.0.0.1:1 - mid:5 - \"s1\" - maximum payload exceeded: 17000000 vs 16777216")
	l.Errorf("authentication error")
	l.Warnf("Slow Consumer %s", "s1")
	if n := l.refused.Load(); n != 2 {
		t.Errorf("counted %d refusals, want 2", n)
	}
	if err := l.failure(); err != nil {
		t.Errorf("the store is said to be broken: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "alerts.x") || !strings.Contains(lines[2], "Slow Consumer s1") {
		t.Errorf("logged\n%s", text.String())
	}
	l.Errorf("JetStream stream '$G > $MQTT_msgs' critical write error: no space left on device")
	if err := l.failure(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("a store that the disk refuses is said to be %v", err)
	}
}

// brokerCrowd publishes n messages from ten stations at QoS 1, each station with many on the way; wait returns when
// the broker has acknowledged all.
func brokerCrowd(t testing.TB, url string, n int) (wait func()) {
	t.Helper()
	stations := new(sync.WaitGroup)
	for s := range 10 {
		station := brokerConnected(t, brokerStation(url, fmt.Sprint("crowd", s)))
		stations.Go(func() {
			tokens := make([]mqtt.Token, 0, n/10)
			for i := s; i < n; i += 10 {
				payload := fmt.Sprintf(`{"time":"2026-11-21T10:00:00+08:00","values":{"pm25":%d}}`, i)
				tokens = append(tokens, station.Publish(fmt.Sprintf("stations/s%d/readings", s), 1, false, payload))
			}
			for _, token := range tokens {
				if !token.WaitTimeout(time.Minute) || token.Error() != nil {
					t.Errorf("station %d: not acknowledged: %v", s, token.Error())
					return
				}
			}
		})
	}
	return stations.Wait
}

func TestBrokerDeliversEveryMessageOfACrowdOnce(t *testing.T) {
	const n = 20_000
	b := brokerStarted(t, t.TempDir())
	egret := egretSubscribes(t, b)
	wait := brokerCrowd(t, b.URL(), n)
	seen := map[string]bool{}
	for range n {
		m := egret.next(t)
		if seen[string(m.Payload())] {
			t.Fatalf("%s: %s arrived twice", m.Topic(), m.Payload())
		}
		seen[string(m.Payload())] = true
	}
	wait()
	egret.wants(t, brokerConnected(t, brokerStation(b.URL(), "s1")))
}

// BenchmarkBroker is one message from a crowd of ten stations into Egret's session: go test -bench Broker -benchtime 20000x
func BenchmarkBroker(b *testing.B) {
	f := func(name string, syncOnTimer bool) {
		b.Run(name, func(b *testing.B) {
			broker, err := StartBroker(BrokerConfig{Directory: b.TempDir(), Listen: "127.0.0.1:0", syncOnTimer: syncOnTimer})
			if err != nil {
				b.Fatal(err)
			}
			defer broker.Close()
			egret := egretSubscribes(b, broker)
			b.ResetTimer()
			brokerCrowd(b, broker.URL(), b.N)()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
			for range b.N {
				egret.next(b)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
		})
	}
	f("fsync=every message", false)
	f("fsync=two minutes", true)
}

func TestSuspendedBrokerTakesNothingFromStations(t *testing.T) {
	b := brokerStarted(t, t.TempDir())
	user, password := b.Credentials()
	own := brokerConnected(t, brokerStation(b.URL(), "egret").SetUsername(user).SetPassword(password))
	b.Admit()
	lost := make(chan struct{})
	brokerConnected(t, brokerStation(b.URL(), "wx-1").SetConnectionLostHandler(func(mqtt.Client, error) { close(lost) }))
	if err := b.Suspend(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-lost:
	case <-time.After(brokerPatience):
		t.Fatal("a station stayed connected")
	}
	if !own.IsConnectionOpen() {
		t.Error("Egret itself was cut off")
	}
	late := mqtt.NewClient(brokerStation(b.URL(), "wx-2"))
	if token := late.Connect(); !token.WaitTimeout(brokerPatience) || token.Error() == nil {
		t.Error("a station got in while the broker was suspended")
	}
	b.Admit()
	brokerConnected(t, brokerStation(b.URL(), "wx-3"))
}
