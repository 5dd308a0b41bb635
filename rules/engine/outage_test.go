package engine

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"egret/ingest/reading"
)

// The same journal, cut into other steps and with Egret started anew at any point, tells the same alerts in the same
// order and writes the same lines: with late values and corrections, and a station that is silent for days and comes
// back with a backlog.
func TestStepsAndRestartsChangeNothingOfWhatIsTold(t *testing.T) {
	for i, place := range []string{"Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin"} {
		t.Run(fmt.Sprintf("%s seed=%d", place, seed), func(t *testing.T) {
			zone, err := time.LoadLocation(place)
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(uint64(i), seed))
			from := time.Date(2026, 3, 26, 0, 0, 0, 0, zone)
			all := disturb(random, measure(random, zone, from, from.AddDate(0, 0, 4)))
			back := from.AddDate(0, 0, 3).Add(5 * time.Hour).UnixNano()
			for i := range all { // its link is down for 44 hours
				if s := &all[i]; s.station == "air-2" && s.at > back-44*hour {
					s.received = max(s.received, back)
				}
			}
			var journal []reading.Entry
			w := &world{}
			clock := from.UnixNano()
			for len(all) > 0 {
				least := 0
				for i := range all {
					if all[i].received < all[least].received {
						least = i
					}
				}
				s := all[least]
				all = append(all[:least], all[least+1:]...)
				for ; clock+30*minute < s.received; clock += 30 * minute {
					journal = append(journal, w.entry(reading.Tick, clock+30*minute, "", nil))
				}
				clock = s.received
				sample := reading.Sample{Domain: s.domain, Station: s.station, Period: s.period, Time: s.at, Values: []reading.Value{s.value}}
				journal = append(journal, w.entry(reading.Readings, s.received, s.station, sample.AppendLine(nil)))
			}
			run := func(restarts bool) (alerts []string, lines string) {
				w := newWorld(t, network, networkRules()...)
				w.config.Zone = zone
				w.reopen()
				for rest := journal; len(rest) > 0; {
					size := min(len(rest), 1000)
					if restarts {
						size = min(len(rest), 1+random.IntN(40))
					}
					w.step(rest[:size]...)
					if rest = rest[size:]; restarts && random.IntN(3) == 0 {
						w.reopen()
					}
				}
				return w.box.left["mqtt"], strings.Join(w.box.left["influxdb"], "")
			}
			alerts, lines := run(false)
			again, linesAgain := run(true)
			shown := 0
			for i := range max(len(alerts), len(again)) {
				a, b := "", ""
				if i < len(alerts) {
					a = alerts[i]
				}
				if i < len(again) {
					b = again[i]
				}
				if a != b && shown < 3 {
					shown++
					t.Errorf("alert %d is\n%s\nand with restarts\n%s", i+1, a, b)
				}
			}
			one, other := strings.Split(lines, "\n"), strings.Split(linesAgain, "\n")
			for i := range min(len(one), len(other)) {
				if one[i] != other[i] && shown < 6 {
					shown++
					t.Errorf("line %d is\n%s\nand with restarts\n%s", i+1, one[i], other[i])
				}
			}
			if len(one) != len(other) {
				t.Errorf("%d lines and with restarts %d", len(one), len(other))
			}
			if len(alerts) < 20 {
				t.Errorf("only %d alerts", len(alerts))
			}
		})
	}
}

// All links are down for two days and the stations come back with all they measured, in order or not: the figures end
// as if nothing had been late.
func TestAnOutageOfAllLinksChangesNoFigure(t *testing.T) {
	for i, place := range []string{"Asia/Shanghai", "Asia/Kolkata", "America/New_York"} {
		t.Run(fmt.Sprintf("%s seed=%d", place, seed), func(t *testing.T) {
			zone, err := time.LoadLocation(place)
			if err != nil {
				t.Fatal(err)
			}
			random := rand.New(rand.NewPCG(uint64(i), seed))
			from := time.Date(2026, 10, 30, 0, 0, 0, 0, zone) // the clock of New York is put back on November 1
			all := measure(random, zone, from, from.AddDate(0, 0, 4))
			down := from.Add(29 * time.Hour).UnixNano()
			run := func(outage, shuffled bool) map[string]string {
				w := newWorld(t, network, networkRules()...)
				sink := &last{zone, map[string]string{}, 0}
				w.config.Zone, w.config.Sink, w.config.Horizon = zone, sink, 100*time.Hour
				w.reopen()
				order := slices.Clone(all)
				for i := range order {
					if s := &order[i]; outage && s.received > down {
						s.received = max(s.received, down+48*hour)
					}
				}
				if shuffled {
					random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
				}
				slices.SortStableFunc(order, func(a, b sent) int { return cmp.Compare(a.received, b.received) })
				clock := from.UnixNano()
				for _, s := range order {
					for ; clock+20*minute < s.received; clock += 20 * minute {
						w.step(w.entry(reading.Tick, clock+20*minute, "", nil))
					}
					clock = s.received
					sample := reading.Sample{Domain: s.domain, Station: s.station, Period: s.period, Time: s.at, Values: []reading.Value{s.value}}
					w.step(w.entry(reading.Readings, clock, s.station, sample.AppendLine(nil)))
					if random.IntN(500) == 0 {
						w.reopen()
					}
				}
				w.clock = clock
				w.tick(clock + 50*hour)
				return sink.figures
			}
			want := run(false, false)
			sameFigures(t, run(true, false), want)
			sameFigures(t, run(true, true), want)
		})
	}
}
