package main

import (
	"fmt"
	"time"

	"egret/ingest/ledger"
	"egret/ingest/reading"
	"egret/rules/engine"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

func newRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// rulesStalled is how long the rules may lag behind the journal before that is a problem of its own.
const rulesStalled = time.Minute

// clockAhead is how far the newest receipt may lie after the present before the clock is suspected.
const clockAhead = time.Minute

// problems lists what stands in the way of taking, storing and alerting.
func (s *service) problems() []string {
	var list []string
	note := func(what string, err error) {
		if err != nil {
			list = append(list, what+": "+err.Error())
		}
	}
	note("taking", s.subscription.Problem())
	if s.loggers != nil {
		note("taking", s.loggers.Problem())
	}
	if room := s.room(); room != nil {
		note("taking", room)
	} else {
		note("taking", s.intake.Blocked())
	}
	if s.broker != nil {
		note("taking", s.broker.Err())
	}
	note("storing", s.writer.Problem())
	note("storing averages", s.derived.Problem())
	if ahead := time.Duration(s.records.journal.State().Head.Received - time.Now().UnixNano()); ahead > clockAhead {
		note("alerting", fmt.Errorf("the journal's clock is %s ahead of this machine's: one of them was wrong; the rules go on when the machine's clock has caught up, or after an hour back", ahead.Round(time.Second)))
	}
	if lag := s.rulesLag(); lag > rulesStalled {
		note("alerting", fmt.Errorf("the rules are %s behind the journal", lag.Round(time.Second)))
	}
	return list
}

// listening says whether messages could come in, on every way, and be taken.
func (s *service) listening() bool {
	return s.subscription.Problem() == nil && (s.loggers == nil || s.loggers.Problem() == nil) && s.intake.Blocked() == nil
}

// rulesLag is how far the rules are behind the newest journal entry.
func (s *service) rulesLag() time.Duration {
	seen, head := s.rules.Position(), s.records.journal.State().Head
	if seen.Sequence >= head.Sequence {
		return 0
	}
	return time.Duration(head.Received - seen.Received)
}

// describeState registers the metrics that are read off the parts when they are asked for.
func (s *service) describeState() {
	gauge := func(name, help string, value func() float64) {
		s.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "egret", Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() uint64) {
		s.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "egret", Name: name, Help: help}, func() float64 { return float64(value()) }))
	}
	gauge("journal_bytes", "Size of the entries that the journal keeps.", func() float64 { return float64(s.records.journal.State().Bytes) })
	counter("journal_messages_total", "Messages ever journaled.", func() uint64 { return s.records.journal.State().Messages })
	counter("journal_values_total", "Values ever journaled.", func() uint64 { return s.records.journal.State().Values })
	gauge("influxdb_waiting_values", "Journaled values that InfluxDB does not hold yet.", func() float64 { return float64(s.ledger().Values.Waiting) })
	gauge("influxdb_waiting_averages", "Entries of averages and alerts that InfluxDB does not hold yet.", func() float64 {
		count, _ := s.outbox.Pending(databaseChannel)
		return float64(count)
	})
	gauge("rules_lag_seconds", "How far the rules are behind the newest journal entry.", func() float64 { return s.rulesLag().Seconds() })
	counter("rules_values_total", "Values seen by the rules.", func() uint64 { return s.ledger().Rules.Values })
	counter("rules_duplicates_total", "Readings that were there already, with the same value.", func() uint64 { return s.ledger().Rules.Duplicates })
	counter("rules_corrected_total", "Readings that replaced an earlier value.", func() uint64 { return s.ledger().Rules.Corrected })
	counter("rules_late_total", "Readings that came after a newer one of their station.", func() uint64 { return s.ledger().Rules.Late })
	counter("rules_beyond_horizon_total", "Readings older than what the rules keep.", func() uint64 { return s.ledger().Rules.Beyond })
	gauge("quarantine_entries", "Entries in quarantine.", func() float64 { return float64(s.records.quarantine.Counts().Kept) })
	gauge("quarantine_bytes", "Size of the payloads in quarantine.", func() float64 { return float64(s.records.quarantine.Counts().Bytes) })
	counter("quarantine_evicted_total", "Entries that went because their station was over its quota.", func() uint64 { return s.records.quarantine.Counts().Evicted })
	gauge("ledger_adds_up", "1 while every sum of the ledger holds.", func() float64 {
		if s.ledger().AddsUp {
			return 1
		}
		return 0
	})
	gauge("ready", "1 while nothing stands in the way of taking, storing and alerting.", func() float64 {
		if len(s.problems()) == 0 {
			return 1
		}
		return 0
	})
	if s.broker != nil {
		counter("broker_refused_total", "Messages that the embedded broker refused.", s.broker.Refused)
	}
}

func rulesLedger(seen reading.Position, counts engine.Counts) ledger.Rules {
	return ledger.Rules{Position: seen, Values: counts.Values, Duplicates: counts.Duplicates, Corrected: counts.Corrected, Late: counts.Late, Beyond: counts.BeyondHorizon}
}
