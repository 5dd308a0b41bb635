// Package config reads egret.yaml and checks it as a whole: it returns a configuration that the parts of Egret can
// take as it is, or every mistake of the file with its line and what to do about it.
package config

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"egret/ingest/reading"
	"egret/rules/figure"
	"egret/rules/plan"
	"egret/rules/rule"
)

// Config is a checked configuration. Sizes are bytes.
type Config struct {
	File string         // the file it was read from, "" for the defaults
	Data string         // directory of all that Egret keeps, from the working directory
	Zone *time.Location // time zone of the stations

	Broker          Broker
	Subscriptions   []Subscription // at least one
	InfluxDB        InfluxDB
	Journal         Journal
	Limits          Limits
	UnknownStations UnknownStations
	LowValues       LowValues
	Parameters      reading.Parameters // the built-in ones with those of the file
	Stations        []reading.Station
	Connections     map[string]Connection // of stations of the register by their ids, where something is said of it
	Profiles        []Profile             // the built-in ones, then those of the file
	HJ212           HJ212Listener
	Rules           []rule.Rule
	Plans           []plan.Plan
	Practice        figure.Practice // how figures are judged
	Delivery        Delivery
	HTTP            HTTP
	Log             Log
}

// UnknownStations says what becomes of readings from a station that is not in the register.
type UnknownStations string

// Without a register stations are accepted unless the file says otherwise, with one they go to quarantine.
const (
	Accept     UnknownStations = "accept"
	Quarantine UnknownStations = "quarantine"
)

// LowValues says what becomes of numbers around zero; see [reading.LowValue].
type LowValues string

// The default is what the national air network does.
const (
	ReplaceLow LowValues = "replace"
	KeepLow    LowValues = "keep"
)

// HTTP says where the page and the API listen.
type HTTP struct {
	Listen string // host:port on loopback
}

// Log says what is logged to standard error, and how.
type Log struct {
	Level  slog.Level
	Format LogFormat
}

// LogFormat is the form of a line of the log.
type LogFormat string

// The log formats.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Register returns the stations by id; they point into c.Stations. It is empty, not nil, without a register.
func (c *Config) Register() map[string]*reading.Station {
	register := make(map[string]*reading.Station, len(c.Stations))
	for i := range c.Stations {
		register[c.Stations[i].ID] = &c.Stations[i]
	}
	return register
}

// Load reads and checks the file at path. Mistakes in it are an [*Error] that lists them all; a file that cannot be
// read is another error. getenv looks up `${NAME}`, as os.LookupEnv does.
func Load(path string, getenv func(string) (string, bool)) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w; give its path with -c", err)
	}
	return Parse(path, data, getenv)
}

// Parse checks the text of a configuration file. name stands in the mistakes, and the files that the text names are
// looked for from its directory. The error is an [*Error].
func Parse(name string, data []byte, getenv func(string) (string, bool)) (*Config, error) {
	d := newDocument(name, getenv)
	c := Default()
	c.File = name
	if root := d.parse(data); root != nil {
		c.read(root)
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Config) read(root *section) {
	take(root, "data", &c.Data, notEmpty)
	take(root, "zone", &c.Zone, parseZone)
	broker, influxdb, http := root.section("broker"), root.section("influxdb"), root.section("http")
	readBroker(broker, &c.Broker)
	readInfluxDB(influxdb, &c.InfluxDB)
	readHTTP(http, &c.HTTP)
	listeners := []listener{{http, c.HTTP.Listen}}
	if c.Broker.Embedded() {
		listeners = append(listeners, listener{broker, c.Broker.Listen})
	}
	if c.InfluxDB.Embedded() {
		listeners = append(listeners, listener{influxdb, c.InfluxDB.Listen})
	}
	readJournal(root.section("journal"), &c.Journal)
	readLimits(root.section("limits"), &c.Limits)
	readDelivery(root.section("delivery"), &c.Delivery)
	readLog(root.section("log"), &c.Log)

	readParameters(root.section("parameters"), c.Parameters)
	readStandards(root.section("standards"), &c.Practice)
	stations := c.readStations(root)
	c.readPlans(root) // what departments report against plans are parameters, of which profiles may speak
	profiles := c.readProfiles(root)
	c.readConnections(stations)
	hj212 := root.section("hj212")
	readHJ212(hj212, &c.HJ212, c)
	if c.HJ212.Listen != "" {
		listeners = append(listeners, listener{hj212, c.HJ212.Listen})
	}
	checkSameAddress(listeners)
	if c.readSubscriptions(root) && !hj212.faulty["listen"] {
		c.checkUse(stations, profiles)
	}
	c.readRules(root)

	if len(c.Stations) > 0 {
		c.UnknownStations = Quarantine
	}
	take(root, "unknown_stations", &c.UnknownStations, oneOf(Accept, Quarantine))
	take(root, "low_values", &c.LowValues, oneOf(ReplaceLow, KeepLow))
	c.checkReach(hj212)
	root.close()
}

func readHTTP(s *section, h *HTTP) {
	take(s, "listen", &h.Listen, loopback("egret has no log-in of its own yet; listen on 127.0.0.1 and put a reverse proxy that authenticates before it, or use an ssh tunnel"))
	s.close()
}

func readLog(s *section, l *Log) {
	take(s, "level", &l.Level, oneNamed([]named[slog.Level]{
		{"debug", slog.LevelDebug}, {"info", slog.LevelInfo}, {"warn", slog.LevelWarn}, {"error", slog.LevelError},
	}))
	take(s, "format", &l.Format, oneOf(LogText, LogJSON))
	s.close()
}
