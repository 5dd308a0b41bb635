package reading

import (
	"math/big"
	"slices"
	"strings"
	"time"
)

// Atomic masses in g/mol: standard atomic weights, IUPAC 1995. Later editions, and the bounds that they give in place of
// one number, differ in the fourth digit of sulphur and the fifth of others, far below what an instrument resolves.
var (
	hydrogen = rational("1.00794")
	carbon   = rational("12.0107")
	nitrogen = rational("14.00674")
	oxygen   = rational("15.9994")
	sulphur  = rational("32.066")
)

// molarMasses are those of gases by the key of their parameter, in g/mol.
var molarMasses = map[string]*big.Rat{
	"so2":   molecule(sulphur, oxygen, oxygen),
	"no2":   molecule(nitrogen, oxygen, oxygen),
	"nox":   molecule(nitrogen, oxygen, oxygen), // GB 3095: as NO2
	"no":    molecule(nitrogen, oxygen),
	"o3":    molecule(oxygen, oxygen, oxygen),
	"o3_8h": molecule(oxygen, oxygen, oxygen),
	"co":    molecule(carbon, oxygen),
	"co2":   molecule(carbon, oxygen, oxygen),
	"nh3":   molecule(nitrogen, hydrogen, hydrogen, hydrogen),
	"h2s":   molecule(hydrogen, hydrogen, sulphur),
	"ch4":   molecule(carbon, hydrogen, hydrogen, hydrogen, hydrogen),
}

// referenceState is when the gas volume of GB 3095 changed: its amendment of 2018 is in force from 2018-09-01 in China's
// time.
var referenceState = time.Date(2018, time.September, 1, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60)).UnixNano()

// The amount of air in mol/m3, by the ideal gas: at the standard state before and at the reference state after that
// instant. GB 3095 names them for SO2, NO2, CO, O3 and NOx; the other gases follow them here, which is an assumption.
var (
	standardAir  = airAmount("273.15", "101325")
	referenceAir = airAmount("298.15", "101325")
)

// airAmount returns how many mol of air 1 m3 holds at a temperature in K and a pressure in Pa. The gas constant is exact
// since the SI of 2019; CODATA 2018 prints it as 8.314462618 J/(mol·K).
func airAmount(temperature, pressure string) *big.Rat {
	energy := new(big.Rat).Mul(rational("8.314462618"), rational(temperature))
	return energy.Quo(rational(pressure), energy)
}

func molecule(atoms ...*big.Rat) *big.Rat {
	mass := new(big.Rat)
	for _, atom := range atoms {
		mass.Add(mass, atom)
	}
	return mass
}

// gasDensity returns the g/m3 that the parameter's gas would have if all air were made of it, at the state that the
// edition in force at the instant names; nil where the parameter is no gas of a known molar mass.
func gasDensity(parameter *Parameter, instant int64) *big.Rat {
	if parameter.Domain != Air {
		return nil
	}
	key := parameter.Key
	if at := slices.IndexFunc(statistics, func(ending string) bool { return strings.HasSuffix(key, ending) }); at >= 0 {
		key = strings.TrimSuffix(key, statistics[at])
	}
	density, ok := gasDensities[key]
	switch {
	case !ok:
		return nil
	case instant < referenceState:
		return density.standard
	}
	return density.reference
}

type densities struct{ standard, reference *big.Rat }

var gasDensities = readMolarMasses()

func readMolarMasses() map[string]densities {
	table := make(map[string]densities, len(molarMasses))
	for key, mass := range molarMasses {
		table[key] = densities{new(big.Rat).Mul(mass, standardAir), new(big.Rat).Mul(mass, referenceAir)}
	}
	return table
}
