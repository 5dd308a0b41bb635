package water

import (
	"strings"

	"egret/rules/standard"
)

// Comparison says which value is held against a limit.
type Comparison uint8

// The two ways. The national platform classes its raw values (23,746 of 23,752 published classes come out so, and of
// 83 samples where the ways differ none the other way); GB/T 8170 read by its letter rounds first.
const (
	Raw     Comparison = iota
	Rounded            // half-even to the decimals that are published, see [Decimals]
)

var comparisonNames = [...]string{"raw values", "values rounded half-even to the published decimals"}

// String returns the way in words.
func (c Comparison) String() string { return comparisonNames[c] }

// PHMean says how pH values are averaged.
type PHMean uint8

// The two means of pH. Which one the rule in force orders was not found.
const (
	ArithmeticPH PHMean = iota // of the numbers
	HydrogenPH                 // of the concentrations of hydrogen ions
)

var phMeanNames = [...]string{"arithmetic mean of pH", "mean concentration of hydrogen ions"}

// String returns the mean in words.
func (m PHMean) String() string { return phMeanNames[m] }

// Settings are what the standards leave open or practice does otherwise. The zero Settings are the default.
type Settings struct {
	Comparison Comparison
	// Saturation lets dissolved oxygen meet class Ⅰ by 90 % of saturation too, as GB 3838-2002 table 1 has it, where
	// the water's temperature is among the values. Practice uses 7.5 mg/L alone.
	Saturation bool
	PHMean     PHMean
	// Required lists items without which no class is given. All that a section measures are required anyway.
	Required []string
}

// Setting is a setting in words, for those who read the result.
type Setting struct {
	Name      string `json:"name"`
	Value     string `json:"value"`
	Certainty string `json:"certainty"`
}

// Describe names every setting a class depends on.
func (s *Settings) Describe() []Setting {
	comparison := standard.Reported // counted on the feed
	if s.Comparison == Rounded {
		comparison = standard.Remembered
	}
	saturation := "off: dissolved oxygen by mg/L alone"
	if s.Saturation {
		saturation = "on: 90 % of saturation is class Ⅰ, too"
	}
	completeness := "a class only where all items the section measures are present"
	if len(s.Required) > 0 {
		completeness += ", and these: " + strings.Join(s.Required, ", ")
	}
	return []Setting{
		{"comparison", s.Comparison.String(), comparison.String()},
		{"saturation", saturation, standard.Reported.String()},
		{"ph_mean", s.PHMean.String(), standard.Assumed.String()},
		{"below_detection", "half of the detection limit in means; a single value is judged only where the whole range below the limit is of one class", standard.Remembered.String()},
		{"completeness", completeness, standard.Reported.String()},
		{"black_odorous", Urban.Source.Standard + ", one sample: all four items must be there to say none", standard.Assumed.String()},
		{"tli", "of four of its five items at least, graded after rounding to three decimals", standard.Assumed.String()},
	}
}
