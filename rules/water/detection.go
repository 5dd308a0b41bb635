package water

import (
	"egret/ingest/reading"
	"egret/rules/standard"
)

// Detection is the detection limit of a method of analysis, in the item's unit.
type Detection struct {
	Key   string
	Limit reading.Fixed
}

// Table4Source is the source of the detection limits.
var Table4Source = standard.Source{Standard: Standard, Clause: "table 4", Certainty: standard.Seen}

// table4 holds the detection limits of GB 3838-2002 table 4 (its first page), in mg/L, the least able method first.
var table4 = []Detection{
	{"do", 0.2e9}, // iodometric
	{"codmn", 0.5e9},
	{"cod", 10e9},
	{"bod5", 2e9},
	{"nh3n", 0.05e9}, {"nh3n", 0.01e9}, // Nessler, salicylate
	{"tp", 0.01e9},
	{"tn", 0.05e9},
	{"cu", 0.06e9}, {"cu", 0.010e9}, {"cu", 0.001e9}, // by method
	{"zn", 0.05e9},
}

// DetectionLimit returns the detection limit of the least able method of table 4, false where it has none.
func DetectionLimit(parameter string) (reading.Fixed, bool) {
	for i := range table4 {
		if table4[i].Key == parameter {
			return table4[i].Limit, true
		}
	}
	return 0, false
}

// detectionLimit returns the limit below which a non-detect lies: the value that came with it or, where none did, that
// of the least able method, so that nothing is called cleaner than it is known to be.
func (m *Measured) detectionLimit() reading.Fixed {
	if m.Value > 0 {
		return m.Value
	}
	limit, _ := DetectionLimit(m.Parameter)
	return limit
}
