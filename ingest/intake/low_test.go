package intake

import (
	"testing"

	"egret/ingest/reading"
)

// A number around zero is the instrument's noise: another is put in its place, and what was sent is kept.
func TestLowValuesAreReplacedAndTheNumberSentIsKept(t *testing.T) {
	f := func(content, fields string) {
		t.Helper()
		take(testLimits(), sent("wx-1", content)).want(t, reading.Readings, "air,station=wx-1,period=rt "+fields+" "+receivedSlot+"\n")
	}
	f(`{"values":{"so2":0}}`, "so2=3,so2_flag=5i,so2_raw=0")
	f(`{"values":{"so2":-0}}`, "so2=3,so2_flag=5i,so2_raw=0")
	f(`{"values":{"so2":-13.9}}`, "so2=3,so2_flag=5i,so2_raw=-13.9")
	f(`{"values":{"no2":-9.99}}`, "no2=2,no2_flag=5i,no2_raw=-9.99")
	f(`{"values":{"o3":-9.99}}`, "o3=2,o3_flag=5i,o3_raw=-9.99")
	f(`{"values":{"co":-0.99}}`, "co=0.3,co_flag=5i,co_raw=-0.99")
	f(`{"values":{"pm10":-4.9,"pm25":-0.1}}`, "pm10=2,pm10_flag=5i,pm10_raw=-4.9,pm25=2,pm25_flag=5i,pm25_raw=-0.1")
	f(`{"values":{"so2":0.001}}`, "so2=0.001,so2_flag=0i")
	// In the parameter's unit, whatever unit was sent.
	f(`{"values":{"co":-200},"units":{"co":"ug/m3"}}`, "co=0.3,co_flag=5i,co_raw=-0.2")
	// Usable flags give way to the new one; what does not count stays as it was sent.
	f(`{"values":{"so2":-1},"flags":{"so2":"Re"}}`, "so2=3,so2_flag=5i,so2_raw=-1")
	f(`{"values":{"so2":-1},"flags":{"so2":"M"}}`, "so2=-1,so2_flag=10i")
	f(`{"values":{"so2":-14},"flags":{"so2":"C"}}`, "so2=-14,so2_flag=11i")
	// Parameters without a rule.
	f(`{"values":{"temp":-3.5,"tsp":-4,"o3_8h":0}}`, "temp=-3.5,temp_flag=0i,tsp=-4,tsp_flag=0i,o3_8h=0,o3_8h_flag=0i")
}

func TestWhatLiesBelowTheNoiseIsRefused(t *testing.T) {
	f := func(content, reason string) {
		t.Helper()
		take(testLimits(), sent("wx-1", content)).want(t, reading.Refused, "", reason)
	}
	f(`{"values":{"so2":-14}}`, "so2: -14 ug/m3 is no noise around zero, which lies above -14: check the instrument, or set low_values: keep")
	f(`{"values":{"co":-1}}`, "co: -1 mg/m3 is no noise around zero, which lies above -1: check the instrument, or set low_values: keep")
	f(`{"values":{"pm25":-5}}`, "pm25: -5 ug/m3 is no noise around zero, which lies above -5: check the instrument, or set low_values: keep")
	f(`{"values":{"pm25":-5.1}}`, "pm25: -5.1 ug/m3 lies outside the plausible range -5 to 5000")
}

func TestLowValuesMayBeKept(t *testing.T) {
	limits := testLimits()
	limits.KeepLowValues = true
	take(limits, sent("wx-1", `{"values":{"so2":-14,"pm25":0}}`)).want(t, reading.Readings,
		"air,station=wx-1,period=rt so2=-14,so2_flag=0i,pm25=0,pm25_flag=0i "+receivedSlot+"\n")
}

// The same letter, by the table of the subscription.
func TestMarksAreThoseOfTheNetwork(t *testing.T) {
	f := func(table *reading.FlagTable, flag, fields string) {
		t.Helper()
		m := sent("wx-1", `{"values":{"o3":31},"flags":{"o3":"`+flag+`"}}`)
		m.Flags = table
		take(testLimits(), m).want(t, reading.Readings, "air,station=wx-1,period=rt "+fields+" "+receivedSlot+"\n")
	}
	f(nil, "T", "o3=31,o3_flag=13i")
	f(&reading.HJ212Flags, "T", "o3=31,o3_flag=13i")
	f(&reading.NationalFlags, "T", "o3=31,o3_flag=2i")
	f(&reading.HJ212Flags, "F", "o3=31,o3_flag=30i")
	f(&reading.SurfaceWaterFlags, "F", "o3=31,o3_flag=32i")
	f(&reading.SurfaceWaterFlags, "维护", "o3=31,o3_flag=10i")
}

// The rules read the number that stands in for the one sent.
func TestReplacedValueIsReadBackFromItsLine(t *testing.T) {
	o := take(testLimits(), sent("wx-1", `{"values":{"so2":-2,"no2":31}}`))
	var line reading.Line
	if err := line.Parse(o.record.Lines); err != nil || len(line.Fields) != 2 {
		t.Fatalf("%+v, %v", line, err)
	}
	if so2 := line.Fields[0]; so2.Number != 3*reading.FixedOne || so2.Flag != reading.LowReplaced || string(line.Fields[1].Parameter) != "no2" {
		t.Errorf("%+v", line.Fields)
	}
}
