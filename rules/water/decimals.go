package water

import (
	"strings"

	"egret/ingest/reading"
	"egret/rules/standard"
)

// published says to how many decimals a parameter is published.
type published struct {
	key     string
	places  int
	certain standard.Certainty
}

// decimals: of the national platform, counted on 226,509 values that all are their raw value rounded half-even; below
// the line those of a district's tables of 2024 (Shanghai).
var decimals = []published{
	{"water_temp", 1, standard.Seen},
	{"ph", 2, standard.Seen},
	{"do", 2, standard.Seen},
	{"conductivity", 1, standard.Seen},
	{"turbidity", 1, standard.Seen},
	{"codmn", 2, standard.Seen},
	{"nh3n", 3, standard.Seen},
	{"tp", 3, standard.Seen},
	{"tn", 2, standard.Seen},

	{"cod", 0, standard.Reported},
	{"bod5", 1, standard.Reported},
	{"phenol", 4, standard.Reported},
}

// Decimals returns to how many decimals a parameter is published, false where no rule is known.
func Decimals(parameter string) (int, bool) {
	for i := range decimals {
		if decimals[i].key == parameter {
			return decimals[i].places, true
		}
	}
	return 0, false
}

// compared returns the value that is held against limits.
func (s *Settings) compared(parameter string, value reading.Fixed) reading.Fixed {
	if s.Comparison == Rounded {
		if places, ok := Decimals(parameter); ok {
			return value.Round(places, reading.HalfEven)
		}
	}
	return value
}

// Display writes a value as it is published: rounded half-even to the parameter's decimals. A value that would show as
// 0.000 gets as many decimals as it needs to show a digit, nought is 0, and a parameter without published decimals is
// written in full.
func Display(parameter string, value reading.Fixed) string {
	places, ok := Decimals(parameter)
	if !ok || value == 0 {
		return value.String()
	}
	rounded := value.Round(places, reading.HalfEven)
	for ; rounded == 0; places++ {
		rounded = value.Round(places+1, reading.HalfEven)
	}
	whole, fraction, _ := strings.Cut(rounded.String(), ".")
	if places == 0 {
		return whole
	}
	return whole + "." + fraction + strings.Repeat("0", places-len(fraction))
}
