package intake

import (
	"errors"
	"strings"
	"testing"

	"egret/ingest/payload"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

// keep puts a refused message into the journal and the quarantine, as the intake does.
func (b *bench) keep(m Message) quarantine.Entry {
	b.t.Helper()
	must(b.t, b.Offer(b.t.Context(), m))
	s := &step{}
	b.take(s, <-b.queue)
	must(b.t, b.commit(b.t.Context(), s))
	e, err := b.quarantine.Get(b.quarantine.Counts().NextID - 1)
	must(b.t, err)
	return e
}

func (b *bench) retry(checker *Checker, e quarantine.Entry) (int, []string, error) {
	route := func(m *Message) { m.Station, m.Format, m.Decode = "wx-1", "json", payload.JSON }
	return Retry(b.t.Context(), b.local, b.quarantine, checker, route, e)
}

func (b *bench) lines(after uint64) string {
	b.t.Helper()
	var lines strings.Builder
	for from := (reading.Position{}); from.Sequence < b.local.State().Head.Sequence; {
		entries, next, err := b.local.Read(b.t.Context(), from, 1<<20)
		must(b.t, err)
		for _, e := range entries {
			if e.Sequence > after {
				lines.Write(e.Lines)
			}
		}
		from = next
	}
	return lines.String()
}

func TestRetryAfterTheConfigurationWasCorrected(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"voc":0.4}}`))
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, Unit: "mg/m3", High: 10}
	stored, reasons, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e)
	if stored != 1 || len(reasons) > 0 || err != nil {
		t.Errorf("stored %d, %v, %v", stored, reasons, err)
	}
	// The slot is that of the first receipt, and the message is not counted twice.
	if got, want := b.lines(1), "air,station=wx-1,period=rt voc=0.4,voc_flag=0i "+receivedSlot+"\n"; got != want {
		t.Errorf("lines are %q, want %q", got, want)
	}
	if s := b.local.State(); s.Messages != 1 || s.Refused != 1 || s.Rejected != 1 || s.Values != 1 {
		t.Errorf("the journal's state is %+v", s)
	}
	if c := b.quarantine.Counts(); c.Kept != 0 || c.Retried != 1 {
		t.Errorf("counts are %+v", c)
	}
	if _, _, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e); !errors.Is(err, quarantine.ErrNotFound) || b.local.State().Values != 1 {
		t.Errorf("retried again: %v", err)
	}
}

func TestRetryOfWhatIsStillBadChangesNothing(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"voc":0.4}}`))
	before := b.local.State()
	stored, reasons, err := b.retry(testChecker(testLimits()), e)
	if stored != 0 || err != nil || len(reasons) != 1 || !strings.HasPrefix(reasons[0], `parameter "voc" is not known`) {
		t.Errorf("stored %d, %v, %v", stored, reasons, err)
	}
	if b.local.State() != before || b.quarantine.Counts().Kept != 1 {
		t.Error("something was changed")
	}
}

func TestRetryTakesOnlyWhatWasRefused(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"voc":0.4,"xyz":1,"pm25":35.2}}`))
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, Unit: "mg/m3", High: 10}
	again := func(wantStored, wantReasons int) {
		t.Helper()
		stored, reasons, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e)
		if stored != wantStored || err != nil || len(reasons) != wantReasons {
			t.Errorf("stored %d, %v, %v", stored, reasons, err)
		}
	}
	before := b.local.State().Head.Sequence
	again(1, 1)
	// pm25 was stored with the message and may have been corrected since: it is not taken again.
	if got, want := b.lines(before), "air,station=wx-1,period=rt voc=0.4,voc_flag=0i "+receivedSlot+"\n"; got != want {
		t.Errorf("lines are %q, want %q", got, want)
	}
	if c := b.quarantine.Counts(); c.Kept != 1 || c.Retried != 0 || b.local.State().Rejected != 2 {
		t.Errorf("counts are %+v", c)
	}
	left, err := b.quarantine.Get(e.ID)
	must(t, err)
	if len(left.Taken) != 16 || left.Stored != 2 || left.Rejected != 1 {
		t.Errorf("what is left is %+v", left)
	}
	e = left
	again(0, 1)
	parameters["xyz"] = &reading.Parameter{Key: "xyz", Domain: reading.Air, Unit: "1", High: 10}
	again(1, 0)
	if c := b.quarantine.Counts(); c.Kept != 0 || c.Retried != 1 {
		t.Errorf("counts are %+v", c)
	}
}

func TestWhatWasCutCannotBeTakenAgain(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"pm25":1},"padding":"`+strings.Repeat("x", 2000)+`"}`))
	if _, _, err := b.retry(testChecker(testLimits()), e); !errors.Is(err, ErrCut) || !strings.Contains(err.Error(), "have the station send it again") {
		t.Errorf("error is %v", err)
	}
	if b.quarantine.Counts().Kept != 1 {
		t.Error("the entry is gone")
	}
}

func TestALineThatTheDatabaseRefusedIsOfferedAgain(t *testing.T) {
	b := newBench(t)
	defer b.close()
	line := "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i,co=1,co_flag=0i " + receivedSlot
	m := sent("wx-1", line)
	m.Format, m.Decode = quarantine.FormatLine, payload.JSON
	e := b.keep(m)
	stored, reasons, err := b.retry(testChecker(testLimits()), e)
	if stored != 2 || len(reasons) > 0 || err != nil || b.lines(1) != line+"\n" || b.quarantine.Counts().Kept != 0 {
		t.Errorf("stored %d, %v, %v: %q", stored, reasons, err, b.lines(1))
	}
}

func TestDropIsCountedAndHappensOnce(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `x`))
	must(t, Drop(t.Context(), b.local, b.quarantine, e))
	if c := b.quarantine.Counts(); c.Kept != 0 || c.Dropped != 1 || b.local.State().Head.Sequence != 1 {
		t.Errorf("counts are %+v", c)
	}
	if err := Drop(t.Context(), b.local, b.quarantine, e); !errors.Is(err, quarantine.ErrNotFound) {
		t.Errorf("dropped again: %v", err)
	}
}

// frames writes HJ 212 frames of a station, with the length field given where it is to be wrong.
func frames(segments ...string) string {
	text := ""
	for _, segment := range segments {
		length, segment, wrong := strings.Cut(segment, "|")
		if !wrong {
			segment = length
		}
		frame := string(payload.AppendFrame(nil, []byte("QN=1;PW=1;MN=X;Flag=4;"+segment+"&&")))
		if wrong {
			frame = "##" + length + frame[6:]
		}
		text += frame
	}
	return text
}

func hj212(profile payload.HJ212Profile) payload.Decoder {
	return payload.HJ212(payload.Profiles[payload.HJ212Profile]{Default: &profile})
}

// Whatever a corrected profile makes readable is taken again, also frames that nobody could read; and only that.
func TestRetryUnderACorrectedProfile(t *testing.T) {
	f := func(text string, before, after payload.HJ212Profile, stored int, lines ...string) {
		t.Helper()
		b := newBench(t)
		defer b.close()
		b.limits.QuarantinePayload = 1000
		b.checker.limits = b.limits
		m := sent("wx-1", text)
		m.Format, m.Decode = "hj212", hj212(before)
		e := b.keep(m)
		head := b.local.State().Head.Sequence
		route := func(m *Message) { m.Station, m.Format, m.Decode = "wx-1", "hj212", hj212(after) }
		got, reasons, err := Retry(t.Context(), b.local, b.quarantine, testChecker(testLimits()), route, e)
		if got != stored || len(reasons) > 0 || err != nil || b.lines(head) != strings.Join(lines, "") || b.quarantine.Counts().Kept != 0 {
			t.Errorf("of %d stored first, %q refused: %d stored again, %q, %v, lines\n%swant\n%s", e.Stored, e.Reasons, got, reasons, err, b.lines(head), strings.Join(lines, ""))
		}
	}
	line := func(period, values, instant string) string {
		return "air,station=wx-1,period=" + period + " " + values + " " + instant + "\n"
	}
	const nine, ten = "1795222800000000000", "1795226400000000000"
	lenient := payload.HJ212Profile{LenientLength: true, Units: map[string]string{"tsp": "ug/m3"}}
	now := "ST=22;CN=2011;CP=&&DataTime=20261121100000;"
	hour := "ST=22;CN=2061;CP=&&DataTime=20261121090000;"

	// The second frame's length was wrong; the first was stored, in whole or in part.
	f(frames(now+"a34004-Rtd=35", "0999|"+hour+"a34004-Avg=36"), payload.HJ212Profile{}, lenient, 1, line("1h", "pm25=36,pm25_flag=0i", nine))
	f(frames(now+"a34004-Rtd=35;a34001-Rtd=80", "0999|"+hour+"a34004-Avg=36"), payload.HJ212Profile{}, lenient, 2,
		line("rt", "tsp=80,tsp_flag=0i", ten), line("1h", "pm25=36,pm25_flag=0i", nine))
	// A frame of quality control before it that is read now does not shift what is meant.
	f(frames("0999|ST=21;CN=2062;CP=&&DataTime=20261121100000;w21003-Check=0.5", hour+"a34004-Avg=36;a34001-Avg=80", now+"a34004-Rtd=37"), payload.HJ212Profile{}, lenient, 1,
		line("1h", "tsp=80,tsp_flag=0i", nine)+"notes,station=wx-1,kind=check,subject=nh3n value=0.5 "+ten+"\n")
	// Times of twelve digits, beside a group with a time of its own.
	f(frames("ST=22;CN=2061;CP=&&DataTime=202611210900;a34004-Avg=36;a34002-SampleTime=20261121100000,a34002-Avg=50"), payload.HJ212Profile{}, payload.HJ212Profile{MinuteTimes: true}, 1,
		line("1h", "pm25=36,pm25_flag=0i", nine))
}

// A value that was stored with the message and corrected since stays as it was corrected, however often the rest of the
// message is tried again.
func TestRetryLeavesACorrectionAlone(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"pm25":35,"co":"abc"}}`))
	head := b.local.State().Head.Sequence
	for range 3 {
		stored, reasons, err := b.retry(testChecker(testLimits()), e)
		if stored != 0 || len(reasons) != 1 || err != nil {
			t.Errorf("stored %d, %v, %v", stored, reasons, err)
		}
		e, err = b.quarantine.Get(e.ID)
		must(t, err)
	}
	if lines := b.lines(head); lines != "" || e.Stored != 1 {
		t.Errorf("%d are counted as stored, and again came\n%s", e.Stored, lines)
	}
}

// That the other way in was closed when a message came says nothing of the time at which it is taken again.
func TestWhatIsTakenAgainDoesNotHoldSilenceBack(t *testing.T) {
	b := newBench(t)
	defer b.close()
	m := sent("wx-1", `{"values":{"voc":0.4}}`)
	m.Transport = reading.Deaf | reading.Redelivered
	e := b.keep(m)
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, Unit: "mg/m3", High: 10}
	before := b.local.State().Head
	if stored, _, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e); stored != 1 || err != nil {
		t.Fatalf("stored %d, %v", stored, err)
	}
	entries, _, err := b.local.Read(t.Context(), before, 1<<20)
	must(t, err)
	if got := entries[0].Transport; got != reading.Redelivered|reading.Retried {
		t.Errorf("the record's marks are %b", got)
	}
}

func TestAnEntryOfAnEarlierVersionIsNotGuessedAt(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"pm25":35,"voc":1}}`))
	e.Taken = nil
	if _, _, err := b.retry(testChecker(testLimits()), e); !errors.Is(err, ErrOld) || b.quarantine.Counts().Kept != 1 {
		t.Errorf("error is %v", err)
	}
}
