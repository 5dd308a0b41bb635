package reading

import "time"

// AQIForecast is the parameter of a forecast: the air quality index that is expected of a day in a city. It is sent with
// the period 1d and the start of that day as its time, by a station of the city. What is sent later of the same day
// replaces it.
const AQIForecast = "aqi_forecast"

// ForecastDays is how many days ahead a forecast may lie: warnings are called for a few days ahead, and nobody
// forecasts air for longer than ten (an assumption).
const ForecastDays = 10

// FurthestForecast is how far ahead of its receipt the time of a forecast may lie.
const FurthestForecast = ForecastDays * 24 * time.Hour
