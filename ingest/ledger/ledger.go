// Package ledger says where everything is that was ever received, and whether it adds up.
package ledger

import (
	"fmt"
	"strings"

	"egret/ingest/influx"
	"egret/ingest/journal"
	"egret/ingest/quarantine"
	"egret/ingest/reading"
)

// Rules is how far the rules have read the journal, and what they found.
type Rules struct {
	Position   reading.Position `json:"-"`
	Values     uint64           `json:"values"`     // readings the rules have seen
	Waiting    uint64           `json:"waiting"`    // values still to be read
	Duplicates uint64           `json:"duplicates"` // readings that were there already, with the same value
	Corrected  uint64           `json:"corrected"`  // readings that replaced an earlier value
	Late       uint64           `json:"late"`       // readings that came after a newer one of their station
	Beyond     uint64           `json:"beyond"`     // readings older than what the rules keep
}

// Messages counts messages since the journal began.
type Messages struct {
	Received  uint64 `json:"received"`
	Journaled uint64 `json:"journaled"` // of which at least one value was stored, or which held none
	Refused   uint64 `json:"refused"`   // in quarantine as a whole
}

// Values counts values since the journal began.
type Values struct {
	Journaled uint64 `json:"journaled"`
	Stored    uint64 `json:"stored"`  // in InfluxDB
	Waiting   uint64 `json:"waiting"` // for InfluxDB
	Refused   uint64 `json:"refused"` // by InfluxDB, for good
	Rejected  uint64 `json:"rejected"`
}

// Ledger is the account of one data directory.
type Ledger struct {
	Messages     Messages          `json:"messages"`
	Values       Values            `json:"values"`
	Rules        Rules             `json:"rules"`
	Quarantine   quarantine.Counts `json:"quarantine"`
	JournalBytes int64             `json:"journal_bytes"`
	AddsUp       bool              `json:"adds_up"`
	Differences  []string          `json:"differences"`
}

// Balance draws up the ledger. The journal, the writer and the rules have each counted by themselves, so a sum that does
// not hold is a fault.
func Balance(state journal.State, written influx.Written, kept quarantine.Counts, rules Rules) Ledger {
	rules.Waiting = state.Values - rules.Position.Values
	l := Ledger{
		Messages: Messages{Received: state.Messages, Refused: state.Refused, Journaled: state.Messages - state.Refused},
		Values: Values{Journaled: state.Values, Stored: written.Values, Refused: written.RefusedValues,
			Waiting: state.Values - written.Position.Values, Rejected: state.Rejected},
		Rules: rules, Quarantine: kept, JournalBytes: state.Bytes, Differences: []string{},
	}
	l.expect("values journaled", l.Values.Journaled, "stored + waiting + refused by InfluxDB", l.Values.Stored+l.Values.Waiting+l.Values.Refused)
	l.expect("values journaled", l.Values.Journaled, "seen by the rules + waiting for them", rules.Values+rules.Waiting)
	l.expect("quarantine entries added", kept.Added, "kept + retried + dropped + evicted", kept.Kept+kept.Retried+kept.Dropped+kept.Evicted)
	l.AddsUp = len(l.Differences) == 0
	return l
}

func (l *Ledger) expect(what string, total uint64, of string, sum uint64) {
	if total != sum {
		l.Differences = append(l.Differences, fmt.Sprintf("%s: %d, but %s: %d (difference %d)", what, total, of, sum, int64(total-sum)))
	}
}

// String writes the ledger for people, one sum a line.
func (l Ledger) String() string {
	verdict := "It adds up."
	if !l.AddsUp {
		verdict = "It does NOT add up:\n  " + strings.Join(l.Differences, "\n  ")
	}
	return fmt.Sprintf(`messages    received %d = journaled %d + quarantined as a whole %d
values      journaled %d = in InfluxDB %d + waiting for it %d + refused by it %d
rules       values journaled %d = seen %d + waiting %d; of the seen %d came twice, %d corrected an earlier one, %d were late, %d older than is kept
quarantine  entries added %d = kept %d + retried %d + dropped %d + evicted over quota %d; single values rejected %d
%s`,
		l.Messages.Received, l.Messages.Journaled, l.Messages.Refused,
		l.Values.Journaled, l.Values.Stored, l.Values.Waiting, l.Values.Refused,
		l.Values.Journaled, l.Rules.Values, l.Rules.Waiting, l.Rules.Duplicates, l.Rules.Corrected, l.Rules.Late, l.Rules.Beyond,
		l.Quarantine.Added, l.Quarantine.Kept, l.Quarantine.Retried, l.Quarantine.Dropped, l.Quarantine.Evicted, l.Values.Rejected,
		verdict)
}
