//go:build integration

package embedded

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Two servers that were told the same must say the same, byte for byte.

func TestAnswersEqualThoseOfInfluxd(t *testing.T) {
	influxd := startInfluxd(t)
	embedded := startInfluxDB(t, t.TempDir()).URL()
	createEgretDatabase(t, influxd)

	writes := []struct{ name, path, body string }{
		{"readings", "/api/v2/write?org=&bucket=egret&precision=ns", influxReadings},
		{"into a named retention policy", "/api/v2/write?bucket=egret/autogen&precision=s", "air,station=s9 pm25=1 1000000000"},
		{"old form with minutes", "/write?db=egret&rp=autogen&precision=m", "air,station=s9 pm25=2 16666667"},
		{"one bad line among good ones", "/api/v2/write?bucket=egret", "air,station=s8 pm25=1 1\nair,station=s8 pm25=\nair,station=s8 pm25=3 3"},
		{"only a bad line", "/api/v2/write?bucket=egret", "not a line"},
		{"old form, only bad lines", "/write?db=egret", "not a line\nair pm25=abc"},
		{"field of another type", "/api/v2/write?bucket=egret", "air,station=s1,period=1h pm25=\"much\" 5\nair,station=s8 pm25=5 5"},
		{"nothing", "/api/v2/write?bucket=egret", ""},
		{"only a comment", "/api/v2/write?bucket=egret", "# nothing here\n"},
		{"unknown database", "/api/v2/write?bucket=nowhere", "air pm25=1"},
		{"old form, unknown database", "/write?db=nowhere", "air pm25=1"},
		{"unknown retention policy", "/api/v2/write?bucket=egret/never", "air pm25=1"},
		{"old form without a database", "/write", "air pm25=1"},
		{"time out of range", "/write?db=egret&precision=h", "air pm25=1 9223372036854775807"},
	}
	for _, w := range writes {
		t.Run("write "+w.name, func(t *testing.T) {
			send := func(server string) string {
				return describeInfluxAnswer(t, server, http.MethodPost, w.path, "text/plain", w.body)
			}
			compareInfluxAnswers(t, send(embedded), send(influxd))
		})
	}

	queries := []struct{ name, parameters string }{
		{"readings of a station", "db=egret&q=SELECT * FROM air WHERE station='s1'"},
		{"two fields", "db=egret&q=SELECT pm25, pm25_flag FROM air"},
		{"nanoseconds", "db=egret&epoch=ns&q=SELECT pm25 FROM air"},
		{"microseconds", "db=egret&epoch=u&q=SELECT pm25 FROM air"},
		{"milliseconds", "db=egret&epoch=ms&q=SELECT pm25 FROM air"},
		{"seconds", "db=egret&epoch=s&q=SELECT pm25 FROM air"},
		{"minutes", "db=egret&epoch=m&q=SELECT pm25 FROM air"},
		{"hours", "db=egret&epoch=h&q=SELECT pm25 FROM air"},
		{"hours with gaps", "db=egret&q=SELECT mean(pm25) FROM air WHERE time >= '2026-11-20T16:00:00Z' AND time < '2026-11-20T22:00:00Z' GROUP BY time(1h), station fill(null)"},
		{"hours filled with the previous", "db=egret&epoch=ms&q=SELECT mean(pm25), max(co) FROM air WHERE time >= '2026-11-20T16:00:00Z' AND time < '2026-11-20T22:00:00Z' GROUP BY time(1h) fill(previous)"},
		{"days of a zone", "db=egret&q=SELECT count(pm25) FROM air WHERE time >= '2026-11-20T16:00:00Z' AND time < '2026-11-22T16:00:00Z' GROUP BY time(1d) tz('Asia/Shanghai')"},
		{"all tags", "db=egret&q=SELECT last(pm25) FROM air GROUP BY *"},
		{"several measurements", "db=egret&q=SELECT mean(*) FROM /.*/ GROUP BY station"},
		{"pattern of stations", "db=egret&q=SELECT pm25 FROM air WHERE station =~ /^(s1|s2)$/ ORDER BY time DESC LIMIT 3"},
		{"percentile", "db=egret&q=SELECT percentile(pm25, 90), spread(pm25) FROM air"},
		{"sub-query", "db=egret&q=SELECT max(mean) FROM (SELECT mean(pm25) FROM air GROUP BY station)"},
		{"text and booleans", "db=egret&q=SELECT * FROM plan"},
		{"markup in text", "db=egret&q=SELECT * FROM note"},
		{"pretty", "db=egret&pretty=true&q=SELECT pm25 FROM air WHERE station='s1' LIMIT 2"},
		{"several statements", "db=egret&q=SELECT count(pm25) FROM air; SHOW DATABASES; SELECT pm25 FROM nothing"},
		{"several statements, one wrong", "db=egret&q=SHOW DATABASES; SELECT pm25 FROM nowhere..air; SHOW MEASUREMENTS"},
		{"bound parameters", `db=egret&q=SELECT pm25 FROM air WHERE station = $s AND pm25 > $v&params={"s":"s1","v":30.5}`},
		{"bound integer", `db=egret&q=SELECT pm25 FROM air WHERE pm25_flag = $f&params={"f":0}`},
		{"bound parameter missing", `db=egret&q=SELECT pm25 FROM air WHERE station = $s`},
		{"bad parameters", `db=egret&q=SELECT pm25 FROM air&params={"s":`},
		{"databases", "q=SHOW DATABASES"},
		{"retention policies", "db=egret&q=SHOW RETENTION POLICIES"},
		{"measurements", "db=egret&q=SHOW MEASUREMENTS"},
		{"tag values", "db=egret&q=SHOW TAG VALUES FROM air WITH KEY = station"},
		{"tag values of two keys", "db=egret&q=SHOW TAG VALUES WITH KEY IN (station, period) WHERE station =~ /s/"},
		{"tag keys", "db=egret&q=SHOW TAG KEYS"},
		{"field keys", "db=egret&q=SHOW FIELD KEYS"},
		{"series", "db=egret&q=SHOW SERIES"},
		{"cardinality", "db=egret&q=SHOW SERIES CARDINALITY"},
		{"continuous queries", "q=SHOW CONTINUOUS QUERIES"},
		{"users", "q=SHOW USERS"},
		{"no such measurement", "db=egret&q=SELECT pm25 FROM nothing"},
		{"no such database", "db=nowhere&q=SELECT pm25 FROM air"},
		{"no database", "q=SELECT pm25 FROM air"},
		{"no such retention policy", "db=egret&rp=never&q=SELECT pm25 FROM air"},
		{"named retention policy", "db=egret&rp=autogen&q=SELECT pm25 FROM air LIMIT 1"},
		{"sum beyond float64", "db=egret&q=SELECT sum(v) FROM huge"},
		{"parse error", "db=egret&q=SELECT FROM WHERE"},
		{"nothing to do", "db=egret&q="},
		{"only a separator", "db=egret&q=;"},
		{"explain", "db=egret&q=EXPLAIN SELECT mean(pm25) FROM air"},
	}
	for _, q := range queries {
		form := influxForm(q.parameters)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(method+" "+q.name, func(t *testing.T) {
				ask := func(server string) string {
					if method == http.MethodGet {
						return describeInfluxAnswer(t, server, method, "/query?"+form, "", "")
					}
					return describeInfluxAnswer(t, server, method, "/query", influxFormType, form)
				}
				compareInfluxAnswers(t, ask(embedded), ask(influxd))
			})
		}
	}

	changes := []string{
		"q=CREATE DATABASE other",
		"q=CREATE DATABASE other; SHOW DATABASES",
		"db=other&q=SHOW RETENTION POLICIES",
		"db=egret&q=CREATE RETENTION POLICY derived ON egret DURATION INF REPLICATION 1 SHARD DURATION 52w; SHOW RETENTION POLICIES",
		"db=egret&q=SELECT mean(pm25) AS pm25 INTO egret.derived.air FROM air WHERE time > 0 GROUP BY station; SELECT * FROM egret.derived.air",
		"db=egret&q=DELETE FROM air WHERE station='s2'; SELECT pm25 FROM air GROUP BY station",
		"db=egret&q=DROP MEASUREMENT plan; SHOW MEASUREMENTS",
		"q=DROP DATABASE other; SHOW DATABASES",
	}
	for _, change := range changes {
		t.Run("change "+change, func(t *testing.T) {
			ask := func(server string) string {
				return describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, influxForm(change))
			}
			compareInfluxAnswers(t, ask(embedded), ask(influxd))
		})
	}

	for _, path := range []string{"/ping", "/ping?verbose=true", "/health", "/nowhere"} {
		t.Run("GET "+path, func(t *testing.T) {
			ask := func(server string) string { return describeInfluxAnswer(t, server, http.MethodGet, path, "", "") }
			compareInfluxAnswers(t, ask(embedded), ask(influxd))
		})
	}
}

// A series longer than the engine's chunks must come back whole.
func TestLongSeriesEqualsThatOfInfluxd(t *testing.T) {
	influxd := startInfluxd(t)
	embedded := startInfluxDB(t, t.TempDir()).URL()
	createEgretDatabase(t, influxd)

	var lines strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&lines, "noise,station=n%d leq=%d.5 %d\n", i%2, 40+i%30, 1_800_000_000+i)
	}
	ask := func(server string) string {
		describeInfluxAnswer(t, server, http.MethodPost, "/api/v2/write?bucket=egret&precision=s", "", lines.String())
		return describeInfluxAnswer(t, server, http.MethodGet,
			"/query?"+influxForm("db=egret&epoch=s&q=SELECT leq FROM noise; SELECT leq FROM noise GROUP BY station"), "", "")
	}
	compareInfluxAnswers(t, ask(embedded), ask(influxd))
}

// startInfluxd runs the real server on a free port until the test ends.
func startInfluxd(t *testing.T) (server string) {
	t.Helper()
	program := findInfluxd(t)
	directory := t.TempDir()
	address := freeInfluxAddress(t)
	configuration := filepath.Join(directory, "influxd.toml")
	text := fmt.Sprintf(`reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
dir = %q
[data]
dir = %q
wal-dir = %q
index-version = "tsi1"
[http]
bind-address = %q
log-enabled = false
[monitor]
store-enabled = false
[logging]
level = "error"
suppress-logo = true
`, filepath.Join(directory, "meta"), filepath.Join(directory, "data"), filepath.Join(directory, "wal"), address)
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	command := exec.CommandContext(t.Context(), program, "run", "-config", configuration)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})

	server = "http://" + address
	deadline := time.Now().Add(30 * time.Second)
	for {
		response, err := http.Get(server + "/ping")
		if err == nil {
			response.Body.Close()
			return server
		}
		if time.Now().After(deadline) {
			t.Fatalf("influxd does not answer on %s: %v", address, err)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func findInfluxd(t *testing.T) string {
	t.Helper()
	if program, err := exec.LookPath("influxd"); err == nil {
		return program
	}
	gopath, err := exec.Command("go", "env", "GOPATH").Output()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(strings.TrimSpace(string(gopath)), "bin", "influxd")
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("influxd 1.8.10 is neither in PATH nor there: %v (go install github.com/influxdata/influxdb/cmd/influxd@v1.8.10)", err)
	}
	return program
}

func freeInfluxAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// createEgretDatabase gives influxd the database that the embedded one has
// from the start.
func createEgretDatabase(t *testing.T, server string) {
	t.Helper()
	form := influxForm(`q=CREATE DATABASE egret WITH DURATION INF SHARD DURATION 12w NAME autogen`)
	describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, form)
}

func compareInfluxAnswers(t *testing.T, got, want string) {
	t.Helper()
	// A server from go install was not told its own version.
	want = strings.Replace(want, `"version":"unknown"`, `"version":"1.8.10"`, 1)
	if got != want {
		t.Errorf("answers differ\nembedded: %s\ninfluxd:  %s", got, want)
	}
}
