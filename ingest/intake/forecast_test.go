package intake

import (
	"testing"

	"egret/ingest/reading"
)

// A forecast speaks of days to come, which nothing that is measured may do. Received 2026-11-21 10:00:30.
func TestForecastsOfDaysToCome(t *testing.T) {
	f := func(content, lines string, reasons ...string) {
		t.Helper()
		kind := reading.Readings
		if lines == "" {
			kind = reading.Refused
		}
		take(testLimits(), sent("wx-1", content)).want(t, kind, lines, reasons...)
	}
	const tomorrow = "indicator,station=wx-1,period=1d aqi_forecast=210,aqi_forecast_flag=0i 1795276800000000000\n"
	f(`{"time":"2026-11-22T00:00:00+08:00","period":"1d","values":{"aqi_forecast":210}}`, tomorrow)
	f(`{"time":"2026-12-01T00:00:00+08:00","period":"1d","values":{"aqi_forecast":60}}`, "indicator,station=wx-1,period=1d aqi_forecast=60,aqi_forecast_flag=0i 1796054400000000000\n")
	f(`{"time":"2026-12-02T00:00:00+08:00","period":"1d","values":{"aqi_forecast":60}}`, "",
		"aqi_forecast: time 2026-12-02T00:00:00+08:00 lies 10 days ahead of the receipt at 2026-11-21T10:00:30+08:00: forecasts are taken for 10 days ahead")
	f(`{"time":"2026-11-20T00:00:00+08:00","period":"1d","values":{"aqi_forecast":60}}`, "indicator,station=wx-1,period=1d aqi_forecast=60,aqi_forecast_flag=0i 1795104000000000000\n")
	f(`{"time":"2026-11-22T00:00:00+08:00","values":{"aqi_forecast":210}}`, "",
		"aqi_forecast: a forecast is of a whole day: send it with the period 1d and the start of the day as its time")
	f(`{"period":"1d","values":{"aqi_forecast":210}}`, "", "aqi_forecast: a forecast without a time: send the start of the day that it is of")
	f(`{"time":"2026-11-22T00:00:00+08:00","period":"1d","values":{"aqi_forecast":501}}`, "", "aqi_forecast: 501 lies outside the plausible range 0 to 500")
	f(`{"time":"2026-11-22T00:00:00+08:00","period":"1d","values":{"pm25":30,"aqi_forecast":210,"no2":20}}`, tomorrow,
		"time 2026-11-22T00:00:00+08:00 lies 13h59m30s ahead of the receipt at 2026-11-21T10:00:30+08:00: the station's clock or zone is wrong (limits.clock_ahead is 10m0s)")
	f(`{"time":"2026-11-20T00:00:00+08:00","period":"1d","values":{"pm25":30,"aqi_forecast":60}}`,
		"indicator,station=wx-1,period=1d aqi_forecast=60,aqi_forecast_flag=0i 1795104000000000000\nair,station=wx-1,period=1d pm25=30,pm25_flag=0i 1795104000000000000\n")
	f(`{"time":"2026-11-22T00:00:00+08:00","period":"1d","values":{"pm25":30}}`, "",
		"time 2026-11-22T00:00:00+08:00 lies 13h59m30s ahead of the receipt at 2026-11-21T10:00:30+08:00: the station's clock or zone is wrong (limits.clock_ahead is 10m0s)")
}
