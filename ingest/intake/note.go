package intake

import (
	"egret/ingest/payload"
	"egret/ingest/reading"
)

// note appends the line of what a message says beside readings.
func (c *Checker) note(m *Message, sender *reading.Station, n *payload.Note) {
	station, err := c.speaker(sender, n.Station)
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
