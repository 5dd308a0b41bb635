package rule

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

func number(text string) *reading.Fixed {
	f, err := reading.ParseFixed([]byte(text))
	if err != nil {
		panic(err) // a mistake in this file
	}
	return &f
}

func pm25High() Rule {
	return Rule{ID: "pm25-high", Parameter: "pm25", Statistic: Mean, Window: time.Hour, Above: number("75"), Clear: number("60"),
		For: 10 * time.Minute, MinCoverage: DefaultMinCoverage, Severity: Warning}
}

func silent() Rule { return Rule{ID: "silent", Missing: 30 * time.Minute, Severity: Info} }

func TestRulesThatAreInOrder(t *testing.T) {
	f := func(r Rule) {
		t.Helper()
		if err := r.Check(reading.BuiltinParameters()); err != nil {
			t.Error(err)
		}
	}
	f(pm25High())
	f(silent())
	f(Rule{ID: "oxygen-low", Parameter: "do", Statistic: Min, Window: LongestWindow, Below: number("2"), Clear: number("2"), MinCoverage: 1, Severity: Critical})
	f(Rule{ID: "wind-turned", Parameter: "wind_dir", Statistic: Max, Window: ShortestWindow, Above: number("359.9"), Severity: Info})
	f(Rule{ID: "no-oxygen", Parameter: "do", Missing: time.Minute, Severity: Warning})
}

func TestAMistakeInARuleNamesTheFieldAndTheRemedy(t *testing.T) {
	f := func(sound Rule, spoil func(*Rule), field string, parts ...string) {
		t.Helper()
		spoil(&sound)
		err := sound.Check(reading.BuiltinParameters())
		if err == nil {
			t.Errorf("%+v is taken", sound)
			return
		}
		if !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%q does not name %s", err, field)
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
	f(pm25High(), func(r *Rule) { r.ID = "" }, "id", "1 to 64 characters")
	f(pm25High(), func(r *Rule) { r.ID = "pm25/high" }, "id", `"/"`, "letters, digits")
	f(pm25High(), func(r *Rule) { r.Severity = "grave" }, "severity", `"grave"`, "info, warning or critical")
	f(pm25High(), func(r *Rule) { r.Parameter = "pm52" }, "parameter", `"pm52"`)
	f(pm25High(), func(r *Rule) { r.Parameter = "" }, "parameter")
	f(silent(), func(r *Rule) { r.Parameter = "pm52" }, "parameter", `"pm52"`)

	f(silent(), func(r *Rule) { r.Missing = 59 * time.Second }, "missing", "59s", "shorter than a minute")
	f(silent(), func(r *Rule) { r.Missing = -time.Hour }, "missing", "shorter than a minute")
	for _, spoil := range []func(*Rule){
		func(r *Rule) { r.Above = number("1") }, func(r *Rule) { r.Below = number("1") }, func(r *Rule) { r.Clear = number("1") },
		func(r *Rule) { r.Standard = true }, func(r *Rule) { r.Average = "day" },
		func(r *Rule) { r.Window = time.Hour }, func(r *Rule) { r.Statistic = Mean }, func(r *Rule) { r.For = time.Minute },
	} {
		f(silent(), spoil, "missing", "no statistic, window, average, limit or for")
	}

	f(pm25High(), func(r *Rule) { r.Above = nil }, "above, below", "exactly one")
	f(pm25High(), func(r *Rule) { r.Below = number("3") }, "above, below", "exactly one")
	f(pm25High(), func(r *Rule) { r.Above, r.Standard = nil, true }, "limit", "average instead of window")
	f(pm25High(), func(r *Rule) { r.Parameter = "aqi" }, "parameter", "aqi is made of whole hours and days", "average, such as 1h")
	f(pm25High(), func(r *Rule) { r.Window = 59 * time.Second }, "window", "59s", "1m to 24h")
	f(pm25High(), func(r *Rule) { r.Window = LongestWindow + 1 }, "window", "1m to 24h")
	f(pm25High(), func(r *Rule) { r.Statistic = "median" }, "statistic", `"median"`, "mean, max or min")
	f(pm25High(), func(r *Rule) { r.Parameter = "wind_dir" }, "statistic", "wind_dir has no mean", "max or min")
	f(pm25High(), func(r *Rule) { r.MinCoverage = 1.01 }, "min_coverage", "1.01", "0 to 1")
	f(pm25High(), func(r *Rule) { r.MinCoverage = -0.1 }, "min_coverage", "-0.1")
	f(pm25High(), func(r *Rule) { r.For = -time.Second }, "for", "-1s is negative")
	f(pm25High(), func(r *Rule) { r.Clear = number("75.1") }, "clear_below", "75.1 lies above the limit 75")
	f(pm25High(), func(r *Rule) { r.Above, r.Below = nil, number("75") }, "clear_above", "60 lies below the limit 75")
}

func TestASelectorTakesStationsThatFitAllItsFields(t *testing.T) {
	station := reading.Station{ID: "wx-noise-1", City: "无锡", District: "滨湖", Zone: "2"}
	f := func(s Selector, want bool) {
		t.Helper()
		if s.Chooses(&station) != want {
			t.Errorf("%+v chooses %v", s, !want)
		}
	}
	f(Selector{}, true)
	f(Selector{IDs: []string{"wx-air-1", "wx-noise-1"}}, true)
	f(Selector{IDs: []string{"wx-air-1"}}, false)
	f(Selector{Cities: []string{"无锡"}, Districts: []string{"滨湖"}, Zones: []string{"2", "4a"}}, true)
	f(Selector{Cities: []string{"无锡"}, Zones: []string{"4a"}}, false)
	f(Selector{Cities: []string{"安阳"}}, false)
	f(Selector{Districts: []string{"梁溪"}}, false)
}

// Whether there is such a plan is not known to the rule, only that a plan's target limits averages of days and longer.
func TestALimitOfAPlan(t *testing.T) {
	f := func(message string, change func(*Rule)) {
		t.Helper()
		r := Rule{ID: "pm25-plan", Parameter: "pm25", Average: "ytd", Plan: PlanLimit{"wuxi-2018", "pm25"}, Severity: Warning}
		change(&r)
		got := ""
		if err := r.Check(reading.BuiltinParameters()); err != nil {
			got = err.Error()
		}
		if got != message {
			t.Errorf("got %q, want %q", got, message)
		}
	}
	f("", func(*Rule) {})
	f("", func(r *Rule) { r.Parameter, r.Average = ClassFigure, "month" })
	f("above, below: set exactly one of them, or limit: standard or plan", func(r *Rule) { r.Above = new(reading.Fixed) })
	f("above, below: set exactly one of them, or limit: standard or plan", func(r *Rule) { r.Standard = true })
	f("limit: an alert by a plan ends when its target is kept; remove the clear limit", func(r *Rule) { r.Clear = new(reading.Fixed) })
	f("limit: a plan's limit needs the plan's id and the target's", func(r *Rule) { r.Plan.Target = "" })
	f("limit: plans limit averages of days and longer; write average instead of window, or above or below", func(r *Rule) { r.Average, r.Window = "", LongestWindow })
	f("missing: a rule for missing readings has no statistic, window, average, limit or for", func(r *Rule) { r.Average, r.Missing = "", LongestWindow })
}

func TestAParameterThatHasFiguresOfDays(t *testing.T) {
	for key, want := range map[string]bool{"pm25": true, "o3_8h": true, "dustfall": true, "do": true, "ld": true, "ln": true, "o3": false, "wind_dir": false, "voc": false} {
		if got := HasDays(key, reading.BuiltinParameters()); got != want {
			t.Errorf("%s: %t", key, got)
		}
	}
}
