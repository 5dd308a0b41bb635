package water

import (
	"math/bits"

	"egret/ingest/reading"
	"egret/rules/mean"
	"egret/rules/standard"
)

// SaturationSource is the source of the saturation of oxygen in fresh water at one atmosphere, 468/(31.6+T) mg/L.
var SaturationSource = standard.Source{Standard: "HJ 2.3-2018", Clause: "dissolved oxygen", Certainty: standard.Reported}

const (
	saturationDividend reading.Fixed = 468e9
	saturationOffset   reading.Fixed = 31.6e9 // °C
	coldest            reading.Fixed = -30e9  // °C: below, the formula says nothing
	temperatureKey                   = "water_temp"
)

// SaturatedOxygen returns the concentration of oxygen in mg/L at which fresh water of a temperature in °C is saturated,
// no number below -30 °C.
func SaturatedOxygen(temperature reading.Fixed) mean.Ratio {
	if temperature < coldest {
		return mean.Ratio{}
	}
	return mean.Ratio{Sum: nano(int64(saturationDividend)), Count: uint64(temperature) + uint64(saturationOffset)}
}

// Saturation returns which percentage of saturation dissolved oxygen in mg/L is at a temperature in °C, no number below
// -30 °C or where no water could hold so much.
func Saturation(oxygen, temperature reading.Fixed) mean.Ratio {
	if temperature < coldest || oxygen < 0 {
		return mean.Ratio{}
	}
	high, low := bits.Mul64(uint64(oxygen), uint64(temperature)+uint64(saturationOffset))
	if high >= uint64(saturationDividend/200) {
		return mean.Ratio{}
	}
	return mean.Ratio{Sum: mean.Sum{High: int64(high), Low: low}, Count: uint64(saturationDividend / 100)}
}

// saturated says whether the value reaches the percentage of saturation of class Ⅰ at the temperature of the sample.
func (item *Item) saturated(values []Measured, value reading.Fixed) bool {
	for i := range values {
		if values[i].Parameter == temperatureKey && values[i].Valid {
			share := Saturation(value, values[i].Value)
			return share.Known() && share.Compare(item.Saturated) >= 0
		}
	}
	return false
}
