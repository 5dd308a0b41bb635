package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/hours"
	"egret/rules/rule"
)

// imported gives lines their place in the journal as history that was brought in.
func (w *world) imported(received int64, lines []byte) reading.Entry {
	entry := w.entry(reading.Readings, received, "", lines)
	entry.Transport = reading.Imported
	return entry
}

// linesOf writes values in the order of time, those of one station and instant in a line.
func linesOf(all []sent) (lines []byte) {
	for len(all) > 0 {
		sample := reading.Sample{Domain: all[0].domain, Station: all[0].station, Period: all[0].period, Time: all[0].at}
		for len(all) > 0 && all[0].station == sample.Station && all[0].at == sample.Time {
			sample.Values = append(sample.Values, all[0].value)
			all = all[1:]
		}
		lines = sample.AppendLine(lines)
	}
	return lines
}

// pieces cuts values into entries of up to most, anywhere.
func pieces(random *rand.Rand, all []sent, most int) (cut [][]byte) {
	for len(all) > 0 {
		size := min(len(all), 1+random.IntN(most))
		cut = append(cut, linesOf(all[:size]))
		all = all[size:]
	}
	return cut
}

// What stations measured before they were connected ends in the same figures, indices, classes, levels and verdicts
// whether it is brought in before or after they send, in however many entries, and as if they had sent it all in order.
func TestHistoryEndsInTheSameFiguresWheneverItComes(t *testing.T) {
	for i, span := range []struct{ place, from string }{{"Asia/Shanghai", "2027-12-24"}, {"Europe/Berlin", "2026-03-20"}, {"Asia/Kolkata", "2024-02-20"}} {
		t.Run(fmt.Sprintf("%s seed=%d", span.place, seed), func(t *testing.T) {
			zone, err := time.LoadLocation(span.place)
			if err != nil {
				t.Fatal(err)
			}
			from, _ := time.ParseInLocation(time.DateOnly, span.from, zone)
			random := rand.New(rand.NewPCG(uint64(i), seed))
			all := measure(random, zone, from, from.AddDate(0, 0, 11))
			connected := from.AddDate(0, 0, 7).Add(4 * time.Hour).UnixNano()
			until := from.AddDate(0, 0, 17).UnixNano()
			var history, live []sent
			for _, s := range all {
				if s.at < connected {
					history = append(history, s)
				} else {
					live = append(live, s)
				}
			}
			want := runNetwork(t, random, zone, all, until)
			run := func(at int64, most int) (map[string]string, []string) {
				w := newWorld(t, network, networkRules()...)
				sink := &last{zone, map[string]string{}, 0}
				w.config.Zone, w.config.Sink, w.clock = zone, sink, connected
				w.reopen()
				w.step(w.entry(reading.Tick, connected, "", nil))
				bring := func() {
					told := len(w.box.left["mqtt"])
					for _, lines := range pieces(random, history, most) {
						w.step(w.imported(w.clock, lines))
						if random.IntN(8) == 0 {
							w.reopen()
						}
					}
					if got := w.box.left["mqtt"][told:]; len(got) > 0 {
						t.Errorf("history told %d alerts: %s", len(got), got[0])
					}
				}
				brought := false
				for _, s := range live {
					for ; w.clock+30*minute < s.received; w.clock += 30 * minute {
						w.step(w.entry(reading.Tick, w.clock+30*minute, "", nil))
					}
					if !brought && s.received > at {
						bring()
						brought = true
					}
					w.clock = s.received
					w.step(w.entry(reading.Readings, s.received, s.station, linesOf([]sent{s})))
				}
				w.tick(until - 2*24*hour)
				if !brought {
					bring()
				}
				w.tick(until)
				return sink.figures, saidToExceed(t, w.db)
			}
			for _, c := range []struct {
				when string
				at   int64
				most int
			}{{"before", 0, 1e6}, {"before", 0, 700}, {"meanwhile", connected + 40*hour, 40}, {"after", until, 1e6}, {"after", until, 700}} {
				got, exceed := run(c.at, c.most)
				sameFigures(t, got, want.figures)
				if !slices.Equal(exceed, want.exceed) {
					t.Errorf("%d periods exceed, want %d: %v", len(exceed), len(want.exceed), difference(exceed, want.exceed))
				}
				if t.Failed() {
					t.Fatalf("history that came %s in entries of up to %d values", c.when, c.most)
				}
			}
		})
	}
}

// The same journal with history in it, cut into other steps and with Egret started anew at any point, tells the same
// alerts and writes the same lines, over the nights in which readings are trimmed.
func TestStepsAndRestartsChangeNothingOfHistory(t *testing.T) {
	t.Logf("seed=%d", seed)
	random := rand.New(rand.NewPCG(5, seed))
	from := time.Date(2026, 3, 1, 0, 0, 0, 0, beijing)
	all := measure(random, beijing, from, from.AddDate(0, 0, 12))
	connected := from.AddDate(0, 0, 6).UnixNano()
	at, _ := slices.BinarySearchFunc(all, connected, func(s sent, instant int64) int { return int(s.received - instant) })
	history := pieces(random, all[:at], 1500)
	again := pieces(random, all[:at], 3000)
	w := &world{}
	var journal []reading.Entry
	clock := connected
	for _, s := range all[at:] {
		for ; clock+30*minute < s.received; clock += 30 * minute {
			journal = append(journal, w.entry(reading.Tick, clock+30*minute, "", nil))
		}
		clock = s.received
		if late := s; random.IntN(20) == 0 { // of the hour before
			late.at -= 2 * hour
			journal = append(journal, w.entry(reading.Readings, clock, s.station, linesOf([]sent{late})))
		}
		journal = append(journal, w.entry(reading.Readings, clock, s.station, linesOf([]sent{s})))
		if random.IntN(20) == 0 && len(history) > 0 {
			journal = append(journal, w.imported(clock, history[0]))
			if history = history[1:]; len(history) == 0 {
				history, again = again, nil
			}
		}
	}
	run := func(restarts bool) (string, string, Counts) {
		rules := append(networkRules(), above("window", 3*time.Hour, 100), rule.Rule{ID: "silent", Missing: 5 * time.Hour, Severity: rule.Info})
		w := newWorld(t, network, rules...)
		w.config.Zone = beijing
		w.reopen()
		for rest := journal; len(rest) > 0; {
			size := min(len(rest), 2000)
			if restarts {
				size = min(len(rest), 1+random.IntN(60))
			}
			w.step(rest[:size]...)
			if rest = rest[size:]; restarts && random.IntN(3) == 0 {
				w.reopen()
			}
		}
		return strings.Join(w.box.left["mqtt"], "\n"), strings.Join(w.box.left["influxdb"], ""), w.engine.Counts()
	}
	// Means of rules' windows are made at the end of a step or before history, so their places among the lines differ.
	windows := func(lines string) (calendar []string, last map[string]string) {
		last = map[string]string{}
		for text := range strings.Lines(lines) {
			if parts := strings.Fields(text); strings.Contains(parts[0], "period=3h") {
				last[parts[0]+parts[2]] = parts[1]
			} else {
				calendar = append(calendar, text)
			}
		}
		return calendar, last
	}
	alerts, lines, counts := run(false)
	alertsAgain, linesAgain, countsAgain := run(true)
	if alerts != alertsAgain || strings.Count(alerts, "\n") < 20 {
		t.Errorf("%d alerts, with restarts %d", strings.Count(alerts, "\n"), strings.Count(alertsAgain, "\n"))
	}
	if counts != countsAgain || counts.BeyondHorizon != 0 || counts.Duplicates == 0 {
		t.Errorf("counts %+v, with restarts %+v", counts, countsAgain)
	}
	one, points := windows(lines)
	other, pointsAgain := windows(linesAgain)
	samePoints(t, "means of windows", pointsAgain, points)
	for i := range min(len(one), len(other)) {
		if one[i] != other[i] {
			t.Fatalf("line %d is\n%s\nand with restarts\n%s", i+1, one[i], other[i])
		}
	}
	if len(one) != len(other) {
		t.Errorf("%d lines, with restarts %d", len(one), len(other))
	}
}

// readingsBefore counts the blocks of readings of the hours before an instant.
func readingsBefore(t *testing.T, db *pebble.DB, instant int64) (count int) {
	t.Helper()
	iterator, err := db.NewIter(&pebble.IterOptions{LowerBound: hours.AppendKey(nil, 0, nil, 0)[:5], UpperBound: hours.AppendKey(nil, uint32(hours.Of(instant)), nil, 0)[:5]})
	if err != nil {
		t.Fatal(err)
	}
	defer iterator.Close()
	for valid := iterator.First(); valid; valid = iterator.Next() {
		count++
	}
	return count
}

// The same history brought in again, at once or after its readings are gone, changes nothing; nor does a part of it.
// What was brought in once more with other numbers does.
func TestHistoryBroughtInAgainChangesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, seed))
	start := time.Date(2023, 3, 1, 0, 0, 0, 0, beijing)
	all := measure(random, beijing, start, start.AddDate(0, 0, 20))
	w := beijingWorld(t, start.AddDate(3, 0, 0), network, networkRules()...)
	sink := &last{beijing, map[string]string{}, 0}
	w.config.Sink = sink
	w.reopen()
	w.tick(w.clock + hour) // so that the clock is trusted
	bring := func(all []sent) {
		for _, lines := range pieces(random, all, 2000) {
			w.step(w.imported(w.clock, lines))
		}
	}
	bring(all)
	figures, made := maps.Clone(sink.figures), sink.made
	unchanged := func(what string) {
		t.Helper()
		sameFigures(t, sink.figures, figures)
		if sink.made != made {
			t.Errorf("%s: %d figures were made anew", what, sink.made-made)
		}
	}
	bring(all)
	unchanged("at once")
	if duplicates := w.engine.Counts().Duplicates; duplicates != uint64(len(all)) {
		t.Errorf("%d of %d values are duplicates", duplicates, len(all))
	}
	w.tick(w.clock + 26*hour)
	// An import that was interrupted may complete the hours it stopped in.
	end := start.AddDate(0, 0, 21).UnixNano()
	if got := readingsBefore(t, w.db, end-50*hour); got != 0 {
		t.Errorf("%d blocks of readings are still there", got)
	}
	if readingsBefore(t, w.db, end) == 0 {
		t.Error("no readings are left that another entry could complete")
	}
	w.tick(w.clock + 8*24*hour)
	if got := readingsBefore(t, w.db, end); got != 0 {
		t.Errorf("%d blocks of readings are there after a week", got)
	}
	bring(all)
	unchanged("after the readings are gone")
	w.tick(w.clock + 9*24*hour)
	var part []sent
	for i := range all {
		if random.IntN(2) == 0 {
			part = append(part, all[i])
		}
	}
	bring(part)
	unchanged("a part")
	corrected := slices.Clone(all)
	for i := range corrected {
		corrected[i].value.Number += 1
	}
	bring(corrected)
	if sink.made == made {
		t.Error("other numbers changed nothing")
	}
}

// Days are kept for good, their hours for two years: a part of a day's hours does not replace the day.
func TestAPartOfADayWhoseHoursAreGoneChangesNothing(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start, hourlyStation)
	w.day(start, "pm25", 60)
	w.tick(start.AddDate(0, 0, 1).UnixNano())
	// Two years later the hours go one by one.
	for day := range 10 {
		w.day(start.AddDate(2, 0, day-2), "pm25", 50)
	}
	w.tick(w.clock + 2*hour)
	bring := func(number float64, from, count int) {
		var lines []byte
		for i := range count {
			lines = append(lines, line("a", reading.Hour, start.UnixNano()+int64(from+i)*hour, reading.Value{Parameter: "pm25", Number: number})...)
		}
		w.step(w.imported(w.clock, lines))
	}
	day := func() string {
		return w.points()[fmt.Sprintf("averages,station=a,parameter=pm25,period=day %d", start.UnixNano())]
	}
	want := "value=60,count=24i,coverage=1,valid=true"
	bring(90, 3, 7)
	if got := day(); got != want {
		t.Errorf("after seven hours the day is %s", got)
	}
	bring(90, 10, 14)
	bring(90, 0, 3)
	if got := day(); got != "value=90,count=24i,coverage=1,valid=true" {
		t.Errorf("after all hours the day is %s", got)
	}
}

// History fires nothing, ends nothing and corrects nothing, also where the clock ends the hours that it stops in. A
// later correction of what it said is told.
func TestHistoryTellsNobody(t *testing.T) {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start.AddDate(0, 0, 10), []reading.Station{{ID: "a", Domain: reading.Air}, {ID: "road", Domain: reading.Noise, Zone: "2"}},
		byStandard("pm25", "day"), byStandard("pm25", "year"), byStandard("ln", "night"), above("window", time.Hour, 75))
	w.tick(w.clock + hour)
	var lines []byte
	for i := range int64(3*24*60 - 30) { // it stops within an hour
		at := start.UnixNano() + i*minute
		lines = append(lines, line("a", reading.Momentary, at, reading.Value{Parameter: "pm25", Number: 200})...)
		road := reading.Sample{Domain: reading.Noise, Station: "road", Time: at, Values: []reading.Value{{Parameter: "leq", Number: 80}}}
		lines = road.AppendLine(lines)
	}
	w.step(w.imported(w.clock, lines))
	w.tick(w.clock + 30*hour)
	w.wantSaid()
	key := fmt.Sprintf("averages,station=a,parameter=pm25,period=day %d", start.AddDate(0, 0, 2).UnixNano())
	if got := w.points()[key]; got != "value=200,count=23i,coverage=0.9583333333333334,valid=true" {
		t.Errorf("the last day is %s", got)
	}
}

// What history says of a day is remembered: once a later day is known, a correction of it is told as any other is.
func TestACorrectionOfHistoryIsTold(t *testing.T) {
	start := time.Date(2026, 5, 4, 0, 0, 0, 0, beijing)
	w := beijingWorld(t, start.AddDate(0, 0, 1), hourlyStation, byStandard("pm25", "day"))
	w.tick(w.clock + hour)
	var lines []byte
	for i := range int64(24) {
		lines = append(lines, line("a", reading.Hour, start.UnixNano()+i*hour, reading.Value{Parameter: "pm25", Number: 70})...)
	}
	w.step(w.imported(w.clock, lines))
	w.day(start.AddDate(0, 0, 1), "pm25", 30)
	w.wantSaid()
	w.station("a").of(reading.Hour).every(time.Hour).at(start.Add(12*time.Hour).UnixNano()).send("pm25", times(10, 12)...)
	w.wantSaid("corrected 05-04 pm25 at a: corrected: day of 2026-05-04 is 60 ug/m3, not above 60 (GB 3095-2026 table 1 transitional), 24 of 24 values")
}

// History is no sign of life of a station, and nobody is missed who is known from history only.
func TestHistoryIsNoSignOfLife(t *testing.T) {
	registered := []reading.Station{{ID: "never", Domain: reading.Air}, {ID: "lost", Domain: reading.Air}}
	missing := rule.Rule{ID: "missing", Missing: 3 * time.Hour, Severity: rule.Warning}
	old := time.Date(2013, 3, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	t.Run("registered", func(t *testing.T) {
		w := newWorld(t, registered, missing)
		w.tick(ten)
		w.station("lost").pm25(20)
		w.tick(ten + 2*hour)
		for _, id := range []string{"never", "lost"} {
			w.step(w.imported(w.clock, slices.Concat(line(id, reading.Momentary, old, reading.Value{Parameter: "pm25", Number: 20}), line(id, reading.Momentary, w.clock-hour, reading.Value{Parameter: "pm25", Number: 30}))))
		}
		w.reopen()
		for _, s := range w.engine.Stations() {
			if want := map[string]int64{"lost": ten}[s.Station.ID]; s.Received != want || s.FirstSeen != want || s.Newest != w.clock-hour {
				t.Errorf("%s was first heard at %d, last at %d, its newest reading is of %d", s.Station.ID, s.FirstSeen, s.Received, s.Newest)
			}
		}
		w.tick(ten + 3*hour + 2*minute)
		if alerts := w.engine.Alerts(); len(alerts) != 2 || !strings.Contains(alerts[1].Message+alerts[0].Message, "never") || alerts[0].Start.Year() != 2026 || alerts[1].Start.Year() != 2026 {
			t.Errorf("alerts %+v", alerts)
		}
		told := len(w.box.left["mqtt"])
		w.step(w.imported(w.clock, line("lost", reading.Momentary, w.clock-minute, reading.Value{Parameter: "pm25", Number: 30})))
		if len(w.box.left["mqtt"]) != told {
			t.Error("history ends the alert of a station that is missing")
		}
	})
	t.Run("in no register", func(t *testing.T) {
		w := newWorld(t, nil, missing)
		w.tick(ten)
		w.step(w.imported(w.clock, line("stranger", reading.Momentary, old, reading.Value{Parameter: "pm25", Number: 20})))
		w.tick(ten + 5*hour)
		w.reopen()
		w.tick(ten + 10*hour)
		if alerts := w.engine.Alerts(); len(alerts) != 0 {
			t.Errorf("a station that never sent is missed: %+v", alerts)
		}
		w.station("stranger").at(w.clock).pm25(20)
		w.tick(w.clock + 4*hour)
		if alerts := w.engine.Alerts(); len(alerts) != 1 || alerts[0].Station != "stranger" {
			t.Errorf("alerts %+v", alerts)
		}
	})
}

// Two years of history in months: the mean of what has passed of a year, worked out by other means.
func TestYearsOfHistory(t *testing.T) {
	w := beijingWorld(t, time.Date(2026, 11, 21, 9, 0, 0, 0, beijing), hourlyStation)
	w.tick(w.clock + hour)
	from := time.Date(2015, 1, 1, 0, 0, 0, 0, beijing)
	number := func(at time.Time) int { return (at.YearDay()*37 + at.Hour()*at.Year()) % 150 }
	want := map[string]string{}
	sum, days := 0, 0
	for month := range 24 {
		var lines []byte
		for at := from.AddDate(0, month, 0); at.Before(from.AddDate(0, month+1, 0)); at = at.Add(time.Hour) {
			if at.YearDay() == 1 && at.Hour() == 0 {
				sum, days = 0, 0
			}
			lines = append(lines, line("a", reading.Hour, at.UnixNano(), reading.Value{Parameter: "pm25", Number: float64(number(at))})...)
			if sum += number(at); at.Hour() == 23 {
				days++
				mean := *fixed(float64(sum) / float64(24*days))
				want[fmt.Sprintf("averages,station=a,parameter=pm25,period=ytd %d", at.Add(-23*time.Hour).UnixNano())] = fmt.Sprintf("%.5f %d", mean.Float(), days)
			}
		}
		w.step(w.imported(w.clock, lines))
	}
	got := map[string]string{}
	for key, fields := range w.points() {
		if strings.Contains(key, "period=ytd") {
			_, rest, _ := strings.Cut(fields, "count=")
			var value float64
			var count int
			_, err := fmt.Sscanf(fields, "value=%f", &value)
			if _, other := fmt.Sscanf(rest, "%di", &count); err != nil || other != nil {
				t.Fatalf("%s %s: %v, %v", key, fields, err, other)
			}
			got[key] = fmt.Sprintf("%.5f %d", value, count)
		}
	}
	if len(want) != 731 {
		t.Fatalf("%d days", len(want))
	}
	samePoints(t, "years to date", got, want)
}
