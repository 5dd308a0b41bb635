package reading

import "testing"

// The examples of air.md 8.4 and 1.3 of the official feeds: GB/T 8170.
func TestRounding(t *testing.T) {
	f := func(text string, places int, rounding Rounding, want string) {
		t.Helper()
		number, err := ParseFixed([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := number.Round(places, rounding).String(); got != want {
			t.Errorf("%s to %d places %s is %s, want %s", text, places, rounding, got, want)
		}
	}
	f("35.5", 0, HalfEven, "36")
	f("36.5", 0, HalfEven, "36")
	f("60.5", 0, HalfEven, "60")
	f("61.5", 0, HalfEven, "62")
	f("60.50001", 0, HalfEven, "61")
	f("0.85", 1, HalfEven, "0.8")
	f("0.75", 1, HalfEven, "0.8")
	f("2.25", 1, HalfEven, "2.2")
	f("2.35", 1, HalfEven, "2.4")
	f("2.251", 1, HalfEven, "2.3")
	f("7.845", 2, HalfEven, "7.84")
	f("-0.5", 0, HalfEven, "0")
	f("-1.5", 0, HalfEven, "-2")
	f("36.5", 0, HalfUp, "37")
	f("-36.5", 0, HalfUp, "-37")
	f("-36.4", 0, HalfUp, "-36")
	f("14.0001", 0, Upward, "15")
	f("14", 0, Upward, "14")
	f("-14.5", 0, Upward, "-14")
	f("0.0789", 3, Truncate, "0.078")
	f("-9.99", 1, Truncate, "-9.9")
	f("1.123456789", 9, HalfEven, "1.123456789")
}
