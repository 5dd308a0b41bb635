//go:build integration

package faults

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"egret/deploy/simulate"
)

// The full runs of the promises take -messages 200000 -kills 20 -outage 10m; the defaults are for every change.
var (
	messages = flag.Int("messages", 40_000, "messages of 8 values in a load")
	kills    = flag.Int("kills", 5, "how often egret is killed under load")
	outage   = flag.Duration("outage", 20*time.Second, "how long the database is away")
	seed     = flag.Uint64("seed", 1, "seed of the random moments")
)

// loadStart is fixed so that two runs publish the same readings; it lies within the horizon of the tests' clock.
var loadStart = time.Now().Add(-36 * time.Hour).Truncate(time.Hour)

func newLoad(rate float64) *simulate.Load {
	return &simulate.Load{Messages: *messages, Stations: 100, Values: 8, Start: loadStart, Interval: time.Second, Begin: time.Now(), Rate: rate}
}

func (b *bench) publish(load *simulate.Load) simulate.Report {
	b.t.Helper()
	report, err := simulate.Run(b.t.Context(), simulate.Config{Broker: b.brokerURL, Source: load, Clients: 10, QoS: 1})
	if err != nil {
		b.t.Fatal(err)
	}
	if report.Acknowledged != load.Messages {
		b.t.Fatalf("the broker acknowledged %d of %d messages", report.Acknowledged, load.Messages)
	}
	return report
}

// Every message published through a real broker is in a real database, each value with the right number.
func TestIntegrationEveryValueIsStored(t *testing.T) {
	b := newBench(t, quietRules)
	b.startEgret()
	load := newLoad(0)
	started := time.Now()
	report := b.publish(load)
	published := time.Since(started)
	b.settle(load.Messages)
	settled := time.Since(started)
	right := b.checkLoad(load)
	if right != load.Messages*load.Values {
		t.Errorf("%d values are right, %d were sent", right, load.Messages*load.Values)
	}
	perMessage := func(p *process) float64 { return float64(p.cpu().Microseconds()) / float64(load.Messages) }
	t.Logf("%d messages: published in %.1f s (%.0f/s), stored and judged in %.1f s (%.0f/s); %d values right", report.Acknowledged,
		published.Seconds(), float64(load.Messages)/published.Seconds(), settled.Seconds(), float64(load.Messages)/settled.Seconds(), right)
	t.Logf("CPU: egret %.1f s (%.1f us a message), mosquitto %.1f s (%.1f us), influxd %.1f s (%.1f us); egret %d MiB",
		b.egret.cpu().Seconds(), perMessage(b.egret), b.broker.cpu().Seconds(), perMessage(b.broker), b.database.cpu().Seconds(), perMessage(b.database), b.egret.memory())
	t.Logf("%v", b.ledger())
}

// A run in which egret is killed again and again ends with the database, averages and alerts of one that was not.
func TestIntegrationKilledAgainAndAgain(t *testing.T) {
	calm := newBench(t, fmt.Sprintf(rules, "nobody"))
	calm.startEgret()
	load := newLoad(0)
	calm.publish(load)
	calm.settle(load.Messages)
	averages, alerts, told := ofWindows(calm.dump("averages")), calm.dump("alerts"), calm.receiver.alerts()
	calm.egret.stop()
	calm.database.stop()
	if len(averages) == 0 || len(told) == 0 {
		t.Fatalf("the undisturbed run made %d averages and %d alerts", len(averages), len(told))
	}

	b := newBench(t, fmt.Sprintf(rules, "nobody"))
	b.startEgret()
	random := rand.New(rand.NewPCG(*seed, 0))
	load = newLoad(float64(*messages) / (2 * float64(*kills)))
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.publish(load)
	}()
	repeated := 0.0
	for range *kills {
		time.Sleep(time.Duration(200+random.IntN(2000)) * time.Millisecond)
		repeated += b.metric("egret_delivery_repeated_total")
		b.egret.kill()
		b.startEgret()
	}
	<-done
	b.settle(0)
	await(t, "all messages have come", func() bool { return b.stored(load) })
	b.settle(0)
	repeated += b.metric("egret_delivery_repeated_total")
	right := b.checkLoad(load)
	b.compare("average", ofWindows(b.dump("averages")), averages)
	b.compare("alert", b.dump("alerts"), alerts)
	twice := 0
	got := b.receiver.alerts()
	for key, count := range got {
		if told[key] == 0 {
			t.Errorf("%s was told only in the killed run", key)
		}
		twice += count - 1
	}
	for key := range told {
		if got[key] == 0 {
			t.Errorf("%s was not told in the killed run", key)
		}
	}
	t.Logf("seed %d: %d kills, %d values right, %d averages, %d alerts and states; %d messages left twice, %.0f counted as repeated by egret; %d redelivered by the broker",
		*seed, *kills, right, len(averages), len(told), twice, repeated, b.ledger().Messages.Received-uint64(load.Messages))
}

// stored says whether the database holds the last message of every station.
func (b *bench) stored(load *simulate.Load) bool {
	count := 0
	for _, s := range b.query("SELECT count(pm25) FROM air GROUP BY station") {
		var n int
		_, _ = fmt.Sscan(string(s.Values[0][1]), &n)
		count += n
	}
	return count >= load.Messages
}

// While the database is away alerts leave on time and memory stays flat; when it is back nothing is missing.
func TestIntegrationDatabaseAway(t *testing.T) {
	const rate = 500
	load := newLoad(rate)
	load.Messages = int(outage.Seconds()*rate) + 5*rate
	probes := outage.Seconds() / 2
	b := newBench(t, fmt.Sprintf(rules, probeList(int(probes))))
	b.startEgret()
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.publish(load)
	}()
	time.Sleep(2 * time.Second)
	before := b.egret.memory()
	b.database.kill()
	started := time.Now()
	var delays []time.Duration
	most := before
	for i := 0; time.Since(started) < *outage && i < int(probes); i++ {
		delays = append(delays, b.probe(i))
		most = max(most, b.egret.memory())
		time.Sleep(2 * time.Second)
	}
	waiting := b.ledger().Values.Waiting
	b.startDatabase()
	drained := time.Now()
	await(t, "the backlog is drained", func() bool { return b.ledger().Values.Waiting == 0 })
	drain := time.Since(drained)
	<-done
	b.settle(load.Messages + len(delays))
	right := b.checkLoad(load)
	slices.Sort(delays)
	t.Logf("database away for %s at %d messages/s: %d alerts, p50 %s, slowest %s; memory %d MiB before, %d MiB at most; %d values waited and were drained in %.1f s; %d values right",
		*outage, rate, len(delays), delays[len(delays)/2], delays[len(delays)-1], before, most, waiting, drain.Seconds(), right)
}
