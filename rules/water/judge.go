package water

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// Measured is a value of a section, in the unit of its parameter. An item that the section measures but has no valid
// value of is given with Valid unset; one that it does not measure is not given.
type Measured struct {
	Parameter string
	Value     reading.Fixed
	Valid     bool
	// BelowDetection marks a non-detect ("0.0003L"); Value is then the detection limit.
	BelowDetection bool
}

// ParameterClass is the class by one parameter alone.
type ParameterClass struct {
	Parameter string
	Class     Class // Unknown: no valid value, or a non-detect whose detection limit is too high to tell
}

// Section is the judgement of a section for a sample or a period. Its memory is used again.
type Section struct {
	Class  Class // Unknown unless all items are present
	Status Status
	// AtLeast is the class that the values that are there prove already: with more of them it could only be worse.
	AtLeast     Class
	ByParameter []ParameterClass // the indicators, as given
	Determining []string         // the indicators that have the section's class
	Main        []Pollutant      // the main pollutants: three at most, of the values that are there
	Missing     []string         // indicators that are measured or required, but without a valid value
	Apart       []ParameterClass // total nitrogen (lakes) and faecal coliform
	Target      Class            // Unknown: none
	// Verdict on the target. One indicator beyond it decides, whatever is missing; it is met only if all are present.
	Verdict   standard.Verdict
	Exceeding []Pollutant // the indicators beyond the target, with their multiples of the target's limit
}

func (s *Section) reset(target Class) {
	*s = Section{Target: target, ByParameter: s.ByParameter[:0], Determining: s.Determining[:0], Main: s.Main[:0],
		Missing: s.Missing[:0], Apart: s.Apart[:0], Exceeding: s.Exceeding[:0]}
}

// Judge classes a section by the worst of its indicators (GB 3838-2002 clause 5.1 and table 1; 环办〔2011〕22号): values
// of one sample, or the means of a period, never a mean of classes. Parameters without limits in table 1 are passed
// over. target is Unknown where the section has none. It takes no memory once into has served before.
func Judge(into *Section, settings *Settings, kind Type, target Class, values []Measured) {
	into.reset(target)
	best, worst := Unknown, Unknown // what the class may be
	for i := range values {
		item := ItemOf(kind, values[i].Parameter)
		if item == nil {
			continue
		}
		low, high := item.classesOf(settings, values, &values[i])
		result := ParameterClass{Parameter: item.Key}
		if low == high {
			result.Class = low
		}
		if item.Role == Apart {
			into.Apart = append(into.Apart, result)
			continue
		}
		best, worst = max(best, low), max(worst, high)
		into.ByParameter = append(into.ByParameter, result)
		if !values[i].Valid {
			into.Missing = append(into.Missing, item.Key)
		}
		value := settings.compared(item.Key, values[i].Value)
		into.Main = item.addBeyond(into.Main, ClassIII, result.Class, value)
		into.Exceeding = item.addBeyond(into.Exceeding, target, result.Class, value)
	}
	for _, key := range settings.Required {
		if item := ItemOf(kind, key); item != nil && item.Role == Indicator && !into.has(key) {
			into.Missing = append(into.Missing, key)
			worst = Inferior
		}
	}
	into.conclude(best, worst)
}

func (s *Section) has(parameter string) bool {
	for i := range s.ByParameter {
		if s.ByParameter[i].Parameter == parameter {
			return true
		}
	}
	return false
}

// conclude draws the section's class and verdict from the best and the worst class that it may have.
func (s *Section) conclude(best, worst Class) {
	s.AtLeast = best
	// A class is given only if every item is there (practice of the national platform), although one beyond class Ⅴ would
	// prove it alone. What a non-detect leaves open, a worse item closes.
	if best == worst && len(s.Missing) == 0 {
		s.Class = best
	}
	s.Status = s.Class.Status()
	if s.Class != Unknown {
		for i := range s.ByParameter {
			if s.ByParameter[i].Class == s.Class {
				s.Determining = append(s.Determining, s.ByParameter[i].Parameter)
			}
		}
	}
	sortPollutants(s.Main)
	s.Main = s.Main[:min(len(s.Main), mainPollutants)]
	sortPollutants(s.Exceeding)
	switch {
	case s.Target == Unknown || worst == Unknown:
	case best > s.Target:
		s.Verdict = standard.Exceeds
	case worst <= s.Target:
		s.Verdict = standard.Meets
	}
}
