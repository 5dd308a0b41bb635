package noise

import (
	"math"
	"slices"

	"egret/ingest/reading"
	"egret/rules/mean"
)

// Exceedance says how the level that is exceeded for a share of the time is taken from samples.
type Exceedance uint8

// The two ways in use. They differ by less than one step of the samples.
const (
	Rank     Exceedance = iota // the sample of that rank from the loudest: of 100, L10 is the tenth (GB/T 14623, from memory)
	Quantile                   // the quantile 1-N/100, between samples on a straight line, as software takes it
)

// Samples are the levels of one period, taken at equal intervals, from the quietest to the loudest. L10, L50 and L90
// are of one period: they must not be averaged over several.
type Samples []reading.Fixed

// NewSamples returns samples of levels in dB(A). Those that are not valid are left out.
func NewSamples(levels []Level) Samples {
	samples := make(Samples, 0, len(levels))
	for _, l := range levels {
		if l.Valid {
			samples = append(samples, l.Value)
		}
	}
	slices.Sort(samples)
	return samples
}

// Exceeded returns the level that is exceeded for percent of the time, 1 to 99: L10 for 10. It is not valid without samples.
func (s Samples) Exceeded(percent int, by Exceedance) Level {
	if len(s) == 0 || percent < 1 || percent > 99 {
		return Level{}
	}
	if by == Rank {
		rank := (len(s)*percent + 99) / 100 // a part of a rank is the next one
		return Known(s[len(s)-rank])
	}
	position := (len(s) - 1) * (100 - percent)
	lower, part := position/100, uint64(position%100)
	if part == 0 {
		return Known(s[lower])
	}
	return Known(mean.Whole(s[lower]).Between(mean.Whole(s[lower+1]), part, 100).Fixed())
}

// Max returns Lmax, not valid without samples.
func (s Samples) Max() Level {
	if len(s) == 0 {
		return Level{}
	}
	return Known(s[len(s)-1])
}

// Min returns Lmin, not valid without samples.
func (s Samples) Min() Level {
	if len(s) == 0 {
		return Level{}
	}
	return Known(s[0])
}

// Leq returns the energy mean, not valid without samples.
func (s Samples) Leq() Level {
	total := mean.Total{Law: reading.Energy}
	for _, sample := range s {
		total.Add(sample)
	}
	return Level{total.Mean(), total.Count > 0}
}

// Deviation returns the standard deviation of the samples, with n-1, in dB; not valid with fewer than two.
func (s Samples) Deviation() Level {
	if len(s) < 2 {
		return Level{}
	}
	var total mean.Total
	for _, sample := range s {
		total.Add(sample)
	}
	average, squares := total.Mean(), 0.0
	for _, sample := range s {
		d := float64(sample-average) / float64(dB)
		squares += d * d
	}
	return Known(reading.Fixed(math.RoundToEven(math.Sqrt(squares/float64(len(s)-1)) * float64(dB))))
}
