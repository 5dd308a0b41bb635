package dust

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
)

const (
	none    = standard.NotEnough
	meets   = standard.Meets
	exceeds = standard.Exceeds
)

var autumn = calendar.Date(2026, time.November, 21)

// limits returns the limits of a standard that apply to a site.
func limits(t testing.TB, number string, site Site) []*Limit {
	t.Helper()
	s, ok := Find(number, autumn)
	if !ok {
		t.Fatalf("%s is not known", number)
	}
	found, _ := s.Applying(site)
	return found
}

func TestLimitsOfTheProvinces(t *testing.T) {
	f := func(number string, site Site, index int, parameter string, window time.Duration, most string, allowed int, certainty standard.Certainty) {
		t.Helper()
		all := limits(t, number, site)
		if len(all) <= index {
			t.Errorf("%s has %d limits for %+v", number, len(all), site)
			return
		}
		l := all[index]
		if l.Parameter != parameter || l.Window != window || l.Most != fixed(t, most) || l.Allowed != allowed || l.Certainty != certainty {
			t.Errorf("%s for %+v: %+v", number, site, l)
		}
		on, above := mean.Whole(l.Most), mean.Whole(l.Most+1)
		city := City{MeanKnown: true}
		if l.Judge(on, city) != meets || l.Judge(above, city) != exceeds || l.Judge(mean.Ratio{}, city) != none {
			t.Errorf("%s for %+v: on the limit %s, above %s", number, site, l.Judge(on, city), l.Judge(above, city))
		}
	}
	const quarter = 15 * time.Minute
	f("DB13/2934-2019", Site{}, 0, "pm10", time.Hour, "80", 2, standard.Reported)
	f("DB21/2642-2016", Site{Area: BuiltUp}, 0, "tsp", 5*time.Minute, "800", 0, standard.Reported)
	f("DB21/2642-2016", Site{Area: Outlying}, 0, "tsp", 5*time.Minute, "1000", 0, standard.Reported)
	for _, stage := range []Stage{Demolition, Earthwork, GroundTreatment} {
		f("DB61/1078-2017", Site{Stage: stage}, 0, "tsp", time.Hour, "800", 0, standard.Reported)
	}
	for _, stage := range []Stage{Foundation, Structure, Decoration} {
		f("DB61/1078-2017", Site{Stage: stage}, 0, "tsp", time.Hour, "700", 0, standard.Reported)
	}
	f("DB31/964-2016", Site{}, 0, "tsp", quarter, "2000", 1, standard.Remembered)
	f("DB31/964-2016", Site{}, 1, "tsp", quarter, "1000", 6, standard.Remembered)
	f("DB32/4437-2022", Site{}, 0, "tsp", quarter, "500", 0, standard.Remembered)
	f("DB32/4437-2022", Site{}, 1, "pm10", time.Hour, "80", 0, standard.Remembered)

	g := func(number string, site Site, want int) {
		t.Helper()
		s, _ := Find(number, autumn)
		if all, ok := s.Applying(site); len(all) != want || ok != (want > 0) {
			t.Errorf("%s has %d limits for %+v, %t", number, len(all), site, ok)
		}
	}
	g("DB13/2934-2019", Site{BuiltUp, Structure}, 1)
	g("DB21/2642-2016", Site{}, 0) // where the site lies is not known
	g("DB21/2642-2016", Site{Area: BuiltUp, Stage: Earthwork}, 1)
	g("DB61/1078-2017", Site{Area: BuiltUp}, 0) // the stage is not known
	g("DB61/1078-2017", Site{Stage: Earthwork}, 1)
	g("DB31/964-2016", Site{BuiltUp, Earthwork}, 2)
	g("DB32/4437-2022", Site{}, 2)
	g("DB52/1700-2022", Site{BuiltUp, Earthwork}, 0) // its limits are not known
}

func TestEditionsByTheDayOfTheData(t *testing.T) {
	f := func(number string, day calendar.Day, want bool) {
		t.Helper()
		s, ok := Find(number, day)
		if ok != want || (ok && s.Source.Standard != number) {
			t.Errorf("%s on %s: %t", number, day, ok)
		}
	}
	f("DB13/2934-2019", calendar.Date(2019, time.March, 31), false)
	f("DB13/2934-2019", calendar.Date(2019, time.April, 1), true)
	f("DB32/4437-2022", calendar.Date(2022, time.December, 31), false)
	f("DB32/4437-2022", calendar.Date(2023, time.January, 1), true)
	f("DB52/1700-2022", calendar.Date(2023, time.February, 28), false)
	f("DB52/1700-2022", calendar.Date(2023, time.March, 1), true)
	f("DB21/2642-2016", autumn, true)
	f("DB61/1078-2017", autumn, true)
	f("DB31/964-2016", autumn, true)
	f("DB99/1-2020", autumn, false)
	if n := len(Standards(autumn)); n != 6 {
		t.Errorf("%d standards hold", n)
	}
	if n := len(Standards(calendar.Date(2019, time.January, 1))); n != 3 {
		t.Errorf("%d standards held at the start of 2019", n)
	}
}

func TestASitesOwnPM10InHebei(t *testing.T) {
	l := limits(t, "DB13/2934-2019", Site{})[0]
	f := func(site, county string, want standard.Verdict) {
		t.Helper()
		if got := l.Judge(mean.Whole(fixed(t, site)), City{Mean: fixed(t, county), MeanKnown: true}); got != want {
			t.Errorf("site %s, county %s: %s", site, county, got)
		}
	}
	// H27
	f("220", "130", exceeds)
	f("260", "190", exceeds) // the county counts as 150
	f("200", "130", meets)
	f("210", "130", meets)
	f("210.000000001", "130", exceeds)
	f("230", "150", meets)
	f("230", "151", meets)
	f("230.1", "151", exceeds)
	f("231", "900", exceeds)
	f("40", "130", meets) // cleaner than its surroundings
	if got := l.Judge(mean.Whole(fixed(t, "20")), City{}); got != none {
		t.Errorf("without the county's mean the site %s", got)
	}
	// the site's mean is not rounded: 630.000000001/3 is above 210
	if got := l.Judge(mean.Ratio{Sum: mean.SumOf(630e9 + 1), Count: 3}, City{Mean: fixed(t, "130"), MeanKnown: true}); got != exceeds {
		t.Errorf("a third of a 1e-9 above, the site %s", got)
	}

	day := func(exceeding, judged int, want standard.Verdict) {
		t.Helper()
		var d Day
		for i := range judged {
			d.Add(standard.Of(i >= exceeding))
		}
		d.Add(none)
		if got := l.JudgeDay(d, DefaultDayPercent); got != want {
			t.Errorf("%d of %d hours exceed: %s", exceeding, judged, got)
		}
	}
	day(0, 24, meets)
	day(2, 24, meets)
	day(3, 24, exceeds)
	day(2, 18, meets)
	day(2, 17, none)
	day(3, 3, exceeds) // whatever the other hours were
	day(0, 0, none)
}

func TestStagesOfASiteInShaanxi(t *testing.T) {
	f := func(stage Stage, tsp string, want standard.Verdict) {
		t.Helper()
		if got := limits(t, "DB61/1078-2017", Site{Stage: stage})[0].Judge(mean.Whole(fixed(t, tsp)), City{}); got != want {
			t.Errorf("stage %d, %s ug/m3: %s", stage, tsp, got)
		}
	}
	f(Earthwork, "750", meets) // H28
	f(Structure, "750", exceeds)
	f(Demolition, "800.1", exceeds)
	f(GroundTreatment, "800", meets)
	f(Foundation, "700", meets)
	f(Decoration, "700.1", exceeds)
}

func TestJiangsuTakesOffDustOfBadDays(t *testing.T) {
	l := limits(t, "DB32/4437-2022", Site{})[0]
	f := func(tsp string, aqi int, particulates bool, want standard.Verdict) {
		t.Helper()
		if got := l.Judge(mean.Whole(fixed(t, tsp)), City{AQI: aqi, ParticulatesPrimary: particulates}); got != want {
			t.Errorf("%s ug/m3 at AQI %d, %t: %s", tsp, aqi, particulates, got)
		}
	}
	f("500", 150, true, meets)
	f("500.1", 199, true, exceeds)
	f("700", 200, true, meets)
	f("700", 300, true, meets)
	f("700.1", 250, true, exceeds)
	f("700", 301, true, exceeds)
	f("700", 250, false, exceeds) // ozone is primary
	pm10 := limits(t, "DB32/4437-2022", Site{})[1]
	if pm10.Judge(mean.Whole(fixed(t, "280")), City{Mean: fixed(t, "200"), MeanKnown: true}) != meets { // no cap
		t.Error("280 less 200 is more than 80")
	}
}

func TestDaysInShanghai(t *testing.T) {
	all := limits(t, "DB31/964-2016", Site{})
	f := func(limit *Limit, exceeding, judged int, want standard.Verdict) {
		t.Helper()
		if got := limit.JudgeDay(Day{Judged: judged, Exceeding: exceeding}, DefaultDayPercent); got != want {
			t.Errorf("%d of %d means above %s: %s", exceeding, judged, limit.Most, got)
		}
	}
	f(all[0], 1, 96, meets)
	f(all[0], 2, 96, exceeds)
	f(all[0], 1, 72, meets)
	f(all[0], 1, 71, none)
	f(all[1], 6, 96, meets)
	f(all[1], 7, 96, exceeds)
	f(all[1], 7, 7, exceeds)
	if got := all[0].JudgeDay(Day{}, 0); got != none {
		t.Errorf("a day without means %s", got)
	}
}

func TestPointsOfASite(t *testing.T) {
	hebei, _ := Find("DB13/2934-2019", autumn)
	f := func(area, want int) {
		t.Helper()
		if got, ok := hebei.PointsFor(area); got != want || ok != (want > 0) {
			t.Errorf("%d m² need %d points, %t", area, got, ok)
		}
	}
	f(1, 1)
	f(4_999, 1)
	f(5_000, 2)
	f(9_999, 2)
	f(10_000, 4)
	f(100_000, 4)
	f(100_001, 5)
	f(200_000, 5)
	f(200_001, 6)
	f(1_000_000, 13)
	f(0, 0)
	f(-1, 0)
	shanghai, _ := Find("DB31/964-2016", autumn)
	if n, ok := shanghai.PointsFor(9_000); n != 0 || ok {
		t.Errorf("Shanghai needs %d points", n)
	}
}

func TestLimitsAreOfBuiltInParameters(t *testing.T) {
	for _, s := range Standards(autumn) {
		for _, l := range s.Limits {
			p, err := reading.BuiltinParameters().Find(l.Parameter)
			if err != nil || p.Unit != "ug/m3" || (24*time.Hour)%l.Window != 0 {
				t.Errorf("%s: %+v, %v", s.Source.Standard, l, err)
			}
		}
	}
}
