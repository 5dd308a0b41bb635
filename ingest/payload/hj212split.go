package payload

import "bytes"

// MaxFrame is the longest frame in bytes: more than four digits of length and an area in hexadecimal text can say. A
// [bufio.Scanner] with [SplitFrames] needs a buffer of this size.
const MaxFrame = 32 << 10

const (
	frameStart     = "##"
	checksumDigits = 4
	byteOrderMark  = "\ufeff"
)

// SplitFrames is a [bufio.SplitFunc]: each token is a frame from ## to its checksum, without CR LF, or what stands
// between frames, which does not begin with ##. A frame that is broken or cut off is a token too, for [ReadFrame] to say
// what is wrong with it. It never asks for more than [MaxFrame] bytes.
//
// The tokens of a stream are those of the same bytes in one piece, wherever it is cut: whatever decides does so by the
// bytes up to it, or waits for more. A token by itself is one token again.
func SplitFrames(data []byte, atEOF bool) (advance int, token []byte, err error) {
	advance = nothingBefore(data)
	for bytes.HasPrefix(data[advance:], []byte("###")) { // the last two of a row are the start
		advance++
	}
	rest := data[advance:]
	full := len(rest) >= MaxFrame
	if full {
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
	return advance + length, trimNothing(rest[:length]), nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// trimBlanks returns an item, or part of one, without the blanks around it.
func trimBlanks(text []byte) []byte {
	for len(text) > 0 && isBlank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isBlank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// nothingBefore returns how many bytes at the start say nothing: blanks, and what gateways put around frames, which is
// NUL bytes and the byte order mark of UTF-8.
func nothingBefore(data []byte) (length int) {
	for length < len(data) {
		switch {
		case isBlank(data[length]), data[length] == 0:
			length++
		case bytes.HasPrefix(data[length:], []byte(byteOrderMark)):
			length += len(byteOrderMark)
		default:
			return length
		}
	}
	return length
}

// trimNothing returns a token without the bytes around it that say nothing.
func trimNothing(data []byte) []byte {
	data = data[nothingBefore(data):]
	for end := len(data); end > 0; end = len(data) {
		switch {
		case isBlank(data[end-1]), data[end-1] == 0:
			data = data[:end-1]
		case bytes.HasSuffix(data, []byte(byteOrderMark)):
			data = data[:end-len(byteOrderMark)]
		default:
			return data
		}
	}
	return data
}
