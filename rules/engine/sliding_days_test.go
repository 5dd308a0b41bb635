package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/rule"
	"egret/rules/standard"
)

// jars are three stations of a city that send days themselves, and one that sends hours.
var jars = func() (all []reading.Station) {
	for i, period := range []reading.Period{reading.Day, reading.Day, reading.Day, reading.Hour} {
		all = append(all, reading.Station{ID: "jar-" + strconv.Itoa(i), Domain: reading.Air, City: "无锡", Period: period, PeriodDeclared: true})
	}
	return all
}()

// days sends days of one value each from a date on, as one reading or as 24 hours.
func (o *office) days(s *reading.Station, from, parameter string, numbers ...float64) {
	o.t.Helper()
	for i, number := range numbers {
		o.day(s, o.engine.zone.DayOf(local(from+" 00:00"))+calendar.Day(i), reading.Value{Parameter: parameter, Number: number})
	}
}

func (o *office) day(s *reading.Station, day calendar.Day, v reading.Value) {
	o.t.Helper()
	for at := o.engine.zone.Start(day); at < o.engine.zone.End(day); at += int64(s.Period.Length()) {
		o.sends(s, at, v)
	}
}

// figure returns value and count of a figure, and whether it is valid.
func (o *office) figure(station, parameter, period, date string) string {
	o.t.Helper()
	f := o.explains(station, parameter, period, date+" 12:00")
	return fmt.Sprintf("%s %d/%d %t", f.Value.Fixed(), f.Count, f.Expected, f.Valid)
}

func TestTheLatest30DaysOverNewYear(t *testing.T) {
	jar := &jars[3]
	o := newOffice(t, jars[3:])
	f := func(date, want string) {
		t.Helper()
		if got := o.figure("jar-3", "pm25", "30d", date); got != want {
			t.Errorf("30 days until %s: %s, want %s", date, got, want)
		}
		if got := o.figure("city:无锡", "pm25", "30d", date); got != want {
			t.Errorf("30 days of the city until %s: %s, want %s", date, got, want)
		}
	}
	o.config.Horizon = 40 * 24 * time.Hour
	o.reopen()
	o.days(jar, "2026-12-03", "pm25", times(10, 29)...)
	f("2026-12-28", "10 26/30 false")
	f("2026-12-29", "10 27/30 true")
	o.days(jar, "2027-01-01", "pm25", 40, 40)
	f("2027-01-01", "11 30/30 true") // (29·10+40)/30
	f("2027-01-02", "12 30/30 true") // (28·10+2·40)/30
	o.days(jar, "2027-01-06", "pm25", 40)
	f("2027-01-06", "13.333333333 27/30 true") // (24·10+3·40)/27; nothing was sent for three days
	o.days(jar, "2027-01-03", "pm25", 40)
	f("2027-01-03", "13 30/30 true")
	f("2027-01-06", "14.285714286 28/30 true") // (24·10+4·40)/28
	o.days(jar, "2026-12-08", "pm25", 310)     // corrected: it is one of the days until the 6th
	f("2027-01-06", "25 28/30 true")
	f("2026-12-08", "60 6/30 false") // (5·10+310)/6
	o.day(jar, calendar.Date(2027, time.January, 6), reading.Value{Parameter: "pm25", Number: 40, Flag: reading.Fault})
	o.days(jar, "2027-01-07", "pm25", 40)
	f("2027-01-07", "14.444444444 27/30 true") // (23·10+4·40)/27
}

func TestALatestMeanSaysWhichDaysItIsMadeOf(t *testing.T) {
	o := newOffice(t, jars[:1])
	o.clock = local("2025-12-20 00:00")
	o.days(&jars[0], "2025-12-20", "pm25", times(50, 20)...)
	o.days(&jars[0], "2026-01-12", "pm25", 50, 50, 50, 50)
	f := o.explains("jar-0", "pm25", "30d", "2026-01-15 08:00")
	if f.Start != local("2026-01-15 00:00") || f.End != local("2026-01-16 00:00") || f.Judgement != nil {
		t.Errorf("%+v", f)
	}
	if want := "24 of 30 days, 27 are needed (Egret as many of 30 days as a month needs)"; f.Reason != want {
		t.Errorf("reason %q, want %q", f.Reason, want)
	}
	if len(f.Why.Values) != 24 || len(f.Why.Missing) != 6 || f.Why.Of != "days" {
		t.Errorf("%d days used, %d missing", len(f.Why.Values), len(f.Why.Missing))
	}
	var missing []string
	for _, p := range f.Why.Missing {
		missing = append(missing, o.engine.zone.DayOf(p.Start).String())
	}
	if got, want := strings.Join(missing, " "), "2025-12-17 2025-12-18 2025-12-19 2026-01-09 2026-01-10 2026-01-11"; got != want {
		t.Errorf("missing %s, want %s", got, want)
	}
	year := o.explains("jar-0", "pm25", "365d", "2026-01-15 08:00")
	if want := "24 of 365 days, 324 are needed (Egret the share of a whole year)"; year.Reason != want {
		t.Errorf("reason %q, want %q", year.Reason, want)
	}
	o.wantVerdict(&year, standard.NotEnough, 35, "GB 3095-2012 (amendment 2018) table 1", "", 2)
	if _, err := o.engine.Explain("jar-0", "pm25", "30d", local("2026-01-17 00:00")); !errors.Is(err, ErrNoFigure) {
		t.Errorf("of a day that is not over: %v", err)
	}
}

func TestWhatCountsMonthsHasNoLatestDays(t *testing.T) {
	o := newOffice(t, jars[:1])
	o.clock = local("2026-06-01 00:00")
	o.days(&jars[0], "2026-06-01", "dustfall", 8)
	for _, period := range []string{"30d", "365d"} {
		if _, err := o.engine.Explain("jar-0", "dustfall", period, local("2026-06-01 00:00")); !errors.Is(err, ErrNoFigure) {
			t.Errorf("%s: %v", period, err)
		}
	}
	if lines := strings.Join(o.box.left["influxdb"], ""); strings.Contains(lines, "period=30d") || !strings.Contains(lines, "period=month") {
		t.Error(lines)
	}
}

// The sliding means of 14 months over a leap day and two new years, with days missing, faulty, late by up to a year, corrected or taken
// back, of stations and of their city, against a plain sum of the days as they were left.
func TestTheLatestDaysAreThoseThatWereLeft(t *testing.T) {
	seed := rand.Uint64N(1 << 20)
	random := rand.New(rand.NewPCG(3, seed))
	o := newOffice(t, jars)
	sink := &last{shanghai, map[string]string{}, 0}
	o.config.Horizon, o.config.Sink = 400*24*time.Hour, sink
	o.reopen()
	first, through := calendar.Date(2023, time.December, 3), calendar.Date(2025, time.January, 30)
	left := map[string]map[calendar.Day]float64{} // by station
	send := func(s *reading.Station, day calendar.Day) {
		v := reading.Value{Parameter: "pm25", Number: float64(random.IntN(900_000)) / 1000}
		if random.IntN(20) == 0 {
			v.Flag = reading.Fault
		}
		o.day(s, day, v)
		if delete(left[s.ID], day); v.Flag.Usable() {
			left[s.ID][day] = v.Number
		}
	}
	o.clock = o.engine.zone.Start(first)
	for i := range jars {
		left[jars[i].ID] = map[calendar.Day]float64{}
	}
	for day := first; day <= through; day++ {
		for i := range jars {
			if random.IntN(12) > 0 {
				send(&jars[i], day)
			}
			if random.IntN(60) == 0 && day > first+1 {
				send(&jars[i], day-1-calendar.Day(random.IntN(min(364, int(day-first)))))
			}
		}
		if random.IntN(50) == 0 {
			o.reopen()
		}
	}
	o.tick(o.clock + hour) // the clock closes the last day of the city where a station is silent
	area := map[calendar.Day]float64{}
	sure := map[calendar.Day]bool{}
	for day := first; day <= through; day++ {
		sum, count := 0.0, 0
		for i := range jars {
			if number, ok := left[jars[i].ID][day]; ok {
				sum, count = sum+number, count+1
			}
		}
		if count > 0 {
			area[day], sure[day] = sum/float64(count), count >= 3
		}
	}
	compared := 0
	check := func(station string, days map[calendar.Day]float64, isValid func(calendar.Day) bool) {
		for day := range days {
			for _, window := range []struct {
				period       string
				length, need int
			}{{"30d", 30, 27}, {"365d", 365, 324}} {
				sum, count := 0.0, 0
				for d := day - calendar.Day(window.length) + 1; d <= day; d++ {
					if number, ok := days[d]; ok && isValid(d) {
						sum, count = sum+number, count+1
					}
				}
				key := fmt.Sprintf("%s pm25 %s %s", station, window.period, time.Unix(0, o.engine.zone.Start(day)).In(shanghai).Format(time.RFC3339))
				told, ok := sink.figures[key]
				if !ok {
					if count > 0 {
						t.Fatalf("seed %d: %s was not told", seed, key)
					}
					continue
				}
				wantTold(t, told, sum, count, window.length, count >= window.need)
				compared++
			}
		}
	}
	for i := range jars {
		check(jars[i].ID, left[jars[i].ID], func(calendar.Day) bool { return true })
	}
	check("city:无锡", area, func(d calendar.Day) bool { return sure[d] })
	if compared < 3000 {
		t.Errorf("only %d means were compared", compared)
	}
	for key := range sink.figures {
		words := strings.Fields(key)
		if !slices.Contains([]string{"30d", "365d"}, words[2]) {
			continue
		}
		at, _ := time.Parse(time.RFC3339, words[3])
		days := left[words[0]]
		if days == nil {
			days = area
		}
		if _, ok := days[o.engine.zone.DayOf(at.UnixNano())]; !ok {
			t.Errorf("seed %d: %s ends with a day of which nothing is left", seed, key)
		}
	}
}

// wantTold holds a mean against a sum of floating-point numbers, which is near enough, and its counts.
func wantTold(t *testing.T, told string, sum float64, count, expected int, valid bool) {
	t.Helper()
	var got struct {
		Value    json.Number
		Count    int
		Expected int
		Valid    bool
	}
	if err := json.Unmarshal([]byte(told), &got); err != nil {
		t.Fatal(err)
	}
	value, _ := new(big.Float).SetString(got.Value.String())
	number, _ := value.Float64()
	if got.Count != count || got.Expected != expected || got.Valid != valid || number-sum/float64(count) > 2e-9 || number-sum/float64(count) < -2e-9 {
		t.Errorf("told %s\nwant %.9f %d/%d %t", told, sum/float64(count), count, expected, valid)
	}
}

// The mean of 365 days is held against the limit of a year, as what has passed of the year is.
func TestTheLatest365DaysAreHeldAgainstTheYearsLimit(t *testing.T) {
	o := newOffice(t, jars[3:], byStandard("pm25", "365d"), rule.Rule{ID: "thirty", Parameter: "pm25", Average: "30d", Above: fixed(40), Severity: rule.Info})
	o.clock = local("2026-05-01 00:00")
	o.days(&jars[3], "2026-05-01", "pm25", times(30, 323)...)
	o.wantSaid()
	o.days(&jars[3], "2027-03-20", "pm25", 63) // the 324th: (323·30+63)/324 is 30.1, which is rounded to 30
	o.wantSaid()
	o.days(&jars[3], "2027-03-21", "pm25", 250) // (323·30+63+250)/325 is 30.78
	o.wantSaid(
		"firing 03-21 pm25 at jar-3: 365d of 2027-03-21 is 30.8 (31) ug/m3, above 30 (GB 3095-2026 table 1 transitional), 325 of 365 values",
		"firing 03-21 pm25 at city:无锡: 365d of 2027-03-21 is 30.8 (31) ug/m3, above 30 (GB 3095-2026 table 1 transitional), 325 of 365 values")
	o.days(&jars[3], "2027-03-22", "pm25", 150) // 30 days: (27·30+63+250+150)/30 is 42.4
	got := o.said()
	if len(got) != 2 || !strings.HasPrefix(got[0], "firing 03-22 pm25 at jar-3: 30d of 2027-03-22 is 42.4 ug/m3, above 40, 30 of 30 values") {
		t.Errorf("said %s", strings.Join(got, "\n"))
	}
	a := o.engine.Alerts()[0]
	f, err := o.engine.ExplainAlert(&a)
	if err != nil || f.Period != a.Window || f.End != a.At.UnixNano() {
		t.Errorf("%s is explained by %+v, %v", a.ID, f, err)
	}
}
