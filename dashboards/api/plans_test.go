package api

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/engine"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/plan"
	"egret/rules/standard"
)

var wuxi = &plan.Plan{
	ID: "wuxi-2018", Title: "无锡市2018年生态文明建设实施方案", Document: "锡政办发〔2018〕51号", Language: plan.English,
	Period: plan.Period{From: calendar.Date(2018, time.January, 1), Until: calendar.Date(2018, time.December, 31)},
	Targets: []plan.Target{{
		ID: "pm25", Name: "PM2.5年均浓度", Metric: plan.Mean, Parameter: "pm25", Comparison: plan.AtMost, Value: 43 * reading.FixedOne, Unit: "ug/m3",
	}},
	Duties: []plan.Duty{{ID: "water-report", Name: "饮用水安全状况公开", Every: "quarter"}},
}

// Plans says that 298 days of 2018 are over, as one target has them.
func (b *bureau) Plans() ([]engine.Standings, error) {
	if b.unreadable {
		return nil, errors.New("secret trouble")
	}
	span := calendar.Span{First: wuxi.Period.From, Last: wuxi.Period.Until}
	day := span.First + 297
	standing := &plan.Standing{
		Target: &wuxi.Targets[0], Day: day, Span: span, Limit: 43 * reading.FixedOne, Due: true, Value: mean.Whole(41_800_000_000), Compared: 41_800_000_000,
		Counted: 298, Expected: 298, Remaining: 67, Valid: true, Verdict: standard.Meets, State: plan.Open, Allowance: 48_337_313_432, AllowanceKnown: true,
	}
	at := time.Date(2018, 10, 25, 16, 0, 0, 0, time.UTC).UnixNano()
	return []engine.Standings{{Plan: wuxi, Day: day, Targets: []figure.Plan{{Plan: wuxi, Start: at - int64(24*time.Hour), At: at, Since: span.First, Standing: standing}}}}, nil
}

func TestPlansAreShownWithTheirStatesAndDuties(t *testing.T) {
	b := newBureau(t)
	var list []map[string]any
	b.wants("GET", "/api/v1/plans", &list)
	if len(list) != 1 || list[0]["id"] != "wuxi-2018" || list[0]["day"] != "2018-10-25" || list[0]["states"].(map[string]any)["open"] != 1.0 || list[0]["targets"] != nil {
		t.Errorf("the list is %v", list)
	}
	var one struct {
		ID, Until string
		Targets   []map[string]any
		Duties    []Duty
	}
	b.wants("GET", "/api/v1/plans/wuxi-2018", &one)
	if one.ID != "wuxi-2018" || one.Until != "2018-12-31" || len(one.Targets) != 1 {
		t.Fatalf("the plan is %+v", one)
	}
	if target := one.Targets[0]; target["value"] != 41.8 || target["remaining"] != 67.0 || target["state"] != "open" || target["allowance"] != 48.337313432 {
		t.Errorf("the target is %v", target)
	}
	if len(one.Duties) != 1 || one.Duties[0].Due != "2018-12-31" {
		t.Errorf("the duties are %+v", one.Duties)
	}
}

func TestAPlanThatIsNotThereIsAProblem(t *testing.T) {
	b := newBureau(t)
	if response, body := b.ask("GET", "/api/v1/plans/nowhere-2018"); response.StatusCode != http.StatusNotFound || !strings.Contains(body, "/api/v1/plans") {
		t.Errorf("%d: %s", response.StatusCode, body)
	}
	b.unreadable = true
	for _, path := range []string{"/api/v1/plans", "/api/v1/plans/wuxi-2018"} {
		if response, body := b.ask("GET", path); response.StatusCode != http.StatusInternalServerError || strings.Contains(body, "secret") {
			t.Errorf("%s: %d: %s", path, response.StatusCode, body)
		}
	}
}
