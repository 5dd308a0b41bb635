package plan

import (
	"egret/rules/calendar"
	"egret/rules/mean"
	"egret/rules/sheet"
	"egret/rules/standard"
)

// reports are the values that departments have reported for an indicator.
type reports struct {
	now, past   *frame
	value, last []mean.Ratio // by day of the span and of last year's: the latest value reported by then
}

func newReports(t *Target, members *Members, averages Averages, span calendar.Span, last calendar.Day) *reports {
	r := &reports{now: frameOf(span), past: frameOf(lastYears(span))}
	r.value = t.reported(members, averages, r.now, last)
	r.last = t.reported(members, averages, r.past, r.past.Last)
	return r
}

// reported returns for each day the value reported last, of several on a day that of the last station.
func (t *Target) reported(members *Members, averages Averages, f *frame, through calendar.Day) []mean.Ratio {
	values := make([]mean.Ratio, f.index(through)+1)
	for _, station := range members.Stations {
		f.eachCell(averages, station.ID, t.Parameter, through, func(i int, c sheet.Cell) {
			if !c.Empty() && c.Valid {
				values[i] = c.Value()
			}
		})
	}
	for i := 1; i < len(values); i++ {
		if !values[i].Known() {
			values[i] = values[i-1]
		}
	}
	return values
}

// reckon implements reckoner. Until its span is over an indicator may be reported again, so that nothing is decided and
// nothing can be said of what it will come to.
func (r *reports) reckon(s *Standing, held *promise) {
	s.Value = r.value[r.now.index(s.Day)]
	s.LastYear = r.last[r.past.index(yearBefore(s.Day))]
	s.Expected = 1
	if s.Value.Known() {
		s.Counted, s.Valid, s.Compared = 1, true, held.compared(s.Value)
	}
	switch {
	case !s.Due:
		s.State = Followed
		return
	case !s.Valid:
		return
	}
	s.Verdict = standard.Of(held.keptBy(s.Value))
	s.State = Open
	if s.over() {
		s.State = endState(s.Verdict)
	}
}
