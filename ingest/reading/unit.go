package reading

import (
	"fmt"
	"strconv"
	"strings"
)

// unitScale says what a unit measures and by which power of ten it differs from that quantity's base.
type unitScale struct {
	quantity string
	power    int
}

// unitScales holds the units whose conversion is a power of ten and therefore exact.
var unitScales = map[string]unitScale{
	"ng/m3": {"mass per volume of air", -9}, "ug/m3": {"mass per volume of air", -6}, "mg/m3": {"mass per volume of air", -3}, "g/m3": {"mass per volume of air", 0},
	"ng/L": {"mass per volume of water", -9}, "ug/L": {"mass per volume of water", -6}, "mg/L": {"mass per volume of water", -3}, "g/L": {"mass per volume of water", 0},
	"Pa": {"pressure", 0}, "hPa": {"pressure", 2}, "kPa": {"pressure", 3}, "mbar": {"pressure", 2},
	"uS/cm": {"conductivity", 0}, "mS/m": {"conductivity", 1}, "mS/cm": {"conductivity", 3}, "S/m": {"conductivity", 4},
	"mm": {"length", -3}, "cm": {"length", -2}, "m": {"length", 0}, "V": {"voltage", 0}, "mV": {"voltage", -3},
}

// unitSpellings folds the ways people write a unit into one.
var unitSpellings = strings.NewReplacer("µ", "u", "μ", "u", "m³", "m3", "m^3", "m3", "/l", "/L")

// unitAliases are names for units that are only compared, never scaled.
var unitAliases = map[string]string{
	"C": "Cel", "°C": "Cel", "℃": "Cel", "degC": "Cel", "%": "%RH", "dBA": "dB", "dB(A)": "dB", "°": "deg", "": "pH", "-": "pH",
}

func canonicalUnit(unit string) string {
	unit = unitSpellings.Replace(strings.TrimSpace(unit))
	if alias, ok := unitAliases[unit]; ok {
		return alias
	}
	return unit
}

// ConvertUnit returns number, given in unit from, in unit to. The conversion is done in decimal: 0.0352 mg/m3 is
// exactly 35.2 ug/m3. Units that differ by more than a power of ten, or measure different things, are an error.
func ConvertUnit(number float64, from, to string) (float64, error) {
	from, to = canonicalUnit(from), canonicalUnit(to)
	if from == to {
		return number, nil
	}
	source, known := unitScales[from]
	target, wanted := unitScales[to]
	if !known || !wanted || source.quantity != target.quantity {
		return 0, fmt.Errorf("unit %q cannot be converted to %s", from, to)
	}
	text := strconv.FormatFloat(number, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	power, err := strconv.Atoi(exponent)
	if err != nil {
		return 0, fmt.Errorf("convert %s: not a finite number", text)
	}
	return strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+source.power-target.power), 64)
}
