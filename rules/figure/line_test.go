package figure

import (
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/water"
)

func want(t *testing.T, got []byte, line string) {
	t.Helper()
	if string(got) != line+"\n" {
		t.Errorf("line\n got %swant %s", got, line)
	}
}

func TestLineOfAnAverage(t *testing.T) {
	a := Average{Station: "city:New York", Parameter: "so2", Period: "year", Start: 7,
		Figure: average.Figure{Value: mean.Ratio{Sum: mean.SumOf(100e9), Count: 3}, Count: 3, Expected: 365}, Percentile: 98, AtPercentile: mean.Whole(40_500_000_000)}
	want(t, a.AppendLine(nil), `averages,station=city:New\ York,parameter=so2,period=year value=33.333333333,p98=40.5,count=3i,coverage=0.00821917808219178,valid=false 7`)
	a = Average{Station: "a", Parameter: "o3", Period: "8h", Figure: average.Figure{Expected: 8}}
	want(t, a.AppendLine(nil), "averages,station=a,parameter=o3,period=8h count=0i,coverage=0,valid=false 0")
}

// A field cannot be taken back from the database: an index that a correction withdrew becomes 0.
func TestLineOfAnIndexThatWasWithdrawn(t *testing.T) {
	index := func(again bool, values ...air.Measured) []byte {
		i := Index{Station: "a", Period: "1h", Again: again, Index: new(air.Index)}
		new(air.Practice).HourIndex(i.Index, calendar.Date(2026, time.May, 4), values)
		return i.AppendLine(nil)
	}
	pm25 := func(number reading.Fixed) air.Measured {
		return air.Measured{Parameter: "pm25", Value: number * reading.FixedOne, Valid: true}
	}
	// HJ 633-2026 5.3.1: of PM2.5 alone the index is published above 100 only.
	want(t, index(false, pm25(66)), `aqi,station=a,period=1h aqi=106i,level=3i,primary="pm25",published=true,partial=106i 0`)
	want(t, index(false, pm25(45)), `aqi,station=a,period=1h level=0i,primary="",published=false,partial=70i 0`)
	want(t, index(true, pm25(45)), `aqi,station=a,period=1h aqi=0i,level=0i,primary="",published=false,partial=70i 0`)
	want(t, index(true), `aqi,station=a,period=1h aqi=0i,level=0i,primary="",published=false,partial=0i 0`)
}

func TestLineOfAClass(t *testing.T) {
	class := func(again bool, valid bool) []byte {
		c := Class{Station: "river", Period: "4h", Again: again, Section: new(water.Section)}
		values := []water.Measured{{Parameter: "do", Value: 5_200_000_000, Valid: true}, {Parameter: "tp", Value: 180_000_000, Valid: valid}}
		water.Judge(c.Section, new(water.Settings), water.River, water.ClassIII, values)
		return c.AppendLine(nil)
	}
	want(t, class(false, true), `water_class,station=river,period=4h class=3i,target=3i,meets=true,verdict="meets",determining="do,tp" 0`)
	want(t, class(false, false), `water_class,station=river,period=4h class=0i,target=3i,verdict="not enough valid data",determining="" 0`)
	want(t, class(true, false), `water_class,station=river,period=4h class=0i,target=3i,meets=false,verdict="not enough valid data",determining="" 0`)
}
