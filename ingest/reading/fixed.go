package reading

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Fixed is an exact decimal number in units of 1e-9. Averages add up Fixed values in integers, so that a sum is
// the same in any order, after any restart, and 35.2 is 35.2. Digits beyond the ninth are rounded half-even.
type Fixed int64

// FixedOne is the number 1.
const FixedOne Fixed = 1_000_000_000

// MaxFixed bounds the numbers a reading may have: beyond ±9.2e9 a Fixed cannot hold them.
const MaxFixed = float64(math.MaxInt64) / float64(FixedOne)

// ErrNotFixed is returned for a text that is not a decimal number, or one out of the range of Fixed.
var ErrNotFixed = errors.New("not a decimal number within ±9.2e9")

// FixedOf returns the decimal that people read in number: the shortest text that gives the float64 back.
func FixedOf(number float64) (Fixed, error) {
	if math.IsNaN(number) || math.Abs(number) >= MaxFixed {
		return 0, ErrNotFixed
	}
	var buffer [32]byte
	return ParseFixed(strconv.AppendFloat(buffer[:0], number, 'e', -1, 64))
}

// ParseFixed reads a decimal text such as -3.5 or 1.2e-3.
func ParseFixed(text []byte) (Fixed, error) {
	i, negative := 0, false
	if i < len(text) && (text[i] == '-' || text[i] == '+') {
		negative = text[i] == '-'
		i++
	}
	var mantissa uint64
	places, digits, dot := 0, 0, false
	var beyond tail
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '.' && !dot:
			dot = true
			continue
		case c < '0' || c > '9':
			goto exponent
		}
		digits++
		if mantissa > (math.MaxUint64-9)/10 { // more digits than matter: they only decide the rounding
			beyond = beyond.add(c)
			if !dot {
				places--
			}
			continue
		}
		mantissa = mantissa*10 + uint64(c-'0')
		if dot {
			places++
		}
	}
exponent:
	if digits == 0 {
		return 0, ErrNotFixed
	}
	if i < len(text) {
		if text[i] != 'e' && text[i] != 'E' {
			return 0, ErrNotFixed
		}
		e, err := strconv.Atoi(string(text[i+1:]))
		if err != nil || e > 1000 || e < -1000 {
			return 0, ErrNotFixed
		}
		places -= e
	}
	return scaleToNano(mantissa, places, beyond, negative)
}

// tail compares the digits beyond a mantissa with half a unit of its last digit.
type tail byte

const (
	tailUnread tail = iota
	tailZero
	tailBelow
	tailHalf
	tailAbove
)

func (t tail) add(digit byte) tail {
	switch {
	case t == tailUnread && digit == '0':
		return tailZero
	case t == tailUnread && digit < '5':
		return tailBelow
	case t == tailUnread && digit == '5':
		return tailHalf
	case t == tailUnread:
		return tailAbove
	case digit != '0' && (t == tailZero || t == tailHalf):
		return t + 1
	}
	return t
}

// scaleToNano returns mantissa·10^(9-places), rounded half-even; beyond tells of the digits that follow the mantissa.
func scaleToNano(mantissa uint64, places int, beyond tail, negative bool) (Fixed, error) {
	for ; places < 9 && mantissa != 0; places++ {
		if mantissa > math.MaxInt64/10 {
			return 0, ErrNotFixed
		}
		mantissa *= 10
	}
	if places == 9 && (beyond == tailAbove || (beyond == tailHalf && mantissa%2 == 1)) {
		mantissa++
	}
	if places > 9 && mantissa != 0 {
		divisor := uint64(1)
		for ; places > 9; places-- {
			if divisor > math.MaxUint64/10 {
				return 0, nil
			}
			divisor *= 10
		}
		rest := mantissa % divisor
		mantissa /= divisor
		half := divisor / 2
		if rest > half || (rest == half && (beyond > tailZero || mantissa%2 == 1)) {
			mantissa++
		}
	}
	if mantissa > math.MaxInt64 {
		return 0, ErrNotFixed
	}
	if negative {
		return -Fixed(mantissa), nil
	}
	return Fixed(mantissa), nil
}

// Float returns the nearest float64.
func (f Fixed) Float() float64 {
	number, _ := strconv.ParseFloat(f.String(), 64)
	return number
}

// String writes the shortest exact decimal, such as 35.2.
func (f Fixed) String() string { return string(f.Append(nil)) }

// Append appends what String returns.
func (f Fixed) Append(to []byte) []byte {
	magnitude := uint64(f)
	if f < 0 {
		to = append(to, '-')
		magnitude = -magnitude
	}
	to = strconv.AppendUint(to, magnitude/uint64(FixedOne), 10)
	fraction := magnitude % uint64(FixedOne)
	if fraction == 0 {
		return to
	}
	to = append(to, '.')
	for unit := uint64(FixedOne) / 10; fraction != 0; unit /= 10 {
		to = append(to, byte('0'+fraction/unit))
		fraction %= unit
	}
	return to
}

// Decimals returns how many decimals String writes.
func (f Fixed) Decimals() int {
	_, fraction, _ := strings.Cut(f.String(), ".")
	return len(fraction)
}

// Beside writes a number that is shown beside its limit: with one decimal more than that, and with more where it would
// else look equal to a limit that it is not equal to.
func (f Fixed) Beside(limit Fixed) string {
	for decimals := limit.Decimals() + 1; decimals < 9; decimals++ {
		if rounded := f.Round(decimals, HalfEven); rounded != limit || f == limit {
			return rounded.String()
		}
	}
	return f.String()
}
