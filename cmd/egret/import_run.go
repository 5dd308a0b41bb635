package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"egret/ingest/intake"
)

const (
	// busyPause is how long a chunk waits that was not taken for now.
	busyPause = time.Second
	// workPause is how often it is looked how far the rules and the database have come.
	workPause = 100 * time.Millisecond
)

// bringer brings a history to where it belongs.
type bringer struct {
	*pastReadings
	zone     *time.Location
	out      *printer
	progress *importProgress
	shown    int // reasons of refusals
}

// run brings what is not there yet, waits until it is worked off, and says what became of it.
func (b *bringer) run(ctx context.Context, data access, o importOptions) error {
	if o.again {
		if err := data.ImportForget(ctx, b.id); err != nil {
			return err
		}
	}
	before, err := data.Ledger(ctx)
	if err != nil {
		return err
	}
	asked, err := data.ImportState(ctx, b.id)
	if err != nil {
		return err
	}
	state := asked.Import
	if state.Done {
		b.progress.note("all of this was brought in at %s already; --again brings it in anew", state.Changed.In(b.zone).Format(time.DateTime))
		return b.finish(&state, nil)
	}
	if state.Next > 0 {
		b.progress.note("going on where an earlier run stopped, after %d values", b.valuesBefore(state.Next))
	}
	if state, err = b.bring(ctx, data, state); err != nil {
		return err
	}
	if _, running := data.(*remote); !running {
		b.progress.note("all of it is in the journal; the next egret serve brings it into InfluxDB and the averages")
		return b.finish(&state, nil)
	}
	if o.noWait {
		return b.finish(&state, nil)
	}
	known, err := b.await(ctx, data, &state, before.Rules.Duplicates)
	if ctx.Err() != nil {
		b.progress.note("all of it is in the journal; the rules and InfluxDB go on without this command")
		err = nil
	}
	return errors.Join(err, b.finish(&state, known))
}

// bring hands over the chunks from the next one on.
func (b *bringer) bring(ctx context.Context, data access, state intake.Import) (intake.Import, error) {
	b.progress.begin(b.valuesBefore(state.Next))
	err := b.each(state.Next, func(chunk *intake.Chunk) (next int, err error) {
		if state, err = b.offer(ctx, data, chunk); err != nil {
			return 0, err
		}
		if state.Next <= chunk.Number {
			return 0, errors.New("another egret import has begun this one from the start; run it again when that has ended")
		}
		for _, reason := range state.Reasons {
			b.refused(reason)
		}
		b.progress.say(b.valuesBefore(state.Next), &state)
		return state.Next, nil
	})
	if ctx.Err() != nil { // of Ctrl-C; what was asked for is not done
		err = fmt.Errorf("stopped after %d of %d values; run the same command again, and it goes on there", b.valuesBefore(state.Next), b.progress.of)
	}
	return state, err
}

// offer hands a chunk over, however long it takes until there is room for it.
func (b *bringer) offer(ctx context.Context, data access, chunk *intake.Chunk) (intake.Import, error) {
	for {
		state, err := data.ImportTake(ctx, chunk)
		var busy busyError
		if err == nil || !errors.As(err, &busy) {
			return state, err
		}
		b.progress.waiting(busy.Error())
		select {
		case <-time.After(busyPause):
		case <-ctx.Done():
			return state, ctx.Err()
		}
	}
}

// refused says why something was refused, the first few times.
func (b *bringer) refused(reason string) {
	switch b.shown++; {
	case b.shown <= mostProblemsShown:
		b.progress.note("refused: %s", printableWhole(reason))
	case b.shown == mostProblemsShown+1:
		b.progress.note("…and more; egret quarantine show has the reasons")
	}
}

// await waits until the rules and the database have all of it. It returns how many readings the rules had already, with
// those that stations have sent twice meanwhile.
func (b *bringer) await(ctx context.Context, data access, state *intake.Import, duplicates uint64) (known *uint64, err error) {
	for newest := uint64(0); ; {
		l, err := data.Ledger(ctx)
		if err != nil {
			return nil, err
		}
		asked, err := data.ImportState(ctx, b.id)
		if err != nil {
			return nil, err
		}
		stored, seen := l.Values.Stored+l.Values.Refused, l.Rules.Values
		if seen >= state.Journaled {
			if newest == 0 {
				newest = max(asked.NewestAverages, 1)
			}
			if stored >= state.Journaled && (asked.OldestAverages == 0 || asked.OldestAverages > newest) {
				count := l.Rules.Duplicates - duplicates
				return &count, nil
			}
		}
		b.progress.working(short(state.Journaled, seen), short(state.Journaled, stored))
		select {
		case <-time.After(workPause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// short returns how much a count lacks of another.
func short(of, count uint64) uint64 { return of - min(of, count) }

// importTotals is the last line of an import.
type importTotals struct {
	Type       string  `json:"type"`
	ID         string  `json:"id"`
	Values     int     `json:"values"`
	Rows       int     `json:"rows"`
	Stations   int     `json:"stations"`
	First      string  `json:"first"`
	Last       string  `json:"last"`
	Taken      uint64  `json:"taken"`
	Refused    uint64  `json:"refused"`
	Entries    int     `json:"quarantine_entries"`
	FirstEntry uint64  `json:"first_entry,omitempty"`
	LastEntry  uint64  `json:"last_entry,omitempty"`
	Known      *uint64 `json:"known,omitempty"` // that the rules had already
	Empty      int     `json:"empty"`
	Unread     int     `json:"unread"`
}

// finish says what became of everything.
func (b *bringer) finish(state *intake.Import, known *uint64) error {
	counts := b.table.Counts()
	t := importTotals{
		Type: "import", ID: b.id, Values: counts.Values, Rows: counts.Rows, Stations: len(b.stations),
		First: time.Unix(0, b.first).In(b.zone).Format(time.RFC3339), Last: time.Unix(0, b.last).In(b.zone).Format(time.RFC3339),
		Taken: state.Taken, Refused: state.Refused, Entries: state.Entries, FirstEntry: state.FirstEntry, LastEntry: state.LastEntry,
		Known: known, Empty: counts.Empty, Unread: counts.Problems,
	}
	b.progress.total(&t)
	if err := b.out.print(t); err != nil {
		return err
	}
	if state.Taken == 0 {
		return errors.New("no reading was taken; egret quarantine list says why")
	}
	return nil
}
