package noise

import (
	"fmt"
	"strings"

	"egret/ingest/reading"
)

// Hours holds the hourly Leq of a date by the hour that clocks show when it starts.
type Hours [24]Level

// ParseHours reads 24 hourly Leq in dB(A) from 00:00 on, divided by commas. An hour left empty, or a -, is missing.
func ParseHours(text string) (*Hours, error) {
	words := strings.Split(text, ",")
	var hours Hours
	if len(words) != len(hours) {
		return nil, fmt.Errorf("hours: %d values instead of 24: write one for each hour from 00:00, - where it is missing", len(words))
	}
	for clock, word := range words {
		word = strings.TrimSpace(word)
		if word == "" || word == "-" {
			continue
		}
		level, err := reading.ParseFixed([]byte(word))
		if err != nil {
			return nil, fmt.Errorf("hours: %q at %02d:00 is %w", reading.Shorten(word), clock, err)
		}
		hours[clock] = Known(level)
	}
	return &hours, nil
}
