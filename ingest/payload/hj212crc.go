package payload

import (
	"encoding/binary"
	"encoding/hex"
)

// crcTable holds the register after eight steps of the polynomial 0xA001, by the byte that they work off. HJ 212 and
// CRC-16/MODBUS share it.
var crcTable = func() (table [256]uint16) {
	for i := range table {
		register := uint16(i)
		for range 8 {
			carry := register & 1
			register >>= 1
			if carry == 1 {
				register ^= 0xA001
			}
		}
		table[i] = register
	}
	return table
}()

// checksumStart is the register before the first byte.
const checksumStart = 0xFFFF

// carried holds what is left of a byte's high register after one to four further bytes, see extend.
var carried = func() (table [4][256]byte) {
	for i := range table[0] {
		table[0][i] = byte(crcTable[i] >> 8)
	}
	for steps := 1; steps < len(table); steps++ {
		for i := range table[steps] {
			table[steps][i] = table[0][table[steps-1][i]]
		}
	}
	return table
}()

// extend works further bytes into a register. The standard's algorithm discards the register's low byte at each step, so
// that it has eight bits of memory only, and one damaged frame in 256 passes it. What it keeps of each byte adds up
// (exclusive or), so four are taken at a time: one by one, the checksum was a quarter of the cost of a frame.
func (c Checksum) extend(register uint16, data []byte) uint16 {
	if c == StandardChecksum {
		for len(data) > 4 {
			high := carried[3][byte(register>>8)^data[0]] ^ carried[2][data[1]] ^ carried[1][data[2]] ^ carried[0][data[3]]
			register, data = uint16(high)<<8, data[4:]
		}
		for _, b := range data {
			register = crcTable[byte(register>>8)^b]
		}
		return register
	}
	for _, b := range data {
		register = register>>8 ^ crcTable[byte(register)^b]
	}
	return register
}

// digits returns what the four digits at the end of a frame are as a number, whose register is given.
func (c Checksum) digits(register uint16) uint16 {
	if c == ModbusLowChecksum {
		return register>>8 | register<<8
	}
	return register
}

// of returns the checksum of the parts of a data segment.
func (c Checksum) of(parts ...[]byte) uint16 {
	register := uint16(checksumStart)
	for _, part := range parts {
		register = c.extend(register, part)
	}
	return c.digits(register)
}

// runningChecksum follows the checksums of a data segment of which nobody knows where it ends, each byte once.
type runningChecksum struct {
	at               int // up to where it has read
	standard, modbus uint16
}

func newRunningChecksum(begin int) runningChecksum {
	return runningChecksum{begin, checksumStart, checksumStart}
}

// right says whether the digits before end are one of the checksums of what stands before them. Each end must lie behind
// the one before.
func (c *runningChecksum) right(data []byte, end int) bool {
	sum := end - checksumDigits
	written, hex := hexDigits(data[sum:end])
	if !hex || sum < c.at {
		return false
	}
	c.standard = StandardChecksum.extend(c.standard, data[c.at:sum])
	c.modbus = ModbusChecksum.extend(c.modbus, data[c.at:sum])
	c.at = sum
	return written == c.standard || written == ModbusChecksum.digits(c.modbus) || written == ModbusLowChecksum.digits(c.modbus)
}

// hexDigits reads the four digits of a checksum, in upper or lower case.
func hexDigits(text []byte) (sum uint16, ok bool) {
	var bytes [checksumDigits / 2]byte
	if len(text) != checksumDigits {
		return 0, false
	}
	_, err := hex.Decode(bytes[:], text)
	return binary.BigEndian.Uint16(bytes[:]), err == nil
}
