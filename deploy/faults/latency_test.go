//go:build integration

package faults

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// probeList names the stations that the rule `probe` watches.
func probeList(count int) string {
	names := make([]string, count)
	for i := range names {
		names[i] = probeStation(i)
	}
	return strings.Join(names, ", ")
}

func probeStation(i int) string { return fmt.Sprintf("probe-%04d", i) }

// probe publishes a reading that must fire an alert at once, and returns how long the alert took to the duty room.
func (b *bench) probe(i int) time.Duration {
	b.t.Helper()
	client := b.client()
	started := time.Now()
	client.Publish("stations/"+probeStation(i)+"/readings", 1, false, `{"values":{"tsp":2000}}`)
	var came time.Time
	await(b.t, "the probe's alert has come", func() bool {
		var ok bool
		came, ok = b.receiver.first("probe/" + probeStation(i) + "/")
		return ok
	})
	return came.Sub(started)
}

var clients = map[*bench]mqtt.Client{}

// client returns a connection of the test's own.
func (b *bench) client() mqtt.Client {
	b.t.Helper()
	if client := clients[b]; client != nil {
		return client
	}
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(b.brokerURL).SetClientID("faults"))
	if token := client.Connect(); token.Wait() && token.Error() != nil {
		b.t.Fatal(token.Error())
	}
	clients[b] = client
	b.t.Cleanup(func() { client.Disconnect(100); delete(clients, b) })
	return client
}

// How long a reading takes to be queryable, and an alert to be delivered, at 1,000 messages a second. It prints; a
// slow machine does not fail it.
func TestIntegrationLatency(t *testing.T) {
	const probes, rate = 200, 1000
	b := newBench(t, fmt.Sprintf(rules, probeList(probes)))
	b.startEgret()
	load := newLoad(rate)
	load.Messages = 20 * rate
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.publish(load)
	}()
	var alerts, queryable []time.Duration
	for i := range probes {
		started := time.Now()
		alerts = append(alerts, b.probe(i))
		for len(b.query("SELECT tsp FROM air WHERE station = '"+probeStation(i)+"'")) == 0 {
			time.Sleep(time.Millisecond)
		}
		queryable = append(queryable, time.Since(started))
		time.Sleep(50 * time.Millisecond)
	}
	<-done
	b.settle(load.Messages + probes)
	t.Logf("at %d messages/s: publish to alert delivered %s; publish to queryable %s", rate, spread(alerts), spread(queryable))
}

func spread(d []time.Duration) string {
	slices.Sort(d)
	at := func(share float64) time.Duration {
		return d[int(share*float64(len(d)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %s, p99 %s, slowest %s (%d probes)", at(0.5), at(0.99), at(1), len(d))
}
