//go:build integration

package faults

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"egret/deploy/simulate"
)

const (
	hj212Password = "123456"
	hj212Stations = 100
)

// newHJ212Bench is a bench whose Egret listens for data loggers; its register knows the stations of the load by their
// MN.
func newHJ212Bench(t *testing.T) (b *bench, address string) {
	address = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	var more strings.Builder
	fmt.Fprintf(&more, "hj212: {listen: %q}\nstations:\n", address)
	for number := range hj212Stations {
		fmt.Fprintf(&more, "  - {id: %s, domain: air, aliases: [%s], hj212: {password: %q}}\n", simulate.LoadStation(number), simulate.LoadMN(number), hj212Password)
	}
	return newBench(t, more.String()+quietRules), address
}

// newHJ212Load is newLoad as frames with an MN and a QN.
func newHJ212Load(rate float64) *simulate.HJ212Load {
	load := newLoad(rate)
	load.Stations = hj212Stations
	return &simulate.HJ212Load{Load: load, Password: hj212Password, Flag: 5}
}

// sent is how a run of data loggers ended.
type sent struct {
	simulate.HJ212Report
	err error
}

// send lets the load's stations send, each over a connection of its own, some ahead of the answers.
func (b *bench) send(address string, load *simulate.HJ212Load) chan sent {
	done := make(chan sent, 1)
	go func() {
		report, err := simulate.RunHJ212(b.t.Context(), simulate.HJ212Config{Address: address, Source: load, Loggers: hj212Stations, Window: 4})
		done <- sent{report, err}
	}()
	return done
}

// Every frame that got its 9014 is in the database, once and with the right values, however often egret is killed: a
// frame that is answered is not sent again, so a lost one would be missing.
func TestIntegrationHJ212LoggersThroughKills(t *testing.T) {
	b, address := newHJ212Bench(t)
	b.startEgret()
	load := newHJ212Load(float64(*messages) / (2 * float64(*kills)))
	random := rand.New(rand.NewPCG(*seed, 212))
	done := b.send(address, load)
	for range *kills {
		time.Sleep(time.Duration(200+random.IntN(2000)) * time.Millisecond)
		b.egret.kill()
		b.startEgret()
	}
	end := <-done
	if end.err != nil || end.Acknowledged != load.Messages {
		t.Fatalf("%+v, %v", end.HJ212Report, end.err)
	}
	l := b.settle(0) // what is answered is in the journal: there is nothing to wait for
	right := b.checkLoad(load.Load)
	if right != load.Messages*load.Values {
		t.Errorf("%d values are right, %d were sent", right, load.Messages*load.Values)
	}
	// What was durable when egret died, and not answered, came twice; nothing else did.
	twice := int(l.Messages.Received) - load.Messages
	if twice < 0 || twice > end.Resent {
		t.Errorf("%d frames came twice, %d were sent again", twice, end.Resent)
	}
	if end.Lost < *kills {
		t.Errorf("%d connections were lost in %d kills", end.Lost, *kills)
	}
	if l.Messages.Refused > 0 || l.Values.Rejected > 0 {
		t.Errorf("%d frames and %d values were refused", l.Messages.Refused, l.Values.Rejected)
	}
	t.Logf("seed %d: %d kills, %d connections lost, %d frames answered with 9014, %d sent again, %d of them durable before; %d values right, each once",
		*seed, *kills, end.Lost, end.Acknowledged, end.Resent, twice, right)
	t.Logf("%v", l)
}

// The rate of many loggers that each wait for the answer to every frame, and what a frame costs.
func TestIntegrationHJ212EveryValueIsStored(t *testing.T) {
	b, address := newHJ212Bench(t)
	b.startEgret()
	load := newHJ212Load(0)
	started := time.Now()
	end := <-b.send(address, load)
	answered := time.Since(started)
	if end.err != nil || end.Acknowledged != load.Messages || end.Resent > 0 {
		t.Fatalf("%+v, %v", end.HJ212Report, end.err)
	}
	await(t, "every answer is counted", func() bool { return b.metric("egret_hj212_answers_total") == float64(load.Messages) }) // after it is sent
	l := b.settle(0)
	right := b.checkLoad(load.Load)
	if right != load.Messages*load.Values || l.Messages.Received != uint64(load.Messages) {
		t.Errorf("%d values are right, %d were sent; %d messages came", right, load.Messages*load.Values, l.Messages.Received)
	}
	t.Logf("%d frames of %d loggers answered in %.1f s (%.0f/s); egret %.1f us of CPU a frame, %d MiB; %d values right", end.Acknowledged, hj212Stations,
		answered.Seconds(), float64(end.Acknowledged)/answered.Seconds(), float64(b.egret.cpu().Microseconds())/float64(load.Messages), b.egret.memory(), right)
	t.Logf("%v", l)
}
