package engine

import (
	"slices"
	"strings"

	"egret/ingest/reading"
	"egret/rules/figure"
	"egret/rules/mean"
	"egret/rules/rule"
	"egret/rules/sheet"
	"egret/rules/standard"
	"egret/rules/water"
)

// explainClass answers for the class of a water section: of one sample, or of the means of a longer period.
func (e *Engine) explainClass(f *feed, q *question) (Figure, error) {
	isSample := q.period == f.samplePeriod() && f.step < 24
	if !f.domains[reading.Water] || (!isSample && !slices.Contains([]string{"day", "month", "quarter", "year"}, q.period)) {
		return Figure{}, q.none("the station sends nothing that it is made of")
	}
	one := q.begin(e, f)
	take := e.takeMeansOf
	if isSample {
		take = e.takeSampleOf
	}
	if err := take(f, q, &one); err != nil {
		return Figure{}, err
	}
	kind, target := f.station.section()
	section := new(water.Section)
	water.Judge(section, &e.config.Practice.Water, kind, target, e.derived.sampled)
	if len(section.ByParameter) == 0 {
		return Figure{}, q.none("nothing that has a class is measured")
	}
	one.Class = &figure.Class{Station: f.station.name, Period: q.period, Start: one.Start, Type: kind, Section: section}
	one.Expected, one.Valid = countOf(section), section.Class != water.Unknown
	one.Count = one.Expected - len(section.Missing)
	if one.Valid {
		one.Value = mean.Whole(reading.Fixed(section.Class) * reading.FixedOne)
	} else {
		one.Reason = classReason(section)
	}
	if l, ok := e.limitOf(&rule.Rule{Parameter: rule.ClassFigure}, f, one.Start, one.End); ok {
		one.Judgement = judgementOf(&l, one.Value, one.Valid)
		one.Judgement.Verdict = section.Verdict // one item beyond the target decides, whatever is missing
		if section.Verdict == standard.Exceeds {
			one.Judgement.Compared = reading.Fixed(max(section.Class, section.AtLeast)) * reading.FixedOne
		}
		one.Judgement.Rounding = e.config.Practice.Water.Comparison.String()
	}
	if q.why {
		one.Why = e.classWhy(kind, section, one.Start)
	}
	return one, nil
}

// takeSampleOf collects the values of the sample that was taken last by the hour of a question.
func (e *Engine) takeSampleOf(f *feed, q *question, one *Figure) error {
	number, err := e.askedHour(f, f.earliest(reading.Water), q, 1)
	if err != nil {
		return err
	}
	earliest := number - int64(f.step) // a sample stands for the hours after it, too
	for ; ; number-- {
		if number == earliest {
			return q.none("no sample was taken then")
		}
		measured, err := e.measured(f, number)
		if err != nil {
			return err
		}
		if measured {
			break
		}
	}
	one.Start, one.End = e.startOf(number), e.startOf(number+int64(f.step))
	return e.takeSample(f, number)
}

// takeMeansOf collects the means of the period of a question.
func (e *Engine) takeMeansOf(f *feed, q *question, one *Figure) error {
	day := e.zone.DayOf(q.at)
	span := spanOf(q.period, day)
	last := min(span.Last, e.lastDay(f))
	first := f.earliest(reading.Water)
	switch {
	case span.First > last:
		return q.none("no day of it is over yet")
	case e.zone.End(last) <= e.startOf(first.since):
		return q.none("nothing was measured before %s", e.zone.Show(e.startOf(first.since)))
	}
	number, _ := sheet.YearOf(span.First)
	if err := e.loadYear(f, &e.derived.year, number); err != nil {
		return err
	}
	one.Start, one.End = e.zone.Start(span.First), e.zone.End(last)
	e.takeMeans(f, &e.derived.year, q.period, span)
	return nil
}

// countOf returns how many indicators the class of a section needs.
func countOf(s *water.Section) int {
	count := len(s.ByParameter)
	for _, key := range s.Missing {
		if !slices.ContainsFunc(s.ByParameter, func(c water.ParameterClass) bool { return c.Parameter == key }) {
			count++
		}
	}
	return count
}

// classReason says why a section has no class.
func classReason(s *water.Section) string {
	reason := "a value below its detection limit may be of several classes"
	if len(s.Missing) > 0 {
		reason = "no valid value of " + strings.Join(s.Missing, ", ")
	}
	if s.AtLeast != water.Unknown {
		reason += "; what is there proves that it is not better than class " + s.AtLeast.String()
	}
	return reason
}

// classWhy lists the values by which a section was classed, and the items without one.
func (e *Engine) classWhy(kind water.Type, s *water.Section, start int64) *Why {
	w := &Why{Of: "figures"}
	for _, m := range e.derived.sampled {
		if water.ItemOf(kind, m.Parameter) == nil {
			continue
		}
		if p := (Part{Parameter: m.Parameter, Start: start}); m.Valid {
			p.Value, p.Valid = mean.Whole(m.Value), true
			w.Values = append(w.Values, p)
		} else {
			w.Missing = append(w.Missing, p)
		}
	}
	for _, key := range s.Missing {
		if !slices.ContainsFunc(w.Missing, func(p Part) bool { return p.Parameter == key }) {
			w.Missing = append(w.Missing, Part{Parameter: key, Start: start})
		}
	}
	return w
}
