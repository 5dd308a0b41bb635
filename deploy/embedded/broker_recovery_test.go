package embedded

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// brokerDoomed names the directory of a broker that runs in a process of its own, to be killed.
const brokerDoomed = "EGRET_TEST_BROKER_DIRECTORY"

func init() {
	directory := os.Getenv(brokerDoomed)
	if directory == "" {
		return
	}
	b, err := StartBroker(BrokerConfig{Directory: directory, Listen: "127.0.0.1:0"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	b.Admit()
	user, password := b.Credentials()
	fmt.Println(b.URL(), user, password)
	select {}
}

func TestBrokerLosesNothingAcknowledgedWhenKilled(t *testing.T) {
	directory := t.TempDir()
	var want []string
	for round := range 3 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), brokerDoomed+"="+directory)
		child.Stderr = os.Stderr
		output, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(output).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		address := strings.Fields(line)
		egret := egretConnects(t, address[0], address[1], address[2])
		for range want {
			egret.next(t) // acknowledged, but the kill may come before the broker has noted it
		}
		egret.client.Disconnect(250)

		want = want[:0]
		station := brokerConnected(t, brokerStation(address[0], "s1"))
		for i := range 300 {
			payload := fmt.Sprintf("round %d, reading %d", round, i)
			brokerDone(t, station.Publish("stations/s1/readings", 1, false, payload))
			want = append(want, payload)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it reports the kill
	}
	b := brokerStarted(t, directory)
	egret := egretSubscribes(t, b)
	egret.wants(t, brokerConnected(t, brokerStation(b.URL(), "s2")), want...)
}

func TestBrokerSendsUnacknowledgedMessagesAgainAtOnceAfterARestart(t *testing.T) {
	directory := t.TempDir()
	b := brokerStarted(t, directory)
	egret := egretSubscribes(t, b)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	for _, payload := range []string{"one", "two", "three"} {
		brokerDone(t, station.Publish("stations/s1/readings", 1, false, payload))
		if m := <-egret.messages; payload == "two" {
			m.Ack()
		}
	}
	egret.client.Disconnect(100)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	b = brokerStarted(t, directory)
	egret = egretSubscribes(t, b)
	egret.wants(t, brokerConnected(t, brokerStation(b.URL(), "s1")), "one", "three")
	if waited := time.Since(start); waited > brokerAckWait/2 {
		t.Errorf("the messages came after %v", waited)
	}
}

func TestBrokerThatIsFullRefusesStationsAndNotEgret(t *testing.T) {
	b, err := StartBroker(BrokerConfig{Directory: t.TempDir(), Listen: "127.0.0.1:0", MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	egretSubscribes(t, b).client.Disconnect(100)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	var want []string
	for i := range 100 {
		payload := fmt.Sprint("reading ", i, strings.Repeat(" ", 100_000))
		token := station.Publish("stations/s1/readings", 1, false, payload)
		if !token.WaitTimeout(brokerPatience) {
			t.Fatal("the station was neither acknowledged nor refused")
		}
		if token.Error() != nil {
			break
		}
		want = append(want, payload)
	}
	if len(want) == 0 || len(want) > 10 {
		t.Fatalf("%d messages of 100 kB were acknowledged with a limit of 1 MiB", len(want))
	}
	if err := b.Err(); err == nil || !strings.Contains(err.Error(), "broker.max_bytes") {
		t.Errorf("a full broker says %v", err)
	}
	egret := egretSubscribes(t, b)
	egret.wants(t, brokerConnected(t, brokerStation(b.URL(), "s2")), want...)
}

func TestBrokerKeepsSessionAndMessagesOverARestart(t *testing.T) {
	directory := t.TempDir()
	b := brokerStarted(t, directory)
	egret := egretSubscribes(t, b)
	brokerDone(t, egret.client.Publish("alerts/s1/pm25-day", 1, true, "exceeds"))
	egret.client.Disconnect(100)
	station := brokerConnected(t, brokerStation(b.URL(), "s1"))
	brokerDone(t, station.Publish("stations/s1/readings", 1, false, "one"))
	brokerDone(t, station.Publish("stations/s1/readings", 1, false, "two"))
	if err := errors.Join(b.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}

	b = brokerStarted(t, directory)
	token := mqtt.NewClient(brokerStation(b.URL(), "s1")).Connect()
	if !token.WaitTimeout(brokerPatience) || token.Error() == nil {
		t.Error("after a restart a station may connect before Egret")
	}
	egret = egretSubscribes(t, b)
	station = brokerConnected(t, brokerStation(b.URL(), "s1"))
	egret.wants(t, station, "one", "two")
	alert := make(chan string, 1)
	brokerDone(t, station.Subscribe("alerts/#", 0, func(_ mqtt.Client, m mqtt.Message) { alert <- string(m.Payload()) }))
	select {
	case got := <-alert:
		if got != "exceeds" {
			t.Errorf("alert %q after the restart", got)
		}
	case <-time.After(brokerPatience):
		t.Error("the retained alert is gone after the restart")
	}
}
