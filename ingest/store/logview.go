package store

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/wal"
)

// logView shows the store's files with its log ending before the first damage, so that what is lost behind it can be
// told. It is only for reading: the damage stays as it is.
type logView struct {
	vfs.FS
	lengths map[string]int64 // of the logs that are shown shortened, by file name
}

// viewSoundLog finds the first damage in the logs of a store and returns the view without what follows it.
func viewSoundLog(directory string) (*logView, error) {
	logs, err := wal.Scan(wal.Dir{FS: vfs.Default, Dirname: directory})
	if err != nil {
		return nil, fmt.Errorf("look for the store's logs: %w", err)
	}
	view := &logView{FS: vfs.Default, lengths: make(map[string]int64)}
	damaged := false
	for _, log := range logs {
		length := int64(0)
		if !damaged {
			length, damaged = soundLength(log)
		}
		if damaged {
			for i := range log.NumSegments() {
				_, path := log.SegmentLocation(i)
				view.lengths[filepath.Base(path)] = length
			}
		}
	}
	return view, nil
}

// soundLength returns where the first damaged record of a log begins, if there is one.
func soundLength(log wal.LogicalLog) (length int64, damaged bool) {
	reader := log.OpenForRead()
	defer reader.Close()
	for {
		record, offset, err := reader.NextRecord()
		if err == nil {
			_, err = io.Copy(io.Discard, record)
		}
		if err != nil {
			return offset.Physical, !errors.Is(err, io.EOF)
		}
	}
}

// Open implements [vfs.FS].
func (v *logView) Open(name string, options ...vfs.OpenOption) (vfs.File, error) {
	file, err := v.FS.Open(name, options...)
	length, shortened := v.lengths[filepath.Base(name)]
	if err != nil || !shortened {
		return file, err
	}
	return &shortFile{File: file, rest: length}, nil
}

// shortFile ends before its end. Pebble reads its logs from the start to the end.
type shortFile struct {
	vfs.File
	rest int64
}

func (f *shortFile) Read(to []byte) (int, error) {
	if f.rest <= 0 {
		return 0, io.EOF
	}
	n, err := f.File.Read(to[:min(int64(len(to)), f.rest)])
	f.rest -= int64(n)
	return n, err
}
