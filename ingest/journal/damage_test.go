package journal

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"egret/ingest/reading"

	"github.com/cockroachdb/pebble/v2"
)

// written is how many messages a process appended, in steps of ten, before it was killed or shut down.
const written = 3000

func TestDamageIsToldAndNothingIsChanged(t *testing.T) {
	killed := killedJournal(t)
	shut, cursor := shutJournal(t)

	t.Run("a process killed while appending loses nothing", func(t *testing.T) {
		directory := copied(t, killed)
		j, db := openVerified(t, directory)
		if got := j.State(); got.Head.Sequence < written || got.Values != 2*got.Head.Sequence {
			t.Errorf("%d acknowledged, state is %+v", written, got)
		}
		head := mustAppend(t, j, messages(0, 10))
		closeJournal(t, j, db)
		j, db = openVerified(t, directory)
		if got := j.State().Head; got != head {
			t.Errorf("after opening again the head is %+v, was %+v", got, head)
		}
		closeJournal(t, j, db)
	})
	t.Run("zeros behind the end of the log lose nothing", func(t *testing.T) {
		directory := copied(t, shut)
		file, err := os.OpenFile(newest(t, directory, ".log"), os.O_WRONLY|os.O_APPEND, 0)
		must(t, err)
		_, err = file.Write(make([]byte, 1<<20))
		must(t, errors.Join(err, file.Close()))
		j, db := openVerified(t, directory)
		if got := j.State().Head.Sequence; got != written {
			t.Errorf("head is %d", got)
		}
		closeJournal(t, j, db)
	})
	t.Run("the last 5,000 bytes of the log are cut off", func(t *testing.T) {
		for _, source := range []string{killed, shut} {
			directory := copied(t, source)
			cutContent(t, newest(t, directory, ".log"), 5000)
			wantRefused(t, directory, nil, "it ends at record ", "had been acknowledged", " messages with ")
		}
	})
	t.Run("the loss is told exactly", func(t *testing.T) {
		directory := copied(t, shut)
		cutContent(t, newest(t, directory, ".log"), 5000)
		var damaged *DamagedError
		if err := open(directory); !errors.As(err, &damaged) {
			t.Fatalf("error is %v", err)
		}
		lost := written - damaged.Good.Sequence
		if lost == 0 || lost > 40 || damaged.Lost.Sequence != written {
			t.Fatalf("records %d to %d are said to be lost", damaged.Good.Sequence+1, damaged.Lost.Sequence)
		}
		wantText(t, damaged.Error(), fmt.Sprintf("records %d to %d cannot be trusted: %d messages with %d values, received ", damaged.Good.Sequence+1, written, lost, 2*lost),
			" to 2026-11-21T00:49:59Z", "restore ", "from a backup", "have the stations send that time again", filepath.Join(directory, "store"))
	})
	t.Run("a byte in the middle of the log is changed", func(t *testing.T) {
		for _, source := range []string{killed, shut} {
			directory := copied(t, source)
			flip(t, newest(t, directory, ".log"), 0.5)
			wantRefused(t, directory, nil, "it ends at record 2", "had been acknowledged", " messages with ", "Nothing was changed", "backup")
		}
	})
	t.Run("a byte near the end of the log is changed", func(t *testing.T) {
		directory := copied(t, shut)
		flip(t, newest(t, directory, ".log"), 0.999)
		wantRefused(t, directory, nil, "it ends at record 29", "had been acknowledged")
	})
	t.Run("a log is changed and there is no witness", func(t *testing.T) {
		directory := copied(t, shut)
		must(t, os.Remove(filepath.Join(directory, WitnessName)))
		flip(t, newest(t, directory, ".log"), 0.5)
		wantRefused(t, directory, nil, "cannot be opened", "Nothing was changed", "backup")
	})
	t.Run("a byte in the middle of a table is changed", func(t *testing.T) {
		for _, at := range []float64{0, 0.5, 0.9, 0.999} {
			directory := copied(t, shut)
			change(t, directory, func(db *pebble.DB) { must(t, db.Flush()) })
			flip(t, newest(t, directory, ".sst"), at)
			wantRefused(t, directory, nil, "cannot be read", "to 3000 cannot be trusted", "received ")
		}
	})
	t.Run("the list of tables is damaged", func(t *testing.T) {
		directory := copied(t, shut)
		manifests, err := filepath.Glob(filepath.Join(directory, "store", "MANIFEST-*"))
		must(t, err)
		flip(t, slices.Max(manifests), 0.5)
		wantRefused(t, directory, nil, "cannot be opened", "Nothing was changed", "backup")
	})
	t.Run("a record is not there", func(t *testing.T) {
		directory := copied(t, shut)
		change(t, directory, func(db *pebble.DB) { must(t, db.Delete(key(1500), pebble.Sync)) })
		wantRefused(t, directory, nil, "records 1500 to 1500 are not there",
			"records 1500 to 3000 cannot be trusted: 1501 messages with 3002 values, received 2026-11-21T00:24:58Z to 2026-11-21T00:49:59Z")
	})
	t.Run("two records have changed places", func(t *testing.T) {
		directory := copied(t, shut)
		change(t, directory, func(db *pebble.DB) {
			a, b := stored(t, db, 1000), stored(t, db, 1001)
			must(t, errors.Join(db.Set(key(1000), b, nil), db.Set(key(1001), a, pebble.Sync)))
		})
		wantRefused(t, directory, nil, "record 1000 does not follow", "2001 messages with 4002 values")
	})
	t.Run("a byte of a record is changed behind the store's back", func(t *testing.T) {
		for _, at := range []int{1, 4, chainOffset, 28, headerSize, headerSize + 40} {
			directory := copied(t, shut)
			change(t, directory, func(db *pebble.DB) {
				record := stored(t, db, 2000)
				record[at] ^= 1
				must(t, db.Set(key(2000), record, pebble.Sync))
			})
			wantRefused(t, directory, nil, "record 2000 does not follow", "1001 messages with 2002 values")
		}
	})
	t.Run("the first records are not there although nothing was trimmed", func(t *testing.T) {
		directory := copied(t, shut)
		change(t, directory, func(db *pebble.DB) { must(t, db.DeleteRange(key(0), key(1000), pebble.Sync)) })
		wantRefused(t, directory, []Cursor{{"the InfluxDB writer", cursorAt(t, shut, 500)}}, "records 501 to 999 are not there", "499 messages with 998 values")
	})
	t.Run("the witness is damaged", func(t *testing.T) {
		for _, at := range []float64{0, 0.2, 0.99} {
			directory := copied(t, shut)
			flip(t, filepath.Join(directory, WitnessName), at)
			wantRefused(t, directory, nil, WitnessName+" is damaged", "move it away")
		}
	})
	t.Run("a missing witness is made again", func(t *testing.T) {
		directory := copied(t, shut)
		must(t, os.Remove(filepath.Join(directory, WitnessName)))
		j, db := openVerified(t, directory, Cursor{"the rules", cursor})
		head := mustAppend(t, j, messages(written, 1))
		closeJournal(t, j, db)
		if position, ok, err := readWitness(filepath.Join(directory, WitnessName)); position != head || !ok || err != nil {
			t.Errorf("witness says %+v, %t, %v", position, ok, err)
		}
	})
	t.Run("a cursor is ahead of the journal", func(t *testing.T) {
		ahead := cursor
		ahead.Sequence, ahead.Messages, ahead.Values = written+5, ahead.Messages+5, ahead.Values+10
		wantRefused(t, copied(t, shut), []Cursor{{"the rules", ahead}}, "it ends at record 3000, but record 3005 had been acknowledged", "5 messages with 10 values")
	})
	t.Run("a cursor comes from another journal", func(t *testing.T) {
		other := cursor
		other.Chain++
		wantRefused(t, copied(t, shut), []Cursor{{"the rules", other}, {"the InfluxDB writer", cursor}}, "record 3000 is not the one that the rules had seen")
	})
}

// killedJournal is the directory of a process that was killed in the midst of appending.
func killedJournal(t *testing.T) string {
	directory := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), appendEnv+"="+directory)
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	kill := sync.OnceFunc(func() { _ = child.Process.Kill() })
	defer kill()
	acknowledged := 0
	for lines := bufio.NewScanner(output); lines.Scan(); {
		acknowledged, err = strconv.Atoi(lines.Text())
		must(t, err)
		if acknowledged >= written {
			kill() // and read on: what it said last is acknowledged too
		}
	}
	_ = child.Wait()
	if acknowledged < written {
		t.Fatalf("the child ended after %d messages", acknowledged)
	}
	return directory
}

// shutJournal is the directory of a process that ended as it should, and its reader's cursor at the end.
func shutJournal(t *testing.T) (string, reading.Position) {
	directory := t.TempDir()
	j, db := openVerified(t, directory)
	var head reading.Position
	for from := 0; from < written; from += 10 {
		head = mustAppend(t, j, messages(from, 10))
	}
	closeJournal(t, j, db)
	return directory, head
}

func cursorAt(t *testing.T, directory string, sequence uint64) reading.Position {
	t.Helper()
	j, db := openVerified(t, copied(t, directory))
	defer closeJournal(t, j, db)
	at, err := load(db, sequence)
	must(t, err)
	return at.position(sequence)
}

func copied(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(from)))
	return to
}

// change writes to the store as no Egret does.
func change(t *testing.T, directory string, how func(*pebble.DB)) {
	t.Helper()
	db, err := openStore(directory, nil)
	must(t, err)
	how(db)
	must(t, db.Close())
}

func stored(t *testing.T, db *pebble.DB, sequence uint64) []byte {
	t.Helper()
	value, closer, err := db.Get(key(sequence))
	must(t, err)
	defer closer.Close()
	return slices.Clone(value)
}

// newest returns the file with the suffix and the highest number that holds anything.
func newest(t *testing.T, directory, suffix string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(directory, "store", "*"+suffix))
	must(t, err)
	paths = slices.DeleteFunc(paths, func(path string) bool { return contentEnd(t, path) < 10_000 })
	if len(paths) == 0 {
		t.Fatalf("no file *%s holds anything", suffix)
	}
	return slices.Max(paths)
}

// contentEnd returns where the zeros begin that a file was preallocated with.
func contentEnd(t *testing.T, path string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	end := len(content)
	for end > 0 && content[end-1] == 0 {
		end--
	}
	return end
}

func cutContent(t *testing.T, path string, count int) {
	t.Helper()
	must(t, os.Truncate(path, int64(contentEnd(t, path)-count)))
}

// flip inverts the byte that lies at a fraction of a file's content.
func flip(t *testing.T, path string, at float64) {
	t.Helper()
	end := contentEnd(t, path)
	content, err := os.ReadFile(path)
	must(t, err)
	content[int(float64(end)*at)] ^= 0xff
	must(t, os.WriteFile(path, content, 0o600))
}

func open(directory string, cursors ...Cursor) error {
	db, err := openStore(directory, func(db *pebble.DB) error { return Verify(db, directory, cursors, nil) })
	if err == nil {
		err = db.Close()
	}
	return err
}

// wantRefused says that the journal is not opened, why, and that its directory stays as it is.
func wantRefused(t *testing.T, directory string, cursors []Cursor, texts ...string) {
	t.Helper()
	before := fingerprint(t, directory)
	err := open(directory, cursors...)
	if err == nil {
		t.Error("it was opened")
		return
	}
	wantText(t, err.Error(), texts...)
	if after := fingerprint(t, directory); after != before {
		t.Errorf("the directory was changed.\nbefore:\n%safter:\n%s", before, after)
	}
}

func wantText(t *testing.T, got string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("%q is missing in: %s", text, got)
		}
	}
}

// fingerprint lists the files of a directory with their hashes, without the store's lock.
func fingerprint(t *testing.T, directory string) string {
	t.Helper()
	var list strings.Builder
	must(t, filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "LOCK" {
			return err
		}
		content, err := os.ReadFile(path)
		sum := sha256.Sum256(content)
		fmt.Fprintf(&list, "%016x %9d %s\n", binary.BigEndian.Uint64(sum[:]), len(content), entry.Name())
		return err
	}))
	return list.String()
}
