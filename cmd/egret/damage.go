package main

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"egret/deploy/config"
	"egret/ingest/influx"
	"egret/ingest/journal"
	"egret/rules/engine"
	"egret/rules/window"

	"github.com/cockroachdb/pebble/v2"
)

// owners are the parts of the store beside the journal, and what is lost with each.
var owners = []struct {
	prefix byte
	lost   string
}{
	{'a', "which alerts are open"},
	{'c', "how far InfluxDB has come"},
	{'d', "hours of which averages are made"},
	{'g', "how far the averages of cities have come"},
	{'h', "readings from which averages are made"},
	{'o', "alerts and averages that are still to leave"},
	{'q', "messages in quarantine"},
	{'r', "how far the rules have come"},
	{'s', "which stations were heard of"},
	{'t', "when stations were heard of last"},
	{'v', "which periods were said to exceed their limits"},
	{'y', "figures of days"},
}

// verify checks the journal against its witness and all cursors, and that everything else can be read, before
// anything is changed: damage that is met later ends the service in the middle of its work.
func verify(db *pebble.DB, c *config.Config, log *slog.Logger) error {
	written, err := influx.LoadCursor(db)
	if err != nil {
		return err
	}
	seen, _, err := engine.LoadProgress(db)
	if err != nil {
		return err
	}
	cursors := []journal.Cursor{{Name: "the writer to InfluxDB", Position: written.Position}, {Name: "the rules", Position: seen}}
	err = journal.Verify(db, c.Data, cursors, func(read int64) {
		log.Info("checking the journal", "read_mib", read>>20)
	})
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if err := readAll(db, owner.prefix); err != nil {
			return fmt.Errorf(`the store in %[1]s is damaged: %[2]w.
Lost: %[3]s, in part. The journal beside it is sound.
Nothing was changed. What to do: restore %[1]s from a backup and start again; or keep a copy of it, move it away and start with an empty store (what InfluxDB already holds stays there) and have the stations send the last %[4]s again`,
				filepath.Join(c.Data, "store"), err, owner.lost, window.Name(c.Limits.Horizon))
		}
	}
	return nil
}

// readAll reads everything of an owner, which checks the sums of all its blocks.
func readAll(db *pebble.DB, prefix byte) error {
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil {
		return err
	}
	for valid := iterator.First(); valid; valid = iterator.Next() {
	}
	if err := iterator.Close(); err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n") // below it stands only what the store makes of it
		return errors.New(reason)
	}
	return nil
}
