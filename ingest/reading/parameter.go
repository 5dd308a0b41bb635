package reading

import (
	"fmt"
	"strings"
)

// Law says how values of a parameter are averaged over time.
type Law uint8

// The laws of averaging.
const (
	Arithmetic Law = iota // the mean of the numbers
	Energy                // sound levels: 10·lg of the mean of 10^(L/10)
	NoMean                // directions and levels that are statistics already: a mean would say nothing
	Highest               // largest levels: of several the largest
	Lowest                // smallest levels: of several the smallest
)

// HasMean says whether values of the law have a mean over time.
func (l Law) HasMean() bool { return l == Arithmetic || l == Energy }

// Parameter is a quantity that stations measure.
type Parameter struct {
	Key    string
	Domain Domain
	Unit   string
	// Low and High bound what is plausible; a number outside is refused to quarantine. The built-in bounds are
	// assumptions from instrument ranges, not regulation, and may be set anew under `parameters:`.
	Low, High float64
	Law       Law
}

// builtin holds the parameters Egret knows. Bounds: the negative limits of gases and particulates are those of
// [lowValues]; upper limits are instrument ranges with room for dust storms.
var builtin = []Parameter{
	{"pm25", Air, "ug/m3", -5, 5000, Arithmetic},
	{"pm10", Air, "ug/m3", -5, 20000, Arithmetic},
	{"tsp", Air, "ug/m3", -5, 30000, Arithmetic},
	{"so2", Air, "ug/m3", -14, 10000, Arithmetic},
	{"no2", Air, "ug/m3", -10, 5000, Arithmetic},
	{"nox", Air, "ug/m3", -10, 10000, Arithmetic},
	{"co", Air, "mg/m3", -1, 150, Arithmetic},
	{"o3", Air, "ug/m3", -10, 2000, Arithmetic},
	{"o3_8h", Air, "ug/m3", -10, 2000, Arithmetic},
	{"dustfall", Air, "t/km2", 0, 1000, Arithmetic},
	{"temp", Air, "Cel", -60, 70, Arithmetic},
	{"rh", Air, "%RH", 0, 104, Arithmetic},
	{"pressure", Air, "hPa", 400, 1100, Arithmetic},
	{"wind_speed", Air, "m/s", 0, 120, Arithmetic},
	{"wind_dir", Air, "deg", 0, 360, NoMean},
	{"rain", Air, "mm", 0, 500, Arithmetic},

	{"water_temp", Water, "Cel", -2, 50, Arithmetic},
	{"ph", Water, "pH", 0, 14, Arithmetic},
	{"do", Water, "mg/L", 0, 40, Arithmetic},
	{"codmn", Water, "mg/L", 0, 500, Arithmetic},
	{"cod", Water, "mg/L", 0, 5000, Arithmetic},
	{"bod5", Water, "mg/L", 0, 3000, Arithmetic},
	{"nh3n", Water, "mg/L", 0, 500, Arithmetic},
	{"tp", Water, "mg/L", 0, 100, Arithmetic},
	{"tn", Water, "mg/L", 0, 500, Arithmetic},
	{"cu", Water, "mg/L", 0, 100, Arithmetic},
	{"zn", Water, "mg/L", 0, 100, Arithmetic},
	{"f", Water, "mg/L", 0, 100, Arithmetic},
	{"se", Water, "mg/L", 0, 10, Arithmetic},
	{"as", Water, "mg/L", 0, 10, Arithmetic},
	{"hg", Water, "mg/L", 0, 1, Arithmetic},
	{"cd", Water, "mg/L", 0, 10, Arithmetic},
	{"cr6", Water, "mg/L", 0, 10, Arithmetic},
	{"pb", Water, "mg/L", 0, 10, Arithmetic},
	{"cn", Water, "mg/L", 0, 10, Arithmetic},
	{"phenol", Water, "mg/L", 0, 100, Arithmetic},
	{"oil", Water, "mg/L", 0, 100, Arithmetic},
	{"las", Water, "mg/L", 0, 100, Arithmetic},
	{"sulfide", Water, "mg/L", 0, 100, Arithmetic},
	{"fcoli", Water, "1/L", 0, 1e9, Arithmetic},
	{"chla", Water, "ug/L", 0, 2000, Arithmetic},
	{"transparency", Water, "m", 0, 70, Arithmetic},
	{"orp", Water, "mV", -2000, 2000, Arithmetic},
	{"turbidity", Water, "NTU", 0, 10000, Arithmetic},
	{"conductivity", Water, "uS/cm", 0, 100000, Arithmetic},
	{"depth", Water, "m", 0, 500, Arithmetic},

	{"leq", Noise, "dB", 0, 150, Energy},
	{"lmax", Noise, "dB", 0, 150, Highest},
	{"lmin", Noise, "dB", 0, 150, Lowest},
	{"l5", Noise, "dB", 0, 150, NoMean},
	{"l10", Noise, "dB", 0, 150, NoMean},
	{"l50", Noise, "dB", 0, 150, NoMean},
	{"l90", Noise, "dB", 0, 150, NoMean},
	{"l95", Noise, "dB", 0, 150, NoMean},
	{"ld", Noise, "dB", 0, 150, NoMean},
	{"ln", Noise, "dB", 0, 150, NoMean},
	{"ldn", Noise, "dB", 0, 150, NoMean},

	{AQIForecast, Indicator, "1", 0, 500, NoMean}, // HJ 633 ends at 500
}

// Parameters is a table of parameters by key.
type Parameters map[string]*Parameter

// BuiltinParameters returns a fresh table of the parameters Egret knows.
func BuiltinParameters() Parameters {
	table := make(Parameters, len(builtin))
	for i := range builtin {
		p := builtin[i]
		table[p.Key] = &p
	}
	return table
}

// Find returns the parameter with the key, or an error that says so.
func (table Parameters) Find(key string) (*Parameter, error) {
	if p, ok := table[key]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("parameter %q is not known: declare it under `parameters:` with a unit and a range", key)
}

// CheckKey returns an error unless key can name a parameter: lower-case letters, digits and `_`, a letter first.
func CheckKey(key string) error {
	for i, c := range []byte(key) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return fmt.Errorf("parameter key %q may hold only a-z, 0-9 and _, and starts with a letter", key)
		}
	}
	if strings.HasSuffix(key, FlagSuffix) || strings.HasSuffix(key, rawSuffix) {
		return fmt.Errorf("parameter key %q ends in %s or %s, which name a value's companions in the database", key, FlagSuffix, rawSuffix)
	}
	if key == "" || len(key) > 40 {
		return fmt.Errorf("parameter key %q must have 1 to 40 characters", key)
	}
	return nil
}
