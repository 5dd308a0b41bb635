package intake

import (
	"strconv"
	"testing"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

func TestNamesThatNoTableKnowsAreReportedOnceAStation(t *testing.T) {
	checker := testChecker(testLimits())
	coded := func(station string) *Message {
		return &Message{Source: "hj212", Station: station, Received: received.UnixNano(), Decode: func(_ *payload.Input, into *payload.Message) error {
			into.Statements = append(into.Statements, payload.Statement{Values: []payload.Value{
				{Parameter: []byte("pm25"), Name: []byte("a34004-Avg"), Number: 35.2},
				{Name: []byte("x99999-Avg"), Number: 1},
				{Parameter: []byte("h2s"), Name: []byte("a21028-Avg"), Number: 2},
				{Parameter: []byte("pm25_max"), Name: []byte("a34004-Max"), Number: 40.9},
			}})
			return nil
		}}
	}
	const (
		once    = " (said once a station, then counted in egret_ingest_values_unknown_total)"
		code    = "\"x99999-Avg\" is not known: say in the station's profile which parameter it is, under `codes` or `names`" + once
		key     = "\"a21028-Avg\" means the parameter \"h2s\", which is not known: say under `names` or `codes` of the station's profile which one it is, such as temp, or declare it under `parameters` with a unit and a range" + once
		lineOf1 = "air,station=wx-1,period=rt pm25=35.2,pm25_flag=0i,pm25_max=40.9,pm25_max_flag=0i " + receivedSlot + "\n"
		lineOf2 = "air,station=river,period=rt pm25=35.2,pm25_flag=0i,pm25_max=40.9,pm25_max_flag=0i 1795219200000000000\n"
	)
	f := func(station, lines string, unknown int, reasons ...string) {
		t.Helper()
		record, _, entry := checker.Take(coded(station), nil)
		outcome{record, entry}.want(t, reading.Readings, lines, reasons...)
		if checker.counts.unknown != unknown {
			t.Errorf("%d unknown values are counted, want %d", checker.counts.unknown, unknown)
		}
	}
	f("wx-1", lineOf1, 0, code, key)
	f("wx-1", lineOf1, 2)
	f("wx-1", lineOf1, 2)
	f("river", lineOf2, 0, code, key)
	f("river", lineOf2, 2)
}

func TestAStationThatMakesUpNamesDoesNotSilenceOthers(t *testing.T) {
	checker := testChecker(testLimits())
	unknown := func(station, name string) bool {
		m := Message{Source: "x", Station: station, Received: received.UnixNano(), Decode: func(_ *payload.Input, into *payload.Message) error {
			into.Statements = append(into.Statements, payload.Statement{Values: []payload.Value{{Name: []byte(name), Number: 1}}})
			return nil
		}}
		_, _, entry := checker.Take(&m, nil)
		return entry != nil
	}
	for i := range mostOfStation {
		if !unknown("wx-1", strconv.Itoa(i)) {
			t.Fatalf("name %d is not reported", i)
		}
	}
	if unknown("wx-1", "one more") || unknown("wx-1", "7") || !unknown("river", "7") {
		t.Error("the bound is not one of a station's different names")
	}
}

func TestAFigureBesideAParameterIsCheckedAsTheParameterIs(t *testing.T) {
	f := func(content, lines string, reasons ...string) {
		t.Helper()
		kind := reading.Readings
		if lines == "" {
			kind = reading.Refused
		}
		take(testLimits(), sent("wx-1", content)).want(t, kind, lines, reasons...)
	}
	f(`{"values":{"pm25_min":0.0301,"co_total":12345678},"units":{"pm25_min":"mg/m3"}}`,
		"air,station=wx-1,period=rt pm25_min=30.1,pm25_min_flag=0i,co_total=12345678,co_total_flag=0i "+receivedSlot+"\n")
	f(`{"values":{"pm25_max":5001}}`, "", "pm25_max: 5001 ug/m3 lies outside the plausible range -5 to 5000")
	f(`{"values":{"so2_min":-2}}`, "air,station=wx-1,period=rt so2_min=-2,so2_min_flag=0i "+receivedSlot+"\n") // noise around zero is replaced in the parameter alone
	f(`{"values":{"x_max":1}}`, "", "parameter \"x_max\" is not known: declare it under `parameters` with a unit and a range")
}
