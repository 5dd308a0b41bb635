package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// LockName is the file in the data directory that the running process holds.
const LockName = "egret.lock"

// Holder is who holds a data directory.
type Holder struct {
	Process int       `json:"process"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
	HTTP    string    `json:"http,omitempty"` // where the holder answers, such as http://127.0.0.1:8080
}

// Lock is a data directory held by this process.
type Lock struct {
	file   *os.File
	holder Holder
}

// HeldError says that another process holds the directory.
type HeldError struct {
	Directory string
	Holder    Holder
}

func (e *HeldError) Error() string {
	if e.Holder.Process == 0 {
		return fmt.Sprintf("the data directory %s is held by another process; stop it, or name another directory under `data`", e.Directory)
	}
	return fmt.Sprintf("the data directory %s is held by process %d (%s), running since %s; stop it, or name another directory under `data`",
		e.Directory, e.Holder.Process, e.Holder.Command, e.Holder.Since.Format(time.RFC3339))
}

// Hold creates the data directory where needed and takes its lock. A *HeldError says who has it.
func Hold(directory string, holder Holder) (*Lock, error) {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return nil, fmt.Errorf("create the data directory: %w; name one that this user may write under `data`", err)
	}
	file, err := os.OpenFile(filepath.Join(directory, LockName), os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w; name one that this user may write under `data`", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the data directory %s: %w", directory, err)
		}
		held := &HeldError{Directory: directory}
		if content, err := io.ReadAll(file); err == nil {
			_ = json.Unmarshal(content, &held.Holder) // an unreadable note only makes the message shorter
		}
		return nil, held
	}
	lock := &Lock{file: file, holder: holder}
	if err := lock.write(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return lock, nil
}

// Announce writes down where the holder answers over HTTP.
func (l *Lock) Announce(address string) error {
	l.holder.HTTP = address
	return l.write()
}

func (l *Lock) write() error {
	content, err := json.Marshal(l.holder)
	if err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	if _, err := l.file.WriteAt(append(content, '\n'), 0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	return nil
}

// Release gives the directory up.
func (l *Lock) Release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

// FindHolder returns who holds the directory, and false if nobody does.
func FindHolder(directory string) (Holder, bool, error) {
	file, err := os.Open(filepath.Join(directory, LockName))
	if errors.Is(err, fs.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, fmt.Errorf("look who holds the data directory: %w", err)
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err == nil {
		return Holder{}, false, nil
	}
	var holder Holder
	if err := json.NewDecoder(file).Decode(&holder); err != nil {
		return Holder{}, true, fmt.Errorf("read who holds the data directory %s: %w", directory, err)
	}
	return holder, true, nil
}
