package payload

import (
	"errors"
	"strconv"

	"egret/ingest/reading"
)

// numberFinding is what was found where a number should be.
type numberFinding uint8

const (
	numberFound    numberFinding = iota
	numberAbsent                 // a mark that stands for no value
	numberNone                   // something else than a number
	numberTooLarge               // for [reading.Fixed]
)

// parseNumber reads a decimal number, which may have a + or zeros before it as JSON's may not. What strconv takes beyond
// that, such as Inf and hexadecimal digits, is no number.
func parseNumber(text []byte) (float64, numberFinding) {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E':
			return 0, numberNone
		}
	}
	if digits == 0 {
		return 0, numberNone
	}
	number, err := strconv.ParseFloat(string(text), 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, numberNone
	case err != nil || tooLarge(number):
		return 0, numberTooLarge
	}
	return number, numberFound
}

func tooLarge(number float64) bool { return !(number < reading.MaxFixed && number > -reading.MaxFixed) }
