//go:build integration

package delivery

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// startBroker starts a mosquitto on the loopback address.
func startBroker(t *testing.T, address string) *exec.Cmd {
	t.Helper()
	_, port, _ := strings.Cut(address, ":")
	config := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, "listener %s 127.0.0.1\nallow_anonymous true\n", port), 0o600); err != nil {
		t.Fatal(err)
	}
	broker := exec.Command("mosquitto", "-c", config)
	if err := broker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		broker.Process.Kill()
		broker.Wait()
	})
	return broker
}

func spareAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// until polls: a real broker has to be waited for.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s until %s", what)
		}
	}
}

func TestAnAlertIsRetainedAtTheBroker(t *testing.T) {
	address := spareAddress(t)
	channel := NewMQTT("mqtt", MQTTConfig{Broker: "tcp://" + address, ClientID: "egret-alerts"})
	defer channel.Close()
	if retry, err := channel.Deliver(t.Context(), []byte(firing)); err == nil || !retry {
		t.Fatalf("broker away: retry %v, %v", retry, err)
	}
	until(t, "the reason is known", func() bool {
		_, err := channel.Deliver(t.Context(), []byte(firing))
		return err != nil && strings.Contains(err.Error(), "refused")
	})

	broker := startBroker(t, address)
	until(t, "the alert is taken", func() bool {
		_, err := channel.Deliver(t.Context(), []byte(firing))
		return err == nil
	})
	got := make(chan mqtt.Message, 1)
	subscriber := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + address).SetClientID("office").SetAutoReconnect(false))
	if token := subscriber.Connect(); token.Wait() && token.Error() != nil {
		t.Fatal(token.Error())
	}
	subscriber.Subscribe("alerts/+/+", 1, func(_ mqtt.Client, m mqtt.Message) { got <- m })
	select {
	case m := <-got:
		if !m.Retained() || m.Topic() != "alerts/wx-1/pm25-high" || string(m.Payload()) != firing {
			t.Errorf("retained %v on %s: %s", m.Retained(), m.Topic(), m.Payload())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a later subscriber hears nothing")
	}

	// A broker that hangs and then dies gives no PUBACK: the alert must not count as delivered.
	if err := broker.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if retry, err := channel.Deliver(ctx, []byte(resolved)); err == nil || !retry {
		t.Errorf("without a PUBACK: retry %v, %v", retry, err)
	}
	broker.Process.Kill()
	broker.Wait()
	startBroker(t, address)
	until(t, "the alert is taken by the new broker", func() bool {
		_, err := channel.Deliver(t.Context(), []byte(resolved))
		return err == nil
	})
}
