package store

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

func testOptions(directory string) Options {
	return Options{Directory: directory, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Fatal: func(message string) { panic(message) }}
}

func TestANewStoreIsNotInspected(t *testing.T) {
	options := testOptions(t.TempDir())
	options.Inspect = func(*pebble.DB) error { return errors.New("inspected") }
	db, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(options); err == nil || err.Error() != "inspected" {
		t.Errorf("the second opening says %v", err)
	}
}

func TestTheInspectorSeesAllAndMayWriteNothing(t *testing.T) {
	options := testOptions(t.TempDir())
	db, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Set([]byte("j1"), []byte("35.2"), pebble.Sync), db.Close()); err != nil {
		t.Fatal(err)
	}
	options.Inspect = func(db *pebble.DB) error {
		value, closer, err := db.Get([]byte("j1"))
		if err != nil || string(value) != "35.2" {
			t.Errorf("inspected %q, %v", value, err)
			return nil
		}
		if err := db.Set([]byte("j1"), nil, pebble.Sync); !errors.Is(err, pebble.ErrReadOnly) {
			t.Errorf("writing while inspecting: %v", err)
		}
		return closer.Close()
	}
	db, err = Open(options)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestOneStoreHasOneUser(t *testing.T) {
	options := testOptions(t.TempDir())
	db, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := Open(options); err == nil || !strings.Contains(err.Error(), options.Directory) {
		t.Errorf("the second opening says %v", err)
	}
}

func TestFreeBytes(t *testing.T) {
	if free, err := FreeBytes(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%d bytes are free, %v", free, err)
	}
	if _, err := FreeBytes("/nowhere/at/all"); err == nil {
		t.Error("a directory that is not there has free space")
	}
}
