package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
)

// heartbeat is received at an instant; it holds no readings.
func (w *world) heartbeat(id string, at int64) {
	w.t.Helper()
	w.tick(at)
	w.step(w.entry(reading.Readings, at, id, nil))
}

// silences are a rule for any sign of life and two that wait for readings of a kind.
func silences() []rule.Rule {
	period := reading.Hour
	return []rule.Rule{
		{ID: "any", Missing: 10 * time.Minute, Severity: rule.Info},
		{ID: "hourly", Period: &period, Missing: 10 * time.Minute, Severity: rule.Info},
		{ID: "pm25", Parameter: "pm25", Missing: 10 * time.Minute, Severity: rule.Info},
	}
}

func status(t *testing.T, w *world, id string) StationStatus {
	t.Helper()
	for _, s := range w.engine.Stations() {
		if s.Station.ID == id {
			return s
		}
	}
	t.Fatalf("station %s is not known", id)
	return StationStatus{}
}

func TestAHeartbeatIsASignOfLifeButNoReading(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}}, silences()...)
	w.station("wx-1").pm25(1) // 10:00
	w.heartbeat("wx-1", ten+8*minute)
	w.tick(ten + 11*minute)
	w.want("firing hourly/wx-1 10:00 10:11", "firing pm25/wx-1/pm25 10:00 10:11")
	w.tick(ten + 18*minute)
	w.want()
	w.tick(ten + 19*minute)
	w.want("firing any/wx-1 10:08 10:19")
	w.heartbeat("wx-1", ten+25*minute)
	w.want("resolved any/wx-1 10:08 10:25")
	w.tick(ten + 35*minute)
	w.want()
	w.station("wx-1").at(ten + 35*minute).pm25(1)
	w.want("resolved pm25/wx-1/pm25 10:00 10:35")
	w.tick(ten + 46*minute)
	w.want("firing any/wx-1 10:35 10:46", "firing pm25/wx-1/pm25 10:35 10:46")
}

func TestAHeartbeatIsKeptOverARestart(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}, {ID: "never"}}, silences()[0])
	w.station("wx-1").pm25(1)
	w.heartbeat("wx-1", ten+8*minute)
	w.heartbeat("never", ten+9*minute)
	before := w.engine.Stations()
	w.reopen()
	if after := w.engine.Stations(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("after a restart the stations are\n%+v, before\n%+v", after, before)
	}
	w.tick(ten + 18*minute)
	w.want()
	w.tick(ten + 20*minute)
	w.want("firing any/wx-1 10:08 10:19", "firing any/never 10:09 10:20")
	w.reopen()
	w.heartbeat("never", ten+21*minute)
	w.reopen()
	w.want("resolved any/never 10:09 10:21")
	w.tick(ten + 31*minute)
	w.want()
	w.tick(ten + 32*minute)
	w.want("firing any/never 10:21 10:32")
}

func TestAHeartbeatMovesTheReceiptOfAStation(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}})
	w.heartbeat("wx-1", ten+8*minute)
	if s := status(t, w, "wx-1"); s.Received != ten+8*minute || s.FirstSeen != 0 || s.Messages != 0 || s.Newest != 0 {
		t.Errorf("after a heartbeat alone: %+v", s)
	}
	w.station("wx-1").at(ten+10*minute).pm25(1, 2)
	w.heartbeat("wx-1", ten+12*minute)
	if s := status(t, w, "wx-1"); s.Received != ten+12*minute || s.FirstSeen != ten+10*minute || s.Messages != 2 || s.Newest != ten+11*minute {
		t.Errorf("after readings and a heartbeat: %+v", s)
	}
	w.reopen()
	latest, err := w.engine.Latest("wx-1")
	if err != nil || len(latest) != 1 || latest[0].Received != ten+11*minute {
		t.Errorf("the newest reading is %+v, %v", latest, err)
	}
	if got := w.engine.Counts(); got.Messages != 4 || got.Values != 2 || got.Unreadable != 0 {
		t.Errorf("counts %+v", got)
	}
}

func TestAHeartbeatMakesNoStation(t *testing.T) {
	w := newWorld(t, nil, silences()[0])
	w.heartbeat("nobody", ten)
	w.heartbeat("", ten)
	if all := w.engine.Stations(); len(all) != 0 {
		t.Errorf("stations %+v", all)
	}
	w.station("passer-by").pm25(1) // heard of, though in no register
	w.heartbeat("passer-by", ten+5*minute)
	w.tick(ten + 15*minute)
	w.want()
	w.tick(ten + 16*minute)
	w.want("firing any/passer-by 10:05 10:16")
}

func TestWhatABrokerKeptIsNoSignOfLife(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}}, silences()[0])
	w.station("wx-1").pm25(1)
	for _, transport := range []reading.Transport{reading.Retained, reading.Retried | reading.Redelivered} {
		w.tick(w.clock + 5*minute)
		entry := w.entry(reading.Readings, w.clock, "wx-1", nil)
		entry.Transport = transport
		w.step(entry)
	}
	w.tick(ten + 11*minute)
	w.want("firing any/wx-1 10:00 10:11")
	entry := w.entry(reading.Readings, ten+12*minute, "wx-1", nil)
	entry.Transport = reading.Redelivered // its first delivery may never have got here
	w.step(entry)
	w.want("resolved any/wx-1 10:00 10:12")
}

// A clock that was ahead and is set right must not let a station be silent until it is that late.
func TestSilenceIsMissedAgainAfterAClockThatWasAhead(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "wx-1"}, {ID: "wx-2"}, {ID: "wx-3"}}, silences()[0])
	w.station("wx-1").pm25(1)
	w.station("wx-2").pm25(1)
	ahead := ten + 400*24*60*minute
	w.step(w.entry(reading.Readings, ahead, "wx-1", nil)) // heard of while the clock was ahead
	w.step(w.entry(reading.Readings, ahead, "wx-2", line("wx-2", reading.Momentary, ahead, reading.Value{Parameter: "pm25", Number: 1})))
	w.tick(ten + minute) // set right
	w.tick(ten + 11*minute)
	w.want()
	w.tick(ten + 12*minute)
	w.want("firing any/wx-1 10:01 10:12", "firing any/wx-2 10:01 10:12", "firing any/wx-3 10:00 10:12")
	if s := status(t, w, "wx-1"); s.Received != ten+minute {
		t.Errorf("received %s", time.Unix(0, s.Received).UTC())
	}
}

// What the version before wrote of a station has no heartbeat in it, and neither has what this one writes before there
// is one.
func TestAStationOfTheVersionBeforeIsRead(t *testing.T) {
	w := newWorld(t, nil)
	w.station("wx-1").pm25(1, 2)
	s := w.engine.stations["wx-1"]
	moving := s.appendMoving(nil)
	if moving[0] != 2 {
		t.Errorf("a station without a heartbeat is stored as version %d, want 2", moving[0])
	}
	w.heartbeat("wx-1", ten+2*minute)
	if moving = s.appendMoving(nil); moving[0] != 3 {
		t.Errorf("a station with a heartbeat is stored as version %d, want 3", moving[0])
	}
	for cut := range moving {
		again := w.engine.newStation("wx-1")
		if _, err := again.parse(s.append(nil)); err != nil {
			t.Fatal(err)
		}
		if _, err := again.parseMoving(moving[:cut], s.feed != nil); err == nil {
			t.Errorf("a state cut to %d of %d bytes is read", cut, len(moving))
		}
	}
}

// However the journal is cut into steps, and wherever Egret starts anew between them, the same is told.
func TestHeartbeatsReplayTheSame(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 4))
		stations := []reading.Station{{ID: "a"}, {ID: "b"}, {ID: "c"}}
		once := newWorld(t, stations, silences()...)
		var journal []reading.Entry
		for at := ten; at < ten+600*minute; at += minute {
			id := string(rune('a' + random.IntN(4))) // d is nobody until it sends readings
			entry := once.entry(reading.Tick, at, "", nil)
			switch random.IntN(12) {
			case 0, 1:
				entry.Kind, entry.Station = reading.Readings, id
			case 2:
				entry.Kind, entry.Station = reading.Readings, id
				entry.Lines = line(id, reading.Momentary, at, reading.Value{Parameter: "pm25", Number: 1})
			case 3:
				entry.Kind, entry.Station, entry.Transport = reading.Readings, id, reading.Retained
			}
			journal = append(journal, entry)
		}
		once.step(journal...)
		often := newWorld(t, stations, silences()...)
		for rest := journal; len(rest) > 0; {
			size := min(len(rest), 1+random.IntN(30))
			often.step(rest[:size]...)
			rest = rest[size:]
			if random.IntN(3) == 0 {
				often.reopen()
			}
		}
		want, got := once.box.left["mqtt"], often.box.left["mqtt"]
		if !slices.Equal(got, want) || len(want) < 20 {
			t.Fatalf("seed %d: told\n%s\nwant\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got, want := fmt.Sprint(often.engine.Stations()), fmt.Sprint(once.engine.Stations()); got != want {
			t.Fatalf("seed %d: stations\n%s\nwant\n%s", seed, got, want)
		}
	}
}

// The broker is away while loggers go on over TCP: with their messages the clock runs, but nobody knows whether the
// stations that publish to the broker are silent.
func TestNobodyIsMissedWhileAnotherWayInIsClosed(t *testing.T) {
	w := newWorld(t, []reading.Station{{ID: "mqtt-1"}, {ID: "tcp-1"}}, silences()[0])
	w.station("mqtt-1").pm25(1) // 10:00
	for m := int64(1); m <= 30; m++ {
		entry := w.entry(reading.Readings, ten+m*minute, "tcp-1", nil)
		entry.Transport = reading.Deaf
		w.step(entry)
		if m == 15 {
			w.reopen()
		}
	}
	w.want()
	for m := int64(31); m <= 40; m++ { // the broker is back, and mqtt-1 sends nothing
		w.heartbeat("tcp-1", ten+m*minute)
	}
	w.want()
	w.heartbeat("tcp-1", ten+41*minute)
	w.want("firing any/mqtt-1 10:00 10:41")
}
