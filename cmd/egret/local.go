package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"egret/dashboards/api"
	"egret/deploy/config"
	"egret/ingest/ledger"
	"egret/ingest/quarantine"
	"egret/rules/engine"
)

// local opens a data directory that nobody holds.
type local struct{ records *records }

func openLocal(c *config.Config) (access, error) {
	if _, err := os.Stat(filepath.Join(c.Data, "store")); err != nil {
		return nil, fmt.Errorf("%s is no data directory of egret: %w; name it with --data, or the configuration of serve with -c; egret serve makes a new one", c.Data, err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	r, err := openRecords(c, "egret, looking into the data directory", log)
	if err != nil {
		return nil, err
	}
	return &local{records: r}, nil
}

func (l *local) Ledger(context.Context) (ledger.Ledger, error) {
	seen, counts, err := engine.LoadProgress(l.records.db)
	if err != nil {
		return ledger.Ledger{}, err
	}
	return l.records.balance(rulesLedger(seen, counts)), nil
}

func (l *local) List(_ context.Context, after uint64, limit int, station string) (api.EntryList, error) {
	entries, err := l.records.quarantine.List(after, limit, station)
	return api.Page(entries, limit), err
}

func (l *local) Show(_ context.Context, id uint64) (quarantine.Entry, error) {
	return l.records.quarantine.Get(id)
}

func (l *local) Retry(ctx context.Context, id uint64) (api.Retried, error) {
	e, err := l.records.quarantine.Get(id)
	if err != nil {
		return api.Retried{}, err
	}
	stored, reasons, err := l.records.retry(ctx, e)
	return api.Retried{ID: id, Stored: stored, Refused: reasons}, err
}

func (l *local) Drop(ctx context.Context, id uint64) error {
	e, err := l.records.quarantine.Get(id)
	if err != nil {
		return err
	}
	return l.records.drop(ctx, e)
}

func (l *local) Close() error { return l.records.Close() }
