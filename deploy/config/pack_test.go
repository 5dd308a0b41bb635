package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"egret/rules/air"
	"egret/rules/calendar"
	"egret/rules/noise"
	"egret/rules/pack"
	"egret/rules/rule"
	"egret/rules/water"
)

func mustPack(t *testing.T, name string) (pack.Pack, []rule.Rule) {
	t.Helper()
	p, ok := pack.Find(name)
	if !ok {
		t.Fatalf("there is no pack %s", name)
	}
	rules, err := PackRules(&p)
	if err != nil {
		t.Fatal(err)
	}
	return p, rules
}

// summary writes a rule as its line in a pack.
func summary(r *rule.Rule) string {
	limit := "missing " + r.Missing.String()
	switch {
	case r.Standard:
		limit = "standard"
	case r.Above != nil:
		limit = ">" + r.Above.String()
	case r.Below != nil:
		limit = "<" + r.Below.String()
	}
	text := fmt.Sprintf("%s: %s %s %s %s", r.ID, r.Parameter, r.Average, limit, r.Severity)
	if s := r.Stations; len(s.IDs)+len(s.Cities)+len(s.Districts)+len(s.Zones) > 0 {
		text += fmt.Sprint(" ", s.IDs, s.Cities, s.Districts, s.Zones)
	}
	return text
}

func TestRulesOfThePacks(t *testing.T) {
	ids := map[string]bool{}
	f := func(name string, want ...string) {
		t.Helper()
		_, rules := mustPack(t, name)
		var got []string
		for i := range rules {
			if err := rules[i].Check(Default().Parameters); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if ids[rules[i].ID] {
				t.Errorf("two packs have a rule %s", rules[i].ID)
			}
			ids[rules[i].ID] = true
			got = append(got, summary(&rules[i]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	f("gb3095-2026",
		"gb3095-pm25-day: pm25 day standard warning", "gb3095-pm10-day: pm10 day standard warning", "gb3095-so2-day: so2 day standard warning",
		"gb3095-no2-day: no2 day standard warning", "gb3095-co-day: co day standard warning", "gb3095-o3-8h-day: o3_8h day standard warning",
		"gb3095-so2-1h: so2 1h standard warning", "gb3095-no2-1h: no2 1h standard warning", "gb3095-co-1h: co 1h standard warning", "gb3095-o3-1h: o3 1h standard warning",
		"gb3095-pm25-year: pm25 year standard warning", "gb3095-pm10-year: pm10 year standard warning", "gb3095-so2-year: so2 year standard warning", "gb3095-no2-year: no2 year standard warning",
		"gb3095-pm25-ytd: pm25 ytd standard info", "gb3095-pm10-ytd: pm10 ytd standard info",
		"hj633-moderate-1h: aqi 1h >150 warning", "hj633-heavy-1h: aqi 1h >200 critical")
	f("gb3838-2002",
		"gb3838-class-4h: water_class 4h standard warning", "gb3838-class-day: water_class day standard warning", "gb3838-class-month: water_class month standard warning",
		"gb3838-inferior-v-4h: water_class 4h >5 critical")
	const zones = " [] [] [] [0 1 2 3 4a 4b]"
	f("gb3096-2008", "gb3096-day: ld day standard warning"+zones, "gb3096-night: ln night standard warning"+zones, "gb3096-lmax: lmax night standard warning"+zones)
	const sites = " [] [] [] [construction]"
	f("construction-site", "site-noise-1h: leq 1h standard warning"+sites, "site-noise-lmax: lmax 1h standard warning"+sites, "site-tsp-1h: tsp 1h >800 warning"+sites)
	f("heavy-pollution-warning", "warning-yellow: warning day >0 info", "warning-orange: warning day >1 warning", "warning-red: warning day >2 critical",
		"warning-forecast-yellow: warning_forecast day >0 info", "warning-forecast-orange: warning_forecast day >1 warning", "warning-forecast-red: warning_forecast day >2 critical")
	if len(pack.List()) != 5 {
		t.Errorf("there are %d packs", len(pack.List()))
	}
}

// Every row of GB 3095-2026 table 1 has its rule.
func TestThePackOfGB3095IsComplete(t *testing.T) {
	_, rules := mustPack(t, "gb3095-2026")
	edition := air.LimitsAt(calendar.Date(2026, 11, 21))
	rows := 0
	for _, statistic := range []string{air.Hour, air.Day, air.Year} {
		for _, key := range edition.Parameters(statistic) {
			if limit, _ := edition.Limit(key, statistic, air.Grade2); limit.Source.Clause != "table 1" {
				continue
			}
			rows++
			if !slices.ContainsFunc(rules, func(r rule.Rule) bool { return r.Parameter == key && r.Average == statistic && r.Standard }) {
				t.Errorf("no rule for %s %s", key, statistic)
			}
		}
	}
	if rows != 14 { // as printed
		t.Errorf("table 1 has %d rows", rows)
	}
}

// The headers say the same as the tables of the standards.
func TestPacksNameTheirStandardAndItsDate(t *testing.T) {
	f := func(name string, standard string, first func(calendar.Day) string) {
		t.Helper()
		p, _ := mustPack(t, name)
		from, err := calendar.ParseDay(p.Standard.From)
		if err != nil || p.Standard.Until != "" || p.Title == "" || strings.Count(p.About, "\n") < 5 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		if !strings.Contains(p.About, "Certainty: ") || !strings.Contains(p.About, "Assumed: ") {
			t.Errorf("%s does not say how certain it is", name)
		}
		if got := first(from); got != standard || first(from-1) == standard {
			t.Errorf("%s: on %s %q is in force, the day before %q", name, from, got, first(from-1))
		}
		if named := p.Standard; named.Name != standard && named.Name+"-"+named.Edition != standard {
			t.Errorf("%s names %+v, want %s", name, named, standard)
		}
	}
	f("gb3095-2026", "GB 3095-2026", func(day calendar.Day) string { return air.LimitsAt(day).Standard })
	f("gb3096-2008", "GB 3096-2008", func(day calendar.Day) string {
		limits, _ := noise.ZoneLimits("2", day)
		return limits.Source.Standard
	})
	f("construction-site", "GB 12523-2025", func(day calendar.Day) string {
		limits, _ := noise.ZoneLimits(noise.ConstructionZone, day)
		return limits.Source.Standard
	})
	f("heavy-pollution-warning", "环大气〔2024〕6号", func(day calendar.Day) string { return air.WarningSchemeAt(day).Source.Standard })
	p, _ := mustPack(t, "gb3838-2002")
	if s := p.Standard; s.Name+"-"+s.Edition != water.Standard || s.From != "2002-06-01" {
		t.Errorf("%+v", s)
	}
}

// The rules that construction-site offers for other provinces are right when the # is taken away.
func TestRulesInCommentsOfAPack(t *testing.T) {
	p, _ := mustPack(t, "construction-site")
	offered := strings.Count(p.Text, "  # - {id")
	p.Text = strings.ReplaceAll(p.Text, "  # - {id", "  - {id")
	rules, err := PackRules(&p)
	if err != nil || offered != 2 || len(rules) != 3+offered {
		t.Errorf("%d rules, %d offered: %v", len(rules), offered, err)
	}
}

func TestPacksOfAConfiguration(t *testing.T) {
	c := mustLoad(t, "packs.yaml")
	var got []string
	for i := range c.Rules {
		got = append(got, summary(&c.Rules[i]))
	}
	want := []string{
		// gb3095-2026, without the rule that the file has
		"gb3095-pm25-day: pm25 day standard warning", "gb3095-pm10-day: pm10 day standard warning", "gb3095-so2-day: so2 day standard warning",
		"gb3095-no2-day: no2 day standard warning", "gb3095-co-day: co day standard warning", "gb3095-o3-8h-day: o3_8h day standard warning",
		"gb3095-so2-1h: so2 1h standard warning", "gb3095-co-1h: co 1h standard warning", "gb3095-o3-1h: o3 1h standard warning",
		"gb3095-pm25-year: pm25 year standard warning", "gb3095-pm10-year: pm10 year standard warning", "gb3095-so2-year: so2 year standard warning", "gb3095-no2-year: no2 year standard warning",
		"gb3095-pm25-ytd: pm25 ytd standard info", "gb3095-pm10-ytd: pm10 ytd standard info",
		"hj633-moderate-1h: aqi 1h >150 warning", "hj633-heavy-1h: aqi 1h >200 critical",
		// all its rules of the severity that the file gives it, the critical one too
		"gb3838-class-4h: water_class 4h standard info [] [无锡] [] []", "gb3838-class-day: water_class day standard info [] [无锡] [] []",
		"gb3838-class-month: water_class month standard info [] [无锡] [] []", "gb3838-inferior-v-4h: water_class 4h >5 info [] [无锡] [] []",
		// zones that both the pack and the file choose
		"gb3096-day: ld day standard warning [] [] [] [2 4a]", "gb3096-night: ln night standard warning [] [] [] [2 4a]", "gb3096-lmax: lmax night standard warning [] [] [] [2 4a]",
		// a file: one rule has the id of another pack's
		"own-gb3095-pm25-day: pm25 day >50 info [] [无锡] [滨湖] []", "own-pm10-1h: pm10  >150 warning [] [无锡] [滨湖] [1]", "own-silent:   missing 2h0m0s warning [] [无锡] [滨湖] []",
		// the file's own
		"gb3095-no2-1h: no2 1h >180 critical", "low-oxygen: do day <3 warning",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if low := c.Rules[len(c.Rules)-1]; low.Standard || low.Below == nil || low.Below.String() != "3" || low.Clear.String() != "4" || low.Statistic != "" || low.MinCoverage != 0 {
		t.Errorf("low-oxygen is %+v", low)
	}
}

// Without a register it is not known which stations there will be: all packs are taken.
func TestPacksWithoutARegister(t *testing.T) {
	var names []string
	rules := 0
	for _, p := range pack.List() {
		_, its := mustPack(t, p.Name)
		names, rules = append(names, p.Name), rules+len(its)
	}
	c, err := Parse("egret.yaml", []byte("packs: ["+strings.Join(names, ", ")+"]"), environment)
	if err != nil || len(c.Rules) != rules {
		t.Fatalf("%d of %d rules: %v", len(c.Rules), rules, err)
	}
}

// A rule that is for none of the stations chosen here is left out, not made one for all stations.
func TestAPackForStationsThatOnlySomeOfItsRulesAreFor(t *testing.T) {
	c, err := Parse("testdata/good/egret.yaml", []byte("packs: [{name: ../pack/own.yaml, stations: {zones: ['2']}}]\nstations:\n"+
		"  - {id: a, domain: air, city: 无锡, zone: '2'}\n  - {id: b, domain: air, city: 苏州, zone: '1'}\n"), environment)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Rules {
		if r := &c.Rules[i]; r.ID == "own-pm10-1h" || !slices.Equal(r.Stations.Zones, []string{"2"}) {
			t.Errorf("%s is for %v", r.ID, r.Stations)
		}
	}
	if len(c.Rules) != 2 {
		t.Errorf("%d rules", len(c.Rules))
	}
}

func TestAPackIsFoundByItsNameOnly(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		if _, err := findPack(name, RulePack); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	const all = "no pack has this name; use construction-site, gb3095-2026, gb3096-2008, gb3838-2002 or heavy-pollution-warning, or a file such as ./my-pack.yaml"
	f("gb3095-2012", "no pack has this name; did you mean gb3095-2026?")
	f("GB3096-2008.", "no pack has this name; did you mean gb3096-2008?")
	f("", all)
	f("weather", all)
	f("wuxi-2018", "is a plan; name it under plans")
	f("wuxi-2019", "no pack has this name; did you mean wuxi-2018, which is named under plans?")

	g := func(name, want string) {
		t.Helper()
		if _, err := findPack(name, PlanPack); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	const plans = "no plan has this name; use anyang-2021-2023, city-2026, fuyang-2018-2020, nantong-2016, shizuishan-2025 or wuxi-2018, or a file such as ./my-plan.yaml"
	g("wuxi-2081", "no plan has this name; did you mean wuxi-2018?")
	g("weather", plans)
	g("gb3095-2026", "is a pack of rules; name it under packs")
	g("gb3095-2012", "no plan has this name; did you mean gb3095-2026, which is named under packs?")

	if p, err := FindPack("wuxi-2018"); err != nil || p.Kind != PlanPack || !strings.Contains(p.Text, "锡政办发") {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := FindPack("gb3095-2027"); err == nil || err.Error() != "no pack has this name; did you mean gb3095-2026?" {
		t.Error(err)
	}
	if _, err := FindPack("weather"); err == nil || !strings.HasPrefix(err.Error(), "no pack has this name; use anyang-2021-2023, city-2026, construction-site, fuyang-2018-2020, gb3095-2026,") {
		t.Error(err)
	}
}
