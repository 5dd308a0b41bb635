package noise

import "testing"

func TestBackgroundIsTakenOut(t *testing.T) {
	f := func(d Difference, measured, background, want string) {
		t.Helper()
		expected := Level{}
		if want != "" {
			expected = Known(fixed(t, want))
		}
		if got := d.Correct(fixed(t, measured), fixed(t, background)); got != expected {
			t.Errorf("%s over %s by %s is %s, %t, want %s", measured, background, d.Source.Standard, got.Value, got.Valid, want)
		}
	}
	// H22
	f(RoundedDifference, "68.4", "57.0", "68.4")
	f(RoundedDifference, "68.4", "60.0", "67.4")
	f(RoundedDifference, "68.4", "63.6", "66.4")
	f(RoundedDifference, "68.4", "65.6", "")
	f(IntegerDifference, "68.4", "57.0", "68.4")
	f(IntegerDifference, "68.4", "60.0", "67.4")
	f(IntegerDifference, "68.4", "63.6", "66.4")
	f(IntegerDifference, "68.4", "65.6", "")

	// GB 12523-2011 table 2 and GB 12348-2008 table 4, whole differences
	for _, d := range []Difference{RoundedDifference, IntegerDifference} {
		f(d, "60", "58", "")
		f(d, "60", "57", "57")
		f(d, "60", "56", "58")
		f(d, "60", "55", "58")
		f(d, "60", "54", "59")
		f(d, "60", "53", "59")
		f(d, "60", "52", "59")
		f(d, "60", "51", "59")
		f(d, "60", "50", "59")
		f(d, "60", "49", "60")
		f(d, "60", "30", "60")
		f(d, "60", "60", "")
		f(d, "60", "61", "")
		f(d, "60", "57.000000001", "") // less than 3, although it rounds to it
		f(d, "60", "49.999999999", "60")
	}
	// where rounding and taking the integer differ
	f(RoundedDifference, "60", "56.4", "58") // 3.6 is 4
	f(IntegerDifference, "60", "56.4", "57") // and 3
	f(RoundedDifference, "60", "56.5", "58") // 3.5: 4 is even
	f(IntegerDifference, "60", "56.5", "57")
	f(RoundedDifference, "60", "56.6", "57") // 3.4
	f(IntegerDifference, "60", "56.6", "57")
	f(RoundedDifference, "60", "54.4", "59") // 5.6 is 6
	f(IntegerDifference, "60", "54.4", "58") // and 5
	f(RoundedDifference, "60", "54.5", "59") // 5.5: 6 is even
	f(IntegerDifference, "60", "54.5", "58")
	f(RoundedDifference, "60", "54.6", "58")
	f(IntegerDifference, "60", "50.1", "59") // 9.9
	f(RoundedDifference, "60", "50.1", "59")
	f(IntegerDifference, "60", "49.9", "60") // 10.1 is more than 10
	f(RoundedDifference, "60", "49.9", "60")
}
