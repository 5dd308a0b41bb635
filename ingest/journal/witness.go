package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
)

// witness is a small file beside the store that says how far the journal had come. It is written after each synced
// step and never synced itself, so it is never ahead of the journal: a journal that ends before it has lost records
// that were acknowledged, which a store whose log was cut at the end could not notice by itself.
type witness struct {
	file *os.File
	path string
}

const (
	witnessMagic = "EGRETJ1\n"
	witnessSize  = 64
)

// readWitness returns what the file says; ok is false where there is none.
func readWitness(path string) (position reading.Position, ok bool, err error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(content) == 0) {
		return position, false, nil
	}
	if err != nil {
		return position, false, fmt.Errorf("read the journal's witness: %w", err)
	}
	if len(content) != witnessSize || string(content[:8]) != witnessMagic ||
		binary.BigEndian.Uint64(content[witnessSize-8:]) != xxhash.Sum64(content[:witnessSize-8]) {
		return position, false, fmt.Errorf("%s is damaged: restore it with the rest of the directory from a backup; or move it away to start without the check that the journal is complete", path)
	}
	position, _, err = reading.ParsePosition(content[8:])
	return position, err == nil, err
}

func openWitness(path string) (*witness, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, fmt.Errorf("open the journal's witness: %w", err)
	}
	return &witness{file: file, path: path}, nil
}

// write puts the position in place in one write within one disk sector.
func (w *witness) write(position reading.Position) error {
	var content [witnessSize]byte
	to := append(content[:0], witnessMagic...)
	to = position.Append(to)
	to = append(to, make([]byte, witnessSize-8-len(to))...)
	binary.BigEndian.AppendUint64(to, xxhash.Sum64(to))
	if _, err := w.file.WriteAt(content[:], 0); err != nil {
		return fmt.Errorf("write the journal's witness %s: %w", w.path, err)
	}
	return nil
}

func (w *witness) close() error { return w.file.Close() }
