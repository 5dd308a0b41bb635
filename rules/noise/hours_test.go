package noise

import (
	"strings"
	"testing"
)

func TestHoursAsTheyAreWritten(t *testing.T) {
	got, err := ParseHours("42.1,41.5, 40.8,,-,45" + strings.Repeat(",60", 18))
	if err != nil {
		t.Fatal(err)
	}
	for clock, want := range levels(t, "42.1 41.5 40.8 - - 45 "+strings.Repeat("60 ", 18)) {
		if got[clock].Valid != want.Valid || (want.Valid && got[clock] != want) {
			t.Errorf("hour %d is %s, %t", clock, got[clock].Value, got[clock].Valid)
		}
	}
	f := func(text string, parts ...string) {
		t.Helper()
		_, err := ParseHours(text)
		if err == nil {
			t.Errorf("%q is taken", text)
			return
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
	f("", "hours", "1 values instead of 24")
	f("60"+strings.Repeat(",60", 24), "25 values")
	f("60"+strings.Repeat(",60", 22), "23 values")
	f(strings.Repeat("60,", 21)+"x,60,60", `"x"`, "21:00", "not a decimal number")
	f(strings.Repeat("60 ", 24), "1 values")
}
