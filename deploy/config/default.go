package config

import (
	_ "embed"
	"log/slog"
	"slices"
	"time"
	_ "time/tzdata" // zones must load on machines that have none, such as an empty container

	"egret/ingest/reading"
	"egret/rules/figure"
	"egret/rules/noise"
)

// Example is a commented configuration with every section.
//
//go:embed example.yaml
var Example string

// The defaults and why they are so.
const (
	DefaultData     = "./egret-data"
	DefaultZone     = "Asia/Shanghai"
	DefaultClientID = "egret" // a fixed id: the broker keeps unacknowledged messages for it
	DefaultBucket   = "egret"
	DefaultTopic    = "stations/{station}/readings"

	DefaultSenMLTopic = "stations/{station}/senml"
	DefaultHJ212Topic = "stations/{station}/hj212"

	DefaultMaxConnections = 1000             // a city's stations several times; each costs some KiB
	DefaultIdle           = 15 * time.Minute // longer than the minute data of most stations are apart, so that they keep theirs; others connect again

	DefaultBrokerListen   = "127.0.0.1:1883"
	DefaultInfluxDBListen = "127.0.0.1:8086"
	DefaultHTTPListen     = "127.0.0.1:8080"

	DefaultBrokerMaxBytes int64 = 10 << 30         // weeks of a city's readings while Egret is away
	DefaultBatchLines           = 5000             // what InfluxDB advises for one write
	DefaultTimeout              = 30 * time.Second // longer than InfluxDB's own 10 s: a write it has given up is not still under way when it comes again

	DefaultJournalMaxBytes int64 = 20 << 30 // days of a large network while InfluxDB is away
	DefaultDiskReserve     int64 = 1 << 30  // the store needs room to compact; with less it stops mid-write
	DefaultTick                  = 5 * time.Second

	DefaultPayload              int64 = 1 << 20
	DefaultClockAhead                 = 10 * time.Minute // loggers drift by minutes, a wrong zone is hours off
	DefaultHorizon                    = 48 * time.Hour   // a weekend's link failure, delivered late
	DefaultQuarantinePerStation       = 20_000           // two weeks of a broken station that sends each minute
	DefaultQuarantinePayload    int64 = 64 << 10
)

// Default returns the configuration of a service that was given no file: everything embedded, on loopback.
func Default() *Config {
	zone, err := time.LoadLocation(DefaultZone)
	if err != nil { // cannot be: the zones are embedded; the offset has held since 1991
		zone = time.FixedZone(DefaultZone, 8*60*60)
	}
	profiles, _ := parseBuiltinProfiles() // a test holds them to be without mistakes
	return &Config{
		Data:   DefaultData,
		Zone:   zone,
		Broker: Broker{ClientID: DefaultClientID, Listen: DefaultBrokerListen, MaxBytes: DefaultBrokerMaxBytes},
		Subscriptions: []Subscription{
			{Topic: DefaultTopic, Format: JSON, QoS: 1, Flags: &reading.HJ212Flags},
			{Topic: DefaultSenMLTopic, Format: SenML, QoS: 1, Flags: &reading.HJ212Flags},
			{Topic: DefaultHJ212Topic, Format: HJ212, QoS: 1, Flags: &reading.HJ212Flags},
		},
		Profiles: slices.Clone(profiles),
		HJ212:    HJ212Listener{MaxConnections: DefaultMaxConnections, Idle: DefaultIdle},
		InfluxDB: InfluxDB{Listen: DefaultInfluxDBListen, Bucket: DefaultBucket, BatchLines: DefaultBatchLines, Timeout: DefaultTimeout},
		Journal:  Journal{MaxBytes: DefaultJournalMaxBytes, DiskReserve: DefaultDiskReserve, Tick: DefaultTick},
		Limits: Limits{
			Payload: DefaultPayload, ClockAhead: DefaultClockAhead, Horizon: DefaultHorizon,
			QuarantinePerStation: DefaultQuarantinePerStation, QuarantinePayload: DefaultQuarantinePayload,
		},
		UnknownStations: Accept,
		Practice: figure.Practice{Noise: noise.Settings{
			DayFrom: noise.DefaultDayFrom, DayUntil: noise.DefaultDayUntil, DayHours: noise.DefaultDayHours, NightHours: noise.DefaultNightHours,
		}},
		LowValues:  ReplaceLow,
		Parameters: reading.BuiltinParameters(),
		Delivery:   Delivery{MQTT: true},
		HTTP:       HTTP{Listen: DefaultHTTPListen},
		Log:        Log{Level: slog.LevelInfo, Format: LogText},
	}
}
