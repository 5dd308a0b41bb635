package plan

import (
	"fmt"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/rule"
	"egret/rules/water"
)

// foretold writes down projection, bounds and last year.
func foretold(s *Standing) string {
	text := ""
	for _, f := range []reading.Fixed{s.Projection.Fixed(), s.ProjectionLow.Fixed(), s.ProjectionHigh.Fixed(), s.LastYear.Fixed()} {
		text += f.Round(3, reading.HalfEven).String() + " "
	}
	return fmt.Sprintf("%s%t %t", text, s.Projection.Known(), s.ByLastYear)
}

func (c *city) foretells(day, want string) {
	c.Helper()
	if got := foretold(c.after(day)); got != want {
		c.Errorf("after %s: %s\nwant              %s", day, got, want)
	}
}

func TestProjectionOfAMean(t *testing.T) {
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("38"))
	c.days(area, "pm25", from("2023-01-01", "2023-12-31"), number("40")) // what comes after the day is not looked at
	c.foretells("2023-01-10", "0 0 0 0 false false")
	c.foretells("2023-03-14", "40 40 40 0 true false")

	// Last year had 50 up to 14 March (73 days) and 30 afterwards (292): so far it is four fifths of that.
	c.days(area, "pm25", from("2022-01-01", "2022-03-14"), number("50"))
	c.days(area, "pm25", from("2022-03-15", "2022-12-31"), number("30"))
	// The rest as it was: (73·40 + 292·30)/365 = 32; as far as the year differs: (73·40 + 292·24)/365.
	c.foretells("2023-03-14", "32 27.2 40 50 true true")
	c.foretells("2023-12-31", "40 40 40 34 true false")
	if change, ok := c.after("2023-03-14").Change(); !ok || change != number("-10") {
		t.Errorf("it has changed by %s", change)
	}
	if s := c.after("2023-03-14"); s.State != Open || s.Verdict.String() != "exceeds" {
		t.Errorf("with a summer to come: %s", inWords(s))
	}

	// Half of last year's remaining days are not enough to go by.
	row := c.rows[worldRow{area, "pm25", 2022}]
	row.Cells = row.Cells[:200]
	c.foretells("2023-03-14", "40 40 40 50 true false")

	// Last year's other days put the year at risk before a quarter of it is over: (73·40 + 292·38)/365; scaled by 40/30.
	c.days(area, "pm25", from("2022-01-01", "2022-03-14"), number("30"))
	c.days(area, "pm25", from("2022-03-15", "2022-12-31"), number("38"))
	c.foretells("2023-03-14", "38.4 38.4 48.533 30 true true")
	if s := c.after("2023-03-14"); s.State != AtRisk {
		t.Errorf("with last year's days: %s", inWords(s))
	}
}

func TestProjectionOfWhatMayBeNegative(t *testing.T) {
	cold := Target{Metric: Mean, Parameter: "temp", Comparison: AtMost, Value: number("14"), Weight: ByStation, Rounding: Exact}
	c := cityOf(t, "2023-01-01", "2023-12-31", cold)
	c.members.Stations = stations(reading.Air, "a")
	c.days("a", "temp", from("2022-01-01", "2022-03-14"), number("-2"))
	c.days("a", "temp", from("2022-03-15", "2022-12-31"), number("18"))
	c.days("a", "temp", from("2023-01-01", "2023-03-14"), number("-1"))
	// (73·-1 + 292·18)/365 = 14.2; with a degree more 15
	c.foretells("2023-03-14", "14.2 -1 15 -2 true true")
	c.wants("2023-03-14", "-1 73/73+292 meets at_risk 17.75")
	// With -60 a day for the rest even 0 could be kept.
	c.plan.Targets[0].Value = number("-48.2")
	c.wants("2023-03-14", "-1 73/73+292 exceeds at_risk -60")
	c.plan.Targets[0].Value = number("-48.200000001")
	c.wants("2023-03-14", "-1 73/73+292 exceeds impossible -60.000000002")
}

func TestProjectionOfAShare(t *testing.T) {
	good := Target{Metric: GoodDays, Comparison: AtLeast, Value: number("80"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2023-01-01", "2023-12-31", good)
	c.index(from("2023-01-01", "2023-03-14"), "120")
	c.index(from("2023-01-01", "2023-02-12"), "60") // 43 of 73
	c.foretells("2023-03-14", "58.904 58.904 58.904 0 true false")
	c.index(from("2022-01-01", "2022-12-31"), "60")
	c.index(from("2022-01-01", "2022-01-20"), "120") // 53 of 73 were good, then all 292
	// as last year: (43 + 292)/365; the share is 13.7 points lower than then: (43 + 292·63/73)/365
	c.foretells("2023-03-14", "91.781 58.904 91.781 72.603 true true")
	c.plan.Targets[0] = Target{Metric: LevelDays, Levels: []int{3}, Comparison: AtMost, Value: number("70"), Weight: ByCity}
	// 30 bad days so far, 20 last year: none, or 292·10/73, or 292·30/73 in the rest
	c.foretells("2023-03-14", "30 30 150 20 true true")
	c.wants("2023-03-14", "30 73/73+292 meets open 40")
}

func TestProjectionOfExtremes(t *testing.T) {
	worst := Target{Metric: Maximum, Parameter: "pm25", Comparison: AtMost, Value: number("150"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2023-01-01", "2023-12-31", worst)
	c.days(area, "pm25", from("2023-01-01", "2023-03-14"), number("60"))
	c.days(area, "pm25", from("2022-01-01", "2022-12-31"), number("40"))
	c.day(area, "pm25", on("2022-11-11"), number("120"))
	c.foretells("2023-03-14", "120 60 180 40 true true")
	c.wants("2023-03-14", "60 73/73+292 meets open 150")
	c.plan.Targets[0].Value = number("119")
	c.wants("2023-03-14", "60 73/73+292 meets at_risk 119")

	c.plan.Targets[0].Metric, c.plan.Targets[0].Percentile = Percentile, 98
	c.days(area, "pm25", from("2022-11-11", "2022-11-18"), number("120"))
	// Rank 0.98·364 = 356.72 of 0 to 364, of which the 8 high days are the last: 356 is 60 (or 40·1.5 = 60), 357 is high.
	c.foretells("2023-03-14", "103.2 60 146.4 40 true true")
	c.plan.Targets[0].Value = number("103.1")
	c.wants("2023-03-14", "60 73/73+292 meets at_risk 7")
}

// A tally stands for as long as its things do: nothing is decided before the end.
func TestTallies(t *testing.T) {
	clean := Target{Metric: Sections, Class: water.ClassIII, Comparison: AtLeast, Value: number("51.1"), Rounding: Exact}
	c := cityOf(t, "2018-01-01", "2018-12-31", clean)
	c.members = Members{Stations: stations(reading.Water, "a", "b", "c", "d", "e", "f")}
	of := func(classes string) {
		for i, s := range c.members.Stations {
			class := water.Class(classes[i] - '0')
			c.classes[s.ID] = func(days calendar.Span) water.Class {
				switch {
				case days.First.Year() == 2018:
					return class
				case s.ID == "a" && days.Last < on("2017-09-01"):
					return water.ClassIV // in last year's autumn one section has recovered
				case days.First.Year() == 2017:
					return water.ClassII
				}
				return water.Unknown
			}
		}
	}
	of("233345")
	c.wants("2018-06-30", "66.6667 6/6+0 meets open 0") // 3 of 6 would be 50 %
	c.foretells("2018-06-30", "83.333 66.667 83.333 83.333 true true")
	of("234455")
	c.wants("2018-06-30", "33.3333 6/6+0 exceeds at_risk -2")
	c.wants("2018-12-31", "33.3333 6/6+0 exceeds missed")
	of("233005")
	c.wants("2018-12-31", "75 4/6+0 meets met")
	of("233000")
	c.wants("2018-12-31", "100 3/6+0 not enough valid data not enough data")

	c.plan.Targets[0] = Target{Metric: Worse, Class: water.ClassV, Comparison: Equal, Value: 0}
	of("233455")
	c.wants("2018-06-30", "0 6/6+0 meets open 0")
	of("266456")
	c.wants("2018-06-30", "3 6/6+0 exceeds at_risk -3")
	c.plan.Targets[0].Comparison, c.plan.Targets[0].Value = AtMost, number("4")
	c.wants("2018-06-30", "3 6/6+0 meets open 1")

	c.plan.Targets[0] = Target{Metric: Section, Station: "b", Comparison: AtMost, Value: number("4")}
	of("245555")
	c.wants("2018-06-30", "4 1/1+0 meets open 0")
	of("255555")
	c.wants("2018-12-31", "5 1/1+0 exceeds missed")
	c.plan.Targets[0].Comparison = Tracked
	c.wants("2018-12-31", "5 1/1+0 not enough valid data tracked")
}

// A tally that does not keep the target is at risk only if it is not expected to keep it at the end, and one that keeps it
// is if it is expected to break it.
func TestTalliesAreAtRiskAsThingsGo(t *testing.T) {
	clean := Target{Metric: Sections, Class: water.ClassIII, Comparison: AtLeast, Value: number("51.1"), Rounding: Exact}
	c := cityOf(t, "2018-01-01", "2018-12-31", clean)
	c.members = Members{Stations: stations(reading.Water, "a", "b", "c", "d", "e", "f")}
	now, spring, autumn := "222444", "", ""
	for i, s := range c.members.Stations {
		c.classes[s.ID] = func(days calendar.Span) water.Class {
			classes := now
			if days.First.Year() == 2017 {
				if classes = autumn; days.Last < on("2017-09-01") {
					classes = spring
				}
			}
			if classes == "" || days.First.Year() < 2017 {
				return water.Unknown
			}
			return water.Class(classes[i] - '0')
		}
	}
	// Half of them are too few: without last year's figures that is a risk when a quarter of the year, 92 days, is over.
	c.wants("2018-01-01", "50 6/6+0 exceeds open -1")
	c.wants("2018-04-01", "50 6/6+0 exceeds open -1")
	c.wants("2018-04-02", "50 6/6+0 exceeds at_risk -1")
	// Last year one recovered by the end: 4 of 6 are enough. Nothing is said that the state contradicts.
	spring, autumn = "224444", "222444"
	c.wants("2018-01-01", "50 6/6+0 exceeds open -1")
	c.wants("2018-06-30", "50 6/6+0 exceeds open -1")
	c.foretells("2018-06-30", "66.667 50 66.667 33.333 true true")
	c.wants("2018-12-31", "50 6/6+0 exceeds missed")
	// Last year two became worse: of 5 that are good 3 are left, which is a risk from the first day on.
	now, spring, autumn = "222224", "222244", "224444"
	c.wants("2018-01-01", "83.3333 6/6+0 meets at_risk 1")
	c.foretells("2018-01-01", "50 50 83.333 66.667 true true")
	// Too few are assessed.
	now = "220000"
	c.wants("2018-06-30", "100 2/6+0 not enough valid data not enough data")

	c.plan.Language = English
	c.plan.Targets[0] = Target{Name: "River", Metric: Section, Station: "b", Comparison: AtMost, Value: number("4")}
	now, spring, autumn = "244444", "333333", "444444"
	s := c.after("2018-06-30")
	if want := "River: class IV; it must stay at class IV or better; as things go the year ends at class V (last year considered), worse than class IV; 1 class worse than on the same days of last year"; s.State != AtRisk || c.plan.Reason(s) != want {
		t.Errorf("%s: %s", s.State, c.plan.Reason(s))
	}
}

func BenchmarkJudge(b *testing.B) {
	f := func(name string, target Target, days calendar.Span, members int) {
		b.Run(name, func(b *testing.B) {
			c := &city{world: newWorld(), plan: Plan{Period: Period{From: on("2018-01-01"), Until: on("2018-12-31")}}}
			c.members.Area = area
			ids := []string{area}
			for i := range members {
				ids = append(ids, fmt.Sprint("s", i))
			}
			c.members.Stations = stations(reading.Air, ids[1:]...)
			for _, id := range ids {
				for day := on("2017-01-01"); day <= days.Last; day++ {
					c.day(id, "pm25", day, number("20")+reading.Fixed(day*7919%50)*reading.FixedOne)
					c.day(id, rule.IndexFigure, day, number("50")+reading.Fixed(day*7919%80)*reading.FixedOne)
				}
			}
			target.Comparison, target.Value, target.Rounding = AtMost, number("43"), AsStandard
			b.ReportAllocs()
			for b.Loop() {
				c.plan.Judge(&target, &c.members, c.world, days)
			}
		})
	}
	day, year := from("2018-10-25", "2018-10-25"), from("2018-01-01", "2018-12-31")
	mean := Target{Metric: Mean, Parameter: "pm25", Weight: ByCity}
	f("mean/day", mean, day, 10)
	f("mean/year", mean, year, 10)
	mean.Weight = ByStation
	f("mean/ten stations/day", mean, day, 10)
	f("mean/ten stations/year", mean, year, 10)
	high := Target{Metric: Percentile, Percentile: 95, Parameter: "pm25", Weight: ByCity}
	f("percentile/day", high, day, 10)
	f("percentile/year", high, year, 10)
	good := Target{Metric: GoodDays, Weight: ByCity}
	f("good days/day", good, day, 10)
	f("good days/year", good, year, 10)
}
