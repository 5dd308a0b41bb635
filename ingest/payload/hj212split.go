package payload

import "bytes"

// MaxFrame is the longest frame in bytes: more than four digits of length and an area in hexadecimal text can say. A
// [bufio.Scanner] with [SplitFrames] needs a buffer of this size.
const MaxFrame = 32 << 10

const (
	frameStart     = "##"
	checksumDigits = 4
)

// SplitFrames is a [bufio.SplitFunc]: each token is a frame from ## to its checksum, without CR LF, or what stands
// between frames, which does not begin with ##. A frame that is broken or cut off is a token too, for [ReadFrame] to say
// what is wrong with it. It never asks for more than [MaxFrame] bytes.
func SplitFrames(data []byte, atEOF bool) (advance int, token []byte, err error) {
	for advance < len(data) && isBlank(data[advance]) {
		advance++
	}
	for bytes.HasPrefix(data[advance:], []byte("###")) { // the last two of a row are the start
		advance++
	}
	rest := data[advance:]
	full := len(rest) >= MaxFrame
	if len(rest) > MaxFrame {
		rest, atEOF = rest[:MaxFrame], false
	}
	if len(rest) == 0 {
		return advance, nil, nil
	}
	var length int
	var known bool
	if bytes.HasPrefix(rest, []byte(frameStart)) {
		length, known = frameLength(rest, atEOF)
	} else {
		length = bytes.Index(rest, []byte(frameStart))
		known = length >= 0
	}
	switch {
	case known:
	case full:
		length = len(rest) - 1 // the last byte may be the first # of two
	case atEOF:
		length = len(rest)
	default:
		return advance, nil, nil
	}
	return advance + length, trimBlanks(rest[:length]), nil
}

// frameLength returns how long the frame at the start of data is: as its length field says, since an encrypted area may
// hold any byte, or where that does not fit up to && and a checksum, or up to the next frame. known is false where more
// data must say.
func frameLength(data []byte, atEOF bool) (length int, known bool) {
	declared, digits := declaredLength(data)
	if digits > 0 {
		end := len(frameStart) + digits + declared
		if len(data) >= end+checksumDigits {
			closed := bytes.HasSuffix(data[:end], areaMark)
			switch _, hex := hexDigits(data[end : end+checksumDigits]); {
			case hex && (closed || endsFrame(data[end+checksumDigits:], atEOF)):
				return end + checksumDigits, true
			case hex && len(data) < end+checksumDigits+len(frameStart) && !atEOF:
				return 0, false
			}
		} else if !atEOF {
			// A length that is too large would hold a whole frame back until the next one comes.
			length, found := patternEnd(data, false)
			if found = found && length >= len(frameStart)+digits+checksumDigits; found {
				segment, sum := data[len(frameStart)+digits:length-checksumDigits], data[length-checksumDigits:length]
				written, hex := hexDigits(sum)
				found = hex && written == StandardChecksum.of(segment)
			}
			return length, found
		}
	}
	return patternEnd(data, atEOF)
}

// declaredLength reads the length field: four digits in the standard, two or three in the field. digits is 0 where there
// is none.
func declaredLength(frame []byte) (declared, digits int) {
	for _, c := range frame[min(len(frame), len(frameStart)):] {
		if c < '0' || c > '9' || digits == 4 {
			break
		}
		declared, digits = declared*10+int(c-'0'), digits+1
	}
	if digits < 2 {
		return 0, 0
	}
	return declared, digits
}

// patternEnd looks for && with a checksum that ends a frame, or for the start of the next frame.
func patternEnd(data []byte, atEOF bool) (length int, found bool) {
	for i := len(frameStart); i < len(data); i++ {
		switch data[i] {
		case '&':
			end := i + len(areaMark) + checksumDigits
			if end > len(data) || data[i+1] != '&' {
				continue
			}
			// The text between the marks of an encrypted area may begin with hexadecimal digits too.
			if _, hex := hexDigits(data[end-checksumDigits : end]); !hex || (bytes.HasSuffix(data[:i], []byte("CP=")) && end < len(data)) {
				continue
			}
			if endsFrame(data[end:], atEOF) || (end == len(data) && !bytes.HasSuffix(data[:i], []byte("CP="))) {
				return end, true
			}
		case '#':
			if startsFrame(data[i:]) {
				return i, true
			}
		}
	}
	return 0, false
}

// endsFrame says whether what follows a checksum may follow a frame.
func endsFrame(rest []byte, atEOF bool) bool {
	if len(rest) == 0 {
		return atEOF
	}
	return rest[0] == '\r' || rest[0] == '\n' || bytes.HasPrefix(rest, []byte(frameStart))
}

// startsFrame says whether data begins as a frame does: with a length and the name of a field.
func startsFrame(data []byte) bool {
	if !bytes.HasPrefix(data, []byte(frameStart)) {
		return false
	}
	_, digits := declaredLength(data)
	name := data[min(len(data), len(frameStart)+digits):]
	return digits > 0 && len(name) > 2 && isLetter(name[0]) && isLetter(name[1]) && name[2] == '='
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func trimBlanks(text []byte) []byte {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}
