package engine

import (
	"fmt"
	"testing"
	"time"

	"egret/ingest/reading"
)

// Until 2022 the national network let the 8-hour mean begin anew at midnight; the letter takes the latest 8 hours.
func TestOzoneMeanMayBeginAnewAtMidnight(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	f := func(restart bool, clock int, want string) {
		t.Helper()
		w := newWorld(t, []reading.Station{{ID: "a", Domain: reading.Air, Period: reading.Hour, PeriodDeclared: true}})
		sink := &last{zone, map[string]string{}, 0}
		w.config.Zone, w.config.Sink, w.config.Practice.OzoneRestart = zone, sink, restart
		w.reopen()
		start := time.Date(2020, 4, 1, 16, 0, 0, 0, zone)
		w.clock = start.UnixNano()
		s := w.station("a").of(reading.Hour).every(time.Hour).at(start.UnixNano())
		s.send("o3", 100, 100, 100, 100, 100, 100, 100, 100) // 16:00 to 24:00
		s.send("o3", 20, 20, 20, 20, 20, 20, 20, 20, 20)
		window := time.Date(2020, 4, 2, clock-8, 0, 0, 0, zone)
		got := sink.figures[fmt.Sprintf("a o3 8h %s", window.Format(time.RFC3339))]
		if want = fmt.Sprintf(`{"type":"average","station":"a","parameter":"o3","period":"8h","start":"%s",%s}`, window.Format(time.RFC3339), want); got != want {
			t.Errorf("restart %t, %02d:00\n got %s\nwant %s", restart, clock, got, want)
		}
	}
	f(false, 2, `"value":80,"count":8,"expected":8,"coverage":1,"valid":true`)
	f(true, 2, `"value":20,"count":2,"expected":8,"coverage":0.25,"valid":false`)
	f(true, 6, `"value":20,"count":6,"expected":8,"coverage":0.75,"valid":true`)
	f(true, 8, `"value":20,"count":8,"expected":8,"coverage":1,"valid":true`)
	f(false, 6, `"value":40,"count":8,"expected":8,"coverage":1,"valid":true`)
}
