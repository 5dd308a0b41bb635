package journal

import (
	"context"
	"time"

	"egret/ingest/reading"
)

// trimEvery is how often the journal is trimmed, and how finely its age is known.
const trimEvery = time.Minute

// Trim forgets, every minute, the entries that all readers have finished with and that were received longer than keep
// ago, or sooner where finished entries take up more than half of maxBytes.
func Trim(ctx context.Context, j Journal, keep time.Duration, maxBytes int64, readers func() []reading.Position) error {
	ticker := time.NewTicker(trimEvery)
	defer ticker.Stop()
	var marks []reading.Position // where the journal stood, minute by minute
	for {
		select {
		case now := <-ticker.C:
			state := j.State()
			marks = append(marks, state.Head)
			finished := state.Head.Sequence
			for _, reader := range readers() {
				finished = min(finished, reader.Sequence)
			}
			below := uint64(0)
			for len(marks) > 0 && marks[0].Sequence <= finished && marks[0].Received < now.Add(-keep).UnixNano() {
				below, marks = marks[0].Sequence, marks[1:]
			}
			if maxBytes > 0 && state.Bytes > maxBytes/2 {
				below = finished
			}
			if err := j.Trim(ctx, below); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
