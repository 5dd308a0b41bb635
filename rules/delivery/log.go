package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
)

// Log is the channel that writes alerts to the program's log: firing ones as warnings, all others as information.
type Log struct {
	name   string
	logger *slog.Logger
}

// NewLog returns a channel that writes to logger.
func NewLog(name string, logger *slog.Logger) *Log { return &Log{name: name, logger: logger} }

// Name returns the channel's name.
func (l *Log) Name() string { return l.name }

// Deliver logs the message with its fields as attributes, in the order of their names.
func (l *Log) Deliver(ctx context.Context, payload []byte) (retry bool, err error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return false, fmt.Errorf("read message: %w", err)
	}
	level := slog.LevelInfo
	if fields["state"] == "firing" {
		level = slog.LevelWarn
	}
	attributes := make([]slog.Attr, 0, len(fields))
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		name := key
		if name == "message" { // slog's own key is msg; text keeps the two apart for readers
			name = "text"
		}
		attributes = append(attributes, slog.Any(name, fields[key]))
	}
	l.logger.LogAttrs(ctx, level, "alert", attributes...)
	return false, nil
}
