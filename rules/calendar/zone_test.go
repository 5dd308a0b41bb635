package calendar

import (
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata" // the tests need no zones of the machine
)

func place(t testing.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func instant(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixNano()
}

func TestADayOfAPlace(t *testing.T) {
	f := func(name, date, start, end string, hours int) {
		t.Helper()
		z, d := NewZone(place(t, name)), day(t, date)
		if z.Start(d) != instant(t, start) || z.End(d) != instant(t, end) || z.Hours(d) != hours {
			t.Errorf("%s in %s is %s to %s, %d hours", date, name, z.Show(z.Start(d)), z.Show(z.End(d)), z.Hours(d))
		}
		for _, at := range []int64{z.Start(d), z.Start(d) + 1, z.End(d) - 1} {
			if fresh := NewZone(place(t, name)); at >= z.Start(d) && at < z.End(d) && fresh.DayOf(at) != d {
				t.Errorf("%s in %s lies in %s", z.Show(at), name, fresh.DayOf(at))
			}
		}
	}
	f("UTC", "2026-11-21", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", 24)
	f("UTC", "1969-12-31", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z", 24)
	f("UTC", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z", 24)
	f("Asia/Shanghai", "2026-11-21", "2026-11-21T00:00:00+08:00", "2026-11-22T00:00:00+08:00", 24)
	f("Asia/Shanghai", "2024-02-29", "2024-02-29T00:00:00+08:00", "2024-03-01T00:00:00+08:00", 24)
	f("Asia/Shanghai", "1970-01-01", "1970-01-01T00:00:00+08:00", "1970-01-02T00:00:00+08:00", 24)
	f("Asia/Kathmandu", "2026-11-21", "2026-11-21T00:00:00+05:45", "2026-11-22T00:00:00+05:45", 24)
	// China changed its clocks too, 1986 to 1991
	f("Asia/Shanghai", "1988-04-17", "1988-04-17T00:00:00+08:00", "1988-04-18T00:00:00+09:00", 23)
	f("Asia/Shanghai", "1988-09-11", "1988-09-11T00:00:00+09:00", "1988-09-12T00:00:00+08:00", 25)
	f("Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23)
	f("Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25)
	f("Europe/Berlin", "2026-10-26", "2026-10-26T00:00:00+01:00", "2026-10-27T00:00:00+01:00", 24)
	f("America/New_York", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23)
	f("America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25)
	// clocks changed by half an hour
	f("Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30", 25)
	f("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00", 24)
	// midnight is skipped: the day begins at 01:00
	f("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00", 23)
	f("America/Sao_Paulo", "2018-11-03", "2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00", 24)
	f("Asia/Beirut", "2022-03-27", "2022-03-27T01:00:00+03:00", "2022-03-28T00:00:00+03:00", 23)
	f("Asia/Beirut", "2022-03-26", "2022-03-26T00:00:00+02:00", "2022-03-27T01:00:00+03:00", 24)
	// at midnight it is 23:00 again
	f("America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", "2018-02-18T00:00:00-03:00", 25)
	f("Asia/Beirut", "2022-10-29", "2022-10-29T00:00:00+03:00", "2022-10-30T00:00:00+02:00", 25)
	// at 01:00 it is midnight again: the day begins with the first
	f("Asia/Amman", "2021-10-29", "2021-10-29T00:00:00+03:00", "2021-10-30T00:00:00+02:00", 25)
	f("America/Havana", "2024-11-03", "2024-11-03T00:00:00-04:00", "2024-11-04T00:00:00-05:00", 25)
	f("Atlantic/Azores", "2024-10-27", "2024-10-27T00:00:00Z", "2024-10-28T00:00:00-01:00", 25)
	// a day that never was
	f("Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", 24)
	f("Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00", 0)
	f("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00", 24)
}

func TestHoursOfADay(t *testing.T) {
	f := func(name, at, date string, hour, clock int) {
		t.Helper()
		z := NewZone(place(t, name))
		d, h := z.Hour(instant(t, at))
		if d != day(t, date) || h != hour || z.Clock(instant(t, at)) != clock {
			t.Errorf("%s in %s is hour %d of %s, the clock shows %d", at, name, h, d, z.Clock(instant(t, at)))
		}
	}
	f("Asia/Shanghai", "2026-11-20T15:59:59.999999999Z", "2026-11-20", 23, 23)
	f("Asia/Shanghai", "2026-11-20T16:00:00Z", "2026-11-21", 0, 0)
	f("Asia/Shanghai", "2026-11-21T06:00:00+08:00", "2026-11-21", 6, 6)
	f("Asia/Kathmandu", "2026-11-20T18:14:59Z", "2026-11-20", 23, 23)
	f("Asia/Kathmandu", "2026-11-20T18:15:00Z", "2026-11-21", 0, 0)
	f("UTC", "1969-12-31T23:59:59.999999999Z", "1969-12-31", 23, 23)
	f("Europe/Berlin", "2026-03-29T01:59:59+01:00", "2026-03-29", 1, 1)
	f("Europe/Berlin", "2026-03-29T03:00:00+02:00", "2026-03-29", 2, 3)
	f("Europe/Berlin", "2026-03-29T23:00:00+02:00", "2026-03-29", 22, 23)
	f("Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25", 2, 2)
	f("Europe/Berlin", "2026-10-25T02:30:00+01:00", "2026-10-25", 3, 2)
	f("Europe/Berlin", "2026-10-25T23:30:00+01:00", "2026-10-25", 24, 23)
	f("America/Sao_Paulo", "2018-11-04T01:00:00-02:00", "2018-11-04", 0, 1)
	f("Asia/Amman", "2021-10-29T00:30:00+03:00", "2021-10-29", 0, 0)
	f("Asia/Amman", "2021-10-29T00:30:00+02:00", "2021-10-29", 1, 0)
	f("Australia/Lord_Howe", "2026-04-05T23:45:00+10:30", "2026-04-05", 24, 23)
}

func TestHoursThatClocksShow(t *testing.T) {
	f := func(name, date string, hour int, want string) {
		t.Helper()
		z := NewZone(place(t, name))
		if got := z.At(day(t, date), hour); got != instant(t, want) || (hour < 24 && z.Clock(got) != instantClock(want)) {
			t.Errorf("hour %d of %s in %s is %s, want %s", hour, date, name, z.Show(got), want)
		}
	}
	f("Asia/Shanghai", "2026-11-21", 0, "2026-11-21T00:00:00+08:00")
	f("Asia/Shanghai", "2026-11-21", 6, "2026-11-21T06:00:00+08:00")
	f("Asia/Shanghai", "2026-11-21", 22, "2026-11-21T22:00:00+08:00")
	f("Asia/Shanghai", "2026-11-21", 24, "2026-11-22T00:00:00+08:00")
	f("Europe/Berlin", "2026-03-29", 1, "2026-03-29T01:00:00+01:00")
	f("Europe/Berlin", "2026-03-29", 6, "2026-03-29T06:00:00+02:00")
	f("Europe/Berlin", "2026-10-25", 6, "2026-10-25T06:00:00+01:00")
	f("Europe/Berlin", "2026-10-25", 22, "2026-10-25T22:00:00+01:00")
	f("America/New_York", "2026-11-01", 7, "2026-11-01T07:00:00-05:00")
	f("America/Sao_Paulo", "2018-11-04", 0, "2018-11-04T01:00:00-02:00") // midnight is skipped
	f("America/Sao_Paulo", "2018-11-04", 6, "2018-11-04T06:00:00-02:00")
	f("Asia/Amman", "2021-10-29", 0, "2021-10-29T00:00:00+03:00") // the first midnight of two
	f("Asia/Amman", "2021-10-29", 6, "2021-10-29T06:00:00+02:00")
	f("Australia/Lord_Howe", "2026-10-04", 6, "2026-10-04T06:00:00+11:00")
}

// instantClock returns the hour that stands in a text such as 2026-11-21T06:00:00+08:00.
func instantClock(text string) int { return int(text[11]-'0')*10 + int(text[12]-'0') }

func TestInstantsAreShownInTheZone(t *testing.T) {
	z := NewZone(place(t, "Asia/Shanghai"))
	if got := z.Show(instant(t, "2026-11-20T16:00:00Z")); got != "2026-11-21T00:00:00+08:00" {
		t.Errorf("shown as %s", got)
	}
	if z.Location().String() != "Asia/Shanghai" {
		t.Errorf("place is %s", z.Location())
	}
}

// civil is the day whose date clocks show.
func civil(at int64, location *time.Location) Day {
	year, month, date := time.Unix(0, at).In(location).Date()
	return Date(year, month, date)
}

func TestDaysFollowOneAnother(t *testing.T) {
	for _, name := range []string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Asia/Amman",
		"America/Havana", "Atlantic/Azores", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Gaza", "Africa/Cairo", "America/Asuncion"} {
		location := place(t, name)
		z, fresh := NewZone(location), NewZone(location)
		for d := day(t, "1994-01-01"); d <= day(t, "2027-12-31"); d++ {
			start, end := z.Start(d), z.End(d)
			length := end - start
			if end != fresh.Start(d+1) || length < 0 || z.Hours(d) != int((length+int64(time.Hour)-1)/int64(time.Hour)) {
				t.Fatalf("%s in %s: %s to %s, %d hours", d, name, z.Show(start), z.Show(end), z.Hours(d))
			}
			if length > 0 && (civil(start, location) != d || civil(start-1, location) >= d || civil(end-1, location) != d) {
				t.Fatalf("%s in %s: %s to %s", d, name, z.Show(start), z.Show(end))
			}
		}
	}
}

func TestTheDayOfAnInstantIsThatWhichHoldsIt(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	// The clocks of St. John's went from 00:01 back to 23:01 until 2011: a date came twice.
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Asia/Amman", "Pacific/Apia", "America/St_Johns"} {
		location := place(t, name)
		z := NewZone(location)
		first, last := instant(t, "1986-01-01T00:00:00Z"), instant(t, "2027-12-31T00:00:00Z")
		for range 4_000 {
			at := first + random.Int64N(last-first)
			if random.IntN(2) == 0 { // near a midnight, where it is decided
				near := NewZone(location)
				at = near.Start(near.DayOf(at)) + random.Int64N(int64(4*time.Hour)) - int64(2*time.Hour)
			}
			d, hour := z.Hour(at)
			if again := NewZone(location).DayOf(at); again != d {
				t.Fatalf("%s in %s lies in %s, and for a zone that is asked first in %s", z.Show(at), name, d, again)
			}
			if at < z.Start(d) || at >= z.End(d) || hour < 0 || hour >= z.Hours(d) || z.DayOf(at) != d {
				t.Fatalf("%s in %s is hour %d of %s, which is %s to %s", z.Show(at), name, hour, d, z.Show(z.Start(d)), z.Show(z.End(d)))
			}
			if name != "America/St_Johns" && civil(at, location) != d {
				t.Fatalf("%s in %s lies in %s", z.Show(at), name, d)
			}
		}
	}
	z := NewZone(place(t, "America/St_Johns"))
	before, after := instant(t, "2010-11-06T23:30:00-02:30"), instant(t, "2010-11-06T23:30:00-03:30")
	if z.DayOf(before) != day(t, "2010-11-06") || z.DayOf(after) != NewZone(z.Location()).DayOf(after) {
		t.Error("the day depends on what was asked before")
	}
}
