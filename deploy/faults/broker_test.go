//go:build integration

package faults

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// A broker that is shut down and started again under load loses nothing, and Egret comes back by itself.
func TestIntegrationBrokerRestarted(t *testing.T) {
	b := newBench(t, fmt.Sprintf(rules, "nobody"))
	b.startEgret()
	load, done := b.underLoad(1000, 12*time.Second)
	for range 2 {
		came := b.ledger().Messages.Received
		await(t, "messages come", func() bool { return b.ledger().Messages.Received > came+1000 })
		b.broker.stop()
		await(t, "egret says that its broker is away", func() bool {
			status, body := b.readiness()
			return status == http.StatusServiceUnavailable && strings.Contains(body, "connection lost") || strings.Contains(body, "connect to "+b.brokerURL)
		})
		b.broker.start()
		started := time.Now()
		b.egret.await("it is ready", func() bool { return answers(b.httpURL + "/readyz") })
		t.Logf("ready %s after the broker was started", time.Since(started).Round(time.Millisecond))
	}
	<-done
	b.wantAll(load)
	l := b.ledger()
	t.Logf("%d messages published, %d received", load.Messages, l.Messages.Received)
}

// SIGTERM under load ends Egret within two seconds; what it has not taken comes again after the restart.
func TestIntegrationEgretStoppedUnderLoad(t *testing.T) {
	b := newBench(t, fmt.Sprintf(rules, "nobody"))
	b.startEgret()
	load, done := b.underLoad(2000, 10*time.Second)
	for range 3 {
		came := b.ledger().Messages.Received
		await(t, "messages come", func() bool { return b.ledger().Messages.Received > came+1000 })
		asked := time.Now()
		state := b.egret.running
		b.egret.stop()
		took := time.Since(asked)
		if took > 2*time.Second || state.ProcessState.ExitCode() != 0 {
			t.Errorf("egret ended %s after SIGTERM with %v", took, state.ProcessState)
		}
		t.Logf("ended %s after SIGTERM", took.Round(time.Millisecond))
		b.startEgret()
	}
	<-done
	b.wantAll(load)
}

// A second process on the same data directory is told who holds it, and the first goes on.
func TestIntegrationSecondProcess(t *testing.T) {
	b := newBench(t, "")
	b.startEgret()
	output, code := b.command("serve")
	if code != 3 {
		t.Errorf("the second process ends with %d", code)
	}
	for _, part := range []string{filepath.Join(b.directory, "egret"), fmt.Sprintf("held by process %d (egret serve)", b.egret.running.Process.Pid), "stop it"} {
		if !strings.Contains(output, part) {
			t.Errorf("it does not say %q:\n%s", part, output)
		}
	}
	t.Log(output)
	if output, code := b.command("ledger"); code != 0 || !strings.Contains(output, "It adds up.") {
		t.Errorf("egret ledger ends with %d:\n%s", code, output)
	}
}

// A webhook that never answers does not hold back the alerts of the other channels.
func TestIntegrationWebhookHangs(t *testing.T) {
	const probes = 20
	b := newBench(t, fmt.Sprintf(rules, probeList(probes)))
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(hanging.Close)
	t.Cleanup(func() { close(release) })
	b.reconfigure("webhooks: [", fmt.Sprintf("webhooks: [{name: hangs, url: %q}, ", hanging.URL))
	b.startEgret()
	came := make(chan time.Time, 2*probes)
	b.client().Subscribe("alerts/#", 1, func(_ mqtt.Client, m mqtt.Message) {
		if strings.HasSuffix(m.Topic(), "/probe") {
			came <- time.Now()
		}
	}).Wait()
	var byMQTT, byWebhook []time.Duration
	for i := range probes {
		started := time.Now()
		byWebhook = append(byWebhook, b.probe(i))
		byMQTT = append(byMQTT, (<-came).Sub(started))
	}
	t.Logf("beside a webhook that hangs: by MQTT %s; by the other webhook %s", spread(byMQTT), spread(byWebhook))
	if slowest := max(byMQTT[probes-1], byWebhook[probes-1]); slowest > 5*time.Second { // spread has sorted them
		t.Errorf("an alert took %s", slowest)
	}
	if waiting := b.metric("egret_delivery_pending"); waiting < probes {
		t.Errorf("%.0f alerts wait for the webhook that hangs, %d were told", waiting, probes)
	}
}
