package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/journal"
	"egret/ingest/payload"
	"egret/ingest/reading"
)

// importer is a fresh one on the bench's files, as after a restart.
func (b *bench) importer(mostBytes int64, pace func(context.Context, reading.Position) error) *Importer {
	gate := func() error { return b.closed }
	im := NewImporter(b.db, b.local, b.quarantine, testChecker(testLimits()), gate, mostBytes)
	im.Pace, im.Listening = pace, func() bool { return true }
	return im
}

func chunkOf(number int, last bool, rows ...string) Chunk {
	return Chunk{Import: "cafe", Number: number, Last: last, Source: "import 2013.csv", Flags: &reading.HJ212Flags, Rows: []byte(RowsHeader + strings.Join(rows, "\n") + "\n")}
}

const (
	march = `2013-03-01T00:00:00Z,hour,pm25,35.2,1h,,
2013-03-01T00:00:00Z,hour,co,600,1h,,ug/m3
2013-03-01T00:00:00Z,river,ph,7.1,4h,M,`
	april = `2013-04-01T00:00:00Z,hour,pm25,36,1h,,`
)

const marchLines = `air,station=hour,period=1h pm25=35.2,pm25_flag=0i,co=0.6,co_flag=0i 1362096000000000000
water,station=river,period=4h ph=7.1,ph_flag=10i 1362096000000000000
`

func TestAChunkIsOneRecordOfWhatIsLongPast(t *testing.T) {
	b := newBench(t)
	defer b.close()
	im := b.importer(0, nil)
	state, err := im.Take(t.Context(), chunkOf(0, false, march))
	must(t, err)
	if state.Next != 1 || state.Done || state.Taken != 3 || state.Refused != 0 || state.Journaled != 3 || state.Entries != 0 {
		t.Errorf("the state is %+v", state)
	}
	entries, _, err := b.local.Read(t.Context(), reading.Position{}, 1<<20)
	must(t, err)
	if len(entries) != 1 || string(entries[0].Lines) != marchLines || entries[0].Values != 3 || entries[0].Transport != reading.Imported ||
		entries[0].Kind != reading.Readings || entries[0].Source != "import 2013.csv" || time.Since(time.Unix(0, entries[0].Received)) > time.Minute {
		t.Errorf("journaled are %+v\n%s", entries, entries[0].Lines)
	}
	// Where no station can come in, the clock that runs on with the chunk is not held against them.
	for number, listening := range []func() bool{func() bool { return false }, nil} {
		im.Listening = listening
		_, err = im.Take(t.Context(), chunkOf(number+1, false, march))
		must(t, err)
	}
	entries, _, err = b.local.Read(t.Context(), reading.Position{}, 1<<20)
	must(t, err)
	for _, e := range entries[1:] {
		if e.Transport != reading.Imported|reading.Deaf {
			t.Errorf("chunk %d comes as %b", e.Sequence, e.Transport)
		}
	}
}

// Each chunk is taken once, whoever is stopped at whichever point and repeats what it does not know to be taken.
func TestAnImportGoesOnWhereItWas(t *testing.T) {
	b := newBench(t)
	defer b.close()
	offer := func(im *Importer, chunk Chunk, next int) Import {
		t.Helper()
		state, err := im.Take(t.Context(), chunk)
		must(t, err)
		if state.Next != next {
			t.Errorf("chunk %d: the next is %d, want %d", chunk.Number, state.Next, next)
		}
		return state
	}
	im := b.importer(0, nil)
	offer(im, chunkOf(1, true, april), 0) // not its turn
	offer(im, chunkOf(0, false, march), 1)
	offer(im, chunkOf(0, false, march), 1) // the answer was lost
	im = b.importer(0, nil)
	offer(im, chunkOf(0, false, march), 1) // after a restart
	state := offer(im, chunkOf(1, true, april), 2)
	if !state.Done || state.Taken != 4 {
		t.Errorf("the state is %+v", state)
	}
	offer(im, chunkOf(1, true, april), 2)
	offer(im, chunkOf(2, false, april), 2) // it has ended
	if s := b.local.State(); s.Values != 4 || s.Messages != 3 {
		t.Errorf("the journal is %+v", s)
	}
	// Begun anew it comes a second time; another import is another.
	must(t, im.Forget(t.Context(), "cafe"))
	offer(im, chunkOf(0, false, march), 1)
	other := chunkOf(0, true, april)
	other.Import = "beef"
	offer(im, other, 1)
	if s := b.local.State(); s.Values != 8 {
		t.Errorf("the journal is %+v", s)
	}
}

func TestWhatAnImportRefusesIsInQuarantineAndCanBeTakenAgain(t *testing.T) {
	b := newBench(t)
	defer b.close()
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	im := b.importer(0, nil)
	_, err := im.Take(t.Context(), chunkOf(0, false, march))
	must(t, err)
	state, err := im.Take(t.Context(), chunkOf(1, false, march,
		"2013-03-01T01:00:00Z,hour,pm25,9999,1h,,", "2013-03-01T01:00:00Z,hour,pm10,12,1h,,", "2013-03-01T01:00:00Z,hour,voc,0.4,1h,,",
		"2013-03-01T01:00:00Z,\"站, 1\",pm25,1,1h,,", "2013-03-01T02:00:00Z,\"站, 1\",pm25,2,1h,,", tomorrow+",hour,pm25,3,1h,,"))
	must(t, err)
	if state.Taken != 7 || state.Refused != 5 || state.Entries != 1 || state.FirstEntry != 1 || state.LastEntry != 1 || len(state.Reasons) != 4 {
		t.Errorf("the state is %+v", state)
	}
	e, err := b.quarantine.Get(1)
	must(t, err)
	rows := RowsHeader + "2013-03-01T01:00:00Z,hour,pm25,9999,1h,,\n2013-03-01T01:00:00Z,hour,voc,0.4,1h,,\n" +
		"2013-03-01T01:00:00Z,\"站, 1\",pm25,1,1h,,\n2013-03-01T02:00:00Z,\"站, 1\",pm25,2,1h,,\n" + tomorrow + ",hour,pm25,3,1h,,\n"
	if string(e.Payload) != rows || !e.Whole() || e.Stored != 0 || e.Rejected != 5 || e.More != 1 || e.Source != "import 2013.csv" {
		t.Errorf("the entry is %+v\n%s", e, e.Payload)
	}
	want := []string{
		"hour 2013-03-01T09:00:00+08:00: pm25: 9999 ug/m3 lies outside the plausible range -5 to 5000",
		"hour 2013-03-01T09:00:00+08:00: parameter \"voc\" is not known: declare it under `parameters` with a unit and a range",
		`站, 1 2013-03-01T09:00:00+08:00: station id "站, 1" holds "站": only letters, digits, - _ and . are allowed`,
	}
	if !slices.Equal(e.Reasons[:3], want) || !strings.Contains(e.Reasons[3], "ahead of the receipt") {
		t.Errorf("the reasons are\n%s", strings.Join(e.Reasons, "\n"))
	}

	// With the parameter declared, it alone is taken; the rest stays.
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, Unit: "mg/m3", High: 10}
	stored, reasons, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e)
	if stored != 1 || len(reasons) != 3 || err != nil {
		t.Errorf("stored %d, %q, %v", stored, reasons, err)
	}
	if got, want := b.lines(2), "air,station=hour,period=1h voc=0.4,voc_flag=0i 1362099600000000000\n"; got != want {
		t.Errorf("lines are %q", got)
	}
	left, err := b.quarantine.Get(1)
	must(t, err)
	if string(left.Payload) != strings.Replace(rows, "2013-03-01T01:00:00Z,hour,voc,0.4,1h,,\n", "", 1) || left.Rejected != 4 {
		t.Errorf("left is %+v\n%s", left, left.Payload)
	}
	entries, _, err := b.local.Read(t.Context(), reading.Position{}, 1<<20)
	must(t, err)
	if last := entries[len(entries)-1]; last.Transport != reading.Imported|reading.Retried {
		t.Errorf("what is taken again comes as %b", last.Transport)
	}
	if s := b.local.State(); s.Values != 8 || s.Rejected != 5 || s.Messages != 2 {
		t.Errorf("the journal is %+v", s)
	}
}

// A chunk of which nothing is taken moves the import on all the same.
func TestAChunkThatIsRefusedInWhole(t *testing.T) {
	b := newBench(t)
	defer b.close()
	state, err := b.importer(0, nil).Take(t.Context(), chunkOf(0, true, "2013-03-01T01:00:00Z,hour,pm25,9999,1h,,"))
	must(t, err)
	if s := b.local.State(); !state.Done || state.Taken != 0 || state.Refused != 1 || s.Refused != 1 || s.Values != 0 {
		t.Errorf("%+v, the journal is %+v", state, s)
	}
}

// Marks mean what the import says; a quarantine entry remembers which table that was.
func TestTheMarksOfAnImport(t *testing.T) {
	b := newBench(t)
	defer b.close()
	chunk := chunkOf(0, true, "2013-03-01T01:00:00Z,hour,pm25,9,1h,T,", "2013-03-01T01:00:00Z,hour,voc,0.4,1h,T,")
	chunk.Flags = &reading.NationalFlags
	_, err := b.importer(0, nil).Take(t.Context(), chunk)
	must(t, err)
	e, err := b.quarantine.Get(1)
	must(t, err)
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, High: 10}
	if stored, reasons, err := b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e); stored != 1 || len(reasons) > 0 || err != nil {
		t.Errorf("stored %d, %q, %v", stored, reasons, err)
	}
	want := fmt.Sprintf("air,station=hour,period=1h pm25=9,pm25_flag=%[1]di 1362099600000000000\nair,station=hour,period=1h voc=0.4,voc_flag=%[1]di 1362099600000000000\n", reading.Corrected)
	if got := b.lines(0); got != want {
		t.Errorf("lines are\n%swant\n%s", got, want)
	}
	if c := b.quarantine.Counts(); c.Kept != 0 || c.Retried != 1 {
		t.Errorf("counts are %+v", c)
	}
}

// An import leaves room for the stations, and waits while there is none; nothing of it moves on then.
func TestAnImportWaitsForRoom(t *testing.T) {
	b := newBench(t)
	defer b.close()
	f := func(im *Importer, number int, want error) {
		t.Helper()
		before := b.local.State()
		state, err := im.Take(t.Context(), chunkOf(number, false, march))
		if !errors.Is(err, want) || state.Next != number || b.local.State() != before {
			t.Errorf("%v, %+v", err, state)
		}
	}
	full := errors.New("the disk is full")
	b.closed = full
	f(b.importer(0, nil), 0, full)
	b.closed = nil
	const most = 400 // one chunk of some 250 bytes is below three quarters of it, two are not
	im := b.importer(most, nil)
	for number := range 2 {
		if _, err := im.Take(t.Context(), chunkOf(number, false, march)); err != nil {
			t.Fatal(err)
		}
	}
	f(im, 2, journal.ErrFull)

	busy := &GateError{errors.New("the rules are busy")}
	var asked []uint64
	im = b.importer(0, func(_ context.Context, p reading.Position) error {
		if asked = append(asked, p.Sequence); len(asked) == 2 {
			return busy
		}
		return nil
	})
	_, err := im.Take(t.Context(), chunkOf(2, false, march))
	must(t, err)
	f(im, 3, busy)
	if !slices.Equal(asked, []uint64{0, b.local.State().Head.Sequence}) {
		t.Errorf("the rules were waited for at %d", asked)
	}
}

func TestRowsThatCannotBeRead(t *testing.T) {
	b := newBench(t)
	defer b.close()
	f := func(rows, want string) {
		t.Helper()
		chunk := chunkOf(0, false)
		chunk.Rows = []byte(rows)
		state, err := b.importer(0, nil).Take(t.Context(), chunk)
		if !errors.Is(err, ErrRows) || !strings.Contains(err.Error(), want) || state.Next != 0 {
			t.Errorf("%q: %v", rows, err)
		}
	}
	f("", "they do not begin with")
	f(RowsHeader+"2013-03-01T01:00:00Z,hour,pm25,1\n", "wrong number of fields")
	f(RowsHeader+march+"\n2013-03-01,hour,pm25,1,1h,,\n", `time "2013-03-01" is not RFC 3339`)
	f(RowsHeader+"2413-03-01T01:00:00Z,hour,pm25,1,1h,,\n", "lies outside 1970 to 2200")
	f(RowsHeader+"2013-03-01T01:00:00Z,hour,pm25,1,2h,,\n", `period "2h" is not known`)
	for _, number := range []string{"x", "", "NaN", "Inf", "1e12"} {
		f(RowsHeader+"2013-03-01T01:00:00Z,hour,pm25,"+number+",1h,,\n", "is not the number of a reading")
	}
	if s := b.local.State(); s.Head.Sequence != 0 {
		t.Errorf("the journal is %+v", s)
	}
	if _, err := b.importer(0, nil).State("../x"); !errors.Is(err, ErrRows) {
		t.Errorf("of an id that is none: %v", err)
	}
}

// What is written as rows is read as it was.
func FuzzRows(f *testing.F) {
	f.Add("wx-1", "pm25", "M", "ug/m3", 35.2, int64(1362096000000000000))
	f.Add("a,\"b\"\n", " pm\r25", "维护,", "", -1e-9, int64(1))
	f.Fuzz(func(t *testing.T, station, parameter, flag, unit string, number float64, instant int64) {
		instant %= int64(200 * 365 * 24 * time.Hour)
		if !(number < reading.MaxFixed && number > -reading.MaxFixed) || instant < 0 || strings.ContainsRune(station+parameter+flag+unit, '\r') {
			return // a table holds no others, and its reader makes \r\n a \n
		}
		value := payload.Value{Parameter: []byte(parameter), Number: number, Flag: []byte(flag), Unit: []byte(unit)}
		want := payload.Statement{Station: []byte(station), Time: instant, Period: reading.Hour, Values: []payload.Value{value, value}}
		count := 0
		err := eachStatement(AppendRows([]byte(RowsHeader), &want), func(s *payload.Statement) error {
			count++
			if string(s.Station) != station || s.Time != instant || !s.HasTime || s.Period != reading.Hour || len(s.Values) != 2 {
				t.Errorf("read is %+v, written was %+v", s, want)
			}
			for _, v := range s.Values {
				if string(v.Parameter) != parameter || v.Number != number || string(v.Flag) != flag || string(v.Unit) != unit {
					t.Errorf("read is %+v, written was %+v", v, value)
				}
			}
			return nil
		})
		if err != nil || count != 1 {
			t.Errorf("%v, %d statements", err, count)
		}
	})
}

// What is taken again long after it came in does not set the journal's clock back.
func TestTheClockGoesOnWhenAnOldEntryIsTakenAgain(t *testing.T) {
	b := newBench(t)
	defer b.close()
	e := b.keep(sent("wx-1", `{"values":{"voc":0.4}}`))
	later := reading.Record{Kind: reading.Tick, Received: received.Add(3 * time.Hour).UnixNano()}
	_, err := b.local.Append(t.Context(), []reading.Record{later}, nil)
	must(t, err)
	parameters := reading.BuiltinParameters()
	parameters["voc"] = &reading.Parameter{Key: "voc", Domain: reading.Air, High: 10}
	_, _, err = b.retry(NewChecker(parameters, testRegister(), shanghai, testLimits()), e)
	must(t, err)
	if head := b.local.State().Head.Received; head != later.Received {
		t.Errorf("the clock is at %s", time.Unix(0, head))
	}
	if kept := b.quarantine.Counts().Kept; kept != 0 {
		t.Errorf("%d entries are kept", kept)
	}
}
