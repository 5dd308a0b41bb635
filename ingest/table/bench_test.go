package table

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// yearOfHours is a year of 12 stations with six values an hour: 630,720 values.
func yearOfHours(long bool) string {
	var text strings.Builder
	keys := []string{"pm25", "pm10", "so2", "no2", "co", "o3"}
	if long {
		text.WriteString("time,station,parameter,value,period\n")
	} else {
		text.WriteString("time,station,period,pm25,pm10,so2,no2,co,o3\n")
	}
	hour := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 365 * 24 {
		stamp := hour.Format("2006-01-02 15:04")
		for station := range 12 {
			if !long {
				fmt.Fprintf(&text, "%s,wx-%d,1h,35.2,61,8,31.5,0.62,71\n", stamp, station)
				continue
			}
			for _, key := range keys {
				fmt.Fprintf(&text, "%s,wx-%d,%s,35.2,1h\n", stamp, station, key)
			}
		}
		hour = hour.Add(time.Hour)
	}
	return text.String()
}

func benchmark(b *testing.B, long bool) {
	text := yearOfHours(long)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		table := testTable(b)
		if err := table.Read("year.csv", strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
		values := 0
		for m := range table.Messages() {
			values += len(m.Statement.Values)
		}
		if values != 365*24*12*6 {
			b.Fatalf("%d values", values)
		}
	}
}

func BenchmarkYearOfTwelveStationsWide(b *testing.B) { benchmark(b, false) }

func BenchmarkYearOfTwelveStationsLong(b *testing.B) { benchmark(b, true) }
