// Package store opens the one Pebble directory that holds everything Egret must not lose.
//
// The first byte of a key names its owner: 'j' journal, 'q' quarantine, 'c' cursors of the database writers,
// 'h' hour store, 'a' alert states, 's' station states, 'r' cursor of the rules, 'o' outbox.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2"
)

// Options are what Open needs to know.
type Options struct {
	Directory string // the data directory; the store lies in its folder "store"
	Merger    *pebble.Merger
	Logger    *slog.Logger
	// Inspect is called with the store open for reading only, before anything in it is changed; an error stops Open.
	// A store with a damaged log is shown to it as it is before the damage, and stays closed whatever it returns.
	Inspect func(*pebble.DB) error
	// Fatal is called when the store can no longer be written, for instance on a full disk. It must not return.
	Fatal func(message string)
	// Damaged is called when something in the store turns out to be damaged while it is in use. It must not return.
	Damaged func(message string)
}

// CacheBytes is the block cache: enough for the hot blocks of the hour store of a city.
const CacheBytes = 64 << 20

// memTableBytes bounds what a restart has to read from the log.
const memTableBytes = 32 << 20

// Open opens or creates the store. The error says which directory and what to do.
func Open(o Options) (*pebble.DB, error) {
	directory := filepath.Join(o.Directory, "store")
	if _, err := os.Stat(directory); err == nil && o.Inspect != nil {
		if err := inspect(directory, o); err != nil {
			return nil, err
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	db, err := pebble.Open(directory, options(o))
	if err != nil {
		return nil, openError(directory, err)
	}
	return db, nil
}

func inspect(directory string, o Options) error {
	readOnly := options(o)
	readOnly.ReadOnly = true
	// Damage found while inspecting is for the inspector to tell; it reaches it as an error of its reading.
	readOnly.EventListener = &pebble.EventListener{DataCorruption: func(pebble.DataCorruptionInfo) {}}
	db, err := pebble.Open(directory, readOnly)
	if errors.Is(err, pebble.ErrDBDoesNotExist) {
		return nil
	}
	if pebble.IsCorruptionError(err) {
		if lost := inspectSound(directory, readOnly, o); lost != nil {
			return fmt.Errorf("%w\nThe store itself says: %w", lost, err)
		}
	}
	if err != nil {
		return openError(directory, err)
	}
	defer db.Close()
	return o.Inspect(db)
}

// inspectSound inspects a store as it is before the first damage in its log, to tell what is lost. Where the damage
// lies elsewhere there is nothing to add to the error of opening.
func inspectSound(directory string, readOnly *pebble.Options, o Options) error {
	view, err := viewSoundLog(directory)
	if err != nil {
		return err
	}
	readOnly.FS = view
	db, err := pebble.Open(directory, readOnly)
	if err != nil {
		return nil
	}
	defer db.Close()
	return o.Inspect(db)
}

func openError(directory string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("open the store in %s: %w; give this user the right to write there, or name another directory under `data`", directory, err)
	}
	return fmt.Errorf(`the store in %s cannot be opened: %w.
Nothing was changed. What to do: restore %s from a backup; or keep a copy of it, move it away and start with an empty store (what InfluxDB already holds stays there) and have the stations send that time again`, directory, err, directory)
}

// blockPercent is how full a block must be to end before a record that does not fit. With more than a little, a journal
// entry of a megabyte, as of history that is brought in, stands in one block with the newest hours, and each look at one of
// them unpacks it: an import took five times as much CPU.
const blockPercent = 1

func options(o Options) *pebble.Options {
	opts := &pebble.Options{
		CacheSize:                   CacheBytes,
		MemTableSize:                memTableBytes,
		MemTableStopWritesThreshold: 4,
		L0CompactionThreshold:       4,
		Merger:                      o.Merger,
		FormatMajorVersion:          pebble.FormatNewest,
		Logger:                      logger{o.Logger, o.Fatal},
		EventListener: &pebble.EventListener{DataCorruption: func(info pebble.DataCorruptionInfo) {
			o.Damaged(fmt.Sprintf("%s is damaged: %v", info.Path, info.Details))
		}},
	}
	opts.Levels[0].BlockSizeThreshold = blockPercent // the other levels follow
	return opts
}

// logger hands Pebble's messages on: its chatter at debug level, its errors as such.
type logger struct {
	log   *slog.Logger
	fatal func(string)
}

func (l logger) Infof(format string, arguments ...any) {
	l.log.Debug("store", "message", fmt.Sprintf(format, arguments...))
}

func (l logger) Errorf(format string, arguments ...any) {
	l.log.Error("store", "message", fmt.Sprintf(format, arguments...))
}

func (l logger) Fatalf(format string, arguments ...any) {
	l.fatal(fmt.Sprintf(format, arguments...))
}
