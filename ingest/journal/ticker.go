package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"egret/ingest/reading"
)

// Tick journals the time at each interval in which nothing has arrived: it is the only clock that the rules know. While
// nothing can arrive, listening being false, their clock stands still, so that no station is missed for Egret's fault.
func Tick(ctx context.Context, j Journal, every time.Duration, listening func() bool, log *slog.Logger) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			age := now.UnixNano() - j.State().Head.Received
			if !listening() || (age < int64(every)/2 && age >= -reading.ClockSetBack) {
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
