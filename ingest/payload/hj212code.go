package payload

import (
	"strings"

	"egret/ingest/reading"
)

// How a unit stands in the table of codes beside what annex B of HJ 212-2017 says.
const (
	sameUnit   = ""  // networks send what the standard says
	unsaidUnit = "?" // some send ug/m3 and some mg/m3: only a profile can say
	ownUnit    = "-" // nothing is known: the unit that the parameter is declared with
)

type codeRow struct {
	code, parameter string
	standard        string // unit by HJ 212-2017 annex B
	network         string // unit that air networks send under ST=22, elsewhere nobody says; or one of the constants above
}

// codeRows holds the factor codes of HJ 524-2009 and HJ 525-2009 as HJ 212-2017 annex B lists them; [M] is from memory,
// [P] from public code. What networks send is practice seen in public frames (NO2, SO2, O3 and particulates in ug/m3, CO
// in mg/m3), an assumption that a profile overrides by `units` or by the basis `standard`.
var codeRows = []codeRow{
	{"a01001", "temp", "Cel", sameUnit},
	{"a01002", "rh", "%RH", sameUnit},
	{"a01006", "pressure", "kPa", sameUnit},
	{"a01007", "wind_speed", "m/s", sameUnit},
	{"a01008", "wind_dir", "deg", sameUnit},
	{"a05001", "co2", "mg/m3", ownUnit},
	{"a05024", "o3", "mg/m3", "ug/m3"}, // HJ 524; annex B lacks it, its unit is that of the other gases [A]
	{"a21001", "nh3", "ng/m3", "ug/m3"},
	{"a21002", "nox", "mg/m3", "ug/m3"},
	{"a21003", "no", "mg/m3", "ug/m3"},
	{"a21004", "no2", "mg/m3", "ug/m3"},
	{"a21005", "co", "mg/m3", "mg/m3"},
	{"a21026", "so2", "mg/m3", "ug/m3"},
	{"a21028", "h2s", "mg/m3", "ug/m3"},
	{"a24087", "thc", "", ownUnit},
	{"a24088", "nmhc", "mg/m3", ownUnit},
	{"a25002", "benzene", "mg/m3", ownUnit},
	{"a34001", "tsp", "ng/m3", unsaidUnit},
	{"a34002", "pm10", "ng/m3", "ug/m3"},
	{"a34004", "pm25", "ng/m3", "ug/m3"},
	{"a34005", "pm1", "ng/m3", "ug/m3"},
	{"a34011", "dustfall", "t/km2", sameUnit}, // a month
	{"a34013", "smoke", "mg/m3", sameUnit},
	{"a99054", "tvoc", "", ownUnit}, // [P]

	// Flue gas: its temperature is not the air's.
	{"a00000", "flue_flow", "m3/s", ownUnit}, // unit of HJ 212-2025
	{"a01011", "flue_velocity", "", ownUnit}, // [M], with the four below
	{"a01012", "flue_temp", "", ownUnit},
	{"a01013", "flue_pressure", "", ownUnit},
	{"a01014", "flue_humidity", "", ownUnit},
	{"a19001", "flue_o2", "", ownUnit},

	{"w00000", "flow", "L/s", sameUnit},
	{"w01001", "ph", "pH", sameUnit},
	{"w01002", "colour", "", ownUnit},
	{"w01003", "turbidity", "NTU", sameUnit}, // HJ 525 [P]
	{"w01006", "tds", "mg/L", sameUnit},
	{"w01009", "do", "mg/L", sameUnit},
	{"w01010", "water_temp", "Cel", sameUnit},
	{"w01012", "ss", "mg/L", sameUnit},
	{"w01014", "conductivity", "uS/cm", sameUnit},
	{"w01016", "chla", "ug/L", sameUnit}, // HJ 525 [P]
	{"w01017", "bod5", "mg/L", sameUnit},
	{"w01018", "cod", "mg/L", sameUnit},
	{"w01019", "codmn", "mg/L", sameUnit},
	{"w01020", "toc", "mg/L", sameUnit},
	{"w01022", "cyanobacteria", "", ownUnit}, // HJ 525 [P]; stations differ in its unit
	{"w02003", "fcoli", "1/L", sameUnit},     // HJ 525 [P]
	{"w20115", "cd", "ug/L", sameUnit},
	{"w20117", "cr6", "ug/L", sameUnit},
	{"w20119", "as", "ug/L", sameUnit},
	{"w20120", "pb", "ug/L", sameUnit},
	{"w20122", "cu", "mg/L", sameUnit},
	{"w21001", "tn", "mg/L", sameUnit},
	{"w21003", "nh3n", "mg/L", sameUnit},
	{"w21006", "no2n", "mg/L", sameUnit},
	{"w21007", "no3n", "mg/L", sameUnit},
	{"w21011", "tp", "mg/L", sameUnit},
	{"w21016", "cn", "mg/L", sameUnit},
	{"w21017", "f", "mg/L", sameUnit},
	{"w21019", "sulfide", "mg/L", sameUnit},
	{"w22001", "oil", "mg/L", sameUnit},
	{"w23002", "phenol", "mg/L", sameUnit},

	{"LA", "leq", "dB", sameUnit}, // the momentary A-weighted level; taken as an Leq of the sampling interval [A]
	{"Leq", "leq", "dB", sameUnit},
	{"LMx", "lmax", "dB", sameUnit},
	{"LMn", "lmin", "dB", sameUnit},
	{"L5", "l5", "dB", sameUnit},
	{"L10", "l10", "dB", sameUnit},
	{"L50", "l50", "dB", sameUnit},
	{"L90", "l90", "dB", sameUnit},
	{"L95", "l95", "dB", sameUnit},
	{"Ld", "ld", "dB", sameUnit},
	{"Ln", "ln", "dB", sameUnit},
	{"Ldn", "ldn", "dB", sameUnit},
}

// oldWaterRows holds the codes of HJ/T 212-2005 for water: a number such as 101 says nothing without ST.
var oldWaterRows = []codeRow{
	{"001", "ph", "pH", sameUnit},
	{"003", "ss", "mg/L", sameUnit},
	{"010", "bod5", "mg/L", sameUnit},
	{"011", "cod", "mg/L", sameUnit},
	{"060", "nh3n", "mg/L", sameUnit},
	{"065", "tn", "mg/L", sameUnit},
	{"101", "tp", "mg/L", sameUnit},
	{"B01", "flow", "L/s", sameUnit},
}

// oldGasRows holds the codes of HJ/T 212-2005 for flue gas.
var oldGasRows = []codeRow{
	{"01", "smoke", "mg/m3", sameUnit},
	{"02", "so2", "mg/m3", "ug/m3"},
	{"03", "nox", "mg/m3", "ug/m3"},
	{"04", "co", "mg/m3", "mg/m3"},
	{"B02", "flue_flow", "", ownUnit},
	{"S01", "flue_o2", "", ownUnit},
	{"S02", "flue_velocity", "", ownUnit},
	{"S03", "flue_temp", "", ownUnit},
	{"S05", "flue_humidity", "", ownUnit},
	{"S08", "flue_pressure", "", ownUnit},
}

// factor is what a code means.
type factor struct {
	parameter string
	keys      *statisticKeys
	standard  []byte
	network   []byte
	unit      []byte // of a code of the profile
	own       bool   // it is one of the profile
	linear    bool
	scale     reading.Fixed
	offset    reading.Fixed
}

var (
	codes    = factorsOf(codeRows)
	oldWater = factorsOf(oldWaterRows)
	oldGas   = factorsOf(oldGasRows)
)

func factorsOf(rows []codeRow) map[string]*factor {
	table := make(map[string]*factor, len(rows))
	for _, row := range rows {
		table[strings.ToLower(row.code)] = &factor{parameter: row.parameter, keys: keysOf(row.parameter), standard: []byte(row.standard), network: []byte(row.network)}
	}
	return table
}

// mostCode bounds the codes that are looked up; the standard's have six characters.
const mostCode = 32

// lower writes text in lower case to the buffer, since whole frames in capitals, and d for D, are seen in the field; nil
// where it is too long.
func lower(buffer *[mostCode]byte, text []byte) []byte {
	if len(text) > len(buffer) {
		return nil
	}
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buffer[i] = c
	}
	return buffer[:len(text)]
}
