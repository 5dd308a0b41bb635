package engine

import (
	"slices"
	"strconv"

	"egret/ingest/reading"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/noise"
	"egret/rules/rule"
)

// newestFigures asks for the newest figures of a feed: those of the last hour and the last day that are over. Not all
// of them exist.
func (e *Engine) newestFigures(f *feed) []question {
	var all []question
	hourOver := e.startOf(f.closed - 1)
	day := e.zone.Start(e.lastDay(f))
	for _, r := range f.rows {
		if f.step == 1 {
			all = append(all, question{parameter: r.parameter.Key, period: "1h", at: hourOver})
		}
		for _, s := range r.course.Sliding {
			all = append(all, question{parameter: r.parameter.Key, period: slidingName(s.Hours), at: e.startOf(f.closed - int64(s.Hours))})
		}
		key := f.dayKey(r)
		if key == "" {
			continue
		}
		all = append(all, question{parameter: key, period: "day", at: day})
		if r.course.Month == (average.Days{}) {
			continue
		}
		for _, period := range [...]string{"month", "quarter", "year", "ytd"} {
			all = append(all, question{parameter: key, period: period, at: day})
		}
		for i := range average.Longer {
			all = append(all, question{parameter: key, period: average.Longer[i].Period, at: day})
		}
	}
	if f.domains[reading.Air] {
		all = append(all, question{parameter: rule.IndexFigure, period: "1h", at: hourOver}, question{parameter: rule.IndexFigure, period: "day", at: day})
	}
	if f.domains[reading.Water] {
		sample := min(f.last, f.closed-1)
		all = append(all, question{parameter: rule.ClassFigure, period: f.samplePeriod(), at: e.startOf(sample)})
		for _, period := range [...]string{"day", "month", "quarter", "year"} {
			all = append(all, question{parameter: rule.ClassFigure, period: period, at: day})
		}
	}
	if f.domains[reading.Noise] {
		start := e.zone.Start(e.lastNoiseDay(f))
		all = append(all,
			question{parameter: noise.Ld, period: "day", at: start}, question{parameter: noise.Ln, period: "night", at: start},
			question{parameter: noise.Lmax, period: "night", at: start}, question{parameter: noise.Ldn, period: "day", at: start})
	}
	return all
}

// samplePeriod returns the name of what one reading of the feed stands for.
func (f *feed) samplePeriod() string { return strconv.Itoa(f.step) + "h" }

// dayKey returns the parameter that a row's figure of a day is, empty where it has none.
func (f *feed) dayKey(r *row) string {
	switch {
	case f.step >= 24:
		return r.parameter.Key
	case r.course.Day == average.NoDay, r.course.Day == average.DayMaximum && f.step > 1:
		return ""
	case r.course.DayKey != "":
		return r.course.DayKey
	default:
		return r.parameter.Key
	}
}

// dayRow returns the row whose figure of a day is the parameter, nil where there is none.
func (f *feed) dayRow(parameter string) *row {
	at := slices.IndexFunc(f.rows, func(r *row) bool { return f.dayKey(r) == parameter })
	if at < 0 {
		return nil
	}
	return f.rows[at]
}

// lastNoiseDay returns the last day of which the night is over, too.
func (e *Engine) lastNoiseDay(f *feed) calendar.Day {
	day := e.zone.DayOf(e.startOf(f.closed) - 1)
	for e.noiseEnd(day) > e.startOf(f.closed) {
		day--
	}
	return day
}

// hoursKept says whether the hours from one on are still in the store.
func (f *feed) hoursKept(first int64) bool { return first >= f.closed-keptHours }
