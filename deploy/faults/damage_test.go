//go:build integration

package faults

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"egret/ingest/ledger"
)

// storeFile returns the file of the store with that ending for which measure is the largest.
func storeFile(t *testing.T, data, ending string, measure func(fs.FileInfo) int64) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(data, "store", "*"+ending))
	if err != nil || len(paths) == 0 {
		t.Fatalf("the store in %s has no %s: %v", data, ending, err)
	}
	best, most := "", int64(-1)
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if size := measure(info); size > most {
			best, most = path, size
		}
	}
	return best
}

func size(info fs.FileInfo) int64 { return info.Size() }
func age(info fs.FileInfo) int64  { return info.ModTime().UnixNano() }

// cutTail cuts bytes off the end of the newest log that hold something: after them may be room that is not used yet.
func cutTail(t *testing.T, data string, bytes func(size int) int) {
	t.Helper()
	path := storeFile(t, data, ".log", age)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := len(strings.TrimRight(string(content), "\x00"))
	if err := os.Truncate(path, int64(max(end-bytes(end), 0))); err != nil {
		t.Fatal(err)
	}
}

// flipByte changes one byte of what a file holds, at a share of its length.
func flipByte(t *testing.T, path string, share float64) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := len(strings.TrimRight(string(content), "\x00"))
	content[int(share*float64(end))] ^= 0x10
	if err := os.WriteFile(path, content, 0o640); err != nil {
		t.Fatal(err)
	}
}

// contents returns the files of the store, to see that none was changed.
func contents(t *testing.T, data string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	paths, err := filepath.Glob(filepath.Join(data, "store", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = string(content)
	}
	return files
}

// parts are where the largest table is damaged: the journal lies between the readings of the rules and the rest.
var parts = []float64{0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98}

// A damaged data directory is refused with what is lost and what to do, or nothing of it is lost.
func TestIntegrationDamagedDataDirectory(t *testing.T) {
	b := newBench(t, fmt.Sprintf(rules, "nobody"))
	b.startEgret()
	load := newLoad(0)
	load.Messages = min(load.Messages, 20_000)
	b.publish(load)
	b.settle(load.Messages)
	b.egret.kill()
	b.startEgret() // the log of the first run becomes tables
	second := *load
	second.Start = load.Time(load.Messages)
	published := make(chan struct{})
	go func() {
		defer close(published)
		b.publish(&second)
	}()
	await(t, "half of the second load has come", func() bool { return b.ledger().Messages.Received > uint64(load.Messages*3/2) })
	acknowledged := b.ledger()
	b.egret.kill()
	<-published
	b.broker.stop() // what it still has must not make up for a loss

	data := filepath.Join(b.directory, "egret")
	type damage struct {
		name  string
		spoil func(t *testing.T, data string)
	}
	damages := []damage{
		{"nothing is damaged", func(*testing.T, string) {}},
		{"the log's last 5,000 bytes are cut off", func(t *testing.T, data string) { cutTail(t, data, func(int) int { return 5000 }) }},
		{"the last third of the log is cut off", func(t *testing.T, data string) { cutTail(t, data, func(size int) int { return size / 3 }) }},
		{"a byte in the middle of the log is changed", func(t *testing.T, data string) { flipByte(t, storeFile(t, data, ".log", age), 0.5) }},
	}
	for _, part := range parts {
		damages = append(damages, damage{fmt.Sprintf("a byte of the largest table is changed at %.0f %%", 100*part),
			func(t *testing.T, data string) { flipByte(t, storeFile(t, data, ".sst", size), part) }})
	}
	for _, damage := range damages {
		t.Run(damage.name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "egret")
			if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
				t.Fatal(err)
			}
			damage.spoil(t, copied)
			before := contents(t, copied)
			file := filepath.Join(t.TempDir(), "egret.yaml")
			original, err := os.ReadFile(filepath.Join(b.directory, "egret.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(strings.Replace(string(original), "data: "+data, "data: "+copied, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			egret := newProcess(t, "egret", binary, "serve", "-c", file)
			switch code := egret.runToEnd(func() bool { return answers(b.httpURL + "/healthz") }); code {
			case -1:
				await(t, "everything is stored and judged", func() bool { l := b.ledger(); return l.Values.Waiting+l.Rules.Waiting == 0 })
				wantEverything(t, b.ledger(), acknowledged)
				egret.kill()
				t.Log("it starts and holds everything")
			case 0:
				t.Error("it ended as if all were well")
			default:
				said := egret.said()
				t.Logf("exit code %d:\n%s", code, said)
				for _, part := range []string{"is damaged: ", "\nLost: ", "Nothing was changed", "restore " + copied, "from a backup", "move it away", "have the stations send"} {
					if !strings.Contains(said, part) {
						t.Errorf("it does not say %q", part)
					}
				}
				for path, content := range contents(t, copied) {
					if before[path] != content {
						t.Errorf("%s was changed", path)
					}
				}
				store := filepath.Join(copied, "store")
				if err := os.Rename(store, store+"-away"); err != nil {
					t.Fatal(err)
				}
				if code := egret.runToEnd(func() bool { return answers(b.httpURL + "/healthz") }); code != -1 {
					t.Errorf("with the store moved away, as it advised, it ends with %d", code)
				}
				egret.kill()
			}
		})
	}
}

func wantEverything(t *testing.T, got, acknowledged ledger.Ledger) {
	t.Helper()
	if !got.AddsUp || got.Messages.Received < acknowledged.Messages.Received || got.Values.Journaled < acknowledged.Values.Journaled || got.Rules.Values < acknowledged.Rules.Values {
		t.Errorf("acknowledged was\n%v\nit starts with\n%v", acknowledged, got)
	}
}
