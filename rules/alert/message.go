package alert

import (
	"fmt"
	"strings"
	"time"

	"egret/ingest/reading"
	"egret/rules/rule"
	"egret/rules/window"
)

// limitMessage says what was measured and what the limit is, in one line of plain English.
func limitMessage(r *rule.Rule, a *Alert, parameter *reading.Parameter, count, expected int) string {
	beyond, back := "above", "below"
	if r.Above == nil {
		beyond, back = back, beyond
	}
	limit := reading.Fixed(a.Limit)
	relation := beyond + " " + limit.String()
	switch {
	case a.State == StateResolved && r.Clear != nil:
		relation = "back " + back + " " + r.Clear.String()
		limit = *r.Clear
	case a.State == StateResolved:
		relation = "no longer " + relation
	case a.State == StatePending:
		relation += ", not yet for " + window.Name(r.For)
	}
	statistic := a.Statistic
	if r.Statistic == rule.Mean && parameter.Law == reading.Energy {
		statistic = "energy mean"
	}
	unit := ""
	if parameter.Unit != "" && parameter.Unit != "pH" {
		unit = " " + parameter.Unit
	}
	counted := fmt.Sprintf("%d of %d values", count, expected)
	if count > expected { // the station sends more often than it declares
		counted = fmt.Sprintf("%d values", count)
	}
	return fmt.Sprintf("%s: %s of %s is %s%s, %s (%s)",
		subject(a.Parameter, a.Station), statistic, a.Window, reading.Fixed(a.Value).Beside(limit), unit, relation, counted)
}

func silenceMessage(r *rule.Rule, a *Alert, seen bool) string {
	what := "readings"
	if a.Parameter != "" {
		what = a.Parameter + " readings"
	}
	if a.State == StateResolved {
		return fmt.Sprintf("%s: %s again after %s", a.Station, what, readableDuration(a.At.Sub(a.Start)))
	}
	since := "the last was received at"
	if !seen {
		since = "nothing since it became known at"
	}
	return fmt.Sprintf("%s: no %s for %s, more than %s; %s %s",
		a.Station, what, readableDuration(a.At.Sub(a.Start)), window.Name(r.Missing), since, a.Start.Format(time.RFC3339))
}

func subject(parameter, station string) string {
	if parameter == "" {
		return station
	}
	return parameter + " at " + station
}

// readableDuration writes whole seconds, without parts that are nothing: 1h2m.
func readableDuration(d time.Duration) string {
	text := d.Truncate(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
