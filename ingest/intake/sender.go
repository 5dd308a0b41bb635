package intake

import (
	"bytes"
	"fmt"

	"egret/ingest/reading"
)

// Register is who may send, and under which names.
type Register struct {
	Stations map[string]*reading.Station // by id
	Aliases  map[string]string           // ids by the other names that topics and payloads give stations, such as an HJ 212 MN
}

// Find returns the station that an id or another name stands for, nil where it stands in no register.
func (r *Register) Find(name string) *reading.Station {
	if station, ok := r.Stations[name]; ok {
		return station
	}
	if id, ok := r.Aliases[name]; ok {
		return r.Stations[id]
	}
	return nil
}

// Takes says whether readings of a station with the name are taken.
func (r *Register) Takes(name string, limits Limits) bool {
	return r.Find(name) != nil || (limits.AcceptUnknown && reading.CheckID(name) == nil)
}

// station returns the station with the name. One in no register is taken under that name where the limits allow it.
func (c *Checker) station(name string) (*reading.Station, error) {
	if station := c.register.Find(name); station != nil {
		return station, nil
	}
	if !c.limits.AcceptUnknown {
		if err := reading.CheckID(name); err != nil && len(c.register.Aliases) == 0 {
			return nil, fmt.Errorf("station %w", err)
		}
		return nil, fmt.Errorf("station %q is not in the register: add it under `stations` as id or alias, or set unknown_stations: accept", reading.Shorten(name))
	}
	if err := reading.CheckID(name); err != nil {
		return nil, fmt.Errorf("station %w", err)
	}
	c.unknown = reading.Station{ID: name, Unregistered: true}
	return &c.unknown, nil
}

// speaker returns the station that a part of a message speaks of: the one that the transport names, else the one that
// the payload names. A station may only speak for itself: where both do, the payload may not name another one.
func (c *Checker) speaker(sender *reading.Station, name []byte) (*reading.Station, error) {
	if sender == nil {
		if len(name) == 0 {
			return nil, fmt.Errorf("neither the topic nor the payload says which station it is: put {station} into the topic, or say in the profile where the payload has it")
		}
		return c.station(string(name))
	}
	if len(name) == 0 || string(name) == sender.ID {
		return sender, nil
	}
	if named := c.register.Find(string(name)); named != nil {
		if named.ID != sender.ID {
			return nil, fmt.Errorf("the payload speaks of station %s (as %q), but came as a message of %s: a station may only speak for itself", named.ID, reading.Shorten(string(name)), sender.ID)
		}
		return sender, nil
	}
	// A name that no register has may be another name of the sender; two of them in one message cannot.
	if c.foreign == nil {
		c.foreign = name
	} else if !bytes.Equal(c.foreign, name) {
		return nil, fmt.Errorf("the payload speaks of %q and of %q, but came as a message of station %s alone: use a topic without {station} for it", reading.Shorten(string(c.foreign)), reading.Shorten(string(name)), sender.ID)
	}
	return sender, nil
}
