package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"egret/deploy/config"
	"egret/ingest/ledger"
)

// egret runs a command line and returns what it prints, what it complains of and its exit code.
func egret(t *testing.T, arguments ...string) (output, problem string, code int) {
	t.Helper()
	var out bytes.Buffer
	root := rootCommand()
	root.SetArgs(arguments)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	if err != nil {
		problem = err.Error()
	}
	return out.String(), problem, exitCode(err)
}

// mustEgret runs a command that has to succeed and returns what it prints.
func mustEgret(t *testing.T, arguments ...string) string {
	t.Helper()
	output, problem, code := egret(t, arguments...)
	if code != exitDone {
		t.Fatalf("egret %s ends with %d: %s", strings.Join(arguments, " "), code, problem)
	}
	return output
}

func write(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "egret.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVersionSaysWhatRuns(t *testing.T) {
	wantText(t, mustEgret(t, "version"), "egret "+version, "go1.")
}

func TestEachCommandHelpsWithAnExample(t *testing.T) {
	for _, command := range rootCommand().Commands() {
		if command.Example == "" || command.Short == "" {
			t.Errorf("egret %s has no example or no short text", command.Name())
		}
		wantText(t, mustEgret(t, command.Name(), "--help"), "Usage:", "Examples:")
	}
}

func TestACommandLineThatIsNotRightEndsWithTwo(t *testing.T) {
	for _, line := range []string{
		"fly", "serve --speed 3", "version loudly", "check one two", "quarantine show", "quarantine show eleven",
		"quarantine show 1 2", "quarantine retry", "quarantine drop 3 --all", "quarantine drop three", "quarantine mend 1",
		"simulate --format xml", "simulate --messages 5 --start yesterday", "simulate --rate fast",
	} {
		if output, problem, code := egret(t, strings.Fields(line)...); code != exitUsage || problem == "" {
			t.Errorf("egret %s ends with %d: %q %q", line, code, problem, output)
		}
	}
}

func TestCheckSaysEveryMistakeWithItsLine(t *testing.T) {
	good := write(t, "stations:\n  - {id: s1, domain: air}\nrules:\n  - {id: high, parameter: pm25, window: 1h, above: 75}\n")
	wantText(t, mustEgret(t, "check", "-c", good), good+" is in order: 1 stations, 1 rules, 0 plans, 3 topics")

	bad := write(t, "zone: Asia/Atlantis\nrules:\n  - {id: high, parameter: pm52, window: 1h, above: 75}\nspeed: 3\n")
	_, problem, code := egret(t, "check", "-c", bad)
	if code != exitInput {
		t.Errorf("check of a bad file ends with %d", code)
	}
	wantText(t, problem, bad+":1: zone: ", bad+":3: ", "pm52", bad+":4: ", "speed")
	if _, problem, code = egret(t, "serve", "-c", bad); code != exitInput || !strings.Contains(problem, bad+":1: zone: ") {
		t.Errorf("serve of a bad file ends with %d: %s", code, problem)
	}

	_, problem, code = egret(t, "check", "-c", filepath.Join(t.TempDir(), "none.yaml"))
	if code != exitInput {
		t.Errorf("check of no file ends with %d", code)
	}
	wantText(t, problem, "none.yaml", "-c")
}

func TestTheExampleIsInOrder(t *testing.T) {
	example := mustEgret(t, "check", "--example")
	if example != config.Example {
		t.Error("check --example prints something else")
	}
	wantText(t, mustEgret(t, "check", "-c", write(t, example)), "is in order")
}

func TestSimulateSaysWhatIsUnreachable(t *testing.T) {
	s := open(t, embeddedConfig(t.TempDir()))
	address := s.brokerURL()
	s.stop()
	output, problem, code := egret(t, "simulate", "--broker", address, "--messages", "10")
	if code != exitUnreachable {
		t.Errorf("it ends with %d", code)
	}
	wantText(t, problem, strings.TrimPrefix(address, "tcp://"))
	wantText(t, output, "0 messages sent, 0 acknowledged")
}

func TestSimulateCountsWhatItPublished(t *testing.T) {
	s := start(t, embeddedConfig(t.TempDir()))
	output := mustEgret(t, "simulate", "--broker", s.brokerURL(), "--messages", "400", "--stations", "8", "--clients", "4", "--values", "3")
	wantText(t, output, "400 messages sent, 400 acknowledged, 0 connections lost")
	s.settle(400)
	wantText(t, mustEgret(t, "ledger", "--data", s.config.Data), "received 400 = journaled 400", "journaled 1200 = in InfluxDB 1200")
}

// The operator's way with quarantine and ledger, while serve runs and when nobody holds the directory.
func TestQuarantineAndLedger(t *testing.T) {
	t.Run("of a running serve", func(t *testing.T) { quarantineAndLedger(t, true) })
	t.Run("of a directory that nobody holds", func(t *testing.T) { quarantineAndLedger(t, false) })
}

func quarantineAndLedger(t *testing.T, held bool) {
	c := embeddedConfig(t.TempDir())
	if _, problem, code := egret(t, "quarantine", "list", "--data", c.Data); code != 1 || !strings.Contains(problem, "is no data directory of egret") {
		t.Errorf("in an empty directory: code %d, %s", code, problem)
	}
	s := start(t, c)
	wantText(t, mustEgret(t, "quarantine", "list", "--data", c.Data), "nothing is in quarantine")
	s.publish("stations/s1/readings", `{"values":{"voc":0.4,"pm25":10}}`)
	s.publish("stations/s2/readings", `{"values":{"pm25":"`+"\x1b[31mred"+`"}}`)
	s.publish("somewhere/else", `{"values":{"pm25":1}}`)
	s.publish("stations/s3/readings", `{"values":{"voc":0.7}}`)
	s.publish("stations/s5/readings", `{"values":{"pm25":1}}`+strings.Repeat(" ", 1<<20)) // only its beginning is kept
	s.settle(5)
	s.stop()

	// The configuration is corrected: voc is declared now.
	corrected := write(t, "data: "+c.Data+"\nparameters:\n  voc: {domain: air, unit: mg/m3, low: 0, high: 100}\n")
	where := []string{"--config", corrected}
	if held {
		loaded, err := config.Load(corrected, os.LookupEnv)
		if err != nil {
			t.Fatal(err)
		}
		c.Parameters = loaded.Parameters
		s = start(t, c)
	}
	on := func(line string, numbers ...string) []string {
		return append(append(strings.Fields(line), numbers...), where...)
	}

	list := mustEgret(t, on("quarantine list")...)
	wantText(t, list, "NUMBER", "stations/s1/readings", `parameter "voc" is not known`, "no subscription takes the topic")
	if lines := strings.Count(list, "\n"); lines != 6 {
		t.Errorf("five entries are listed in %d lines:\n%s", lines, list)
	}
	wantText(t, mustEgret(t, on("quarantine list --limit 2")...), "more: egret quarantine list --after 2")
	if only := mustEgret(t, on("quarantine list --station s2")...); strings.Contains(only, "s1") || !strings.Contains(only, "s2") {
		t.Errorf("the list of station s2 is\n%s", only)
	}
	for line := range strings.Lines(mustEgret(t, on("quarantine list --json")...)) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	shown := mustEgret(t, on("quarantine show 2")...)
	wantText(t, shown, "number    2", "station   s2", "from      stations/s2/readings", "reason    not JSON: a control character", "payload   ")
	if strings.ContainsRune(shown, '\x1b') {
		t.Errorf("a station can steer the operator's terminal: %q", shown)
	}

	wantText(t, mustEgret(t, on("quarantine retry 1")...), "1 entries taken again with 1 values, 0 still refused")
	wantText(t, mustEgret(t, on("quarantine retry --all")...), "2 is still refused: ", "5 is still refused: only the beginning of the payload was kept", "1 entries taken again with 1 values, 3 still refused")
	wantText(t, mustEgret(t, on("quarantine drop --all --station s2")...), "1 entries dropped")
	wantText(t, mustEgret(t, on("quarantine drop", "3", "5")...), "2 entries dropped")
	wantText(t, mustEgret(t, on("quarantine list")...), "nothing is in quarantine")
	for _, line := range []string{"quarantine show", "quarantine retry", "quarantine drop"} {
		if _, problem, code := egret(t, on(line, "2")...); code != exitInput || !strings.Contains(problem, "no such quarantine entry") {
			t.Errorf("%s of an entry that is gone ends with %d: %s", line, code, problem)
		}
	}

	wantText(t, mustEgret(t, on("ledger")...), "received 5 = journaled 1 + quarantined as a whole 4", "values      journaled 3 = ",
		"entries added 5 = kept 0 + retried 2 + dropped 3", "It adds up.")
	var l ledger.Ledger
	if err := json.Unmarshal([]byte(mustEgret(t, on("ledger --json")...)), &l); err != nil || !l.AddsUp || l.Values.Journaled != 3 {
		t.Errorf("the ledger as JSON is %+v: %v", l, err)
	}

	if !held {
		s = start(t, c)
	}
	s.settle(5)
	if l := s.ledger(); l.Values.Stored != 3 || !l.AddsUp {
		t.Errorf("in the end the ledger is\n%v", l)
	}
}

func TestASecondServeIsToldWhoHoldsTheDirectory(t *testing.T) {
	c := embeddedConfig(t.TempDir())
	s := start(t, c)
	file := write(t, "data: "+c.Data+"\nbroker: {listen: \"127.0.0.1:0\"}\ninfluxdb: {listen: \"127.0.0.1:0\"}\nhttp: {listen: \"127.0.0.1:0\"}\n")
	_, problem, code := egret(t, "serve", "-c", file)
	if code != exitUnreachable {
		t.Errorf("the second serve ends with %d: %s", code, problem)
	}
	wantText(t, problem, "data directory "+c.Data+" is held by process ", "(egret serve)", "stop it")
	s.publish("stations/s1/readings", `{"values":{"pm25":1}}`)
	s.settle(1)
}

func TestAnAddressThatIsTakenIsNamed(t *testing.T) {
	s := start(t, embeddedConfig(t.TempDir()))
	file := write(t, "data: "+t.TempDir()+"\nhttp: {listen: \""+strings.TrimPrefix(s.httpURL(), "http://")+"\"}\n")
	_, problem, code := egret(t, "serve", "-c", file)
	if code != exitUnreachable {
		t.Errorf("it ends with %d", code)
	}
	wantText(t, problem, "http.listen", strings.TrimPrefix(s.httpURL(), "http://"))
}
