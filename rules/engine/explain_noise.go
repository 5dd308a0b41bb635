package engine

import (
	"cmp"

	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/noise"
	"egret/rules/standard"
)

// explainNoise answers for the levels of a noise point: by day, in the night that belongs to the day, and of both.
func (e *Engine) explainNoise(f *feed, q *question) (Figure, error) {
	leq := f.find(noise.Leq)
	period, levels := map[string]string{noise.Ld: "day", noise.Ln: "night", noise.Ldn: "day", noise.Lmax: "night"}[q.parameter], leq
	if q.parameter == noise.Lmax {
		levels = f.find(noise.Lmax)
	}
	if leq == nil || levels == nil || period != q.period || f.step > 1 {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	day := e.zone.DayOf(q.at)
	first, after := e.hourOf(e.noiseStart(day)), e.hourOf(e.noiseEnd(day))
	switch {
	case day > e.lastNoiseDay(f):
		return Figure{}, q.none("the night of %s is not over yet, or nothing has been heard of the point since", day)
	case after <= leq.since:
		return Figure{}, q.none("nothing was measured before %s", e.zone.Show(e.startOf(leq.since)))
	}
	kept := f.hoursKept(first)
	if q.parameter == noise.Lmax && !kept {
		return Figure{}, q.none("hours are kept for two years")
	}
	a, err := e.judgeNoise(f, day)
	if err != nil {
		return Figure{}, err
	}
	one := q.begin(e, f)
	one.Unit = leq.parameter.Unit
	one.Start, one.End = e.noiseStart(day), e.noiseEnd(day)
	e.fillLevel(&one, &a, e.nightStart(day))
	if !kept {
		if err := e.fromPage(f, &one, day); err != nil {
			return Figure{}, err
		}
	}
	if !one.Valid {
		one.Reason = e.levelReason(&one)
	}
	one.Judgement = e.zoneJudgement(f, &one, day)
	if q.why {
		one.Why, err = e.noiseWhy(f, levels, first, after, q.parameter)
	}
	return one, err
}

// fillLevel takes one of the levels of a day.
func (e *Engine) fillLevel(one *Figure, a *noise.Assessment, night int64) {
	days, nights := len(e.derived.dayLevels), len(e.derived.nightLevels)
	level := a.Ldn
	one.Count, one.Expected = a.DayHours+a.NightHours, days+nights
	switch one.Parameter {
	case noise.Ld:
		level, one.Count, one.Expected = a.Ld, a.DayHours, days
	case noise.Ln:
		level, one.Count, one.Expected, one.Start = a.Ln, a.NightHours, nights, night
	case noise.Lmax:
		level, one.Count, one.Expected, one.Start = a.Lmax, a.NightHours, nights, night
	}
	if one.Valid = level.Valid; one.Count > 0 && (level.Valid || one.Parameter == noise.Ld || one.Parameter == noise.Ln) {
		one.Value = mean.Whole(level.Value) // one that is not valid is of the hours there were
	}
}

// levelReason says why a level is not valid.
func (e *Engine) levelReason(one *Figure) string {
	s := &e.config.Practice.Noise
	switch one.Parameter {
	case noise.Ldn:
		return "it needs a valid day and a valid night"
	case noise.Lmax:
		return "nothing was measured in the night"
	case noise.Ld:
		return lacking(one.Count, one.Expected, "hours", cmp.Or(s.DayHours, noise.DefaultDayHours), noiseNeed)
	default:
		return lacking(one.Count, one.Expected, "hours", cmp.Or(s.NightHours, noise.DefaultNightHours), noiseNeed)
	}
}

// noiseNeed is where it stands how many hours a level needs: in no source that was found.
var noiseNeed = standard.Source{Standard: "Egret", Clause: "three quarters of the hours", Certainty: standard.Assumed}

// zoneJudgement holds a level against the limit of the point's functional zone.
func (e *Engine) zoneJudgement(f *feed, one *Figure, day calendar.Day) *Judgement {
	limits, ok := noise.ZoneLimits(f.station.register.Zone, day)
	if !ok || one.Parameter == noise.Ldn {
		return nil
	}
	l := limit{value: limits.Day, places: noise.Places, source: limits.Source}
	switch one.Parameter {
	case noise.Ln:
		l.value = limits.Night
	case noise.Lmax:
		l.value, l.source = limits.NightMax, limits.MaxSource
	}
	return judgementOf(&l, one.Value, one.Valid)
}

// noiseWhy lists the hours of the day, of the night or of both.
func (e *Engine) noiseWhy(f *feed, r *row, first, after int64, parameter string) (*Why, error) {
	w := &Why{Of: "hours"}
	for number := first; number < after; number++ {
		isDay := e.config.Practice.Noise.IsDay(e.zone.Clock(e.startOf(number)))
		if (parameter == noise.Ld && !isDay) || ((parameter == noise.Ln || parameter == noise.Lmax) && isDay) {
			continue
		}
		hours, err := e.hours(f, r, number, number+1)
		if err != nil {
			return nil, err
		}
		w.addHour(e.startOf(number), hours[0])
	}
	w.noteKept(f.hoursKept(first))
	return w, nil
}
