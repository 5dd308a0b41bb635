package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// sizeWithin reads a number of bytes such as 64KiB.
func sizeWithin(least, most int64) func(string) (int64, error) {
	return func(text string) (int64, error) {
		for _, unit := range sizeUnits {
			digits, ok := strings.CutSuffix(text, unit.name)
			if !ok {
				continue
			}
			number, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
			if err != nil {
				break
			}
			if number < 0 || number > math.MaxInt64/unit.bytes || number*unit.bytes < least || number*unit.bytes > most {
				return 0, fmt.Errorf("is outside %s to %s", sizeText(least), sizeText(most))
			}
			return number * unit.bytes, nil
		}
		return 0, errors.New("is not a size; write a whole number and one of B, KiB, MiB, GiB, TiB, such as 64KiB")
	}
}

func sizeText(bytes int64) string {
	for _, unit := range sizeUnits {
		if bytes >= unit.bytes && bytes%unit.bytes == 0 {
			return strconv.FormatInt(bytes/unit.bytes, 10) + unit.name
		}
	}
	return strconv.FormatInt(bytes, 10) + "B"
}
