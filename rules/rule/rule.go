// Package rule says what a rule is: which readings it watches, over which window, against which limit.
package rule

import (
	"fmt"
	"slices"
	"time"

	"egret/ingest/reading"
)

// Statistic is what a rule takes of the readings in its window.
type Statistic string

// The statistics. A mean follows the parameter's law: noise levels are averaged by energy.
const (
	Mean Statistic = "mean"
	Max  Statistic = "max"
	Min  Statistic = "min"
)

// Severity ranks an alert for those who receive it.
type Severity string

// The severities.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Critical Severity = "critical"
)

// DefaultMinCoverage is the share of expected readings below which a window gives no verdict: three quarters, the
// completeness that air-quality networks commonly ask of an average (an assumption; set min_coverage per rule).
const DefaultMinCoverage = 0.75

// Selector chooses stations. Empty fields choose all; fields that are set must all agree.
type Selector struct {
	IDs       []string
	Cities    []string
	Districts []string
	Zones     []string
	Tags      []string // one of them is enough
}

// Chooses says whether the selector takes the station.
func (s *Selector) Chooses(station *reading.Station) bool {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return in(s.IDs, station.ID) && in(s.Cities, station.City) && in(s.Districts, station.District) && in(s.Zones, station.Zone) &&
		(len(s.Tags) == 0 || slices.ContainsFunc(s.Tags, func(tag string) bool { return slices.Contains(station.Tags, tag) }))
}

// Empty says whether the selector chooses all stations.
func (s *Selector) Empty() bool {
	return len(s.IDs)+len(s.Cities)+len(s.Districts)+len(s.Zones)+len(s.Tags) == 0
}

// Rule is one rule of the configuration. It holds a statistic of a sliding window, or a figure of a calendar period,
// against a limit (exactly one of Above, Below, Standard and Plan is set), or Missing is set and it watches for silence.
type Rule struct {
	ID          string
	Parameter   string // may be empty in a rule for missing readings: any reading of the station counts, and any heartbeat
	Stations    Selector
	Statistic   Statistic
	Window      time.Duration // 1 minute to 24 hours
	Average     string        // instead of a window: the period of the figure, see [Averages]
	Standard    bool          // the limit is that of the standard in force for the station on the day
	Plan        PlanLimit     // the limit is the value of a plan's target for the year
	Period      *reading.Period
	Above       *reading.Fixed
	Below       *reading.Fixed
	Clear       *reading.Fixed // clear_below or clear_above; nil: the limit itself
	For         time.Duration
	MinCoverage float64
	Severity    Severity
	Missing     time.Duration
}

// PlanLimit names a target of a plan; both are empty in a rule that has a limit of its own.
type PlanLimit struct{ Plan, Target string }

// The shortest and longest window: below a minute a single reading decides, above a day the calendar averages do.
const (
	ShortestWindow = time.Minute
	LongestWindow  = 24 * time.Hour
)

// Check returns what is wrong with the rule, parameters being those that may be watched. Each error names the field.
// Whether there is the target that Plan names is not known here.
func (r *Rule) Check(parameters reading.Parameters) error {
	if err := reading.CheckID(r.ID); err != nil {
		return fmt.Errorf("id: %w", err)
	}
	if !slices.Contains([]Severity{Info, Warning, Critical}, r.Severity) {
		return fmt.Errorf("severity: %q is not known: use info, warning or critical", r.Severity)
	}
	var parameter *reading.Parameter
	if (r.Parameter != "" || r.Missing == 0) && !(r.Average != "" && IsFigure(r.Parameter)) {
		var err error
		if parameter, err = parameters.Find(r.Parameter); err != nil {
			if IsFigure(r.Parameter) {
				return fmt.Errorf("parameter: %s is made of whole hours and days; write average, such as %s, instead of window", r.Parameter, figures[r.Parameter][0])
			}
			return fmt.Errorf("parameter: %w", err)
		}
	}
	if r.Missing != 0 {
		return r.checkMissing()
	}
	if r.Average != "" {
		return r.checkAverage(parameter, parameters)
	}
	return r.checkLimit(parameter)
}

func (r *Rule) checkMissing() error {
	if r.Missing < time.Minute {
		return fmt.Errorf("missing: %s is shorter than a minute", r.Missing)
	}
	if r.Above != nil || r.Below != nil || r.Clear != nil || r.Standard || r.Plan != (PlanLimit{}) || r.Window != 0 || r.Average != "" || r.Statistic != "" || r.For != 0 {
		return fmt.Errorf("missing: a rule for missing readings has no statistic, window, average, limit or for")
	}
	return nil
}

func (r *Rule) checkLimit(parameter *reading.Parameter) error {
	switch {
	case r.Standard:
		return fmt.Errorf("limit: standards limit averages of whole hours and days; write average instead of window, or above or below")
	case r.Plan != (PlanLimit{}):
		return fmt.Errorf("limit: plans limit averages of days and longer; write average instead of window, or above or below")
	case (r.Above == nil) == (r.Below == nil):
		return fmt.Errorf("above, below: set exactly one of them (or missing)")
	case r.Window < ShortestWindow || r.Window > LongestWindow:
		return fmt.Errorf("window: %s is outside 1m to 24h", r.Window)
	case !slices.Contains([]Statistic{Mean, Max, Min}, r.Statistic):
		return fmt.Errorf("statistic: %q is not known: use mean, max or min", r.Statistic)
	case r.Statistic == Mean && !parameter.Law.HasMean():
		return fmt.Errorf("statistic: %s has no mean over time; use max or min", parameter.Key)
	case r.MinCoverage < 0 || r.MinCoverage > 1:
		return fmt.Errorf("min_coverage: %g is outside 0 to 1", r.MinCoverage)
	}
	return r.checkClear()
}

// checkClear checks how long a limit must be passed and where an alert ends.
func (r *Rule) checkClear() error {
	switch {
	case r.For < 0:
		return fmt.Errorf("for: %s is negative", r.For)
	case r.Above != nil && r.Clear != nil && *r.Clear > *r.Above:
		return fmt.Errorf("clear_below: %s lies above the limit %s", *r.Clear, *r.Above)
	case r.Below != nil && r.Clear != nil && *r.Clear < *r.Below:
		return fmt.Errorf("clear_above: %s lies below the limit %s", *r.Clear, *r.Below)
	}
	return nil
}
