package ledger

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"egret/ingest/influx"
	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

// parts are what the parts of a service have counted, in sums that hold.
type parts struct {
	state   journal.State
	written influx.Written
	kept    quarantine.Counts
	rules   Rules
}

func soundParts() parts {
	return parts{
		state:   journal.State{Bytes: 4096, Totals: journal.Totals{Messages: 1000, Values: 7900, Refused: 12, Rejected: 31}},
		written: influx.Written{Position: reading.Position{Values: 7500}, Values: 7495, RefusedValues: 5},
		kept:    quarantine.Counts{Added: 40, Kept: 20, Retried: 10, Dropped: 7, Evicted: 3},
		rules:   Rules{Position: reading.Position{Values: 7800}, Values: 7800, Duplicates: 80, Corrected: 6, Late: 24, Beyond: 2},
	}
}

func (p parts) balance() Ledger { return Balance(p.state, p.written, p.kept, p.rules) }

func TestALedgerThatAddsUp(t *testing.T) {
	l := soundParts().balance()
	const want = `messages    received 1000 = journaled 988 + quarantined as a whole 12
values      journaled 7900 = in InfluxDB 7495 + waiting for it 400 + refused by it 5
rules       values journaled 7900 = seen 7800 + waiting 100; of the seen 80 came twice, 6 corrected an earlier one, 24 were late, 2 older than is kept
quarantine  entries added 40 = kept 20 + retried 10 + dropped 7 + evicted over quota 3; single values rejected 31
It adds up.`
	if got := l.String(); got != want {
		t.Errorf("the ledger reads\n%s\nwant\n%s", got, want)
	}
	if !l.AddsUp || len(l.Differences) != 0 {
		t.Errorf("adds up %v, differences %v", l.AddsUp, l.Differences)
	}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"received":1000`, `"waiting":400`, `"adds_up":true`, `"differences":[]`, `"journal_bytes":4096`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}

func TestALedgerThatDoesNotAddUpSaysByHowMuch(t *testing.T) {
	f := func(spoil func(*parts), want ...string) {
		t.Helper()
		p := soundParts()
		spoil(&p)
		l := p.balance()
		if l.AddsUp || !slices.Equal(l.Differences, want) {
			t.Errorf("adds up %v, differences\n%s\nwant\n%s", l.AddsUp, strings.Join(l.Differences, "\n"), strings.Join(want, "\n"))
		}
		if text := l.String(); !strings.HasSuffix(text, "\nIt does NOT add up:\n  "+strings.Join(want, "\n  ")) {
			t.Errorf("the ledger reads\n%s", text)
		}
	}
	stored := "values journaled: 7900, but stored + waiting + refused by InfluxDB: 7895 (difference 5)"
	seen := "values journaled: 7900, but seen by the rules + waiting for them: 7901 (difference -1)"
	f(func(p *parts) { p.written.Values -= 5 }, stored)
	f(func(p *parts) { p.rules.Values++ }, seen)
	f(func(p *parts) { p.kept.Evicted = 0 }, "quarantine entries added: 40, but kept + retried + dropped + evicted: 37 (difference 3)")
	f(func(p *parts) { p.written.Values -= 5; p.rules.Values++ }, stored, seen)
}
