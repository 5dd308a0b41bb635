//go:build integration

package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"egret/dashboards/api"
	"egret/deploy/simulate"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// fault is a kind of message that cannot be stored.
type fault struct {
	name    string
	count   int
	topic   func(i int) string // nil: that of a registered station
	payload func(i int) string
	mended  bool // it can be stored once the configuration is corrected
}

const eachFault, largeFaults, largeBytes = 907, 20, 10 << 20

// inTime is the time of the i-th malformed message of a kind, within the horizon.
func inTime(i int) int64 { return loadStart.Add(time.Duration(i) * time.Second).UnixMilli() }

var faultKinds = []fault{
	{name: "cut short", count: eachFault, payload: func(i int) string { return fmt.Sprintf(`{"time":%d,"values":{"pm25":3`, inTime(i)) }},
	{name: "wrong types", count: eachFault, payload: func(i int) string {
		return []string{`{"values":{"pm25":"%d"}}`, `{"values":[%d]}`, `{"values":{"pm25":{"value":%d}}}`, `%d`, `["%d"]`, `{"values":{"pm25":true},"n":%d}`}[i%6]
	}},
	{name: "NaN", count: eachFault, payload: func(i int) string {
		return fmt.Sprintf(`{"time":%d,"values":{"pm25":%s}}`, inTime(i), []string{"NaN", "Infinity", "-inf", "1e999"}[i%4])
	}},
	{name: "10 MiB", count: largeFaults, payload: func(i int) string {
		return fmt.Sprintf(`{"time":%d,"values":{"pm25":3}}`, inTime(i)) + strings.Repeat(" ", largeBytes)
	}},
	{name: "unknown station", count: eachFault, mended: true,
		topic:   func(int) string { return "stations/unlisted/readings" },
		payload: func(i int) string { return fmt.Sprintf(`{"time":%d,"values":{"pm25":%d.5}}`, inTime(i), i%100) }},
	{name: "unknown parameter", count: eachFault, mended: true,
		payload: func(i int) string { return fmt.Sprintf(`{"time":%d,"values":{"voc":%d.25}}`, inTime(i), i%100) }},
	{name: "year 2040", count: eachFault, payload: func(i int) string { return fmt.Sprintf(`{"time":"2040-01-01T00:00:00Z","values":{"pm25":%d}}`, i) }},
	{name: "year 2001", count: eachFault, payload: func(i int) string { return fmt.Sprintf(`{"time":978307200,"values":{"pm25":%d}}`, i) }},
	{name: "out of range", count: eachFault, payload: func(i int) string {
		return fmt.Sprintf(`{"time":%d,"values":{"pm25":%d}}`, inTime(i), []int{-6, 5001, 9_000_000_000}[i%3])
	}},
	{name: "invalid station id", count: eachFault,
		topic: func(i int) string {
			return "stations/" + []string{"bad id", "站点", "a,b=c", strings.Repeat("x", 65), "..", `"`}[i%6] + "/readings"
		},
		payload: func(i int) string { return fmt.Sprintf(`{"time":%d,"values":{"pm25":%d}}`, inTime(i), i) }},
	{name: "empty", count: eachFault, payload: func(int) string { return "" }},
	{name: "binary", count: 910, payload: func(i int) string {
		random := rand.New(rand.NewPCG(*seed, uint64(i)))
		content := make([]byte, 1+random.IntN(300))
		for j := range content {
			content[j] = byte(random.Uint32())
		}
		return "\xff" + string(content)
	}},
}

const registered = `
stations:
%s  - {id: spare, domain: air}
`

// message is one of either sort; kind is -1 for a good one.
type message struct {
	kind           int
	topic, payload string
}

func (m *message) key() string {
	sum := sha256.Sum256([]byte(m.payload))
	return m.topic + " " + hex.EncodeToString(sum[:])
}

func mixedMessages(load *simulate.Load) []message {
	var all []message
	for kind, f := range faultKinds {
		for i := range f.count {
			m := message{kind: kind, topic: "stations/spare/readings", payload: f.payload(i)}
			if strings.Contains(m.payload, "%d") {
				m.payload = fmt.Sprintf(m.payload, i)
			}
			if f.topic != nil {
				m.topic = f.topic(i)
			}
			all = append(all, m)
		}
	}
	for i := range load.Messages {
		payload, station := load.Append(nil, i)
		all = append(all, message{kind: -1, topic: "stations/" + station + "/readings", payload: string(payload)})
	}
	rand.New(rand.NewPCG(*seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// publishMixed publishes the messages over four connections, a hundred on their way in each.
func (b *bench) publishMixed(all []message) {
	b.t.Helper()
	const connections, window = 4, 100
	var publishing sync.WaitGroup
	for c := range connections {
		client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(b.brokerURL).SetClientID(fmt.Sprint("mixed-", c)))
		if token := client.Connect(); token.Wait() && token.Error() != nil {
			b.t.Fatal(token.Error())
		}
		publishing.Go(func() {
			defer client.Disconnect(100)
			var waiting []mqtt.Token
			settle := func(most int) {
				for ; len(waiting) > most; waiting = waiting[1:] {
					if waiting[0].Wait(); waiting[0].Error() != nil {
						b.t.Error(waiting[0].Error())
					}
				}
			}
			for i := c; i < len(all); i += connections {
				waiting = append(waiting, client.Publish(all[i].topic, 1, false, all[i].payload))
				settle(window)
			}
			settle(0)
		})
	}
	publishing.Wait()
}

// quarantined returns the entries of quarantine by topic and hash.
func (b *bench) quarantined() map[string][]string {
	b.t.Helper()
	reasons := make(map[string][]string)
	for after := uint64(0); ; {
		var page api.EntryList
		b.get(fmt.Sprintf("/api/v1/quarantine?limit=1000&after=%d", after), &page)
		for _, e := range page.Entries {
			key := e.Source + " " + e.SHA256
			if len(e.Reasons) == 0 || e.Reasons[0] == "" {
				b.t.Errorf("entry %d has no reason", e.ID)
				continue
			}
			reasons[key] = append(reasons[key], e.Reasons[0])
		}
		if after = page.Next; after == 0 {
			return reasons
		}
	}
}

// checkQuarantine says that quarantine holds exactly the malformed messages for which held says so.
func (b *bench) checkQuarantine(all []message, held func(*fault) bool) map[string]string {
	b.t.Helper()
	found := b.quarantined()
	examples := make(map[string]string)
	missing := 0
	for i := range all {
		m := &all[i]
		if m.kind < 0 || !held(&faultKinds[m.kind]) {
			continue
		}
		reasons := found[m.key()]
		if len(reasons) == 0 {
			missing++
			b.t.Logf("not in quarantine: %s on %s", faultKinds[m.kind].name, m.topic)
			continue
		}
		examples[faultKinds[m.kind].name] = reasons[0]
		found[m.key()] = reasons[1:]
	}
	if missing > 0 {
		b.t.Errorf("%d malformed messages are not in quarantine", missing)
	}
	for key, reasons := range found {
		if len(reasons) > 0 {
			b.t.Errorf("%s is in quarantine %d times too often: %s", key, len(reasons), reasons[0])
		}
	}
	return examples
}

// Ten thousand malformed messages of every kind, and a thousand good ones between them: each is where it belongs, with
// a reason, and after a correction of the configuration what can be stored is.
func TestIntegrationMalformedMessages(t *testing.T) {
	load := newLoad(0)
	load.Messages, load.Stations = 1000, 10
	stations := ""
	for i := range load.Stations {
		stations += fmt.Sprintf("  - {id: %s, domain: air, interval: 1s}\n", load.Station(i))
	}
	b := newBench(t, fmt.Sprintf(registered, stations))
	b.startEgret()
	all := mixedMessages(load)
	malformed := len(all) - load.Messages
	if malformed != 10_000 {
		t.Fatalf("%d malformed messages", malformed)
	}

	most, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		b.publishMixed(all)
	}()
	publishing := true
	await(t, "all messages have come", func() bool {
		select {
		case <-done:
			publishing = false
		default:
		}
		most = max(most, b.egret.memory())
		return !publishing && b.ledger().Messages.Received >= uint64(len(all))
	})
	l := b.settle(len(all))
	t.Logf("memory: %d MiB at most, while %d messages of %d MiB came", most, largeFaults, largeBytes>>20)
	if most > 512 {
		t.Errorf("egret took %d MiB", most)
	}
	if l.Messages.Received != uint64(len(all)) || l.Messages.Refused != uint64(malformed) || l.Quarantine.Kept != uint64(malformed) {
		t.Errorf("%d messages were sent, %d of them malformed; the ledger is\n%v", len(all), malformed, l)
	}
	if right := b.checkLoad(load); right != load.Messages*load.Values {
		t.Errorf("%d values are right, %d were sent", right, load.Messages*load.Values)
	}
	examples := b.checkQuarantine(all, func(*fault) bool { return true })
	names := make([]string, 0, len(examples))
	for name := range examples {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%-18s  %s", name, examples[name])
	}

	b.egret.stop()
	b.reconfigure("  - {id: spare,", "  - {id: unlisted, domain: air}\n  - {id: spare,")
	b.reconfigure("\nstations:", "\nparameters:\n  voc: {domain: air, unit: mg/m3, low: 0, high: 1000}\nstations:")
	b.startEgret()
	started := time.Now()
	output, code := b.command("quarantine", "retry", "--all")
	t.Logf("egret quarantine retry --all, %.1f s:\n%s", time.Since(started).Seconds(), output)
	want := fmt.Sprintf("%d entries taken again with %d values, %d still refused", 2*eachFault, 2*eachFault, malformed-2*eachFault)
	if code != 0 || !strings.Contains(output, want) {
		t.Errorf("retry ends with %d; it should say: %s", code, want)
	}
	b.settle(len(all))
	b.checkQuarantine(all, func(f *fault) bool { return !f.mended })
	for station, parameter := range map[string]string{"unlisted": "pm25", "spare": "voc"} {
		found := b.query("SELECT " + parameter + " FROM air WHERE station = '" + station + "'")
		if len(found) != 1 || len(found[0].Values) != eachFault {
			t.Errorf("of %s %s is stored: %d series", station, parameter, len(found))
			continue
		}
		for i, row := range found[0].Values {
			wanted := map[string]string{"pm25": fmt.Sprintf("%d.5", i%100), "voc": fmt.Sprintf("%d.25", i%100)}[parameter]
			if string(row[0]) != fmt.Sprint(inTime(i)*1_000_000) || string(row[1]) != wanted {
				t.Fatalf("%s %s at %s is %s, want %s", station, parameter, row[0], row[1], wanted)
			}
		}
	}
	if right := b.checkLoad(load); right != load.Messages*load.Values {
		t.Errorf("after the retry %d values are right", right)
	}
}
