package main

import (
	"context"
	"errors"
	"fmt"

	"egret/dashboards/api"
	"egret/ingest/ledger"
	"egret/ingest/quarantine"
	"egret/ingest/store"

	"github.com/spf13/pflag"
)

// access is what a command may do with a data directory, whether serve holds it or nobody does.
type access interface {
	Ledger(ctx context.Context) (ledger.Ledger, error)
	List(ctx context.Context, after uint64, limit int, station string) (api.EntryList, error)
	Show(ctx context.Context, id uint64) (quarantine.Entry, error)
	Retry(ctx context.Context, id uint64) (api.Retried, error)
	Drop(ctx context.Context, id uint64) error
	history
	Close() error
}

// location names a data directory, by itself or through a configuration.
type location struct {
	file, directory string
}

func (l *location) flags(set *pflag.FlagSet) {
	set.StringVarP(&l.file, "config", "c", "", "the configuration file of serve")
	set.StringVar(&l.directory, "data", "", "the data directory (default: the configuration's, or ./egret-data)")
}

// open asks the process that holds the directory, or opens it if nobody does.
func (l *location) open() (access, error) {
	c, err := loadConfig(l.file)
	if err != nil {
		return nil, err
	}
	if l.directory != "" {
		c.Data = l.directory
	}
	holder, held, err := store.FindHolder(c.Data)
	switch {
	case err != nil:
		return nil, unreachableError{err}
	case held && holder.HTTP == "":
		return nil, unreachableError{fmt.Errorf("the data directory %s is held by process %d (%s), which does not answer over HTTP yet; try again in a moment", c.Data, holder.Process, holder.Command)}
	case held:
		return newRemote(holder.HTTP), nil
	}
	return openLocal(c)
}

func (l *location) with(use func(access) error) error {
	data, err := l.open()
	if err != nil {
		return err
	}
	return errors.Join(use(data), data.Close())
}

// each calls visit for the named entries, or all of a station or of everybody, then report.
func (l *location) each(ctx context.Context, numbers []string, all bool, station string, visit func(context.Context, access, uint64, *tally) error, report func(*tally)) error {
	if all == (len(numbers) > 0) {
		return usageError{errors.New("name the entries by number, or give --all")}
	}
	ids := make([]uint64, len(numbers))
	for i, number := range numbers {
		id, err := entryNumber(number)
		if err != nil {
			return err
		}
		ids[i] = id
	}
	return l.with(func(data access) error {
		var t tally
		for after := uint64(0); all; {
			page, err := data.List(ctx, after, 1000, station)
			if err != nil {
				return err
			}
			for i := range page.Entries {
				ids = append(ids, page.Entries[i].ID)
			}
			if after = page.Next; after == 0 {
				break
			}
		}
		for _, id := range ids {
			if err := visit(ctx, data, id, &t); err != nil {
				return err
			}
		}
		report(&t)
		return nil
	})
}
