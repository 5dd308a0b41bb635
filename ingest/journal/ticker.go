package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"egret/ingest/reading"
)

// Tick journals the time whenever nothing has arrived for an interval: it is the only clock that the rules know.
func Tick(ctx context.Context, j Journal, every time.Duration, log *slog.Logger) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			if now.UnixNano()-j.State().Head.Received < int64(every)/2 {
				continue
			}
			_, err := j.Append(ctx, []reading.Record{{Kind: reading.Tick, Received: now.UnixNano()}}, nil)
			if errors.Is(err, ErrFull) {
				log.Warn("no tick", "reason", err.Error())
			} else if err != nil {
				return fmt.Errorf("journal a tick: %w", err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
