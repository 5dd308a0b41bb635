package reading

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// decimal is the exact number mantissa·10^exponent.
type decimal struct {
	mantissa int64
	exponent int
}

// Linear returns number·scale + offset; a scale of 0 stands for 1. It reckons in decimal with the shortest text of number
// and rounds once, so 352 scaled by 0.1 is the float64 35.2. A number that is not finite, or a result beyond the largest
// float64, is an error.
func Linear(number float64, scale, offset Fixed) (float64, error) {
	if scale == 0 {
		scale = FixedOne
	}
	if scale == FixedOne && offset == 0 && !math.IsNaN(number) && !math.IsInf(number, 0) {
		return number, nil
	}
	d, err := decimalOf(number)
	if err != nil {
		return number, err
	}
	if product, ok := d.times(scale.decimal()); ok {
		if sum, ok := product.plus(offset.decimal()); ok {
			return sum.float()
		}
	}
	sum := d.rat()
	sum.Mul(sum, scale.decimal().rat())
	sum.Add(sum, offset.decimal().rat())
	return ratFloat(sum)
}

// decimalOf returns the decimal that people read in number: the shortest text that gives the float64 back.
func decimalOf(number float64) (decimal, error) {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return decimal{}, fmt.Errorf("%v is not a finite number", number)
	}
	var memory [32]byte
	text := strconv.AppendFloat(memory[:0], number, 'e', -1, 64)
	var d decimal
	i, dot := 0, -1
	if text[0] == '-' {
		i++
	}
	for ; text[i] != 'e'; i++ { // at most 17 digits
		if text[i] == '.' {
			dot = i
			continue
		}
		d.mantissa = d.mantissa*10 + int64(text[i]-'0')
	}
	if dot >= 0 {
		d.exponent = dot + 1 - i
	}
	power := 0
	for _, c := range text[i+2:] {
		power = power*10 + int(c-'0')
	}
	if text[i+1] == '-' {
		power = -power
	}
	d.exponent += power
	if text[0] == '-' {
		d.mantissa = -d.mantissa
	}
	return d, nil
}

// decimal returns f without the zeros at its end, which would only make products long.
func (f Fixed) decimal() decimal {
	if f == 0 {
		return decimal{}
	}
	d := decimal{int64(f), -9}
	for d.mantissa%10 == 0 {
		d.mantissa /= 10
		d.exponent++
	}
	return d
}

// times returns the product, and false where it is too long.
func (d decimal) times(by decimal) (decimal, bool) {
	high, low := bits.Mul64(magnitude(d.mantissa), magnitude(by.mantissa))
	if high != 0 || low > math.MaxInt64 {
		return decimal{}, false
	}
	product := decimal{int64(low), d.exponent + by.exponent}
	if (d.mantissa < 0) != (by.mantissa < 0) {
		product.mantissa = -product.mantissa
	}
	return product, true
}

// plus returns the sum, and false where it is too long.
func (d decimal) plus(other decimal) (decimal, bool) {
	switch {
	case other.mantissa == 0:
		return d, true
	case d.mantissa == 0:
		return other, true
	case d.exponent < other.exponent:
		d, other = other, d
	}
	for ; d.exponent > other.exponent; d.exponent-- {
		if magnitude(d.mantissa) > math.MaxInt64/10 {
			return decimal{}, false
		}
		d.mantissa *= 10
	}
	sum := d.mantissa + other.mantissa
	if (d.mantissa < 0) == (other.mantissa < 0) && (sum < 0) != (d.mantissa < 0) {
		return decimal{}, false
	}
	return decimal{sum, d.exponent}, true
}

// float returns the nearest float64.
func (d decimal) float() (float64, error) {
	var memory [32]byte
	text := append(strconv.AppendInt(memory[:0], d.mantissa, 10), 'e')
	text = strconv.AppendInt(text, int64(d.exponent), 10)
	number, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, fmt.Errorf("%de%d is too large a number", d.mantissa, d.exponent)
	}
	return number, nil
}

func (d decimal) rat() *big.Rat {
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(d.exponent, -d.exponent))), nil)
	mantissa := big.NewInt(d.mantissa)
	if d.exponent < 0 {
		return new(big.Rat).SetFrac(mantissa, power)
	}
	return new(big.Rat).SetInt(mantissa.Mul(mantissa, power))
}

// ratFloat returns the nearest float64.
func ratFloat(exact *big.Rat) (float64, error) {
	number, _ := exact.Float64()
	if math.IsInf(number, 0) {
		return 0, fmt.Errorf("%s is too large a number", exact.FloatString(0)[:20]+"…")
	}
	return number, nil
}

func magnitude(number int64) uint64 {
	if number < 0 {
		return -uint64(number)
	}
	return uint64(number)
}
