package intake

import (
	"fmt"

	"egret/ingest/payload"
	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
)

// mostReported bounds the names of stations that are remembered as reported, mostOfStation those of one station: a
// sender that makes up names must not silence the others. What comes beyond is only counted.
const (
	mostReported  = 200_000
	mostOfStation = 1000
)

// first says whether a name of a station is met for the first time, and is to be reported.
func (c *Checker) first(station *reading.Station, name []byte) bool {
	key := xxhash.Sum64String(station.ID + "\x00" + string(name)) // names may be long
	if c.reported[key] || len(c.reported) >= mostReported || c.said[station.ID] >= mostOfStation {
		return false
	}
	c.reported[key] = true
	c.said[station.ID]++
	return true
}

// parameter returns the parameter with the key, or the one that a key with a statistic's ending stands for; nil where
// there is none.
func (c *Checker) parameter(key []byte) *reading.Parameter {
	if p, ok := c.parameters[string(key)]; ok {
		return p
	}
	if p, ok := c.statistics[string(key)]; ok {
		return p
	}
	if p := c.parameters.Statistic(string(key)); p != nil {
		c.statistics[p.Key] = p
		return p
	}
	return nil
}

// unknownName says of a value that its parameter is not known. What the tables of a format do not know a station sends
// with each message, so that is said once a station, and then only counted: nil.
func (c *Checker) unknownName(v *payload.Value, station *reading.Station) error {
	if len(v.Name) == 0 {
		return fmt.Errorf("parameter %q is not known: declare it under `parameters` with a unit and a range", reading.Shorten(string(v.Parameter)))
	}
	if !c.first(station, v.Name) {
		c.counts.unknown++
		return nil
	}
	const once = "said once a station, then counted in egret_ingest_values_unknown_total"
	if len(v.Parameter) == 0 {
		return fmt.Errorf("%q is not known: say in the station's profile which parameter it is, under `codes` or `names` (%s)", reading.Shorten(string(v.Name)), once)
	}
	return fmt.Errorf("%q means the parameter %q, which is not known: say under `names` or `codes` of the station's profile which one it is, such as temp, or declare it under `parameters` with a unit and a range (%s)", reading.Shorten(string(v.Name)), reading.Shorten(string(v.Parameter)), once)
}
