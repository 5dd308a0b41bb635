package intake

import (
	"fmt"
	"slices"
	"time"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// forecastsFirst moves the forecasts among the values to the front and returns how many there are.
func forecastsFirst(values []payload.Value) int {
	isForecast := func(v payload.Value) bool { return string(v.Parameter) == reading.AQIForecast }
	if !slices.ContainsFunc(values, isForecast) {
		return 0
	}
	count := 0
	for i := range values {
		if isForecast(values[i]) {
			values[i], values[count] = values[count], values[i]
			count++
		}
	}
	return count
}

// instantOf returns the time of a statement. Forecasts may speak of days to come.
func (c *Checker) instantOf(m *Message, station *reading.Station, s *payload.Statement) (int64, error) {
	if forecastsFirst(s.Values) == 0 {
		return c.instant(m, station, s.Time, s.HasTime, s.Period)
	}
	ahead := time.Duration(s.Time - m.Received)
	switch {
	case s.Period != reading.Day:
		return 0, fmt.Errorf("%s: a forecast is of a whole day: send it with the period 1d and the start of the day as its time", reading.AQIForecast)
	case !s.HasTime:
		return 0, fmt.Errorf("%s: a forecast without a time: send the start of the day that it is of", reading.AQIForecast)
	case ahead > reading.FurthestForecast:
		return 0, fmt.Errorf("%s: time %s lies %s ahead of the receipt at %s: forecasts are taken for %d days ahead",
			reading.AQIForecast, c.show(s.Time), span(ahead), c.show(m.Received), reading.ForecastDays)
	case ahead > 0:
		return s.Time, nil
	}
	return c.instant(m, station, s.Time, true, s.Period)
}
