package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"egret/deploy/config"
	"egret/ingest/hj212"
	"egret/ingest/influx"
	"egret/ingest/intake"
	"egret/ingest/journal"
	"egret/ingest/ledger"
	"egret/ingest/payload"
	"egret/ingest/quarantine"
	"egret/ingest/store"
	"egret/ingest/subscription"
	"egret/rules/hours"

	"github.com/cockroachdb/pebble/v2"
)

// records is the part of Egret that lies in the data directory: serve works on it, other commands look into it.
type records struct {
	config     *config.Config
	lock       *store.Lock
	db         *pebble.DB
	journal    *journal.Local
	quarantine *quarantine.Quarantine
	written    *influx.JournalSource
	templates  []subscription.Template
	frames     payload.Decoder // of HJ 212 over TCP
}

// openRecords holds the data directory, checks that the journal is what was acknowledged, and opens it.
func openRecords(c *config.Config, command string, log *slog.Logger) (opened *records, err error) {
	r := &records{config: c, frames: frameDecoder(c)}
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	if r.templates, err = templates(c); err != nil {
		return nil, err
	}
	if r.lock, err = store.Hold(c.Data, store.Holder{Process: os.Getpid(), Command: command, Since: time.Now().UTC().Truncate(time.Second)}); err != nil {
		return nil, unreachableError{err}
	}
	if err = roomToStart(c.Data); err != nil {
		return nil, unreachableError{err}
	}
	r.db, err = store.Open(store.Options{
		Directory: c.Data, Merger: hours.Merger, Logger: log,
		Inspect: func(db *pebble.DB) error { return verify(db, c, log) },
		Fatal: func(message string) {
			log.Error("the store cannot be written; nothing acknowledged is lost. Make room on the disk or mend it, then start again", "directory", c.Data, "reason", message)
			os.Exit(exitUnreachable)
		},
		Damaged: func(message string) {
			log.Error("the store is damaged. Start again: it is then checked in whole, and says what is lost and what to do", "directory", c.Data, "reason", message)
			os.Exit(exitInput)
		},
	})
	if err != nil {
		return nil, err
	}
	if r.journal, err = journal.OpenLocal(r.db, c.Data, c.Journal.MaxBytes); err != nil {
		return nil, err
	}
	if r.quarantine, err = quarantine.Open(r.db, c.Limits.QuarantinePerStation); err != nil {
		return nil, err
	}
	r.written, err = influx.OpenJournalSource(r.db, r.journal, r.quarantine)
	return r, err
}

// startRoom is what must be free to open the store: it then writes what its log holds into tables, at most two of
// 32 MiB, and where there is no room for them it tries for ever.
const startRoom = 64 << 20

func roomToStart(directory string) error {
	free, err := store.FreeBytes(directory)
	if err == nil && free < startRoom {
		err = fmt.Errorf("%d MiB are free on the disk of %s, and opening the store takes %d MiB; nothing acknowledged is lost. Make room, then start again", free>>20, directory, startRoom>>20)
	}
	return err
}

func templates(c *config.Config) ([]subscription.Template, error) {
	list := make([]subscription.Template, len(c.Subscriptions))
	for i := range c.Subscriptions {
		s := &c.Subscriptions[i]
		t, err := subscription.NewTemplate(s.Topic, string(s.Format), c.Decoder(s), s.QoS)
		if err != nil {
			return nil, fmt.Errorf("subscriptions: %w", err)
		}
		t.Flags, t.Retained = s.Flags, s.Retained
		list[i] = t
	}
	return list, nil
}

func (r *records) limits() intake.Limits { return intakeLimits(r.config) }

func intakeLimits(c *config.Config) intake.Limits {
	l := c.Limits
	return intake.Limits{
		Payload: int(l.Payload), QuarantinePayload: int(l.QuarantinePayload), ClockAhead: l.ClockAhead, Horizon: l.Horizon,
		AcceptUnknown: c.UnknownStations == config.Accept, KeepLowValues: c.LowValues == config.KeepLow,
	}
}

// checker returns a new checker; each goroutine needs one of its own.
func (r *records) checker() *intake.Checker {
	return intake.NewChecker(r.config.Parameters, register(r.config), r.config.Zone, r.limits())
}

func register(c *config.Config) intake.Register {
	return intake.Register{Stations: c.Register(), Aliases: c.Aliases()}
}

// retry takes a quarantine entry again under the present configuration.
func (r *records) retry(ctx context.Context, e quarantine.Entry) (stored int, reasons []string, err error) {
	route := func(m *intake.Message) {
		if e.Format == string(config.HJ212) && strings.HasPrefix(e.Source, hj212.Source) {
			m.Decode, m.Unnamed = r.frames, true
			return
		}
		subscription.Route(r.templates, m)
	}
	return intake.Retry(ctx, r.journal, r.quarantine, r.checker(), route, e)
}

func (r *records) drop(ctx context.Context, e quarantine.Entry) error {
	return intake.Drop(ctx, r.journal, r.quarantine, e)
}

// balance draws up the ledger. Readers are asked before the journal, so that none can be ahead of it.
func (r *records) balance(rules ledger.Rules) ledger.Ledger {
	written := r.written.Written()
	return ledger.Balance(r.journal.State(), written, r.quarantine.Counts(), rules)
}

// Close closes what is open, the lock last.
func (r *records) Close() error {
	var err error
	if r.journal != nil {
		err = r.journal.Close()
	}
	if r.db != nil {
		if closed := r.db.Close(); err == nil {
			err = closed
		}
	}
	if r.lock != nil {
		if released := r.lock.Release(); err == nil {
			err = released
		}
	}
	return err
}
