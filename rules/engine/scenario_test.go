package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"egret/ingest/reading"
	"egret/rules/alert"
	"egret/rules/rule"
)

func TestMeanAboveItsLimitFiresAndResolves(t *testing.T) {
	w := newWorld(t, nil, above("pm25-10m", 10*time.Minute, 75))
	s := w.station("wx-1").pm25(times(80, 7)...)
	w.want() // 7 of 10 values are not enough
	s.pm25(80)
	w.want("firing pm25-10m/wx-1/pm25 10:07 10:07")
	s.pm25(60, 20) // (8·80+60)/9 is 77.8, (8·80+60+20)/10 is 72
	w.want("resolved pm25-10m/wx-1/pm25 10:07 10:09")
}

func TestSilenceNeitherFiresNorResolvesNorClearsPending(t *testing.T) {
	waits := above("waits", 5*time.Minute, 75)
	waits.For = 3 * time.Minute
	w := newWorld(t, nil, above("now", 5*time.Minute, 75), waits)
	s := w.station("wx-1").pm25(times(80, 5)...)
	w.want("firing now/wx-1/pm25 10:03 10:03")
	s.at(ten+30*minute).pm25(10, 10, 10) // three of five values
	w.want()
	s.pm25(10)
	w.want("resolved now/wx-1/pm25 10:03 10:33")
	s.pm25(times(200, 8)...)
	w.want("firing now/wx-1/pm25 10:35 10:35", "firing waits/wx-1/pm25 10:35 10:38")
}

func TestPendingOutlastsAGap(t *testing.T) {
	waits := above("waits", 5*time.Minute, 75)
	waits.For = 20 * time.Minute
	w := newWorld(t, nil, waits)
	s := w.station("wx-1").pm25(times(80, 5)...)
	w.reopen()
	s.at(ten+30*minute).pm25(80, 80, 80)
	w.want()
	if open := w.engine.Alerts(); len(open) != 1 || open[0].State != alert.StatePending {
		t.Fatalf("open alerts: %+v, want one pending", open)
	}
	s.pm25(80)
	w.want("firing waits/wx-1/pm25 10:03 10:33")
}

func TestHysteresisKeepsFiringBetweenLimitAndClear(t *testing.T) {
	r := above("r", time.Minute, 75)
	r.Clear = fixed(70)
	w := newWorld(t, nil, r)
	w.station("wx-1").pm25(76, 75, 70, 69.9, 75, 76)
	w.want("firing r/wx-1/pm25 10:00 10:00", "resolved r/wx-1/pm25 10:00 10:03", "firing r/wx-1/pm25 10:05 10:05")
}

func TestPeriodReadingsEndWhenTheirPeriodEnds(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1", Period: reading.Hour}}, above("r", 2*time.Hour, 75))
	w.station("wx-1").pm25(times(500, 9)...) // samples: the register says hour values
	w.want()
	w.station("wx-1").of(reading.Hour).every(time.Hour).pm25(80, 90)
	w.want("firing r/wx-1/pm25 12:00 12:00")
}

func TestLateAndCorrectedReadingsReopenTheWindow(t *testing.T) {
	w := newWorld(t, nil, above("r", 4*time.Minute, 75))
	w.station("wx-1").pm25(70, 70).at(ten + 3*minute).pm25(70)
	w.want()
	w.station("wx-1").at(ten + 2*minute).pm25(100) // late: mean 77.5
	w.want("firing r/wx-1/pm25 10:03 10:03")
	w.station("wx-1").at(ten + 2*minute).flagged(reading.Calibration).pm25(100)
	w.want("resolved r/wx-1/pm25 10:03 10:03")
	want := Counts{Entries: 5, Messages: 5, Values: 5, Corrected: 1, Late: 1, Unusable: 1}
	if got := w.engine.Counts(); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestDuplicatesChangeNothing(t *testing.T) {
	w := newWorld(t, nil, above("r", 2*time.Minute, 75))
	w.station("wx-1").pm25(80, 10, 30)
	w.want()
	points := w.points()
	before := len(w.box.left["influxdb"])
	w.reopen()
	w.station("wx-1").at(ten+2*minute).pm25(30).at(ten).pm25(80, 10)
	if got := w.engine.Counts(); got.Duplicates != 3 || got.Late != 0 || got.Corrected != 0 {
		t.Errorf("counts %+v, want 3 duplicates", got)
	}
	if len(w.box.left["influxdb"]) != before || len(w.points()) != len(points) {
		t.Error("duplicates made points anew")
	}
	w.want()
}

func TestReadingsBeyondTheHorizonAreOnlyCounted(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Minute, 75))
	w.tick(ten)
	w.station("wx-1").at(ten - 49*60*minute).pm25(500)
	if got := w.engine.Counts(); got.BeyondHorizon != 1 || got.Late != 0 {
		t.Errorf("counts %+v, want one beyond the horizon", got)
	}
	w.station("wx-1").at(ten - 48*60*minute).pm25(500)
	w.want("firing r/wx-1/pm25 10:00 10:00")
	if latest, err := w.engine.Latest("wx-1"); err != nil || len(latest) != 1 || latest[0].Time != ten-48*60*minute {
		t.Errorf("latest %+v, %v", latest, err)
	}
	if _, err := w.engine.Latest("nobody"); !errors.Is(err, ErrUnknownStation) {
		t.Errorf("an unknown station: %v", err)
	}
}

func TestMissingReadings(t *testing.T) {
	rules := []rule.Rule{
		{ID: "any", Missing: 10 * time.Minute, Severity: rule.Critical},
		{ID: "co", Parameter: "co", Missing: 5 * time.Minute, Severity: rule.Info, Stations: rule.Selector{IDs: []string{"wx-1"}}},
	}
	w := newWorld(t, []reading.Station{{ID: "wx-1"}, {ID: "never"}}, rules...)
	w.station("wx-1").pm25(1, 1, 1) // 10:02
	w.tick(ten + 5*minute)
	w.want() // not more than five minutes yet
	w.tick(ten + 6*minute)
	w.want("firing co/wx-1/co 10:00 10:06")
	w.reopen()
	w.tick(ten + 11*minute)
	w.want("firing any/never 10:00 10:11")
	w.step(w.entry(reading.Refused, ten+12*minute, "wx-1", nil)) // no sign of life
	w.tick(ten + 13*minute)
	w.want("firing any/wx-1 10:02 10:13")
	w.reopen()
	w.tick(ten + 30*minute)
	w.want()
	w.station("wx-1").at(ten + 30*minute).pm25(1)
	w.want("resolved any/wx-1 10:02 10:30")
	w.station("wx-1").at(ten+31*minute).send("co", 1)
	w.want("resolved co/wx-1/co 10:00 10:31")
	w.tick(ten + 50*minute)
	w.want("firing co/wx-1/co 10:31 10:37", "firing any/wx-1 10:31 10:42")
	for _, s := range w.engine.Stations() {
		if s.Station.ID == "wx-1" && (s.Refused != 1 || s.Messages != 5 || s.Values != 5 || s.Newest != ten+31*minute || s.FirstSeen != ten) {
			t.Errorf("status %+v", s)
		}
	}
}

func TestNobodyIsMissingWhileEgretWasAway(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}, {ID: "wx-2"}}, rule.Rule{ID: "silent", Missing: 10 * time.Minute, Severity: rule.Info})
	w.station("wx-1").pm25(1, 1, 1) // 10:02
	w.station("wx-2").pm25(1, 1, 1)
	w.reopen()
	w.clock = ten + 120*minute // down for two hours
	w.tick(ten + 121*minute)
	w.want()
	w.reopen()
	w.station("wx-1").at(ten + 122*minute).pm25(1)
	w.tick(ten + 131*minute)
	w.want()
	w.tick(ten + 132*minute)
	w.want("firing silent/wx-2 10:02 12:12")
}

func TestACorrectionThatEndsAnAlertAndBeginsItAgainIsToldEachTime(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Minute, 75))
	w.station("wx-1").pm25(80)
	w.station("wx-1").pm25(10)
	w.reopen()
	w.station("wx-1").pm25(90)
	var turns []string
	for _, payload := range w.box.left["mqtt"] {
		var a alert.Alert
		if err := json.Unmarshal([]byte(payload), &a); err != nil {
			t.Fatal(err)
		}
		turns = append(turns, fmt.Sprint(a.ID, " ", a.State, " ", a.Turn))
	}
	id := "r/wx-1/pm25/2026-11-21T10:00:00Z "
	if want := []string{id + "firing 1", id + "resolved 2", id + "firing 3"}; !slices.Equal(turns, want) {
		t.Errorf("told %q, want %q", turns, want)
	}
}

func TestWithARegisterOnlyItsStationsAreMissed(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}}, rule.Rule{ID: "silent", Missing: 10 * time.Minute, Severity: rule.Info})
	w.station("passer-by").pm25(1)
	w.step(w.entry(reading.Refused, ten+minute, "rubbish-1", nil))
	w.tick(ten + 15*minute)
	w.want("firing silent/wx-1 10:00 10:11")
	for _, s := range w.engine.Stations() {
		if s.Station.ID == "rubbish-1" {
			t.Error("a station that only sent rubbish is remembered")
		}
	}
}

func TestAClockThatJumpsAheadCostsNothingOnceItIsSetRight(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Minute, 75))
	w.station("wx-1").pm25(1)
	w.step(w.entry(reading.Tick, ten+400*24*60*minute, "", nil))
	w.station("wx-1").at(ten + 5*minute).pm25(80)
	w.want("firing r/wx-1/pm25 10:05 10:05")
	if counts := w.engine.Counts(); counts.BeyondHorizon != 0 {
		t.Errorf("counts %+v", counts)
	}
	w.reopen()
	w.station("wx-1").at(ten + 2*minute).pm25(3) // late, in an hour that must still be there
	if counts := w.engine.Counts(); counts.Late != 1 || counts.BeyondHorizon != 0 {
		t.Errorf("counts %+v", counts)
	}
}

func TestALongerHorizonDoesNotBringBackWhatIsTrimmed(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Hour, 75))
	w.config.Horizon = 24 * time.Hour
	w.reopen()
	w.station("wx-1").pm25(10, 10, 10)
	w.tick(ten + 5*24*60*minute)
	before := w.points()
	w.config.Horizon = 300 * 24 * time.Hour
	w.reopen()
	w.station("wx-1").at(ten + minute).pm25(99)
	if counts := w.engine.Counts(); counts.BeyondHorizon != 1 || !maps.Equal(before, w.points()) {
		t.Errorf("counts %+v, points %v, before %v", counts, w.points(), before)
	}
}

func TestAlertsThatNothingWatchesAreWithdrawn(t *testing.T) {
	w := newWorld(t, nil, above("gone", time.Minute, 75), above("stays", time.Minute, 75))
	w.station("wx-1").pm25(80)
	w.want("firing gone/wx-1/pm25 10:00 10:00", "firing stays/wx-1/pm25 10:00 10:00")
	w.config.Rules = w.config.Rules[1:]
	w.reopen()
	w.tick(ten + 5*minute)
	w.want("withdrawn gone/wx-1/pm25 10:00 10:01")
	w.reopen()
	w.tick(ten + 6*minute)
	w.want()
	w.config.Rules[0].Stations.Cities = []string{"elsewhere"}
	w.reopen()
	w.tick(ten + 7*minute)
	w.want("withdrawn stays/wx-1/pm25 10:00 10:07")
	if all := w.engine.Alerts(); len(all) != 2 || all[0].Rule != "stays" || all[1].State != alert.StateWithdrawn {
		t.Errorf("alerts %+v", all)
	}
}

func TestAveragesAreWrittenOnTheirGrid(t *testing.T) {
	w := newWorld(t, nil, above("a", 5*time.Minute, 75), above("b", 2*time.Hour, 75))
	w.station("wx-1").pm25(1, 2).at(ten+3*minute).pm25(4, 5.5)
	want := `averages,station=wx-1,parameter=pm25,period=5m value=1,count=1i,coverage=0.2,valid=false 1795254900000000000
averages,station=wx-1,parameter=pm25,period=2h value=1,count=1i,coverage=0.008333333333333333,valid=false 1795248000000000000
averages,station=wx-1,parameter=pm25,period=5m value=1.5,count=2i,coverage=0.4,valid=false 1795254960000000000
averages,station=wx-1,parameter=pm25,period=5m value=1.5,count=2i,coverage=0.4,valid=false 1795255020000000000
averages,station=wx-1,parameter=pm25,period=5m value=2.333333333,count=3i,coverage=0.6,valid=false 1795255080000000000
averages,station=wx-1,parameter=pm25,period=5m value=3.125,count=4i,coverage=0.8,valid=true 1795255140000000000
`
	if got := strings.Join(w.box.left["influxdb"], ""); got != want {
		t.Errorf("lines\n%s\nwant\n%s", got, want)
	}
	w.box.left["influxdb"] = nil
	w.station("wx-1").at(ten).flagged(reading.Fault).pm25(1)
	got := strings.Join(w.box.left["influxdb"], "")
	if !strings.Contains(got, "period=5m count=0i,coverage=0,valid=false 1795254900000000000\n") || strings.Count(got, "\n") != 6 {
		t.Errorf("after the first reading was taken back:\n%s", got)
	}
}

func TestStepAfterAnErrorIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	w.tick(ten)
	again := []reading.Entry{{Sequence: 1, Record: reading.Record{Kind: reading.Tick, Received: ten}}}
	for range 2 {
		if err := w.engine.Step(again, reading.Position{Sequence: 1}); err == nil || !strings.Contains(err.Error(), "at 1 already") {
			t.Errorf("entry 1 a second time: %v", err)
		}
	}
}

func TestUnreadableLineStopsNothing(t *testing.T) {
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(logger)
	w := newWorld(t, nil, above("r", time.Minute, 75))
	lines := append([]byte("nonsense\n"), line("wx-1", reading.Momentary, ten, reading.Value{Parameter: "pm25", Number: 80})...)
	w.step(w.entry(reading.Readings, ten, "wx-1", lines))
	w.want("firing r/wx-1/pm25 10:00 10:00")
	if got := w.engine.Counts(); got.Unreadable != 1 || got.Values != 1 {
		t.Errorf("counts %+v", got)
	}
}

func TestMistakesInRulesAreNamed(t *testing.T) {
	f := func(want string, rules ...rule.Rule) {
		t.Helper()
		_, err := Open(mustOpenStore(t), &box{}, Config{Parameters: reading.BuiltinParameters(), Rules: rules})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	f("rule r: its id is given twice", above("r", time.Hour, 1), above("r", time.Hour, 2))
	f("rule r: window", above("r", time.Second, 1))
}

func TestAverageWhoseWindowIsTrimmedIsNotMade(t *testing.T) {
	f := func(reopen bool) map[string]string {
		w := newWorld(t, nil, above("day", 24*time.Hour, 75))
		w.station("wx-1").every(time.Hour).pm25(1, 2, 3)
		w.tick(ten + 5*24*60*minute)
		if reopen {
			w.reopen()
		}
		w.station("wx-1").at(ten + 5*24*60*minute + 7*minute).pm25(9)
		return w.points()
	}
	points, again := f(false), f(true)
	// 10:00 to 12:00 by quarters of an hour; those of the day after would lack trimmed readings.
	count := 0
	for key := range points {
		if strings.Contains(key, "station=wx-1,") {
			count++
		}
	}
	if count != 9 || !maps.Equal(points, again) {
		t.Errorf("%d points of wx-1, want 9; after reopening %d in all, want %d", count, len(again), len(points))
	}
}

func TestSilencesOfOneInstantFireInTheOrderOfTheirRules(t *testing.T) {
	silence := func(id string) rule.Rule {
		return rule.Rule{ID: id, Missing: 10 * time.Minute, Severity: rule.Info}
	}
	w := newWorld(t, []reading.Station{{ID: "wx-2"}, {ID: "wx-1"}}, silence("b"), silence("c"), silence("a"))
	w.tick(ten)
	w.tick(ten + 11*minute)
	w.want("firing a/wx-1 10:00 10:11", "firing a/wx-2 10:00 10:11", "firing b/wx-1 10:00 10:11",
		"firing b/wx-2 10:00 10:11", "firing c/wx-1 10:00 10:11", "firing c/wx-2 10:00 10:11")
}

func TestWindowsOfOneLengthOverTwoPeriodsShareNoPoint(t *testing.T) {
	hourly := above("hourly", 24*time.Hour, 75)
	period := reading.Hour
	hourly.Period = &period
	w := newWorld(t, []reading.Station{{ID: "wx-1", PeriodDeclared: true}}, above("samples", 24*time.Hour, 75), hourly)
	w.station("wx-1").of(reading.Hour).pm25(9)
	if len(w.points()) != 0 {
		t.Errorf("hour values made points %v although samples feed the averages", w.points())
	}
	w.station("wx-1").at(ten + 75*minute).pm25(9)
	if len(w.points()) != 1 {
		t.Errorf("samples made points %v, want one", w.points())
	}
}

func TestRunWorksOffTheJournalUntilItIsStopped(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Minute, 75))
	ctx, stop := context.WithCancel(t.Context())
	source := &journal{stop: stop}
	for i := range int64(5) {
		lines := line("wx-1", reading.Momentary, ten+i*minute, reading.Value{Parameter: "pm25", Number: 80})
		source.entries = append(source.entries, w.entry(reading.Readings, ten+i*minute, "wx-1", lines))
	}
	if err := Run(ctx, source, w.engine); err != nil {
		t.Fatal(err)
	}
	w.want("firing r/wx-1/pm25 10:00 10:00")
	if got := w.engine.Position().Sequence; got != 5 {
		t.Errorf("position %d, want 5", got)
	}
	if err := Run(t.Context(), &journal{err: errors.New("cable cut")}, w.engine); err == nil || !strings.Contains(err.Error(), "cable cut") {
		t.Errorf("a journal that cannot be read: %v", err)
	}
}

// journal gives out an entry at a time, then stops the reader, or fails.
type journal struct {
	entries []reading.Entry
	stop    func()
	err     error
}

func (j *journal) Read(_ context.Context, from reading.Position, _ int) ([]reading.Entry, reading.Position, error) {
	if j.err != nil {
		return nil, from, j.err
	}
	if from.Sequence == uint64(len(j.entries)) {
		j.stop()
		return nil, from, context.Canceled
	}
	return j.entries[from.Sequence : from.Sequence+1], reading.Position{Sequence: from.Sequence + 1}, nil
}

func TestOnlyTheLastEndedAlertsAreKept(t *testing.T) {
	w := newWorld(t, nil, above("r", time.Minute, 75))
	s := w.station("wx-1")
	for range mostEnded + 5 {
		s.pm25(80, 10)
	}
	before := w.engine.Alerts()
	w.reopen()
	after := w.engine.Alerts()
	if len(before) != mostEnded || !slices.Equal(before, after) {
		t.Errorf("%d alerts, after reopening %d, want %d and the same", len(before), len(after), mostEnded)
	}
	if last := s.next - minute; before[0].At.UnixNano() != last {
		t.Errorf("first is of %s, want the newest", before[0].At)
	}
}

func TestDamagedStateIsNamed(t *testing.T) {
	f := func(key, value, want string) {
		t.Helper()
		w := newWorld(t, nil, above("r", time.Minute, 75))
		w.station("wx-1").pm25(80)
		if err := w.db.Set([]byte(key), []byte(value), pebble.NoSync); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(w.db, w.box, w.config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", key, err, want)
		}
	}
	f("r", "short", "read the rules' cursor: position is cut short")
	f("swx-1", "\x02\x00", "station wx-1: it is cut short")
	f("twx-1", "\x02\x00", "station wx-1: it is cut short")
	f("swx-1", "\x07", "version 7 is not 2")
	f("aor\x00wx-1\x00pm25", "{", "alert")
}

// What a message costs does not grow with its values: none of them allocates or is looked up.
func TestValuesDoNotAllocate(t *testing.T) {
	var rules []rule.Rule
	keys := []string{"pm25", "pm10", "so2", "no2", "co", "o3", "temp", "rh", "leq", "do", "cod", "tp", "tn"}
	for _, key := range keys {
		r := above(key, time.Hour, 1000)
		r.Parameter = key
		rules = append(rules, r)
	}
	allocations := func(keys []string) float64 {
		w := newWorld(t, nil, rules...)
		w.engine.outbox = discard{}
		at := ten
		values := make([]reading.Value, len(keys))
		entries := []reading.Entry{w.entry(reading.Readings, at, "wx-1", nil)}
		step := func() {
			at += minute
			for i, key := range keys {
				values[i] = reading.Value{Parameter: key, Number: float64(i)}
			}
			w.sequence++
			entries[0].Sequence, entries[0].Received, entries[0].Lines = w.sequence, at, line("wx-1", reading.Momentary, at, values...)
			w.step(entries...)
		}
		for range 300 {
			step()
		}
		return testing.AllocsPerRun(300, step)
	}
	if one, all := allocations(keys[:1]), allocations(keys); all-one > 6 { // the lines and their buffers grow
		t.Errorf("a message of %d values allocates %v times, of one value %v times", len(keys), all, one)
	}
}
