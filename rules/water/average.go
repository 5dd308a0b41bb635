package water

import (
	"egret/ingest/reading"
	"egret/rules/mean"
)

// Average adds up the values of one parameter over a period or over sections (环办〔2011〕22号: the class of a period is
// that of the arithmetic means; from memory). A non-detect counts as half its detection limit (from memory).
type Average struct {
	Parameter string
	Total     mean.Total
	hydrogen  bool
}

// ph14 is the pH that stands for a level of 0 dB: 10·(14-pH) dB is the concentration of hydrogen ions as a level, so
// that their mean is an energy mean, which is the same in any order.
const ph14 = 14 * reading.FixedOne

// NewAverage returns an empty average of a parameter.
func (s *Settings) NewAverage(parameter string) Average {
	a := Average{Parameter: parameter}
	if s.PHMean == HydrogenPH && parameter == phKey {
		a.hydrogen, a.Total.Law = true, reading.Energy
	}
	return a
}

const phKey = "ph"

// Add adds a value; one that is not valid is passed over.
func (a *Average) Add(m Measured) {
	switch {
	case !m.Valid:
	case a.hydrogen:
		a.Total.Add(10 * (ph14 - m.Value))
	case m.BelowDetection:
		a.Total.Add(m.detectionLimit() / 2)
	default:
		a.Total.Add(m.Value)
	}
}

// Measured returns the mean for [Judge], not valid where there was no value.
func (a *Average) Measured(settings *Settings) Measured {
	ratio := a.Total.Ratio()
	if a.hydrogen && ratio.Known() {
		ratio = mean.Whole(ph14 - ratio.Round(8, reading.HalfEven)/10)
	}
	return settings.MeanOf(a.Parameter, ratio)
}

// MeanOf returns an exact mean as a value for [Judge], not valid where it is no number. A mean with more than nine
// decimals is rounded away from the better side of the limits, which have fewer, so that it compares with them as the
// exact mean does; where values are compared rounded, it is rounded once, from the exact mean.
func (s *Settings) MeanOf(parameter string, ratio mean.Ratio) Measured {
	m := Measured{Parameter: parameter, Valid: ratio.Known()}
	if s.Comparison == Rounded {
		if places, ok := Decimals(parameter); ok {
			m.Value = ratio.Round(places, reading.HalfEven)
			return m
		}
	}
	m.Value = ratio.Round(9, worseSide(parameter, ratio))
	return m
}

// worseSide returns the rounding of non-negative means that never makes one meet a limit that it does not meet.
func worseSide(parameter string, ratio mean.Ratio) reading.Rounding {
	item := ItemOf(Lake, parameter) // both types bound an item from the same side
	switch {
	case item == nil || item.Bound == AtMost:
		return reading.Upward
	case item.Bound == Within && ratio.Compare(item.High) > 0:
		return reading.Upward
	default:
		return reading.Truncate
	}
}
