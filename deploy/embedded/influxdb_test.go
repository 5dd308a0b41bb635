package embedded

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/influxdb/tsdb"
	"go.uber.org/zap"
)

// influxReadings is an hour or two of a small network: two stations with
// flags, a plan with text and a truth value, text that JSON must escape, and
// two values whose sum is no float64.
const influxReadings = `air,station=s1,period=1h pm25=35.2,pm25_flag=0i,co=0.6,co_flag=0i 1795190400000000000
air,station=s1,period=1h pm25=41,pm25_flag=3i,co=0.71,co_flag=0i 1795194000000000000
air,station=s2,period=1h pm25=12.25,pm25_flag=0i,co=0.4,co_flag=1i 1795190400123456789
air,station=s2,period=1h pm25=0.0000001,pm25_flag=0i 1795204800000000000
plan,plan=five-year,target=pm25 value=28.4,limit=29,met=true,message="on\"course" 1795190400000000000
note,station=s1 text="a<b & c>d 白鹭" 1795190400000000000
huge,station=s1 v=1.7e308 1
huge,station=s1 v=1.7e308 2
`

const influxFormType = "application/x-www-form-urlencoded"

func TestInfluxDBStartsWithItsDatabaseAndPolicy(t *testing.T) {
	server := startInfluxDB(t, t.TempDir()).URL()

	wantInflux(t, askInflux(t, server, "q=SHOW DATABASES"),
		`{"results":[{"statement_id":0,"series":[{"name":"databases","columns":["name"],"values":[["egret"]]}]}]}`)
	wantInflux(t, askInflux(t, server, "db=egret&q=SHOW RETENTION POLICIES"),
		`{"results":[{"statement_id":0,"series":[{"columns":["name","duration","shardGroupDuration","replicaN","default"],"values":[["autogen","0s","2016h0m0s",1,true]]}]}]}`)
}

func TestInfluxDBKeepsEverythingOverARestart(t *testing.T) {
	directory := t.TempDir()
	first := startInfluxDB(t, directory)
	writeInflux(t, first.URL(), influxReadings)
	changeInflux(t, first.URL(), "q=ALTER RETENTION POLICY autogen ON egret DURATION 520w")
	const question = "db=egret&q=SELECT * FROM air; SHOW SERIES; SHOW FIELD KEYS; SHOW RETENTION POLICIES"
	before := askInflux(t, first.URL(), question)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(first.URL() + "/ping"); err == nil {
		t.Error("a closed database still answers")
	}

	second := startInfluxDB(t, directory)
	wantInflux(t, askInflux(t, second.URL(), question), before)
	if !strings.Contains(before, `"520w`) && !strings.Contains(before, `"87360h0m0s"`) {
		t.Errorf("the altered retention policy is not in %s", before)
	}
}

// The test runs itself as the process that is killed.
func TestInfluxDBKeepsEverythingOfAKilledProcess(t *testing.T) {
	const variable = "EGRET_TEST_INFLUXDB_DIRECTORY"
	if directory := os.Getenv(variable); directory != "" {
		db, err := StartInfluxDB(InfluxDBConfig{Directory: directory, Listen: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(db.URL())
		select {} // until killed
	}

	directory := t.TempDir()
	for round := range 3 {
		victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		victim.Env = append(os.Environ(), variable+"="+directory)
		output, err := victim.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := victim.Start(); err != nil {
			t.Fatal(err)
		}
		server, err := bufio.NewReader(output).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			n := 50*round + i
			writeInflux(t, strings.TrimSpace(server), fmt.Sprintf("air,station=s%d pm25=%d.5,pm25_flag=0i %d\n", n, n, 1795190400000000000+n))
		}
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = victim.Wait() // "killed" is no news
	}

	server := startInfluxDB(t, directory).URL()
	wantInflux(t, askInflux(t, server, "db=egret&epoch=s&q=SELECT count(pm25), sum(pm25), count(pm25_flag) FROM air; SHOW SERIES CARDINALITY"),
		`{"results":[{"statement_id":0,"series":[{"name":"air","columns":["time","count","sum","count_1"],"values":[[0,150,11250,150]]}]},`+
			`{"statement_id":1,"series":[{"columns":["cardinality estimation"],"values":[[150]]}]}]}`)
}

func TestInfluxDBSaysWhyItCannotStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	inUse := t.TempDir()
	startInfluxDB(t, inUse)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.MkdirAll(filepath.Join(damaged, "meta"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "meta", "meta.db"), []byte("not a catalogue"), 0o600); err != nil {
		t.Fatal(err)
	}

	refuses := func(directory, listen string, mentions ...string) {
		t.Helper()
		db, err := StartInfluxDB(InfluxDBConfig{Directory: directory, Listen: listen})
		if err == nil {
			t.Errorf("started in %s on %s: %v", directory, listen, db.Close())
			return
		}
		for _, mention := range mentions {
			if !strings.Contains(err.Error(), mention) {
				t.Errorf("%q is not in: %v", mention, err)
			}
		}
	}
	port := taken.Addr().String()
	refuses(t.TempDir(), port, port, "the port is taken", "influxdb.listen", "stop the process")
	refuses(t.TempDir(), "127.0.0.1:elephant", "127.0.0.1:elephant", "influxdb.listen")
	refuses(filepath.Join(file, "data"), "127.0.0.1:0", file, "writable")
	refuses(inUse, "127.0.0.1:0", inUse, "in use", "stop the other process")
	refuses(damaged, "127.0.0.1:0", damaged, "catalogue")
}

func TestInfluxDBReleasesItsDirectoryWhenThePortIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	directory := t.TempDir()
	if db, err := StartInfluxDB(InfluxDBConfig{Directory: directory, Listen: taken.Addr().String()}); err == nil {
		t.Fatalf("started on a taken port: %v", db.Close())
	}
	startInfluxDB(t, directory)
}

func TestInfluxDBClosesWhileAQueryRuns(t *testing.T) {
	db := startInfluxDB(t, t.TempDir())
	writeInflux(t, db.URL(), influxCrowd())

	answered := make(chan string, 1)
	go func() {
		response, err := http.Get(db.URL() + "/query?" + influxForm(influxEndlessQuery))
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answered <- string(body)
	}()
	waitForInfluxQueries(t, db.URL(), true)

	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if body := <-answered; !strings.Contains(body, "query engine shutdown") {
		t.Errorf("the query was told %q", body)
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestInfluxDBLogsTroubleAndNoChatter(t *testing.T) {
	var lines strings.Builder
	logger := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	engine := zap.New(&influxLogCore{logger: logger}).With(zap.String("service", "store"))
	engine.Debug("Looking")
	engine.Info("Opened shard", zap.Int("shard", 1))
	engine.Info("Aborted compaction", zap.Error(io.EOF))
	engine.Info("Failed to open shard", zap.Int("shard", 2), zap.Error(tsdb.ErrShardNotFound))
	engine.Warn("Mixed shard index types")
	engine.Error("Unable to remove file", zap.String("path", "x"))

	wantInflux(t, lines.String(), `level=WARN msg="influxdb: Failed to open shard" service=store error="shard not found" shard=2
level=WARN msg="influxdb: Mixed shard index types" service=store
level=ERROR msg="influxdb: Unable to remove file" service=store path=x
`)
}

func startInfluxDB(t testing.TB, directory string) *InfluxDB {
	t.Helper()
	db, err := StartInfluxDB(InfluxDBConfig{Directory: directory, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// describeInfluxAnswer sends a request and tells what a client sees of the
// answer: status, error header, type and body.
func describeInfluxAnswer(t testing.TB, server, method, path, contentType, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return sendToInflux(t, request)
}

func sendToInflux(t testing.TB, request *http.Request) string {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	seen := response.Status
	if refusal := response.Header.Get("X-Influxdb-Error"); refusal != "" {
		seen += " [" + refusal + "]"
	}
	if len(text) > 0 {
		seen += " " + response.Header.Get("Content-Type") + " " + string(text)
	}
	return seen
}

func writeInflux(t testing.TB, server, lines string) {
	t.Helper()
	wantInflux(t, describeInfluxAnswer(t, server, http.MethodPost, "/api/v2/write?bucket=egret", "", lines), "204 No Content")
}

// askInflux sends a query by GET and returns the body of a good answer.
func askInflux(t testing.TB, server, parameters string) string {
	t.Helper()
	return bodyFromInflux(t, describeInfluxAnswer(t, server, http.MethodGet, "/query?"+influxForm(parameters), "", ""))
}

// changeInflux sends a query by POST and returns the body of a good answer.
func changeInflux(t testing.TB, server, parameters string) string {
	t.Helper()
	return bodyFromInflux(t, describeInfluxAnswer(t, server, http.MethodPost, "/query", influxFormType, influxForm(parameters)))
}

func bodyFromInflux(t testing.TB, seen string) string {
	t.Helper()
	body, good := strings.CutPrefix(seen, "200 OK application/json ")
	if !good {
		t.Fatalf("InfluxDB answered %s", seen)
	}
	return body
}

func wantInflux(t testing.TB, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// influxForm encodes "name=value&name=value", written without escapes.
func influxForm(parameters string) string {
	form := url.Values{}
	for pair := range strings.SplitSeq(parameters, "&") {
		name, value, _ := strings.Cut(pair, "=")
		form.Set(name, value)
	}
	return form.Encode()
}

// influxEndlessQuery takes far longer than any test waits, and little memory:
// a day of milliseconds for each of the crowd's 200 stations.
const influxEndlessQuery = "db=egret&q=SELECT count(mean) FROM (SELECT mean(leq) FROM noise WHERE time >= '2026-11-20T16:00:00Z' AND time < '2026-11-21T16:00:00Z' GROUP BY time(1ms), station fill(0))"

func influxCrowd() string {
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, "noise,station=n%d leq=%d.5 1795190400000000000\n", i, 40+i%30)
	}
	return lines.String()
}

// waitForInfluxQueries waits until a query other than its own runs, or none.
func waitForInfluxQueries(t testing.TB, server string, running bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for strings.Contains(askInflux(t, server, "q=SHOW QUERIES"), "count(mean)") != running {
		if time.Now().After(deadline) {
			t.Fatalf("after ten seconds, query running is still not %t", running)
		}
	}
}
