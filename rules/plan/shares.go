package plan

import (
	"egret/ingest/reading"
	"egret/rules/air"
	"egret/rules/average"
	"egret/rules/calendar"
	"egret/rules/mean"
)

// shares is the series of a share, or number, of days or of the days of several stations.
type shares struct {
	target    *Target
	need      completeness
	now, past *verdicts
	starts    []int // by station: from which day on its days are expected; nil: from the first
}

func newShares(t *Target, members *Members, averages Averages, span calendar.Span, last calendar.Day) *shares {
	s := &shares{target: t, need: threeQuarters}
	now, past := frameOf(span), frameOf(lastYears(span))
	sources := t.judged(members, span.Last)
	s.now, s.past = t.readVerdicts(averages, sources, now, last), t.readVerdicts(averages, sources, past, past.Last)
	switch t.Metric {
	case GoodDays, LevelDays:
		s.need = indexCompleteness()
	case Reporting: // what was not sent is what is counted
		s.need = completeness{share: average.Share{Part: 0, Whole: 1}, least: 1}
	}
	if t.Metric != Sites && t.Metric != Reporting {
		s.dropSilent()
	}
	s.past.known()
	if t.Metric == Reporting && s.past.rest.good == 0 { // a year in which nothing was sent is one before there was anything to send
		s.past = t.readVerdicts(averages, nil, past, past.Last)
		s.now.beginWithFirst()
	}
	return s
}

// dropSilent leaves out the stations that have had nothing to judge in both years: they do not measure it. One that had
// nothing last year is expected as soon as it has something.
func (s *shares) dropSilent() {
	s.starts = make([]int, 0, len(s.now.sources))
	kept := 0
	for i := range s.now.sources {
		start := s.now.first(i)
		if s.past.first(i) >= 0 {
			start = 0
		}
		if start >= 0 {
			s.starts = append(s.starts, start)
			for _, v := range [...]*verdicts{s.now, s.past} {
				v.sources[kept], v.found[kept] = v.sources[i], v.found[i]
			}
			kept++
		}
	}
	for _, v := range [...]*verdicts{s.now, s.past} {
		v.sources, v.found = v.sources[:kept], v.found[:kept]
	}
}

// through implements series.
func (s *shares) through(day calendar.Day) {
	s.now.through(s.now.index(day))
	s.past.through(s.past.index(yearBefore(day)))
	if s.starts == nil {
		return
	}
	s.now.expected = 0
	for _, start := range s.starts {
		if start < s.now.next {
			s.now.expected++
		}
	}
	s.past.expected = s.now.expected
}

// figure returns the share, or number, of so many good among those counted.
func (s *shares) figure(good, counted int) mean.Ratio {
	switch {
	case counted == 0:
		return mean.Ratio{}
	case s.target.share():
		return air.Rate(good, counted)
	default:
		return mean.Whole(whole(good))
	}
}

// stand implements series.
func (s *shares) stand(into *Standing) {
	now := &s.now.upTo
	into.Value = s.figure(now.good, now.counted)
	into.Counted, into.Expected, into.Remaining = now.counted, s.now.soFar(), s.now.remaining()
	need := s.need.times(s.now.expected)
	if into.over() {
		into.Valid = need.atEnd(s.now.frame, now.counted, into.Expected, &s.now.inMonth)
	} else {
		into.Valid = now.counted > 0 && need.soFar(now.counted, into.Expected)
	}
	into.LastYear = s.figure(s.past.upTo.good, s.past.upTo.counted)
	into.Parts = s.parts()
}

// bounds implements series.
func (s *shares) bounds(missing, remaining bool) (lowest, highest mean.Ratio) {
	now, more := &s.now.upTo, 0
	if missing {
		more += s.now.soFar() - now.counted
	}
	if remaining {
		more += s.now.remaining()
	}
	return s.figure(now.good, now.counted+more), s.figure(now.good+more, now.counted+more)
}

// allowance implements series: how many of those that remain may yet fail if all of them are valid.
func (s *shares) allowance(held *promise) (reading.Fixed, bool) {
	now, left := &s.now.upTo, s.now.remaining()
	top := reading.Fixed(100 * reading.FixedOne)
	if !s.target.share() {
		top = whole(now.counted + left)
	}
	side := held.side(0, top)
	if side == 0 {
		return 0, false
	}
	least := -now.good
	if side > 0 {
		least = now.good - now.counted
	}
	n, ok := largestNumber(least, left, func(n int) bool {
		if side > 0 {
			return held.keptBy(s.figure(now.good+left-n, now.counted+left))
		}
		return held.keptBy(s.figure(now.good+n, now.counted+left))
	})
	return whole(n), ok
}

// project implements series. The third way carries last year's share over to this one by the difference of the two years
// so far.
func (s *shares) project() projection {
	now, left := &s.now.upTo, s.now.remaining()
	ended := s.figure(now.good, now.counted)
	if !s.target.share() {
		ended = mean.Ratio{Sum: mean.SumOf(int64(whole(now.good))).Times(uint64(now.counted + left)), Count: uint64(now.counted)}
	}
	p := projection{ways: []mean.Ratio{ended}}
	past, rest, share := &s.past.upTo, &s.past.rest, s.need.share
	if left == 0 || !share.Of(past.counted, s.past.soFar()) || !share.Of(rest.counted, s.past.remaining()) {
		return p
	}
	p.byLastYear = true
	then := rest.part()
	differing := min(max(then+now.part()-past.part(), 0), reading.FixedOne)
	for _, part := range [...]reading.Fixed{then, differing} {
		good := whole(now.good) + reading.Fixed(left)*part
		way := mean.Whole(good)
		if s.target.share() {
			way = mean.Ratio{Sum: mean.SumOf(100 * int64(good)), Count: uint64(now.counted + left)}
		}
		p.ways = append(p.ways, way)
	}
	return p
}
