package table

import (
	"math"
	"strconv"
	"strings"

	"egret/ingest/reading"
)

// missingMarks are what public feeds and their tools write where there is no value, in lower case.
var missingMarks = [...]string{"", "na", "nan", "null", "-", "--", "-;", "—", "/", "*", "-999"}

// isMissing says whether a cell says that there is no value.
func isMissing(text string) bool {
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		return false
	}
	for _, mark := range missingMarks {
		if strings.EqualFold(text, mark) {
			return true
		}
	}
	return false
}

// parseNumber reads a decimal number; ok is false for anything else, and for one that is too large to be a reading.
func parseNumber(text string) (number float64, ok bool) {
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false // such as Inf and 0x1p4, which ParseFloat would take
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil && math.Abs(number) < reading.MaxFixed
}
