package plan

import (
	"egret/ingest/reading"
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/standard"
	"egret/rules/water"
)

// tally is what a metric that counts things (sections, waters) has come to after a day.
type tally struct {
	value                      mean.Ratio // share in %, number or class
	counted, expected, failing int        // things with a verdict, all things, those that count against the target
	valid                      bool
	parts                      []Part
}

// tallies reckons a target that counts sections or waters as they are after a day. Before the span is over it is never
// impossible or safe: any of them may change its class.
type tallies struct {
	target *Target
	count  func(span calendar.Span, day calendar.Day) tally
	past   calendar.Span
	end    tally // of last year
}

func newTallies(t *Target, members *Members, averages Averages, span calendar.Span) *tallies {
	of := t.sectionTally
	if t.Metric == OdourShare || t.Metric == OdourCount {
		of = t.odourTally
	}
	r := &tallies{target: t, past: lastYears(span)}
	r.count = func(span calendar.Span, day calendar.Day) tally { return of(members, averages, span, day) }
	r.end = r.count(r.past, r.past.Last)
	return r
}

// reckon implements reckoner.
func (r *tallies) reckon(s *Standing, held *promise) {
	now, past := r.count(s.Span, s.Day), r.end
	if day := yearBefore(s.Day); day < r.past.Last {
		past = r.count(r.past, day)
	}
	s.Value, s.LastYear, s.Parts = now.value, past.value, now.parts
	s.Counted, s.Expected, s.Valid = now.counted, now.expected, now.valid
	if s.Value.Known() {
		s.Compared = held.compared(s.Value)
	}
	if s.Valid {
		r.project(past, &now).fill(s)
	}
	switch {
	case !s.Due:
		s.State = Followed
		return
	case !s.Valid:
		return
	}
	s.Verdict = standard.Of(held.keptBy(s.Value))
	if s.over() {
		s.State = endState(s.Verdict)
		return
	}
	s.State = Open
	if s.foreseen() && !held.keptBy(s.Projection) {
		s.State = AtRisk
	}
	s.Allowance, s.AllowanceKnown = r.allowance(&now, held)
}

// allowance returns how many more may fail, negative how many must recover.
func (r *tallies) allowance(now *tally, held *promise) (reading.Fixed, bool) {
	if r.target.Metric == Section {
		return whole(-now.failing), true
	}
	top := whole(now.counted)
	if r.target.share() {
		top = whole(100)
	}
	side := held.side(0, top)
	if side == 0 || (side > 0) != (r.target.Metric == Sections) {
		return 0, false // more of them that fail would never be too many
	}
	n, ok := largestNumber(-now.failing, now.counted-now.failing, func(more int) bool {
		return held.keptBy(r.target.tallied(now.failing+more, now.counted))
	})
	return whole(n), ok
}

// share says whether the figure is a share in per cent.
func (t *Target) share() bool {
	switch t.Metric {
	case GoodDays, NoiseDay, NoiseNight, Sections, OdourShare, Sites, Reporting:
		return true
	default:
		return false
	}
}

// tallied returns the figure of so many failing of those counted.
func (t *Target) tallied(failing, counted int) mean.Ratio {
	switch t.Metric {
	case Sections:
		return water.Percent(counted-failing, counted)
	case OdourShare:
		return water.Percent(failing, counted)
	default:
		return mean.Whole(whole(failing))
	}
}

// project returns the figure as it stands, and that figure changed as last year's did from the same day to the end.
func (r *tallies) project(past tally, now *tally) projection {
	p := projection{ways: []mean.Ratio{now.value}}
	if !past.valid || !r.end.valid {
		return p
	}
	least, most := reading.Fixed(0), whole(now.counted)
	switch {
	case r.target.share():
		most = whole(100)
	case r.target.Metric == Section:
		least, most = whole(int(water.ClassI)), whole(int(water.Inferior))
	}
	shifted := now.value.Fixed() + r.end.value.Fixed() - past.value.Fixed()
	p.ways, p.byLastYear = append(p.ways, mean.Whole(min(max(shifted, least), most))), true
	return p
}
