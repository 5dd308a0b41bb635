package payload

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/emmansun/gmsm/sm4"
)

// HJ 212-2017 annex A, HJ 212-2025 and what distinguishes the algorithms.
func TestChecksums(t *testing.T) {
	f := func(checksum Checksum, segment, want string) {
		t.Helper()
		if got := fmt.Sprintf("%04X", checksum.of([]byte(segment))); got != want {
			t.Errorf("%q: %s, want %s", segment, got, want)
		}
	}
	f(StandardChecksum, "", "FFFF")
	f(StandardChecksum, "123456789", "2F80")
	f(ModbusChecksum, "123456789", "4B37")
	f(ModbusLowChecksum, "123456789", "374B")
	f(StandardChecksum, "QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&", "1C80")
	f(StandardChecksum, "QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&", "2200")
	if got := StandardChecksum.of([]byte("12"), nil, []byte("3456"), []byte("789")); got != 0x2F80 {
		t.Errorf("in parts: %04X", got)
	}
}

// The standard's algorithm step by step, as its annex A writes it.
func TestChecksumAgainstItsDefinition(t *testing.T) {
	data := make([]byte, 300)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(random.IntN(256))
	}
	for length := range data {
		register := uint16(0xFFFF)
		for _, b := range data[:length] {
			register = register>>8 ^ uint16(b)
			for range 8 {
				carry := register & 1
				register >>= 1
				if carry == 1 {
					register ^= 0xA001
				}
			}
		}
		for cut := range min(length, 9) {
			if got := StandardChecksum.of(data[:cut], data[cut:length]); got != register {
				t.Fatalf("%d bytes in %d and the rest: %04X, want %04X", length, cut, got, register)
			}
		}
	}
}

func TestSplitFrames(t *testing.T) {
	f := func(stream string, want ...string) {
		t.Helper()
		for name, reader := range map[string]interface{ Read([]byte) (int, error) }{
			"at once":      strings.NewReader(stream),
			"byte by byte": iotest.OneByteReader(strings.NewReader(stream)),
			"in halves":    iotest.HalfReader(strings.NewReader(stream)),
		} {
			scanner := bufio.NewScanner(reader)
			scanner.Buffer(nil, MaxFrame)
			scanner.Split(SplitFrames)
			var got []string
			for scanner.Scan() {
				got = append(got, scanner.Text())
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") || scanner.Err() != nil {
				t.Errorf("%s: %q becomes\n%q, %v, want\n%q", name, stream, got, scanner.Err(), want)
			}
		}
	}
	a := strings.TrimSpace(string(sent("22", "2011", "a=1")))
	b := strings.TrimSpace(string(sent("22", "2011", "b=22")))
	f(a, a)
	f(a+b, a, b)
	f("\r\n"+a+"\r\n \n"+b+"\r\n", a, b)
	f(a+"boot ok\r\n"+b, a, "boot ok", b)
	f("GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1")
	f("#"+a+"#"+b, a, b)
	f(a[:40]+b, a[:40], b)
	f(a[:40]+"\r\n"+b+a[:30], a[:40], b, a[:30])
	f("## restarted ##"+a, "## restarted ##", a)
	f("", "")
	f("#", "#")
	f("##", "##")

	// Lengths that do not fit.
	wrong := func(length string) string { return "##" + length + a[6:] }
	for length := range strings.FieldsSeq("0001 0040 0888 9999 99 999 12345") {
		f(wrong(length)+"\r\n"+b, wrong(length), b)
		f(wrong(length)+b, wrong(length), b)
	}
	f("##64"+a[6:]+b, "##64"+a[6:], b)
	f("##064"+a[6:]+b, "##064"+a[6:], b)

	// An encrypted area may hold whatever ends a frame.
	area := "&&12AB\r\n##0124QN=1;&&0000##"
	c := strings.TrimSpace(string(sent("22", "2011", area)))
	f(c+"\r\n"+a, c, a)
}

// A station waits for its answer: what is whole must not wait for more.
func TestFrameIsCutAsSoonAsItIsWhole(t *testing.T) {
	f := func(stream string, want bool) {
		t.Helper()
		_, token, err := SplitFrames([]byte(stream), false)
		if (token != nil) != want || err != nil {
			t.Errorf("%q: %q, %v", stream, token, err)
		}
	}
	a := strings.TrimSpace(string(sent("22", "2011", "a=1")))
	f(a, true)
	f("##0888"+a[6:], true)
	f("##0001"+a[6:], true)
	f(a[:len(a)-1], false)
	f(a[:6], false)
	f("##0888"+a[6:len(a)-4]+"0000", false)
	f("##0200QN=1;CP=&&21de", false) // the beginning of an encrypted area
	f("boot ok", false)
}

func TestBrokenStreamIsBounded(t *testing.T) {
	for _, begin := range []string{"", "##", "##0438QN=", "##9999QN=1;CP=&&", " ", "#"} {
		for _, filler := range []string{"x", "&", " ", "#", "\x00"} {
			data := []byte(begin + strings.Repeat(filler, 3*MaxFrame))[:MaxFrame]
			if advance, _, err := SplitFrames(data, false); advance == 0 || err != nil {
				t.Errorf("%q and %q: %d of %d, %v", begin, filler, advance, len(data), err)
			}
		}
	}
}

func TestHeader(t *testing.T) {
	f := func(segment, want string) {
		t.Helper()
		frame, err := ReadFrame(AppendFrame(nil, []byte(segment)), &Profiles[HJ212Profile]{}, "")
		got := fmt.Sprintf("%s|%s|%s|%s|%s|%d %t|%t|%s", frame.QN, frame.ST, frame.CN, frame.PW, frame.MN, frame.Flag, frame.HasFlag, frame.Resent, frame.Area)
		if err != nil || got != want {
			t.Errorf("%s\nis %s, %v, want\n%s", segment, got, err, want)
		}
	}
	f("QN=1;ST=22;CN=2011;PW=123456;MN=S1;Flag=9;CP=&&a=1&&", "1|22|2011|123456|S1|9 true|false|a=1")
	f("QN=1;ST=22;CN=2011;PW=123456;MN=S1;Flag=9;PNUM=2;PNO=1;RF=1;CP=&&a=1&&", "1|22|2011|123456|S1|9 true|true|a=1")
	f("RF=0;Flag=5;MN=S1;PW=000000000000000000000024;CN=2011;ST=22;QN=1;CP=&&&&", "1|22|2011|000000000000000000000024|S1|5 true|false|")
	f("CN=2011;MN=S1;CP=&&QN=20261121101500001;DataTime=1&&", "20261121101500001||2011||S1|0 false|false|QN=20261121101500001;DataTime=1")
	f("QN=;ST=null;CN=2011;MN=S1;Flag=5CP=&&a=1&&", "|null|2011||S1|5 true|false|a=1")
	f("QN=1,ST=22; CN=2011 ;MN= S1;;CP=&&a=1&&", "1|22|2011||S1|0 false|false|a=1")
	f("qn=1;st=22;cn=2011;mn=S1;flag=4;cp=&&a=1&&", "1|22|2011||S1|4 true|false|a=1")
	f("QN=1;CN=2011;MN=S1;Flag=300;CP=a=1", "1||2011||S1|0 false|false|a=1")
	f("QN=1", "1|||||0 false|false|")
	f("", "|||||0 false|false|")
	for flag, want := range []bool{false, true, false, true, false, true} {
		if f := (&Frame{HasFlag: true, Flag: uint8(flag)}); f.AnswerWanted() != want {
			t.Errorf("Flag=%d: answer wanted %t", flag, !want)
		}
	}
}

func TestWhyAFrameIsRefused(t *testing.T) {
	f := func(raw []byte, profile *HJ212Profile, is error, want string) {
		t.Helper()
		frame, err := ReadFrame(raw, &Profiles[HJ212Profile]{Of: map[string]*HJ212Profile{"S1": profile}}, "")
		if err == nil || err.Error() != want || (is != nil && !errors.Is(err, is)) || (string(frame.MN) != "S1" && len(raw) > 20) {
			t.Errorf("%s\nis refused: %v, want\n%s", raw, err, want)
		}
	}
	good := sent("22", "2011", "a=1")
	f(good, &HJ212Profile{Password: "654321"}, ErrPassword, "wrong password (PW): it is not the one of the station (hj212.password)")
	f(good, &HJ212Profile{Password: "12345"}, ErrPassword, "wrong password (PW): it is not the one of the station (hj212.password)")
	f(good, &HJ212Profile{Checksum: ModbusChecksum}, ErrChecksum, "wrong checksum: 0280 is right as the checksum of HJ 212 itself: if this logger always sends that, write checksum: standard in the station's profile")
	f(bytes.Replace(good, []byte("##0068"), []byte("##0070"), 1), nil, nil, "its length field says 70, but the data segment has 68 bytes: the logger counts wrong, or part of the frame is lost; where its frames are whole, write lenient_length: true in the station's profile")
	f(bytes.Replace(good, []byte("PW=123456"), []byte("PW=12345"), 1), &HJ212Profile{LenientLength: true}, ErrChecksum, "wrong checksum: the frame ends in 0280, but what it says gives 5CC0: it was damaged on its way, or changed after the checksum was made (its length field says 68, and it has 67 bytes before the checksum)")
	f(good[:65], nil, nil, "it is cut off: its length field says 68 bytes, it has 59, and it does not end in && and a checksum of 4 hexadecimal digits")
	f([]byte("##"), nil, nil, `it begins with "##", but a frame begins with ## and its length in 4 digits, such as ##0124QN=`)
	f(nil, nil, nil, `it begins with "", but a frame begins with ## and its length in 4 digits, such as ##0124QN=`)
	f(bytes.Replace(good, []byte("a=1"), []byte("a=2"), 1), &HJ212Profile{Key: []byte("short")}, nil, "the station's SM4 key (hj212.key) has 5 bytes, but must have 16")
}

func TestFrameRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(212, 2017))
	for range 500 {
		area := make([]byte, random.IntN(900))
		for i := range area {
			area[i] = byte(random.IntN(256))
		}
		segment := append([]byte("QN=1;CN=2011;MN=S1;CP=&&"), area...)
		segment = append(segment, "&&"...)
		stream := AppendFrame(AppendFrame(nil, segment), []byte("CN=9015;MN=S2;CP=&&&&"))
		advance, token, err := SplitFrames(stream, false)
		frame, refused := ReadFrame(token, &Profiles[HJ212Profile]{}, "")
		if err != nil || refused != nil || !bytes.Equal(frame.Area, area) {
			t.Fatalf("%x becomes %x, %v, %v", area, frame.Area, err, refused)
		}
		_, token, _ = SplitFrames(stream[advance:], true)
		if next, err := ReadFrame(token, &Profiles[HJ212Profile]{}, ""); err != nil || string(next.MN) != "S2" {
			t.Fatalf("behind %x: %q, %v", area, token, err)
		}
	}
}

var zeros = []byte("0000000000000000")

// encrypt returns an area as HJ 212-2025 annex A encrypts it.
func encrypt(t *testing.T, area string, key []byte) (blocks, rest []byte) {
	t.Helper()
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	cipher := []byte(area)
	whole := len(cipher) / 16 * 16
	for i := 0; i < whole; i += 16 {
		block.Encrypt(cipher[i:i+16], cipher[i:i+16])
	}
	return cipher[:whole], cipher[whole:]
}

func TestSM4Vectors(t *testing.T) {
	f := func(key, plain, want string) {
		t.Helper()
		k, _ := hex.DecodeString(key)
		cipher, _ := hex.DecodeString(want)
		block, err := sm4.NewCipher(k)
		if err != nil {
			t.Fatal(err)
		}
		decryptBlocks(block, cipher)
		if string(cipher) != plain {
			t.Errorf("%s is %q, want %q", want, cipher, plain)
		}
	}
	// GB/T 32907-2016 annex A, and the first block of the example in annex A of HJ 212-2025.
	f("0123456789abcdeffedcba9876543210", "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10", "681edf34d206965e86b3e94f536e4246")
	f(hex.EncodeToString(zeros), "DataTime=2024052", "e43e159acfab242cb53155fb8b9281a1")
}

func TestEncryptedAreas(t *testing.T) {
	profile := &HJ212Profile{Key: zeros}
	f := func(area string) {
		t.Helper()
		before := "QN=1;ST=22;CN=2011;PW=1;MN=S1;Flag=9;CP=&&"
		sum := fmt.Sprintf("%04x", StandardChecksum.of([]byte(before+area+"&&")))
		blocks, rest := encrypt(t, area, zeros)
		written := hex.EncodeToString(blocks)
		for name, wire := range map[string]string{
			"plain":               area,
			"raw":                 string(blocks) + string(rest),
			"blocks in hex":       written + string(rest),
			"all in hex":          strings.ToUpper(written + hex.EncodeToString(rest)),
			"blocks in upper hex": strings.ToUpper(written) + string(rest),
		} {
			for _, length := range []int{len(before + area + "&&"), len(before + wire + "&&")} {
				raw := fmt.Sprintf("##%04d%s%s&&%s\r\n", length, before, wire, sum)
				_, token, _ := SplitFrames([]byte(raw), true)
				frame, err := ReadFrame(token, &Profiles[HJ212Profile]{Default: profile}, "")
				if err != nil || string(frame.Area) != area || string(frame.QN) != "1" {
					t.Errorf("%s, length %d: %q, %v, want %q", name, length, frame.Area, err, area)
				}
			}
		}
	}
	f("DataTime=20261121101500;a34004-Rtd=35.2,a34004-Flag=N")
	f("DataTime=2026112")
	f("DataTime=20261121101500;a34004-R")
	f("Data")
	for length := range 70 { // all lengths of the rest, also where the checksum of the cipher is right by chance
		f("DataTime=20261121101500;a34004-Rtd=" + strings.Repeat("7", length))
	}
}

// One cipher in 256 has a checksum that is right as it stands: it must not be taken as plain text.
func TestCipherWhoseOwnChecksumIsRight(t *testing.T) {
	met := 0
	for number := range 3000 {
		area := fmt.Sprintf("DataTime=20261121101500;a34004-Rtd=%d;a34002-Rtd=77777777", number)
		before := "QN=1;ST=22;CN=2011;PW=1;MN=S1;Flag=9;CP=&&"
		blocks, rest := encrypt(t, area, zeros)
		for _, wire := range []string{string(blocks) + string(rest), hex.EncodeToString(blocks) + string(rest)} {
			sum := StandardChecksum.of([]byte(before + area + "&&"))
			if StandardChecksum.of([]byte(before+wire+"&&")) == sum {
				met++
			}
			raw := fmt.Appendf(nil, "##%04d%s%s&&%04X", len(before+wire)+2, before, wire, sum)
			if frame, err := ReadFrame(raw, &Profiles[HJ212Profile]{Default: &HJ212Profile{Key: zeros}}, ""); err != nil || string(frame.Area) != area {
				t.Fatalf("%d: %q, %v", number, frame.Area, err)
			}
		}
	}
	if met == 0 {
		t.Error("no such cipher was met")
	}
}
