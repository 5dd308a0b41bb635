package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// mendInfluxIndexes makes the engine build the index of a shard anew where a
// killed process left it half made. The engine writes the MANIFEST of an index
// in place: one that is cut short keeps its shard from opening, with all that
// it holds; and a shard that has no index yet gets one in memory, of a kind
// that no other shard has. History that is brought in makes many shards in a
// short time, so that is where a kill meets it.
func mendInfluxIndexes(directory string, logger *slog.Logger) error {
	// data/<database>/<retention policy>/<number of the shard>
	shards, err := filepath.Glob(filepath.Join(directory, "data", "*", "*", "[0-9]*"))
	if err != nil {
		return fmt.Errorf("look for shards: %w", err)
	}
	for _, shard := range shards {
		if filepath.Base(filepath.Dir(shard)) == "_series" {
			continue // of all shards of a database, beside its retention policies
		}
		whole, err := hasWholeIndex(shard)
		if err == nil && !whole {
			logger.Warn("the index of a shard was left half made; it is built anew from the data", "shard", shard)
			err = emptyIndex(shard)
		}
		if err != nil {
			return fmt.Errorf("mend the index of the shard %s: %w", shard, err)
		}
	}
	return nil
}

func hasWholeIndex(shard string) (bool, error) {
	if _, err := os.Stat(filepath.Join(shard, "index")); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	manifests, err := filepath.Glob(filepath.Join(shard, "index", "*", "MANIFEST"))
	if err != nil {
		return false, err
	}
	for _, manifest := range manifests {
		content, err := os.ReadFile(manifest)
		if err != nil {
			return false, err
		}
		if !json.Valid(content) {
			return false, nil
		}
	}
	return true, nil
}

// emptyIndex leaves the index without content. The list of fields goes first:
// the engine reads the series from the data only where there is none.
func emptyIndex(shard string) error {
	if err := os.Remove(filepath.Join(shard, "fields.idx")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	index := filepath.Join(shard, "index")
	parts, err := os.ReadDir(index)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, part := range parts {
		if err := os.RemoveAll(filepath.Join(index, part.Name())); err != nil {
			return err
		}
	}
	return os.MkdirAll(index, 0o750)
}
