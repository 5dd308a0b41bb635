package payload

import (
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm4"
)

// decrypt opens an area that HJ 212-2025 annex A has encrypted: SM4 in blocks of 16 bytes one by one, the rest plain, the
// checksum over the plain segment. The standard prints the cipher as hexadecimal, and a reader of it has understood that
// as text on the wire, so both are tried. It returns the length of the plain segment.
func (f *Frame) decrypt(segment []byte, written uint16, profile *HJ212Profile) (length int, err error) {
	block, err := sm4.NewCipher(profile.Key)
	if err != nil {
		return 0, fmt.Errorf("the station's SM4 key (hj212.key) has %d bytes, but must have 16", len(profile.Key))
	}
	start, mark := areaStart(segment)
	before := segment[:max(0, start+mark)]
	after := segment[min(len(segment), len(before)+len(f.Area)):]
	for _, form := range [...]func([]byte) []byte{rawCipher, hexBlocks, hexWhole} {
		area := form(f.Area)
		if area == nil {
			continue
		}
		decryptBlocks(block, area)
		if isReadable(area) && profile.Checksum.of(before, area, after) == written {
			f.Area = area
			return len(before) + len(area) + len(after), nil
		}
	}
	return 0, fmt.Errorf("%w: neither what the frame says nor what it says with the station's SM4 key (hj212.key) gives %04X: the frame was damaged, or the key is another one (it is renewed every 90 days)", ErrChecksum, written)
}

func decryptBlocks(block cipher.Block, area []byte) {
	for ; len(area) >= sm4.BlockSize; area = area[sm4.BlockSize:] {
		block.Decrypt(area[:sm4.BlockSize], area[:sm4.BlockSize])
	}
}

// rawCipher takes the area as the cipher's bytes.
func rawCipher(area []byte) []byte { return append(make([]byte, 0, len(area)), area...) }

// hexBlocks takes the blocks as hexadecimal text and the rest, under 16 bytes, as it stands.
func hexBlocks(area []byte) []byte {
	blocks := len(area) / (2 * sm4.BlockSize) * (2 * sm4.BlockSize)
	if blocks == 0 || len(area)-blocks >= sm4.BlockSize {
		return nil
	}
	plain := make([]byte, blocks/2, blocks/2+sm4.BlockSize)
	if _, err := hex.Decode(plain, area[:blocks]); err != nil {
		return nil
	}
	return append(plain, area[blocks:]...)
}

// hexWhole takes the blocks and the rest as hexadecimal text.
func hexWhole(area []byte) []byte {
	plain := make([]byte, len(area)/2)
	if _, err := hex.Decode(plain, area); err != nil || len(area) == 0 {
		return nil
	}
	return plain
}

// isPlain says whether an area is text and no cipher in hexadecimal: one cipher in 256 has a checksum that is right as it
// stands.
func isPlain(area []byte) bool {
	var block [sm4.BlockSize]byte
	_, err := hex.Decode(block[:], area[:min(len(area), hex.EncodedLen(len(block)))])
	isCipher := err == nil && len(area) >= hex.EncodedLen(len(block))
	return !isCipher && isReadable(area)
}

// isReadable says whether an area is UTF-8 without control characters.
func isReadable(area []byte) bool {
	for _, c := range area {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return utf8.Valid(area)
}
