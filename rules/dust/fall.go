// Package dust judges dust: how much falls on a city in a month, and what construction sites may blow into the air.
package dust

import (
	"errors"
	"math/bits"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// FallSource is the method by which dust-fall (降尘) is weighed.
var FallSource = standard.Source{Standard: "HJ 1221-2021", Clause: "gravimetric", Certainty: standard.Reported}

// What the method can tell, in t/(km²·30 d).
const (
	FallDetected   = reading.Fixed(300_000_000)   // detection limit 0.3
	FallQuantified = reading.Fixed(1_200_000_000) // lower limit of quantification 1.2
)

// Jar is what one dust jar gave.
type Jar struct {
	Dry   reading.Fixed // g: the dish with the dried sample, m1
	Dish  reading.Fixed // g: the dish alone, m0
	Blank reading.Fixed // g: residue of the glycol, m2
	Mouth reading.Fixed // cm²: area of the jar's mouth
	Days  reading.Fixed // d: how long it stood, taken to 0.1 d
}

// ErrJar is returned for a jar that cannot have been: less than 10 cm² wide, less than a day out, more than a kilogram
// of dust, or numbers far beyond.
var ErrJar = errors.New("not a dust jar: needs 10 to 100000 cm2, 1 to 1000 days and masses within 1000 g")

// Rate returns the exact rate of dust-fall in t/(km²·30 d): (m1-m0-m2)/(S·n)·30·10⁴. Any month's rate is one of 30
// days already. A rate below 0 comes of weighing and is returned as it is.
func (j Jar) Rate() (mean.Ratio, error) {
	const one = reading.FixedOne
	for _, mass := range []reading.Fixed{j.Dry, j.Dish, j.Blank} {
		if mass < 0 || mass > 1000*one {
			return mean.Ratio{}, ErrJar
		}
	}
	if j.Mouth < 10*one || j.Mouth > 100_000*one || j.Days < one || j.Days > 1000*one {
		return mean.Ratio{}, ErrJar
	}
	tenths := uint64(j.Days.Round(1, reading.HalfEven) / (one / 10))
	// In units of 1e-9 it is net·3e5·1e9·1e9 / (S·n); n in tenths of a day is n/1e8.
	net := j.Dry - j.Dish - j.Blank
	high, low := bits.Mul64(uint64(max(net, -net)), 3e5*1e10)
	sum := mean.Sum{High: int64(high), Low: low}
	if net < 0 {
		sum = mean.Sum{}.Sub(sum)
	}
	return mean.Ratio{Sum: sum, Count: uint64(j.Mouth) * tenths}, nil
}

// FallTarget is a rate of dust-fall that plans set for a region.
type FallTarget struct {
	Region string
	Limit  reading.Fixed // t/(km²·30 d)
	Source standard.Source
}

// FallTargets are the targets of regions; a city's own plan may set another.
var FallTargets = []FallTarget{
	{"2+26 cities and Fenwei plain", 9 * reading.FixedOne, standard.Source{Standard: "国发〔2018〕22号", Clause: "dust-fall", Certainty: standard.Reported}},
	{"Yangtze delta", 5 * reading.FixedOne, standard.Source{Standard: "not known", Clause: "dust-fall", Certainty: standard.Remembered}},
}

// JudgeFall holds a rate of dust-fall, as exact as it is, against a target.
func JudgeFall(rate mean.Ratio, target reading.Fixed) standard.Verdict {
	if !rate.Known() {
		return standard.NotEnough
	}
	return standard.Of(rate.Compare(target) <= 0)
}
