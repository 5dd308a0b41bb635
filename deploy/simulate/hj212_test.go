package simulate_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"egret/deploy/simulate"
	"egret/ingest/payload"
	"egret/ingest/reading"
)

func TestAnHJ212FrameOfAnInstant(t *testing.T) {
	values := []reading.Value{{Parameter: "pm25", Number: 35.2}, {Parameter: "o3_8h", Number: 80}, {Parameter: "temp", Number: -3.5}, {Parameter: "pressure", Number: 1013.3}}
	at := time.Date(2026, 11, 21, 2, 15, 0, 999e6, time.UTC)
	made := time.Date(2026, 11, 21, 2, 15, 7, 43e6, time.UTC)
	station := &simulate.HJ212Station{MN: "SYN000000000000000000001", Password: "123456", Flag: 5}
	got := string(simulate.AppendHJ212([]byte("before"), values, at, made, station))
	segment := "QN=20261121101507043;ST=22;CN=2011;PW=123456;MN=SYN000000000000000000001;Flag=5;CP=&&DataTime=20261121101500;a34004-Rtd=35.2,a34004-Flag=N;a01001-Rtd=-3.5,a01001-Flag=N;a01006-Rtd=101.33,a01006-Flag=N&&"
	if want := "before" + string(payload.AppendFrame(nil, []byte(segment))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func newHJ212Load(messages int) *simulate.HJ212Load {
	return &simulate.HJ212Load{
		Load:     &simulate.Load{Messages: messages, Stations: 4, Values: 8, Start: time.Unix(1_795_000_000, 0), Interval: time.Second},
		Password: "123456", Flag: 5,
	}
}

// Every frame of a load is one that Egret's own decoder takes, and no two are alike.
func TestAnHJ212LoadIsReadable(t *testing.T) {
	load := newHJ212Load(200)
	profiles := payload.Profiles[payload.HJ212Profile]{Default: &payload.HJ212Profile{
		Zone: simulate.China, Password: "123456",
	}}
	decode := payload.HJ212(profiles)
	seen := make(map[string]bool)
	for message := range load.Messages {
		text, mn := load.Append(nil, message)
		f, err := payload.ReadFrame([]byte(strings.TrimSpace(string(text))), &profiles, "")
		if err != nil || string(f.MN) != mn || mn != simulate.LoadMN(message%4) || !f.AnswerWanted() || seen[string(f.QN)] {
			t.Fatalf("message %d: %s: %v", message, text, err)
		}
		seen[string(f.QN)] = true
		var m payload.Message
		if err := decode(&payload.Input{Payload: text, Received: load.Start.UnixNano()}, &m); err != nil || len(m.Statements) != 1 || len(m.Problems) > 0 {
			t.Fatalf("message %d: %s: %v, %v", message, text, err, m.Problems)
		}
		s := m.Statements[0]
		if s.Time != load.Time(message).UnixNano() || s.Period != reading.Momentary || len(s.Values) != 8 {
			t.Fatalf("message %d: %s becomes %+v", message, text, s)
		}
		for i, v := range s.Values {
			if string(v.Parameter) != simulate.LoadParameters[i] || v.Number != simulate.LoadValue(message, i) || string(v.Flag) != "N" {
				t.Fatalf("message %d: %s becomes %+v", message, text, v)
			}
		}
	}
}

// platform is the other end: it answers as its test says, and notes what it reads.
type platform struct {
	net.Listener
	t        *testing.T
	answer   func(number int, f *payload.Frame) string // the number of the frame over all connections, from 1; "hang up" does that
	mutex    sync.Mutex
	read     []string // QN of each frame
	resent   int      // marked with RF=1
	accepted int
	serving  sync.WaitGroup
}

func newPlatform(t *testing.T, answer func(int, *payload.Frame) string) *platform {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{Listener: listener, t: t, answer: answer}
	p.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.mutex.Lock()
			p.accepted++
			p.mutex.Unlock()
			p.serving.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); p.serving.Wait() })
	return p
}

// seen returns the QN of each frame that was read.
func (p *platform) seen() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Clone(p.read)
}

func (p *platform) serve(conn net.Conn) {
	defer conn.Close()
	scanner := bufio.NewScanner(conn)
	scanner.Buffer(nil, payload.MaxFrame)
	scanner.Split(payload.SplitFrames)
	for scanner.Scan() {
		f, err := payload.ReadFrame(scanner.Bytes(), &payload.Profiles[payload.HJ212Profile]{Default: &payload.HJ212Profile{}}, "")
		if err != nil {
			p.t.Errorf("%s: %v", scanner.Bytes(), err)
		}
		p.mutex.Lock()
		p.read = append(p.read, string(f.QN))
		if f.Resent {
			p.resent++
		}
		answer := p.answer(len(p.read), &f)
		p.mutex.Unlock()
		if answer == "hang up" {
			return
		}
		if answer != "" {
			_, _ = conn.Write(payload.AppendFrame(nil, []byte(answer)))
		}
	}
}

func receipt(f *payload.Frame) string {
	return fmt.Sprintf("QN=%s;ST=91;CN=9014;PW=%s;MN=%s;Flag=4;CP=&&&&", f.QN, f.PW, f.MN)
}

func TestEveryFrameIsSentOnceToAPlatformThatAnswers(t *testing.T) {
	p := newPlatform(t, func(_ int, f *payload.Frame) string { return receipt(f) })
	for _, window := range []int{0, 7} {
		before := len(p.seen())
		report, err := simulate.RunHJ212(t.Context(), simulate.HJ212Config{Address: p.Addr().String(), Source: newHJ212Load(400), Loggers: 4, Window: window})
		if err != nil || report.Sent != 400 || report.Acknowledged != 400 || report.Lost != 0 || report.Resent != 0 || len(p.seen())-before != 400 {
			t.Errorf("window %d: %+v, %v; %d came", window, report, err, len(p.seen())-before)
		}
	}
}

func TestWhatIsNotAnsweredIsSentAgainAfterAReconnect(t *testing.T) {
	p := newPlatform(t, func(number int, f *payload.Frame) string {
		if number%10 == 0 {
			return "hang up"
		}
		return receipt(f)
	})
	report, err := simulate.RunHJ212(t.Context(), simulate.HJ212Config{Address: p.Addr().String(), Source: newHJ212Load(100), Window: 5, MarkResent: true})
	if err != nil || report.Sent != 100 || report.Acknowledged != 100 {
		t.Fatalf("%+v, %v", report, err)
	}
	came := make(map[string]bool)
	for _, qn := range p.seen() {
		came[qn] = true
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if report.Lost < 10 || p.accepted != report.Lost+1 || report.Resent < report.Lost {
		t.Errorf("%+v; %d connections", report, p.accepted)
	}
	if p.resent == 0 || p.resent > report.Resent {
		t.Errorf("%d frames came marked as sent again, %d were sent again", p.resent, report.Resent)
	}
	if len(came) != 100 {
		t.Errorf("%d different frames came", len(came))
	}
}

func TestFramesWaitForTheWindow(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPlatform(t, func(number int, _ *payload.Frame) string {
		if number == 5 {
			cancel()
		}
		return ""
	})
	report, err := simulate.RunHJ212(ctx, simulate.HJ212Config{Address: p.Addr().String(), Source: newHJ212Load(100), Window: 5})
	if !errors.Is(err, context.Canceled) || report.Sent != 5 || report.Acknowledged != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestARefusedFrameEndsTheRun(t *testing.T) {
	p := newPlatform(t, func(_ int, f *payload.Frame) string {
		return fmt.Sprintf("QN=%s;ST=91;CN=9011;PW=%s;MN=%s;Flag=4;CP=&&QnRtn=4&&", f.QN, f.PW, f.MN)
	})
	report, err := simulate.RunHJ212(t.Context(), simulate.HJ212Config{Address: p.Addr().String(), Source: newHJ212Load(100)})
	if err == nil || !strings.Contains(err.Error(), "is refused with QnRtn=4") || report.Acknowledged != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestHJ212ConfigurationsThatCannotBeMeant(t *testing.T) {
	f := func(want string, change func(*simulate.HJ212Config, *simulate.HJ212Load)) {
		t.Helper()
		load := newHJ212Load(1)
		config := simulate.HJ212Config{Address: "127.0.0.1:1", Source: load}
		change(&config, load)
		if _, err := simulate.RunHJ212(t.Context(), config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	f("is not an address such as 127.0.0.1:9212", func(c *simulate.HJ212Config, _ *simulate.HJ212Load) { c.Address = "logger" })
	f("no source of frames", func(c *simulate.HJ212Config, _ *simulate.HJ212Load) { c.Source = nil })
	f("-1 connections", func(c *simulate.HJ212Config, _ *simulate.HJ212Load) { c.Loggers = -1 })
	f("window -1", func(c *simulate.HJ212Config, _ *simulate.HJ212Load) { c.Window = -1 })
	f("use 1 to 11", func(_ *simulate.HJ212Config, l *simulate.HJ212Load) { l.Values = 12 })
	f("whole seconds", func(_ *simulate.HJ212Config, l *simulate.HJ212Load) { l.Interval = 1500 * time.Millisecond })
	f("Flag=4", func(_ *simulate.HJ212Config, l *simulate.HJ212Load) { l.Flag = 4 })
	f("connect to 127.0.0.1:1", func(*simulate.HJ212Config, *simulate.HJ212Load) {})
}
