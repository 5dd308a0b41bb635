package air

import (
	"egret/rules/mean"
	"egret/rules/standard"
)

// AreaRule is the source of what AreaValue asks of the stations.
var AreaRule = standard.Source{Standard: "HJ 663-2013", Clause: "6.1", Certainty: standard.Remembered}

// fewStations is the number of stations below which half of them are enough.
const fewStations = 4

// AreaValue returns the figure of a city or region for an hour or a day: the mean of the figures of those of its
// stations that have a valid one. It needs three quarters of the stations, or half where there are fewer than four.
// The index of an area is made of these figures; indices are never averaged (HJ 633-2026).
func AreaValue(values []mean.Ratio, stations int) (mean.Ratio, bool) {
	var valid mean.Means
	for _, v := range values {
		if v.Known() {
			valid.Add(v)
		}
	}
	enough := 4*valid.Count >= 3*stations
	if stations < fewStations {
		enough = 2*valid.Count >= stations
	}
	if valid.Count == 0 || !enough {
		return mean.Ratio{}, false
	}
	return valid.Mean(), true
}
