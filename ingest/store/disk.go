package store

import (
	"fmt"
	"syscall"
)

// FreeBytes returns how much an unprivileged process may still write on the file system that holds the directory.
func FreeBytes(directory string) (int64, error) {
	var status syscall.Statfs_t
	if err := syscall.Statfs(directory, &status); err != nil {
		return 0, fmt.Errorf("look for free space in %s: %w", directory, err)
	}
	return int64(status.Bavail) * status.Bsize, nil
}
