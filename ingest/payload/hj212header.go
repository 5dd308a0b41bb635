package payload

import (
	"bytes"
	"strconv"
)

// areaMark stands before and after the data area.
var areaMark = []byte("&&")

// readHeader reads the fields before the data area, in any order, and finds the area. What is missing stays empty.
func readHeader(segment []byte) Frame {
	var f Frame
	header := segment
	if start, length := areaStart(segment); start >= 0 {
		header = segment[:start]
		f.Area = bytes.TrimSuffix(segment[start+length:], areaMark)
	}
	start, equals := 0, -1
	for i := 0; i <= len(header); i++ {
		switch {
		case i == len(header), header[i] == ';', header[i] == ',': // the standard's own examples have a comma too
			if equals >= 0 {
				f.set(trimBlanks(header[start:equals]), trimBlanks(header[equals+1:i]))
			}
			start, equals = i+1, -1
		case header[i] == '=' && equals < 0:
			equals = i
		}
	}
	return f
}

// areaStart finds CP=&&, or CP= where the marks were lost.
func areaStart(segment []byte) (start, length int) {
	for _, mark := range [...]string{"CP=&&", "cp=&&", "Cp=&&", "CP="} {
		if start = bytes.Index(segment, []byte(mark)); start >= 0 {
			return start, len(mark)
		}
	}
	return -1, 0
}

// set takes one field; names in other cases are seen in the field.
func (f *Frame) set(name, value []byte) {
	var buffer [mostCode]byte
	switch string(lower(&buffer, name)) {
	case "qn":
		f.QN = value
	case "st":
		f.ST = value
	case "cn":
		f.CN = value
	case "pw":
		f.PW = value
	case "mn":
		f.MN = value
	case "flag":
		if flag, err := strconv.ParseUint(string(value), 10, 8); err == nil {
			f.Flag, f.HasFlag = uint8(flag), true
		}
	case "rf":
		f.Resent = string(value) == "1"
	}
}

// item returns the value of an item of an area that stands alone under its name.
func item(area []byte, name string) []byte {
	for len(area) > 0 {
		var part []byte
		part, area, _ = bytes.Cut(area, []byte(";"))
		if key, value, ok := bytes.Cut(part, []byte("=")); ok && bytes.EqualFold(trimBlanks(key), []byte(name)) {
			value, _, _ = bytes.Cut(value, []byte(","))
			return trimBlanks(value)
		}
	}
	return nil
}
