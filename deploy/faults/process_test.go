//go:build integration

// Package faults runs the real program with a real Mosquitto and a real InfluxDB 1.8.10, breaks one of them while
// numbered readings are published, and counts at the end, value by value, what became of them.
package faults

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var binary string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "egret-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(directory, "egret")
	build := exec.Command("go", "build", "-o", binary, "egret/cmd/egret")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build egret:", err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(directory)
	os.Exit(code)
}

// process is a program that the test has started, and ends.
type process struct {
	t       *testing.T
	name    string
	command []string
	env     []string
	log     string
	running *exec.Cmd
	ended   chan struct{} // closed when running has ended
	spent   time.Duration // CPU time of the runs that have ended
}

func newProcess(t *testing.T, name string, command ...string) *process {
	p := &process{t: t, name: name, command: command, log: filepath.Join(t.TempDir(), name+".log")}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			content, _ := os.ReadFile(p.log)
			t.Logf("log of %s:\n%s", name, content[max(0, len(content)-4000):])
		}
	})
	return p
}

func (p *process) start() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.running = exec.Command(p.command[0], p.command[1:]...)
	p.running.Env = append(os.Environ(), p.env...)
	p.running.Stdout, p.running.Stderr = log, log
	p.running.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.running.Start(); err != nil {
		p.t.Fatalf("start %s: %v", p.name, err)
	}
	running, ended := p.running, make(chan struct{})
	p.ended = ended
	go func() {
		_ = running.Wait()
		close(ended)
	}()
}

// await polls until the condition holds, and fails if the process ends before.
func (p *process) await(what string, holds func() bool) {
	p.t.Helper()
	await(p.t, what, func() bool {
		select {
		case <-p.ended:
			p.t.Fatalf("%s ended before %s: %v", p.name, what, p.running.ProcessState)
		default:
		}
		return holds()
	})
}

func (p *process) signal(s os.Signal) {
	if p.running == nil {
		return
	}
	_ = p.running.Process.Signal(s)
	<-p.ended
	p.spent += p.running.ProcessState.UserTime() + p.running.ProcessState.SystemTime()
	p.running = nil
}

func (p *process) kill() { p.signal(syscall.SIGKILL) }

// stop asks the process to end.
func (p *process) stop() { p.signal(syscall.SIGTERM) }

// runToEnd starts the process and waits until it has ended, or until it holds that it runs; it returns its exit code,
// -1 if it runs.
func (p *process) runToEnd(runs func() bool) int {
	p.t.Helper()
	p.start()
	ended := func() bool {
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	}
	await(p.t, p.name+" runs or has ended", func() bool { return ended() || runs() })
	if !ended() {
		return -1
	}
	return p.running.ProcessState.ExitCode()
}

// said returns what the process has printed in all its runs.
func (p *process) said() string {
	p.t.Helper()
	content, err := os.ReadFile(p.log)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(content)
}

// cpu returns the CPU time of all runs so far.
func (p *process) cpu() time.Duration {
	if p.running == nil {
		return p.spent
	}
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.running.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return p.spent + time.Duration(user+system)*10*time.Millisecond
}

// memory returns the resident memory in MiB.
func (p *process) memory() int {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.running.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "VmRSS:")
	kib, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kib >> 10
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// program finds a program that .ci/run installs.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, directory := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", filepath.Join(goPath(t), "bin")) {
		path := filepath.Join(directory, name)
		if info, err := os.Stat(path); err == nil && info.Mode()&0o111 != 0 {
			return path
		}
	}
	t.Fatalf("%s is not installed; .ci/run installs it", name)
	return ""
}

func goPath(t *testing.T) string {
	path, err := exec.Command("go", "env", "GOPATH").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(path))
}

// await polls until the condition holds; the time is generous, it only bounds a failure.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func answers(url string) bool {
	response, err := http.Get(url)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode < 300
}
