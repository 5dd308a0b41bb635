package plan

// What a target still allows is by definition the largest (on the other side of the limit: the smallest) number with
// which the very figure that will be judged at the end keeps it. It is searched with that figure, so that no formula of
// its own can differ from it by a rounding; where nothing is rounded it is (T·N - m·d)/(N - d), cut to the ninth decimal.

// largest returns the largest number from low to high for which keeps is true, which must be so up to that number only;
// false where it is true for none or for all.
func largest(low, high int64, keeps func(int64) bool) (int64, bool) {
	if !keeps(low) || keeps(high) {
		return 0, false
	}
	for low+1 < high {
		if middle := low + int64(uint64(high-low)/2); keeps(middle) { // the distance may be more than an int64 holds
			low = middle
		} else {
			high = middle
		}
	}
	return low, true
}

// largestNumber returns how many of those that remain may fail; keeps is asked for numbers from least, which is negative, to
// remaining.
func largestNumber(least, remaining int, keeps func(int) bool) (int, bool) {
	if keeps(remaining) {
		return remaining, true
	}
	n, ok := largest(int64(least), int64(remaining), func(n int64) bool { return keeps(int(n)) })
	return int(n), ok
}
