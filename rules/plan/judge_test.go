package plan

import (
	"fmt"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/rule"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// city is a plan of one target for a year or years, over a world.
type city struct {
	*testing.T
	*world
	plan    Plan
	members Members
}

const area = "city:test"

// cityOf begins a plan from a day to another.
func cityOf(t *testing.T, first, last string, target Target) *city {
	target.ID = string(target.Metric)
	c := &city{T: t, world: newWorld(), plan: Plan{ID: "test", Period: Period{From: on(first), Until: on(last)}, Targets: []Target{target}}}
	c.members.Area = area
	return c
}

// after returns where the target stands after a day.
func (c *city) after(day string) *Standing {
	c.Helper()
	s := c.plan.Judge(&c.plan.Targets[0], &c.members, c.world, from(day, day))
	if len(s) != 1 || s[0].Day != on(day) {
		c.Fatalf("%d standings after %s", len(s), day)
	}
	return &s[0]
}

// index puts the air quality index of an area on days.
func (c *city) index(days calendar.Span, index string) {
	c.days(area, rule.IndexFigure, days, number(index))
}

// inWords writes down what a test expects of a standing: value, counted/expected+remaining, verdict, state and allowance.
func inWords(s *Standing) string {
	text := "-"
	if s.Value.Known() {
		text = s.Value.Round(4, reading.HalfEven).String()
	}
	text += fmt.Sprintf(" %d/%d+%d %s %s", s.Counted, s.Expected, s.Remaining, s.Verdict, s.State)
	if s.AllowanceKnown {
		text += " " + s.Allowance.String()
	}
	return text
}

func (c *city) wants(day, want string) {
	c.Helper()
	if got := inWords(c.after(day)); got != want {
		c.Errorf("after %s: %s\nwant              %s", day, got, want)
	}
}

func pm25(limit string) Target {
	return Target{Metric: Mean, Parameter: "pm25", Comparison: AtMost, Value: number(limit), Weight: ByCity, Rounding: Exact}
}

// Wuxi, 2018: PM2.5 at most 43, and 41.8 on the first 298 days. The remaining 67 may have (43·365 - 41.8·298)/67 =
// 48.3373134…, rounded as HJ 663 has it less than (43.5·365 - 41.8·298)/67 =
// 51.0611940298….
func TestWuxiIn2018(t *testing.T) {
	c := cityOf(t, "2018-01-01", "2018-12-31", pm25("43"))
	c.days(area, "pm25", from("2018-01-01", "2018-10-25"), number("41.8"))
	c.wants("2018-10-25", "41.8 298/298+67 meets open 48.337313432")

	c.plan.Targets[0].Rounding = AsStandard
	c.wants("2018-10-25", "41.8 298/298+67 meets open 51.061194029")
	if got := c.after("2018-10-25").Compared; got != number("42") {
		t.Errorf("41.8 is compared as %s", got)
	}

	// A smoky November.
	c.plan.Targets[0].Rounding = Exact
	c.days(area, "pm25", from("2018-10-26", "2018-12-31"), number("60"))
	c.wants("2018-11-30", "43.7617 334/334+31 exceeds at_risk 34.793548387")
	c.wants("2018-12-31", "45.1408 365/365+0 exceeds missed")
}

func TestShareOfGoodDays(t *testing.T) {
	good := Target{Metric: GoodDays, Comparison: AtLeast, Value: number("69.2"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2018-01-01", "2018-12-31", good)
	c.index(from("2018-01-01", "2018-07-19"), "100")
	c.index(from("2018-07-20", "2018-10-27"), "101")
	// Of 365 days 252.58 must be good: 112 may be bad.
	c.wants("2018-10-27", "66.6667 300/300+65 exceeds at_risk 12")
	c.index(from("2018-10-28", "2018-11-08"), "150")
	c.wants("2018-11-08", "64.1026 312/312+53 exceeds at_risk 0")
	c.index(from("2018-11-09", "2018-11-09"), "301")
	c.wants("2018-11-09", "63.8978 313/313+52 exceeds impossible -1")
	c.plan.Targets[0].Rounding = AsStandard // 252 of 365 are 69.04 %, still too few
	c.wants("2018-11-09", "63.8978 313/313+52 exceeds impossible -1")
	c.plan.Targets[0].Value = number("69.0") // 251.7 of 365 make 68.95 %
	c.wants("2018-11-09", "63.8978 313/313+52 exceeds at_risk 0")

	parts := ""
	for _, p := range c.after("2018-11-09").Parts {
		parts += fmt.Sprintf("%s %s %d %t; ", p.Name, p.Label, p.Value, p.Fails)
	}
	if parts != "2 良 200 false; 3 轻度污染 112 true; 6 严重污染 1 true; " {
		t.Errorf("the days are %s", parts)
	}
}

func TestEveryDayOfAYear(t *testing.T) {
	c := cityOf(t, "2018-01-01", "2018-12-31", pm25("40"))
	c.days(area, "pm25", from("2018-01-01", "2018-06-30"), number("30"))
	c.days(area, "pm25", from("2018-07-01", "2018-12-31"), number("60"))
	all := c.plan.Judge(&c.plan.Targets[0], &c.members, c.world, from("2018-01-01", "2018-12-31"))
	if len(all) != 365 {
		t.Fatalf("%d standings of 365 days", len(all))
	}
	states := ""
	for i := range all {
		s := &all[i]
		if inWords(s) != inWords(c.after(s.Day.String())) {
			t.Fatalf("after %s: %s, judged alone %s", s.Day, inWords(s), inWords(c.after(s.Day.String())))
		}
		if i == 0 || s.State != all[i-1].State {
			states += fmt.Sprintf("%s %s; ", s.Day, s.State)
		}
	}
	// (181·30 + n·60)/(181+n) exceeds 40 with n = 91, on 29 September; 181·30 + n·60 exceeds 365·40 with n = 153, on 30 November.
	if want := "2018-01-01 not enough data; 2018-01-27 open; 2018-09-29 at_risk; 2018-11-30 impossible; 2018-12-31 missed; "; states != want {
		t.Errorf("the states are %s\nwant           %s", states, want)
	}
	if s := c.plan.Judge(&c.plan.Targets[0], &c.members, c.world, from("2018-12-30", "2019-01-02")); len(s) != 2 {
		t.Errorf("%d standings of the last two days and two after the plan", len(s))
	}
}

func TestYearWithGaps(t *testing.T) {
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("35"))
	c.days(area, "pm25", from("2023-01-01", "2023-12-31"), number("30"))
	gap := func(days calendar.Span) {
		for day := days.First; day <= days.Last; day++ {
			c.put(area, "pm25", day, sheet.Cell{Number: number("900"), Divisor: 1, Count: 3}) // too few hours
		}
	}
	// Two days are missing in each month of 31, three in the others, none in February: 12·27 + 1 are left.
	for month := 1; month <= 12; month++ {
		first := calendar.Date(2023, 1, 1)
		if month > 1 {
			first = dateIn(2023, month, 1)
		}
		if length := first.Month().Days(); length > 28 {
			gap(calendar.Span{First: first + 27, Last: first.Month().Last})
		}
	}
	c.wants("2023-12-31", "30 325/365+0 meets met")
	c.wants("2023-12-30", "30 325/364+1 meets open 1660")
	// One more day of May: 324 are enough of the year, 26 not of the month.
	gap(from("2023-05-10", "2023-05-10"))
	c.wants("2023-12-30", "30 324/364+1 meets open 1655")
	c.wants("2023-12-31", "30 324/365+0 not enough valid data not enough data")
}

func TestOutageAndRecovery(t *testing.T) {
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("35"))
	c.days(area, "pm25", from("2023-01-01", "2023-02-28"), number("30"))
	c.days(area, "pm25", from("2023-04-01", "2023-12-31"), number("30"))
	c.wants("2023-02-28", "30 59/59+306 meets open 35.964052287")
	c.wants("2023-03-07", "30 59/66+299 meets open 35.986622073") // 66 days need 59
	// (35·(59+298) - 30·59)/298: what is lost is not made up for.
	c.wants("2023-03-08", "30 59/67+298 not enough valid data not enough data 35.989932885")
	c.wants("2023-10-06", "30 248/279+86 meets open 49.418604651") // 279 need 248
	c.wants("2023-10-05", "30 247/278+87 meets open 49.195402298") // 278 need 247
	c.wants("2023-10-03", "30 245/276+89 meets open 48.764044943")
	c.wants("2023-10-02", "30 244/275+90 not enough valid data not enough data 48.555555555") // 275 need 245
}

func TestProvenWhateverIsMissing(t *testing.T) {
	worst := Target{Metric: Maximum, Parameter: "pm25", Comparison: AtMost, Value: number("75"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2023-01-01", "2023-12-31", worst)
	c.days(area, "pm25", from("2023-01-01", "2023-01-05"), number("75"))
	c.wants("2023-01-05", "75 5/5+360 not enough valid data not enough data 75")
	c.day(area, "pm25", on("2023-01-06"), number("75.000000001"))
	c.wants("2023-01-06", "75 6/6+359 exceeds impossible")
	c.wants("2023-12-31", "75 6/365+0 exceeds missed")

	heavy := Target{Metric: LevelDays, Levels: []int{5, 6}, Comparison: AtMost, Value: number("1"), Weight: ByCity}
	c = cityOf(t, "2023-01-01", "2023-12-31", heavy)
	c.index(from("2023-01-01", "2023-01-01"), "201")
	c.wants("2023-01-01", "1 1/1+364 not enough valid data not enough data 0")
	c.index(from("2023-01-03", "2023-01-03"), "500")
	c.wants("2023-01-03", "2 2/3+362 exceeds impossible -1")
	c.wants("2023-12-31", "2 2/365+0 exceeds missed")

	// A mean that no value of the missing days could bring down: 200 valid days of 80 make 43.8 of a year, all else 0.
	c = cityOf(t, "2023-01-01", "2023-12-31", pm25("43"))
	c.days(area, "pm25", from("2023-01-01", "2023-07-19"), number("80"))
	c.wants("2023-12-31", "80 200/365+0 exceeds missed")
	c.plan.Targets[0].Value = number("44")
	c.wants("2023-12-31", "80 200/365+0 not enough valid data not enough data")
	c.wants("2023-09-30", "80 200/273+92 not enough valid data not enough data -34.260869566")
}

func TestLeapYear(t *testing.T) {
	c := cityOf(t, "2024-01-01", "2024-12-31", pm25("30"))
	c.days(area, "pm25", from("2024-01-01", "2024-02-29"), number("45"))
	c.days(area, "pm25", from("2023-01-01", "2023-02-27"), number("40"))
	c.day(area, "pm25", on("2023-02-28"), number("98"))
	c.day(area, "pm25", on("2023-03-01"), number("500"))
	c.wants("2024-02-29", "45 60/60+306 exceeds open 27.058823529") // (30·366 - 45·60)/306
	for _, day := range []string{"2024-02-28", "2024-02-29"} {      // 58 days of 40 and one of 98 before
		if got := c.after(day).LastYear.Fixed(); got != number("40.983050847") {
			t.Errorf("after %s last year's same days had %s", day, got)
		}
	}
	// 29 February of last year lies before 1 March.
	c = cityOf(t, "2025-01-01", "2025-12-31", pm25("30"))
	c.days(area, "pm25", from("2024-01-01", "2024-02-28"), number("40"))
	c.day(area, "pm25", on("2024-02-29"), number("100"))
	c.day(area, "pm25", on("2024-03-01"), number("40"))
	if a, b := c.after("2025-02-28").LastYear, c.after("2025-03-01").LastYear; a.Fixed() != number("40") || b.Round(6, reading.HalfEven) != number("40.983607") {
		t.Errorf("last year's days up to 28 February had %s, up to 1 March %s", a.Fixed(), b.Fixed())
	}
}

func TestSeasonOverNewYear(t *testing.T) {
	heating := pm25("60")
	heating.Steps = map[int]reading.Fixed{2023: number("60"), 2024: number("55")}
	c := cityOf(t, "2022-01-01", "2024-12-31", heating)
	c.plan.Period.Season = Season{11, 15, 3, 15}
	c.days(area, "pm25", from("2022-11-15", "2022-12-31"), number("50"))
	c.days(area, "pm25", from("2023-01-01", "2023-01-31"), number("70"))
	// 47 days of 50 and 31 of 70 of 121: (60·121 - 4520)/43
	c.wants("2023-01-31", "57.9487 78/78+43 meets open 63.720930232")
	c.days(area, "pm25", from("2023-02-01", "2023-03-15"), number("63.72"))
	c.wants("2023-03-15", "59.9997 121/121+0 meets met")
	c.days(area, "pm25", from("2023-11-15", "2023-12-31"), number("60"))
	s := c.after("2023-12-31")
	if s.Limit != number("55") || s.LastYear.Fixed() != number("50") || s.Span != from("2023-11-15", "2024-03-15") {
		t.Errorf("in the next winter the limit is %s, last year's days had %s", s.Limit, s.LastYear.Fixed())
	}
	// The winter of 2021 is cut by the plan's first day, and has no value of its own.
	if s := c.after("2022-02-01"); s.Due || s.State != Followed || s.Span != from("2022-01-01", "2022-03-15") {
		t.Errorf("the first winter: %+v", s)
	}
}

// Anyang has households sort their waste in steps: 50, 80 and 95 % at the ends of 2021 to 2023.
func TestStepsByYear(t *testing.T) {
	sorted := Target{Metric: Indicator, Parameter: "waste_sorting", Comparison: AtLeast, Steps: map[int]reading.Fixed{2021: number("50"), 2022: number("80"), 2023: number("95")}}
	c := cityOf(t, "2021-04-25", "2023-12-31", sorted)
	c.members = Members{Stations: stations(reading.Indicator, "a", "b")}
	c.wants("2021-05-01", "- 0/1+0 not enough valid data not enough data")
	c.day("a", "waste_sorting", on("2021-06-30"), number("48"))
	c.wants("2021-06-30", "48 1/1+0 exceeds open")
	c.day("b", "waste_sorting", on("2021-12-31"), number("52"))
	c.day("a", "waste_sorting", on("2021-12-31"), number("51"))
	c.wants("2021-12-30", "48 1/1+0 exceeds open")
	c.wants("2021-12-31", "52 1/1+0 meets met")
	c.wants("2022-01-01", "- 0/1+0 not enough valid data not enough data") // nothing is reported for 2022 yet
	c.day("a", "waste_sorting", on("2022-11-30"), number("79.9"))
	c.put("a", "waste_sorting", on("2022-12-10"), sheet.Cell{Number: number("99"), Divisor: 1})
	c.wants("2022-12-30", "79.9 1/1+0 exceeds open")
	c.wants("2022-12-31", "79.9 1/1+0 exceeds missed")
	if s := c.after("2022-12-31"); s.LastYear.Fixed() != number("52") || s.Limit != number("80") {
		t.Errorf("a year before %s, the limit %s", s.LastYear.Fixed(), s.Limit)
	}
	c.plan.Targets[0].Steps = map[int]reading.Fixed{2023: number("95")}
	c.wants("2022-12-31", "79.9 1/1+0 not enough valid data tracked")
	c.plan.Targets[0] = Target{Metric: Indicator, Parameter: "waste_sorting"}
	c.wants("2022-12-31", "79.9 1/1+0 not enough valid data tracked")
}

func TestWeightOfStations(t *testing.T) {
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("40"))
	c.members.Stations = stations(reading.Air, "east", "west")
	// In the east it is 50 throughout; in the west 20, but not before April.
	c.days("east", "pm25", from("2023-01-01", "2023-12-31"), number("50"))
	c.days("west", "pm25", from("2023-04-01", "2023-12-31"), number("20"))
	c.days(area, "pm25", from("2023-01-01", "2023-03-31"), number("50"))
	c.days(area, "pm25", from("2023-04-01", "2023-12-31"), number("35"))
	c.wants("2023-12-31", "38.6986 365/365+0 meets met")
	c.plan.Targets[0].Weight = ByStation
	// The west has 275 of 365 days, too few: the east alone is the city.
	c.wants("2023-12-31", "50 640/730+0 exceeds missed")
	c.days("west", "pm25", from("2023-01-01", "2023-03-31"), number("29"))
	// 20 and 29: (275·20 + 90·29)/365 = 22.219178082; with 50 halved 36.109589041
	c.wants("2023-12-31", "36.1096 730/730+0 meets met")
	c.wants("2023-06-30", "37.2376 362/362+368 meets open 42.717391304")

	// Without an area the stations' own days are averaged, as of a river.
	c.members.Area = ""
	c.plan.Targets[0].Weight = ByCity
	c.days("west", "pm25", from("2023-01-01", "2023-03-31"), number("26"))
	c.wants("2023-12-31", "35.7397 365/365+0 meets met") // 90 days of 38, 275 of 35
}

func TestStationsAreMany(t *testing.T) {
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("40"))
	c.plan.Targets[0].Weight = ByStation
	c.members.Stations = stations(reading.Air, "a", "b", "c", "d")
	for i, id := range []string{"a", "b", "c", "d"} {
		c.days(id, "pm25", from("2023-01-01", "2023-03-31"), number(fmt.Sprint(30+10*i)))
	}
	c.wants("2023-03-31", "45 360/360+1100 exceeds open 38.363636363")
	// Three of four with enough days will do, two not.
	for _, id := range []string{"c", "d"} {
		c.days(id, "pm25", from("2023-04-01", "2023-05-31"), number("30"))
	}
	c.days("a", "pm25", from("2023-04-01", "2023-05-31"), number("30"))
	if s := c.after("2023-05-31"); !s.Valid || s.Counted != 543 {
		t.Errorf("with three of four stations: %s", inWords(s))
	}
	c.rows[worldRow{"a", "pm25", 2023}].Cells = c.rows[worldRow{"a", "pm25", 2023}].Cells[:90]
	if s := c.after("2023-05-31"); s.Valid || s.State != NotEnough {
		t.Errorf("with two of four stations: %s", inWords(s))
	}
}

func TestDustFallIsOfMonths(t *testing.T) {
	fall := Target{Metric: Mean, Parameter: "dustfall", Comparison: AtMost, Value: number("9"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2021-01-01", "2021-12-31", fall)
	c.members = Members{Stations: stations(reading.Air, "jar1", "jar2")}
	c.wants("2021-01-30", "- 0/0+12 not enough valid data not enough data 9")
	c.day("jar1", "dustfall", on("2021-01-31"), number("8"))
	c.day("jar2", "dustfall", on("2021-01-31"), number("12"))
	c.wants("2021-01-31", "10 1/1+11 exceeds open 8.909090909") // (9·12 - 10)/11
	c.day("jar1", "dustfall", on("2021-02-26"), number("6"))
	c.wants("2021-02-25", "10 1/1+11 exceeds open 8.909090909")
	c.wants("2021-02-26", "8 2/2+10 meets open 9.2")
	c.day("jar2", "dustfall", on("2021-02-28"), number("10")) // the month becomes 8
	c.wants("2021-02-28", "9 2/2+10 meets open 9")
	c.wants("2021-03-31", "9 2/3+9 meets open 9") // 8 of 12 months are enough
	c.wants("2021-04-30", "9 2/4+8 not enough valid data not enough data 9")
	for _, day := range []string{"2021-03-31", "2021-04-30", "2021-05-31", "2021-06-30", "2021-07-31", "2021-08-31"} {
		c.day("jar1", "dustfall", on(day), number("9.5"))
	}
	c.wants("2021-12-31", "9.375 8/12+0 exceeds missed")
	c.day("jar2", "dustfall", on("2021-08-31"), number("1.5")) // August has 5.5
	c.wants("2021-12-31", "8.875 8/12+0 meets met")
}

func TestNothingIsDroppedOfRiversAndSites(t *testing.T) {
	// A river's dissolved oxygen must be above 5; on 19 of 20 days it is at 6, and one section sends nothing.
	oxygen := Target{Metric: Minimum, Parameter: "do", Comparison: Above, Value: number("5"), Weight: ByCity, Rounding: Exact}
	c := cityOf(t, "2023-06-01", "2023-06-30", oxygen)
	c.members = Members{Stations: stations(reading.Water, "upper", "lower")}
	c.days("upper", "do", from("2023-06-01", "2023-06-20"), number("6"))
	c.wants("2023-06-20", "6 20/20+10 meets open 5.000000001")
	c.day("lower", "do", on("2023-06-20"), number("4")) // that day's mean is 5
	c.wants("2023-06-20", "5 20/20+10 exceeds impossible")

	sites := Target{Metric: Sites, Comparison: AtLeast, Value: number("80"), Rounding: Exact, Standard: "DB32/4437-2022"}
	c = cityOf(t, "2023-06-01", "2023-06-30", sites)
	c.members = Members{Stations: stations(reading.Air, "site1", "site2")}
	for i := range 20 {
		c.sites[worldDay{"site1", on("2023-06-01") + calendar.Day(i)}] = standard.Meets
		c.sites[worldDay{"site2", on("2023-06-01") + calendar.Day(i)}] = standard.Of(i >= 5)
	}
	c.sites[worldDay{"site2", on("2023-06-20")}] = standard.NotEnough
	// 34 of 39 site-days; with the 20 that remain 47.2 of 59 must be good: 6 may fail.
	c.wants("2023-06-20", "87.1795 39/40+20 not enough valid data not enough data 6")
	if p := c.after("2023-06-20").Parts; len(p) != 1 || p[0] != (Part{Name: "site2", Value: 5, Fails: true}) {
		t.Errorf("the failing sites are %v", p)
	}

	sends := Target{Metric: Reporting, Comparison: Equal, Value: number("100"), Rounding: Exact}
	c = cityOf(t, "2023-06-01", "2023-06-30", sends)
	c.members = Members{Stations: stations(reading.Air, "site1", "site2")}
	for i := range 30 {
		c.reported[worldDay{"site1", on("2023-06-01") + calendar.Day(i)}] = true
		c.reported[worldDay{"site2", on("2023-06-01") + calendar.Day(i)}] = i != 9
	}
	c.wants("2023-06-09", "100 18/18+42 meets open 0")
	c.wants("2023-06-10", "95 20/20+40 exceeds impossible -1")
	if s := c.after("2023-06-10"); s.LastYear.Known() || s.ByLastYear {
		t.Errorf("before there was a station it had %s", s.LastYear.Fixed())
	}
	c.reported[worldDay{"site2", on("2022-06-30")}] = true
	if s := c.after("2023-06-10"); !s.LastYear.Known() {
		t.Error("last year's one day is not known")
	}
}

// Egret is installed in November: that nothing was sent before says nothing of the stations.
func TestReportingBeginsWithTheFirstThatIsHeard(t *testing.T) {
	sends := Target{Metric: Reporting, Comparison: AtLeast, Value: number("90")}
	c := cityOf(t, "2026-01-01", "2026-12-31", sends)
	c.members = Members{Stations: stations(reading.Air, "a", "b")}
	c.wants("2026-11-21", "- 0/650+80 not enough valid data not enough data 8")
	for day := on("2026-11-22"); day <= on("2026-12-01"); day++ {
		c.reported[worldDay{"a", day}] = true
		c.reported[worldDay{"b", day}] = day > on("2026-11-22")
	}
	c.wants("2026-12-01", "95 20/670+60 meets open 7") // of 80 station-days 72 must be reported, and one was not
}

func TestNoiseByNight(t *testing.T) {
	quiet := Target{Metric: NoiseNight, Comparison: AtLeast, Value: number("90"), Rounding: AsStandard}
	c := cityOf(t, "2024-05-01", "2024-08-31", quiet)
	c.members = Members{Stations: stations(reading.Noise, "school", "road", "site", "nowhere")}
	for i, zone := range []string{"1", "4a", "construction", ""} {
		c.members.Stations[i].Zone = zone
	}
	c.days("school", "ln", from("2024-05-01", "2024-06-19"), number("45.05")) // rounded to even: 45.0
	c.days("road", "ln", from("2024-05-01", "2024-06-19"), number("55"))
	c.days("site", "ln", from("2024-05-01", "2024-06-19"), number("80"))
	c.days("nowhere", "ln", from("2024-05-01", "2024-06-19"), number("80"))
	c.days("road", "ln", from("2024-06-10", "2024-06-19"), number("55.051"))
	// 90 of 100 station-nights; of 246 at least 221.277 (89.95 %) must be quiet: 24 may not be, and 10 were not.
	c.wants("2024-06-19", "90 100/100+146 meets open 14")
	c.plan.Targets[0].Metric = NoiseDay
	c.wants("2024-06-19", "- 0/0+0 not enough valid data not enough data")
	// A target that names construction sites counts them, by GB 12523: 55 dB at night. Of 123 nights 111 must be quiet.
	c.plan.Targets[0].Metric, c.plan.Targets[0].Stations.Zones = NoiseNight, []string{"construction"}
	c.members.Stations = c.members.Stations[2:3]
	c.wants("2024-06-19", "0 50/50+73 exceeds impossible -38")
}

func TestPercentileOfDays(t *testing.T) {
	ozone := Target{Metric: Percentile, Percentile: 90, Parameter: "o3", Comparison: AtMost, Value: number("160"), Weight: ByCity, Rounding: AsStandard}
	c := cityOf(t, "2023-01-01", "2023-12-31", ozone)
	c.days(area, "o3_8h", from("2023-01-01", "2023-12-31"), number("100"))
	c.days(area, "o3_8h", from("2023-05-01", "2023-05-20"), number("200"))
	// Of 365 days the rank is 1+364·0.9 = 328.6: with 37 high ones the 329th is the lowest of these, 0.4·100 + 0.6·200.
	c.wants("2023-05-20", "200 140/140+225 exceeds at_risk 17")
	c.days(area, "o3_8h", from("2023-09-01", "2023-09-16"), number("300"))
	c.wants("2023-09-16", "200 259/259+106 exceeds at_risk 1")
	c.wants("2023-12-31", "100 365/365+0 meets met")
	c.wants("2023-12-30", "100 364/364+1 meets safe 1")
	c.day(area, "o3_8h", on("2023-12-31"), number("300"))
	c.wants("2023-12-31", "160 365/365+0 meets met") // 328.6: 100 + 0.6·100
	c.day(area, "o3_8h", on("2023-05-01"), number("201"))
	c.wants("2023-12-31", "160 365/365+0 meets met")
	c.days(area, "o3_8h", from("2023-05-01", "2023-05-20"), number("202"))
	c.wants("2023-12-31", "161.2 365/365+0 exceeds missed")
	c.wants("2023-12-30", "100 364/364+1 meets open 0")
}

// Of days of 42⅔, 42⅔ and 43⅔ the mean is 43, neither more nor less; of 42.666666667, 42.666666667 and 43.666666667 it is
// more.
func TestTiesAreExact(t *testing.T) {
	c := cityOf(t, "2024-01-01", "2024-12-31", pm25("43")) // 366 days
	f := func(about string, comparison Comparison, want string, put func(day calendar.Day, thirds reading.Fixed)) {
		t.Helper()
		c.plan.Targets[0].Comparison = comparison
		for i, day := 0, on("2024-01-01"); day <= on("2024-12-31"); i, day = i+1, day+1 {
			put(day, [...]reading.Fixed{128, 128, 131}[i%3]*reading.FixedOne)
		}
		if got := inWords(c.after("2024-12-31")); got != want {
			t.Errorf("%s, %s 43: %s", about, comparison, got)
		}
	}
	third := func(station string) func(calendar.Day, reading.Fixed) {
		return func(day calendar.Day, thirds reading.Fixed) {
			c.put(station, "pm25", day, sheet.Cell{Number: thirds, Divisor: 3, Valid: true, Count: 24})
		}
	}
	f("exact cells", AtMost, "43 366/366+0 meets met", third(area))
	f("exact cells", AtLeast, "43 366/366+0 meets met", third(area))
	f("exact cells", Below, "43 366/366+0 exceeds missed", third(area))
	f("cells of nine decimals", AtMost, "43 366/366+0 exceeds missed", func(day calendar.Day, thirds reading.Fixed) {
		c.day(area, "pm25", day, (thirds+1)/3)
	})
	// The same of stations whose days are averaged here: 42 and 43⅓ make 42⅔, and one more each 43⅔.
	c.members = Members{Stations: stations(reading.Air, "east", "west")}
	both := func(day calendar.Day, thirds reading.Fixed) {
		third("east")(day, thirds-2*reading.FixedOne)
		third("west")(day, thirds+2*reading.FixedOne)
	}
	f("two stations", AtMost, "43 366/366+0 meets met", both)
	f("two stations", Below, "43 366/366+0 exceeds missed", both)
}

func TestClearEnough(t *testing.T) {
	// Until it has the days of a month a mean is not judged; early in the year its days alone put nothing at risk.
	c := cityOf(t, "2023-01-01", "2023-12-31", pm25("35"))
	c.days(area, "pm25", from("2023-01-01", "2023-12-31"), number("36"))
	c.wants("2023-01-26", "36 26/26+339 not enough valid data not enough data 34.923303834")
	c.wants("2023-01-27", "36 27/27+338 exceeds open 34.920118343")
	c.wants("2023-04-01", "36 91/91+274 exceeds open 34.667883211")
	c.wants("2023-04-02", "36 92/92+273 exceeds at_risk 34.663003663")
	if text := c.after("2023-04-01").State.String(); strings.Contains(text, "risk") {
		t.Error(text)
	}
}
