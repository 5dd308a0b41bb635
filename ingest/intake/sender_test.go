package intake

import (
	"strconv"
	"strings"
	"testing"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// namedRegister holds two stations that payloads call by other names.
func namedRegister() Register {
	return Register{
		Stations: map[string]*reading.Station{"wx-1": {ID: "wx-1", Domain: reading.Air}, "wx-2": {ID: "wx-2", Domain: reading.Air}},
		Aliases:  map[string]string{"A320200_0001": "wx-1", "A320200_0002": "wx-2"},
	}
}

// spoken is a message whose payload says one value of each of the names.
func spoken(names ...string) Message {
	decode := func(in *payload.Input, into *payload.Message) error {
		for i, name := range names {
			into.Statements = append(into.Statements, payload.Statement{Station: []byte(name), Values: []payload.Value{{Parameter: []byte("pm25"), Number: float64(i + 1)}}})
		}
		return nil
	}
	return Message{Source: "hj212", Unnamed: true, Format: "hj212", Decode: decode, Received: received.UnixNano()}
}

func wantSpoken(t *testing.T, register Register, limits Limits, m Message, station, lines string, reasons ...string) {
	t.Helper()
	record, _, entry := NewChecker(reading.BuiltinParameters(), register, shanghai, limits).Take(&m, nil)
	kind := reading.Readings
	if lines == "" {
		kind = reading.Refused
	}
	outcome{record, entry}.want(t, kind, lines, reasons...)
	if record.Station != station {
		t.Errorf("it counts as a message of %q, want %q", record.Station, station)
	}
}

func TestAStationIsKnownByTheNamesThatItsPayloadsCarry(t *testing.T) {
	open, closed := testLimits(), testLimits()
	open.AcceptUnknown = true
	line := func(station, number string) string {
		return "air,station=" + station + ",period=rt pm25=" + number + ",pm25_flag=0i " + receivedSlot + "\n"
	}
	wantSpoken(t, namedRegister(), closed, spoken("A320200_0001"), "wx-1", line("wx-1", "1"))
	wantSpoken(t, namedRegister(), closed, spoken("wx-2"), "wx-2", line("wx-2", "1"))

	// A gateway speaks of several stations, one of them unknown.
	const unknown = "station \"A320200_0003\" is not in the register: add it under `stations` as id or alias, or set unknown_stations: accept"
	wantSpoken(t, namedRegister(), closed, spoken("A320200_0001", "A320200_0003", "A320200_0002"), "wx-1", line("wx-1", "1")+line("wx-2", "3"), unknown)
	wantSpoken(t, namedRegister(), open, spoken("A320200_0003"), "A320200_0003", line("A320200_0003", "1"))
	wantSpoken(t, namedRegister(), open, spoken("urn:dev:mac:1"), "", "", `station id "urn:dev:mac:1" holds ":": only letters, digits, - _ and . are allowed`)
	wantSpoken(t, namedRegister(), open, spoken(""), "", "", "neither the topic nor the payload says which station it is: put {station} into the topic, or say in the profile where the payload has it")

	// The topic may name the station by an alias, too.
	m := spoken("A320200_0001")
	m.Station, m.Unnamed = "A320200_0001", false
	wantSpoken(t, namedRegister(), closed, m, "wx-1", line("wx-1", "1"))
}

func TestAStationMayOnlySpeakForItself(t *testing.T) {
	of := func(names ...string) Message {
		m := spoken(names...)
		m.Station, m.Unnamed = "wx-1", false
		return m
	}
	line := "air,station=wx-1,period=rt pm25=1,pm25_flag=0i " + receivedSlot + "\n"
	wantSpoken(t, namedRegister(), testLimits(), of("A320200_0001"), "wx-1", line)
	wantSpoken(t, namedRegister(), testLimits(), of(""), "wx-1", line)
	wantSpoken(t, namedRegister(), testLimits(), of("000000000000000000000042"), "wx-1", line) // a name of its own that nobody has written down
	wantSpoken(t, namedRegister(), testLimits(), of("A320200_0002"), "wx-1", "",
		`the payload speaks of station wx-2 (as "A320200_0002"), but came as a message of wx-1: a station may only speak for itself`)
	wantSpoken(t, namedRegister(), testLimits(), of("wx-2"), "wx-1", "",
		`the payload speaks of station wx-2 (as "wx-2"), but came as a message of wx-1: a station may only speak for itself`)
	wantSpoken(t, namedRegister(), testLimits(), of("st17", "st18"), "wx-1", line,
		`the payload speaks of "st17" and of "st18", but came as a message of station wx-1 alone: use a topic without {station} for it`)
}

func TestAMessageWithoutReadingsIsOfItsSender(t *testing.T) {
	m := Message{Source: "hj212", Unnamed: true, Received: received.UnixNano(), Decode: func(_ *payload.Input, into *payload.Message) error {
		into.Sender, into.Resent = []byte("A320200_0002"), true
		return nil
	}}
	record, _, entry := NewChecker(reading.BuiltinParameters(), namedRegister(), shanghai, testLimits()).Take(&m, nil)
	if record.Kind != reading.Readings || record.Station != "wx-2" || entry != nil || record.Transport&reading.Resent == 0 {
		t.Errorf("a heartbeat becomes %+v, entry %v", record, entry)
	}
}

func TestAHeartbeatIsNoSignOfLifeOfAnotherStation(t *testing.T) {
	m := Message{Source: "up/wx-1", Station: "wx-1", Received: received.UnixNano(), Decode: func(_ *payload.Input, into *payload.Message) error {
		into.Sender = []byte("A320200_0002")
		return nil
	}}
	record, _, entry := NewChecker(reading.BuiltinParameters(), namedRegister(), shanghai, testLimits()).Take(&m, nil)
	outcome{record, entry}.want(t, reading.Refused, "", `the payload speaks of station wx-2 (as "A320200_0002"), but came as a message of wx-1: a station may only speak for itself`)
}

func TestWhatAStationMakesNotesOfIsBounded(t *testing.T) {
	checker := NewChecker(reading.BuiltinParameters(), namedRegister(), shanghai, testLimits())
	note := func(station, subject string) bool {
		m := Message{Source: "hj212", Unnamed: true, Received: received.UnixNano(), Decode: func(_ *payload.Input, into *payload.Message) error {
			into.Notes = append(into.Notes, payload.Note{Station: []byte(station), Kind: "state", Subject: []byte(subject), Field: "value", Number: 1})
			return nil
		}}
		record, _, _ := checker.Take(&m, nil)
		_, ok := checker.Notes(&m, record)
		return ok
	}
	for i := range mostSubjects {
		if !note("wx-1", strconv.Itoa(i)) {
			t.Fatalf("note %d is not taken", i)
		}
	}
	if note("wx-1", "more") || !note("wx-1", "7") || !note("wx-2", "more") {
		t.Error("the bound is not one of a station's different subjects")
	}
}

func TestWhatIsSaidBesideReadingsBecomesNotes(t *testing.T) {
	m := spoken("A320200_0001")
	readings := m.Decode
	m.Decode = func(in *payload.Input, into *payload.Message) error {
		into.Notes = append(into.Notes,
			payload.Note{Station: []byte("A320200_0001"), Time: received.UnixNano() - 1e9, HasTime: true, Kind: "check", Subject: []byte("codmn"), Field: "standard_value", Number: 4.02},
			payload.Note{Station: []byte("A320200_0001"), Kind: "state", Subject: []byte("p1,2 =\n"), Field: "text", Text: []byte("a \"b\"\nc\xff")},
			payload.Note{Station: []byte("A320200_0009"), Kind: "start", Field: "text", Text: []byte("x")})
		return readings(in, into)
	}
	checker := NewChecker(reading.BuiltinParameters(), namedRegister(), shanghai, testLimits())
	record, _, entry := checker.Take(&m, nil)
	if record.Values != 1 || entry == nil || len(entry.Reasons) != 1 || !strings.HasPrefix(entry.Reasons[0], `start: station "A320200_0009" is not in the register`) {
		t.Fatalf("the readings become %+v, refused %+v", record, entry)
	}
	notes, ok := checker.Notes(&m, record)
	want := "notes,station=wx-1,kind=check,subject=codmn standard_value=4.02 1795226429000000000\n" +
		`notes,station=wx-1,kind=state,subject=p1\,2\ \= text="a \"b\" c?" ` + receivedSlot + "\n"
	if !ok || notes.Kind != reading.Register || string(notes.Lines) != want || notes.Station != "wx-1" {
		t.Errorf("notes are %+v\n%swant\n%s", notes, notes.Lines, want)
	}
	m = sent("wx-1", `{"values":{"pm25":1}}`)
	if checker.Take(&m, nil); len(checker.notes) > 0 {
		t.Error("the notes of one message are there after the next")
	}
}
