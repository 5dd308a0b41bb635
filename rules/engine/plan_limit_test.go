package engine

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/plan"
	"egret/rules/rule"
)

// wuxi returns the plan of 2018 with one target of PM2.5.
func wuxi(comparison plan.Comparison, rounding plan.Rounding) plan.Plan {
	return plan.Plan{
		ID: "wuxi-2018", Title: "无锡市2018年生态文明建设实施方案", Document: "锡政办发〔2018〕51号, 2018-04-27",
		Period: plan.Period{From: calendar.Date(2018, time.January, 1), Until: calendar.Date(2018, time.December, 31)},
		Targets: []plan.Target{{
			ID: "pm25", Metric: plan.Mean, Parameter: "pm25", Comparison: comparison, Value: *fixed(43), Unit: "ug/m3", Rounding: rounding, Weight: plan.ByCity,
		}},
	}
}

func byPlan(target, parameter, average string) rule.Rule {
	return rule.Rule{ID: "plan", Parameter: parameter, Average: average, Plan: rule.PlanLimit{Plan: "wuxi-2018", Target: target}, Severity: rule.Warning}
}

// planned is an office that holds one rule against a plan's limit at a city.
func planned(t *testing.T, p plan.Plan, r rule.Rule, from string) *office {
	r.Stations.IDs = []string{"city:无锡"}
	o := newOffice(t, jars[3:], r)
	o.config.Plans = []plan.Plan{p}
	o.reopen()
	o.clock = local(from + " 00:00")
	return o
}

// The mean of a city's latest 365 days creeps over what the city has promised for 2018, and back.
func TestTheLatest365DaysOfACityAreHeldAgainstItsPlan(t *testing.T) {
	o := planned(t, wuxi(plan.AtMost, plan.Exact), byPlan("pm25", "pm25", "365d"), "2017-01-01")
	o.days(&jars[3], "2017-01-01", "pm25", times(43, 363)...)
	o.days(&jars[3], "2017-12-30", "pm25", 50, 43) // above 43, but the plan is of 2018
	o.wantSaid()
	const beyond = "pm25 at city:无锡: 365d of 2018-01-01 is 43.02 ug/m3, above 43 (plan wuxi-2018 无锡市2018年生态文明建设实施方案 锡政办发〔2018〕51号, 2018-04-27), 365 of 365 values"
	o.days(&jars[3], "2018-01-01", "pm25", 43)
	o.wantSaid("firing 01-01 " + beyond)
	o.days(&jars[3], "2018-01-02", "pm25", 40, 39) // (365·43+7-3-4)/365 is 43
	o.wantSaid("resolved 01-01 " + strings.NewReplacer("2018-01-01", "2018-01-03", "43.02", "43", "above", "no longer above").Replace(beyond))
}

func TestEachComparisonAtEquality(t *testing.T) {
	f := func(comparison plan.Comparison, want string, daily ...float64) {
		t.Helper()
		o := planned(t, wuxi(comparison, plan.Exact), byPlan("pm25", "pm25", "30d"), "2018-05-01")
		o.days(&jars[3], "2018-05-01", "pm25", times(43, 29)...)
		o.days(&jars[3], "2018-05-30", "pm25", daily...)
		got := ""
		for _, text := range o.said() {
			_, text, _ = strings.Cut(text, "30d of ")
			text, _, _ = strings.Cut(text, " (plan")
			got += text + "; "
		}
		if got != want {
			t.Errorf("%s 43: %q, want %q", comparison, got, want)
		}
	}
	f(plan.AtMost, "", 43)
	f(plan.AtMost, "2018-05-30 is 43.00000003 ug/m3, above 43; 2018-05-31 is 43 ug/m3, no longer above 43; ", 43.000001, 42.999999)
	f(plan.Below, "2018-05-27 is 43 ug/m3, at or above 43; ", 43) // the 27th day makes it valid
	f(plan.Below, "2018-05-27 is 43 ug/m3, at or above 43; 2018-05-30 is 42.9 ug/m3, no longer at or above 43; ", 40)
	f(plan.AtLeast, "", 43)
	f(plan.AtLeast, "2018-05-30 is 42.9 ug/m3, below 43; ", 40)
	f(plan.Above, "2018-05-27 is 43 ug/m3, at or below 43; 2018-05-30 is 43.1 ug/m3, no longer at or below 43; ", 46)
	f(plan.Tracked, "", 80)
}

// Where a plan has its figures rounded as the standard orders, PM2.5 is rounded to whole ug/m3, half to even.
func TestThePlansRoundingDecides(t *testing.T) {
	f := func(rounding plan.Rounding, number float64, want int) {
		t.Helper()
		o := planned(t, wuxi(plan.AtMost, rounding), byPlan("pm25", "pm25", "30d"), "2018-05-01")
		o.days(&jars[3], "2018-05-01", "pm25", times(number, 30)...)
		if got := o.said(); len(got) != want {
			t.Errorf("%g rounded by %s: %s", number, rounding, strings.Join(got, "\n"))
		}
	}
	f(plan.Exact, 43.001, 1)
	f(plan.AsStandard, 43.499, 0)
	f(plan.AsStandard, 43.5, 1) // 44
}

// A plan of several years and of a season: each year has its value, and other days have none.
func TestStepsAndSeasonsOfAPlan(t *testing.T) {
	p := wuxi(plan.AtMost, plan.Exact)
	p.Period.Until = calendar.Date(2020, time.December, 31)
	p.Period.Season = plan.Season{FromMonth: 11, FromDay: 1, UntilMonth: 2, UntilDay: 28}
	p.Targets[0].Steps = map[int]reading.Fixed{2019: *fixed(40), 2020: *fixed(30)}
	f := func(from, want string) {
		t.Helper()
		o := planned(t, p, byPlan("pm25", "pm25", "day"), from)
		o.days(&jars[3], from, "pm25", 100)
		got := ""
		for _, text := range o.said() {
			_, text, _ = strings.Cut(text, ", ")
			got, _, _ = strings.Cut(text, " (plan")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
	f("2018-01-15", "") // the season that ends in 2018 has no step
	f("2018-06-15", "")
	f("2018-11-01", "above 40")
	f("2019-02-28", "above 40")
	f("2019-03-01", "")
	f("2019-12-15", "above 30")
	f("2020-12-15", "above 30") // the season ends with the plan
	f("2021-01-15", "")
}

func TestARuleWithoutItsPlanSaysNothing(t *testing.T) {
	for _, r := range []rule.Rule{byPlan("gone", "pm25", "day"), {ID: "plan", Parameter: "pm25", Average: "day", Plan: rule.PlanLimit{Plan: "gone", Target: "pm25"}, Severity: rule.Info}} {
		o := planned(t, wuxi(plan.AtMost, plan.Exact), r, "2018-05-01")
		o.days(&jars[3], "2018-05-01", "pm25", 100)
		o.wantSaid()
	}
}
