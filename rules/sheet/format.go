package sheet

import (
	"encoding/binary"

	"egret/ingest/reading"
)

// version is the first byte of operands and pages, which have one format:
//
//	version, then for each parameter: name length, name, count, count × (index, divisor·2+valid, number, count of values)
//
// An empty cell has the divisor 0 and nothing behind it. The number is a zigzag varint of its Fixed.
const version = 1

// longestPage is the most cells that a row may have: the days of a leap year.
const longestPage = 366

func appendRow(to []byte, parameter string, cells int) []byte {
	to = binary.AppendUvarint(to, uint64(len(parameter)))
	to = append(to, parameter...)
	return binary.AppendUvarint(to, uint64(cells))
}

func appendCell(to []byte, index int, c Cell) []byte {
	to = binary.AppendUvarint(to, uint64(index))
	form := uint64(c.Divisor) << 1
	if c.Valid {
		form |= 1
	}
	to = binary.AppendUvarint(to, form)
	if c.Empty() {
		return to
	}
	to = binary.AppendVarint(to, int64(c.Number))
	return binary.AppendUvarint(to, uint64(c.Count))
}

// lay puts the cells of an operand on the page.
func (p *Page) lay(operand []byte) error {
	if len(operand) == 0 || operand[0] != version {
		return errMalformed
	}
	d := decoder{rest: operand[1:]}
	for len(d.rest) > 0 {
		name := d.take(d.uvarint())
		cells := d.uvarint()
		if d.broken || cells > longestPage {
			return errMalformed
		}
		row := p.row(name)
		for range cells {
			index, c := d.cell()
			if d.broken || index >= longestPage {
				return errMalformed
			}
			for len(row.Cells) <= index {
				row.Cells = append(row.Cells, Cell{})
			}
			row.Cells[index] = c
		}
	}
	return nil
}

// decoder reads an operand; after its end everything is zero and broken is set.
type decoder struct {
	rest   []byte
	broken bool
}

func (d *decoder) cell() (int, Cell) {
	index, form := d.uvarint(), d.uvarint()
	if index >= longestPage || form>>1 > 255 {
		d.broken = true
		return 0, Cell{}
	}
	c := Cell{Divisor: uint8(form >> 1), Valid: form&1 != 0}
	if c.Empty() {
		return int(index), cleared
	}
	c.Number, c.Count = reading.Fixed(d.varint()), uint32(d.uvarint())
	return int(index), c
}

func (d *decoder) take(length uint64) []byte {
	if length > uint64(len(d.rest)) {
		d.rest, d.broken = nil, true
		return nil
	}
	taken := d.rest[:length]
	d.rest = d.rest[length:]
	return taken
}

func (d *decoder) uvarint() uint64 {
	number, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.rest, d.broken = nil, true
		return 0
	}
	d.rest = d.rest[size:]
	return number
}

func (d *decoder) varint() int64 {
	number, size := binary.Varint(d.rest)
	if size <= 0 {
		d.rest, d.broken = nil, true
		return 0
	}
	d.rest = d.rest[size:]
	return number
}
