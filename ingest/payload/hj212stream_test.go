package payload

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces is a reader that returns what it holds in pieces of the lengths that next says.
type pieces struct {
	rest []byte
	next func() int
}

func (p *pieces) Read(into []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(into, p.rest[:min(len(p.rest), max(1, p.next()))])
	p.rest = p.rest[n:]
	return n, nil
}

// streamTokens returns the tokens of a stream that comes in such pieces.
func streamTokens(t testing.TB, stream []byte, next func() int) []string {
	t.Helper()
	scanner := bufio.NewScanner(&pieces{stream, next})
	scanner.Buffer(make([]byte, 0, 64), MaxFrame)
	scanner.Split(SplitFrames)
	var tokens []string
	for scanner.Scan() {
		tokens = append(tokens, scanner.Text())
	}
	if scanner.Err() != nil {
		t.Fatalf("%q: %v", shown(stream), scanner.Err())
	}
	return tokens
}

// wholeTokens returns the tokens of a payload in one piece.
func wholeTokens(t testing.TB, payload []byte) []string {
	t.Helper()
	var tokens []string
	for rest := payload; ; {
		advance, token, err := SplitFrames(rest, true)
		if err != nil || advance < len(token) || (advance == 0 && len(rest) > 0) {
			t.Fatalf("%q: %d bytes on, token %q, %v", shown(rest), advance, shown(token), err)
		}
		rest = rest[advance:]
		if len(token) == 0 {
			if len(rest) > 0 {
				t.Fatalf("%q is read up to the last %d bytes", shown(payload), len(rest))
			}
			return tokens
		}
		tokens = append(tokens, string(token))
	}
}

// wantSameTokens checks that it does not matter in which pieces a stream comes, and that a token is one by itself.
func wantSameTokens(t testing.TB, stream []byte, next func() int) {
	t.Helper()
	whole := wholeTokens(t, stream)
	if got := streamTokens(t, stream, next); strings.Join(got, "\n") != strings.Join(whole, "\n") {
		t.Fatalf("%q\nin one piece is %q\nas a stream    %q", stream, whole, got)
	}
	for _, token := range whole {
		if again := wholeTokens(t, []byte(token)); len(again) != 1 || again[0] != token {
			t.Fatalf("%q\nby itself is %q", token, again)
		}
	}
}

// spoiled returns a few frames, some of them damaged, cut off, with wrong lengths or other checksums, or between logs.
func spoiled(random *rand.Rand) (stream []byte) {
	areas := []string{"DataTime=20261121101500;a34004-Rtd=1", "", "a=&&12AB", "x=##0012QN=1", "QN=1;CP=&&&&9C40\r\n"}
	for range 1 + random.IntN(4) {
		frame := sent("22", "2011", areas[random.IntN(len(areas))])
		switch random.IntN(9) {
		case 0:
			frame = bytes.TrimSpace(frame)
		case 1:
			frame[2+random.IntN(4)] = byte('0' + random.IntN(10))
		case 2:
			frame = frame[:random.IntN(len(frame))]
		case 3:
			frame[random.IntN(len(frame))] = byte(random.IntN(256))
		case 4:
			frame = append([]byte("log # 1"), frame...)
		case 5:
			frame = append([]byte("\x00\ufeff"), frame...)
		case 6:
			segment := frame[6 : len(frame)-6]
			frame = fmt.Appendf(frame[:6:6], "%s%04x", segment, ModbusChecksum.of(segment))
		}
		stream = append(stream, frame...)
	}
	return stream
}

func TestTokensDoNotDependOnWhereAStreamIsCut(t *testing.T) {
	random := rand.New(rand.NewPCG(212, 2017))
	for range 20_000 {
		wantSameTokens(t, spoiled(random), func() int { return random.IntN(40) })
	}
	for range 20 { // beyond the longest frame
		stream := append(bytes.Repeat([]byte([]string{"x", "&&0000", "\ufeff", "##9999QN=", "#", "\x00##12"}[random.IntN(6)]), 10_000+random.IntN(10)), spoiled(random)...)
		wantSameTokens(t, stream, func() int { return random.IntN(5000) })
	}
}

// Whatever the length field of a frame says, the whole frames behind it are not lost with it.
func TestAWrongLengthTakesNoOtherFrameWithIt(t *testing.T) {
	b, c := strings.TrimSpace(string(sent("22", "2011", "b=22"))), strings.TrimSpace(string(sent("22", "2051", "c=333")))
	for name, a := range map[string]string{
		"whole":                  strings.TrimSpace(string(sent("22", "2011", "a=1"))),
		"with a wrong checksum":  strings.Replace(strings.TrimSpace(string(sent("22", "2011", "a=1"))), "a=1", "a=2", 1),
		"cut off":                string(sent("22", "2011", "a=1"))[:40],
		"without its last marks": strings.Replace(strings.TrimSpace(string(sent("22", "2011", "a=1"))), "a=1&&", "a=1", 1),
	} {
		for length := range 400 {
			first := fmt.Sprintf("##%04d%s", length, a[6:])
			for _, between := range []string{"", "\r\n"} {
				stream := []byte(first + between + b + between + c)
				if got := wholeTokens(t, stream); len(got) < 2 || got[len(got)-2] != b || got[len(got)-1] != c {
					t.Fatalf("a frame %s and a length of %d: %q", name, length, got)
				}
				wantSameTokens(t, stream, func() int { return 7 })
			}
		}
	}
}

// A frame may quote another one: its own length and checksum say so.
func TestAFrameWithinAFrame(t *testing.T) {
	quoted := strings.TrimSpace(string(sent("22", "2011", "a=1")))
	for _, checksum := range []Checksum{StandardChecksum, ModbusChecksum, ModbusLowChecksum} {
		segment := "QN=1;CN=3020;MN=S1;CP=&&i11001-Info=//sent " + quoted + "//&&"
		frame := fmt.Sprintf("##%04d%s%04X", len(segment), segment, checksum.of([]byte(segment)))
		if got := wholeTokens(t, []byte(frame+quoted)); len(got) != 2 || got[0] != frame {
			t.Errorf("%d: %q", checksum, got)
		}
		wantSameTokens(t, []byte(frame+"\r\n"+quoted), func() int { return 5 })
	}
}
