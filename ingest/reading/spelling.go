package reading

import (
	"strings"
	"unicode/utf8"
)

// unitSigns folds signs that people write in units into those of the table. The squared ones (㎍, ㎥ …) come from Chinese
// keyboards.
var unitSigns = map[rune]string{
	'µ': "u", 'μ': "u", '³': "3", '²': "2", '^': "", ' ': "", '\t': "", '\u00a0': "",
	'（': "(", '）': ")", '／': "/", '％': "%", '·': ".", '⋅': ".", '⁻': "-",
	'㎍': "ug", '㎎': "mg", '㎏': "kg", '㎜': "mm", '㎝': "cm", '㎞': "km", '㎡': "m2", '㎥': "m3", '㎩': "Pa", '㎪': "kPa", '㏈': "dB",
}

// mostUnit is the longest text that can be a unit; anything longer is none.
const mostUnit = 40

// findUnit returns the unit of the table that a text stands for, nil where there is none.
func findUnit(written string) *unit {
	if u, ok := units[written]; ok || len(written) > mostUnit {
		return u
	}
	var memory [2 * mostUnit]byte
	return units[string(foldUnit(memory[:0], written))]
}

// sameSpelling says whether two texts are one unit, of which the table need not know.
func sameSpelling(a, b string) bool {
	if a == b || len(a) > mostUnit || len(b) > mostUnit {
		return a == b
	}
	var one, other [2 * mostUnit]byte
	return string(foldUnit(one[:0], a)) == string(foldUnit(other[:0], b))
}

// foldUnit appends a unit with its signs folded, ug/m3 for µg/m³, and the litre as L.
func foldUnit(to []byte, written string) []byte {
	for i, r := range written {
		if r < utf8.RuneSelf && r != '^' && r != ' ' && r != '\t' {
			if r == 'l' && isLitre(written, i) {
				r = 'L'
			}
			to = append(to, byte(r))
			continue
		}
		if sign, ok := unitSigns[r]; ok {
			to = append(to, sign...)
		} else {
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// isLitre says whether the l at a place is that of mg/l, l/s or 1/100ml.
func isLitre(written string, at int) bool {
	before, after := strings.TrimRight(written[:at], " "), strings.TrimLeft(written[at+1:], " ")
	begins := before == "" || strings.HasSuffix(before, "/") || strings.HasSuffix(before, "m")
	return begins && (after == "" || after[0] == '/')
}
