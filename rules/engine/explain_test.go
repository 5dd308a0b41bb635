package engine

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/figure"
	"egret/rules/noise"
	"egret/rules/rule"
	"egret/rules/standard"
	"egret/rules/water"
)

var shanghai = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// local returns an instant on Shanghai's clocks.
func local(text string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	if err != nil {
		panic(err)
	}
	return t.UnixNano()
}

// office is a world whose stations stand in Shanghai's zone.
type office struct{ *world }

func newOffice(t *testing.T, stations []reading.Station, rules ...rule.Rule) *office {
	w := newWorld(t, stations, rules...)
	w.config.Zone = shanghai
	w.reopen()
	return &office{w}
}

// sends takes one message that arrives when its period is over, or later.
func (o *office) sends(s *reading.Station, at int64, values ...reading.Value) {
	o.t.Helper()
	o.clock = max(o.clock, at+int64(s.Period.Length()))
	sample := reading.Sample{Domain: s.Domain, Station: s.ID, Period: s.Period, Time: at, Values: values}
	o.step(o.entry(reading.Readings, o.clock, s.ID, sample.AppendLine(nil)))
}

// until lets the clock run on.
func (o *office) until(text string) {
	o.t.Helper()
	o.clock = local(text)
	o.step(o.entry(reading.Tick, o.clock, "", nil))
}

func (o *office) explains(station, parameter, period, start string) Figure {
	o.t.Helper()
	f, err := o.engine.Explain(station, parameter, period, local(start))
	if err != nil {
		o.t.Fatalf("%s of %s at %s: %v", period, parameter, start, err)
	}
	return f
}

// hourly sends values of hours one after the other from an instant on.
func (o *office) hourly(s *reading.Station, from, parameter string, numbers ...float64) {
	o.t.Helper()
	for i, number := range numbers {
		o.sends(s, local(from)+int64(i)*hour, reading.Value{Parameter: parameter, Number: number})
	}
}

func (o *office) wantVerdict(f *Figure, verdict standard.Verdict, limit float64, source, phase string, grade int) {
	o.t.Helper()
	j := f.Judgement
	if j == nil || j.Verdict != verdict || j.Limit != *fixed(limit) || j.Source.Standard+" "+j.Source.Clause != source || j.Phase != phase || j.Grade != grade {
		o.t.Errorf("%s of %s at %s is judged %+v, want %s %g by %s %s, grade %d", f.Period, f.Parameter, o.engine.zone.Show(f.Start), j, verdict, limit, source, phase, grade)
	}
}

// starts returns the clock hours of parts.
func starts(parts []Part) string {
	var clocks []string
	for _, p := range parts {
		clocks = append(clocks, time.Unix(0, p.Start).In(shanghai).Format("15"))
	}
	return strings.Join(clocks, " ")
}

var avenue = reading.Station{ID: "avenue", Domain: reading.Air, City: "无锡", Period: reading.Hour, PeriodDeclared: true}

func TestADayOf19HoursSaysWhichAreMissing(t *testing.T) {
	o := newOffice(t, []reading.Station{avenue})
	o.clock = local("2026-11-20 00:00")
	o.hourly(&avenue, "2026-11-20 00:00", "pm25", times(64, 19)...)
	if _, err := o.engine.Explain("avenue", "pm25", "day", local("2026-11-20 00:00")); !errors.Is(err, ErrNoFigure) || !strings.Contains(err.Error(), "not over") {
		t.Errorf("a day that is not over: %v", err)
	}
	o.until("2026-11-21 00:10")
	f := o.explains("avenue", "pm25", "day", "2026-11-20 13:30")
	if f.Valid || f.Count != 19 || f.Expected != 24 || f.Value.Fixed() != *fixed(64) || f.Reason != "19 of 24 hours, 20 are needed (GB 3095-2026 6.4, table 4)" {
		t.Errorf("%+v", f)
	}
	o.wantVerdict(&f, standard.NotEnough, 60, "GB 3095-2026 table 1", "transitional", 2)
	if f.Why.Of != "hours" || len(f.Why.Values) != 19 || starts(f.Why.Missing) != "19 20 21 22 23" {
		t.Errorf("why: %+v", f.Why)
	}
	last := f.Why.Values[18]
	if last.Start != local("2026-11-20 18:00") || last.Value.Fixed() != *fixed(64) || last.Count != 1 || !last.Valid {
		t.Errorf("the last hour is %+v", last)
	}
	o.hourly(&avenue, "2026-11-20 20:00", "pm25", 44) // a late one makes it valid: (19·64+44)/20 is 63
	f = o.explains("avenue", "pm25", "day", "2026-11-20 00:00")
	if !f.Valid || f.Reason != "" || f.Value.Fixed() != *fixed(63) || starts(f.Why.Missing) != "19 21 22 23" {
		t.Errorf("after the late hour: %+v, missing %s", f, starts(f.Why.Missing))
	}
	o.wantVerdict(&f, standard.Exceeds, 60, "GB 3095-2026 table 1", "transitional", 2)
	if f.Judgement.Compared != *fixed(63) || f.Judgement.Rounding != "half-even to 0 decimals, HJ 663-2026 data rounded for the verdict (seen in a secondary source)" {
		t.Errorf("compared: %+v", f.Judgement)
	}
	month := o.explains("avenue", "pm25", "month", "2026-11-20 00:00")
	if month.Valid || month.Count != 1 || month.Reason != "1 of 30 days so far, 27 are needed (GB 3095-2026 as table 4, which has no such row)" || month.Judgement != nil || len(month.Why.Missing) != 19 {
		t.Errorf("month: %+v, %d days missing", month, len(month.Why.Missing))
	}
	year := o.explains("avenue", "pm25", "year", "2026-11-20 00:00")
	for _, part := range []string{"1 of 365 days so far, 324 are needed", "February has 0 of 28 days, 25 are needed", "November has 1 of 30 days, 27 are needed (GB 3095-2026 6.4, table 4)"} {
		if !strings.Contains(year.Reason, part) {
			t.Errorf("the year's reason %q does not say %q", year.Reason, part)
		}
	}
	o.wantVerdict(&year, standard.NotEnough, 30, "GB 3095-2026 table 1", "transitional", 2)
	if year.Percentile != 95 || year.OfPercentile == nil || year.OfPercentile.Limit != *fixed(60) || year.OfPercentile.Verdict != standard.NotEnough {
		t.Errorf("percentile: %d %+v", year.Percentile, year.OfPercentile)
	}
}

func TestTheStandardIsThatOfTheDayAndTheGradeThatOfTheZone(t *testing.T) {
	reserve := avenue
	reserve.ID, reserve.Zone = "reserve", "1"
	o := newOffice(t, []reading.Station{avenue, reserve})
	o.clock = local("2026-02-28 00:00")
	for i := range int64(48) {
		for _, s := range []*reading.Station{&avenue, &reserve} {
			o.sends(s, local("2026-02-28 00:00")+i*hour, reading.Value{Parameter: "pm25", Number: 70}, reading.Value{Parameter: "no2", Number: 210})
		}
	}
	o.until("2026-03-02 00:10")
	f := func(station, start string, verdict standard.Verdict, limit float64, source, phase string, grade int) {
		t.Helper()
		one := o.explains(station, "pm25", "day", start)
		o.wantVerdict(&one, verdict, limit, source, phase, grade)
	}
	f("avenue", "2026-02-28 00:00", standard.Meets, 75, "GB 3095-2012 (amendment 2018) table 1", "", 2)
	f("avenue", "2026-03-01 00:00", standard.Exceeds, 60, "GB 3095-2026 table 1", "transitional", 2)
	f("reserve", "2026-02-28 00:00", standard.Exceeds, 35, "GB 3095-2012 (amendment 2018) table 1", "", 1)
	f("reserve", "2026-03-01 00:00", standard.Exceeds, 35, "GB 3095-2026 table 1", "transitional", 1)
	no2 := o.explains("avenue", "no2", "1h", "2026-03-01 23:00")
	o.wantVerdict(&no2, standard.Exceeds, 200, "GB 3095-2026 table 1", "transitional", 2)
	if pm25 := o.explains("avenue", "pm25", "1h", "2026-03-01 23:00"); pm25.Judgement != nil {
		t.Errorf("no standard limits an hour of PM2.5: %+v", pm25.Judgement)
	}
	index := func(start, name string, published bool, reason string) {
		t.Helper()
		one := o.explains("avenue", rule.IndexFigure, "day", start)
		if one.Index.Standard != name || one.Valid != published || one.Count != 2 || !strings.Contains(one.Reason, reason) {
			t.Errorf("index of %s: %+v, %+v", start, one, one.Index)
		}
		missing := []string{}
		for _, p := range one.Why.Missing {
			missing = append(missing, p.Parameter)
		}
		for _, pollutant := range []string{"pm10", "so2", "co", "o3_8h"} {
			if !slices.Contains(missing, pollutant) {
				t.Errorf("%s does not say that %s is missing: %v", start, pollutant, missing)
			}
		}
	}
	index("2026-02-28 00:00", "HJ 633-2012", true, "")
	index("2026-03-01 00:00", "HJ 633-2026", true, "")
	city := o.explains("city:无锡", "pm25", "day", "2026-03-01 00:00")
	if city.Value.Fixed() != *fixed(70) || city.Count != 2 || city.Why.Of != "stations" || len(city.Why.Values) != 2 || city.Why.Values[1].Station != "reserve" {
		t.Errorf("city: %+v %+v", city, city.Why)
	}
	o.wantVerdict(&city, standard.Exceeds, 60, "GB 3095-2026 table 1", "transitional", 2)
}

func TestAnIndexThatMayNotBePublishedSaysWhy(t *testing.T) {
	o := newOffice(t, []reading.Station{avenue})
	o.clock = local("2026-11-20 00:00")
	o.sends(&avenue, local("2026-11-20 08:00"), reading.Value{Parameter: "pm25", Number: 30})
	o.until("2026-11-20 09:10")
	f := o.explains("avenue", rule.IndexFigure, "1h", "2026-11-20 08:00")
	if f.Valid || f.Value.Known() || f.Index.Published || !f.Index.Known {
		t.Fatalf("%+v %+v", f, f.Index)
	}
	for _, part := range []string{"may not be published (HJ 633-2026)", "pm10: no valid value", "o3: no valid value"} {
		if !strings.Contains(f.Reason, part) {
			t.Errorf("%q does not say %q", f.Reason, part)
		}
	}
	if strings.Contains(f.Reason, "pm25:") || len(f.Why.Values) != 1 || f.Why.Values[0].Value.Fixed() != *fixed(30) {
		t.Errorf("%q, %+v", f.Reason, f.Why)
	}
	all, err := o.engine.Indices("1h")
	if err != nil || len(all) != 2 || all[0].Station != "city:无锡" || all[1].Station != "avenue" || all[1].Index.Partial != f.Index.Partial {
		t.Errorf("indices: %+v, %v", all, err)
	}
}

func TestReadingsOfAnHour(t *testing.T) {
	minutes := reading.Station{ID: "minutes", Domain: reading.Air, Period: reading.Minutes15, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{minutes})
	o.clock = local("2026-11-20 08:00")
	for i, flag := range []reading.Flag{reading.Valid, reading.Calibration, reading.Valid} {
		o.sends(&minutes, local("2026-11-20 08:00")+int64(i)*15*minute, reading.Value{Parameter: "no2", Number: 40, Flag: flag})
	}
	o.until("2026-11-20 09:10")
	f := o.explains("minutes", "no2", "1h", "2026-11-20 08:00")
	if f.Valid || f.Count != 2 || f.Expected != 4 || f.Reason != "2 of 4 readings, 3 are needed (GB 3095-2026 6.4, table 4)" {
		t.Errorf("%+v", f)
	}
	w := f.Why
	if len(w.Values) != 3 || w.Values[1].Valid || w.Values[1].Flag != reading.Calibration || len(w.Missing) != 1 || w.Missing[0].Start != local("2026-11-20 08:45") {
		t.Errorf("%+v", w)
	}
	for day := 21; day <= 25; day++ { // the clock runs on until the readings are no longer kept
		for at := local("2026-11-" + strconv.Itoa(day) + " 00:00"); at < local("2026-11-"+strconv.Itoa(day)+" 23:59"); at += minute {
			o.clock = at
			o.step(o.entry(reading.Tick, at, "", nil))
		}
	}
	f = o.explains("minutes", "no2", "1h", "2026-11-20 08:00")
	if f.Count != 2 || len(f.Why.Values)+len(f.Why.Missing) != 0 || !strings.Contains(f.Why.Note, "no longer here") {
		t.Errorf("%+v %+v", f, f.Why)
	}
}

func TestNoiseOfANight(t *testing.T) {
	road := reading.Station{ID: "road", Domain: reading.Noise, Zone: "4a", Period: reading.Hour, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{road})
	o.clock = local("2026-11-20 06:00")
	o.hourly(&road, "2026-11-20 06:00", "leq", times(68, 16)...)
	o.hourly(&road, "2026-11-20 22:00", "leq", times(56, 5)...)
	o.until("2026-11-21 06:10")
	ld := o.explains("road", "ld", "day", "2026-11-20 00:00")
	if !ld.Valid || ld.Count != 16 || ld.Expected != 16 || ld.Start != local("2026-11-20 06:00") {
		t.Errorf("ld: %+v", ld)
	}
	o.wantVerdict(&ld, standard.Meets, 70, "GB 3096-2008 table 1", "", 0)
	ln := o.explains("road", "ln", "night", "2026-11-20 22:00")
	if ln.Valid || ln.Count != 5 || ln.Expected != 8 || ln.Start != local("2026-11-20 22:00") || ln.Reason != "5 of 8 hours, 6 are needed (Egret three quarters of the hours)" || starts(ln.Why.Missing) != "03 04 05" {
		t.Errorf("ln: %+v, missing %s", ln, starts(ln.Why.Missing))
	}
	o.wantVerdict(&ln, standard.NotEnough, 55, "GB 3096-2008 table 1", "", 0)
	ldn := o.explains("road", "ldn", "day", "2026-11-20 12:00")
	if ldn.Valid || ldn.Value.Known() || ldn.Judgement != nil || ldn.Reason != "it needs a valid day and a valid night" {
		t.Errorf("ldn: %+v", ldn)
	}
	o.hourly(&road, "2026-11-21 03:00", "leq", 56)
	ln = o.explains("road", "ln", "night", "2026-11-20 22:00")
	o.wantVerdict(&ln, standard.Exceeds, 55, "GB 3096-2008 table 1", "", 0)
	if ln.Judgement.Compared != *fixed(56) || !strings.Contains(ln.Judgement.Rounding, "half-even to 1 decimals, HJ 640-2012") {
		t.Errorf("compared: %+v", ln.Judgement)
	}
}

func TestAWaterItemThatIsMissing(t *testing.T) {
	river := reading.Station{ID: "river", Domain: reading.Water, Target: "III", Period: reading.Hours4, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{river})
	o.clock = local("2026-11-20 00:00")
	sample := func(at string, nh3n float64, more ...reading.Value) {
		o.sends(&river, local(at), append(more, reading.Value{Parameter: "do", Number: 6.5}, reading.Value{Parameter: "nh3n", Number: nh3n})...)
	}
	codmn := reading.Value{Parameter: "codmn", Number: 3.5}
	sample("2026-11-20 00:00", 0.4, codmn)
	sample("2026-11-20 04:00", 0.4)
	sample("2026-11-20 08:00", 1.2)
	o.until("2026-11-20 12:10")
	f := func(at string, class water.Class, verdict standard.Verdict, reason string, missing int) {
		t.Helper()
		one := o.explains("river", rule.ClassFigure, "4h", at)
		if one.Class.Section.Class != class || one.Reason != reason || len(one.Why.Missing) != missing || one.Count != 3-missing || one.Expected != 3 {
			t.Errorf("%s: %+v, %+v", at, one, one.Class.Section)
		}
		o.wantVerdict(&one, verdict, 3, "GB 3838-2002 target class", "", 0)
	}
	f("2026-11-20 02:00", water.ClassII, standard.Meets, "", 0)
	f("2026-11-20 04:00", water.Unknown, standard.NotEnough, "no valid value of codmn; what is there proves that it is not better than class Ⅱ", 1)
	f("2026-11-20 08:00", water.Unknown, standard.Exceeds, "no valid value of codmn; what is there proves that it is not better than class Ⅳ", 1)
	if _, err := o.engine.Explain("river", rule.ClassFigure, "4h", local("2026-11-19 20:00")); !errors.Is(err, ErrNoFigure) {
		t.Errorf("before the first sample: %v", err)
	}
}

func TestWhatThereIsNoFigureOf(t *testing.T) {
	waiting := reading.Station{ID: "waiting", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true}
	o := newOffice(t, []reading.Station{avenue, waiting})
	o.clock = local("2026-11-20 00:00")
	o.hourly(&avenue, "2026-11-20 00:00", "pm25", times(50, 24)...)
	o.until("2026-11-21 00:10")
	f := func(station, parameter, period, start string, want error) {
		t.Helper()
		if _, err := o.engine.Explain(station, parameter, period, local(start)); !errors.Is(err, want) {
			t.Errorf("%s of %s at %s: %v, want %v", period, parameter, station, err, want)
		}
	}
	f("nobody", "pm25", "day", "2026-11-20 00:00", ErrUnknownStation)
	f("city:nowhere", "pm25", "day", "2026-11-20 00:00", ErrUnknownStation)
	f("waiting", "pm25", "day", "2026-11-20 00:00", ErrNoFigure)
	for _, period := range []string{"1h", "8h", "24h", "day", "night", "month", "quarter", "year", "ytd", "decade", ""} {
		f("avenue", "plutonium", period, "2026-11-20 00:00", ErrNoFigure)
		for _, parameter := range []string{"pm25", rule.IndexFigure, rule.ClassFigure, "ld", "ln", "ldn", "lmax"} {
			f("avenue", parameter, period, "2027-01-02 00:00", ErrNoFigure)
			f("avenue", parameter, period, "2025-10-19 00:00", ErrNoFigure)
		}
	}
	if all, err := o.engine.Figures("waiting"); err != nil || len(all) != 0 {
		t.Errorf("a station that has sent nothing has figures: %+v, %v", all, err)
	}
	if _, err := o.engine.Figures("nobody"); !errors.Is(err, ErrUnknownStation) {
		t.Errorf("figures of nobody: %v", err)
	}
}

// play sends what the network measured, in order, and looks at the figures now and then.
func (o *office) play(random *rand.Rand, all []sent, look func()) {
	for len(all) > 0 {
		var entries []reading.Entry
		for len(all) > 0 && len(entries) < 60 {
			one := all[0]
			sample := reading.Sample{Domain: one.domain, Station: one.station, Period: one.period, Time: one.at, Values: []reading.Value{one.value}}
			entries = append(entries, o.entry(reading.Readings, one.received, one.station, sample.AppendLine(nil)))
			o.clock, all = one.received, all[1:]
		}
		o.step(entries...)
		if random.IntN(20) == 0 {
			look()
		}
	}
	o.step(o.entry(reading.Tick, o.clock+30*hour, "", nil))
}

// What is explained is what was told: each figure that left the rules, with late and corrected readings, over the night
// in which the standard changed. And to look at figures changes none.
func TestExplainedFiguresAreThoseThatWereTold(t *testing.T) {
	t.Run("as standing", func(t *testing.T) { wantExplained(t, figure.Practice{}) })
	t.Run("otherwise", func(t *testing.T) {
		wantExplained(t, figure.Practice{OzoneRestart: true, Air: air.Practice{Hour: air.NineByTheStandard}, Noise: noise.Settings{Night: noise.SameDate}})
	})
	t.Run("US", func(t *testing.T) { wantExplained(t, figure.Practice{US: true}) })
}

func wantExplained(t *testing.T, practice figure.Practice) {
	const seed = 1 // of two days that hold alerts of every kind, as chance might not
	random := rand.New(rand.NewPCG(7, seed))
	from := time.Date(2026, time.February, 27, 0, 0, 0, 0, shanghai)
	all := disturb(random, measure(random, shanghai, from, from.AddDate(0, 0, 2)))
	play := func(look bool) (*office, *last) {
		o := newOffice(t, network, networkRules()...)
		sink := &last{shanghai, map[string]string{}, 0}
		o.config.Sink, o.config.Practice = sink, practice
		o.reopen()
		o.play(rand.New(rand.NewPCG(7, seed)), all, func() {
			o.reopen()
			for _, s := range []string{"city:无锡", "air-1", "air-2", "river", "road"} {
				if !look {
					continue
				}
				if _, err := o.engine.Figures(s); err != nil {
					t.Fatal(err)
				}
			}
		})
		return o, sink
	}
	o, sink := play(true)
	_, unseen := play(false)
	sameFigures(t, sink.figures, unseen.figures)
	o.reopen()
	compared := 0
	for key, told := range sink.figures {
		words := strings.Fields(key)
		if words[1] == "noise" {
			continue // the same as its averages
		}
		parameter, start := words[1], int64(0)
		if number, err := strconv.ParseInt(words[3], 10, 64); err == nil {
			start = number
		} else if at, err := time.Parse(time.RFC3339, words[3]); err == nil {
			start = at.UnixNano()
		}
		if parameter == "class" {
			parameter = rule.ClassFigure
		}
		f, err := o.engine.Explain(words[0], parameter, words[2], start)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		var text []byte
		switch {
		case f.Index != nil:
			i := figure.Index{Station: f.Station, Period: f.Period, Start: f.Start, Index: f.Index}
			text, err = i.MarshalIn(shanghai)
		case f.Class != nil:
			text, err = f.Class.MarshalIn(shanghai)
		default:
			text = f.AppendJSON(nil, shanghai)
		}
		if err != nil || string(text) != told {
			t.Errorf("%s\nexplained %s\n     told %s", key, text, told)
		}
		if f.Valid != (f.Reason == "") {
			t.Errorf("%s: valid %t, reason %q", key, f.Valid, f.Reason)
		}
		compared++
	}
	if compared < 1500 {
		t.Errorf("only %d figures were compared", compared)
	}
	wantAlertsExplained(t, o)
}

// wantAlertsExplained holds each alert against the figure it is about.
func wantAlertsExplained(t *testing.T, o *office) {
	t.Helper()
	explained := map[string]int{}
	for _, a := range o.engine.Alerts() {
		f, err := o.engine.ExplainAlert(&a)
		switch {
		case a.Parameter == rule.WarningFigure:
			if !errors.Is(err, ErrNoFigure) {
				t.Errorf("%s: %v", a.ID, err)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", a.ID, err)
			continue
		case f.Parameter != a.Parameter || f.Period != a.Window:
			t.Errorf("%s is explained by %s of %s", a.ID, f.Period, f.Parameter)
		case a.Parameter == "ld" || a.Window == "night":
			if end := o.engine.noiseEnd(o.engine.zone.DayOf(f.Start)); end != a.At.UnixNano() {
				t.Errorf("%s at %s is explained by a day that ends at %s", a.ID, a.At, o.engine.zone.Show(end))
			}
		case !remade[a.Window] && f.End != a.At.UnixNano():
			t.Errorf("%s at %s is explained by a figure that ends at %s", a.ID, a.At, o.engine.zone.Show(f.End))
		}
		explained[a.Parameter]++
	}
	if len(explained) < 4 || explained["leq"] == 0 || explained[rule.ClassFigure] == 0 {
		t.Errorf("too few alerts were explained: %v", explained)
	}
}
