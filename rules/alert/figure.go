package alert

import (
	"fmt"
	"time"

	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/rule"
	"egret/rules/standard"
)

// Figure is a figure of a calendar period as a rule sees it.
type Figure struct {
	Station         string
	Unit            string // of Value, empty where it has none
	Start, End      int64  // of the period, Unix nanoseconds
	Value           reading.Fixed
	Compared        reading.Fixed // Value as the standard rounds it before it is compared
	Count, Expected int           // of the values in it; both 0 where it is not made of values
	Limit           reading.Fixed
	Below           bool // the limit is the least that is allowed
	Verdict         standard.Verdict
	Source          standard.Source // of the limit; without a standard it is the rule's own
	Beyond          string          // how a figure lies beyond the limit, in words; empty: above it, or below where Below is set
	Note            string          // what else is to be said of the figure
}

// OfFigure describes the alert of a rule on figures in the given state; since is when its condition began.
func OfFigure(r *rule.Rule, f *Figure, zone *calendar.Zone, state string, since int64) Alert {
	a := Alert{
		ID: ID(r.ID, f.Station, r.Parameter, since), Rule: r.ID, Station: f.Station, Parameter: r.Parameter,
		Severity: r.Severity, State: state, At: utc(f.End), Start: utc(since),
		Value: Number(f.Value), Limit: Number(f.Limit), Window: r.Average, Statistic: "average", Coverage: f.coverage(),
	}
	a.Message = figureMessage(r, &a, f, zone)
	return a
}

func (f *Figure) coverage() float64 {
	if f.Expected == 0 {
		return 1
	}
	return min(1, float64(f.Count)/float64(f.Expected))
}

// figureMessage says what the figure is, of which period, and against which limit, in one line of plain English.
func figureMessage(r *rule.Rule, a *Alert, f *Figure, zone *calendar.Zone) string {
	relation := "above"
	if f.Below {
		relation = "below"
	}
	if f.Beyond != "" {
		relation = f.Beyond
	}
	relation += " " + f.Limit.String()
	switch {
	case f.Verdict == standard.Meets && a.State == StateResolved:
		relation = "no longer " + relation
	case f.Verdict == standard.Meets:
		relation = "not " + relation
	}
	unit := ""
	if f.Unit != "" && f.Unit != "pH" {
		unit = " " + f.Unit
	}
	said := ""
	if a.State == StateCorrected {
		said = "corrected: "
	}
	compared := ""
	if f.Compared != f.Value {
		compared = " (" + f.Compared.String() + ")"
	}
	is := "is " + f.Value.Beside(f.Limit) + compared + unit + ","
	if f.Verdict == standard.NotEnough {
		is, relation = "has not enough valid data to be held against", f.Limit.String()
	}
	message := fmt.Sprintf("%s: %s%s of %s %s %s", subject(a.Parameter, a.Station), said, r.Average, periodName(r.Average, f.Start, zone), is, relation)
	if f.Source.Standard != "" {
		message += " (" + f.Source.Standard + " " + f.Source.Clause + ")"
	}
	if f.Expected > 0 {
		message += fmt.Sprintf(", %d of %d values", f.Count, f.Expected)
	}
	if f.Note != "" {
		message += "; " + f.Note
	}
	return message
}

// periodName writes which hour, day, month or year is meant, in the zone.
func periodName(period string, start int64, zone *calendar.Zone) string {
	t := time.Unix(0, start).In(zone.Location())
	switch period {
	case "day", "night", "ytd", "30d", "365d":
		return t.Format("2006-01-02")
	case "month":
		return t.Format("2006-01")
	case "quarter":
		return fmt.Sprintf("%d Q%d", t.Year(), (int(t.Month())+2)/3)
	case "year":
		return t.Format("2006")
	default:
		return t.Format("2006-01-02 15:04")
	}
}
