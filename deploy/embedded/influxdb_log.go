package embedded

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"go.uber.org/zap/zapcore"
)

// influxAbortedCompaction is what the engine says with an error attached
// whenever a deletion or a shutdown interrupts its housekeeping. Nothing is
// wrong then.
const influxAbortedCompaction = "Aborted compaction"

// influxLogCore passes the engine's warnings and errors on to slog. The engine
// reports many failures (a shard that cannot be opened, a damaged log file)
// as information with an error attached: those count as warnings, all other
// information is dropped.
type influxLogCore struct {
	logger *slog.Logger
}

func (c *influxLogCore) Enabled(level zapcore.Level) bool { return level >= zapcore.InfoLevel }

func (c *influxLogCore) With(fields []zapcore.Field) zapcore.Core {
	return &influxLogCore{logger: c.logger.With(influxLogAttributes(fields)...)}
}

func (c *influxLogCore) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if !c.Enabled(entry.Level) {
		return checked
	}
	return checked.AddCore(entry, c)
}

func (c *influxLogCore) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	level := slog.LevelWarn
	switch {
	case entry.Level >= zapcore.ErrorLevel:
		level = slog.LevelError
	case entry.Level == zapcore.InfoLevel && (!influxCarriesError(fields) || entry.Message == influxAbortedCompaction):
		return nil
	}
	c.logger.Log(context.Background(), level, "influxdb: "+entry.Message, influxLogAttributes(fields)...)
	return nil
}

func (c *influxLogCore) Sync() error { return nil }

func influxCarriesError(fields []zapcore.Field) bool {
	return slices.ContainsFunc(fields, func(f zapcore.Field) bool { return f.Type == zapcore.ErrorType })
}

// influxLogAttributes turns the fields into alternating keys and values in the
// order of the keys.
func influxLogAttributes(fields []zapcore.Field) []any {
	encoded := zapcore.NewMapObjectEncoder()
	for _, field := range fields {
		field.AddTo(encoded)
	}
	attributes := make([]any, 0, 2*len(encoded.Fields))
	for _, key := range slices.Sorted(maps.Keys(encoded.Fields)) {
		attributes = append(attributes, key, encoded.Fields[key])
	}
	return attributes
}
