package intake

import (
	"fmt"

	"egret/ingest/payload"
	"egret/ingest/reading"
)

// mostReported bounds the names of stations that are remembered as reported; beyond it they are only counted.
const mostReported = 100_000

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
	if key := station.ID + " " + string(v.Name); len(c.reported) >= mostReported || c.reported[key] {
		c.counts.unknown++
		return nil
	} else {
		c.reported[key] = true
	}
	const once = "this is said once a station, then counted in egret_ingest_values_unknown_total"
	if len(v.Parameter) == 0 {
		return fmt.Errorf("%q is not known: say in the station's profile which parameter it is, under `codes` or `names` (%s)", reading.Shorten(string(v.Name)), once)
	}
	return fmt.Errorf("%q is the parameter %q, which is not known: declare it under `parameters` with a unit and a range (%s)", reading.Shorten(string(v.Name)), reading.Shorten(string(v.Parameter)), once)
}
