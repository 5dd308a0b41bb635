package sheet

import (
	"encoding/binary"

	"egret/ingest/reading"
	"egret/rules/packed"
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

// Lay puts the cells of an operand on the page, over those that are there.
func (p *Page) Lay(operand []byte) error {
	if len(operand) == 0 || operand[0] != version {
		return errMalformed
	}
	r := packed.Reader{Rest: operand[1:]}
	for len(r.Rest) > 0 {
		name := r.Take(r.Uvarint())
		cells := r.Uvarint()
		if r.Broken || cells > longestPage {
			return errMalformed
		}
		row := p.row(name)
		for range cells {
			index, c := readCell(&r)
			if r.Broken {
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

// readCell reads what appendCell wrote.
func readCell(r *packed.Reader) (index int, c Cell) {
	place, form := r.Uvarint(), r.Uvarint()
	if place >= longestPage || form>>1 > 255 {
		r.Broken = true
		return 0, Cell{}
	}
	c = Cell{Divisor: uint8(form >> 1), Valid: form&1 != 0}
	if c.Empty() {
		return int(place), cleared
	}
	c.Number, c.Count = reading.Fixed(r.Varint()), uint32(r.Uvarint())
	return int(place), c
}
