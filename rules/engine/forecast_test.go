package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/calendar"
	"egret/rules/rule"
)

// forecaster sends the forecasts of the city of avenue.
var forecaster = reading.Station{ID: "forecaster", Domain: reading.Indicator, City: "无锡", Period: reading.Day}

// forecasting is an office whose only station sends days; the city's index is made of particles.
type forecasting struct {
	*office
	today calendar.Day
}

func newForecasting(t *testing.T, today string) *forecasting {
	watch := func(id string, above float64) rule.Rule {
		return rule.Rule{ID: id, Parameter: rule.ForecastWarningFigure, Average: "day", Above: fixed(above), Severity: rule.Info}
	}
	o := newOffice(t, []reading.Station{jars[0], forecaster}, watch("yellow", 0), watch("orange", 1), watch("red", 2))
	o.config.Practice.Air.Unmonitored = []string{"so2", "no2", "co", "o3_8h"}
	o.reopen()
	o.clock = local(today + " 00:00")
	return &forecasting{o, o.engine.zone.DayOf(o.clock)}
}

// particles returns the concentrations that give a daily index (HJ 633-2026 table 1).
func particles(index int) []reading.Value {
	pm25, pm10 := 10.0, 20.0
	switch {
	case index > 300:
		pm25 = float64(250 + index - 300) // 250 to 350 give 300 to 400
	case index > 200:
		pm25 = float64(150 + index - 200) // 150 to 250 give 200 to 300
	case index >= 150:
		pm10 = float64(250 + 2*(index-150)) // 250 to 350 give 150 to 200
	}
	return []reading.Value{{Parameter: "pm25", Number: pm25}, {Parameter: "pm10", Number: pm10}}
}

// measures lets days go by that are measured, and ten minutes of the next.
func (o *forecasting) measures(daily ...int) {
	o.t.Helper()
	for _, index := range daily {
		o.sends(&jars[0], o.engine.zone.Start(o.today), particles(index)...)
		o.today++
	}
}

// forecasts sends forecasts in one message in the afternoon of today: of days counted from today on, -1 for none.
func (o *forecasting) forecasts(first int, daily ...int) {
	o.t.Helper()
	o.clock = max(o.clock, o.engine.zone.Start(o.today)+16*hour)
	var lines []byte
	for i, index := range daily {
		if index >= 0 {
			lines = append(lines, forecastLine(o.engine.zone.Start(o.today+calendar.Day(first+i)), reading.Value{Parameter: reading.AQIForecast, Number: float64(index)})...)
		}
	}
	o.step(o.entry(reading.Readings, o.clock, forecaster.ID, lines))
}

func forecastLine(at int64, v reading.Value) []byte {
	sample := reading.Sample{Domain: reading.Indicator, Station: forecaster.ID, Period: reading.Day, Time: at, Values: []reading.Value{v}}
	return sample.AppendLine(nil)
}

// level returns the gravest warning that fires.
func (o *forecasting) level() string {
	level := "none"
	for _, id := range []string{"yellow", "orange", "red"} {
		if slices.ContainsFunc(o.engine.Alerts(), func(a alert.Alert) bool { return a.Rule == id && a.State == alert.StateFiring }) {
			level = id
		}
	}
	return level
}

// Facts air.md 5, each row cut in all places into days that were measured and days that are forecast. Clean days follow.
func TestWarningOfDaysMeasuredAndForecast(t *testing.T) {
	f := func(want string, daily ...int) {
		t.Helper()
		for measured := range daily {
			o := newForecasting(t, "2026-11-02")
			o.measures(append([]int{60}, daily[:measured]...)...)
			o.forecasts(0, append(slices.Clone(daily[measured:]), 50, 50)...)
			if got := o.level(); got != want {
				t.Errorf("%v, %d of them measured: %s, want %s", daily, measured, got, want)
			}
		}
	}
	f("none", 200)
	f("yellow", 201)
	f("none", 150, 151)
	f("yellow", 151, 151)
	f("orange", 160, 170, 155)
	f("orange", 210, 220)
	f("orange", 210, 220, 230)
	f("red", 210, 310, 220)
	f("orange", 310, 320)
	f("orange", 151, 201, 151)
}

// What was measured and is over calls for no warning by forecast, and a gap parts two runs.
func TestARunMustGoOnIntoTheForecast(t *testing.T) {
	f := func(want string, measured, forecast []int) {
		t.Helper()
		o := newForecasting(t, "2026-11-02")
		o.measures(measured...)
		o.forecasts(0, forecast...)
		if got := o.level(); got != want {
			t.Errorf("%v measured, %v forecast: %s, want %s", measured, forecast, got, want)
		}
	}
	f("none", []int{210, 310, 220}, []int{80, 80})
	f("orange", []int{210, 310, 220}, []int{160, 80}) // four days above 150; those above 200 are over
	f("red", []int{210, 310}, []int{220, 80})
	f("yellow", []int{90, 90}, []int{80, 90, 90, 210})
	f("none", []int{210, 220}, []int{-1, 80})     // nothing of today
	f("yellow", []int{210, 220}, []int{-1, 201})  // a run of its own
	f("orange", []int{210, 220}, []int{160, 170}) // above 150 for four days
	f("orange", nil, []int{310, 320})             // nothing was measured: all is forecast
}

// Without a forecast for tomorrow nothing is said: neither that a warning is due nor that one is over.
func TestNothingIsSaidWithoutAForecastForTomorrow(t *testing.T) {
	o := newForecasting(t, "2026-11-02")
	o.measures(60, 210)
	o.forecasts(0, 220)
	o.want()
	o.forecasts(0, -1, 230)
	if got := o.level(); got != "orange" {
		t.Fatalf("level %s, want orange", got)
	}
	told := len(o.said())
	o.measures(220, 60, 60, 60) // the forecasts have run out
	if got := o.level(); got != "orange" || len(o.said()) != 0 {
		t.Errorf("level %s after %d alerts, want orange still", got, told)
	}
	o.forecasts(0, 70, 60)
	if got := o.level(); got != "none" {
		t.Errorf("level %s, want none", got)
	}
}

// episode lets an episode come, be revised, last and go. restart is done after each part.
func episode(o *forecasting, restart func()) {
	then := func(do func()) {
		do()
		restart()
	}
	then(func() { o.measures(60, 70) })                 // 2 and 3 November
	then(func() { o.forecasts(0, 80, 120, 90, 80) })    // on the 4th
	then(func() { o.measures(90) })                     //
	then(func() { o.forecasts(0, 110, 160, 170, 120) }) // on the 5th: yellow from then on
	then(func() { o.measures(120) })                    //
	then(func() { o.forecasts(0, 165, 175, 90, 80) })   // the 6th
	then(func() { o.forecasts(2, 155) })                // the 8th is revised: orange
	then(func() { o.measures(170) })                    // the 6th is measured: 170, and 175 and 155 are to come
	then(func() { o.forecasts(0, 180, 120, 80, 70) })   // on the 7th: the 8th will be better, two days are left
	then(func() { o.measures(180) })                    // the 8th is all that is left, and is forecast at 120: over
	then(func() { o.forecasts(0, 110, 80, 70, 60) })    //
	then(func() { o.measures(110, 80) })                //
}

// An episode is one alert of each level that it calls for, whatever is revised and however often Egret starts anew.
func TestAnEpisodeIsOneAlertOfEachLevel(t *testing.T) {
	want := []string{
		"firing yellow 11-05 11-05 16:00 is 1, above 0; forecast from that day on: 110 160 170 120",
		"firing orange 11-06 11-06 16:00 is 2, above 1; forecast from that day on: 165 175 155 80",
		"resolved orange 11-06 11-07 16:00 is 1, no longer above 1; forecast from that day on: 180 120 80 70, after measured: 170",
		"resolved yellow 11-05 11-08 00:00 is 0, no longer above 0; forecast from that day on: 120 80 70, after measured: 170 180",
	}
	f := func(restart func(*forecasting)) {
		t.Helper()
		o := newForecasting(t, "2026-11-02")
		episode(o, func() { restart(o) })
		var got []string
		ids := map[string]bool{}
		for _, payload := range o.box.left["mqtt"] {
			var a alert.Alert
			if err := json.Unmarshal([]byte(payload), &a); err != nil {
				t.Fatal(err)
			}
			ids[a.ID] = true
			_, message, _ := strings.Cut(a.Message, " is ")
			got = append(got, fmt.Sprintf("%s %s %s %s is %s", a.State, a.Rule, a.Start.In(shanghai).Format("01-02"), a.At.In(shanghai).Format("01-02 15:04"), message))
		}
		if !slices.Equal(got, want) {
			t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if len(ids) != 2 {
			t.Errorf("alerts %v", ids)
		}
	}
	f(func(*forecasting) {})
	f(func(o *forecasting) { o.reopen() })
}

// A forecast that is taken back, one that comes late, and a day measured late or corrected.
func TestRevisedForecastsAndLateDays(t *testing.T) {
	f := func(want string, do func(*forecasting)) {
		t.Helper()
		o := newForecasting(t, "2026-11-02")
		o.measures(60)
		o.forecasts(0, 160, 170, 155, 80)
		if o.level() != "orange" {
			t.Fatalf("level %s before", o.level())
		}
		do(o)
		if got := o.level(); got != want {
			t.Errorf("level %s, want %s", got, want)
		}
	}
	f("none", func(o *forecasting) { o.forecasts(0, 120, 130, 90) })
	f("red", func(o *forecasting) { o.forecasts(0, 210, 310, 220) })
	f("yellow", func(o *forecasting) { o.forecasts(0, 60) }) // the two days after it remain
	f("orange", func(o *forecasting) {                       // taken back: nobody knows what tomorrow will be
		tomorrow := o.engine.zone.Start(o.today + 1)
		o.step(o.entry(reading.Readings, o.clock, forecaster.ID, forecastLine(tomorrow, reading.Value{Parameter: reading.AQIForecast, Number: 170, Flag: reading.Fault})))
	})
	f("orange", func(o *forecasting) { // the forecast of the 5th comes after that of the 8th
		o.forecasts(5, 60)
		o.forecasts(2, 160)
	})
	f("orange", func(o *forecasting) { o.measures(160) }) // two are to come
	f("none", func(o *forecasting) {                      // the 3rd was 160, as it seems first, and is corrected
		o.measures(160)
		o.forecasts(0, 170, 80, 80) // yellow
		o.sends(&jars[0], o.engine.zone.Start(o.today-1), particles(60)...)
	})
	f("yellow", func(o *forecasting) { // of the 3rd nothing is measured until the 4th is: then the forecast no longer counts
		o.today++
		o.forecasts(0, 170, 80, 80)
		if o.level() != "yellow" { // 160 of the 3rd as it was forecast, and 170
			t.Errorf("level %s while the day is awaited", o.level())
		}
		o.today--
		o.measures(155)
	})
}

// Forecasts change no average, no period and no sign of what was measured, also where the station that sends them
// measures, too, and sent them first.
func TestAForecastAdvancesNothingElse(t *testing.T) {
	mast := reading.Station{ID: "mast", Domain: reading.Air, City: "无锡"}
	run := func(foretold bool) []string {
		o := newOffice(t, []reading.Station{mast})
		o.clock = local("2026-11-20 00:00")
		forecast := func(day int) {
			if foretold {
				sample := reading.Sample{Domain: reading.Indicator, Station: "mast", Period: reading.Day, Time: local("2026-11-20 00:00") + int64(day)*24*hour}
				sample.Values = []reading.Value{{Parameter: reading.AQIForecast, Number: 80}}
				o.step(o.entry(reading.Readings, o.clock, "mast", sample.AppendLine(nil)))
			}
		}
		hourly := mast
		hourly.Period = reading.Hour
		for day := range 3 {
			for ahead := range 10 {
				forecast(day + ahead)
			}
			o.reopen()
			for at := range int64(24) {
				o.sends(&hourly, local("2026-11-20 00:00")+int64(day)*24*hour+at*hour, reading.Value{Parameter: "pm25", Number: float64(40 + at)})
			}
			daily := mast // days of its own do not feed the averages: hours were first
			daily.Period = reading.Day
			o.sends(&daily, local("2026-11-20 00:00")+int64(day)*24*hour, reading.Value{Parameter: "pm25", Number: 500})
		}
		var all []string
		for _, id := range []string{"mast", "city:无锡"} {
			figures, err := o.engine.Figures(id)
			if err != nil {
				t.Fatal(err)
			}
			for i := range figures {
				all = append(all, string(figures[i].AppendJSON(nil, shanghai)))
			}
		}
		if status := o.engine.Stations(); foretold && status[0].Values != 105 {
			t.Errorf("%+v", status)
		}
		return all
	}
	with, without := run(true), run(false)
	if !slices.Equal(with, without) || len(with) < 10 {
		t.Errorf("figures with forecasts\n%s\nwithout\n%s", strings.Join(with, "\n"), strings.Join(without, "\n"))
	}
}

// A rule may wait for forecasts as for any reading.
func TestForecastsThatDoNotCome(t *testing.T) {
	r := rule.Rule{ID: "waits", Parameter: reading.AQIForecast, Missing: 26 * time.Hour, Severity: rule.Warning, Stations: rule.Selector{IDs: []string{"forecaster"}}}
	w := newWorld(t, []reading.Station{forecaster}, r)
	w.tick(ten)
	w.step(w.entry(reading.Readings, ten, forecaster.ID, forecastLine(ten+14*hour, reading.Value{Parameter: reading.AQIForecast, Number: 80})))
	w.tick(ten + 26*hour)
	w.want()
	w.tick(ten + 27*hour)
	w.want("firing waits/forecaster/aqi_forecast 10:00 12:01")
	w.step(w.entry(reading.Readings, w.clock, forecaster.ID, forecastLine(ten+38*hour, reading.Value{Parameter: reading.AQIForecast, Number: 80})))
	w.want("resolved waits/forecaster/aqi_forecast 10:00 13:00")
}

// The run that the schemes are held against goes over new year, where the index stands on two pages.
func TestAnEpisodeOverNewYear(t *testing.T) {
	o := newForecasting(t, "2026-12-29")
	o.measures(60, 210, 220) // the 30th and 31st
	o.forecasts(0, 230, 310, 90)
	if got := o.level(); got != "red" {
		t.Errorf("level %s, want red", got)
	}
	o.measures(160)
	if got := o.level(); got != "orange" { // the 1st was no day above 200, and those before it are over: five above 150
		t.Errorf("level %s, want orange", got)
	}
}
