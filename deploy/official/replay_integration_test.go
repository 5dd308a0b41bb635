//go:build integration

package official

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// table is a table of readings as `egret replay` takes it.
type table struct {
	t    *testing.T
	path string
	file *os.File
	csv  *csv.Writer
}

// newTable begins a table; its first columns are time and station.
func newTable(t *testing.T, columns ...string) *table {
	t.Helper()
	w := &table{t: t, path: filepath.Join(t.TempDir(), "in.csv")}
	var err error
	if w.file, err = os.Create(w.path); err != nil {
		t.Fatal(err)
	}
	w.csv = csv.NewWriter(w.file)
	if err := w.csv.Write(append([]string{"time", "station"}, columns...)); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *table) row(start, station string, cells ...string) {
	w.t.Helper()
	if err := w.csv.Write(append([]string{start, station}, cells...)); err != nil {
		w.t.Fatal(err)
	}
}

// line is a line of replay's output: the fields of averages, indices and classes that are compared.
type line struct {
	Type      string         `json:"type"`
	Station   string         `json:"station"`
	Parameter string         `json:"parameter"`
	Period    string         `json:"period"`
	Start     string         `json:"start"`
	Value     json.Number    `json:"value"`
	Count     int            `json:"count"`
	AQI       *int           `json:"aqi"`
	Partial   *int           `json:"partial_aqi"`
	Published bool           `json:"published"`
	Category  string         `json:"category"`
	Primary   []string       `json:"primary"`
	IAQI      map[string]int `json:"iaqi"`
	Class     int            `json:"class"`
	Missing   []string       `json:"missing"`
}

// key is what a figure is looked up by.
type key struct{ station, start string }

func (l *line) key() key { return key{l.Station, l.Start} }

// figures keeps the last line of each key, of the lines of a type and period.
func (w *table) figures(standards string, stations []string, kind, period string) map[key]*line {
	w.t.Helper()
	found := map[key]*line{}
	w.replay(standards, stations, func(l *line) {
		if l.Period == period {
			found[l.key()] = l
		}
	}, `"type":"`+kind+`"`)
	return found
}

// replay runs `egret replay` over the table and calls each with the lines that hold one of the wanted texts. Nothing may
// be refused: the feeds' values are published ones.
func (w *table) replay(standards string, stations []string, each func(*line), wanted ...string) {
	w.t.Helper()
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		w.t.Fatal(err)
	}
	if err := w.file.Close(); err != nil {
		w.t.Fatal(err)
	}
	config := filepath.Join(filepath.Dir(w.path), "egret.yaml")
	if err := os.WriteFile(config, []byte(w.configuration(standards, stations)), 0o600); err != nil {
		w.t.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(binary, "replay", "--windows", "-c", config, w.path)
	command.Stderr = &said
	output, err := command.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	lines.Buffer(make([]byte, 64<<10), 1<<20)
	count := 0
	for ; lines.Scan(); count++ {
		switch text := lines.Bytes(); {
		case bytes.HasPrefix(text, []byte(`{"type":"refused"`)):
			w.t.Errorf("refused: %s", text)
		case slices.ContainsFunc(wanted, func(part string) bool { return bytes.Contains(text, []byte(part)) }):
			l := new(line)
			if err := json.Unmarshal(text, l); err != nil {
				w.t.Fatalf("%s: %v", text, err)
			}
			each(l)
		}
	}
	if err := command.Wait(); err != nil {
		w.t.Fatalf("egret replay: %v\n%s", err, said.String())
	}
	said.Truncate(len(bytes.TrimSpace(said.Bytes())))
	total := said.String()[strings.LastIndexByte(said.String(), '\n')+1:] // after its progress
	w.t.Logf("replay: %d lines out in %.1f s; %s", count, time.Since(began).Seconds(), total)
}

// configuration is an egret.yaml that lets the figures of a feed stand as they are.
func (w *table) configuration(standards string, stations []string) string {
	return fmt.Sprintf("zone: Asia/Shanghai\nlow_values: keep\nlimits: {horizon: 8784h}\nstandards: {%s}\nstations:\n%s\n", standards, strings.Join(stations, "\n"))
}

// hourly is the entry of an air station that sends hours.
func hourly(station string, unmonitored ...string) string {
	return fmt.Sprintf("  - {id: %s, domain: air, period: 1h, unmonitored: [%s]}", station, strings.Join(unmonitored, ", "))
}

// tally counts the rows of a feed that come out as published, and why the others do not.
type tally struct {
	feed        string
	rows, equal int
	others      map[string]int
}

func newTally(feed string) *tally { return &tally{feed: feed, others: map[string]int{}} }

// add counts a row; why says what is known of one that differs.
func (c *tally) add(equal bool, why string) {
	c.rows++
	if equal {
		c.equal++
	} else {
		c.others[why]++
	}
}

// expect prints the share and fails unless there are so many rows and at least so many come out.
func (c *tally) expect(t *testing.T, rows, equal int) {
	t.Helper()
	var whys []string
	for why, count := range c.others {
		whys = append(whys, fmt.Sprintf("%d: %s", count, why))
	}
	slices.Sort(whys)
	if len(whys) == 0 {
		whys = []string{"none differs"}
	}
	t.Logf("%s: %d rows, %d equal, %.3f %%; %s", c.feed, c.rows, c.equal, 100*float64(c.equal)/float64(max(1, c.rows)), strings.Join(whys, "; "))
	if c.rows != rows || c.equal < equal {
		t.Errorf("%s: %d of %d rows come out, expected at least %d of %d", c.feed, c.equal, c.rows, equal, rows)
	}
}
