package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"egret/ingest/payload"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

var (
	shanghai = time.FixedZone("CST", 8*3600)
	// received is when the messages of the tests come in.
	received = time.Date(2026, 11, 21, 10, 0, 30, 0, shanghai)
)

const receivedSlot = "1795226400000000000" // 10:00 of that day

func testLimits() Limits {
	return Limits{Payload: 1000, QuarantinePayload: 100, ClockAhead: 10 * time.Minute, Horizon: 40 * 24 * time.Hour}
}

func testRegister() Register {
	return Register{Stations: map[string]*reading.Station{
		"wx-1":  {ID: "wx-1", Domain: reading.Air},
		"hour":  {ID: "hour", Domain: reading.Air, Period: reading.Hour},
		"river": {ID: "river", Domain: reading.Water, Interval: 4 * time.Hour},
	}}
}

func testChecker(limits Limits) *Checker {
	return NewChecker(reading.BuiltinParameters(), testRegister(), shanghai, limits)
}

// sent is a message of a station as the subscription hands it over.
func sent(station, content string) Message {
	return Message{
		Source: "stations/" + station + "/readings", Station: station, Format: "json", Decode: payload.JSON,
		Payload: []byte(content), Size: len(content), Received: received.UnixNano(),
	}
}

// outcome is what became of a message.
type outcome struct {
	record reading.Record
	entry  *quarantine.Entry
}

func take(limits Limits, m Message) outcome {
	record, _, entry := testChecker(limits).Take(&m, nil)
	return outcome{record, entry}
}

func (o outcome) want(t *testing.T, kind reading.Kind, lines string, reasons ...string) {
	t.Helper()
	if o.record.Kind != kind || string(o.record.Lines) != lines {
		t.Errorf("kind %d, lines\n%swant kind %d, lines\n%s", o.record.Kind, o.record.Lines, kind, lines)
	}
	values := uint32(strings.Count(lines, "_flag="))
	if o.record.Values != values {
		t.Errorf("%d values are counted, the lines hold %d", o.record.Values, values)
	}
	var got []string
	if o.entry != nil {
		got = o.entry.Reasons
		if o.entry.Stored != o.record.Values || o.entry.Rejected != o.record.Rejected {
			t.Errorf("the entry counts %d stored and %d rejected, the record %d and %d", o.entry.Stored, o.entry.Rejected, o.record.Values, o.record.Rejected)
		}
	}
	if strings.Join(got, "\n") != strings.Join(reasons, "\n") {
		t.Errorf("reasons are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(reasons, "\n"))
	}
}

func TestGoodMessagesBecomeLines(t *testing.T) {
	f := func(station, content, lines string) {
		t.Helper()
		take(testLimits(), sent(station, content)).want(t, reading.Readings, lines)
	}
	f("wx-1", `{"time":"2026-11-21T09:59:00+08:00","values":{"pm25":35.2,"co":0.6}}`,
		"air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i,co=0.6,co_flag=0i 1795226340000000000\n")
	f("wx-1", `{"values":{"pm25":35.2}}`, "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i "+receivedSlot+"\n")
	f("hour", `{"period":"1h","values":{"pm25":35.2}}`, "air,station=hour,period=1h pm25=35.2,pm25_flag=0i "+receivedSlot+"\n")
	f("river", `{"values":{"ph":7.1}}`, "water,station=river,period=rt ph=7.1,ph_flag=0i 1795219200000000000\n")

	// Units are converted in decimal, flags understood by letter, name or code.
	f("wx-1", `{"values":{"pm25":0.0352,"co":600,"pressure":101.325},"units":{"pm25":"mg\/m\u00b3","co":"µg/m3","pressure":"kPa"}}`,
		"air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i,co=0.6,co_flag=0i,pressure=1013.25,pressure_flag=0i "+receivedSlot+"\n")
	f("wx-1", `{"values":{"pm25":1,"co":2,"o3":3,"o3_8h":4},"flags":{"pm25":"M","co":"fault","o3":12}}`,
		"air,station=wx-1,period=rt pm25=1,pm25_flag=10i,co=2,co_flag=31i,o3=3,o3_flag=12i,o3_8h=4,o3_8h_flag=0i "+receivedSlot+"\n")
	f("wx-1", `{"values":{"temp":-0}}`, "air,station=wx-1,period=rt temp=0,temp_flag=0i "+receivedSlot+"\n")

	// Several domains in one message, and several instants.
	f("wx-1", `{"values":{"leq":55.2,"pm25":35.2,"ph":7.1,"lmax":71}}`,
		"air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i "+receivedSlot+"\n"+
			"water,station=wx-1,period=rt ph=7.1,ph_flag=0i "+receivedSlot+"\n"+
			"noise,station=wx-1,period=rt leq=55.2,leq_flag=0i,lmax=71,lmax_flag=0i "+receivedSlot+"\n")
	f("wx-1", `[{"time":1795226400,"values":{"pm25":1}},{"time":1795226460,"values":{"co":2}}]`,
		"air,station=wx-1,period=rt pm25=1,pm25_flag=0i 1795226400000000000\nair,station=wx-1,period=rt co=2,co_flag=0i 1795226460000000000\n")
}

func TestWhatIsRefusedAndWhatAPersonIsTold(t *testing.T) {
	f := func(station, content string, reason string) {
		t.Helper()
		take(testLimits(), sent(station, content)).want(t, reading.Refused, "", reason)
	}
	f("nobody", `{"values":{"pm25":1}}`, "station \"nobody\" is not in the register: add it under `stations` as id or alias, or set unknown_stations: accept")
	f("w x", `{"values":{"pm25":1}}`, `station id "w x" holds " ": only letters, digits, - _ and . are allowed`)
	f("", `{"values":{"pm25":1}}`, `station id "" must have 1 to 64 characters`)
	f("wx-1", `{"values":{"颗粒物":1}}`, "parameter \"颗粒物\" is not known: declare it under `parameters` with a unit and a range")
	f("wx-1", `{"values":{"pm25":5001}}`, "pm25: 5001 ug/m3 lies outside the plausible range -5 to 5000")
	f("wx-1", `{"values":{"pm25":-9999}}`, "pm25: -9999 ug/m3 lies outside the plausible range -5 to 5000")
	f("wx-1", `{"values":{"pm25":6},"units":{"pm25":"mg/m3"}}`, "pm25: 6000 ug/m3 lies outside the plausible range -5 to 5000, taken as 6 mg/m3: is that its unit?")
	f("wx-1", `{"values":{"pm25":31},"units":{"pm25":"ppb"}}`, `pm25: unit "ppb" cannot be converted to ug/m3: pm25 is no gas whose molar mass is known; write ng/m3, ug/m3, mg/m3, g/m3 or kg/m3`)
	f("wx-1", `{"values":{"o3":31},"flags":{"o3":"Q"}}`, `o3: flag "Q" is not known: use a mark of the table hj212 (N F M S D C T B L P Z Re H W), a name such as maintenance, or its code`)
	f("wx-1", `{"time":"2026-11-21T10:10:31+08:00","values":{"pm25":1}}`,
		"time 2026-11-21T10:10:31+08:00 lies 10m1s ahead of the receipt at 2026-11-21T10:00:30+08:00: the station's clock or zone is wrong (limits.clock_ahead is 10m0s)")
	f("wx-1", `{"time":"2040-01-01T00:00:00Z","values":{"pm25":1}}`,
		"time 2040-01-01T08:00:00+08:00 lies 4788 days ahead of the receipt at 2026-11-21T10:00:30+08:00: the station's clock or zone is wrong (limits.clock_ahead is 10m0s)")
	f("wx-1", `{"time":"2026-10-12T10:00:29+08:00","values":{"pm25":1}}`,
		"time 2026-10-12T10:00:29+08:00 lies 40 days before the receipt at 2026-11-21T10:00:30+08:00: older than limits.horizon (960h0m0s)")
	f("wx-1", `pm25=35.2`, `not JSON: expected an object or an array at byte 0, found "pm25=35.2"`)

	// Exactly at the limits is within them.
	for _, instant := range []string{"2026-11-21T10:10:30+08:00", "2026-10-12T10:00:30+08:00"} {
		if o := take(testLimits(), sent("wx-1", `{"time":"`+instant+`","values":{"tsp":-5}}`)); o.entry != nil {
			t.Errorf("%s: %v", instant, o.entry.Reasons)
		}
	}
}

func TestAnUnknownStationMayBeAccepted(t *testing.T) {
	limits := testLimits()
	limits.AcceptUnknown = true
	o := take(limits, sent("nobody", `{"values":{"pm25":1}}`))
	o.want(t, reading.Readings, "air,station=nobody,period=rt pm25=1,pm25_flag=0i "+receivedSlot+"\n")
	if o.record.Station != "nobody" {
		t.Errorf("the record is of %q", o.record.Station)
	}
}

func TestAPartlyRefusedMessageStoresTheRest(t *testing.T) {
	o := take(testLimits(), sent("wx-1", `[{"values":{"pm25":35.2,"no2":"x","co":1000}},{"time":1,"values":{"so2":1,"o3":2}},{"values":{"temp":12}}]`))
	o.want(t, reading.Readings, "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i "+receivedSlot+"\nair,station=wx-1,period=rt temp=12,temp_flag=0i "+receivedSlot+"\n",
		`no2: "x" is not a number`, "co: 1000 mg/m3 lies outside the plausible range -1 to 150",
		"time 1970-01-01T08:00:01+08:00 lies 20778 days before the receipt at 2026-11-21T10:00:30+08:00: older than limits.horizon (960h0m0s)")
	if o.record.Rejected != 4 {
		t.Errorf("%d values are counted as rejected, want 4", o.record.Rejected)
	}
}

func TestRetainedWithoutATimeIsOfAnUnknownTime(t *testing.T) {
	m := sent("wx-1", `{"values":{"pm25":1}}`)
	m.Transport = reading.Retained
	o := take(testLimits(), m)
	o.want(t, reading.Refused, "", "a retained message without a time: nobody knows when it was measured")
	if o.record.Transport != reading.Retained || o.entry.Transport != uint8(reading.Retained) {
		t.Errorf("transport is %d, of the entry %d", o.record.Transport, o.entry.Transport)
	}
	m = sent("wx-1", `{"time":"2026-11-21T09:59:00+08:00","values":{"pm25":1}}`)
	m.Transport = reading.Retained
	take(testLimits(), m).want(t, reading.Readings, "air,station=wx-1,period=rt pm25=1,pm25_flag=0i 1795226340000000000\n")
}

func TestATopicThatNobodyTakes(t *testing.T) {
	m := sent("wx-1", `{"values":{"pm25":1}}`)
	m.Source, m.Station, m.Format, m.Decode = "station/wx-1/reading", "", "", nil
	take(testLimits(), m).want(t, reading.Refused, "",
		"no subscription takes the topic \"station/wx-1/reading\": add it under `subscriptions`, or publish to one that is there (stations/{station}/readings where none is written)")
}

func TestOfAnOversizeMessageTheHashAndTheBeginningAreKept(t *testing.T) {
	content := `{"values":{"pm25":1},"padding":"` + strings.Repeat("x", 2000) + `"}`
	sum := sha256.Sum256([]byte(content))
	for keep, kept := range map[int]int{100: 100, 5000: len(content)} {
		limits := testLimits()
		limits.QuarantinePayload = keep
		m := sent("wx-1", content)
		m.Cut(limits.Payload, limits.QuarantinePayload)
		if len(m.Payload) != kept {
			t.Errorf("%d bytes are held in the queue, want %d", len(m.Payload), kept)
		}
		o := take(limits, m)
		o.want(t, reading.Refused, "", "the payload of 2034 bytes is over the limit of 1000 (limits.payload)")
		if o.entry.SHA256 != hex.EncodeToString(sum[:]) || o.entry.Size != len(content) || string(o.entry.Payload) != content[:kept] || o.entry.Whole() != (kept == len(content)) {
			t.Errorf("the entry is %+v", o.entry)
		}
	}
}

func TestAnEntryListsTwentyReasonsAndCountsTheRest(t *testing.T) {
	o := take(testLimits(), sent("wx-1", "["+strings.Repeat("1,", 300)+`{"values":{"nonsense":1,"pm25":1}}]`))
	if len(o.entry.Reasons) != quarantine.MostReasons || o.entry.More != 301-quarantine.MostReasons || o.entry.Rejected != 301 || o.entry.Stored != 1 {
		t.Errorf("%d reasons and %d more, %d rejected, %d stored", len(o.entry.Reasons), o.entry.More, o.entry.Rejected, o.entry.Stored)
	}
}

func TestLinesOfManyMessagesShareMemoryAndStayApart(t *testing.T) {
	c := testChecker(testLimits())
	var lines []byte
	var records []reading.Record
	for range 50 {
		m := sent("wx-1", `{"values":{"pm25":35.2}}`)
		var record reading.Record
		record, lines, _ = c.Take(&m, lines)
		records = append(records, record)
	}
	for i, r := range records {
		if want := "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i " + receivedSlot + "\n"; string(r.Lines) != want {
			t.Fatalf("record %d holds %q", i, r.Lines)
		}
	}
}
