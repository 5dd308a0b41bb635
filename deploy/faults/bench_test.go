//go:build integration

package faults

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"egret/ingest/ledger"
)

// bench is a broker, a database, a receiver of alerts and an Egret between them.
type bench struct {
	t         *testing.T
	broker    *process
	database  *process
	egret     *process
	receiver  *receiver
	brokerURL string
	influxURL string
	httpURL   string
	directory string
}

// rules make load and probes fire and resolve often: the load's values are spread evenly over 40, so extremes come now
// and then, and means wander around their middle.
const rules = `
rules:
  - {id: pm25-mean, parameter: pm25, window: 1m, above: 21, clear_below: 20, min_coverage: 0.5}
  - {id: co-max, parameter: co, window: 1m, above: 46.9, for: 10s}
  - {id: so2-min, parameter: so2, window: 2m, below: 3.2}
  - {id: no2-mean, parameter: no2, window: 5m, above: 25, clear_below: 24.5, min_coverage: 0.5}
  - {id: probe, parameter: tsp, stations: {ids: [%s]}, window: 1m, statistic: max, above: 1000, severity: critical}
`

// quietRules watch the same windows against limits that the load does not reach, as on an ordinary day.
const quietRules = `
rules:
  - {id: pm25-mean, parameter: pm25, window: 1m, above: 100, min_coverage: 0.5}
  - {id: co-max, parameter: co, window: 1m, above: 100, for: 10s}
  - {id: so2-min, parameter: so2, window: 2m, below: 1}
  - {id: no2-mean, parameter: no2, window: 5m, above: 100, min_coverage: 0.5}
`

// newBench starts broker and database; register and more are added to Egret's configuration.
func newBench(t *testing.T, more string) *bench {
	b := &bench{t: t, directory: t.TempDir(), receiver: newReceiver(t)}
	brokerPort, influxPort, rpcPort, httpPort := freePort(t), freePort(t), freePort(t), freePort(t)
	b.brokerURL = fmt.Sprintf("tcp://127.0.0.1:%d", brokerPort)
	b.influxURL = fmt.Sprintf("http://127.0.0.1:%d", influxPort)
	b.httpURL = fmt.Sprintf("http://127.0.0.1:%d", httpPort)

	b.write("mosquitto.conf", fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\npersistence_location %s/\nautosave_interval 1\nmax_queued_messages 0\nmax_inflight_messages 1000\nmessage_size_limit 0\n", brokerPort, b.directory))
	b.broker = newProcess(t, "mosquitto", program(t, "mosquitto"), "-c", filepath.Join(b.directory, "mosquitto.conf"))
	b.broker.start()
	b.broker.await("it listens", func() bool { return listens(brokerPort) })

	b.database = newProcess(t, "influxd", program(t, "influxd"))
	b.database.env = []string{
		"INFLUXDB_REPORTING_DISABLED=true", "INFLUXDB_META_DIR=" + b.directory + "/meta", "INFLUXDB_DATA_DIR=" + b.directory + "/data",
		"INFLUXDB_DATA_WAL_DIR=" + b.directory + "/wal", "INFLUXDB_DATA_INDEX_VERSION=tsi1", "INFLUXDB_DATA_QUERY_LOG_ENABLED=false",
		fmt.Sprintf("INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:%d", influxPort), fmt.Sprintf("INFLUXDB_BIND_ADDRESS=127.0.0.1:%d", rpcPort),
		"INFLUXDB_HTTP_LOG_ENABLED=false", "INFLUXDB_MONITOR_STORE_ENABLED=false",
	}
	b.startDatabase()

	b.write("egret.yaml", fmt.Sprintf(`
data: %s/egret
broker: {url: %q}
influxdb: {url: %q, bucket: egret}
http: {listen: "127.0.0.1:%d"}
journal: {disk_reserve: 64MiB, tick: 1s}
limits: {quarantine_per_station: 100000, horizon: 48h}
delivery: {mqtt: true, webhooks: [{name: bench, url: %q}]}
%s`, b.directory, b.brokerURL, b.influxURL, httpPort, b.receiver.url, more))
	b.egret = newProcess(t, "egret", binary, "serve", "-c", filepath.Join(b.directory, "egret.yaml"))
	return b
}

func listens(port int) bool {
	connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	connection.Close()
	return true
}

func (b *bench) write(name, content string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.directory, name), []byte(content), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// reconfigure replaces a part of Egret's configuration, for its next start.
func (b *bench) reconfigure(old, new string) {
	b.t.Helper()
	content, err := os.ReadFile(filepath.Join(b.directory, "egret.yaml"))
	if err != nil {
		b.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		b.t.Fatalf("%q is not in the configuration:\n%s", old, content)
	}
	b.write("egret.yaml", strings.Replace(string(content), old, new, 1))
}

// command runs another egret with the bench's configuration, and returns what it prints and its exit code.
func (b *bench) command(arguments ...string) (output string, code int) {
	b.t.Helper()
	command := exec.CommandContext(b.t.Context(), binary, append(arguments, "-c", filepath.Join(b.directory, "egret.yaml"))...)
	content, err := command.CombinedOutput()
	if command.ProcessState == nil {
		b.t.Fatal(err)
	}
	return string(content), command.ProcessState.ExitCode()
}

func (b *bench) startDatabase() {
	b.database.start()
	b.database.await("it answers", func() bool { return answers(b.influxURL + "/ping") })
}

func (b *bench) startEgret() {
	b.egret.start()
	b.egret.await("it is ready", func() bool { return answers(b.httpURL + "/readyz") })
}

func (b *bench) get(path string, into any) {
	b.t.Helper()
	response, err := http.Get(b.httpURL + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
}

func (b *bench) ledger() (l ledger.Ledger) {
	b.get("/api/v1/ledger", &l)
	return l
}

// settle waits until everything received is stored and judged, and nothing waits in the outbox; the ledger must add up.
func (b *bench) settle(messages int) ledger.Ledger {
	b.t.Helper()
	await(b.t, "everything is stored and judged", func() bool {
		l := b.ledger()
		return l.Messages.Received >= uint64(messages) && l.Values.Waiting == 0 && l.Rules.Waiting == 0 && b.outbox() == 0
	})
	l := b.ledger()
	if !l.AddsUp {
		b.t.Errorf("the ledger does not add up: %v", l.Differences)
	}
	return l
}
