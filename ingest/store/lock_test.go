package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// holdEnv names a directory that a child process holds until its standard input ends.
const holdEnv = "EGRET_TEST_HOLD"

func TestMain(m *testing.M) {
	if directory := os.Getenv(holdEnv); directory != "" {
		if _, err := Hold(directory, Holder{Process: os.Getpid(), Command: "egret serve", Since: since}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		bufio.NewReader(os.Stdin).ReadString('\n')
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var since = time.Date(2026, 11, 21, 8, 0, 0, 0, time.FixedZone("", 8*3600))

// holding is a process that holds the directory.
func holding(t *testing.T, directory string) *exec.Cmd {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), holdEnv+"="+directory)
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if said, _ := bufio.NewReader(output).ReadString('\n'); said != "held\n" {
		t.Fatalf("the child says %q", said)
	}
	return child
}

func TestTheSecondProcessIsToldWhoHoldsTheDirectory(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "egret-data")
	child := holding(t, directory)
	_, err := Hold(directory, Holder{Process: os.Getpid(), Command: "egret serve"})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatalf("error is %v", err)
	}
	want := fmt.Sprintf("the data directory %s is held by process %d (egret serve), running since 2026-11-21T08:00:00+08:00; stop it, or name another directory under `data`",
		directory, child.Process.Pid)
	if err.Error() != want {
		t.Errorf("message is\n%s, want\n%s", err, want)
	}
	holder, found, err := FindHolder(directory)
	if err != nil || !found || holder.Process != child.Process.Pid || !holder.Since.Equal(since) {
		t.Errorf("the holder is %+v, %t, %v", holder, found, err)
	}
	_ = child.Process.Kill()
	_ = child.Wait()

	if holder, found, err := FindHolder(directory); found || err != nil {
		t.Errorf("after its death the holder is %+v, %v", holder, err)
	}
	lock, err := Hold(directory, Holder{Process: os.Getpid(), Command: "egret serve"})
	if err != nil {
		t.Fatalf("a dead process still holds the directory: %v", err)
	}
	if holder, found, _ := FindHolder(directory); !found || holder.Process != os.Getpid() {
		t.Errorf("the holder is %+v, %t", holder, found)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
}

func TestTheHolderAnnouncesWhereItAnswers(t *testing.T) {
	directory := t.TempDir()
	lock, err := Hold(directory, Holder{Process: 7, Command: strings.Repeat("x", 100)})
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Announce("http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	if holder, found, err := FindHolder(directory); err != nil || !found || holder.HTTP != "http://127.0.0.1:8080" {
		t.Errorf("the holder is %+v, %t, %v", holder, found, err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if holder, found, err := FindHolder(directory); found || err != nil {
		t.Errorf("after its release the holder is %+v, %v", holder, err)
	}
}

func TestNobodyHoldsADirectoryThatIsNotThere(t *testing.T) {
	if _, found, err := FindHolder(filepath.Join(t.TempDir(), "nowhere")); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
}

func TestAnUnreadableNoteOnlyShortensTheMessage(t *testing.T) {
	directory := t.TempDir()
	lock, err := Hold(directory, Holder{Process: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := os.WriteFile(filepath.Join(directory, LockName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Hold(directory, Holder{Process: 8})
	if want := "the data directory " + directory + " is held by another process; stop it, or name another directory under `data`"; err == nil || err.Error() != want {
		t.Errorf("message is %v, want %s", err, want)
	}
}

func TestADirectoryThatMayNotBeMadeIsToldWithTheRemedy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Hold(filepath.Join(file, "data"), Holder{})
	if err == nil || !strings.Contains(err.Error(), "create the data directory") || !strings.Contains(err.Error(), "under `data`") {
		t.Errorf("error is %v", err)
	}
}
