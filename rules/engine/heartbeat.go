package engine

import "egret/ingest/reading"

// takeHeartbeat takes a message without readings: a heartbeat or a start-up is a sign of life of a station that is known
// already. What a broker kept, or what was taken again from quarantine, says nothing of the station now.
func (e *Engine) takeHeartbeat(entry *reading.Entry) error {
	s := e.stations[entry.Station]
	if s == nil || entry.Transport&(reading.Retained|reading.Retried) != 0 {
		return nil
	}
	s.heartbeat, s.received = e.clock, e.clock
	e.change(s)
	for _, w := range s.watches {
		if !w.firing || !w.coversHeartbeats() {
			continue
		}
		if err := e.resolveSilence(w); err != nil {
			return err
		}
	}
	return nil
}
