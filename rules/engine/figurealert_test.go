package engine

import (
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

// hourly is a rule on the figure of each hour.
func hourly(id, parameter string, limit float64) rule.Rule {
	return rule.Rule{ID: id, Parameter: parameter, Average: "1h", Above: fixed(limit), Severity: rule.Warning}
}

var hourStation = []reading.Station{{ID: "x", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true}}

// Egret starts anew while an alert on a figure is open: the alert is neither told again nor forgotten.
func TestAnAlertOnAFigureOutlastsARestart(t *testing.T) {
	w := newWorld(t, hourStation, hourly("no2", "no2", 200))
	s := w.station("x").of(reading.Hour).every(time.Hour)
	s.send("no2", 250)
	w.want("firing no2/x/no2 10:00 11:00")
	w.reopen()
	s.send("no2", 260)
	w.want()
	w.reopen()
	s.send("no2", 100)
	w.want("resolved no2/x/no2 10:00 13:00")
}

// A station whose values arrive 75 minutes after their hour, as those of a national feed do, fires and resolves like
// one whose values come at once.
func TestValuesThatAreAlwaysLateFireAndResolve(t *testing.T) {
	w := newWorld(t, hourStation, hourly("no2", "no2", 200))
	s := w.station("x").of(reading.Hour)
	for i, number := range []float64{100, 250, 260, 100, 110} {
		at := ten + int64(i)*hour
		w.tick(at + hour + 75*minute)
		s.at(at).send("no2", number)
	}
	w.want("firing no2/x/no2 11:00 12:00", "resolved no2/x/no2 11:00 14:00")
}

// A correction of the hour in which an open alert began has the alert's id; what is told next must count on.
func TestACorrectionCountsAsATurnOfTheOpenAlert(t *testing.T) {
	w := newWorld(t, hourStation, hourly("no2", "no2", 200))
	s := w.station("x").of(reading.Hour).every(time.Hour)
	s.send("no2", 250, 260)
	s.at(ten).send("no2", 150)
	s.at(ten+2*hour).send("no2", 100)
	w.want("firing no2/x/no2 10:00 11:00", "corrected no2/x/no2 10:00 11:00", "resolved no2/x/no2 10:00 13:00")
	for i, payload := range w.box.left["mqtt"] {
		if turn := []string{`"turn":1`, `"turn":2`, `"turn":3`}[i]; !strings.Contains(payload, turn) {
			t.Errorf("message %d lacks %s: %s", i+1, turn, payload)
		}
	}
}

// Figures of a city that is no longer in the register cannot come: its open alert is withdrawn.
func TestTheAlertOfACityThatIsGoneIsWithdrawn(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "x", Domain: reading.Air, City: "old", Period: reading.Hour, PeriodDeclared: true}}, hourly("no2", "no2", 200))
	w.station("x").of(reading.Hour).every(time.Hour).send("no2", 250)
	w.want("firing no2/x/no2 10:00 11:00", "firing no2/city:old/no2 10:00 11:00")
	w.config.Stations = []reading.Station{{ID: "x", Domain: reading.Air, City: "new", Period: reading.Hour, PeriodDeclared: true}}
	w.reopen()
	w.tick(w.clock + minute)
	w.want("withdrawn no2/city:old/no2 10:00 11:01")
}

// Egret's clock jumps ten days ahead and is set right again: alerts on figures go on.
func TestAlertsOnFiguresGoOnAfterAClockIsSetRight(t *testing.T) {
	w := newWorld(t, hourStation, hourly("no2", "no2", 200))
	s := w.station("x").of(reading.Hour).every(time.Hour)
	s.send("no2", 100, 100)
	right := w.clock
	w.step(w.entry(reading.Tick, right+240*hour, "", nil))
	w.step(w.entry(reading.Tick, right+minute, "", nil))
	w.clock = right + minute
	s.send("no2", 250, 260, 100)
	w.want("firing no2/x/no2 12:00 13:00", "resolved no2/x/no2 12:00 15:00")
}

// A section of which nothing is known is of no class, and so not below one.
func TestNoClassIsNotBelowAClass(t *testing.T) {
	better := rule.Rule{ID: "better", Parameter: rule.ClassFigure, Average: "4h", Below: fixed(3), Severity: rule.Info}
	w := newWorld(t, []reading.Station{{ID: "river", Domain: reading.Water, Period: reading.Hours4, PeriodDeclared: true}}, better)
	s := w.station("river").of(reading.Hours4).every(4 * time.Hour)
	s.send("do", 8)
	s.flagged(reading.Fault).send("do", 8)
	s.flagged(reading.Valid)
	w.want("firing better/river/water_class 10:00 14:00")
	w2 := newWorld(t, []reading.Station{{ID: "river", Domain: reading.Water, Period: reading.Hours4, PeriodDeclared: true}}, better)
	sample := line("river", reading.Hours4, ten, reading.Value{Parameter: "do", Number: 8, Flag: reading.Fault}, reading.Value{Parameter: "turbidity", Number: 8})
	w2.step(w2.entry(reading.Readings, ten+4*hour, "river", sample))
	w2.want()
}

// A station whose days come two days late, over the turn of the year: each fires or resolves as the newest there is.
func TestDaysThatAreAlwaysLateFireAndResolve(t *testing.T) {
	r := rule.Rule{ID: "day", Parameter: "pm25", Average: "day", Above: fixed(60), Severity: rule.Warning}
	ytd := rule.Rule{ID: "ytd", Parameter: "pm25", Average: "year", Above: fixed(50), Severity: rule.Warning}
	w := newWorld(t, []reading.Station{{ID: "x", Domain: reading.Air, Period: reading.Day, PeriodDeclared: true}}, r, ytd)
	w.config.Horizon = 200 * time.Hour
	w.reopen()
	first := time.Date(2026, 12, 29, 0, 0, 0, 0, time.UTC).UnixNano()
	w.clock = first
	s := w.station("x").of(reading.Day)
	for i, number := range []float64{50, 50, 80, 40, 40} {
		at := first + int64(i)*24*hour
		w.tick(at + 62*hour)
		s.at(at).send("pm25", number)
	}
	w.want("firing day/x/pm25 00:00 00:00", "resolved day/x/pm25 00:00 00:00")
}
