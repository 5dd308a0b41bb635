package engine

import (
	"context"
	"fmt"

	"egret/ingest/reading"
)

// Source is the journal as the rules read it. Read returns entries behind a position, about maxBytes of them, and the
// position behind the last; it blocks until there is one, and returns the context's error when that ends.
type Source interface {
	Read(ctx context.Context, from reading.Position, maxBytes int) ([]reading.Entry, reading.Position, error)
}

// stepBytes bounds a step: large enough that its commit costs little, small enough that an alert does not wait.
const stepBytes = 1 << 20

// Run works off the journal until the context ends, which is no error.
func Run(ctx context.Context, source Source, e *Engine) error {
	for {
		entries, after, err := source.Read(ctx, e.Position(), stepBytes)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the journal for the rules: %w", err)
		}
		if err := e.Step(entries, after); err != nil {
			return fmt.Errorf("rules: %w", err)
		}
	}
}
