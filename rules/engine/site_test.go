package engine

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/plan"
)

// sites is a world with construction sites, which a plan holds against a dust standard, and ordinary stations around them.
type sites struct {
	*world
	standard string
	midnight time.Time // of the day that is sent
}

func newSites(t *testing.T, standard string, stations ...reading.Station) *sites {
	t.Helper()
	w := newWorld(t, stations)
	w.config.Zone = beijing
	w.config.Plans = []plan.Plan{{
		ID: "works", Period: plan.Period{From: calendar.Date(2026, time.January, 1), Until: calendar.Date(2026, time.December, 31)},
		Targets: []plan.Target{{ID: "dust", Metric: plan.Sites, Standard: standard, Comparison: plan.AtLeast, Value: 80 * reading.FixedOne, Weight: plan.ByStation}},
	}}
	w.reopen()
	midnight := time.Date(2026, 11, 10, 0, 0, 0, 0, beijing)
	w.clock = midnight.UnixNano()
	return &sites{w, standard, midnight}
}

// close lets the day end, and begins the next.
func (s *sites) close() {
	s.t.Helper()
	s.midnight = s.midnight.AddDate(0, 0, 1)
	s.tick(s.midnight.Add(30 * time.Minute).UnixNano())
}

// want asks whether a site met the standard on a day, counted back from the one that has begun: "1", "0" or "".
func (s *sites) want(station string, back int, want string) {
	s.t.Helper()
	date := s.midnight.AddDate(0, 0, -back)
	if got := s.cell(station, sitePrefix+s.standard, date); got != want {
		s.t.Errorf("%s on %s: %q, want %q", station, date.Format(time.DateOnly), got, want)
	}
}

func everyHour(id, city, district, zone string) reading.Station {
	return reading.Station{ID: id, Domain: reading.Air, City: city, District: district, Zone: zone, Period: reading.Hour, PeriodDeclared: true}
}

func value(parameter string, number float64) reading.Value {
	return reading.Value{Parameter: parameter, Number: number}
}

// DB13/2934-2019: PM10 of an hour less that of the surroundings, which counts as 150 at most, up to 80; two hours a day
// may exceed.
func TestSitesAreJudgedAgainstTheirSurroundings(t *testing.T) {
	const never = -1
	s := newSites(t, "DB13/2934-2019",
		everyHour("far", "石家庄", "裕华", ""), everyHour("near", "石家庄", "长安", ""),
		everyHour("other", "石家庄", "桥西", noise.ConstructionZone), everyHour("site", "石家庄", "长安", noise.ConstructionZone),
		everyHour("elsewhere", "唐山", "长安", ""))
	// Each day the site has one level in the first hours, and another in the rest.
	f := func(first float64, hours int, rest, near, far float64, want, other string) {
		t.Helper()
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			s.clock = at.Add(time.Hour).UnixNano()
			level := rest
			if hour < hours {
				level = first
			}
			for station, level := range map[string]float64{"near": near, "far": far, "site": level, "other": level, "elsewhere": 5} {
				if level != never {
					s.report(reading.Air, station, reading.Hour, at, value("pm10", level))
				}
			}
		}
		s.close()
		s.want("site", 1, want)
		s.want("other", 1, other)
		s.want("near", 1, "") // is no site
	}
	// site: the hours less near; other: less the mean of near and far, as its own district has no station
	f(180, 24, 0, 100, 100, "1", "1")        // 80 all day
	f(180.000001, 24, 0, 100, 100, "0", "0") // a little above
	f(175, 24, 0, 100, 90, "1", "1")         // 75, and 80 over the mean of 95
	f(175, 24, 0, 100, 89, "1", "0")         // 80.5
	f(300, 2, 100, 100, 100, "1", "1")       // two hours may exceed
	f(300, 3, 100, 100, 100, "0", "0")       // three may not
	f(230, 24, 0, 400, 400, "1", "1")        // 400 counts as 150
	f(230.000001, 24, 0, 400, 400, "0", "0") //
	f(150, 18, never, 100, 100, "1", "1")    // 18 of 24 hours are enough
	f(150, 17, never, 100, 100, "", "")      // 17 are not,
	f(300, 3, never, 100, 100, "0", "0")     // but three that exceed are
	f(150, 24, 0, never, 100, "", "1")       // its district has a station, which was silent; the city's mean is that of the other
	f(10, 24, 0, never, never, "", "")       // even where it would meet on its own
	f(never, 24, never, 100, 100, "", "")    // the site was silent
	f(150, 24, 0, 100, 100, "1", "1")        // what follows comes late
	s.report(reading.Air, "site", reading.Hour, s.midnight.Add(-20*time.Hour), value("pm10", 181))
	s.report(reading.Air, "site", reading.Hour, s.midnight.Add(-21*time.Hour), value("pm10", 181))
	s.report(reading.Air, "site", reading.Hour, s.midnight.Add(-22*time.Hour), value("pm10", 181))
	s.tick(s.clock + 20*minute)
	s.want("site", 1, "0")
	s.want("other", 1, "1")
	s.report(reading.Air, "near", reading.Hour, s.midnight.Add(-20*time.Hour), value("pm10", 101))
	s.reopen()
	s.tick(s.clock + 20*minute)
	s.want("site", 1, "1")
}

// A plan counts the days of its sites, also where another of its targets has looked at them before.
func TestAPlanCountsTheDaysOfItsSites(t *testing.T) {
	s := newSites(t, "DB13/2934-2019", everyHour("near", "石家庄", "", ""), everyHour("site", "石家庄", "", noise.ConstructionZone))
	sink := &standings{last{beijing, map[string]string{}, 0}, map[string]figure.Plan{}, 0}
	s.config.Sink = sink
	reporting := plan.Target{ID: "reporting", Metric: plan.Reporting, Comparison: plan.AtLeast, Value: 90 * reading.FixedOne, Weight: plan.ByStation}
	s.config.Plans[0].Targets = append([]plan.Target{reporting}, s.config.Plans[0].Targets...)
	s.reopen()
	for _, level := range []float64{50, 90, 250, 60} {
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			s.clock = at.Add(time.Hour).UnixNano()
			s.report(reading.Air, "near", reading.Hour, at, value("pm10", 40))
			s.report(reading.Air, "site", reading.Hour, at, value("pm10", level))
		}
		s.close()
	}
	f := func(date string, counted int, want float64) {
		t.Helper()
		got, ok := sink.newest["dust "+date]
		if !ok {
			t.Errorf("%s: nothing was said", date)
			return
		}
		if got.Counted != counted || got.Value.Compare(*fixed(want)) != 0 {
			t.Errorf("%s: %d site-days, %s %% meet, want %d, %v", date, got.Counted, got.Value.Fixed(), counted, want)
		}
	}
	f("2026-11-10", 1, 100)
	f("2026-11-11", 2, 100)
	f("2026-11-13", 4, 75)
}

// DB32/4437-2022: TSP of a quarter of an hour up to 500, or 700 while the city's AQI is 200 to 300 by particulates; and
// PM10 of an hour less that of the surroundings up to 80. Each of them at any time of the day.
func TestSitesAreRelievedOnBadDays(t *testing.T) {
	const never = -1
	site := everyHour("site", "南京", "", noise.ConstructionZone)
	site.Period = reading.Minutes5
	s := newSites(t, "DB32/4437-2022", site, everyHour("city", "南京", "鼓楼", ""))
	// quarter is the TSP of one quarter of an hour, tsp that of all others.
	f := func(tsp, quarter, pm10, o3 float64, want string) {
		t.Helper()
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			for i := range 12 {
				level := tsp
				if hour == 13 && i >= 3 && i < 6 {
					level = quarter
				}
				s.clock = at.Add(time.Duration(i+1) * 5 * time.Minute).UnixNano()
				s.report(reading.Air, "site", reading.Minutes5, at.Add(time.Duration(i)*5*time.Minute), value("tsp", level), value("pm10", 60))
			}
			if pm10 != never {
				s.report(reading.Air, "city", reading.Hour, at, value("pm25", 30), value("pm10", pm10), value("so2", 10), value("no2", 20), value("co", 0.5), value("o3", o3))
			}
		}
		s.close()
		s.want("site", 1, want)
	}
	f(500, 500, 50, 40, "1")
	f(100, 500.001, 50, 40, "0") // one quarter, in an hour whose mean is far below
	f(700, 700, 385, 40, "1")    // AQI 250
	f(700, 700.001, 385, 40, "0")
	f(700, 700, 421, 40, "0") // AQI above 300
	f(700, 700, 60, 600, "0") // AQI 250 by ozone
	f(500, 500, never, 0, "") // nothing to take off PM10,
	f(500, 501, never, 0, "") // nor does anybody know whether the site was relieved,
	f(500, 701, never, 0, "0")

	f(400, 501, 50, 40, "0")
	for i := range 3 {
		at := s.midnight.Add(-11 * time.Hour).Add(time.Duration(15+5*i) * time.Minute)
		s.report(reading.Air, "site", reading.Minutes5, at, value("tsp", 499))
	}
	s.tick(s.clock + 20*minute)
	s.want("site", 1, "1")

	// The readings of the first days are gone by now. Another name of the station lets all days be judged anew.
	s.config.Stations[0].Name = "工地"
	s.reopen()
	s.tick(s.clock + 20*minute)
	s.want("site", 10, "1")
	s.want("site", 9, "0")
	s.want("site", 8, "1")
	s.want("site", 4, "")
	s.want("site", 1, "1")
}

// A site whose hours feed its averages may send minutes as well: windows of less than an hour are made of them.
func TestWindowsOfASiteAreMadeOfItsShortReadings(t *testing.T) {
	f := func(short reading.Period, count int, want string) {
		t.Helper()
		s := newSites(t, "DB31/964-2016", everyHour("site", "上海", "", noise.ConstructionZone)) // TSP of a quarter of an hour
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			for i := range count {
				s.clock = at.Add(time.Hour).UnixNano()
				s.report(reading.Air, "site", short, at.Add(time.Duration(i)*time.Hour/time.Duration(count)), value("tsp", 900))
			}
			s.report(reading.Air, "site", reading.Hour, at, value("tsp", 900))
		}
		s.close()
		s.want("site", 1, want)
	}
	f(reading.Minutes15, 4, "1")
	f(reading.Minutes15, 3, "1") // three of four quarters of the day
	f(reading.Minutes15, 2, "")
	f(reading.Minutes5, 12, "1")
	f(reading.Minutes5, 8, "")    // two of the three that a window needs
	f(reading.Minutes10, 6, "")   // lie in two windows
	f(reading.Minutes30, 2, "")   // longer than a window
	f(reading.Momentary, 60, "1") // one a minute
	f(reading.Momentary, 44, "")
}

// The period that feeds the averages is that of the windows, too, where its readings are short enough.
func TestWindowsOfASiteAreMadeOfWhatFeedsItsAverages(t *testing.T) {
	f := func(fives int, tsp, quarters float64, want string) {
		t.Helper()
		site := everyHour("site", "上海", "", noise.ConstructionZone)
		site.Period = reading.Minutes5
		near := everyHour("near", "上海", "", "")
		s := newSites(t, "DB31/964-2016", site, near)
		s.config.Plans = append(s.config.Plans, s.config.Plans[0])
		s.config.Plans[1].ID = "hebei"
		s.config.Plans[1].Targets = []plan.Target{s.config.Plans[0].Targets[0]}
		s.config.Plans[1].Targets[0].Standard = "DB13/2934-2019"
		s.reopen()
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			s.clock = at.Add(time.Hour).UnixNano()
			for i := range fives {
				s.report(reading.Air, "site", reading.Minutes5, at.Add(time.Duration(i)*5*time.Minute), value("tsp", tsp), value("pm10", 20))
			}
			for i := range 4 {
				s.report(reading.Air, "site", reading.Minutes15, at.Add(time.Duration(i)*15*time.Minute), value("tsp", quarters))
			}
			s.report(reading.Air, "near", reading.Hour, at, value("pm10", 20))
		}
		s.close()
		s.want("site", 1, want)
		hours := ""
		if fives >= 9 { // of the 12 that an hour has
			hours = "1"
		}
		s.standard = "DB13/2934-2019"
		s.want("site", 1, hours)
	}
	f(12, 900, 3000, "1")
	f(12, 3000, 900, "0")
	f(9, 900, 3000, "1")
	f(8, 900, 3000, "")
}

func TestStandardsThatDoNotJudgeASite(t *testing.T) {
	f := func(standard, zone string, unmonitored ...string) {
		t.Helper()
		site := everyHour("site", "贵阳", "", zone)
		site.Unmonitored = unmonitored
		s := newSites(t, standard, site)
		for hour := range 24 {
			at := s.midnight.Add(time.Duration(hour) * time.Hour)
			s.clock = at.Add(time.Hour).UnixNano()
			s.report(reading.Air, "site", reading.Hour, at, value("pm10", 5000), value("tsp", 9000))
			for i := range 4 {
				s.report(reading.Air, "site", reading.Minutes15, at.Add(time.Duration(i)*15*time.Minute), value("tsp", 9000))
			}
		}
		s.close()
		s.want("site", 1, "")
	}
	f("DB52/1700-2022", noise.ConstructionZone)       // its limits are not known
	f("DB21/2642-2016", noise.ConstructionZone)       // asks where the site lies
	f("DB61/1078-2017", noise.ConstructionZone)       // asks for the stage
	f("DB31/964-2016", "2")                           // no site
	f("DB31/964-2016", noise.ConstructionZone, "tsp") // not measured there
	f("DB99/1-2020", noise.ConstructionZone)          // no such standard
	f("DB13/2934-2019", noise.ConstructionZone)       // nothing lies around it
}

// A quarter of an hour that comes late, or is corrected, changes the verdict of a day that is over, although no figure of
// the day changes with it.
func TestALateQuarterOfAnHourChangesTheVerdictOfItsDay(t *testing.T) {
	s := newSites(t, "DB32/4437-2022", everyHour("near", "苏州", "", ""), everyHour("site", "苏州", "", noise.ConstructionZone))
	for hour := range 24 {
		at := s.midnight.Add(time.Duration(hour) * time.Hour)
		s.clock = at.Add(time.Hour).UnixNano()
		s.report(reading.Air, "near", reading.Hour, at, value("pm10", 40))
		s.report(reading.Air, "site", reading.Hour, at, value("pm10", 50), value("tsp", 100))
		for quarter := range 4 {
			s.report(reading.Air, "site", reading.Minutes15, at.Add(time.Duration(quarter)*15*time.Minute), value("tsp", 100))
		}
	}
	s.close()
	s.want("site", 1, "1")
	s.report(reading.Air, "site", reading.Minutes15, s.midnight.Add(-10*time.Hour), value("tsp", 900))
	s.reopen()
	s.tick(s.clock + 20*minute)
	s.want("site", 1, "0")
}
