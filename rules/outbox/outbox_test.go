package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"egret/rules/outbox"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// office is one machine: its disk survives what happens to the process.
type office struct {
	t    *testing.T
	disk *vfs.MemFS
	db   *pebble.DB
	box  *outbox.Outbox
}

func newOffice(t *testing.T, channels ...string) *office {
	o := &office{t: t, disk: vfs.NewCrashableMem()}
	o.start(channels...)
	t.Cleanup(func() { o.db.Close() })
	return o
}

func (o *office) start(channels ...string) {
	o.t.Helper()
	var err error
	if o.db, err = pebble.Open("store", &pebble.Options{FS: o.disk, Logger: quiet{}}); err != nil {
		o.t.Fatal(err)
	}
	if o.box, err = outbox.Open(o.db, channels); err != nil {
		o.t.Fatal(err)
	}
}

// crash ends the process: only what was synced is on the disk when it starts again.
func (o *office) crash(channels ...string) {
	o.t.Helper()
	o.disk = o.disk.CrashClone(vfs.CrashCloneCfg{})
	o.db.Close()
	o.start(channels...)
}

func (o *office) add(channel string, payloads ...string) {
	o.t.Helper()
	batch := o.db.NewBatch()
	for _, payload := range payloads {
		if err := o.box.Add(batch, channel, []byte(payload)); err != nil {
			o.t.Fatal(err)
		}
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		o.t.Fatal(err)
	}
	o.box.Committed()
}

func (o *office) read(channel string, after uint64, maxBytes int) []outbox.Entry {
	o.t.Helper()
	entries, err := o.box.Read(o.t.Context(), channel, after, maxBytes)
	if err != nil {
		o.t.Fatal(err)
	}
	return entries
}

func (o *office) done(channel string, through uint64) {
	o.t.Helper()
	if err := o.box.Done(channel, through, true); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) wantPending(channel string, count, oldest uint64) {
	o.t.Helper()
	if c, s := o.box.Pending(channel); c != count || s != oldest {
		o.t.Errorf("pending in %s: %d from %d, want %d from %d", channel, c, s, count, oldest)
	}
}

type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, _ ...any) {
	panic(format)
}

func TestMessagesAreReadInOrderAndStayUntilTheyAreDone(t *testing.T) {
	o := newOffice(t, "log", "webhook")
	o.add("webhook", "firing", "resolved", "firing again")
	o.wantPending("webhook", 3, 1)
	o.wantPending("log", 0, 0)

	got := o.read("webhook", 0, 1<<20)
	if len(got) != 3 || got[0].Sequence != 1 || string(got[2].Payload) != "firing again" || got[0].Attempts != 0 {
		t.Fatalf("read %+v", got)
	}
	o.done("webhook", 2)
	o.wantPending("webhook", 1, 3)
	o.crash("log", "webhook")
	o.wantPending("webhook", 1, 3)
	if got := o.read("webhook", 0, 1<<20); len(got) != 1 || got[0].Sequence != 3 {
		t.Errorf("after a crash read %+v, want message 3 alone", got)
	}
	if got := o.read("webhook", 2, 0); len(got) != 1 {
		t.Errorf("a message larger than maxBytes must be read alone, got %+v", got)
	}
}

func TestReadStopsAtItsSize(t *testing.T) {
	o := newOffice(t, "log")
	o.add("log", "12345", "12345", "12345")
	if got := o.read("log", 0, 10); len(got) != 2 {
		t.Errorf("read %d messages of 5 bytes into 10, want 2", len(got))
	}
}

func TestSequencesNeverGoBack(t *testing.T) {
	o := newOffice(t, "log")
	o.add("log", "a", "b")
	o.done("log", 2)
	o.wantPending("log", 0, 0)
	o.crash("log")
	o.add("log", "c")
	if got := o.read("log", 0, 1<<20); len(got) != 1 || got[0].Sequence != 3 {
		t.Errorf("read %+v, want message 3: 1 and 2 were used before the crash", got)
	}
	o.wantPending("log", 1, 3)
}

func TestAnAttemptSurvivesACrash(t *testing.T) {
	o := newOffice(t, "log")
	o.add("log", "a")
	message := &o.read("log", 0, 1<<20)[0]
	for range 2 {
		if err := o.box.Attempt("log", message); err != nil {
			t.Fatal(err)
		}
	}
	o.crash("log")
	got := o.read("log", 0, 1<<20)
	if len(got) != 1 || got[0].Attempts != 2 || string(got[0].Payload) != "a" {
		t.Errorf("read %+v, want two attempts and the same payload", got)
	}
	o.done("log", 1)
	if err := o.box.Attempt("log", message); !errors.Is(err, outbox.ErrNoEntry) {
		t.Errorf("attempt of a message that is gone: %v", err)
	}
}

func TestAnAttemptRecordsThatTheMessagesBeforeItAreDone(t *testing.T) {
	o := newOffice(t, "log")
	o.add("log", "a", "b", "c", "d")
	if err := o.box.Attempt("log", &o.read("log", 2, 1<<20)[0]); err != nil {
		t.Fatal(err)
	}
	o.wantPending("log", 2, 3)
	o.crash("log")
	o.wantPending("log", 2, 3)
	got := o.read("log", 0, 1<<20)
	if len(got) != 2 || got[0].Sequence != 3 || got[0].Attempts != 1 || got[1].Attempts != 0 {
		t.Errorf("read %+v, want message 3 tried once and message 4", got)
	}
}

func TestABatchThatIsNotCommittedLeavesNothing(t *testing.T) {
	o := newOffice(t, "log")
	batch := o.db.NewBatch()
	if err := o.box.Add(batch, "log", []byte("never")); err != nil {
		t.Fatal(err)
	}
	o.wantPending("log", 0, 0)
	batch.Close()
	o.crash("log")
	o.wantPending("log", 0, 0)
}

// A batch is visible in the store before it is on disk: a message must not leave until Committed says that it is.
func TestAMessageIsHeldUntilCommitted(t *testing.T) {
	o := newOffice(t, "log")
	batch := o.db.NewBatch()
	if err := o.box.Add(batch, "log", []byte("early")); err != nil {
		t.Fatal(err)
	}
	if err := batch.Commit(pebble.NoSync); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := o.box.Read(ctx, "log", 0, 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("read %+v, %v before Committed", got, err)
	}
	o.box.Committed()
	if got := o.read("log", 0, 1<<20); len(got) != 1 {
		t.Errorf("read %+v after Committed", got)
	}
}

func TestReadWaitsForAMessageOfItsChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "log", "webhook")
		var readers sync.WaitGroup
		var got []outbox.Entry
		readers.Go(func() { got, _ = o.box.Read(context.Background(), "webhook", 0, 1<<20) })
		synctest.Wait()
		o.box.Committed()
		synctest.Wait()
		if got != nil {
			t.Fatalf("read %+v from an empty queue", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var ended error
		readers.Go(func() { _, ended = o.box.Read(ctx, "log", 0, 1<<20) })
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(ended, context.Canceled) {
			t.Errorf("a reader whose context ended got %v", ended)
		}
		o.add("webhook", "firing")
		readers.Wait()
		if len(got) != 1 || string(got[0].Payload) != "firing" {
			t.Errorf("the reader got %+v", got)
		}
	})
}

func TestMessagesOfAForgottenChannelStayAndAreReported(t *testing.T) {
	o := newOffice(t, "mail", "log")
	o.add("mail", "a", "b")
	o.add("log", "c")

	var logged bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	defer slog.SetDefault(previous)
	o.crash("log")
	if text := logged.String(); !strings.Contains(text, "channel=mail count=2") || strings.Contains(text, "channel=log") {
		t.Errorf("logged %q, want two messages of mail", text)
	}
	if err := o.box.Add(o.db.NewBatch(), "mail", nil); !errors.Is(err, outbox.ErrUnknownChannel) {
		t.Errorf("add to a channel that is not configured: %v", err)
	}
	o.crash("log", "mail")
	o.wantPending("mail", 2, 1)
}

// A channel whose name begins with another's must not see its messages.
func TestChannelsWithACommonBeginning(t *testing.T) {
	o := newOffice(t, "hook", "hook-2")
	o.add("hook-2", "two")
	o.add("hook", "one")
	o.done("hook", 1)
	o.crash("hook", "hook-2")
	o.wantPending("hook", 0, 0)
	o.wantPending("hook-2", 1, 1)
}

func TestOpenRefusesBadNames(t *testing.T) {
	o := newOffice(t, "log")
	for _, channels := range [][]string{{""}, {"a/b"}, {"log", "log"}} {
		if _, err := outbox.Open(o.db, channels); err == nil {
			t.Errorf("channels %q were taken", channels)
		}
	}
}

func TestOpenRefusesADamagedStore(t *testing.T) {
	for name, damage := range map[string]func(db *pebble.DB) error{
		"a key cut short":              func(db *pebble.DB) error { return db.Set([]byte("olog\x00123"), nil, pebble.Sync) },
		"a counter that is no number":  func(db *pebble.DB) error { return db.Set([]byte("o\x00log"), []byte("1"), pebble.Sync) },
		"a message beyond the counter": func(db *pebble.DB) error { return db.Delete([]byte("o\x00log"), pebble.Sync) },
	} {
		o := newOffice(t, "log")
		o.add("log", "a")
		if err := damage(o.db); err != nil {
			t.Fatal(err)
		}
		if _, err := outbox.Open(o.db, []string{"log"}); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
