package intake

import (
	"fmt"

	"egret/ingest/payload"
	"egret/ingest/reading"

	"github.com/cespare/xxhash/v2"
)

// note appends the line of what a message says beside readings.
func (c *Checker) note(m *Message, sender *reading.Station, n *payload.Note) {
	station, err := c.speaker(sender, n.Station)
	if err == nil && !c.mayNote(station, n) {
		err = fmt.Errorf("station %s speaks of more than %d different things beside readings: %q is one too many", station.ID, mostSubjects, reading.Shorten(string(n.Subject)))
	}
	if err == nil {
		var instant int64
		if instant, err = c.instant(m, station, n.Time, n.HasTime, reading.Momentary); err == nil {
			note := reading.Note{
				Station: station.ID, Kind: n.Kind, Subject: string(n.Subject), Field: n.Field,
				Number: n.Number, Text: string(n.Text), HasText: n.Text != nil, Time: instant,
			}
			c.notes = note.AppendLine(c.notes)
			return
		}
	}
	c.refuse(n.Kind + ": " + err.Error())
}

// mostSubjects bounds what one station makes notes of: each is a series of its own in the database.
const mostSubjects = 200

// mayNote says whether a note is of something that the station has spoken of before, or of one of its first subjects.
func (c *Checker) mayNote(station *reading.Station, n *payload.Note) bool {
	of := c.subjects[station.ID]
	if of == nil {
		of = make(map[uint64]bool)
		c.subjects[station.ID] = of
	}
	key := xxhash.Sum64String(n.Kind + "\x00" + string(n.Subject))
	if !of[key] && len(of) < mostSubjects {
		of[key] = true
	}
	return of[key]
}

// Notes returns the record of what the last message said beside readings; ok is false where it said nothing.
func (c *Checker) Notes(m *Message, record reading.Record) (notes reading.Record, ok bool) {
	if len(c.notes) == 0 {
		return notes, false
	}
	return reading.Record{
		Kind: reading.Register, Transport: m.Transport, Received: m.Received, Source: m.Source, Station: record.Station,
		Lines: append([]byte(nil), c.notes...),
	}, true
}
