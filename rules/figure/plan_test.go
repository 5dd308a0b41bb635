package figure

import (
	"strings"
	"testing"
	"time"

	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/plan"
	"egret/rules/standard"
)

var shanghai = time.FixedZone("CST", 8*60*60)

// pm25 is Wuxi's promise of 2018 after 298 days: 43 is the limit, 12,456.4 the sum of the days.
func pm25() *Plan {
	year := calendar.Date(2018, time.January, 1).WholeYear()
	day := calendar.Date(2018, time.October, 25)
	start := time.Date(2018, time.October, 25, 0, 0, 0, 0, shanghai)
	target := &plan.Target{ID: "pm25", Name: `PM2.5 "city"`, Metric: plan.Mean, Parameter: "pm25", Comparison: plan.AtMost, Value: 43e9, Unit: "ug/m3", Weight: plan.ByCity}
	return &Plan{
		Plan: &plan.Plan{ID: "wuxi-2018", Language: plan.English}, Start: start.UnixNano(), At: start.AddDate(0, 0, 1).UnixNano(), Since: year.First + 90,
		Standing: &plan.Standing{
			Target: target, Day: day, Span: year, Limit: 43e9, Due: true,
			Value: mean.Ratio{Sum: mean.SumOf(12_456_400_000_000), Count: 298}, Compared: 41_800_000_000, Counted: 298, Expected: 298, Remaining: 67,
			Valid: true, Verdict: standard.Meets, State: plan.Open, Allowance: 48_337_313_432, AllowanceKnown: true,
			Projection: mean.Whole(42_460_000_000), ProjectionLow: mean.Whole(41_800_000_000), ProjectionHigh: mean.Whole(43_850_000_000), ByLastYear: true,
			LastYear: mean.Whole(46e9),
		},
	}
}

const pm25Said = `41.8 so far on 298 valid days; the remaining 67 must average 48.3 or less; ` +
	`as things go the year ends at 42.5 (41.8 to 43.8, last year considered); 4.2 lower than on the same days of last year`

func TestLineOfAPlan(t *testing.T) {
	p := pm25()
	want(t, p.AppendLine(nil), `plan,plan=wuxi-2018,target=pm25 state="open",value=41.8,limit=43,verdict="meets",met=true,allowance=48.337313432,`+
		`projection=42.46,projection_low=41.8,projection_high=43.85,coverage=1,count=298i,expected=298i,remaining=67i,last_year=46,change=-4.2,since="2018-04-01",`+
		`reason="PM2.5 \"city\": `+pm25Said+`" 1540396800000000000`)

	// What is not known has no field, and what is not due no limit.
	p = pm25()
	*p.Standing = plan.Standing{Target: p.Target, Day: p.Day, Span: p.Span, Limit: 43e9, Due: true, Counted: 3, Expected: 12, Remaining: 353}
	want(t, p.AppendLine(nil), `plan,plan=wuxi-2018,target=pm25 state="not enough data",limit=43,verdict="not enough valid data",coverage=0.25,`+
		`count=3i,expected=12i,remaining=353i,since="2018-04-01",reason="PM2.5 \"city\": not enough valid data: 3 of 12 days valid" 1540396800000000000`)
	p = pm25()
	*p.Standing = plan.Standing{Target: p.Target, Day: p.Day, Span: p.Span, Value: p.Value, Counted: 298, Expected: 298, Valid: true, State: plan.Followed}
	want(t, p.AppendLine(nil), `plan,plan=wuxi-2018,target=pm25 state="tracked",value=41.8,coverage=1,`+
		`count=298i,expected=298i,remaining=0i,since="2018-04-01",reason="PM2.5 \"city\": 41.8 so far on 298 valid days" 1540396800000000000`)
}

func TestObjectOfAPlan(t *testing.T) {
	f := func(p *Plan, want ...string) {
		t.Helper()
		got, err := p.MarshalIn(shanghai)
		if err != nil || string(got) != strings.Join(want, "") {
			t.Errorf("object, %v\n got %s\nwant %s", err, got, strings.Join(want, ""))
		}
	}
	p := pm25()
	p.Parts = []plan.Part{{Name: "s1", Label: "劣Ⅴ", Value: 6, Fails: true}}
	f(p, `{"type":"plan","plan":"wuxi-2018","target":"pm25","at":"2018-10-26T00:00:00+08:00","day":"2018-10-25","value":41.8,"compared":41.8,"limit":43,`,
		`"comparison":"<=","unit":"ug/m3","met":true,"state":"open","since":"2018-04-01","allowance":48.337313432,"projection":42.46,"projection_low":41.8,`,
		`"projection_high":43.85,"by_last_year":true,"last_year":46,"change":-4.2,"counted":298,"expected":298,"remaining":67,"coverage":1,"valid":true,`,
		`"reason":"PM2.5 \"city\": `, pm25Said, `","parts":[{"name":"s1","label":"劣Ⅴ","value":6,"fails":true}]}`)

	p = pm25()
	p.Value, p.Verdict, p.State, p.Compared = mean.Ratio{Sum: mean.SumOf(100e9), Count: 3}, standard.Exceeds, plan.Missed, 33e9
	p.Limit, p.Allowance, p.AllowanceKnown, p.Remaining, p.Projection, p.ProjectionLow, p.ProjectionHigh, p.ByLastYear, p.LastYear = 30e9, 0, false, 0, mean.Ratio{}, mean.Ratio{}, mean.Ratio{}, false, mean.Ratio{}
	f(p, `{"type":"plan","plan":"wuxi-2018","target":"pm25","at":"2018-10-26T00:00:00+08:00","day":"2018-10-25","value":33.333333333,"compared":33,"limit":30,`,
		`"comparison":"<=","unit":"ug/m3","met":false,"state":"missed","since":"2018-04-01","allowance":null,"projection":null,"projection_low":null,`,
		`"projection_high":null,"by_last_year":false,"last_year":null,"change":null,"counted":298,"expected":298,"remaining":0,"coverage":1,"valid":true,`,
		`"reason":"PM2.5 \"city\": missed with 33.3 on 298 valid days; the target is at most 30","parts":[]}`)

	p = pm25()
	target := *p.Target
	target.Comparison = plan.Tracked
	*p.Standing = plan.Standing{Target: &target, Day: p.Day, Span: p.Span, Remaining: 365, State: plan.Followed}
	f(p, `{"type":"plan","plan":"wuxi-2018","target":"pm25","at":"2018-10-26T00:00:00+08:00","day":"2018-10-25","value":null,"compared":null,"limit":null,`,
		`"comparison":"","unit":"ug/m3","met":null,"state":"tracked","since":"2018-04-01","allowance":null,"projection":null,"projection_low":null,`,
		`"projection_high":null,"by_last_year":false,"last_year":null,"change":null,"counted":0,"expected":0,"remaining":365,"coverage":0,"valid":false,`,
		`"reason":"PM2.5 \"city\": too early: nothing so far","parts":[]}`)
}
