package reading

import (
	"math/big"
	"strconv"
	"strings"
)

// quantity is what units measure that can be converted into each other.
type quantity string

// The quantities that a rule of conversion names.
const (
	massInAir   quantity = "mass per volume of air"
	massInWater quantity = "mass per volume of water"
	gasFraction quantity = "amount of gas per amount of air"
)

// unit is a unit of a quantity: a number in it, times scale and then plus shift, is in the base unit of the quantity.
type unit struct {
	name         string
	quantity     quantity
	scale, shift *big.Rat
	// Where scale is 10^power and shift a decimal, numbers are converted without big.Rat.
	isDecimal bool
	power     int
	offset    decimal
}

// unitTable holds the units that are converted. Names are the unit's own, which is shown to people, and other ways to
// write it. Sources: SI and its accepted units; RFC 8428, RFC 8798 and the registry of SenML units for the names Cel,
// %RH, /100, Bspl and others. Assumptions, from practice: NTU, FNU and FTU are one unit; a coliform counted as MPN or as
// CFU is one; levels in dB, dB(A) and bel are A-weighted as the standards ask.
var unitTable = []struct {
	quantity     quantity
	names        string
	scale, shift string // rational, or 10^n as 1en
}{
	{massInAir, "ng/m3 ng.m-3", "1e-9", ""},
	{massInAir, "ug/m3 ug.m-3", "1e-6", ""},
	{massInAir, "mg/m3 mg.m-3", "1e-3", ""},
	{massInAir, "g/m3", "1e0", ""},
	{massInAir, "kg/m3", "1e3", ""},
	{massInWater, "ng/L", "1e-6", ""},
	{massInWater, "ug/L ug/dm3", "1e-3", ""},
	{massInWater, "mg/L mg/dm3", "1e0", ""},
	{massInWater, "g/L", "1e3", ""},
	{massInWater, "kg/L", "1e6", ""},
	{gasFraction, "ppt pmol/mol", "1e-12", ""},
	{gasFraction, "ppb PPB nmol/mol ppbv", "1e-9", ""},
	{gasFraction, "ppm PPM umol/mol ppmv", "1e-6", ""},
	{"mass per area", "t/km2 g/m2", "1e0", ""},
	{"mass per area", "kg/km2 mg/m2", "1e-3", ""},
	{"temperature", "Cel C °C ℃ degC", "1e0", ""},
	{"temperature", "K", "1e0", "-273.15"},
	{"temperature", "F °F ℉ degF", "5/9", "-160/9"},
	{"ratio", "%RH % %rh /100", "1e-2", ""},
	{"ratio", "1 /", "1e0", ""},
	{"ratio", "‰ /1000", "1e-3", ""},
	{"pressure", "Pa", "1e0", ""},
	{"pressure", "hPa hpa HPA mbar", "1e2", ""},
	{"pressure", "kPa kpa KPA", "1e3", ""},
	{"pressure", "MPa", "1e6", ""},
	{"pressure", "bar", "1e5", ""},
	{"pressure", "atm", "101325", ""},
	{"pressure", "mmHg Torr", "101325/760", ""},
	{"pressure", "inHg", "2573655/760", ""}, // 25.4 mmHg
	{"speed", "cm/s", "1e-2", ""},
	{"speed", "m/s M/S", "1e0", ""},
	{"speed", "km/h", "5/18", ""},
	{"speed", "knot knots kn kt", "1852/3600", ""},
	{"speed", "mph", "44704/100000", ""},
	{"angle", "deg ° degree degrees", "1e0", ""},
	// 180/π, the one factor here that is not exact; it is nearer than float64 can tell.
	{"angle", "rad", "57295779513082320876798154814105/1000000000000000000000000000000", ""},
	{"length", "mm L/m2", "1e-3", ""},
	{"length", "cm", "1e-2", ""},
	{"length", "m", "1e0", ""},
	{"length", "km", "1e3", ""},
	{"length", "in inch", "254/10000", ""},
	{"irradiance", "W/m2", "1e0", ""},
	{"irradiance", "kW/m2", "1e3", ""},
	{"illuminance", "lx lux", "1e0", ""},
	{"illuminance", "klx klux", "1e3", ""},
	{"acidity", "pH PH ph -", "1e0", ""},
	{"conductivity", "uS/cm us/cm uS/CM", "1e0", ""},
	{"conductivity", "mS/m", "1e1", ""},
	{"conductivity", "mS/cm", "1e3", ""},
	{"conductivity", "S/m", "1e4", ""},
	{"turbidity", "NTU ntu FNU FTU", "1e0", ""},
	{"number per volume", "1/L count/L MPN/L CFU/L 个/L", "1e0", ""},
	{"number per volume", "1/100mL count/100mL MPN/100mL CFU/100mL 个/100mL", "1e1", ""},
	{"number per volume", "1/mL count/mL MPN/mL CFU/mL 个/mL", "1e3", ""},
	{"flow", "m3/s", "1e0", ""},
	{"flow", "L/s", "1e-3", ""},
	{"flow", "m3/h", "1/3600", ""},
	{"voltage", "mV", "1e-3", ""},
	{"voltage", "V", "1e0", ""},
	{"sound level", "dB db DB dBA dba DBA dB(A) dB(a) db(A) db(a)", "1e0", ""},
	{"sound level", "Bspl", "1e1", ""}, // a bel is ten decibels
}

// units are the units of the table by each of their names.
var units = readUnitTable()

func readUnitTable() map[string]*unit {
	table := make(map[string]*unit, 2*len(unitTable))
	for _, row := range unitTable {
		names := strings.Fields(row.names)
		u := &unit{name: names[0], quantity: row.quantity, scale: rational(row.scale), shift: rational(row.shift)}
		if text, ok := strings.CutPrefix(row.scale, "1e"); ok {
			power, err := strconv.Atoi(text)
			offset, notDecimal := ParseFixed([]byte("0" + strings.TrimPrefix(row.shift, "-")))
			u.power, u.isDecimal, u.offset = power, err == nil && notDecimal == nil, offset.decimal()
			if strings.HasPrefix(row.shift, "-") {
				u.offset.mantissa = -u.offset.mantissa
			}
		}
		for _, name := range names {
			table[name] = u
		}
	}
	table[""] = table["pH"]
	return table
}

// rational returns the number that a text of the table stands for; none is 0.
func rational(text string) *big.Rat {
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Rat)
	}
	return number
}

// unitsOf returns the names of the units of a quantity, in the table's order.
func unitsOf(q quantity) []string {
	var names []string
	for _, row := range unitTable {
		if row.quantity == q {
			name, _, _ := strings.Cut(row.names, " ")
			names = append(names, name)
		}
	}
	return names
}
