//go:build integration

package faults

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"egret/deploy/simulate"
)

const smallDisk = 300 << 20

// onSmallDisk puts Egret's data directory on a file system of its own.
func (b *bench) onSmallDisk() (directory string) {
	b.t.Helper()
	directory = filepath.Join(b.directory, "egret")
	if err := os.Mkdir(directory, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "size=300m"); err != nil {
		b.t.Fatalf("mount a tmpfs of %d MiB: %v; run the integration tests as root, in a container with --cap-add SYS_ADMIN", smallDisk>>20, err)
	}
	b.t.Cleanup(func() {
		b.egret.kill()
		if err := syscall.Unmount(directory, 0); err != nil {
			b.t.Errorf("unmount %s: %v", directory, err)
		}
	})
	return directory
}

// fill writes zeros into a file until so much is left free; below nothing it ends when the disk takes no more.
func fill(t *testing.T, path string, leave int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	block := make([]byte, 64<<10)
	for {
		var disk syscall.Statfs_t
		if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
			t.Fatal(err)
		}
		if int64(disk.Bavail)*disk.Bsize <= leave {
			return
		}
		if _, err := file.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// readiness asks /readyz; the status is 0 where nobody answers.
func (b *bench) readiness() (status int, body string) {
	response, err := http.Get(b.httpURL + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(content)
}

// underLoad publishes beside what the test does; done is closed when all is acknowledged by the broker.
func (b *bench) underLoad(rate float64, length time.Duration) (load *simulate.Load, done chan struct{}) {
	load = newLoad(rate)
	load.Messages = int(rate * length.Seconds())
	done = make(chan struct{})
	go func() {
		defer close(done)
		b.publish(load)
	}()
	return load, done
}

// wantAll waits until every message of the load is stored, and holds every value against what was sent.
func (b *bench) wantAll(load *simulate.Load) {
	b.t.Helper()
	await(b.t, "every message is in the database", func() bool { return b.stored(load) })
	b.settle(load.Messages)
	if right := b.checkLoad(load); right != load.Messages*load.Values {
		b.t.Errorf("%d values are right, %d were sent", right, load.Messages*load.Values)
	}
}

// When the disk's reserve is reached nothing is acknowledged and readiness says why; with room it goes on by itself.
func TestIntegrationDiskReserveReached(t *testing.T) {
	b := newBench(t, "")
	directory := b.onSmallDisk()
	b.startEgret()
	load, done := b.underLoad(500, 15*time.Second)
	await(t, "messages come", func() bool { return b.ledger().Messages.Received > 500 })

	ballast := filepath.Join(directory, "ballast")
	fill(t, ballast, 48<<20)
	var reason string
	await(t, "readiness says that nothing is taken", func() bool {
		status, body := b.readiness()
		reason = body
		return status == http.StatusServiceUnavailable
	})
	if !strings.Contains(reason, "journal.disk_reserve") || !strings.Contains(reason, "make room") {
		t.Errorf("/readyz answers %s", reason)
	}
	before := b.ledger().Messages.Received
	time.Sleep(4 * time.Second)
	if after := b.ledger().Messages.Received; after != before {
		t.Errorf("%d messages were taken below the reserve", after-before)
	}
	t.Logf("reserve reached after %d messages, none taken in 4 s; /readyz: %s", before, reason)

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	removed := time.Now()
	await(t, "it goes on", func() bool { return b.ledger().Messages.Received > before })
	wait := time.Since(removed)
	if wait > 10*time.Second {
		t.Errorf("it went on after %s", wait)
	}
	<-done
	b.wantAll(load)
	t.Logf("with room again it went on after %s; nothing is missing", wait.Round(time.Millisecond))
}

// A disk that is full to the last byte at once ends Egret with a clear message or blocks it; after a restart with room
// nothing is missing.
func TestIntegrationDiskFull(t *testing.T) {
	b := newBench(t, "")
	directory := b.onSmallDisk()
	b.startEgret()
	load, done := b.underLoad(500, 15*time.Second)
	await(t, "messages come", func() bool { return b.ledger().Messages.Received > 500 })

	ballast := filepath.Join(directory, "ballast")
	fill(t, ballast, -1)
	ended := func() bool {
		select {
		case <-b.egret.ended:
			return true
		default:
			return false
		}
	}
	var reason string
	await(t, "egret has ended or says why it takes nothing", func() bool {
		status, body := b.readiness()
		reason = body
		return ended() || status == http.StatusServiceUnavailable
	})
	for watched := time.Now(); time.Since(watched) < 4*time.Second && !ended(); time.Sleep(100 * time.Millisecond) {
		fill(t, ballast, -1)
	}
	clear := func(what string, code int) {
		said := b.egret.said()
		t.Logf("%s ends with %d:\n%s", what, code, said[max(0, len(said)-700):])
		if code != 3 || !strings.Contains(said, "room") || strings.Contains(said, "goroutine ") {
			t.Errorf("%s ends with %d and without a clear message", what, code)
		}
	}
	if ended() {
		clear("egret on a full disk", b.egret.running.ProcessState.ExitCode())
	} else {
		t.Logf("egret goes on and takes nothing; /readyz: %s", reason)
		if !strings.Contains(reason, "make room") {
			t.Errorf("/readyz answers %s", reason)
		}
	}
	b.egret.kill()
	fill(t, ballast, -1)
	code := b.egret.runToEnd(func() bool { status, _ := b.readiness(); return status == http.StatusServiceUnavailable })
	if code != -1 {
		clear("a start on a full disk", code)
	} else {
		t.Log("a start on a full disk takes nothing")
	}
	b.egret.kill()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	b.startEgret()
	<-done
	b.wantAll(load)
}
