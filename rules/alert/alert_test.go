package alert

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
	"egret/rules/standard"
	"egret/rules/window"
)

var ten = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC).UnixNano()

const minute = int64(time.Minute)

func fixed(text string) *reading.Fixed {
	f, err := reading.ParseFixed([]byte(text))
	if err != nil {
		panic(err)
	}
	return &f
}

// windowOf returns a window of an hour at 10:00 whose last readings, a minute apart, are the given ones.
func windowOf(law reading.Law, numbers ...string) *window.Window {
	s := window.NewSeries(law)
	w := s.Window(60 * minute)
	w.WatchMax()
	w.WatchMin()
	for i, number := range numbers {
		end := ten - int64(len(numbers)-1-i)*minute
		s.Advance(end)
		s.Append(window.Reading{End: end, Number: *fixed(number)})
	}
	return w
}

func repeat(number string, times int) []string {
	all := make([]string, times)
	for i := range all {
		all[i] = number
	}
	return all
}

func TestJudge(t *testing.T) {
	above := func(s rule.Statistic) *rule.Rule {
		return &rule.Rule{Statistic: s, Above: fixed("75"), Clear: fixed("70"), MinCoverage: 0.75}
	}
	below := func(s rule.Statistic) *rule.Rule {
		return &rule.Rule{Statistic: s, Below: fixed("5"), Clear: fixed("6"), MinCoverage: 0.75}
	}
	f := func(r *rule.Rule, numbers []string, want standard.Verdict, clears bool) {
		t.Helper()
		got := Judge(r, windowOf(reading.Arithmetic, numbers...), 60, ten)
		if got != (Evaluation{At: ten, Verdict: want, Clears: clears}) {
			t.Errorf("%s of %d values %s…: %+v, want verdict %d, clears %t", r.Statistic, len(numbers), numbers[0], got, want, clears)
		}
	}
	f(above(rule.Mean), repeat("75.000000001", 45), standard.Exceeds, false)
	f(above(rule.Mean), append(repeat("75", 59), "75.000000001"), standard.Exceeds, false) // the mean rounds to 75
	f(above(rule.Mean), repeat("75", 60), standard.Meets, false)
	f(above(rule.Mean), repeat("70", 60), standard.Meets, false)
	f(above(rule.Mean), repeat("69.999999999", 60), standard.Meets, true)
	f(above(rule.Mean), repeat("90", 44), standard.NotEnough, false)
	f(above(rule.Mean), repeat("10", 44), standard.NotEnough, false)
	f(below(rule.Mean), repeat("4.999999999", 45), standard.Exceeds, false)
	f(below(rule.Mean), repeat("6", 60), standard.Meets, false)
	f(below(rule.Mean), repeat("6.000000001", 60), standard.Meets, true)
	f(above(rule.Max), []string{"75.1"}, standard.Exceeds, false) // one value proves it
	f(above(rule.Max), []string{"75"}, standard.NotEnough, false)
	f(above(rule.Max), repeat("69", 45), standard.Meets, true)
	f(below(rule.Min), []string{"4.9"}, standard.Exceeds, false)
	f(below(rule.Min), []string{"5"}, standard.NotEnough, false)
	f(below(rule.Max), []string{"4.9"}, standard.NotEnough, false) // a missing value may be larger
	f(above(rule.Min), []string{"80"}, standard.NotEnough, false)

	unclear := above(rule.Mean)
	unclear.Clear = nil
	f(unclear, repeat("75", 60), standard.Meets, true)
	unclear.MinCoverage = 0
	if got := Judge(unclear, windowOf(reading.Arithmetic), 60, ten); got.Verdict != standard.NotEnough {
		t.Errorf("a window without readings: %+v", got)
	}
}

func TestLifecycle(t *testing.T) {
	exceeds, meets := Evaluation{Verdict: standard.Exceeds}, Evaluation{Verdict: standard.Meets, Clears: true}
	between, unknown := Evaluation{Verdict: standard.Meets}, Evaluation{Verdict: standard.NotEnough}
	f := func(wait time.Duration, evaluations []Evaluation, want ...Transition) {
		t.Helper()
		var s State
		for i, e := range evaluations {
			e.At = ten + int64(i)*minute
			var got Transition
			before := s
			if s, got = s.Next(e, wait); got != want[i] {
				t.Errorf("minute %d: transition %d, want %d", i, got, want[i])
			}
			if e.Verdict == standard.NotEnough && s != before {
				t.Errorf("minute %d: not enough data changed %+v to %+v", i, before, s)
			}
		}
	}
	all := func(e ...Evaluation) []Evaluation { return e }
	f(0, all(meets, exceeds, exceeds, between, unknown, meets, meets), None, Fired, None, None, None, Resolved, None)
	f(2*time.Minute, all(exceeds, exceeds, exceeds, exceeds), Began, None, Fired, None)
	f(2*time.Minute, all(exceeds, unknown, unknown, exceeds), Began, None, None, Fired)
	f(2*time.Minute, all(exceeds, between, exceeds, exceeds, exceeds), Began, Ended, Began, None, Fired)
	f(90*time.Second, all(exceeds, exceeds, exceeds), Began, None, Fired)

	s, _ := State{}.Next(Evaluation{At: ten, Verdict: standard.Exceeds}, time.Minute)
	if s, _ = s.Next(Evaluation{At: ten + 5*minute, Verdict: standard.Exceeds}, time.Minute); s != (State{Firing, ten}) {
		t.Errorf("fired as %+v, want since when the condition began", s)
	}
}

func TestMessagesAndLines(t *testing.T) {
	parameters := reading.BuiltinParameters()
	pm25 := &rule.Rule{ID: "pm25-1h", Parameter: "pm25", Statistic: rule.Mean, Window: time.Hour, Above: fixed("75"), Severity: rule.Warning}
	a := OfLimit(pm25, "wx-air-1", parameters["pm25"], windowOf(reading.Arithmetic, repeat("83.4", 58)...), 60, StateFiring, ten, ten-2*minute)
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"pm25-1h/wx-air-1/pm25/2026-11-21T09:58:00Z","rule":"pm25-1h","station":"wx-air-1","parameter":"pm25","severity":"warning","state":"firing","turn":0,` +
		`"at":"2026-11-21T10:00:00Z","start":"2026-11-21T09:58:00Z","value":83.4,"limit":75,"window":"1h","statistic":"mean","coverage":0.9666666666666667,` +
		`"message":"pm25 at wx-air-1: mean of 1h is 83.4 ug/m3, above 75 (58 of 60 values)"}`
	if string(text) != want {
		t.Errorf("JSON\n got %s\nwant %s", text, want)
	}
	want = `alerts,rule=pm25-1h,station=wx-air-1,parameter=pm25,severity=warning state="firing",value=83.4,limit=75,` +
		`message="pm25 at wx-air-1: mean of 1h is 83.4 ug/m3, above 75 (58 of 60 values)",id="pm25-1h/wx-air-1/pm25/2026-11-21T09:58:00Z" 1795255200000000000` + "\n"
	if got := string(a.AppendLine(nil)); got != want {
		t.Errorf("line\n got %s\nwant %s", got, want)
	}

	message := func(got Alert, want string) {
		t.Helper()
		if got.Message != want {
			t.Errorf("message\n got %s\nwant %s", got.Message, want)
		}
		kept, err := got.Store()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseStored(kept); err != nil || back != got {
			t.Errorf("stored and read back: %+v, %v; want %+v", back, err, got)
		}
	}
	message(a.Withdraw(ten), "pm25 at wx-air-1: withdrawn, rule pm25-1h no longer watches it")
	fine := windowOf(reading.Arithmetic, "70")
	message(OfLimit(pm25, "w", parameters["pm25"], fine, 60, StateResolved, ten, ten), "pm25 at w: mean of 1h is 70 ug/m3, no longer above 75 (1 of 60 values)")
	hair := windowOf(reading.Arithmetic, "75.0004")
	message(OfLimit(pm25, "w", parameters["pm25"], hair, 1, StateFiring, ten, ten), "pm25 at w: mean of 1h is 75.0004 ug/m3, above 75 (1 of 1 values)")
	do := &rule.Rule{ID: "do", Parameter: "do", Statistic: rule.Min, Window: time.Hour, Below: fixed("5"), Clear: fixed("5.5"), For: 10 * time.Minute}
	message(OfLimit(do, "w", parameters["do"], windowOf(reading.Arithmetic, "4.2"), 12, StatePending, ten, ten), "do at w: min of 1h is 4.2 mg/L, below 5, not yet for 10m (1 of 12 values)")
	message(OfLimit(do, "w", parameters["do"], windowOf(reading.Arithmetic, "5.75"), 12, StateResolved, ten, ten), "do at w: min of 1h is 5.75 mg/L, back above 5.5 (1 of 12 values)")
	leq := &rule.Rule{ID: "n", Parameter: "leq", Statistic: rule.Mean, Window: time.Hour, Above: fixed("55")}
	message(OfLimit(leq, "p", parameters["leq"], windowOf(reading.Energy, "60", "50"), 60, StateFiring, ten, ten), "leq at p: energy mean of 1h is 57.4 dB, above 55 (2 of 60 values)")
	silent := &rule.Rule{ID: "silent", Missing: 30 * time.Minute, Severity: rule.Critical}
	message(OfSilence(silent, "w", true, StateFiring, ten+31*minute, ten), "w: no readings for 31m, more than 30m; the last was received at 2026-11-21T10:00:00Z")
	message(OfSilence(silent, "w", false, StateFiring, ten+31*minute, ten), "w: no readings for 31m, more than 30m; nothing since it became known at 2026-11-21T10:00:00Z")
	message(OfSilence(silent, "w", true, StateResolved, ten+62*minute, ten), "w: readings again after 1h2m")
	s := OfSilence(silent, "w", true, StateFiring, ten+31*minute, ten)
	want = `alerts,rule=silent,station=w,severity=critical state="firing",value=1860,limit=1800,message="` + s.Message + fmt.Sprintf(`",id="silent/w/2026-11-21T10:00:00Z" %d`, ten+31*minute) + "\n"
	if got := string(s.AppendLine(nil)); got != want {
		t.Errorf("line of silence\n got %s\nwant %s", got, want)
	}
}

func TestStoredAlertOfAnotherVersionIsRefused(t *testing.T) {
	for _, text := range []string{`{"version":2}`, `{`, `{"version":1,"value":"x"}`} {
		if _, err := ParseStored([]byte(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
