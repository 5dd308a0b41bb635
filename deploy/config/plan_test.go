package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/plan"
	"egret/rules/rule"
	"egret/rules/water"
)

func mustPlan(t *testing.T, name string) plan.Plan {
	t.Helper()
	p, err := FindPack(name)
	if err != nil {
		t.Fatal(err)
	}
	its, err := PackPlan(&p)
	if err != nil {
		t.Fatalf("%s:\n%s", name, err)
	}
	return its
}

// promise writes a target as a row of the city's document: what is counted, and the numbers.
func promise(t *plan.Target) string {
	what := string(t.Metric)
	for _, of := range []string{t.Parameter, t.Class.String(), t.Standard} {
		if of != "" && t.Metric != plan.Indicator {
			what += " " + of
		}
	}
	numbers := "tracked"
	if t.Comparison != plan.Tracked {
		numbers = string(t.Comparison) + " " + t.Value.String()
		if t.Steps != nil {
			numbers = string(t.Comparison)
			for year := 2000; year <= 2100; year++ {
				if value, ok := t.Steps[year]; ok {
					numbers += fmt.Sprintf(" %d:%s", year, value)
				}
			}
		}
		if t.Unit != "" {
			numbers += " " + t.Unit
		}
	}
	return t.Name + " | " + what + " | " + numbers
}

// The rows are those of the cities' documents, typed in again.
func TestPlansPromiseWhatTheCitiesDid(t *testing.T) {
	f := func(name, title, document, city string, first, last int, rows string, duties ...string) {
		t.Helper()
		p := mustPlan(t, name)
		if p.ID != name || p.Title != title || p.Document != document || p.Language != plan.Chinese || !slices.Equal(p.Area.Cities, []string{city}) {
			t.Errorf("%s: %+v", name, p)
		}
		if want := (plan.Period{From: calendar.Date(first, 1, 1), Until: calendar.Date(last, 12, 31)}); p.Period != want {
			t.Errorf("%s is for %+v", name, p.Period)
		}
		if !strings.Contains(p.About, "Assumed: ") {
			t.Errorf("%s does not say what is assumed", name)
		}
		var got []string
		for i := range p.Targets {
			got = append(got, promise(&p.Targets[i]))
		}
		var want []string
		for row := range strings.Lines(rows) {
			if row = strings.TrimSpace(row); row != "" {
				want = append(want, row)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s promises\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		var every []string
		for _, d := range p.Duties {
			every = append(every, d.Every)
		}
		if !slices.Equal(every, duties) {
			t.Errorf("%s has the duties %s, want %s", name, every, duties)
		}
	}

	f("wuxi-2018", "无锡市2018年生态文明建设实施方案", "锡政办发〔2018〕51号, 2018-04-27", "无锡", 2018, 2018, `
		PM2.5年均浓度 | mean pm25 | <= 43 ug/m3
		空气质量优良天数比率 | good_days | >= 69.2 %
		省考断面水质优Ⅲ类比例 | sections Ⅲ | >= 51.1 %
		无劣Ⅴ类断面 | worse Ⅴ | = 0
		二氧化硫排放量同比削减 | indicator | >= 5 %
		氮氧化物排放量同比削减 | indicator | >= 8 %
		化学需氧量排放量较2015年削减 | indicator | >= 9.21 %
		氨氮排放量较2015年削减 | indicator | >= 8.95 %
		总磷排放量较2015年削减 | indicator | >= 11.74 %
		总氮排放量较2015年削减 | indicator | >= 10.41 %
		煤炭消费总量比2016年减少 | indicator | >= 197 万吨
		生活垃圾无害化处理率 | indicator | >= 98 %
		林木覆盖率 | indicator | >= 27 %
		湿地保护率 | indicator | >= 51.1 %
		生态红线区域占比 | indicator | >= 28.69 %
		城市污水处理率 | indicator | >= 95 %
		城镇污水处理率 | indicator | >= 85 %
		建成区绿化覆盖率 | indicator | >= 42.98 %
		公园绿地服务半径覆盖率 | indicator | >= 80 %
		人均公园绿地 | indicator | >= 14.91 m2`, "quarter", "half-year", "once")

	f("nantong-2016", "2016年南通市生态园林城市建设方案", "通政办发〔2016〕65号, 2016-06-13", "南通", 2016, 2016, `
		建成区内黑臭水体占比 | odour_share | <= 10 %
		施工工地扬尘污染达标 | indicator | >= 80 %
		施工工地扬尘监测达标 | sites DB31/964-2016 | tracked
		区域噪声有效治理 昼间 | noise_day | tracked
		区域噪声有效治理 夜间 | noise_night | tracked
		城市污水处理率 | indicator | >= 90 %
		污泥消纳率 | indicator | >= 18 %
		非常规水资源利用率 | indicator | >= 20 %
		城市再生水利用率 | indicator | >= 25 %
		人均生活垃圾日产生量 | indicator | <= 1 kg/d
		生活垃圾无害化处理率 | indicator | = 100 %
		生活垃圾分类覆盖率 | indicator | >= 5 %
		建筑垃圾回收利用率 | indicator | >= 60 %
		林荫路推广率 | indicator | >= 70 %
		林荫停车场推广率 | indicator | >= 55 %
		公园绿地服务半径 (300米见绿 500米见园) | indicator | tracked
		公共交通分担率 | indicator | >= 30 %
		步行自行车分担率 | indicator | >= 35 %`, "once", "once", "quarter")

	f("anyang-2021-2023", "安阳市深入实施百城建设提质工程推动城市高质量发展三年行动实施方案", "2021-04-25", "安阳", 2021, 2023, `
		城区平均降尘量 | mean dustfall | <= 9 t/km2
		安阳河水质 | worse Ⅳ | = 0
		城镇黑臭水体 | odour_count | = 0
		管网漏损率 (中心城市) | indicator | <= 2023:9.7 %
		管网漏损率 (县级) | indicator | <= 2023:11 %
		再生水利用率 | indicator | >= 32 %
		生活污水集中收集率 (市) | indicator | >= 2023:78 %
		生活污水集中收集率 (县) | indicator | >= 2023:65 %
		污泥无害化处理率 (市) | indicator | >= 2023:100 %
		污泥无害化处理率 (县) | indicator | >= 2023:88 %
		生活垃圾分类覆盖率 | indicator | >= 2021:50 2022:80 2023:95 %
		建成区绿地率 | indicator | >= 2023:38 %
		森林覆盖率 | indicator | >= 2023:26 %
		公园绿地服务半径覆盖率 | indicator | >= 2023:80 %`, "once", "once")

	f("shizuishan-2025", "石嘴山市关于推动城乡建设绿色发展的实施方案(征求意见稿)", "征求意见稿", "石嘴山", 2025, 2025, `
		无黑臭水体 | odour_count | = 0
		施工噪声、扬尘实时监测 | reporting | tracked
		施工噪声 昼间 | noise_day | tracked
		施工噪声 夜间 | noise_night | tracked
		城市公共供水管网漏损率 | indicator | < 10 %
		中水回用率 | indicator | >= 80 %
		建成区绿化覆盖率 | indicator | >= 40 %
		公园绿化活动场地服务半径覆盖率 | indicator | >= 82 %
		万人拥有绿道 | indicator | >= 1 km
		绿色出行比例 | indicator | >= 65 %
		海绵城市面积 | indicator | >= 40 %
		生活垃圾回收利用率 | indicator | >= 35 %
		焚烧处理能力占比 | indicator | >= 60 %
		智慧工地覆盖率 | indicator | >= 90 %`, "year", "once")

	f("fuyang-2018-2020", "创建省级绿色生态城市实施步骤", "AA市, 安徽省", "阜阳", 2018, 2020, "", "month", "quarter", "half-year")
}

// The example's one number that is no placeholder is that of the standard, and the others say what they are.
func TestThePlanToCopy(t *testing.T) {
	p := mustPlan(t, "city-2026")
	if p.Period.From != calendar.Date(2026, 1, 1) || p.Period.Until != calendar.Date(2026, 12, 31) || !reflect.DeepEqual(p.Area, rule.Selector{}) || p.ID != "city-2026" {
		t.Errorf("%+v", p)
	}
	limit, ok := air.LimitsAt(calendar.Date(2026, 11, 21)).Limit("pm25", air.Year, air.Grade2)
	if pm25 := p.Target("pm25"); !ok || pm25.Value != limit.Value || pm25.Value.String() != "30" || pm25.Comparison != plan.AtMost || pm25.Rounding != plan.AsStandard || pm25.Weight != plan.ByCity {
		t.Errorf("%+v", pm25)
	}
	for i := range p.Targets {
		if placeholder := strings.Contains(p.Targets[i].Name, "占位"); placeholder == (p.Targets[i].ID == "pm25") {
			t.Errorf("%s is called %s", p.Targets[i].ID, p.Targets[i].Name)
		}
	}
	if len(p.Targets) != 6 || !strings.Contains(p.About, "Placeholders") {
		t.Errorf("%d targets: %s", len(p.Targets), p.About)
	}
}

// All of them may stand in one configuration: what two cities report under one key is in one unit.
func TestAllPlansTogether(t *testing.T) {
	c, err := Parse("egret.yaml", []byte("plans: [wuxi-2018, nantong-2016, anyang-2021-2023, shizuishan-2025, fuyang-2018-2020, city-2026]"), environment)
	if err != nil || len(c.Plans) != 6 || len(plan.Packs()) != 6 {
		t.Fatalf("%v", err)
	}
	for i := range c.Plans {
		for j := range c.Plans[i].Targets {
			target := &c.Plans[i].Targets[j]
			if target.Metric != plan.Indicator {
				continue
			}
			if p := c.Parameters[target.Parameter]; p == nil || p.Domain != reading.Indicator || p.Unit != target.Unit || p.Low >= 0 || p.High < 1000 {
				t.Errorf("%s %s: %+v", c.Plans[i].ID, target.ID, p)
			}
		}
	}
	if reading.BuiltinParameters()["waste_sorting"] != nil {
		t.Error("the built-in table was changed")
	}
}

func TestPlansOfAConfiguration(t *testing.T) {
	c := mustLoad(t, "plans.yaml")
	if len(c.Plans) != 4 {
		t.Fatalf("%d plans", len(c.Plans))
	}
	wuxi, nantong, own, copied := &c.Plans[0], &c.Plans[1], &c.Plans[2], &c.Plans[3]
	area := func(p *plan.Plan) (ids []string) {
		for i := range c.Stations {
			if p.Area.Chooses(&c.Stations[i]) {
				ids = append(ids, c.Stations[i].ID)
			}
		}
		return ids
	}
	if got := area(wuxi); wuxi.Language != plan.Chinese || !slices.Equal(got, []string{"wx-air-1", "wx-water-1", "wx-water-2"}) {
		t.Errorf("wuxi-2018 is for %s in %s", got, wuxi.Language)
	}
	if got := area(nantong); nantong.Language != plan.English || !slices.Equal(got, []string{"nt-site-1"}) || !slices.Equal(nantong.Area.Tags, []string{"主城"}) {
		t.Errorf("nantong-2016 is for %s in %s", got, nantong.Language)
	}
	if got := area(copied); copied.ID != "copied" || copied.Language != plan.Chinese || len(got) != len(c.Stations) {
		t.Errorf("the copy %s is for %s", copied.ID, got)
	}
	if copied.Period != (plan.Period{From: calendar.Date(2026, 1, 1), Until: calendar.Date(2026, 12, 31)}) {
		t.Errorf("the copy is for %+v", copied.Period)
	}
	want := plan.Plan{
		ID: "own", Title: "我市计划", Language: plan.English, Area: rule.Selector{Cities: []string{"无锡"}},
		Period: plan.Period{From: calendar.Date(2025, 7, 1), Until: calendar.Date(2027, 6, 30), Season: plan.Season{FromMonth: 11, FromDay: 1, UntilMonth: 3, UntilDay: 31}},
		Targets: []plan.Target{
			{ID: "dust", Name: "dust", Metric: plan.Maximum, Parameter: "pm10", Comparison: plan.Below, Value: 150.5e9, Unit: "ug/m3", Rounding: plan.Exact, Weight: plan.ByStation},
			{ID: "ozone", Name: "ozone", Metric: plan.Percentile, Percentile: 90, Parameter: "o3_8h", Comparison: plan.AtMost, Value: 160e9, Unit: "ug/m3", Rounding: plan.AsStandard, Weight: plan.ByCity},
			{ID: "section", Name: "section", Metric: plan.Section, Station: "wx-water-1", Comparison: plan.AtMost, Rounding: plan.Exact, Weight: plan.ByStation, Steps: map[int]reading.Fixed{2025: 5e9, 2026: 4e9, 2027: 3e9}},
			{ID: "bad-days", Name: "bad-days", Metric: plan.LevelDays, Levels: []int{5, 6}, Comparison: plan.AtMost, Value: 3e9, Rounding: plan.Exact, Weight: plan.ByCity},
			{
				ID: "sorting", Name: "sorting", Metric: plan.Indicator, Parameter: "waste_sorting", Comparison: plan.Above, Unit: "%", Rounding: plan.Exact, Weight: plan.ByStation,
				Steps: map[int]reading.Fixed{2026: 80.5e9, 2027: 95e9}, Stations: rule.Selector{IDs: []string{"wx-air-1"}},
			},
			{ID: "jars", Name: "jars", Metric: plan.Mean, Parameter: "dustfall", Comparison: plan.AtMost, Value: 5e9, Unit: "t/km2", Rounding: plan.Exact, Weight: plan.ByStation},
			{ID: "oxygen", Name: "oxygen", Metric: plan.Minimum, Parameter: "do", Unit: "mg/L", Rounding: plan.Exact, Weight: plan.ByStation},
		},
	}
	if !reflect.DeepEqual(*own, want) {
		t.Errorf("got  %+v\nwant %+v", *own, want)
	}
}

// A plan from elsewhere is held for the area that the configuration gives it, its targets' stations too.
func TestTheAreaOfTheConfigurationTakesThePlaceOfThePlans(t *testing.T) {
	f := func(city, problem string) {
		t.Helper()
		_, err := Parse("testdata/good/egret.yaml", []byte("plans: [{name: ../plan/provincial.yaml, area: {cities: ["+city+"]}}]\nstations:\n"+
			"  - {id: a, domain: water, city: 宜兴, tags: [省考]}\n  - {id: b, domain: water, city: 江阴}\n"), environment)
		if got := fmt.Sprint(err); got != problem {
			t.Errorf("%s: %s\nwant %s", city, got, problem)
		}
	}
	f("宜兴", "<nil>")
	f("江阴", "testdata/plan/provincial.yaml:5: targets[sections].stations: none of them lies in the plan's area; correct them, or the area")
}

// What departments report is taken in like any reading, within the range that the file gives it, if it gives one.
func TestIndicatorsOfPlansAreParameters(t *testing.T) {
	c := mustLoad(t, "plans.yaml")
	f := func(key, unit string, low, high float64) {
		t.Helper()
		want := reading.Parameter{Key: key, Domain: reading.Indicator, Unit: unit, Low: low, High: high}
		if p := c.Parameters[key]; p == nil || *p != want {
			t.Errorf("%s is %+v", key, p)
		}
	}
	f("waste_sorting", "%", -1000, 1000)
	f("coal_cut", "万吨", -1e9, 1e9)
	f("waste_harmless", "%", 0, 100)
	office, _ := c.Profile("office")
	if got := office.Mapping.Names["垃圾分类"].Parameter; got != "waste_sorting" {
		t.Errorf("a profile reads it as %q", got)
	}
}

func TestRulesAndPacksByTagsAndPlans(t *testing.T) {
	c := mustLoad(t, "plans.yaml")
	chosen := map[string]string{}
	for i := range c.Rules {
		for j := range c.Stations {
			if c.Rules[i].Stations.Chooses(&c.Stations[j]) {
				chosen[c.Rules[i].ID] += c.Stations[j].ID + " "
			}
		}
	}
	// Of a pack that is for 国考 sections only: its rule for 省考 is for the section that is both, that for 国控 for none.
	for id, want := range map[string]string{"provincial": "wx-water-2 ", "national": "", "any": "wx-water-2 ", "pm25-year": "wx-air-1 "} {
		if chosen[id] != want {
			t.Errorf("%s is for %q, want %q", id, chosen[id], want)
		}
	}
	limits := map[string]rule.PlanLimit{"pm25-year": {Plan: "wuxi-2018", Target: "pm25"}, "ozone": {Plan: "own", Target: "ozone"}, "section": {Plan: "own", Target: "section"}}
	for i := range c.Rules {
		if r := &c.Rules[i]; r.Plan != limits[r.ID] || r.Standard {
			t.Errorf("%s has the limit %+v", r.ID, r.Plan)
		}
	}
	if s := c.Register()["wx-water-2"]; s.Water != "梁溪河" || !slices.Equal(s.Tags, []string{"国考", "省考"}) {
		t.Errorf("%+v", s)
	}
}

// The class that the Anyang river must keep is held for its tagged sections, whichever they are called.
func TestTheAnyangRiverIsChosenByItsTag(t *testing.T) {
	p := mustPlan(t, "anyang-2021-2023")
	river := p.Target("anyang-river")
	section := reading.Station{ID: "ay-water-1", Domain: reading.Water, City: "安阳", Tags: []string{"国考", "安阳河"}}
	other := reading.Station{ID: "ay-water-2", Domain: reading.Water, City: "安阳"}
	if river.Class != water.ClassIV || !river.Stations.Chooses(&section) || river.Stations.Chooses(&other) {
		t.Errorf("%+v", river)
	}
}
