//go:build integration

package official

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egret/rules/calendar"
)

// defaultData is where the data lies beside the project.
const defaultData = "../../../shared/data/real"

var binary, data string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if data = os.Getenv("EGRET_REAL_DATA"); data == "" {
		data = defaultData
	}
	if _, err := os.Stat(data); err != nil {
		fmt.Fprintf(os.Stderr, "the real data is not there: set EGRET_REAL_DATA to the directory that holds cnemc_snapshot, jinan_realtime and the others: %v\n", err)
		return 1
	}
	directory, err := os.MkdirTemp("", "egret-official-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(directory)
	binary = filepath.Join(directory, "egret")
	build := exec.Command("go", "build", "-o", binary, "egret/cmd/egret")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build egret:", err)
		return 1
	}
	return m.Run()
}

// beijing is the clock of all feeds here; it has not been put forward since 1991.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// stamp writes an instant as replay does, so that it may be looked up among its lines.
func stamp(instant time.Time) string { return instant.In(beijing).Format(time.RFC3339) }

// dayOf returns the day of an instant in Beijing.
func dayOf(instant time.Time) calendar.Day { return calendar.Date(instant.In(beijing).Date()) }

// endOfHour reads the stamp of an hour that names its end, in Beijing time, and returns the hour's start.
func endOfHour(t *testing.T, layout, text string) time.Time {
	t.Helper()
	end, err := time.ParseInLocation(layout, text, beijing)
	if err != nil {
		t.Fatal(err)
	}
	return end.Add(-time.Hour)
}

// open opens a file of the data, unpacked.
func open(t *testing.T, name string) io.Reader {
	t.Helper()
	file, err := os.Open(filepath.Join(data, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return file
	}
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return unpacked
}

// files lists the files of the data that match.
func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(data, pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("no files %s in %s (%v)", pattern, data, err)
	}
	for i := range found {
		if found[i], err = filepath.Rel(data, found[i]); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// rows reads a table with a header and calls each with a reader of the cells by the column's name.
func rows(t *testing.T, from io.Reader, each func(cell func(column string) string)) {
	t.Helper()
	table := csv.NewReader(from)
	table.ReuseRecord = true
	header, err := table.Read()
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]int{}
	for i, name := range header {
		places[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	var record []string
	cell := func(column string) string {
		place, ok := places[column]
		if !ok {
			t.Fatalf("no column %q", column)
		}
		return strings.TrimSpace(record[place])
	}
	for {
		record, err = table.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		each(cell)
	}
}
