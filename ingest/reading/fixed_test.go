package reading

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestParseFixedReadsDecimals(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		got, err := ParseFixed([]byte(text))
		if err != nil || got.String() != want {
			t.Errorf("%s is read as %s, %v, want %s", text, got, err, want)
		}
	}
	f("35.2", "35.2")
	f("-3.5", "-3.5")
	f("+3.5", "3.5")
	f(".5", "0.5")
	f("5.", "5")
	f("007.50", "7.5")
	f("-0", "0")
	f("-0.0", "0")
	f("1.2e-3", "0.0012")
	f("1.2E3", "1200")
	f("1.2e+3", "1200")
	f("0e999", "0")
	f("1e-10", "0")
	f("1e-999", "0")
	f("0.000000001", "0.000000001")
	f("9223372036.854775807", "9223372036.854775807")
	f("-9223372036.854775807", "-9223372036.854775807")
	f("0."+strings.Repeat("0", 500)+"1", "0")
	f("1"+strings.Repeat("0", 500)+"e-499", "10")

	// The ninth digit is rounded half-even.
	f("0.0000000005", "0")
	f("0.0000000015", "0.000000002")
	f("0.0000000025", "0.000000002")
	f("-0.0000000015", "-0.000000002")
	f("0.00000000050000000000000000000000001", "0.000000001")
	f("0.00000000049999999999999999999999999", "0")
	f("9000000000.0000000005", "9000000000")
	f("9000000000.0000000015", "9000000000.000000002")
	f("9000000000.0000000006", "9000000000.000000001")
	f("9000000000.00000000050000000001", "9000000000.000000001")
	f("9000000000.00000000040000000001", "9000000000")
	f("9223372036.8547758065", "9223372036.854775806")
	f("9223372036.8547758055", "9223372036.854775806")
}

func TestParseFixedRefusesWhatIsNoDecimal(t *testing.T) {
	for _, text := range []string{"", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e1.5", "1e99999999999999999999", "1e1001", "--1", "1-", "1.2.3", "0x10", "NaN", "Inf",
		" 1", "1 ", "1,5", "1_000", "9223372036.854775808", "9223372036.8547758075", "-9223372036.854775808", "9300000000", "1e10", "1" + strings.Repeat("0", 30), "1e1000"} {
		if got, err := ParseFixed([]byte(text)); !errors.Is(err, ErrNotFixed) {
			t.Errorf("%q is read as %s, %v", text, got, err)
		}
	}
}

func TestFixedOfIsWhatPeopleRead(t *testing.T) {
	f := func(number float64, want string) {
		t.Helper()
		if got, err := FixedOf(number); err != nil || got.String() != want || (got.Float() != number && math.Abs(number) > 1e-8) {
			t.Errorf("%v is %s, %v, want %s", number, got, err, want)
		}
	}
	f(35.2, "35.2")
	f(0.1+0.2, "0.3") // 0.30000000000000004 to nine digits
	f(-1e-9, "-0.000000001")
	f(1e9, "1000000000")
	f(5e-324, "0")
	for _, number := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 9.3e9, -9.3e9, math.MaxFloat64, MaxFixed} {
		if got, err := FixedOf(number); !errors.Is(err, ErrNotFixed) {
			t.Errorf("%v is %s, %v", number, got, err)
		}
	}
}

// exactly returns text in units of 1e-9, rounded half-even by math/big, or false beyond the range of Fixed.
func exactly(text string) (Fixed, bool) {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	value.Mul(value, big.NewRat(int64(FixedOne), 1))
	twice := new(big.Int).Mul(value.Num(), big.NewInt(2))
	quotient, rest := new(big.Int).DivMod(twice, value.Denom(), new(big.Int)) // floor of 2·value
	half := quotient.Bit(0) == 1 && rest.Sign() == 0
	quotient.Add(quotient, big.NewInt(1)).Rsh(quotient, 1) // floor(value + 1/2)
	if half && quotient.Bit(0) == 1 {
		quotient.Sub(quotient, big.NewInt(1))
	}
	if !quotient.IsInt64() || quotient.Int64() == math.MinInt64 {
		return 0, false
	}
	return Fixed(quotient.Int64()), true
}

func wantExact(t *testing.T, text string) {
	t.Helper()
	got, err := ParseFixed([]byte(text))
	want, fits := exactly(text)
	if fits != (err == nil) || got != want {
		t.Fatalf("%s is read as %s, %v, want %s, %t", text, got, err, want, fits)
	}
}

func TestParseFixedAgreesWithExactArithmetic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	digits := func(most int) string {
		text := make([]byte, 1+random.IntN(most))
		for i := range text {
			text[i] = "0123456789005599"[random.IntN(16)]
		}
		return string(text)
	}
	for range 200_000 {
		text := digits(12) + "." + digits(25)
		if random.IntN(3) == 0 {
			text += "e" + strconv.Itoa(random.IntN(30)-15)
		}
		if random.IntN(2) == 0 {
			text = "-" + text
		}
		wantExact(t, text)
	}
}

func TestFixedTextRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	numbers := []Fixed{0, 1, -1, math.MaxInt64, -math.MaxInt64, FixedOne, 10 * FixedOne, FixedOne / 10}
	for range 100_000 {
		numbers = append(numbers, Fixed(random.Int64()>>random.IntN(63)), -Fixed(random.Int64()>>random.IntN(63)))
	}
	for _, number := range numbers {
		text := number.String()
		got, err := ParseFixed([]byte(text))
		if err != nil || got != number {
			t.Fatalf("%d is written %s and read as %d, %v", int64(number), text, int64(got), err)
		}
		if strings.Contains(text, ".") && strings.HasSuffix(text, "0") {
			t.Fatalf("%s is not the shortest text", text)
		}
	}
	if got := Fixed(math.MinInt64).String(); got != "-9223372036.854775808" {
		t.Errorf("the least Fixed is written %s", got)
	}
}

func TestANumberIsShownBesideItsLimit(t *testing.T) {
	f := func(number, limit, want string) {
		t.Helper()
		n, _ := ParseFixed([]byte(number))
		l, _ := ParseFixed([]byte(limit))
		if got := n.Beside(l); got != want {
			t.Errorf("%s beside %s is shown as %s, want %s", number, limit, got, want)
		}
	}
	f("41.7766", "43", "41.8")
	f("68.402777", "69.2", "68.4")
	f("46.666667", "51.1", "46.67")
	f("43.0004", "43", "43.0004") // not 43, which would meet it
	f("42.96", "43", "42.96")
	f("43", "43", "43")
	f("43.000000001", "43", "43.000000001")
	f("-0.25", "0", "-0.2")
	f("0.0126", "0.05", "0.013")
}

func FuzzParseFixed(f *testing.F) {
	for _, text := range []string{"35.2", "-0.0000000015", "9000000000.0000000005", "1e-3", "9223372036.8547758075", "1_0", "0x1p-2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseFixed([]byte(text))
		if err != nil {
			return
		}
		if strings.ContainsAny(text, "_xXpP/") {
			t.Fatalf("%q is read as %s", text, got)
		}
		if want, fits := exactly(text); !fits || want != got {
			t.Fatalf("%q is read as %s, want %s, %t", text, got, want, fits)
		}
	})
}
