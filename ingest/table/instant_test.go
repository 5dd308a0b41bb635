package table

import (
	"testing"
	"time"
	_ "time/tzdata" // zones must load on any machine
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestTimesAsTablesHaveThem(t *testing.T) {
	c := &clock{zone: shanghai}
	f := func(text, want string) {
		t.Helper()
		instant, err := c.parse(text)
		if got := time.Unix(0, instant).UTC().Format(time.RFC3339Nano); err != nil || got != want {
			t.Errorf("%s is %s, %v, want %s", text, got, err, want)
		}
	}
	for range 2 { // the second time they are remembered
		f("2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00Z")
		f("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")
		f("2026-03-01 10:00:00.250-0530", "2026-03-01T15:30:00.25Z")
		f("2026-03-01t10:00z", "2026-03-01T10:00:00Z")
		f("2026-03-01 10:00", "2026-03-01T02:00:00Z")
		f("2026-03-01 10:00:30", "2026-03-01T02:00:30Z")
		f("2026-03-01T10:00", "2026-03-01T02:00:00Z")
		f("2026-03-01 10:00:30.123456789", "2026-03-01T02:00:30.123456789Z")
		f("2026-03-01", "2026-02-28T16:00:00Z")
		f("2026-03-01 00:00", "2026-02-28T16:00:00Z")
		f("2026-02-28 24:00", "2026-02-28T16:00:00Z")
		f("2026-02-28 24:00:00", "2026-02-28T16:00:00Z")
		f("2024-02-29 24:00", "2024-02-29T16:00:00Z")
		f("2026/3/1 9:05", "2026-03-01T01:05:00Z")
		f("1772330400", "2026-03-01T02:00:00Z")
		f("1772330400250", "2026-03-01T02:00:00.25Z")
		f("1970-01-01 00:00", "1969-12-31T16:00:00Z")
		f("2200-12-31 23:59", "2200-12-31T15:59:00Z")
	}
}

func TestTimesThatCannotBeMeant(t *testing.T) {
	c := &clock{zone: shanghai}
	for _, text := range []string{
		"", "10:00", "2026-03", "2026-03-01T", "2026-03-01 10", "2026-03-01 10:0", "2026-03-01 25:00", "2026-03-01 24:01", "2026-03-01 24:00:00.1",
		"2026-03-01 10:60", "2026-03-01 10:00:60", "2026-03-01 10:00:", "2026-03-01 10:00:00.", "2026-03-01 10:00 CST", "2026-03-01 10:00+8", "2026-03-01 10:00+24:00",
		"2026-03/01", "26-03-01", "2026-03-01  10:00", "01/03/2026 10:00", "20260301", "202603011000", "20260301100000", "7258118400", "-1", "1772330400.5", "2026-03-01 10:00\x00",
	} {
		if got, err := c.parse(text); err == nil || err.Error() != errTime.Error() {
			t.Errorf("%q is %v, %v", text, time.Unix(0, got), err)
		}
	}
	f := func(text, want string) {
		t.Helper()
		if got, err := c.parse(text); err == nil || err.Error() != want {
			t.Errorf("%q is %v, %v, want %s", text, time.Unix(0, got), err, want)
		}
	}
	f("2026030110", "may be epoch seconds or a date and hour: write 2026-03-01 10:00")
	f("2026-02-29", "is a day that the month does not have")
	f("2026-13-01", "is a day that the month does not have")
	f("2026-00-00 10:00", "is a day that the month does not have")
	f("1969-12-31 10:00", "lies outside 1970 to 2200")
	f("2201-01-01", "lies outside 1970 to 2200")
}

// Where clocks are put forward and back.
func TestTimesOfZonesWithSummerTime(t *testing.T) {
	f := func(place, text, want string) {
		t.Helper()
		c := &clock{zone: zone(t, place)}
		instant, err := c.parse(text)
		got := time.Unix(0, instant).UTC().Format(time.RFC3339)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s in %s is %s, want %s", text, place, got, want)
		}
	}
	f("Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59:00Z")
	f("Europe/Berlin", "2026-03-29 02:30", "does not exist in Europe/Berlin: clocks are put forward then")
	f("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z")
	f("Europe/Berlin", "2026-03-29 24:00", "2026-03-29T22:00:00Z")
	f("Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59:00Z")
	f("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z") // the first of two
	f("Europe/Berlin", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z")
	f("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z")
	f("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z") // half an hour, twice
	f("America/Sao_Paulo", "2018-11-04 00:30", "does not exist in America/Sao_Paulo: clocks are put forward then")
	f("America/Sao_Paulo", "2018-11-04 01:00", "2018-11-04T03:00:00Z")
	f("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18T01:30:00Z") // the first of two
	f("Asia/Shanghai", "1986-05-04 02:30", "does not exist in Asia/Shanghai: clocks are put forward then")
	f("Asia/Shanghai", "2026-05-04 02:30", "2026-05-03T18:30:00Z")
}

// Every quarter of an hour of two years, as it is shown in a zone, is read as an instant that is shown so.
func TestShownTimesAreReadBack(t *testing.T) {
	for _, place := range []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"} {
		z := zone(t, place)
		c := &clock{zone: z}
		for instant := time.Date(2017, 12, 31, 0, 0, 0, 0, z); instant.Year() < 2020; instant = instant.Add(15 * time.Minute) {
			text := instant.Format("2006-01-02 15:04")
			got, err := c.parse(text)
			if err != nil || time.Unix(0, got).In(z).Format("2006-01-02 15:04") != text || got > instant.UnixNano() {
				t.Fatalf("%s in %s is read as %s, %v", text, place, time.Unix(0, got).In(z), err)
			}
		}
	}
}
