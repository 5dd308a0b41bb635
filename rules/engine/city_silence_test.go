package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

// A city all of whose stations were silent for four days goes on with the hours and days that they measure then.
func TestACityGoesOnAfterASilence(t *testing.T) {
	square := reading.Station{ID: "square", Domain: reading.Air, City: "无锡", Period: reading.Hour, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{avenue, square})
	o.clock = local("2026-11-20 00:00")
	both := func(from, until string) {
		for at := local(from); at < local(until); at += hour {
			o.sends(&avenue, at, reading.Value{Parameter: "pm25", Number: 40})
			o.sends(&square, at, reading.Value{Parameter: "pm25", Number: 60})
		}
	}
	f := func(period, at, want string) {
		t.Helper()
		if got := o.figure("city:无锡", "pm25", period, at); got != want {
			t.Errorf("%s of %s is %s, want %s", period, at, got, want)
		}
	}
	both("2026-11-20 00:00", "2026-11-21 00:00")
	f("day", "2026-11-20", "50 2/2 true")
	both("2026-11-25 00:00", "2026-11-26 03:00")
	f("day", "2026-11-25", "50 2/2 true")
	f("1h", "2026-11-25", "50 2/2 true")
	o.tick(o.clock + 4*24*hour)
	both("2026-11-30 06:00", "2026-12-01 03:00")
	f("1h", "2026-11-30", "50 2/2 true")
	f("day", "2026-11-30", "0 0/2 false")
}

// A city of stations that send days has days, although it has no hours.
func TestACityOfStationsThatSendDays(t *testing.T) {
	o := newOffice(t, jars[:3])
	o.clock = local("2026-11-20 00:00")
	for i, date := range []string{"2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-27"} {
		for k := range jars[:3] {
			o.days(&jars[k], date, "pm25", float64(10*(i+k)))
		}
	}
	for i, date := range []string{"2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-27"} {
		want := []string{"10 3/3 true", "20 3/3 true", "30 3/3 true", "40 3/3 true", "50 3/3 true"}[i]
		if got := o.figure("city:无锡", "pm25", "day", date); got != want {
			t.Errorf("%s is %s, want %s", date, got, want)
		}
		f, err := o.engine.Explain("city:无锡", "pm25", "month", local(date+" 00:00"))
		if err != nil || f.Count != 5 {
			t.Errorf("the month is %+v, %v", f, err)
		}
	}
}

// What comes late of such a city is no news: the alert of its latest day stands.
func TestALateDayOfACityOfStationsThatSendDays(t *testing.T) {
	r := rule.Rule{ID: "day", Parameter: "pm25", Average: "day", Above: fixed(60), Severity: rule.Warning, Stations: rule.Selector{IDs: []string{"city:无锡"}}}
	o := newOffice(t, jars[:1], r)
	o.clock = local("2026-11-20 00:00")
	o.config.Horizon = 10 * 24 * time.Hour
	o.reopen()
	o.days(&jars[0], "2026-11-20", "pm25", 70, 20, 20, 80)
	o.days(&jars[0], "2026-11-21", "pm25", 90)
	o.days(&jars[0], "2026-11-20", "pm25", 30)
	var got []string
	for _, text := range o.said() {
		text, _, _ = strings.Cut(text, " pm25")
		got = append(got, text)
	}
	want := []string{"firing 11-20", "resolved 11-20", "firing 11-23", "corrected 11-21", "corrected 11-20"}
	if !slices.Equal(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
}
