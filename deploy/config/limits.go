package config

import (
	"time"

	"egret/rules/rule"
)

// Journal says how much the journal may keep. When it is full, or the disk nearly so, no message is acknowledged.
type Journal struct {
	MaxBytes    int64
	DiskReserve int64         // free bytes of the disk below which nothing is acknowledged
	Tick        time.Duration // how often the time is written down when nothing arrives
}

// Limits says which messages and readings are taken; others go to quarantine.
type Limits struct {
	Payload              int64         // bytes of one message
	ClockAhead           time.Duration // how far a reading's time may lie after its receipt
	Horizon              time.Duration // how far before
	QuarantinePerStation int           // messages
	QuarantinePayload    int64         // bytes kept of one message
}

// mostPayload is the largest message that Egret's broker lets through.
const mostPayload = 16 << 20

func readJournal(s *section, j *Journal) {
	take(s, "max_bytes", &j.MaxBytes, sizeWithin(leastStore, mostStore))
	take(s, "disk_reserve", &j.DiskReserve, sizeWithin(leastStore, mostStore))
	take(s, "tick", &j.Tick, durationWithin(time.Second, time.Minute))
	s.close()
}

func readLimits(s *section, l *Limits) {
	take(s, "payload", &l.Payload, sizeWithin(1<<10, mostPayload))
	take(s, "clock_ahead", &l.ClockAhead, durationWithin(time.Second, 24*time.Hour))
	take(s, "horizon", &l.Horizon, durationWithin(rule.LongestWindow, 366*24*time.Hour)) // a window must fit in it
	take(s, "quarantine_per_station", &l.QuarantinePerStation, intWithin(1, 1_000_000))
	take(s, "quarantine_payload", &l.QuarantinePayload, sizeWithin(1<<10, mostPayload))
	s.close()
}
