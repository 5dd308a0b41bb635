// Package alert says when a rule's condition becomes an alert, when it ends, and what is told of it.
package alert

import (
	"encoding/json"
	"fmt"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
	"egret/rules/window"
)

// The states of an alert as they are told. Pending is shown but never sent.
const (
	StatePending   = "pending"
	StateFiring    = "firing"
	StateResolved  = "resolved"
	StateWithdrawn = "withdrawn" // its rule is gone, or no longer watches the station
	StateCorrected = "corrected" // late or corrected readings changed what was said of a period that is past
)

// Missing stands as the statistic of an alert for missing readings.
const Missing = "missing"

// Number is a Fixed that is a decimal number in JSON.
type Number reading.Fixed

// MarshalJSON writes the exact decimal.
func (n Number) MarshalJSON() ([]byte, error) { return reading.Fixed(n).Append(nil), nil }

// UnmarshalJSON reads a decimal number; one out of range is an error.
func (n *Number) UnmarshalJSON(text []byte) error {
	f, err := reading.ParseFixed(text)
	*n = Number(f)
	return err
}

// Alert is an alert as it leaves Egret, is stored and is shown. Its JSON is an outside interface.
type Alert struct {
	ID        string        `json:"id"` // rule/station/parameter/start; see [ID]
	Rule      string        `json:"rule"`
	Station   string        `json:"station"`
	Parameter string        `json:"parameter"` // empty where any reading of the station counts
	Severity  rule.Severity `json:"severity"`
	State     string        `json:"state"`
	Turn      int           `json:"turn"`      // counts what was told of this id, from 1: a correction may end and begin it again
	At        time.Time     `json:"at"`        // event time of the last transition, UTC; journal clock for missing readings
	Start     time.Time     `json:"start"`     // when the condition began, UTC
	Value     Number        `json:"value"`     // in the parameter's unit; for missing readings seconds of silence
	Limit     Number        `json:"limit"`     // in the parameter's unit; for missing readings seconds allowed
	Window    string        `json:"window"`    // such as 1h; empty for missing readings
	Statistic string        `json:"statistic"` // mean, max, min or missing
	Coverage  float64       `json:"coverage"`  // share of the expected readings, 0 to 1
	Message   string        `json:"message"`
}

// ID returns the identity of an alert: readable, and the same whenever and wherever the journal is read. A rule
// without a parameter leaves that part out.
func ID(ruleID, station, parameter string, start int64) string {
	if parameter != "" {
		station += "/" + parameter
	}
	return ruleID + "/" + station + "/" + utc(start).Format(time.RFC3339Nano)
}

func utc(instant int64) time.Time { return time.Unix(0, instant).UTC() }

// OfLimit describes the alert of a rule with a limit in the given state; since is when its condition began.
func OfLimit(r *rule.Rule, station string, parameter *reading.Parameter, w *window.Window, expected int, state string, at, since int64) Alert {
	limit := r.Above
	if limit == nil {
		limit = r.Below
	}
	a := Alert{
		ID: ID(r.ID, station, r.Parameter, since), Rule: r.ID, Station: station, Parameter: r.Parameter,
		Severity: r.Severity, State: state, At: utc(at), Start: utc(since),
		Value: Number(Value(r, w)), Limit: Number(*limit), Window: window.Name(r.Window), Statistic: string(r.Statistic),
		Coverage: window.Coverage(w.Total().Count, expected),
	}
	a.Message = limitMessage(r, &a, parameter, w.Total().Count, expected)
	return a
}

// OfSilence describes the alert of a rule for missing readings. Since is the last receipt; seen is false where the
// station never sent and since is when it was first known.
func OfSilence(r *rule.Rule, station string, seen bool, state string, at, since int64) Alert {
	a := Alert{
		ID: ID(r.ID, station, r.Parameter, since), Rule: r.ID, Station: station, Parameter: r.Parameter,
		Severity: r.Severity, State: state, At: utc(at), Start: utc(since),
		Value: seconds(at - since), Limit: seconds(int64(r.Missing)), Statistic: Missing,
	}
	a.Message = silenceMessage(r, &a, seen)
	return a
}

// seconds returns a length in nanoseconds as a number of seconds: a Fixed counts in 1e-9.
func seconds(nanoseconds int64) Number { return Number(nanoseconds) }

// Withdraw returns the alert as it is told when nothing watches it any more.
func (a Alert) Withdraw(at int64) Alert {
	a.State, a.At = StateWithdrawn, utc(at)
	a.Message = subject(a.Parameter, a.Station) + ": withdrawn, rule " + a.Rule + " no longer watches it"
	return a
}

// stored is an alert in the store, with the version of its format.
type stored struct {
	Version int `json:"version"`
	Alert
}

const storedVersion = 1

// Store returns the text in which an alert is kept.
func (a Alert) Store() ([]byte, error) { return json.Marshal(stored{storedVersion, a}) }

// ParseStored reads what Store wrote.
func ParseStored(text []byte) (Alert, error) {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return Alert{}, fmt.Errorf("read stored alert: %w", err)
	}
	if s.Version != storedVersion {
		return Alert{}, fmt.Errorf("read stored alert: version %d is not known, only %d: it was written by another release of Egret", s.Version, storedVersion)
	}
	return s.Alert, nil
}

// Lifecycle returns the state that an open alert stands for.
func (a *Alert) Lifecycle() State {
	switch a.State {
	case StatePending:
		return State{Pending, a.Start.UnixNano()}
	case StateFiring:
		return State{Firing, a.Start.UnixNano()}
	default:
		return State{}
	}
}
