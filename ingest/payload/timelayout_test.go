package payload

import (
	"strings"
	"testing"
	"time"
)

func TestTimesAsTheyAreWritten(t *testing.T) {
	berlin, shanghai := mustZone(t, "Europe/Berlin"), mustZone(t, "Asia/Shanghai")
	f := func(layout TimeLayout, zone *time.Location, written, want string) {
		t.Helper()
		got := becomes(Profiles[Mapping]{Default: &Mapping{Time: "t", Layout: layout, Zone: zone, Groups: []string{"v"}}}, "t-1", `{"t":`+written+`,"v":{"co":1}}`)
		if got = strings.TrimSuffix(strings.TrimSuffix(got, "\n"), " rt co<co>=1"); got != want {
			t.Errorf("time %s becomes %q, want %q", written, got, want)
		}
	}
	const ten = "2026-11-21T02:00:00Z"
	found := TimeLayout{}
	for _, written := range []string{
		`"2026-11-21T10:00:00+08:00"`, `"2026-11-21 10:00:00+08:00"`, `"2026-11-21T02:00:00Z"`, `" 2026-11-21T02:00:00.000Z "`,
		`1795226400`, `1795226400000`, `1795226400000000`, `1795226400000000000`, `"1795226400"`, `"1795226400000"`, `1.7952264e9`, `"2026-11-21T10:00:00"`, `"2026-11-21 10:00:00"`,
	} {
		f(found, shanghai, written, ten)
	}
	f(found, nil, `"2026-11-21 10:00:00"`, `! time "2026-11-21 10:00:00" carries no zone: name it under zone`)
	f(found, nil, `1795226400.123456789`, "2026-11-21T02:00:00.123456789Z")
	f(found, nil, `1795226400250.5`, "2026-11-21T02:00:00.2505Z")
	f(found, nil, `1795226400250123456`, "2026-11-21T02:00:00.250123456Z")
	f(found, nil, `""`, "rt co<co>=1")
	f(found, nil, `-5`, `! time "-5" lies outside 1970 to 2200`)
	f(found, nil, `1e30`, `! time "1e30" lies outside 1970 to 2200`)
	f(found, nil, `1e400`, `! time "1e400" lies outside 1970 to 2200`)
	f(found, nil, `"9999-12-31T00:00:00Z"`, `! time "9999-12-31T00:00:00Z" lies outside 1970 to 2200`)
	f(found, nil, `"1970-01-01T00:00:00+08:00"`, `! time "1970-01-01T00:00:00+08:00" lies outside 1970 to 2200`)

	f(TimeLayout{Unix: time.Second}, nil, `1795226400`, ten)
	f(TimeLayout{Unix: time.Millisecond}, nil, `"1795226400000"`, ten)
	f(TimeLayout{Unix: time.Millisecond}, nil, `0`, "1970-01-01T00:00:00Z")
	f(TimeLayout{Unix: time.Microsecond}, nil, `1795226400000000`, ten)
	f(TimeLayout{Unix: time.Nanosecond}, nil, `1795226400000000000`, ten)
	f(TimeLayout{Unix: time.Second}, nil, `1795226400000`, `! time "1795226400000" lies outside 1970 to 2200`)
	f(TimeLayout{Unix: time.Second}, nil, `"today"`, `! time "today" is not a number of units of 1s since 1970`)

	f(TimeLayout{Format: "2006-01-02 15:04"}, shanghai, `"2026-11-21 10:00"`, ten)
	f(TimeLayout{Format: "20060102150405"}, shanghai, `20261121100000`, ten)
	f(TimeLayout{Format: "02.01.2006 15:04:05 -0700"}, shanghai, `"21.11.2026 03:00:00 +0100"`, ten)
	f(TimeLayout{Format: "2006-01-02 15:04"}, nil, `"2026-11-21 10:00"`, `! time "2026-11-21 10:00" carries no zone: name it under zone`)
	f(TimeLayout{Format: "2006-01-02 15:04"}, shanghai, `"10:00"`, `! time "10:00" is not written as 2006-01-02 15:04: parsing time "10:00" as "2006-01-02 15:04": cannot parse "10:00" as "2006"`)

	// Digits without signs between are not counted since 1970, when 14 of them lie beyond 2200 and 12 of them in 1976.
	f(found, shanghai, `"20261121101500"`, `! time "20261121101500" is a date and a time without signs between: write time_format: "20060102150405"`)
	f(found, shanghai, `202611211015`, `! time "202611211015" is a date and a time without signs between: write time_format: "200601021504"`)
	f(found, shanghai, `20269921101500`, `! time "20269921101500" lies outside 1970 to 2200`)
	f(TimeLayout{Unix: time.Millisecond}, shanghai, `202611211015`, "1976-06-03T00:53:31.015Z")
	f(TimeLayout{Format: "200601021504"}, shanghai, `202611211000`, ten)

	f(TimeLayout{Format: "2006-01-02 15:04:05 UTC"}, shanghai, `"2026-11-21 02:00:00 UTC"`, ten)
	f(TimeLayout{Format: "Mon, 02 Jan 2006 15:04:05 GMT"}, shanghai, `"Sat, 21 Nov 2026 02:00:00 GMT"`, ten)
	f(TimeLayout{Format: "2006-01-02 15:04:05Z07:00"}, shanghai, `"2026-11-21 02:00:00Z"`, ten)

	// The end of time is the same for all.
	f(found, nil, `"2200-12-31T23:59:59Z"`, "2200-12-31T23:59:59Z")
	f(found, nil, `"2200-12-31T23:59:59-01:00"`, `! time "2200-12-31T23:59:59-01:00" lies outside 1970 to 2200`)
	f(found, shanghai, `"1970-01-01T00:00:00"`, `! time "1970-01-01T00:00:00" lies outside 1970 to 2200`)
	f(found, nil, `7289654400`, `! time "7289654400" lies outside 1970 to 2200`)

	f(TimeLayout{Format: "2006-01-02 15:04"}, nil, `"`+strings.Repeat("1", 101)+`"`, `! time "`+strings.Repeat("1", 80)+`…" is too long for a time`)

	// Clocks are put forward on 2026-03-29 and back on 2026-10-25.
	f(found, berlin, `"2026-10-25T02:30:00"`, "2026-10-25T00:30:00Z")
	f(found, berlin, `"2026-10-25T03:30:00"`, "2026-10-25T02:30:00Z")
	f(found, berlin, `"2026-03-29T01:30:00"`, "2026-03-29T00:30:00Z")
	f(found, berlin, `"2026-03-29T02:30:00"`, `! time "2026-03-29T02:30:00" does not exist in Europe/Berlin: clocks are put forward then`)
}

func TestTimeFormatsThatWouldReadTimesWrong(t *testing.T) {
	f := func(layout, want string) {
		t.Helper()
		got := ""
		if err := CheckTimeFormat(layout); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s\nwant %s", layout, got, want)
		}
	}
	for _, layout := range []string{
		"2006-01-02 15:04:05", "2006-01-02 15:04", "20060102150405", "02.01.06 15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.000Z0700", "2 Jan 2006 3:04:05 PM", "01/02/2006 03:04pm",
		"2006-01-02 15:04:05 -0700", "2006-002 15:04", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04 CST", "2006-01-02 15:04:05 MEZ", "2006年01月02日 15时04分",
	} {
		f(layout, "")
	}
	const z = "holds a Z that is only a letter, so times in UTC would be taken for local ones; write Z07:00 in place of Z"
	f("2006-01-02T15:04:05Z", z)
	f("2006-01-02T15:04:05.000Z", z)
	f("2006-01-02 15:04 Z", z)
	f("2006-01-02'T'15:04:05'Z'", z)
	f("2006-01-02 15:04:05 MST", "holds MST, a name such as CST, which several zones have; write -0700 if a number stands there, or the letters themselves and the zone under zone")

	const example = "; write how 15:04:05 on 2 January 2006 would stand there, such as 2006-01-02 15:04:05"
	f("01-02 15:04:05", "does not hold the year"+example)
	f("2006 15:04:05", "does not hold the month"+example)
	f("2006-01 15:04:05", "does not hold the day"+example)
	f("2006-01-02", "does not hold the hour"+example)
	f("2006-01-02 15", "does not hold the minute"+example)
	f("2006-01-02 15:05", "does not hold the minute"+example)
	f("2006-01-02 10:04:05", "does not hold the hour"+example)
	f("yyyy-MM-dd HH:mm:ss", "does not hold the year"+example)
	f("2006-01-02 03:04:05", "does not tell the afternoon from the morning; write 15 in place of 03 or 3, or PM where that stands")
	f("2006-01-02 3:04", "does not tell the afternoon from the morning; write 15 in place of 03 or 3, or PM where that stands")
	f("2006-1-215:04", "is no layout that a time can be read by"+example)
}
