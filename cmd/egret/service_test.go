package main

import (
	"net/http"
	"testing"
	"time"

	"egret/deploy/simulate"
)

func TestStationsComeOnlyOnceEgretHasSubscribed(t *testing.T) {
	s := open(t, embeddedConfig(t.TempDir()))
	if client, err := s.client("early-bird"); err == nil {
		client.Disconnect(0)
		t.Error("a station is let in before Egret listens: its messages would be acknowledged and dropped")
	}
	if len(s.problems()) == 0 {
		t.Error("the service says it is ready before it has subscribed")
	}
	s.run()
	await(t, "the service is ready", func() bool { return len(s.problems()) == 0 })
	if status, body := request(t, http.MethodGet, s.httpURL()+"/readyz"); status != http.StatusOK {
		t.Errorf("/readyz answers %d %s", status, body)
	}
	s.publish("stations/early-bird/readings", `{"values":{"pm25":12.5}}`)
	s.settle(1)
	if l := s.ledger(); l.Messages.Journaled != 1 || l.Values.Stored != 1 {
		t.Errorf("the ledger is\n%v", l)
	}
}

func TestAFullDiskIsSaidAndNothingIsAcknowledged(t *testing.T) {
	c := embeddedConfig(t.TempDir())
	c.Journal.DiskReserve = 1 << 60
	s := start(t, c)
	s.publish("stations/s1/readings", `{"values":{"pm25":1}}`)
	await(t, "the service says why it takes nothing", func() bool {
		status, body := request(t, http.MethodGet, s.httpURL()+"/readyz")
		if status == http.StatusServiceUnavailable {
			wantText(t, body, "taking: ", "journal.disk_reserve", "make room")
		}
		return status == http.StatusServiceUnavailable
	})
	if l := s.ledger(); l.Messages.Received != 0 {
		t.Errorf("the ledger is\n%v", l)
	}
	s.stop()

	c.Journal.DiskReserve = 16 << 20
	s = start(t, c)
	s.settle(1)
	if l := s.ledger(); l.Values.Stored != 1 {
		t.Errorf("after there is room again the ledger is\n%v", l)
	}
}

func TestCtrlCUnderLoadEndsPromptlyAndLosesNothing(t *testing.T) {
	c := embeddedConfig(t.TempDir())
	s := start(t, c)
	load := &simulate.Load{Messages: 3000, Stations: 20, Values: 8, Interval: time.Second, Start: time.Now().Add(-time.Hour).Truncate(time.Minute)}
	publishAll(t, s.brokerURL(), load) // acknowledged by the broker; Egret is still taking them
	if took := s.stop(); took > promptly {
		t.Errorf("ending took %s", took)
	}
	s = start(t, c)
	await(t, "every message is in the database", func() bool { return len(s.points("air")) == load.Messages })
	checkDatabase(t, s, load)
}

func TestAConfigurationOfTheRulesIsTakenUpAtTheNextStart(t *testing.T) {
	c := embeddedConfig(t.TempDir())
	room := &dutyRoom{}
	s := start(t, c, room)
	s.publish("stations/s1/readings", `{"values":{"pm25":200}}`)
	s.settle(1)
	s.stop()

	c.Rules = loadRules()
	s = start(t, c, room)
	s.publish("stations/s1/readings", `{"values":{"co":60}}`)
	await(t, "the new rule has fired", func() bool { return len(room.told()) > 0 })
	for what := range room.told() {
		wantText(t, what, "co-max/s1/co/", " firing")
	}
}
