package plan

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
	"egret/rules/water"
)

var update = flag.Bool("update", false, "write the golden files of reasons anew")

// told is a standing of which reasons are given, with the name of its target in both languages.
type told struct {
	about, english, chinese string
	target                  Target
	standing                Standing
}

// standings are the reasons that are kept in the golden files: every metric in the states that it comes to.
func standings() []told {
	var all []told
	var current told
	exactly := func(text string) mean.Ratio { return mean.Whole(number(text)) }
	target := func(english, chinese string, target Target) {
		current = told{english: english, chinese: chinese, target: target}
	}
	year := calendar.Date(2018, time.January, 1).WholeYear()
	// f adds a standing after so many days of 2018. What is not given is as nothing were known of it.
	f := func(about string, after int, s Standing) {
		s.Day, s.Span = year.First+calendar.Day(after-1), year
		s.Limit, s.Due = current.target.Due(2018)
		if s.Allowance != 0 {
			s.AllowanceKnown = true
		}
		one := current
		one.about, one.standing = about, s
		all = append(all, one)
	}
	// of is a figure of so many things out of so many that there were, and of how many more there will be.
	of := func(state State, value mean.Ratio, counted, expected, remaining int) Standing {
		s := Standing{State: state, Value: value, Counted: counted, Expected: expected, Remaining: remaining, Valid: state != NotEnough}
		if value.Known() {
			s.Compared = value.Fixed()
		}
		switch state {
		case NotEnough, Followed:
		case Impossible, Missed:
			s.Verdict = standard.Exceeds
		default:
			s.Verdict = standard.Meets
		}
		return s
	}
	allows := func(s Standing, allowance string) Standing {
		s.Allowance, s.AllowanceKnown = number(allowance), true
		return s
	}
	heading := func(s Standing, projection, low, high string, byLastYear bool) Standing {
		s.Projection, s.ProjectionLow, s.ProjectionHigh, s.ByLastYear = exactly(projection), exactly(low), exactly(high), byLastYear
		return s
	}
	after := func(s Standing, lastYear string) Standing {
		s.LastYear = exactly(lastYear)
		return s
	}
	fails := func(s Standing) Standing {
		s.Verdict = standard.Exceeds
		return s
	}
	compared := func(s Standing, as string) Standing {
		s.Compared = number(as)
		return s
	}

	target("PM2.5", "PM2.5年均浓度", Target{Metric: Mean, Parameter: "pm25", Comparison: AtMost, Value: whole(43), Unit: "ug/m3", Rounding: AsStandard, Weight: ByCity})
	f("the first day", 1, of(NotEnough, exactly("55"), 1, 1, 364))
	f("too early, with a day missing", 13, of(NotEnough, exactly("55"), 12, 13, 352))
	f("the first day is missing", 1, of(NotEnough, mean.Ratio{}, 0, 1, 364))
	f("not enough", 40, of(NotEnough, exactly("55"), 12, 40, 325))
	f("open by rounding", 298, heading(allows(of(Open, exactly("43.2"), 298, 298, 67), "44.834328358"), "43.3", "43.2", "43.6", true))
	f("open", 298, allows(of(Open, exactly("41.8"), 298, 298, 67), "48.337313432"))
	f("open, as it goes on", 298, heading(allows(of(Open, exactly("41.8"), 298, 298, 67), "48.337313432"), "41.8", "41.8", "41.8", false))
	f("open, all known", 298, after(heading(allows(of(Open, exactly("41.8"), 298, 298, 67), "48.337313432"), "42.46", "41.23", "43.85", true), "46"))
	f("open, the last day", 364, allows(of(Open, exactly("42.9"), 364, 364, 1), "261.899999999"))
	f("at risk", 298, after(heading(fails(allows(of(AtRisk, exactly("44.2"), 298, 298, 67), "39.88")), "45.16", "44.2", "46.3", false), "43.1"))
	f("at risk, one way to reckon", 298, heading(fails(allows(of(AtRisk, exactly("44.2"), 298, 298, 67), "39.88")), "44.2", "44.2", "44.2", false))
	f("impossible", 330, after(of(Impossible, exactly("48.8"), 330, 330, 35), "53"))
	f("met, by rounding", 365, after(compared(of(Met, exactly("43.4"), 361, 365, 0), "43"), "45.2"))
	f("met", 365, compared(of(Met, exactly("42.6"), 361, 365, 0), "43"))
	f("missed", 365, compared(of(Missed, exactly("43.6"), 361, 365, 0), "44"))
	f("not enough at the end", 365, of(NotEnough, exactly("40"), 200, 365, 0))
	target("CO", "CO年均浓度", Target{Metric: Mean, Parameter: "co", Comparison: Below, Value: number("0.85"), Unit: "mg/m3", Weight: ByCity})
	f("a limit with decimals, rounded down", 298, allows(of(Open, exactly("0.8012"), 298, 298, 67), "1.066999999"))
	target("DO at the intake", "取水口溶解氧", Target{Metric: Mean, Parameter: "do", Comparison: AtLeast, Value: whole(5), Unit: "mg/L", Weight: ByStation})
	f("at least: rounded up, of stations", 200, allows(of(Open, exactly("5.44"), 390, 400, 330), "4.510000001"))
	f("at least: impossible", 350, of(Impossible, exactly("2.1"), 690, 700, 30))
	target("Leq", "区域环境噪声", Target{Metric: Mean, Parameter: "ld", Comparison: Tracked, Unit: "dB", Weight: ByStation})
	f("tracked", 200, after(heading(of(Followed, exactly("54.3333"), 390, 400, 330), "54.5", "54.3", "54.6", false), "54.1"))
	f("tracked, too early", 2, func() Standing { s := of(Followed, exactly("54"), 4, 4, 726); s.Valid = false; return s }())
	f("tracked, not enough", 3, func() Standing { s := of(Followed, exactly("54"), 2, 6, 724); s.Valid = false; return s }())
	target("TP", "总磷", Target{Metric: Mean, Parameter: "tp", Comparison: Tracked, Unit: "mg/L", Weight: ByCity})
	f("tracked, a small figure", 200, of(Followed, exactly("0.012345"), 190, 200, 165))
	target("Dust-fall", "城区平均降尘量", Target{Metric: Mean, Parameter: "dustfall", Comparison: AtMost, Value: whole(9), Unit: "t/km2", Weight: ByCity})
	f("months", 151, allows(of(Open, exactly("8.2"), 5, 5, 7), "9.571428571"))
	f("before the first month is over", 20, of(NotEnough, mean.Ratio{}, 0, 0, 12))
	f("months, not enough", 151, of(NotEnough, exactly("8.2"), 1, 5, 7))

	target("PM10, highest day", "PM10日均值", Target{Metric: Maximum, Parameter: "pm10", Comparison: AtMost, Value: whole(150), Unit: "ug/m3", Weight: ByCity})
	f("open", 298, allows(of(Open, exactly("131.25"), 298, 298, 67), "150"))
	f("impossible", 298, of(Impossible, exactly("162"), 298, 298, 67))
	f("met", 365, of(Met, exactly("150"), 361, 365, 0))
	target("DO, lowest day", "溶解氧最低日均值", Target{Metric: Minimum, Parameter: "do", Comparison: AtLeast, Value: whole(3), Unit: "mg/L", Weight: ByCity})
	f("open", 298, allows(of(Open, exactly("4.04"), 298, 298, 67), "3"))
	f("impossible", 298, of(Impossible, exactly("2.999"), 298, 298, 67))
	target("PM2.5 P95", "PM2.5第95百分位数", Target{Metric: Percentile, Percentile: 95, Parameter: "pm25", Comparison: AtMost, Value: whole(75), Unit: "ug/m3", Weight: ByCity})
	f("open", 298, allows(of(Open, exactly("71.15"), 298, 298, 67), "7"))
	f("impossible", 350, of(Impossible, exactly("98"), 350, 350, 15))

	target("Good air", "空气质量优良天数比率", Target{Metric: GoodDays, Comparison: AtLeast, Value: number("69.2"), Unit: "%", Weight: ByCity})
	f("not enough", 30, of(NotEnough, water.Percent(9, 14), 14, 30, 335))
	f("open", 288, allows(of(Open, water.Percent(197, 288), 288, 288, 77), "35"))
	f("open, one", 360, allows(of(Open, water.Percent(247, 357), 357, 360, 5), "1"))
	f("open, none", 360, allows(of(Open, water.Percent(247, 357), 357, 360, 5), "0"))
	f("at risk", 288, after(heading(fails(allows(of(AtRisk, water.Percent(190, 288), 288, 288, 77), "15")), "66.1", "64.8", "67.3", true), "63.5"))
	f("safe", 350, after(of(Safe, water.Percent(270, 348), 348, 350, 15), "77.586206896"))
	f("impossible", 345, of(Impossible, water.Percent(221, 345), 345, 345, 20))
	f("met", 365, after(of(Met, water.Percent(253, 361), 361, 365, 0), "66.3"))
	f("missed", 365, of(Missed, water.Percent(249, 361), 361, 365, 0))
	target("Good air", "空气质量优良天数比率", Target{Metric: GoodDays, Comparison: AtLeast, Value: number("69.2"), Unit: "%", Weight: ByCity, Rounding: AsStandard})
	f("safe by rounding", 360, of(Safe, water.Percent(249, 355), 355, 360, 5))
	f("met by rounding", 365, compared(of(Met, water.Percent(240, 347), 347, 365, 0), "69.2"))
	target("Heavy pollution", "重污染天数", Target{Metric: LevelDays, Levels: []int{5, 6}, Comparison: AtMost, Value: whole(5), Weight: ByCity})
	f("open", 288, after(allows(of(Open, exactly("3"), 288, 288, 77), "2"), "5"))
	f("open, none", 288, allows(of(Open, exactly("5"), 288, 288, 77), "0"))
	f("safe", 362, of(Safe, exactly("1"), 360, 362, 3))
	f("impossible", 288, of(Impossible, exactly("6"), 288, 288, 77))
	target("Light pollution", "轻度污染天数", Target{Metric: LevelDays, Levels: []int{3}, Comparison: AtMost, Value: whole(90), Weight: ByStation})
	f("of stations, as things go", 288, heading(fails(allows(of(AtRisk, exactly("80"), 576, 576, 154), "10")), "101.388888888", "101.388888888", "101.388888888", false))
	target("Best days", "优级天数", Target{Metric: LevelDays, Levels: []int{1}, Comparison: AtLeast, Value: whole(100), Weight: ByCity})
	f("open", 288, allows(of(Open, exactly("81"), 288, 288, 77), "58"))
	f("safe", 330, of(Safe, exactly("100"), 330, 330, 35))
	f("impossible", 355, of(Impossible, exactly("85"), 355, 355, 10))

	target("Noise by day", "功能区声环境昼间达标率", Target{Metric: NoiseDay, Comparison: AtLeast, Value: whole(95), Unit: "%"})
	f("no stations", 200, of(NotEnough, mean.Ratio{}, 0, 0, 0))
	f("open", 200, after(allows(of(Open, water.Percent(1940, 2000), 2000, 2000, 1650), "122"), "96"))
	f("safe", 360, of(Safe, water.Percent(3500, 3600), 3600, 3600, 50))
	target("Noise by night", "功能区声环境夜间达标率", Target{Metric: NoiseNight, Comparison: Tracked, Unit: "%"})
	f("tracked", 200, of(Followed, water.Percent(1623, 2000), 2000, 2000, 1650))

	target("Sections", "省考断面水质优Ⅲ类比例", Target{Metric: Sections, Class: water.ClassIII, Comparison: AtLeast, Value: number("51.1"), Unit: "%"})
	f("not enough", 40, of(NotEnough, water.Percent(6, 12), 12, 30, 0))
	f("to recover", 200, fails(allows(of(Open, water.Percent(14, 30), 30, 30, 0), "-2")))
	f("to recover, as they did last year", 200, heading(fails(allows(of(Open, water.Percent(14, 30), 30, 30, 0), "-2")), "56.666666667", "46.666666667", "56.666666667", true))
	f("some may fail", 200, after(allows(of(Open, water.Percent(18, 28), 28, 30, 0), "3"), "60.714285714"))
	f("none may fail", 200, allows(of(Open, water.Percent(16, 30), 30, 30, 0), "0"))
	f("missed", 365, after(of(Missed, water.Percent(15, 30), 30, 30, 0), "53.333333333"))
	target("Class IV", "达到Ⅳ类断面比例", Target{Metric: Sections, Class: water.ClassIV, Comparison: AtLeast, Value: whole(90), Unit: "%"})
	f("met", 365, of(Met, water.Percent(28, 30), 30, 30, 0))
	target("Inferior", "无劣Ⅴ类断面", Target{Metric: Worse, Class: water.ClassV, Comparison: Equal, Value: 0})
	f("one, as last year went", 200, heading(fails(allows(of(AtRisk, exactly("1"), 30, 30, 0), "-1")), "0", "0", "1", true))
	f("one", 200, after(fails(allows(of(AtRisk, exactly("1"), 29, 30, 0), "-1")), "3"))
	f("none", 200, allows(of(Open, exactly("0"), 30, 30, 0), "0"))
	f("met", 365, of(Met, exactly("0"), 30, 30, 0))
	target("Anyang river", "安阳河水质", Target{Metric: Worse, Class: water.ClassIV, Comparison: Equal, Value: 0})
	f("missed", 365, of(Missed, exactly("2"), 4, 4, 0))
	target("Anyang river", "安阳河水质", Target{Metric: Section, Station: "anyang-river-1", Comparison: AtMost, Value: whole(4)})
	f("not known", 20, of(NotEnough, mean.Ratio{}, 0, 1, 0))
	f("kept", 200, after(of(Open, exactly("3"), 1, 1, 0), "5"))
	f("to recover", 200, after(fails(of(AtRisk, exactly("6"), 1, 1, 0)), "5"))
	f("kept, but not for long", 200, heading(of(AtRisk, exactly("4"), 1, 1, 0), "5", "4", "5", true))
	f("kept, as last year", 200, heading(of(Open, exactly("4"), 1, 1, 0), "4", "4", "4", true))
	f("met", 365, of(Met, exactly("4"), 1, 1, 0))

	target("Black-odorous waters", "建成区内黑臭水体占比", Target{Metric: OdourShare, Comparison: AtMost, Value: whole(10), Unit: "%"})
	f("not enough", 40, of(NotEnough, mean.Ratio{}, 3, 16, 0))
	f("to recover", 200, fails(allows(of(AtRisk, water.Percent(2, 16), 16, 16, 0), "-1")))
	f("met", 365, of(Met, water.Percent(1, 16), 16, 16, 0))
	target("Black-odorous waters", "无黑臭水体", Target{Metric: OdourCount, Comparison: Equal, Value: 0})
	f("some may not fail", 200, allows(of(Open, exactly("0"), 15, 16, 0), "0"))
	f("missed", 365, after(of(Missed, exactly("1"), 16, 16, 0), "2"))

	target("Dust of sites", "施工工地扬尘污染达标", Target{Metric: Sites, Standard: "DB61/1078-2017", Comparison: AtLeast, Value: whole(80), Unit: "%"})
	f("open", 200, allows(of(Open, water.Percent(55, 67), 67, 80, 60), "13"))
	f("impossible", 350, of(Impossible, water.Percent(30, 67), 67, 80, 10))
	target("Sites reporting", "施工噪声、扬尘实时监测", Target{Metric: Reporting, Comparison: AtLeast, Value: whole(95), Unit: "%"})
	f("open", 200, allows(of(Open, water.Percent(2012, 2068), 2068, 2068, 1500), "122"))
	f("impossible", 350, of(Impossible, water.Percent(30, 67), 67, 67, 10))

	target("Sewage treated", "城市污水处理率", Target{Metric: Indicator, Parameter: "sewage_city", Comparison: AtLeast, Value: whole(95), Unit: "%"})
	f("nothing", 200, of(NotEnough, mean.Ratio{}, 0, 1, 0))
	f("short", 200, fails(of(Open, exactly("94.06"), 1, 1, 0)))
	f("reached", 200, after(of(Open, exactly("96.5"), 1, 1, 0), "95.1"))
	f("missed", 365, of(Missed, exactly("94.06"), 1, 1, 0))
	target("Waste per person", "人均生活垃圾日产生量", Target{Metric: Indicator, Parameter: "waste", Comparison: AtMost, Value: whole(1), Unit: "kg/d"})
	f("met", 365, after(of(Met, exactly("0.98"), 1, 1, 0), "1.02"))
	target("Park coverage", "公园绿地服务半径", Target{Metric: Indicator, Parameter: "park", Comparison: Tracked, Unit: "%"})
	f("tracked", 200, of(Followed, exactly("81.234"), 1, 1, 0))
	target("Waste sorted", "生活垃圾分类覆盖率", Target{Metric: Indicator, Parameter: "sorting", Comparison: AtLeast, Unit: "%", Steps: map[int]reading.Fixed{2021: whole(50)}})
	f("not due in the year", 200, of(Followed, exactly("31"), 1, 1, 0))
	return all
}

// Each line of a golden file is a standing and its reason.
func TestReasons(t *testing.T) {
	all := standings()
	f := func(language Language, file string, name func(*told) string) {
		t.Helper()
		p := Plan{ID: "wuxi-2018", Language: language}
		var got strings.Builder
		for i := range all {
			all[i].target.Name = name(&all[i])
			all[i].standing.Target = &all[i].target
			got.WriteString("# " + string(all[i].target.Metric) + ", " + all[i].about + "\n" + p.Reason(&all[i].standing) + "\n")
		}
		if *update {
			if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(want), "\n")
		for i, line := range strings.Split(got.String(), "\n") {
			if i >= len(lines) || line != lines[i] {
				t.Errorf("%s:%d (if it is meant, run with -update)\n got %s\nwant %s", file, i+1, line, strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], ""))
			}
		}
		if got.Len() != len(want) {
			t.Errorf("%s has %d bytes, want %d", file, len(want), got.Len())
		}
	}
	f(English, "testdata/reason_en.txt", func(one *told) string { return one.english })
	f(Chinese, "testdata/reason_zh.txt", func(one *told) string { return one.chinese })
}

// The whole way, from days to words: 365·43 - 298·41.8 = 3238.6 is left for 67 days, 48.337 each.
func TestReasonOfAYear(t *testing.T) {
	w := newWorld()
	w.days("city:Wuxi", "pm25", from("2018-01-01", "2018-10-25"), number("41.8"))
	w.days("city:Wuxi", "pm25", from("2018-10-26", "2018-12-31"), number("48.3"))
	p := Plan{Period: Period{From: on("2018-01-01"), Until: on("2018-12-31")}, Language: English}
	target := Target{Name: "PM2.5", Metric: Mean, Parameter: "pm25", Comparison: AtMost, Value: whole(43), Unit: "ug/m3", Weight: ByCity}
	f := func(day, want string) {
		t.Helper()
		standings := p.Judge(&target, &Members{Area: "city:Wuxi"}, w, from(day, day))
		if len(standings) != 1 || p.Reason(&standings[0]) != want {
			t.Errorf("after %s: %v", day, p.Reason(&standings[0]))
		}
	}
	f("2018-10-25", "PM2.5: 41.8 so far on 298 valid days; the remaining 67 must average 48.3 or less")
	f("2018-12-31", "PM2.5: met with 42.99 on 365 valid days; the target is at most 43") // what was said was enough
	w.days("city:Wuxi", "pm25", from("2018-10-26", "2018-12-31"), number("48.4"))
	f("2018-12-31", "PM2.5: missed with 43.01 on 365 valid days; the target is at most 43")
	w.days("city:Wuxi", "pm25", from("2018-01-01", "2018-12-10"), number("46"))
	f("2018-12-10", "PM2.5: 46 so far on 344 valid days; even if all remaining days were clean (0) the year would end at 43.4, above 43")
}
