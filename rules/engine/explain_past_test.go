package engine

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/rule"
	"egret/rules/standard"
)

func TestTheNewestFiguresAreTheSameAfterARestart(t *testing.T) {
	o := newOffice(t, []reading.Station{avenue})
	o.clock = local("2026-11-20 00:00")
	for i := range int64(30) {
		o.sends(&avenue, local("2026-11-20 00:00")+i*hour, reading.Value{Parameter: "pm25", Number: 50 + float64(i)}, reading.Value{Parameter: "o3", Number: 80})
	}
	before, err := o.engine.Figures("avenue")
	if err != nil {
		t.Fatal(err)
	}
	o.reopen()
	after, err := o.engine.Figures("avenue")
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("after a restart\n%+v\nwere\n%+v, %v", after, before, err)
	}
	var names []string
	for _, f := range after {
		names = append(names, f.Parameter+" "+f.Period)
		if f.Why != nil {
			t.Errorf("%s of %s lists what it is made of", f.Period, f.Parameter)
		}
		if f.Period == "1h" && f.Start != local("2026-11-21 05:00") || f.Period == "day" && f.Start != local("2026-11-20 00:00") {
			t.Errorf("%s of %s begins at %s", f.Period, f.Parameter, o.engine.zone.Show(f.Start))
		}
	}
	want := "o3 1h,o3 8h,o3_8h day,o3_8h month,o3_8h quarter,o3_8h year,o3_8h ytd,o3_8h 30d,o3_8h 365d,pm25 1h,pm25 24h,pm25 day,pm25 month,pm25 quarter,pm25 year,pm25 ytd,pm25 30d,pm25 365d,aqi 1h,aqi day"
	if got := strings.Join(names, ","); got != want {
		t.Errorf("figures %s\nwant    %s", got, want)
	}
	if _, err := o.engine.ExplainAlert(&alert.Alert{Rule: "gone", Station: "avenue"}); !errors.Is(err, ErrNoFigure) {
		t.Errorf("an alert of a rule that is gone: %v", err)
	}
}

func TestDaysOutlastTheirHours(t *testing.T) {
	road := reading.Station{ID: "road", Domain: reading.Noise, Zone: "4a", Period: reading.Hour, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{avenue, road})
	o.clock = local("2024-01-10 00:00")
	o.hourly(&avenue, "2024-01-10 00:00", "pm25", times(80, 24)...)
	o.hourly(&road, "2024-01-10 06:00", "leq", times(58, 24)...)
	o.until("2024-01-12 00:10")
	o.hourly(&avenue, "2026-06-01 00:00", "pm25", 50, 50)
	o.hourly(&road, "2026-06-01 00:00", "leq", 50, 50)
	day := o.explains("avenue", "pm25", "day", "2024-01-10 00:00")
	if !day.Valid || day.Value.Fixed() != *fixed(80) || day.Count != 24 || day.Expected != 24 || day.Why.Note != notKept || len(day.Why.Values)+len(day.Why.Missing) != 0 {
		t.Errorf("day: %+v %+v", day, day.Why)
	}
	o.wantVerdict(&day, standard.Exceeds, 75, "GB 3095-2012 (amendment 2018) table 1", "", 2)
	ln := o.explains("road", "ln", "night", "2024-01-10 00:00")
	if !ln.Valid || ln.Value.Fixed() != *fixed(58) || ln.Count != 8 || ln.Expected != 8 || ln.Why.Note != notKept {
		t.Errorf("ln: %+v %+v", ln, ln.Why)
	}
	o.wantVerdict(&ln, standard.Exceeds, 55, "GB 3096-2008 table 1", "", 0)
	for _, q := range []question{{"pm25", "1h", 0, true}, {"pm25", "24h", 0, true}, {rule.IndexFigure, "1h", 0, true}, {rule.IndexFigure, "day", 0, true}} {
		if _, err := o.engine.Explain("avenue", q.parameter, q.period, local("2024-01-10 00:00")); !errors.Is(err, ErrNoFigure) || !strings.Contains(err.Error(), "two years") {
			t.Errorf("%s of %s: %v", q.period, q.parameter, err)
		}
	}
}

func TestMeansOf8HoursOfOzone(t *testing.T) {
	o := newOffice(t, []reading.Station{avenue})
	o.clock = local("2026-06-01 00:00")
	o.hourly(&avenue, "2026-06-01 00:00", "o3", times(90, 17)...)
	o.until("2026-06-02 00:10")
	// Of the windows from 0 to 16 o'clock those from 0 to 11 have six hours or more.
	f := o.explains("avenue", "o3_8h", "day", "2026-06-01 00:00")
	if f.Valid || f.Count != 12 || f.Expected != 17 || f.Reason != "12 of 17 means of 8 hours, 14 are needed (HJ 663-2026 6.1.2)" {
		t.Errorf("%+v", f)
	}
	if len(f.Why.Values) != 17 || !f.Why.Values[11].Valid || f.Why.Values[12].Valid || f.Why.Values[16].Count != 1 {
		t.Errorf("%+v", f.Why)
	}
	o.hourly(&avenue, "2026-06-01 17:00", "o3", 1000) // (5·90+1000)/6 is 241.67: beyond the limit 13 are enough
	f = o.explains("avenue", "o3_8h", "day", "2026-06-01 00:00")
	o.wantVerdict(&f, standard.Exceeds, 160, "GB 3095-2026 table 1", "transitional", 2)
	if !f.Valid || f.Reason != "" || f.Count != 13 || f.Judgement.Compared != *fixed(242) {
		t.Errorf("%+v", f)
	}
}

func TestAStationThatSendsDaysItself(t *testing.T) {
	jar := reading.Station{ID: "jar", Domain: reading.Air, Period: reading.Day, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{jar})
	o.clock = local("2026-06-01 00:00")
	o.sends(&jar, local("2026-06-01 00:00"), reading.Value{Parameter: "pm25", Number: 61})
	o.sends(&jar, local("2026-06-02 00:00"), reading.Value{Parameter: "pm25", Number: 61, Flag: reading.Fault})
	o.until("2026-06-03 00:10")
	f := o.explains("jar", "pm25", "day", "2026-06-01 00:00")
	if !f.Valid || f.Count != 1 || f.Expected != 1 || len(f.Why.Values) != 1 {
		t.Errorf("%+v %+v", f, f.Why)
	}
	o.wantVerdict(&f, standard.Exceeds, 60, "GB 3095-2026 table 1", "transitional", 2)
	f = o.explains("jar", "pm25", "day", "2026-06-02 00:00")
	if f.Valid || f.Reason != "the station has sent no valid value of the day" || len(f.Why.Missing) != 1 {
		t.Errorf("%+v %+v", f, f.Why)
	}
	o.wantVerdict(&f, standard.NotEnough, 60, "GB 3095-2026 table 1", "transitional", 2)
}
