package payload

import "bytes"

// frameLength returns how long the frame at the start of data is: as its length field says, since an encrypted area may
// hold any byte, or where that does not fit up to && and a checksum, or up to the next frame. known is false where more
// data must say.
func frameLength(data []byte, atEOF bool) (length int, known bool) {
	declared, digits := declaredLength(data)
	begin := len(frameStart) + digits
	if digits > 0 {
		own := begin + declared + checksumDigits
		if end := earlyEnd(data, begin, own); end > 0 {
			return end, true
		}
		if len(data) < own && !atEOF {
			return 0, false
		}
		if len(data) >= own {
			if fits, known := fitsLength(data, begin, own, atEOF); fits || !known {
				return own, known
			}
		}
	}
	return patternEnd(data, begin, atEOF)
}

// earlyEnd looks for && and a right checksum before the end that the length field says, since a length that is too large
// would hold a whole frame back until the next one comes. It looks no further than to the start of the next frame. 0:
// there is none so far.
func earlyEnd(data []byte, begin, own int) (end int) {
	limit := min(len(data), own-1)
	for at := begin; at < limit; at++ {
		next := bytes.Index(data[at:limit], []byte(frameStart))
		if next < 0 {
			break
		}
		at += next
		if starts, known := startsFrame(data[at:], false); starts || !known {
			limit = at
		}
	}
	sums := newRunningChecksum(begin)
	for at := begin; at < limit; at++ {
		next := bytes.Index(data[at:limit], areaMark)
		if next < 0 {
			break
		}
		at += next
		if end = at + len(areaMark) + checksumDigits; end <= limit && sums.right(data, end) {
			return end
		}
	}
	return 0
}

// fitsLength says whether a frame ends where its length field says: in && and a checksum, or where the marks were lost
// in a checksum behind which a frame may end. A wrong length can end so by chance, at the end of a later frame: where a
// frame that fits its own length lies within, the checksum must be right.
func fitsLength(data []byte, begin, own int, atEOF bool) (fits, known bool) {
	if _, hex := hexDigits(data[own-checksumDigits : own]); !hex {
		return false, true
	}
	if !bytes.HasSuffix(data[begin:own-checksumDigits], areaMark) {
		if ends, known := endsFrame(data[own:], atEOF); !ends || !known {
			return false, known
		}
	}
	sums := newRunningChecksum(begin)
	return !holdsFrame(data[begin:own]) || sums.right(data, own), true
}

// holdsFrame says whether a frame that fits its own length begins somewhere in data.
func holdsFrame(data []byte) bool {
	for {
		at := bytes.Index(data, []byte(frameStart))
		if at < 0 {
			return false
		}
		data = data[at:]
		if starts, _ := startsFrame(data, true); starts {
			declared, digits := declaredLength(data)
			end := len(frameStart) + digits + declared
			if end+checksumDigits <= len(data) && bytes.HasSuffix(data[:end], areaMark) {
				if _, hex := hexDigits(data[end : end+checksumDigits]); hex {
					return true
				}
			}
		}
		data = data[1:]
	}
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

// patternEnd looks for && with a checksum that ends a frame, or for the start of the next frame, whichever comes first.
func patternEnd(data []byte, begin int, atEOF bool) (length int, known bool) {
	sums := newRunningChecksum(begin)
	for i := begin; i < len(data); i++ {
		switch data[i] {
		case '&':
			end := i + len(areaMark) + checksumDigits
			if end > len(data) {
				if !atEOF {
					return 0, false
				}
				continue
			}
			if _, hex := hexDigits(data[end-checksumDigits : end]); !hex || data[i+1] != '&' {
				continue
			}
			if sums.right(data, end) { // a station waits for its answer: what is whole must not wait for more
				return end, true
			}
			if ends, known := endsFrame(data[end:], atEOF); ends || !known {
				return end, known
			}
		case '#':
			if starts, known := startsFrame(data[i:], atEOF); starts || !known {
				return i, known
			}
		}
	}
	return 0, false
}

// endsFrame says whether what follows a checksum may follow a frame.
func endsFrame(rest []byte, atEOF bool) (ends, known bool) {
	switch {
	case len(rest) == 0:
		return atEOF, atEOF
	case rest[0] == '#' && len(rest) == 1:
		return false, atEOF
	}
	return isBlank(rest[0]) || rest[0] == 0 || bytes.HasPrefix(rest, []byte(frameStart)), true
}

// longestName is that of PNUM and Flag among the fields with which a frame may begin.
const longestName = 4

// startsFrame says whether data begins as a frame does: with a length and the name of a field.
func startsFrame(data []byte, atEOF bool) (starts, known bool) {
	if !bytes.HasPrefix(data, []byte(frameStart)) {
		return false, atEOF || len(data) >= len(frameStart)
	}
	_, digits := declaredLength(data)
	if digits == 0 { // at most one digit, and then something else
		return false, atEOF || len(data) > len(frameStart)+1
	}
	name, letters := data[len(frameStart)+digits:], 0
	for letters < min(len(name), longestName) && isLetter(name[letters]) {
		letters++
	}
	if letters == len(name) {
		return false, atEOF
	}
	return letters > 1 && name[letters] == '=', true
}
