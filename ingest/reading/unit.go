package reading

import (
	"fmt"
	"math/big"
	"strings"
)

// ConvertUnit returns number, given in unit from, in the unit of the parameter. It reckons exactly and rounds once, so
// 0.0352 mg/m3 is the float64 35.2 in ug/m3. Parts of air by volume such as ppb become mass per volume, and back, by the
// molar mass of the parameter's gas, at the gas volume that GB 3095 named at the instant (Unix nanoseconds). A parameter
// without a unit takes every number as it is. Units that measure different things are an error.
func ConvertUnit(number float64, from string, parameter *Parameter, instant int64) (float64, error) {
	if from == parameter.Unit || parameter.Unit == "" {
		return number, nil
	}
	source, target := findUnit(from), findUnit(parameter.Unit)
	switch {
	case source != nil && source == target:
		return number, nil
	case source == nil && target == nil && sameSpelling(from, parameter.Unit):
		return number, nil
	case source == nil || target == nil:
		return 0, refuseUnit(strings.Clone(from), parameter) // the clone keeps a caller's string(bytes) off the heap
	case source.measures(target, parameter):
		return source.convert(number, target)
	}
	converted, ok, err := convertGas(number, source, target, parameter, instant)
	if !ok {
		return 0, refuseUnit(strings.Clone(from), parameter)
	}
	return converted, err
}

// SameUnit says whether a number in unit a is the same number in unit b: they are one, or two names of one.
func SameUnit(a, b string) bool {
	one, other := findUnit(a), findUnit(b)
	if one == nil || other == nil {
		return one == other && sameSpelling(a, b)
	}
	return one == other || (one.quantity == other.quantity && one.scale.Cmp(other.scale) == 0 && one.shift.Cmp(other.shift) == 0)
}

// measures says whether numbers in the unit can be given in that of the parameter. A cubic metre may be one of air or of
// water, so of units per volume the parameter decides what is meant.
func (u *unit) measures(target *unit, parameter *Parameter) bool {
	if u.quantity == target.quantity {
		return true
	}
	inWater := target.quantity == massInWater || (target.quantity == massInAir && parameter.Domain == Water)
	return inWater && (u.quantity == massInAir || u.quantity == massInWater)
}

// convert returns a number in the unit in the target, which measures the same.
func (u *unit) convert(number float64, target *unit) (float64, error) {
	d, err := decimalOf(number)
	if err != nil {
		return 0, err
	}
	if u.isDecimal && target.isDecimal {
		sum := decimal{d.mantissa, d.exponent + u.power}
		sum, fits := sum.plus(u.offset)
		if fits {
			sum, fits = sum.plus(decimal{-target.offset.mantissa, target.offset.exponent})
		}
		if fits {
			sum.exponent -= target.power
			return sum.float()
		}
	}
	exact := d.rat()
	exact.Mul(exact, u.scale)
	exact.Add(exact, u.shift)
	exact.Sub(exact, target.shift)
	return ratFloat(exact.Quo(exact, target.scale))
}

// convertGas converts between parts of air by volume and mass per volume of air; ok is false where that cannot be.
func convertGas(number float64, source, target *unit, parameter *Parameter, instant int64) (converted float64, ok bool, err error) {
	toMass := source.quantity == gasFraction && target.quantity == massInAir
	toFraction := source.quantity == massInAir && target.quantity == gasFraction
	density := gasDensity(parameter, instant)
	if density == nil || (!toMass && !toFraction) {
		return 0, false, nil
	}
	d, err := decimalOf(number)
	if err != nil {
		return 0, true, err
	}
	factor := new(big.Rat).Quo(source.scale, target.scale)
	if toMass {
		factor.Mul(factor, density)
	} else {
		factor.Quo(factor, density)
	}
	converted, err = ratFloat(factor.Mul(factor, d.rat()))
	return converted, true, err
}

// refuseUnit says that a unit cannot be that of the parameter, and what can be written in its place.
func refuseUnit(from string, parameter *Parameter) error {
	source, target := findUnit(from), findUnit(parameter.Unit)
	choices := []string{parameter.Unit}
	why := ""
	if target != nil {
		choices = unitsOf(target.quantity)
		isFraction := source != nil && source.quantity == gasFraction
		switch {
		case target.quantity == massInAir && gasDensity(parameter, 0) != nil:
			choices = append(choices, unitsOf(gasFraction)...)
		case target.quantity == massInAir && isFraction:
			why = fmt.Sprintf("%s is no gas whose molar mass is known; ", parameter.Key)
		}
	}
	return fmt.Errorf("unit %q cannot be converted to %s: %swrite %s", Shorten(from), parameter.Unit, why, oneOf(choices))
}

// oneOf writes choices for people: a, b or c.
func oneOf(choices []string) string {
	last := len(choices) - 1
	if last == 0 {
		return choices[0]
	}
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
